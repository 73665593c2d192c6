//! The window's title and icon: how far the running batches are.

use crate::app::{Ctx, Effect, Model};

impl Model {
    /// Keeps the window's title and icon telling how far the running batches are.
    pub(crate) fn sync_title(&mut self, ctx: &mut Ctx) {
        let title = match self.away.count() {
            0 => self.batches.title(),
            ended => format!("({ended}) {}", self.batches.title()),
        };
        let percent = self.batches.percent();
        if percent != self.icon {
            self.icon = percent;
            ctx.emit(Effect::SetIcon(percent));
        }
        if title != self.title {
            self.title.clone_from(&title);
            ctx.emit(Effect::SetTitle(title));
        }
    }
}
