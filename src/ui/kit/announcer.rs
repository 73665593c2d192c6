//! The two live regions, always in the page, by which screen readers hear what changed.

use gloo_timers::callback::Timeout;
use leptos::prelude::*;

use crate::app::Slice;
use crate::app::notifications::messages::Notices;
use crate::ui::store::use_store;

/// Empty before every announcement, so that the same words twice are spoken twice.
const CLEAR_FIRST: u32 = 40;

/// Announces what the model says.
#[component]
pub fn Announcer() -> AnyView {
    let polite = spoken(|notices| notices.polite.clone());
    let urgent = spoken(|notices| notices.urgent.clone());
    view! {
        <div class="visually-hidden" aria-live="polite" data-testid="live-region">
            {polite}
        </div>
        <div class="visually-hidden" aria-live="assertive">
            {urgent}
        </div>
    }
    .into_any()
}

/// What a region says now. Every announcement has a number, so that the same words count as another one.
fn spoken(read: fn(&Notices) -> (u32, String)) -> Signal<String> {
    let newest = use_store().select(&[Slice::Notices], move |model| read(&model.notices));
    let shown = RwSignal::new(String::new());
    Effect::new(move |_| {
        let (_, text) = newest.get();
        shown.set(String::new());
        Timeout::new(CLEAR_FIRST, move || {
            shown.try_set(text);
        })
        .forget();
    });
    shown.into()
}
