//! Asks before batches are stopped, and says what is saved and what is still paid for.

use leptos::prelude::*;

use crate::app::progress_tracker::batches::Asking;
use crate::app::{Msg, Slice};
use crate::domain::text::shortened;
use crate::ui::kit::{Button, Dialog, Foreign, part};
use crate::ui::store::use_store;

/// The longest name that the question shows, in characters.
const NAME_SHOWN: usize = 90;

/// Asks before a batch is stopped, or all of a group; nothing while nobody wants that.
#[component]
pub fn CancelDialog() -> AnyView {
    let asking = use_store().select(&[Slice::Batches], |model| model.batches.asking.clone());
    part(move || match asking.get() {
        Some(asking) => view! { <Question asking /> }.into_any(),
        None => ().into_any(),
    })
}

#[component]
fn Question(
    /// What may be cancelled.
    asking: Asking,
) -> AnyView {
    let store = use_store();
    let title = shortened(&store.peek(|model| model.cancel_title()), NAME_SHOWN);
    // The batch may end while the question stands.
    let words = store.select(&[Slice::Batches], |model| model.cancel_words());
    let (start, label, confirmed) = match asking {
        Asking::Batch(id) => ("Cancel “", "Cancel the batch", Msg::CancelConfirmed(id)),
        Asking::Group(code) => (
            "Cancel all of “",
            "Cancel all that still run",
            Msg::GroupCancelConfirmed(code),
        ),
    };
    view! {
        <Dialog labelled_by="cancel-heading" on_close=move || store.send(Msg::CancelDropped)>
            <h2 id="cancel-heading">{start} <Foreign text=title /> "”?"</h2>
            <p class="">{words}</p>
            <p class="muted">"Leads in progress are finished and paid for. Finished reports stay."</p>
            <div class="dialog-actions">
                <Button label="Let it run" on_press=move || store.send(Msg::CancelDropped) />
                <Button
                    label=label
                    class="button button-danger"
                    testid="confirm-cancel"
                    on_press=move || store.send(confirmed.clone())
                />
            </div>
        </Dialog>
    }
    .into_any()
}
