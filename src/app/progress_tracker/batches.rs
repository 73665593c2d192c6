//! The batches that run, and those that ended while somebody watched.

use std::rc::Rc;

use crate::app::cost_preview::expected::Ended;
use crate::app::notifications::messages::Tone;
use crate::app::parts::Task;
use crate::app::progress_tracker::groups::{group_reference, is_shared};
use crate::app::requests::Slot;
use crate::app::{Ctx, Model, Shared, Tracked};
use crate::domain::batch::{
    Batch, BatchId, BatchStatus, LeadResult, LeadStatus, STALLED_AFTER, Source,
};
use crate::domain::pace::{Pace, Samples};
use crate::domain::plan::ClientReference;
use crate::domain::text::{counted, grouped};
use crate::domain::time::{Duration, Millis, SECOND};
use crate::error::{Error, Kind};
use crate::wire::rest::{BatchQuery, Reply, Request};

/// A batch that was cancelled is still watched so long: the real server goes on for a while and then says otherwise.
const CANCEL_SETTLES: Duration = 20 * SECOND;
/// So many batches are read to find those that run.
pub(crate) const LIST_LIMIT: u32 = 100;
/// More batches than this are caught up with by one read of the list.
const STATUS_READS: usize = 2;

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
    /// Its card was put away; its group counts it all the same.
    pub(crate) away: bool,
    /// When it was first known to have ended.
    ended: Option<Millis>,
    /// What was counted, and when.
    samples: Samples,
    /// Leads that failed, as far as anybody told; shared, because it changes seldom and is copied with every message.
    failed: Rc<Vec<LeadResult>>,
    announced_quarter: u32,
    announced_failure: bool,
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
            away: false,
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

    fn note_failed(&mut self, result: &LeadResult) {
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
    fn entry(&mut self, news: &Batch, now: Millis) -> &mut Tracking {
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
                self.find_watched(&listed, ctx);
                self.rerun_listed(&listed);
                self.tell_twins(&listed, ctx);
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
    fn tell_twins(&mut self, listed: &[Batch], ctx: &mut Ctx) {
        for (place, batch) in listed.iter().enumerate() {
            let Some(own) = batch.reference() else {
                continue;
            };
            let twin = listed[place + 1..]
                .iter()
                .find(|other| other.reference().as_ref() == Some(&own));
            let Some(twin) = twin else { continue };
            for (one, other) in [(batch, twin), (twin, batch)] {
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

    /// Notes with which others a batch was started: from its description, or as this browser remembers.
    fn note_reference(&mut self, id: &BatchId) {
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

    pub(crate) fn cancel_confirmed(&mut self, id: BatchId, ctx: &mut Ctx) {
        self.batches.asking = None;
        self.cancel(id, ctx);
    }

    /// Asks the server to stop a batch that can still be stopped.
    pub(crate) fn cancel(&mut self, id: BatchId, ctx: &mut Ctx) {
        let Some(tracking) = self
            .batches
            .get_mut(&id)
            .filter(|tracking| tracking.can_cancel())
        else {
            return;
        };
        tracking.cancel = Cancel::Requested;
        self.send(Slot::Cancel(id.clone()), Request::Cancel(id), ctx);
    }

    pub(crate) fn cancel_answered(
        &mut self,
        id: &BatchId,
        result: Result<Reply, Error>,
        ctx: &mut Ctx,
    ) {
        let Some(tracking) = self.batches.get_mut(id) else {
            return;
        };
        match result {
            Ok(_) => {
                tracking.cancel = Cancel::Stopping;
                self.notices.announce("The server is stopping the batch.");
            }
            Err(error) => {
                let words = match &error.kind {
                    Kind::Refused(_) => "The server says that this batch cannot be cancelled any more; it may have just ended.".to_owned(),
                    _ => error.to_string(),
                };
                tracking.cancel = Cancel::Refused(words.clone());
                // Of several that are cancelled together it is told which one.
                let words = match tracking.group() {
                    Some(_) => format!("{}: {words}", tracking.batch.title()),
                    None => words,
                };
                self.toast(Tone::Bad, words, ctx);
            }
        }
        self.send(Slot::Status(id.clone()), Request::Status(id.clone()), ctx);
        self.read_batch_list(ctx);
    }
}
