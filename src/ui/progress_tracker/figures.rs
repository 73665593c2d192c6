//! What a card tells besides how far its batch is: pace, costs and the newest results.

use leptos::prelude::*;

use super::Told;
use super::over_time::ProgressOverTime;
use crate::app::progress_tracker::batches::Tracking;
use crate::domain::batch::LeadResult;
use crate::domain::lead::LeadId;
use crate::domain::pace::{Left, Pace};
use crate::domain::text::{decimal, shortened};
use crate::domain::time::{Millis, duration_words};
use crate::ui::kit::{Each, ago, part};
use crate::ui::selected::{Selected, select};
use crate::ui::store::{Store, use_store};

/// Rate, time left, current lead, cost, the newest results, and the progress as a line.
#[component]
pub fn Figures(
    /// The batch.
    told: Told,
) -> AnyView {
    let store = use_store();
    let figures = select(move || {
        told.with(|told| {
            let figures = |tracking| figures(store, tracking);
            told.as_deref().map(figures).unwrap_or_default()
        })
    });
    view! {
        <LiveFacts facts=figures />
        <NewestResults told />
        <ProgressOverTime told />
    }
    .into_any()
}

/// Labels and values that change often, side by side: only a value that is another one is written.
#[component]
pub fn LiveFacts(
    /// Each label with its value, in order.
    facts: Selected<Vec<(&'static str, String)>>,
) -> AnyView {
    let labels = select(move || {
        let label = |(label, _): &(&str, String)| (*label).to_owned();
        facts.with(|facts| facts.iter().map(label).collect::<Vec<_>>())
    });
    let fact = move |label: String| {
        let for_value = label.clone();
        let value = select(move || {
            facts.with(|facts| {
                let fact = facts.iter().find(|(label, _)| *label == for_value);
                fact.map(|(_, value)| value.clone()).unwrap_or_default()
            })
        });
        view! {
            <div>
                <dt>{label}</dt>
                <dd translate="no">
                    <bdi>{value}</bdi>
                </dd>
            </div>
        }
        .into_any()
    };
    view! {
        <dl class="facts">
            <Each keys=labels row=fact />
        </dl>
    }
    .into_any()
}

/// What came of the newest leads, folded away.
#[component]
fn NewestResults(
    /// The batch.
    told: Told,
) -> AnyView {
    let store = use_store();
    let results = select(move || {
        told.with(|told| {
            let recent = told.as_deref().map(|tracking| &tracking.batch.recent);
            let line = |result: &LeadResult| result_words(store, result);
            recent.map_or_else(Vec::new, |recent| recent.iter().map(line).collect())
        })
    });
    let has_none = Signal::derive(move || results.with(Vec::is_empty));
    let items = move || {
        let item = |line: String| view! { <li><bdi>{line}</bdi></li> }.into_any();
        let items: Vec<_> = results.get().into_iter().map(item).collect();
        items.into_any()
    };
    view! {
        <details class="recent" hidden=has_none>
            <summary>"Newest results"</summary>
            <ul translate="no">{part(items)}</ul>
        </details>
    }
    .into_any()
}

fn figures(store: Store, tracking: &Tracking) -> Vec<(&'static str, String)> {
    let batch = &tracking.batch;
    let mut lines = pace_lines(tracking.pace(store.now()), store.now());
    let current = batch.current_lead.as_ref();
    lines.extend(current.map(|lead| ("Current lead", lead_name(store, lead))));
    lines.extend(store.peek(|model| model.spending(batch)));
    let starter = store.peek(|model| model.starter(batch));
    lines.extend(starter.map(|starter| ("Started by", starter)));
    lines
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
    let left = match (pace, left_words(pace)) {
        (Pace::Early, _) => Some("not known yet".to_owned()),
        (Pace::Frozen { as_of, .. }, Some(left)) => {
            Some(format!("{left}, as of {}", ago(as_of, now)))
        }
        (_, left) => left,
    };
    lines.extend(left.map(|words| ("Time left", words)));
    lines
}

/// `2 min to 3 min`; nothing where that cannot be told.
pub fn left_words(pace: Pace) -> Option<String> {
    let Left { low, high } = pace.left()?;
    let (low, high) = (duration_words(low), duration_words(high));
    Some(match low == high {
        true => format!("about {low}"),
        false => format!("{low} to {high}"),
    })
}

/// `Company 1: Failed – no site`.
fn result_words(store: Store, result: &LeadResult) -> String {
    let name = lead_name(store, &result.lead);
    let error = result.error.as_ref();
    let error = error.map(|error| format!(" – {}", shortened(error, 160)));
    format!(
        "{name}: {}{}",
        result.status.label(),
        error.unwrap_or_default()
    )
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
