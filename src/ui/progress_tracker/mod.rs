//! ProgressTracker: what runs now, live, and how to stop it.

mod cancel_dialog;
mod card;
mod group;

use self::card::batch_card;
use self::group::group_card;
use super::dom::{Element, Node, dynamic, el, keyed};
use super::live::{Watched, watch};
use super::parts::fault::fault;
use super::parts::kit::{button, para, status};
use super::store::Store;
use crate::app::away::Permission;
use crate::app::net::Slot;
use crate::app::{Msg, Slice};
use crate::domain::batch::BatchId;
use crate::route::View;

pub use self::cancel_dialog::cancel_dialog;

/// The view of its own: every batch that runs or has just ended, in full, and groups of those that one
/// approval started.
pub fn progress_tracker(store: Store) -> Element {
    let known = store.watch(&[Slice::Batches], |model| model.batches.known);
    let places = places(store);
    let error = store.watch(&[Slice::Batches], |model| {
        model.batches.error.as_ref().map(ToString::to_string)
    });
    let nothing = dynamic(move || {
        (places.with(Vec::is_empty) && error.get().is_none()).then(|| {
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
        .child([fault, nothing, together(store), notice_offer(store)])
        .child(el("ul").class("cards").child(cards(store, places, false)))
}

/// How far all running batches are together, in words that wait for the beat.
fn together(store: Store) -> Node {
    let words = watch(move || {
        store.beat();
        store.peek(|model| model.running_words())
    });
    dynamic(move || words.get().map(|words| para("muted", words)))
}

/// Offered while something runs, and never asked for by itself.
fn notice_offer(store: Store) -> Node {
    let offered = store.watch(&[Slice::Away, Slice::Batches], |model| {
        model.away.permission == Permission::Open && model.batches.running() > 0
    });
    dynamic(move || {
        let ask = || {
            button(
                "Tell me when a batch ends while this page is hidden",
                move || store.send(Msg::NoticesAsked),
            )
        };
        offered
            .get()
            .then(|| ask().class("button-link").testid("ask-notices").view())
    })
}

/// The same beside the lead table, in short; nothing where nothing runs.
pub fn running_now(store: Store) -> Element {
    let places = places(store);
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
                .child(cards(store, places, true)),
        )
}

fn cards(store: Store, places: Watched<Vec<String>>, compact: bool) -> Node {
    let card = move |place: &str| {
        let id = BatchId(place.to_owned());
        match store.peek(|model| model.batches.get(&id).is_some()) {
            true => batch_card(store, id, "h3", compact),
            false => group_card(store, id.0, compact),
        }
    };
    keyed(move || places.get(), card)
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

fn places(store: Store) -> Watched<Vec<String>> {
    store.watch(&[Slice::Batches, Slice::Session], |model| model.places())
}
