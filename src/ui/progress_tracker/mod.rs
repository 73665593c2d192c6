//! ProgressTracker: what runs now, live, and how to stop it.

mod cancel_dialog;
mod card;

use leptos::prelude::*;

use self::card::batch_card;
use super::parts::erased::dynamic;
use super::parts::fault::Fault;
use super::parts::kit::{button, keyed, para, status};
use super::store::Store;
use crate::app::net::Slot;
use crate::app::{Msg, Slice};
use crate::domain::batch::BatchId;
use crate::route::View;

pub use self::cancel_dialog::CancelDialog;

/// The view of its own: every batch that runs or has just ended, in full.
#[component]
pub fn ProgressTracker(store: Store) -> impl IntoView {
    let known = store.memo(&[Slice::Batches], |model| model.batches.known);
    let ids = shown_ids(store);
    let error = store.watch(&[Slice::Batches], |model| {
        model.batches.error.as_ref().map(ToString::to_string)
    });
    let nothing = move || {
        (ids.get().is_empty() && error.get().is_none()).then(|| {
            if known.get() {
                nothing_runs(store)
            } else {
                status("muted", "Looking for running batches…")
            }
        })
    };
    view! {
        <section class="panel" aria-labelledby="view-heading">
            <h1 id="view-heading" tabindex="-1">"Running batches"</h1>
            <Fault store of=Slot::BatchList error on_retry=move |()| store.send(Msg::RetryNow) />
            {dynamic(nothing)}
            <ul class="cards">{keyed(ids, move |id| batch_card(store, BatchId(id), false))}</ul>
        </section>
    }
}

/// The same beside the lead table, in short; nothing where nothing runs.
#[component]
pub fn RunningNow(store: Store) -> impl IntoView {
    let ids = shown_ids(store);
    let none = store.memo(&[Slice::Batches], |model| model.batches.shown().is_empty());
    view! {
        <section class="panel" aria-labelledby="running-heading" hidden=none>
            <h2 id="running-heading">"Running now"</h2>
            <ul class="cards cards-compact">{keyed(ids, move |id| batch_card(store, BatchId(id), true))}</ul>
        </section>
    }
}

fn nothing_runs(store: Store) -> AnyView {
    let choose = button("Choose leads for a batch", move || {
        store.send(Msg::ViewOpened(View::New))
    });
    let look_back = button("See past batches", move || {
        store.send(Msg::ViewOpened(View::History))
    });
    view! {
        <div class="empty">
            {para("", "Nothing is running.")}
            {choose.class("button button-primary").view()}
            {look_back.view()}
        </div>
    }
    .into_any()
}

fn shown_ids(store: Store) -> Memo<Vec<String>> {
    store.memo(&[Slice::Batches], |model| {
        model
            .batches
            .shown()
            .iter()
            .map(|tracking| tracking.batch.id.0.clone())
            .collect()
    })
}
