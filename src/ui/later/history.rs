//! The views of the part `history`.

use leptos::prelude::*;

use super::{LaterView, Loaded};
use crate::app::parts;
use crate::ui::batch_history::{batch_comparison, batch_details, batch_history};
use crate::ui::bridge::old;
use crate::ui::store::use_store;

/// What the part consists of.
pub fn loaded() -> Loaded {
    Loaded {
        code: parts::history::CODE,
        show,
    }
}

fn show(view: LaterView) -> AnyView {
    let store = use_store();
    match view {
        LaterView::BatchHistory => old(move || batch_history(store)),
        LaterView::BatchDetails(id) => old(move || batch_details(store, id)),
        LaterView::BatchComparison(both) => old(move || batch_comparison(store, both)),
        _ => ().into_any(),
    }
}
