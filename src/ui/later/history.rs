//! The views of the part `history`.

use leptos::prelude::*;

use super::{LaterView, Loaded};
use crate::app::parts;
use crate::ui::batch_history::{BatchComparison, BatchDetails, BatchHistory};

/// What the part consists of.
pub fn loaded() -> Loaded {
    Loaded {
        code: parts::history::CODE,
        show,
        start: |_| {},
    }
}

fn show(view: LaterView) -> AnyView {
    match view {
        LaterView::BatchHistory => view! { <BatchHistory /> }.into_any(),
        LaterView::BatchDetails(id) => view! { <BatchDetails id /> }.into_any(),
        LaterView::BatchComparison(both) => view! { <BatchComparison both /> }.into_any(),
        _ => ().into_any(),
    }
}
