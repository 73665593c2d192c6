//! Reading what runs: the newest batches, and one at a time what was missed of it.

use crate::app::cost_preview::expected::Ended;
use crate::app::notifications::messages::Tone;
use crate::app::parts::Task;
use crate::app::progress_tracker::groups::group_reference;
use crate::app::requests::Slot;
use crate::app::{Ctx, Model};
use crate::domain::batch::{Batch, BatchId, Source};
use crate::error::{Error, Kind};
use crate::wire::rest::{BatchQuery, Reply, Request};

/// So many batches are read to find those that run.
pub(crate) const LIST_LIMIT: u32 = 100;

/// More batches than this are caught up with by one read of the list.
const STATUS_READS: usize = 2;

impl Model {
    pub(crate) fn read_batch_list(&mut self, ctx: &mut Ctx) {
        let query = BatchQuery {
            limit: LIST_LIMIT,
            ..BatchQuery::default()
        };
        self.send_if_free(Slot::BatchList, Request::Batches(query), ctx);
    }

    pub(crate) fn batch_list_answered(&mut self, result: Result<Reply, Error>, ctx: &mut Ctx) {
        match result {
            Ok(Reply::Batches(page)) => {
                self.batches.error = None;
                self.batches.known = true;
                let ended: Vec<_> = page.batches.iter().filter_map(Ended::of).collect();
                if *self.batches.ended != ended {
                    *self.batches.ended = ended;
                }
                self.launch_listed(Ok(&page.batches), ctx);
                self.look_behind(&page.batches, ctx);
                self.ledger_listed(&page.batches, ctx);
                let listed = page.batches.clone();
                let running = listed.iter().filter(|batch| !batch.status.is_terminal());
                let running: Vec<_> = running.filter_map(group_reference).collect();
                let is_of_running = |batch: &Batch| {
                    let own = group_reference(batch);
                    own.is_some_and(|own| running.iter().any(|it| it.code() == own.code()))
                };
                for batch in page.batches {
                    if self.batches.get(&batch.id).is_some() || !batch.status.is_terminal() {
                        self.take_news(batch, Source::Rest, ctx);
                    } else if is_of_running(&batch) {
                        self.take_ended(batch, ctx);
                    }
                }
                self.find_tracked_ids(&listed, ctx);
                self.rerun_listed(&listed);
                self.tell_duplicates(&listed, ctx);
                self.tell_history(Task::BatchesListed(listed), ctx);
            }
            Ok(_) => {}
            Err(error) => {
                self.batches.error = Some(error);
                self.launch_listed(Err(()), ctx);
            }
        }
        self.tell_history(Task::DetailsSynced, ctx);
        self.overlap_listed(ctx);
    }

    /// Two batches with one client reference are one approval that was sent twice. The page sends it once, but a
    /// browser may repeat a request by itself when a kept connection is cut before any answer.
    fn tell_duplicates(&mut self, listed: &[Batch], ctx: &mut Ctx) {
        for (place, batch) in listed.iter().enumerate() {
            let Some(own) = batch.reference() else {
                continue;
            };
            let duplicate = listed[place + 1..]
                .iter()
                .find(|other| other.reference().as_ref() == Some(&own));
            let Some(duplicate) = duplicate else { continue };
            for (one, other) in [(batch, duplicate), (duplicate, batch)] {
                if let Some(tracking) = self.batches.get_mut(&one.id) {
                    let told = tracking.twin.replace(other.id.clone()).is_some();
                    let words = format!(
                        "{} was started twice by one approval: the other is batch {}. Cancel one of them.",
                        tracking.batch.title(),
                        other.id.short()
                    );
                    if !told && one.id == batch.id {
                        self.toast(Tone::Bad, words, ctx);
                    }
                }
            }
        }
    }

    /// Reads what may have been missed.
    pub(crate) fn catch_up(&mut self, ids: Vec<BatchId>, ctx: &mut Ctx) {
        if ids.len() > STATUS_READS {
            return self.read_batch_list(ctx);
        }
        for id in ids {
            self.send_if_free(Slot::Status(id.clone()), Request::Status(id), ctx);
        }
    }

    pub(crate) fn status_answered(
        &mut self,
        id: &BatchId,
        result: Result<Reply, Error>,
        ctx: &mut Ctx,
    ) {
        match result {
            Ok(Reply::Status(batch)) => {
                let told = Box::new(Ok((*batch).clone()));
                self.tell_history(Task::StatusTold(id.clone(), told), ctx);
                if self.batches.get(id).is_some() {
                    self.take_news(*batch, Source::Rest, ctx);
                }
            }
            Ok(_) => {}
            Err(error) => {
                let told = Box::new(Err(error.clone()));
                self.tell_history(Task::StatusTold(id.clone(), told), ctx);
                if let Some(tracking) = self.batches.get_mut(id) {
                    // The real server fails on the status of a batch with a failed lead; its list still tells the counts.
                    if matches!(error.kind, Kind::Server(..)) {
                        self.read_batch_list(ctx);
                    } else {
                        tracking.error = Some(error);
                    }
                }
            }
        }
        self.tell_history(Task::DetailsSynced, ctx);
    }

    /// Watches a batch that was just started, known or not.
    pub(crate) fn follow_batch(&mut self, id: BatchId, ctx: &mut Ctx) {
        if self.batches.get(&id).is_none() {
            // It may have ended already: only what is tracked is told of then.
            let placeholder = Batch {
                created: Some(ctx.now),
                ..Batch::unknown(id.clone())
            };
            self.batches.entry(&placeholder, ctx.now);
            self.send(Slot::Status(id.clone()), Request::Status(id.clone()), ctx);
        }
        self.note_reference(&id);
        self.read_batch_list(ctx);
    }
}
