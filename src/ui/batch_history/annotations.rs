//! The pin and the note of a batch, kept in this browser.

use leptos::prelude::*;

use crate::app::{Msg, Slice};
use crate::domain::batch::BatchId;
use crate::domain::marks::NOTE_MAX;
use crate::ui::kit::{Labelled, Toggle};
use crate::ui::store::use_store;

const READS: &[Slice] = &[Slice::Views];
const NOTE: &str = "batch-note";

/// Pins a batch and takes a note of it.
#[component]
pub fn Annotations(
    /// The batch.
    id: BatchId,
) -> AnyView {
    let store = use_store();
    let (for_pinned, for_note, for_words) = (id.clone(), id.clone(), id.clone());
    let pinned = store.select(READS, move |model| model.views.marks.is_pinned(&for_pinned));
    let note = store.select(READS, move |model| {
        model.views.marks.note(&for_words).to_owned()
    });
    let pin = move || {
        let pinned = !pinned.get_untracked();
        store.send(Msg::BatchPinned(id.clone(), pinned));
    };
    let write = move |text| store.send(Msg::NoteWritten(for_note.clone(), text));
    view! {
        <div class="marks">
            <Toggle pressed=pinned testid="pin-batch" on_press=pin>
                <Star pinned />
                " Pin"
            </Toggle>
            <Labelled id=NOTE label="Note">
                <textarea
                    id=NOTE
                    data-testid=NOTE
                    rows="2"
                    maxlength=NOTE_MAX.to_string()
                    aria-describedby="batch-note-hint"
                    prop:value=note.signal()
                    on:input=move |event| write(event_target_value(&event))
                ></textarea>
                <p class="field-hint" id="batch-note-hint">
                    "Pin and note are kept in this browser only, also after you sign out: whoever uses it can see them."
                </p>
            </Labelled>
        </div>
    }
    .into_any()
}

/// How a pin looks, apart from any colour.
#[component]
pub fn Star(
    /// Whether it is set.
    #[prop(into)]
    pinned: Signal<bool>,
) -> AnyView {
    Signal::derive(move || if pinned.get() { "★" } else { "☆" }.to_owned()).into_any()
}
