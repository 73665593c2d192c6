//! The two live regions, always in the page, by which screen readers hear what changed.

use gloo_timers::callback::Timeout;
use leptos::prelude::*;

use crate::app::Slice;
use crate::ui::store::Store;

/// Empty before every announcement, so that the same words twice are spoken twice.
const CLEAR_FIRST: u32 = 40;

/// Announces what the model says.
#[component]
pub fn Announcer(store: Store) -> impl IntoView {
    let region = |read: fn(&crate::app::notices::Notices) -> (u32, String)| {
        let words = store.watch(&[Slice::Notices], move |model| read(&model.notices));
        let shown = RwSignal::new(String::new());
        Effect::new(move |_| {
            let (_, text) = words.get();
            shown.set(String::new());
            Timeout::new(CLEAR_FIRST, move || {
                shown.try_set(text);
            })
            .forget();
        });
        shown
    };
    let polite = region(|notices| notices.polite.clone());
    let urgent = region(|notices| notices.urgent.clone());
    view! {
        <div class="visually-hidden" aria-live="polite" data-testid="live-region">
            {polite}
        </div>
        <div class="visually-hidden" aria-live="assertive">
            {urgent}
        </div>
    }
}
