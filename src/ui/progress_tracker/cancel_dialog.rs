//! Asks before a batch is stopped, and says what is saved and what is still paid for.

use leptos::prelude::*;

use crate::app::{Msg, Slice};
use crate::domain::batch::Batch;
use crate::domain::money::Usd;
use crate::domain::text::{counted, shortened};
use crate::ui::parts::dialog::Dialog;
use crate::ui::parts::erased::dynamic;
use crate::ui::parts::kit::{button, para};
use crate::ui::store::Store;

/// Asks before a batch is stopped.
#[component]
pub fn CancelDialog(store: Store) -> impl IntoView {
    let asking = store.watch(&[Slice::Batches], |model| model.batches.asking.clone());
    let close = Callback::new(move |()| store.send(Msg::CancelDropped));
    dynamic(move || {
        asking.get().map(|id| {
            let (for_words, for_title) = (id.clone(), id.clone());
            let words = store.memo(&[Slice::Batches], move |model| {
                model.batches.get(&for_words).map(|tracking| stop_words(&tracking.batch)).unwrap_or_default()
            });
            let title = store.peek(|model| model.batches.get(&for_title).map(|t| t.batch.title()).unwrap_or_default());
            let keep = button("Let it run", move || store.send(Msg::CancelDropped));
            let stop = button("Cancel the batch", move || store.send(Msg::CancelConfirmed(id.clone())))
                .class("button button-danger")
                .testid("confirm-cancel");
            let buttons = vec![keep.view(), stop.view()];
            view! {
                <Dialog labelled_by="cancel-heading" on_close=close>
                    <h2 id="cancel-heading">"Cancel “" <bdi>{shortened(&title, 90)}</bdi> "”?"</h2>
                    {para("", words)}
                    {para("muted", "Leads in progress are finished and paid for. Finished reports stay.")}
                    <div class="dialog-actions">{buttons}</div>
                </Dialog>
            }
        })
    })
}

/// How much has not been started yet, and about what that saves.
fn stop_words(batch: &Batch) -> String {
    let counts = batch.counts;
    if batch.status.is_terminal() {
        return "This batch has just ended; there is nothing to cancel any more.".to_owned();
    }
    let share = 1.0 - counts.percent() / 100.0;
    let saved = batch
        .estimated
        .and_then(|estimated| Usd::from_dollars(estimated.dollars() * share));
    let left = counted(counts.remaining() as usize, "lead");
    match saved {
        Some(saved) => format!(
            "Up to {left} are not processed yet. Not making them saves about {saved} of the approved {}.",
            batch.estimated.unwrap_or_default()
        ),
        None => format!("Up to {left} are not processed yet."),
    }
}
