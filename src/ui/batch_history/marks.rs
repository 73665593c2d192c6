//! The pin and the note of a batch, kept in this browser.

use super::table::star;
use crate::app::{Msg, Slice};
use crate::domain::batch::BatchId;
use crate::domain::marks::NOTE_MAX;
use crate::ui::dom::{Element, el};
use crate::ui::live::follow;
use crate::ui::parts::kit::{labelled, para, toggle, typed};
use crate::ui::store::Store;

const VIEWS: &[Slice] = &[Slice::Views];
const NOTE: &str = "batch-note";

/// Pins a batch and takes a note of it.
pub fn marks(store: Store, id: BatchId) -> Element {
    let (for_pin, for_note, for_change) = (id.clone(), id.clone(), id.clone());
    let pinned = store.watch(VIEWS, move |model| model.views.marks.is_pinned(&for_pin));
    let note = store.watch(VIEWS, move |model| {
        model.views.marks.note(&for_note).to_owned()
    });
    let pin = toggle("button", pinned, move || {
        let pinned = !pinned.get_untracked();
        store.send(Msg::BatchPinned(id.clone(), pinned));
    });
    let words = follow(move || format!("{} Pin", star(pinned.get())));
    let write = move |text| store.send(Msg::NoteWritten(for_change.clone(), text));
    let control = el("textarea")
        .attr("id", NOTE)
        .testid(NOTE)
        .attr("rows", "2")
        .attr("maxlength", NOTE_MAX.to_string())
        .attr("aria-describedby", "batch-note-hint")
        .prop("value", note)
        .on("input", typed(write));
    let hint = el("p").class("field-hint").attr("id", "batch-note-hint");
    let hint = hint.child(
        "Pin and note are kept in this browser only, also after you sign out: whoever uses it can see them.",
    );
    el("div")
        .class("marks")
        .child(pin.testid("pin-batch").child(words))
        .child(labelled("field", NOTE, "Note", [control, hint]))
}

/// The note of a batch in the list, so far as there is room.
pub fn note_hint(note: &str) -> Option<crate::ui::dom::Node> {
    let note = crate::domain::text::shortened(note.trim(), 80);
    (!note.is_empty()).then(|| para("note-hint", format!("Note: {note}")))
}
