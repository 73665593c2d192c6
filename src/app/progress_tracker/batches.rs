//! The batches that run, and those that ended while somebody watched.

use std::rc::Rc;

use crate::app::cost_preview::expected::Ended;
use crate::app::{Shared, Tracked};
use crate::domain::batch::{Batch, BatchId, BatchStatus, LeadResult, LeadStatus, STALLED_AFTER};
use crate::domain::pace::{Pace, Samples};
use crate::domain::plan::ClientReference;
use crate::domain::time::{Duration, Millis, SECOND};
use crate::error::Error;

/// A batch that was cancelled is still watched so long: the real server goes on for a while and then says otherwise.
const CANCEL_SETTLES: Duration = 20 * SECOND;

/// So many failed leads of a batch are kept: all of the server's largest.
const FAILED_KEPT: usize = 1_000;

/// Running and recently ended batches.
#[derive(Debug, Default)]
pub struct Batches {
    /// Newest first.
    tracked: Vec<Shared<Tracking>>,
    /// What may be cancelled, once a person says so.
    pub asking: Option<Asking>,
    /// Why the running batches could not be read.
    pub error: Option<Error>,
    /// They were read at least once.
    pub known: bool,
    /// Those of the list that were carried out in full, newest first.
    pub(crate) ended: Tracked<Vec<Ended>>,
}

/// What may be cancelled.
#[derive(Clone, Debug, PartialEq)]
pub enum Asking {
    Batch(BatchId),
    /// All that still run of those with this code.
    Group(String),
}

/// One batch under watch.
#[derive(Clone, Debug, PartialEq)]
pub struct Tracking {
    pub batch: Batch,
    /// When the server last said something of it.
    pub heard: Millis,
    /// When its counts last moved.
    pub moved: Millis,
    pub cancel: Cancel,
    /// Why its status could not be read.
    pub error: Option<Error>,
    /// Another batch that came of the same approval.
    pub twin: Option<BatchId>,
    /// The end that the server told before, where it has corrected itself since.
    pub first_end: Option<BatchStatus>,
    /// The reference of one batch of several that one approval started.
    pub(crate) reference: Option<ClientReference>,
    /// Its card was dismissed; its group counts it all the same.
    pub(crate) is_dismissed: bool,
    /// When it was first known to have ended.
    pub(super) ended: Option<Millis>,
    /// What was counted, and when.
    pub(super) samples: Samples,
    /// Leads that failed, as far as anybody told; shared, because it changes seldom and is copied with every message.
    failed: Rc<Vec<LeadResult>>,
    pub(super) announced_quarter: u32,
    pub(super) announced_failure: bool,
}

/// How far a cancellation has got.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Cancel {
    #[default]
    None,
    /// The server has not answered yet.
    Requested,
    /// The server agreed; leads in flight are finished.
    Stopping,
    /// The server's or the app's words why it was not done.
    Refused(String),
}

impl Tracking {
    fn new(news: &Batch, now: Millis) -> Self {
        Self {
            batch: Batch {
                created: news.created,
                ..Batch::unknown(news.id.clone())
            },
            heard: now,
            // A batch that this page meets in the middle has moved just now, as far as anybody knows.
            moved: now,
            cancel: Cancel::None,
            error: None,
            twin: None,
            first_end: None,
            reference: None,
            is_dismissed: false,
            ended: None,
            samples: Samples::default(),
            failed: Rc::default(),
            announced_quarter: 0,
            announced_failure: false,
        }
    }

    /// Running, but nothing has moved for a while. While no news come nobody knows whether anything moves, so what
    /// counts is how long it stood still by the last news.
    pub fn stalled_since(&self, now: Millis) -> Option<Millis> {
        let running = self.batch.status == BatchStatus::Running;
        let known = match self.samples.is_stale(now) {
            true => self.heard,
            false => now,
        };
        (running && known - self.moved >= STALLED_AFTER).then_some(self.moved)
    }

    /// How fast it goes, and how long the rest takes.
    pub fn pace(&self, now: Millis) -> Pace {
        match (&self.batch.status, self.stalled_since(now)) {
            (status, _) if status.is_terminal() => Pace::Ended,
            (_, Some(since)) => Pace::Stalled { since },
            (BatchStatus::Pending, None) => Pace::Early,
            _ => self.samples.pace(self.batch.counts.total, now),
        }
    }

    /// The points of a small chart, at most 60: seconds since it was first seen here, and leads processed.
    pub fn series(&self) -> Vec<(f64, u32)> {
        self.samples.series()
    }

    /// Results of single leads, as far as news told them: those that failed, and the newest.
    pub(crate) fn told_results(&self) -> Vec<LeadResult> {
        self.failed
            .iter()
            .chain(&self.batch.recent)
            .cloned()
            .collect()
    }

