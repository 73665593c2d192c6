//! The views of the part `live`.

use leptos::prelude::*;

use super::{LaterView, Loaded};
use crate::app::parts;
use crate::browser::driver::Driver;
use crate::ui::cost_preview::CostPreview;
use crate::ui::launch::LaunchDialog;
use crate::ui::progress_tracker::{CancelDialog, LiveBatch, ProgressTracker, RunningNow};

/// What the part consists of.
pub fn loaded() -> Loaded {
    Loaded {
        code: parts::live::CODE,
        show,
        start: Driver::start_live,
    }
}

fn show(view: LaterView) -> AnyView {
    match view {
        LaterView::CostPreview => view! { <CostPreview /> }.into_any(),
        LaterView::RunningNow => view! { <RunningNow /> }.into_any(),
        LaterView::LaunchDialog => view! { <LaunchDialog /> }.into_any(),
        LaterView::CancelDialog => view! { <CancelDialog /> }.into_any(),
        LaterView::ProgressTracker => view! { <ProgressTracker /> }.into_any(),
        LaterView::LiveBatch(id) => view! { <LiveBatch id /> }.into_any(),
        _ => ().into_any(),
    }
}
