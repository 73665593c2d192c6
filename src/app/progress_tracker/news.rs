//! News of a batch: what they change, and what is told of them.

use crate::app::notifications::messages::Tone;
use crate::app::parts::Task;
use crate::app::progress_tracker::batches::Cancel;
use crate::app::progress_tracker::groups::{group_reference, is_shared};
use crate::app::{Ctx, Model};
use crate::domain::batch::{Batch, BatchId, BatchStatus, LeadResult, Source};
use crate::domain::text::{counted, grouped};

impl Model {
    /// Notes with which others a batch was started: from its description, or as this browser remembers.
    pub(super) fn note_reference(&mut self, id: &BatchId) {
        let tracking = self.batches.get(id);
        let Some(tracking) = tracking.filter(|tracking| tracking.reference.is_none()) else {
            return;
        };
        let remembered = || Some(self.ledger.of_batch(id)?.plan.reference.clone());
        let reference = group_reference(&tracking.batch)
            .or_else(remembered)
            .filter(is_shared);
        if reference.is_some()
            && let Some(tracking) = self.batches.get_mut(id)
        {
            tracking.reference = reference;
        }
    }

    /// Takes in a batch that ended before this page was opened, and tells nobody: others of its group still run.
    pub(crate) fn take_ended(&mut self, batch: Batch, ctx: &Ctx) {
        let id = batch.id.clone();
        let tracking = self.batches.entry(&batch, ctx.now);
        tracking.batch.merge(batch, Source::Rest);
        self.note_reference(&id);
    }

    pub(crate) fn take_live_news(&mut self, news: Batch, ctx: &mut Ctx) {
        // Of batches that are not followed nothing is wanted: foreign messages are harmless thereby.
        if self.batches.get(&news.id).is_some() {
            self.take_news(news, Source::Live, ctx);
        }
    }

    pub(crate) fn take_lead_result(&mut self, id: &BatchId, result: LeadResult, ctx: &mut Ctx) {
        if let Some(tracking) = self.batches.get_mut(id) {
            tracking.note_failed(&result);
            tracking.batch.note_result(result);
            tracking.heard = ctx.now;
        }
    }

    pub(crate) fn cancel_announced(&mut self, id: &BatchId) {
        if let Some(tracking) = self.batches.get_mut(id)
            && !tracking.batch.status.is_terminal()
        {
            tracking.cancel = Cancel::Stopping;
        }
    }

    /// Merges news of a batch and tells what matters of it.
    pub(crate) fn take_news(&mut self, news: Batch, source: Source, ctx: &mut Ctx) {
        let id = news.id.clone();
        let now = ctx.now;
        let tracking = self.batches.entry(&news, now);
        let before = (tracking.batch.counts, tracking.batch.status.clone());
        for result in &news.recent {
            tracking.note_failed(result);
        }
        tracking.batch.merge(news, source);
        tracking.heard = now;
        tracking.samples.note(now, tracking.batch.counts.processed);
        tracking.error = None;
        if tracking.batch.counts != before.0 || tracking.batch.status != before.1 {
            tracking.moved = now;
        }
        let was_terminal = before.1.is_terminal();
        let is_terminal = tracking.batch.status.is_terminal();
        if is_terminal && !was_terminal {
            tracking.ended = Some(now);
        }
        let changed_end = was_terminal && tracking.batch.status != before.1;
        if changed_end {
            let first = tracking.first_end.take().unwrap_or(before.1);
            tracking.first_end = (first != tracking.batch.status).then_some(first);
        }
        if source == Source::Rest {
            self.note_reference(&id);
        }
        self.tell_progress(&id);
        if is_terminal && (!was_terminal || changed_end) {
            let ended = self.batches.get(&id).map(|tracking| tracking.batch.clone());
            if let Some(batch) = ended {
                self.note_end(&batch, ctx);
            }
            self.tell_end(&id, ctx);
            self.tell_history(Task::ResultsOutdated(id), ctx);
        }
    }

    fn tell_progress(&mut self, id: &BatchId) {
        let Some(tracking) = self.batches.get_mut(id) else {
            return;
        };
        if tracking.batch.status.is_terminal() {
            return;
        }
        let counts = tracking.batch.counts;
        let quarter = (counts.percent() / 25.0) as u32;
        let mut words = None;
        if counts.failed > 0 && !tracking.announced_failure {
            tracking.announced_failure = true;
            words = Some(format!("{}: a lead has failed.", tracking.batch.title()));
        }
        if quarter > tracking.announced_quarter {
            tracking.announced_quarter = quarter;
            words = Some(format!(
                "{}: {} percent done.",
                tracking.batch.title(),
                quarter * 25
            ));
        }
        if let Some(words) = words {
            self.notices.announce(words);
        }
    }

    fn tell_end(&mut self, id: &BatchId, ctx: &mut Ctx) {
        let Some(tracking) = self.batches.get(id) else {
            return;
        };
        let batch = &tracking.batch;
        let is_mine = self.is_mine(batch);
        let counts = batch.counts;
        let title = batch.title();
        let (tone, words) = match batch.status {
            BatchStatus::Cancelled => (
                Tone::Neutral,
                format!(
                    "{title} is cancelled: {} of {} were processed.",
                    grouped(counts.processed.into()),
                    counted(counts.total as usize, "lead")
                ),
            ),
            _ => match batch.contradiction() {
                Some(contradiction) => (Tone::Neutral, format!("{title}: {contradiction}")),
                None if batch.status == BatchStatus::Failed => {
                    (Tone::Bad, format!("{title} has failed."))
                }
                None if counts.failed > 0 => (
                    Tone::Neutral,
                    format!(
                        "{title} is completed: {} succeeded, {} failed.",
                        grouped(counts.successful.into()),
                        grouped(counts.failed.into())
                    ),
                ),
                None => (
                    Tone::Good,
                    format!(
                        "{title} is completed: {} succeeded.",
                        counted(counts.successful as usize, "lead")
                    ),
                ),
            },
        };
        self.tell_ended(is_mine, tone, words, ctx);
        self.tell_history(Task::HistoryOutdated, ctx);
    }
}
