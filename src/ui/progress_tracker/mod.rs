//! ProgressTracker: what runs now, live, and how to stop it.

mod cancel_dialog;
mod card;
mod figures;
mod group;

use std::sync::OnceLock;

use self::card::{Extent, batch_card, card};
use self::group::group_card;
use super::dom::{Element, Node, dynamic, el, keyed};
use super::live::{Watched, follow, watch};
use super::parts::fault::fault;
use super::parts::kit::{button, para, status, toggle};
use super::store::Store;
use crate::app::notifications::background::Permission;
use crate::app::requests::Slot;
use crate::app::{Msg, Slice};
use crate::domain::batch::BatchId;
use crate::route::View;

pub use self::cancel_dialog::cancel_dialog;

/// With more places than this, batches are lines of a list at first.
const CARDS_SHOWN: usize = 8;

/// What decides how running batches are shown.
const LISTED_BY: &[Slice] = &[Slice::Batches, Slice::Session, Slice::Views];

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
    let are_many = store.watch(&[Slice::Batches, Slice::Session], |model| {
        model.places().len() > CARDS_SHOWN
    });
    // Decided once: what begins or ends later, perhaps by others, moves nothing.
    let at_first = OnceLock::new();
    let as_list = store.watch(LISTED_BY, move |model| {
        let are_many = model.places().len() > CARDS_SHOWN;
        let known = model.batches.known;
        let at_first = known.then(|| *at_first.get_or_init(|| are_many));
        model.views.as_list.unwrap_or(at_first.unwrap_or(are_many))
    });
    let switch = dynamic(move || {
        let as_list = as_list.get();
        let words = match as_list {
            true => "Show all figures",
            false => "Show as a list",
        };
        let switch = move || store.send(Msg::ListSwitched(!as_list));
        let switch = button(words, switch).testid("list-or-cards");
        (as_list || are_many.get()).then(|| switch.view())
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
        // Whoever hears it can switch it off.
        if !runs.get() && !sound.get() {
            return Vec::new();
        }
        let words = "Tell me when a batch ends while this page is hidden";
        let ask = button(words, move || store.send(Msg::NoticesAsked));
        let ask = ask.class("button-link").testid("ask-notices");
        let switch = move || store.send(Msg::SoundSwitched(!sound.get_untracked()));
        // For the eye; who listens hears whether it is pressed.
        let state = el("span").attr("aria-hidden", "true");
        let state = state.child(follow(move || if sound.get() { ": on" } else { ": off" }));
        let sound = toggle("button", sound, switch).testid("sound");
        let ask = (notices.get() && runs.get()).then(|| ask.view());
        let sound = sound.child("Sound when a batch ends").child(state).into();
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
    let runs = is_live(store, id.clone());
    dynamic(move || (runs.get()).then(|| card(store, id.clone(), "h2", Extent::Page)))
}

/// This batch runs, and is followed.
pub fn is_live(store: Store, id: BatchId) -> Watched<bool> {
    store.watch(&[Slice::Batches], move |model| {
        let tracking = model.batches.get(&id);
        tracking.is_some_and(|tracking| !tracking.batch.status.is_terminal())
    })
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
