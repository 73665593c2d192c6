//! The progress of a batch as a line.

use leptos::prelude::*;
use web_sys::HtmlElement;

use super::Told;
use crate::ui::kit::{ProgressChart, part};
use crate::ui::store::use_store;

/// The line of its progress, drawn only while somebody looks at it, and once a second.
#[component]
pub fn ProgressOverTime(
    /// The batch.
    told: Told,
) -> AnyView {
    let store = use_store();
    let is_open = RwSignal::new(false);
    let chart = move || {
        if !is_open.get() {
            return ().into_any();
        }
        store.now();
        // Not with every message: the clock is enough.
        let Some(tracking) = told.get_untracked() else {
            return ().into_any();
        };
        let points = tracking.series();
        if points.len() < 2 {
            return view! { <p class="muted">"Nothing to draw yet."</p> }.into_any();
        }
        let label = format!("Progress of {} over time", tracking.batch.title());
        let total = tracking.batch.counts.total;
        view! { <ProgressChart label points total /> }.into_any()
    };
    let toggled = move |event| {
        let details: HtmlElement = event_target(&event);
        is_open.set(details.has_attribute("open"));
    };
    view! {
        <details class="recent" data-testid="progress-over-time" on:toggle=toggled>
            <summary>"Progress over time"</summary>
            {part(chart)}
        </details>
    }
    .into_any()
}
