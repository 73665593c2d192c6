//! Asks before a batch is stopped, and says what is saved and what is still paid for.

use leptos::prelude::Callback;

use crate::app::{Msg, Slice};
use crate::domain::batch::{Batch, BatchId};
use crate::domain::money::Usd;
use crate::domain::text::{counted, shortened};
use crate::ui::dom::{Node, dynamic, el};
use crate::ui::parts::dialog::dialog;
use crate::ui::parts::kit::{button, foreign, para};
use crate::ui::store::Store;

/// Asks before a batch is stopped.
pub fn cancel_dialog(store: Store) -> Node {
    let asking = store.watch(&[Slice::Batches], |model| model.batches.asking.clone());
    dynamic(move || asking.get().map(|id| question(store, id)))
}

fn question(store: Store, id: BatchId) -> Node {
    let title = store.peek(|model| {
        let tracking = model.batches.get(&id);
        tracking.map(|tracking| tracking.batch.title())
    });
    let title = shortened(&title.unwrap_or_default(), 90);
    let for_words = id.clone();
    let words = store.watch(&[Slice::Batches], move |model| {
        let tracking = model.batches.get(&for_words);
        tracking
            .map(|tracking| stop_words(&tracking.batch))
            .unwrap_or_default()
    });
    let keep = button("Let it run", move || store.send(Msg::CancelDropped));
    let stop = button("Cancel the batch", move || {
        store.send(Msg::CancelConfirmed(id.clone()))
    })
    .class("button button-danger")
    .testid("confirm-cancel");
    let heading = el("h2")
        .attr("id", "cancel-heading")
        .child("Cancel “")
        .child(foreign(title))
        .child("”?");
    let billed = "Leads in progress are finished and paid for. Finished reports stay.";
    let actions = el("div").class("dialog-actions");
    let content = [
        heading.into(),
        para("", words),
        para("muted", billed),
        actions.child([keep.view(), stop.view()]).into(),
    ];
    let close = Callback::new(move |()| store.send(Msg::CancelDropped));
    dialog("cancel-heading", Some(close), content)
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
