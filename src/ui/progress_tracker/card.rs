//! One batch as it runs.

use std::cell::Cell;

use leptos::prelude::{Get, RwSignal, Set};
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

use crate::app::batches::{Cancel, Tracking};
use crate::app::{Msg, Shared, Slice};
use crate::domain::batch::{BatchId, BatchStatus, Counts};
use crate::domain::lead::LeadId;
use crate::domain::live::Health;
use crate::domain::pace::{Left, Pace};
use crate::domain::text::{counted, decimal, grouped, shortened};
use crate::domain::time::{Millis, SECOND, duration_words};
use crate::ui::dom::{Element, Node, dynamic, el};
use crate::ui::live::{Live, Watched, follow, watch};
use crate::ui::parts::ago;
use crate::ui::parts::chart::progress_chart;
use crate::ui::parts::kit::{button, facts, foreign, para, state};
use crate::ui::store::Store;

/// News older than this are told as old.
const FRESH_FOR: i64 = 6 * SECOND;

/// The longest name that a card shows, in characters.
pub(super) const NAME_SHOWN: usize = 90;

/// One batch: how far it is, what it does, and how to stop it. A compact card has only what matters at a glance.
/// `heading` is the element of its heading.
pub fn batch_card(store: Store, id: BatchId, heading: &'static str, compact: bool) -> Element {
    let (for_bar, for_words) = (id.clone(), id.clone());
    let tracking = store.watch(&[Slice::Batches], move |model| {
        model.batches.get(&for_bar).cloned()
    });
    // The bar moves with every message; what is read in words waits for the beat.
    let told = watch(move || {
        store.beat();
        store.peek(|model| model.batches.get(&for_words).cloned())
    });
    let head = watch(move || told.with(|told| told.as_deref().map(Head::of).unwrap_or_default()));
    let title = follow(move || head.with(|head| head.title.clone()));
    let terminal = watch(move || head.with(|head| head.terminal));
    let counts = watch(move || {
        told.with(|told| {
            (told.as_ref()).map_or_else(String::new, |it| counts_words(it.batch.counts))
        })
    });
    let label = follow(move || head.with(|head| format!("Progress of {}", head.title)));
    let data_id = id.0.clone();
    let actions = move || {
        let Head {
            terminal,
            can_cancel,
            title,
            ..
        } = head.get();
        let (for_cancel, for_open, for_dismiss) = (id.clone(), id.clone(), id.clone());
        let mut buttons = Vec::new();
        if can_cancel {
            let cancel = button("Cancel", move || {
                store.send(Msg::CancelAsked(for_cancel.clone()))
            });
            buttons.push(
                cancel
                    .testid("cancel-batch")
                    .named(format!("Cancel {title}"))
                    .view(),
            );
        }
        let open = button("Details", move || {
            store.send(Msg::BatchOpened(Some(for_open.clone())))
        });
        buttons.push(open.named(format!("Details of {title}")).view());
        if terminal {
            let dismiss = button("Put away", move || {
                store.send(Msg::BatchDismissed(for_dismiss.clone()))
            });
            buttons.push(dismiss.named(format!("Put away: {title}")).view());
        }
        buttons
    };
    let more = (!compact).then(|| card_facts(store, told));
    let words = follow(move || head.with(|head| head.words.clone()));
    let code = follow(move || head.with(|head| head.code.clone()));
    let header = el("header")
        .class("card-head")
        .child(el(heading).class("card-title").child(foreign(title)))
        .child(state(code, words));
    let bar = bar(label, counts, move || {
        tracking.with(|tracking| {
            let counts = tracking.as_deref().map(|tracking| tracking.batch.counts);
            counts.unwrap_or_default()
        })
    })
    .testid("progress-bar");
    let card = el("article")
        .class("card")
        .class_if("is-ended", terminal)
        .testid("active-batch")
        .attr("data-batch-id", data_id)
        .child(header)
        .child(bar)
        .child(
            el("p")
                .class("card-counts")
                .testid("batch-counts")
                .child(counts),
        )
        .child([freshness(store, told), troubles(store, told)])
        .child(more)
        .child(el("div").class("card-actions").child(dynamic(actions)));
    el("li").child(card)
}

/// What changes seldom on a card.
#[derive(Clone, Default, PartialEq)]
struct Head {
    title: String,
    words: String,
    code: String,
    terminal: bool,
    can_cancel: bool,
}

impl Head {
    fn of(tracking: &Tracking) -> Self {
        Self {
            title: shortened(&tracking.batch.title(), NAME_SHOWN),
            words: tracking.state_words().to_owned(),
            code: tracking.batch.status.code().to_owned(),
            terminal: tracking.batch.status.is_terminal(),
            can_cancel: tracking.can_cancel(),
        }
    }
}

