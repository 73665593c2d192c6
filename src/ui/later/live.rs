//! The views of the part `live`.

use leptos::prelude::*;

use super::{LaterView, Loaded};
use crate::app::parts;
use crate::ui::bridge::old;
use crate::ui::cost_preview::{cost_preview, launch_dialog};
use crate::ui::progress_tracker::{cancel_dialog, live_batch, progress_tracker, running_now};
use crate::ui::store::use_store;

/// What the part consists of.
pub fn loaded() -> Loaded {
    Loaded {
        code: parts::live::CODE,
        show,
    }
}

fn show(view: LaterView) -> AnyView {
    let store = use_store();
    match view {
        LaterView::CostPreview => old(move || cost_preview(store)),
        LaterView::RunningNow => old(move || running_now(store)),
        LaterView::LaunchDialog => old(move || launch_dialog(store)),
        LaterView::CancelDialog => old(move || cancel_dialog(store)),
        LaterView::ProgressTracker => old(move || progress_tracker(store)),
        LaterView::LiveBatch(id) => old(move || live_batch(store, id)),
        _ => ().into_any(),
    }
}
