//! What a card tells besides how far its batch is: pace, costs, the newest results, the progress as a line.

use leptos::prelude::{Get, RwSignal, Set};
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

use crate::app::Shared;
use crate::app::progress_tracker::batches::Tracking;
use crate::domain::lead::LeadId;
use crate::domain::pace::{Left, Pace};
use crate::domain::text::{decimal, shortened};
use crate::domain::time::{Millis, duration_words};
use crate::ui::dom::{Node, dynamic, el};
use crate::ui::live::{Watched, follow, watch};
use crate::ui::parts::ago;
use crate::ui::parts::chart::progress_chart;
use crate::ui::parts::kit::{facts, foreign};
use crate::ui::store::Store;

/// Rate, time left, current lead, cost and the newest results.
pub(super) fn figures(store: Store, tracking: Watched<Option<Shared<Tracking>>>) -> Vec<Node> {
    let figures = watch(move || {
        tracking.with(|tracking| {
            let mut lines = Vec::new();
            let Some(tracking) = tracking else {
                return lines;
            };
            let batch = &tracking.batch;
            lines.extend(pace_lines(tracking.pace(store.now()), store.now()));
            lines.extend(
                batch
                    .current_lead
                    .as_ref()
                    .map(|lead| ("Current lead", lead_name(store, lead))),
            );
            lines.extend(store.peek(|model| model.spending(batch)));
            let starter = store.peek(|model| model.starter(batch));
            lines.extend(starter.map(|starter| ("Started by", starter)));
            lines
        })
    });
    let results = watch(move || {
        tracking.with(|tracking| {
            let recent = tracking
                .as_ref()
                .map(|tracking| tracking.batch.recent.as_slice())
                .unwrap_or_default();
            let line = |result: &crate::domain::batch::LeadResult| {
                let name = lead_name(store, &result.lead);
                let error = result
                    .error
                    .as_ref()
                    .map(|error| format!(" – {}", shortened(error, 160)))
                    .unwrap_or_default();
                format!("{name}: {}{error}", result.status.label())
            };
            recent.iter().map(line).collect::<Vec<_>>()
        })
    });
    let items = move || {
        let item = |line: String| el("li").child(foreign(line));
        results.get().into_iter().map(item).collect::<Vec<_>>()
    };
    let newest = el("details")
        .class("recent")
        .attr("hidden", follow(move || results.with(Vec::is_empty)))
        .child(el("summary").child("Newest results"))
        .child(el("ul").child(dynamic(items)));
    vec![
        dynamic(move || facts("facts", figures.get())),
        newest.into(),
        progress(store, tracking),
    ]
}

/// How fast it goes and how long the rest takes, as far as that can be told.
fn pace_lines(pace: Pace, now: Millis) -> Vec<(&'static str, String)> {
    let mut lines = Vec::new();
    // Less than one lead a second reads better by the minute.
    lines.extend(pace.rate().map(|rate| match rate < 1.0 {
        true => (
            "Rate",
            format!("{} leads per minute", decimal(rate * 60.0, 0)),
        ),
        false => ("Rate", format!("{} leads per second", decimal(rate, 1))),
    }));
    lines.extend(
        match (pace, left_words(pace)) {
            (Pace::Early, _) => Some("not known yet".to_owned()),
            (Pace::Frozen { as_of, .. }, Some(left)) => {
                Some(format!("{left}, as of {}", ago(as_of, now)))
            }
            (_, left) => left,
        }
        .map(|words| ("Time left", words)),
    );
    lines
}

/// `2 min to 3 min`; nothing where that cannot be told.
pub(super) fn left_words(pace: Pace) -> Option<String> {
    let Left { low, high } = pace.left()?;
    let (low, high) = (duration_words(low), duration_words(high));
    Some(match low == high {
        true => format!("about {low}"),
        false => format!("{low} to {high}"),
    })
}

/// The line of its progress, drawn only while somebody looks at it, and once a second.
fn progress(store: Store, tracking: Watched<Option<Shared<Tracking>>>) -> Node {
    let open = RwSignal::new(false);
    let chart = dynamic(move || {
        open.get().then(|| {
            store.now();
            // Not with every message: the clock is enough.
            let series = tracking.get_untracked().map(|tracking| {
                let batch = &tracking.batch;
                let label = format!("Progress of {} over time", batch.title());
                (label, tracking.series(), batch.counts.total)
            });
            series.map(|(label, points, total)| match points.len() {
                0 | 1 => Node::from(el("p").class("muted").child("Nothing to draw yet.")),
                _ => progress_chart(label, &points, total).into(),
            })
        })
    });
    let toggled = move |event: web_sys::Event| {
        let details = event
            .target()
            .and_then(|target| target.dyn_into::<HtmlElement>().ok());
        open.set(details.is_some_and(|details| details.has_attribute("open")));
    };
    el("details")
        .class("recent")
        .testid("progress-over-time")
        .on("toggle", toggled)
        .child(el("summary").child("Progress over time"))
        .child(chart)
        .into()
}

/// The name of a lead that is known here, else the beginning of its identifier.
fn lead_name(store: Store, lead: &LeadId) -> String {
    store.peek(|model| {
        let shown = || model.leads.loaded().find(|known| known.id == *lead);
        let known = model.choice.selection.get(lead).or_else(shown);
        known.map_or_else(
            || format!("Lead {}", shortened(&lead.0, 9)),
            |lead| shortened(lead.name(), 60),
        )
    })
}
