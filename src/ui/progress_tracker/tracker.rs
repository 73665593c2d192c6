//! The view of its own: every batch that runs or has just ended.

use std::sync::OnceLock;

use leptos::prelude::*;

use super::Extent;
use super::end_offers::EndOffers;
use super::places::{Places, places};
use crate::app::requests::Slot;
use crate::app::{Msg, Slice};
use crate::route::{Route, View};
use crate::ui::kit::{Button, ErrorPanel, Link, Status, When, part};
use crate::ui::selected::{Selected, select};
use crate::ui::store::{Store, use_store};

/// With more places than this, batches are lines of a list at first.
const CARDS_SHOWN: usize = 8;

/// What decides how running batches are shown.
const LISTED_BY: &[Slice] = &[Slice::Batches, Slice::Session, Slice::Views];

/// Every batch that runs or has just ended, in full or as a line each, and groups of those that one approval started.
#[component]
pub fn ProgressTracker() -> AnyView {
    let store = use_store();
    let places = places(store);
    let error = store.select(&[Slice::Batches], |model| {
        model.batches.error.as_ref().map(ToString::to_string)
    });
    let is_empty = select(move || places.with(Vec::is_empty) && error.with(Option::is_none));
    let as_list = is_list(store);
    let list = move || match as_list.get() {
        true => {
            view! { <Places places class="cards cards-compact cards-rows" extent=Extent::Glance /> }
                .into_any()
        }
        false => view! { <Places places class="cards" extent=Extent::Full /> }.into_any(),
    };
    view! {
        <section class="panel" aria-labelledby="view-heading">
            <h1 id="view-heading" tabindex="-1">
                "Running batches"
            </h1>
            <ErrorPanel
                of=Slot::BatchList
                error=error
                on_retry=move || store.send(Msg::RetryNow)
            />
            <When so=is_empty>
                <NothingRuns />
            </When>
            <Together />
            <div class="card-actions tracker-tools">
                <EndOffers />
                <ListSwitch as_list />
            </div>
            {part(list)}
        </section>
    }
    .into_any()
}

/// Whether batches are lines of a list.
fn is_list(store: Store) -> Selected<bool> {
    // Decided once: what begins or ends later, perhaps by others, moves nothing.
    let at_first = OnceLock::new();
    store.select(LISTED_BY, move |model| {
        let are_many = model.places().len() > CARDS_SHOWN;
        let known = model.batches.known;
        let at_first = known.then(|| *at_first.get_or_init(|| are_many));
        model.views.as_list.unwrap_or(at_first.unwrap_or(are_many))
    })
}

/// Changes between lines of a list and cards with all figures; nothing where there are too few for a list.
#[component]
fn ListSwitch(
    /// How they are shown now.
    as_list: Selected<bool>,
) -> AnyView {
    let store = use_store();
    let are_many = store.select(&[Slice::Batches, Slice::Session], |model| {
        model.places().len() > CARDS_SHOWN
    });
    let is_offered = select(move || as_list.get() || are_many.get());
    let words = Signal::derive(move || {
        let words = match as_list.get() {
            true => "Show all figures",
            false => "Show as a list",
        };
        words.to_owned()
    });
    let switch = move || store.send(Msg::ListSwitched(!as_list.get_untracked()));
    view! {
        <When so=is_offered>
            <Button label=words testid="list-or-cards" on_press=switch />
        </When>
    }
    .into_any()
}

/// How far all running batches are together, in words that wait for the beat.
#[component]
fn Together() -> AnyView {
    let store = use_store();
    let words = select(move || {
        store.beat();
        store.peek(|model| model.running_words())
    });
    part(move || match words.get() {
        Some(words) => view! {
            <p class="muted" translate="no">
                {words}
            </p>
        }
        .into_any(),
        None => ().into_any(),
    })
}

/// That nothing runs, or that this is not known yet, and where to go from here.
#[component]
fn NothingRuns() -> AnyView {
    let known = use_store().select(&[Slice::Batches], |model| model.batches.known);
    let looking =
        || view! { <Status class="muted" text="Looking for running batches…" /> }.into_any();
    view! {
        <When so=known otherwise=looking>
            <div class="empty">
                <p class="">"Nothing is running."</p>
                <Link to=|here: &Route| here.at_view(View::New) class="button button-primary">
                    {"Choose leads for a batch"}
                </Link>
                <Link to=|here: &Route| here.at_view(View::History) class="button">
                    {"See past batches"}
                </Link>
            </div>
        </When>
    }
    .into_any()
}
