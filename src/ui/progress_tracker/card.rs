//! One batch as it runs.

use std::cell::Cell;

use web_sys::HtmlElement;

use super::figures::{figures, left_words};

use crate::app::progress_tracker::batches::{Cancel, Tracking};
use crate::app::{Msg, Shared, Slice};
use crate::domain::batch::{BatchId, BatchStatus, Counts};
use crate::domain::live::Health;
use crate::domain::pace::Pace;
use crate::domain::text::{counted, decimal, grouped, shortened};
use crate::domain::time::{SECOND, duration_words};
use crate::ui::dom::{Element, Node, dynamic, el};
use crate::ui::live::{Live, Watched, follow, watch};
use crate::ui::parts::ago;
use crate::ui::parts::kit::{button, foreign, para, state};
use crate::ui::store::Store;

/// News older than this are told as old.
const FRESH_FOR: i64 = 6 * SECOND;

/// The longest name that a card shows, in characters.
pub(super) const NAME_SHOWN: usize = 90;

/// How much a card tells.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Extent {
    /// What matters at a glance.
    Glance,
    Full,
    /// Everything, on the batch's own page, which has the heading.
    Page,
}

/// One batch as an item of a list; `heading` is the element of its heading.
pub fn batch_card(store: Store, id: BatchId, heading: &'static str, extent: Extent) -> Element {
    el("li").child(card(store, id, heading, extent))
}

/// One batch: how far it is, what it does, and how to stop it.
pub fn card(store: Store, id: BatchId, heading: &'static str, extent: Extent) -> Element {
    let is_page = extent == Extent::Page;
    let (for_bar, for_words) = (id.clone(), id.clone());
    let tracking = store.watch(&[Slice::Batches], move |model| {
        model.batches.get(&for_bar).cloned()
    });
    // The bar moves with every message; what is read in words waits for the beat.
    let told = watch(move || {
        store.beat();
        store.peek(|model| model.batches.get(&for_words).cloned())
    });
    let head = watch(move || {
        told.with(|told| {
            let head = |tracking| Head::of(store, tracking);
            told.as_deref().map(head).unwrap_or_default()
        })
    });
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
        if !is_page {
            let open = button("Details", move || {
                store.send(Msg::BatchOpened(Some(for_open.clone())))
            });
            buttons.push(open.named(format!("Details of {title}")).view());
        }
        // It stays while it does nothing, and keeps the focus.
        if !terminal {
            let cancel = button("Cancel", move || {
                store.send(Msg::CancelAsked(for_cancel.clone()))
            });
            let cancel = cancel.testid("cancel-batch").disabled(!can_cancel);
            buttons.push(cancel.named(format!("Cancel {title}")).view());
        }
        if terminal && !is_page {
            let dismiss = button("Put away", move || {
                store.send(Msg::BatchDismissed(for_dismiss.clone()))
            });
            buttons.push(dismiss.named(format!("Put away: {title}")).view());
        }
        buttons
    };
    let starter = follow(move || head.with(|head| head.starter.clone()));
    let more = (extent != Extent::Glance).then(|| figures(store, told));
    let words = follow(move || head.with(|head| head.words.clone()));
    let code = follow(move || head.with(|head| head.code.clone()));
    let header = el("header")
        .class("card-head")
        .child((!is_page).then(|| el(heading).class("card-title").child(foreign(title))))
        .child(state(code, words));
    let bar = bar(label, counts, move || {
        tracking.with(|tracking| {
            let counts = tracking.as_deref().map(|tracking| tracking.batch.counts);
            counts.unwrap_or_default()
        })
    })
    .testid("progress-bar");
    el("article")
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
        .child([
            freshness(store, told, extent),
            troubles(store, told, extent),
        ])
        .child((extent == Extent::Glance).then(|| para("card-starter muted", starter)))
        .child(more)
        .child(el("div").class("card-actions").child(dynamic(actions)))
}

/// What changes seldom on a card.
#[derive(Clone, Default, PartialEq)]
struct Head {
    title: String,
    words: String,
    code: String,
    terminal: bool,
    can_cancel: bool,
    /// Who started it, where that is somebody else.
    starter: String,
}

impl Head {
    fn of(store: Store, tracking: &Tracking) -> Self {
        let starter = store.peek(|model| model.starter(&tracking.batch));
        Self {
            starter: starter.map_or_else(String::new, |name| format!("Started by {name}")),
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

/// How old the numbers are, and in which way they come; at a glance the time left, too.
fn freshness(store: Store, tracking: Watched<Option<Shared<Tracking>>>, extent: Extent) -> Node {
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
        let fresh = match (now - at <= FRESH_FOR, live.get()) {
            (true, true) => "Live".to_owned(),
            (true, false) => format!("Read {}", ago(at, now)),
            (false, _) => format!("As of {}", ago(at, now)),
        };
        let pace = || tracking.with(|t| t.as_ref().map(|t| t.pace(now)));
        let left = (extent == Extent::Glance)
            .then(pace)
            .flatten()
            .filter(|pace| !matches!(pace, Pace::Frozen { .. }))
            .and_then(left_words);
        match left {
            Some(left) => format!("{fresh} · {left} left"),
            None => fresh,
        }
    });
    para("card-fresh muted", words)
}

/// What is not as it should be with this batch.
fn troubles(store: Store, tracking: Watched<Option<Shared<Tracking>>>, extent: Extent) -> Node {
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
            if extent == Extent::Glance {
                // The figures tell it where they are shown.
                lines.extend(store.peek(|model| model.dearer_words(&tracking.batch)));
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
