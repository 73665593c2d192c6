//! The two live regions, always in the page, by which screen readers hear what changed.

use gloo_timers::callback::Timeout;
use leptos::prelude::*;

use crate::app::Slice;
use crate::app::notifications::messages::Notices;
use crate::ui::dom::{Element, Node, el};
use crate::ui::live::follow;
use crate::ui::store::Store;

/// Empty before every announcement, so that the same words twice are spoken twice.
const CLEAR_FIRST: u32 = 40;

/// Announces what the model says.
pub fn announcer(store: Store) -> [Node; 2] {
    let polite = region(store, "polite", |notices| notices.polite.clone());
    let urgent = region(store, "assertive", |notices| notices.urgent.clone());
    [polite.testid("live-region").into(), urgent.into()]
}

fn region(store: Store, manner: &'static str, read: fn(&Notices) -> (u32, String)) -> Element {
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
    el("div")
        .class("visually-hidden")
        .attr("aria-live", manner)
        .child(follow(move || shown.get()))
}
