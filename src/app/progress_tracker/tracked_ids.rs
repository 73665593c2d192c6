//! Which batches this tab has tracked: a reload finds them again, those too that ended meanwhile.

use crate::app::effect::{Effect, StoreKey};
use crate::app::{Ctx, Model};
use crate::domain::batch::{Batch, BatchId, Source};

/// So many are remembered, newest first.
const REMEMBERED: usize = 50;
/// Stands behind the identifier of one whose end was told already.
const ENDED: char = '!';

/// What the page before this one had on its list, and what was last kept for the next one.
#[derive(Debug, Default)]
pub struct TrackedIds {
    /// Not found again yet, each with whether its end was told.
    pub(crate) missed: Vec<(BatchId, bool)>,
    kept: Option<String>,
}

impl Model {
    pub(crate) fn restore_tracked_ids(&mut self, kept: Option<String>) {
        let each = |word: &str| match word.strip_suffix(ENDED) {
            Some(id) => (BatchId(id.to_owned()), true),
            None => (BatchId(word.to_owned()), false),
        };
        let words = kept.as_deref().unwrap_or_default().split(' ');
        let words = words.filter(|word| !word.is_empty());
        self.tracked_ids.missed = words.map(each).collect();
        self.tracked_ids.kept = kept;
    }

    /// The list of the server was read. What ended while the page was loaded anew is told now.
    pub(crate) fn find_tracked_ids(&mut self, listed: &[Batch], ctx: &mut Ctx) {
        for (id, was_told) in std::mem::take(&mut self.tracked_ids.missed) {
            let batch = listed.iter().find(|batch| batch.id == id).cloned();
            let Some(batch) = batch.filter(|_| self.batches.get(&id).is_none()) else {
                continue;
            };
            match was_told {
                true => self.take_ended(batch, ctx),
                false => self.take_news(batch, Source::Rest, ctx),
            }
        }
    }

    /// Keeps the list for the page after this one.
    pub(crate) fn sync_tracked_ids(&mut self, ctx: &mut Ctx) {
        let tracked_ids = &self.tracked_ids;
        let shown = self.batches.shown().iter().filter(|it| !it.is_dismissed);
        let shown = shown.map(|it| (&it.batch.id, it.batch.status.is_terminal()));
        let missed = tracked_ids
            .missed
            .iter()
            .map(|(id, was_told)| (id, *was_told));
        let mut words = String::new();
        for (id, was_told) in shown.chain(missed).take(REMEMBERED) {
            words.push_str(&id.0);
            words.extend(was_told.then_some(ENDED));
            words.push(' ');
        }
        let words = (!words.is_empty()).then_some(words);
        if words != tracked_ids.kept {
            ctx.emit(Effect::Store(StoreKey::Watched, words.clone()));
            self.tracked_ids.kept = words;
        }
    }
}
