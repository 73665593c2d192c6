//! A batch that runs, on its own page.

use leptos::prelude::*;

use super::Extent;
use super::card::BatchCard;
use crate::app::Slice;
use crate::domain::batch::BatchId;
use crate::ui::kit::When;
use crate::ui::selected::Selected;
use crate::ui::store::{Store, use_store};

/// A batch on its own page while it runs: live, and how to stop it.
#[component]
pub fn LiveBatch(
    /// The batch.
    id: BatchId,
) -> AnyView {
    let runs = is_live(use_store(), id.clone());
    view! {
        <When so=runs>
            <BatchCard id=id.clone() extent=Extent::Page />
        </When>
    }
    .into_any()
}

/// This batch runs, and is followed.
pub fn is_live(store: Store, id: BatchId) -> Selected<bool> {
    store.select(&[Slice::Batches], move |model| {
        let tracking = model.batches.get(&id);
        tracking.is_some_and(|tracking| !tracking.batch.status.is_terminal())
    })
}