    pub(super) fn note_failed(&mut self, result: &LeadResult) {
        let is_known = |known: &LeadResult| known.lead == result.lead;
        let is_new = result.status == LeadStatus::Failed && !self.failed.iter().any(is_known);
        if is_new && self.failed.len() < FAILED_KEPT {
            Rc::make_mut(&mut self.failed).push(result.clone());
        }
    }

    /// It can be asked to stop.
    pub fn can_cancel(&self) -> bool {
        !self.batch.status.is_terminal()
            && !matches!(self.cancel, Cancel::Requested | Cancel::Stopping)
    }

    /// How the server has corrected itself about the end, in words.
    pub fn correction(&self) -> Option<String> {
        let first = self.first_end.as_ref()?;
        Some(format!(
            "The server first reported this batch as {}, and now as {}.",
            first.code(),
            self.batch.status.code()
        ))
    }

    /// What people read of its state.
    pub fn state_words(&self) -> &str {
        match (&self.cancel, self.batch.status.is_terminal()) {
            (Cancel::Requested, false) => "Cancelling: asked the server",
            (Cancel::Stopping, false) => "Stopping: leads in progress are being finished",
            _ => self.batch.status.label(),
        }
    }
}

impl Batches {
    /// Newest first.
    pub fn shown(&self) -> &[Shared<Tracking>] {
        &self.tracked
    }

    /// One batch under watch.
    pub fn get(&self, id: &BatchId) -> Option<&Shared<Tracking>> {
        self.tracked
            .iter()
            .find(|tracking| tracking.batch.id == *id)
    }

    pub(crate) fn get_mut(&mut self, id: &BatchId) -> Option<&mut Tracking> {
        self.tracked
            .iter_mut()
            .find(|tracking| tracking.batch.id == *id)
            .map(Shared::make_mut)
    }

    /// The batch under watch; one that is new takes its place by age.
    pub(super) fn entry(&mut self, news: &Batch, now: Millis) -> &mut Tracking {
        let known = self
            .tracked
            .iter()
            .position(|tracking| tracking.batch.id == news.id);
        let place = known.unwrap_or_else(|| {
            let older = |tracking: &Shared<Tracking>| tracking.batch.created < news.created;
            let place = self
                .tracked
                .iter()
                .position(older)
                .unwrap_or(self.tracked.len());
            self.tracked
                .insert(place, Shared::new(Tracking::new(news, now)));
            place
        });
        self.tracked[place].make_mut()
    }

    /// Takes batches out of sight.
    pub(crate) fn forget(&mut self, is_meant: impl Fn(&Tracking) -> bool) {
        self.tracked.retain(|tracking| !is_meant(tracking));
    }

    /// Another number whenever other batches than before are known to have been carried out in full.
    pub fn ended_revision(&self) -> u64 {
        self.ended.revision()
    }

    /// Those that are not finished, newest first.
    pub fn unfinished(&self) -> impl Iterator<Item = &Batch> {
        let batches = self.tracked.iter().map(|tracking| &tracking.batch);
        batches.filter(|batch| !batch.status.is_terminal())
    }

    /// How many are not finished.
    pub fn running(&self) -> usize {
        self.unfinished().count()
    }

    /// The batches whose news are wanted.
    pub(crate) fn to_follow(&self, now: Millis) -> Vec<BatchId> {
        let wanted = |tracking: &&Shared<Tracking>| {
            !tracking.batch.status.is_terminal()
                || (tracking.batch.status == BatchStatus::Cancelled
                    && tracking.ended.is_some_and(|at| now - at < CANCEL_SETTLES))
        };
        self.tracked
            .iter()
            .filter(wanted)
            .map(|tracking| tracking.batch.id.clone())
            .collect()
    }

    /// How far the running batches are together, in whole percent; nothing where none runs.
    pub(crate) fn percent(&self) -> Option<u32> {
        let (mut done, mut total) = (0_u64, 0_u64);
        for batch in self.unfinished() {
            done += u64::from(batch.counts.processed);
            total += u64::from(batch.counts.total);
        }
        (total > 0).then(|| (done * 100 / total) as u32)
    }

    /// The window's title: how far the running batches are.
    pub(crate) fn title(&self) -> String {
        let mut running = self
            .tracked
            .iter()
            .filter(|tracking| !tracking.batch.status.is_terminal());
        match (running.next(), running.count()) {
            (None, _) => "Batch Runner".to_owned(),
            (Some(only), 0) => format!("{} % · Batch Runner", only.batch.counts.percent() as u32),
            (Some(_), more) => format!("{} running · Batch Runner", more + 1),
        }
    }
}
