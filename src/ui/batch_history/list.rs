//! The list of past batches with everything around it.

use super::filters::{change, filters};
use super::receipts::receipts;
use super::table::history_table;
use super::trend::trend_section;
use crate::app::requests::Slot;
use crate::app::{Model, Msg, Slice};
use crate::domain::batch::BatchId;
use crate::domain::text::shortened;
use crate::ui::dom::{Element, Node, dynamic, el};
use crate::ui::lead_selector::page_buttons;
use crate::ui::live::follow;
use crate::ui::parts::fault::fault;
use crate::ui::parts::kit::{button, frame, para, status};
use crate::ui::store::Store;

const READS: &[Slice] = &[Slice::Route, Slice::History];

/// Past batches, with filters and pages.
pub fn batch_history(store: Store) -> Element {
    let error = store.watch(READS, |model| model.past_error().map(ToString::to_string));
    let busy = store.watch(READS, Model::is_past_busy);
    let count = store.watch(READS, Model::past_count);
    let words = store.watch(READS, |model| {
        let is_new = model.past_count().is_none() && model.past_error().is_none();
        let loading = is_new.then(|| "Loading past batches…".to_owned());
        model.past_words().or(loading).unwrap_or_default()
    });
    let none = follow(move || count.get() == Some(0) && !busy.get() && error.get().is_none());
    let total = store.watch(READS, Model::past_total);
    let pages = store.watch(READS, |model| {
        let last = model.past_page_count() - 1;
        (model.route.history.page.min(last), last)
    });
    let go = move |page| change(store, |query| query.page = page);
    let told = para("history-told", words);
    let empty = dynamic(move || {
        let words =
            "No batches here. Change the filters, or start the first one under “New batch”.";
        none.get()
            .then(|| el("div").class("empty").child(para("", words)))
    });
    let retry = move || store.send(Msg::HistoryRetried);
    let faults = [Slot::History, Slot::Archive];
    let faults = faults.map(|slot| match slot {
        // Whose error it is, is told once.
        Slot::History => fault(store, slot, error, retry),
        _ => fault(store, slot, crate::ui::live::watch(|| None), retry),
    });
    let table = history_table(store, busy);
    let class = "table-frame table-frame-auto";
    let pager = el("nav")
        .class("pager")
        // Nobody knows how many there are before they were read.
        .attr("hidden", follow(move || count.get().is_none()))
        .attr("aria-label", "Pages of batches")
        .child(para("pager-range", total))
        .child(page_buttons(pages, go));
    let heading = el("h1").attr("id", "view-heading").attr("tabindex", "-1");
    el("section")
        .class("panel")
        .attr("aria-labelledby", "view-heading")
        .testid("batch-history")
        .child(heading.child("Past batches"))
        .child(filters(store))
        .child(faults)
        .child([told, empty])
        .child(frame(class, "Past batches", busy, table))
        .child(bar(store))
        .child(pager)
        .child(trend_section(store))
        .child(receipts(store))
}

/// What can be done with what is ticked, and with an order that is older than the figures. Below the rows, so that none
/// of them moves when it comes.
fn bar(store: Store) -> Node {
    dynamic(move || {
        let (outdated, ticked) = store.read(READS, |model| {
            let title = |id: &BatchId| {
                let batch = model.compared(id);
                let title = batch.map_or_else(|| id.short(), |batch| shortened(&batch.title(), 40));
                (id.clone(), title)
            };
            let ticked: Vec<_> = model.history.ticked.iter().map(title).collect();
            (model.history.is_outdated, ticked)
        });
        let mut parts = Vec::new();
        if outdated {
            let again = button("Sort again", move || store.send(Msg::HistoryRetried));
            parts.push(status(
                "",
                "The list has changed since it was put in order.",
            ));
            parts.push(again.testid("sort-again").view());
        }
        match ticked.as_slice() {
            [] => {}
            [(_, title)] => {
                let words = format!("“{title}” is ticked. Tick another one to compare both.");
                parts.push(status("", words));
            }
            [(one, first), (other, second), ..] => {
                let both = [one.clone(), other.clone()];
                let compare = button(
                    format!("Compare “{first}” with “{second}”"),
                    move || store.send(Msg::ComparisonAsked(Some(both.clone()))),
                );
                let compare = compare.class("button button-primary").testid("compare");
                parts.push(compare.view());
            }
        }
        if !ticked.is_empty() {
            let clear = move || store.send(Msg::TicksCleared);
            parts.push(button("Clear ticks", clear).view());
        }
        (!parts.is_empty()).then(|| el("div").class("history-bar").child(parts))
    })
}
