//! Asks before batches are stopped, and says what is saved and what is still paid for.

use leptos::prelude::Callback;

use crate::app::progress_tracker::batches::Asking;
use crate::app::{Msg, Slice};
use crate::domain::text::shortened;
use crate::ui::dom::{Node, dynamic, el};
use crate::ui::parts::dialog::dialog;
use crate::ui::parts::kit::{button, foreign, para};
use crate::ui::store::Store;

/// Asks before a batch is stopped, or all of a group.
pub fn cancel_dialog(store: Store) -> Node {
    let asking = store.watch(&[Slice::Batches], |model| model.batches.asking.clone());
    dynamic(move || asking.get().map(|asking| question(store, asking)))
}

fn question(store: Store, asking: Asking) -> Node {
    let title = shortened(&store.peek(|model| model.cancel_title()), 90);
    let words = store.watch(&[Slice::Batches], |model| model.cancel_words());
    let keep = button("Let it run", move || store.send(Msg::CancelDropped));
    let (start, label, confirmed) = match asking {
        Asking::Batch(id) => ("Cancel “", "Cancel the batch", Msg::CancelConfirmed(id)),
        Asking::Group(code) => (
            "Cancel all of “",
            "Cancel all that still run",
            Msg::GroupCancelConfirmed(code),
        ),
    };
    let stop = button(label, move || store.send(confirmed.clone()))
        .class("button button-danger")
        .testid("confirm-cancel");
    let heading = el("h2")
        .attr("id", "cancel-heading")
        .child(start)
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
