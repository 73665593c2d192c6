//! The list of what runs: single batches, and groups of those that one approval started.

use leptos::prelude::*;

use super::Extent;
use super::card::BatchCard;
use super::group::GroupCard;
use crate::app::Slice;
use crate::domain::batch::BatchId;
use crate::ui::kit::Each;
use crate::ui::selected::Selected;
use crate::ui::store::{Store, use_store};

/// What runs, beside the lead table and in short; nothing where nothing runs.
#[component]
pub fn RunningNow() -> AnyView {
    let store = use_store();
    let places = places(store);
    let none = store.select(&[Slice::Batches], |model| model.batches.shown().is_empty());
    view! {
        <section class="panel" aria-labelledby="running-heading" hidden=none>
            <h2 id="running-heading">"Running now"</h2>
            <Places places class="cards cards-compact" extent=Extent::Glance />
        </section>
    }
    .into_any()
}

/// A card for each batch, and one for each group.
#[component]
pub fn Places(
    /// Identifiers of batches and codes of groups, in order.
    places: Selected<Vec<String>>,
    /// The looks of the list.
    class: &'static str,
    /// How much is told of each batch.
    extent: Extent,
) -> AnyView {
    let store = use_store();
    let place = move |place: String| {
        let id = BatchId(place);
        match store.peek(|model| model.batches.get(&id).is_some()) {
            true => view! {
                <li>
                    <BatchCard id extent />
                </li>
            }
            .into_any(),
            false => view! {
                <li class="group-place">
                    <GroupCard code=id.0 extent />
                </li>
            }
            .into_any(),
        }
    };
    view! {
        <ul class=class>
            <Each keys=places row=place />
        </ul>
    }
    .into_any()
}

/// Identifiers of batches and codes of groups, in the order in which they are shown.
pub fn places(store: Store) -> Selected<Vec<String>> {
    store.select(&[Slice::Batches, Slice::Session], |model| model.places())
}
