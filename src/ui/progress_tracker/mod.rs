//! ProgressTracker: what runs now, live, and how to stop it.

mod cancel_dialog;
mod card;

use self::card::batch_card;
use super::dom::{Element, Node, dynamic, el, keyed};
use super::live::Watched;
use super::parts::fault::fault;
use super::parts::kit::{button, para, status};
use super::store::Store;
use crate::app::net::Slot;
use crate::app::{Msg, Slice};
use crate::domain::batch::BatchId;
use crate::route::View;

pub use self::cancel_dialog::cancel_dialog;

/// The view of its own: every batch that runs or has just ended, in full.
pub fn progress_tracker(store: Store) -> Element {
    let known = store.watch(&[Slice::Batches], |model| model.batches.known);
    let ids = shown_ids(store);
    let error = store.watch(&[Slice::Batches], |model| {
        model.batches.error.as_ref().map(ToString::to_string)
    });
    let nothing = dynamic(move || {
        (ids.with(Vec::is_empty) && error.get().is_none()).then(|| {
            if known.get() {
                nothing_runs(store)
            } else {
                status("muted", "Looking for running batches…")
            }
        })
    });
    let fault = fault(store, Slot::BatchList, error, move || {
        store.send(Msg::RetryNow)
    });
    let heading = el("h1").attr("id", "view-heading").attr("tabindex", "-1");
    el("section")
        .class("panel")
        .attr("aria-labelledby", "view-heading")
        .child(heading.child("Running batches"))
        .child([fault, nothing])
        .child(el("ul").class("cards").child(cards(store, ids, false)))
}

/// The same beside the lead table, in short; nothing where nothing runs.
pub fn running_now(store: Store) -> Element {
    let ids = shown_ids(store);
    let none = store.watch(&[Slice::Batches], |model| model.batches.shown().is_empty());
    let heading = el("h2").attr("id", "running-heading").child("Running now");
    el("section")
        .class("panel")
        .attr("aria-labelledby", "running-heading")
        .attr("hidden", none)
        .child(heading)
        .child(
            el("ul")
                .class("cards cards-compact")
                .child(cards(store, ids, true)),
        )
}

fn cards(store: Store, ids: Watched<Vec<String>>, compact: bool) -> Node {
    let card = move |id: &str| batch_card(store, BatchId(id.to_owned()), compact);
    keyed(move || ids.get(), card)
}

fn nothing_runs(store: Store) -> Node {
    let choose = button("Choose leads for a batch", move || {
        store.send(Msg::ViewOpened(View::New))
    });
    let look_back = button("See past batches", move || {
        store.send(Msg::ViewOpened(View::History))
    });
    el("div")
        .class("empty")
        .child(para("", "Nothing is running."))
        .child(choose.class("button button-primary").view())
        .child(look_back.view())
        .into()
}

fn shown_ids(store: Store) -> Watched<Vec<String>> {
    store.watch(&[Slice::Batches], |model| {
        model
            .batches
            .shown()
            .iter()
            .map(|tracking| tracking.batch.id.0.clone())
            .collect::<Vec<_>>()
    })
}
