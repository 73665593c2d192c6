//! ProgressTracker: what runs now, live, and how to stop it.

mod cancel_dialog;
mod card;
mod figures;
mod group;

use std::sync::atomic::{AtomicBool, Ordering};

use leptos::prelude::{Get, RwSignal, Set};

use self::card::{Extent, batch_card, card};
use self::group::group_card;
use super::dom::{Element, Node, dynamic, el, keyed};
use super::live::{Watched, watch};
use super::parts::fault::fault;
use super::parts::kit::{button, para, status, toggle};
use super::store::Store;
use crate::app::away::Permission;
use crate::app::net::Slot;
use crate::app::{Msg, Slice};
use crate::domain::batch::BatchId;
use crate::route::View;

pub use self::cancel_dialog::cancel_dialog;

/// With more places than this, batches are lines of a list at first.
const CARDS_SHOWN: usize = 8;

/// The view of its own: every batch that runs or has just ended, in full or as a line each, and groups of those that one
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
    let chosen = RwSignal::new(None);
    // What has become a list stays one while batches end: nothing is to jump.
    let were_many = AtomicBool::new(false);
    let are_many = store.watch(&[Slice::Batches, Slice::Session], move |model| {
        let are_many = model.places().len() > CARDS_SHOWN;
        were_many.fetch_or(are_many, Ordering::Relaxed) || are_many
    });
    let as_list = watch(move || chosen.get().unwrap_or(are_many.get()));
    let switch = dynamic(move || {
        let words = match as_list.get() {
            true => "Show all figures",
            false => "Show as a list",
        };
        let switch = move || chosen.set(Some(!as_list.get_untracked()));
        (are_many.get()).then(|| button(words, switch).testid("list-or-cards").view())
    });
    let list = dynamic(move || match as_list.get() {
        true => list(
            "cards cards-compact cards-rows",
            store,
            places,
            Extent::Glance,
        ),
        false => list("cards", store, places, Extent::Full),
    });
    let heading = el("h1").attr("id", "view-heading").attr("tabindex", "-1");
    el("section")
        .class("panel")
        .attr("aria-labelledby", "view-heading")
        .child(heading.child("Running batches"))
        .child([fault, nothing, together(store)])
        .child(
            el("div")
                .class("card-actions tracker-tools")
                .child([offers(store), switch]),
        )
        .child(list)
}

/// How far all running batches are together, in words that wait for the beat.
fn together(store: Store) -> Node {
    let words = watch(move || {
        store.beat();
        store.peek(|model| model.running_words())
    });
    dynamic(move || words.get().map(|words| para("muted", words)))
}

/// How the end of a batch is told: offered while something runs, and never asked for by itself.
fn offers(store: Store) -> Node {
    let runs = store.watch(&[Slice::Batches], |model| model.batches.running() > 0);
    let notices = store.watch(&[Slice::Away], |model| {
        model.away.permission == Permission::Open
    });
    let sound = store.watch(&[Slice::Away], |model| model.away.sound);
    dynamic(move || {
        if !runs.get() {
            return Vec::new();
        }
        let words = "Tell me when a batch ends while this page is hidden";
        let ask = button(words, move || store.send(Msg::NoticesAsked));
        let ask = ask.class("button-link").testid("ask-notices");
        let switch = move || store.send(Msg::SoundSwitched(!sound.get_untracked()));
        let sound = toggle("button button-small", sound, switch).testid("sound");
        let ask = notices.get().then(|| ask.view());
        let sound = sound.child("Sound when a batch ends").into();
        ask.into_iter().chain([sound]).collect()
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
        .child(list("cards cards-compact", store, places, Extent::Glance))
}

/// A batch that runs, on its own page: live, and how to stop it.
pub fn live_batch(store: Store, id: BatchId) -> Node {
    let running = id.clone();
    let runs = store.watch(&[Slice::Batches], move |model| {
        let tracking = model.batches.get(&running);
        tracking.is_some_and(|tracking| !tracking.batch.status.is_terminal())
    });
    dynamic(move || (runs.get()).then(|| card(store, id.clone(), "h2", Extent::Page)))
}

fn list(
    class: &'static str,
    store: Store,
    places: Watched<Vec<String>>,
    extent: Extent,
) -> Element {
    let place = move |place: &str| {
        let id = BatchId(place.to_owned());
        match store.peek(|model| model.batches.get(&id).is_some()) {
            true => batch_card(store, id, "h3", extent),
            false => group_card(store, id.0, extent),
        }
    };
    el("ul")
        .class(class)
        .child(keyed(move || places.get(), place))
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