/// A bar that says how many leads of how many are done: painted with every change of `read`, told in `words`.
pub(super) fn bar(
    label: Live<String>,
    words: Watched<String>,
    read: impl Fn() -> Counts + 'static,
) -> Element {
    let painted = Cell::new(None);
    el("div")
        .class("bar")
        .attr("role", "progressbar")
        .attr("aria-label", label)
        .attr("aria-valuemin", "0")
        .attr("aria-valuemax", "100")
        .attr("aria-valuetext", words)
        .keep(move |bar| {
            let counts = read();
            if painted.replace(Some(counts)) != Some(counts) {
                fill(bar, counts);
            }
        })
}

/// Fills the bar. It is painted, not laid out: one made of parts with widths would cost the page a new layout with every
/// message. The part that failed lies under the one that succeeded.
fn fill(bar: &HtmlElement, counts: Counts) {
    let share = |part: u32| match counts.total {
        0 => 0.0,
        total => f64::from(part) * 100.0 / f64::from(total),
    };
    let (good, bad) = (share(counts.successful), share(counts.failed));
    let parts = format!(
        "{}% 100%, {}% 100%",
        decimal(good, 3),
        decimal(good + bad, 3)
    );
    let _ = bar.set_attribute("aria-valuenow", &decimal(counts.percent(), 4));
    let _ = bar.style().set_property("background-size", &parts);
}

/// `120 of 300 leads · 118 succeeded · 2 failed`.
pub(super) fn counts_words(counts: Counts) -> String {
    let Counts {
        total,
        processed,
        successful,
        failed,
    } = counts;
    if total == 0 {
        return "No counts yet".to_owned();
    }
    let mut words = format!(
        "{} of {}",
        grouped(processed.into()),
        counted(total as usize, "lead")
    );
    if processed > 0 {
        words += &format!(" · {} succeeded", grouped(successful.into()));
    }
    if failed > 0 {
        words += &format!(" · {} failed", grouped(failed.into()));
    }
    words
}

/// How old the numbers are, and in which way they come.
fn freshness(store: Store, tracking: Watched<Option<Shared<Tracking>>>) -> Node {
    let live = watch(move || {
        store.beat();
        store.peek(|model| model.link.health() == Health::Live)
    });
    let words = watch(move || {
        let heard = tracking.with(|t| {
            t.as_ref()
                .filter(|t| !t.batch.status.is_terminal())
                .map(|t| t.heard)
        });
        let Some(at) = heard else {
            return String::new();
        };
        let now = store.now();
        match (now - at <= FRESH_FOR, live.get()) {
            (true, true) => "Live".to_owned(),
            (true, false) => format!("Read {}", ago(at, now)),
            (false, _) => format!("As of {}", ago(at, now)),
        }
    });
    para("card-fresh muted", words)
}

/// What is not as it should be with this batch.
fn troubles(store: Store, tracking: Watched<Option<Shared<Tracking>>>) -> Node {
    let lines = watch(move || {
        let now = store.now();
        tracking.with(|tracking| {
            let mut lines = Vec::new();
            let Some(tracking) = tracking else {
                return lines;
            };
            let running = !tracking.batch.status.is_terminal();
            if let Some(since) = tracking.stalled_since(now) {
                let rounded = (now - since) / (10 * SECOND) * (10 * SECOND);
                lines.push(format!(
                    "No progress for {}. If it stays so, cancel it.",
                    duration_words(rounded)
                ));
            }
            if let (Cancel::Refused(why), true) = (&tracking.cancel, running) {
                lines.push(why.clone());
            }
            if let Some(twin) = &tracking.twin {
                lines.push(format!(
                    "Started twice by one approval: the other is batch {}.",
                    twin.short()
                ));
            }
            let contradiction = tracking.batch.contradiction();
            lines.extend(contradiction.or_else(|| tracking.correction()));
            if tracking.batch.status == BatchStatus::Failed
                && let Some(error) = &tracking.batch.error
            {
                lines.push(format!("The server says: {}", shortened(error, 240)));
            }
            if let (Some(error), true) = (&tracking.error, running) {
                lines.push(error.to_string());
            }
            lines
        })
    });
    dynamic(move || {
        lines
            .get()
            .into_iter()
            .map(|line| para("card-trouble", line))
            .collect::<Vec<_>>()
    })
}

/// Rate, time left, current lead, cost and the newest results.
fn card_facts(store: Store, tracking: Watched<Option<Shared<Tracking>>>) -> Vec<Node> {
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
            let is_mine = store.peek(|model| model.is_mine(batch));
            let starter = batch.created_by.clone().filter(|_| !is_mine);
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
    let left = pace.left().map(|Left { low, high }| {
        let (low, high) = (duration_words(low), duration_words(high));
        match low == high {
            true => format!("about {low}"),
            false => format!("{low} to {high}"),
        }
    });
    lines.extend(
        match (pace, left) {
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
