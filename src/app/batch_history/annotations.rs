//! Pins and notes of past batches, kept in this browser.

use crate::app::effect::{Effect, StoreKey};
use crate::app::notifications::messages::Tone;
use crate::app::{Ctx, Model};
use crate::domain::batch::BatchId;
use crate::wire::stored;

/// Said where more would be too many.
const FULL: &str = "Pins and notes are kept for 300 batches at most. Take one away first.";

impl Model {
    pub(crate) fn restore_marks(&mut self, kept: Option<&str>) {
        self.views.marks = kept.map(stored::read_marks).unwrap_or_default();
    }

    pub(crate) fn batch_pinned(&mut self, id: &BatchId, pinned: bool, ctx: &mut Ctx) {
        let done = self.views.marks.pin(id, pinned);
        self.marks_changed(done, ctx);
    }

    pub(crate) fn note_written(&mut self, id: &BatchId, note: String, ctx: &mut Ctx) {
        let done = self.views.marks.write(id, note);
        self.marks_changed(done, ctx);
    }

    fn marks_changed(&mut self, done: bool, ctx: &mut Ctx) {
        if !done {
            // A note is written letter by letter; once is enough.
            if self.notices.toasts.iter().all(|toast| toast.text != FULL) {
                self.toast(Tone::Bad, FULL, ctx);
            }
            return;
        }
        let kept = stored::write_marks(&self.views.marks);
        ctx.emit(Effect::Store(StoreKey::Marks, Some(kept)));
    }
}
