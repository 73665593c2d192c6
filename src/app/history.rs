//! Past batches: the list, one batch's details, and running one again.

use super::net::{Slot, unexpected};
use super::remote::Remote;
use super::rerun::RerunWhat;
use super::{Ctx, Model};
use crate::domain::batch::{Batch, BatchId, Source};
use crate::domain::text::{counted, grouped};
use crate::error::Error;
use crate::route::{HistoryQuery, View};
use crate::wire::rest::{BatchLeadPage, BatchPage, BatchQuery, Reply, Request};

/// Batches on a page of the history.
pub const PAGE_SIZE: u32 = 25;
/// The server does not filter by status: so many are read and filtered here. Its largest page.
pub const FILTERED_FROM: u32 = 200;
/// Per-lead results that are read at once: those of the server's largest batch, because causes, exports and reruns need
/// them all.
pub(super) const RESULTS_LIMIT: u32 = 1_000;

/// Past batches.
#[derive(Debug, Default)]
pub struct History {
    pub page: Remote<BatchPage>,
    pub details: Option<Details>,
    /// Reruns whose leads the server is asked for.
    pub(super) reruns: Vec<(BatchId, RerunWhat)>,
}

/// One batch, looked at closely.
#[derive(Debug)]
pub struct Details {
    pub id: BatchId,
    pub batch: Remote<Batch>,
    pub results: Remote<BatchLeadPage>,
    /// The results of the batches that ran the same leads before and after it, where the server tells them.
    pub(super) attempts: Vec<(BatchId, Remote<BatchLeadPage>)>,
}

impl History {
    /// The batches that match `query`, which the server may have answered only in part.
    pub fn matching(&self, query: &HistoryQuery) -> Vec<&Batch> {
        let all = self
            .page
            .value()
            .map(|page| page.batches.as_slice())
            .unwrap_or_default();
        all.iter()
            .filter(|batch| {
                query
                    .status
                    .as_ref()
                    .is_none_or(|status| batch.status == *status)
            })
            .collect()
    }

    /// How many pages there are; a list that is filtered here has one.
    pub fn page_count(&self, query: &HistoryQuery) -> u32 {
        match (&query.status, self.page.value()) {
            (None, Some(page)) => page.total.div_ceil(PAGE_SIZE).max(1),
            _ => 1,
        }
    }

    /// Says what a list that is filtered here leaves out.
    pub fn partial_words(&self, query: &HistoryQuery) -> Option<String> {
        let page = self.page.value()?;
        query.status.as_ref()?;
        let read = page.batches.len();
        let found = self.matching(query).len();
        let of = if page.total as usize > read {
            format!(
                "the newest {} of {} batches; older ones are not searched",
                grouped(read as u64),
                grouped(page.total.into())
            )
        } else {
            counted(read, "batch").replace("batchs", "batches")
        };
        Some(format!("{} found among {of}.", grouped(found as u64)))
    }
}

impl Model {
    pub(crate) fn read_history(&mut self, ctx: &mut Ctx) {
        if !self.session.is_inside() {
            return;
        }
        let HistoryQuery {
            status,
            template,
            mine,
            page,
        } = self.route.history.clone();
        if mine && self.session.user.is_none() {
            // Never everybody's batches under “only mine”: whose they are is asked first.
            self.history.page.load(ctx.now);
            return self.send_if_free(Slot::Me, Request::Me, ctx);
        }
        let (skip, limit) = if status.is_some() {
            (0, FILTERED_FROM)
        } else {
            (page.saturating_mul(PAGE_SIZE), PAGE_SIZE)
        };
        let created_by = mine
            .then(|| self.session.user.as_ref().map(|user| user.email.clone()))
            .flatten();
        let query = BatchQuery {
            skip,
            limit,
            created_by,
            template,
            ..BatchQuery::default()
        };
        self.history.page.load(ctx.now);
        self.send(Slot::History, Request::Batches(query), ctx);
    }

    pub(crate) fn history_answered(&mut self, result: Result<Reply, Error>, ctx: &mut Ctx) {
        let result = result.and_then(|reply| match reply {
            Reply::Batches(page) => Ok(page),
            _ => Err(unexpected("load the batches")),
        });
        if let Ok(page) = &result {
            for batch in page
                .batches
                .iter()
                .filter(|batch| self.batches.get(&batch.id).is_some())
                .cloned()
                .collect::<Vec<_>>()
            {
                self.take_news(batch, Source::Rest, ctx);
            }
        }
        let listed = result
            .as_ref()
            .map_or_else(|_| Vec::new(), |page| page.batches.clone());
        self.history.page.settle(result, ctx.now);
        self.details_listed(&listed);
    }

    /// The list tells what a batch's status leaves out, such as its name.
    pub(crate) fn details_listed(&mut self, batches: &[Batch]) {
        let Some(details) = &self.history.details else {
            return;
        };
        let listed = batches.iter().find(|batch| batch.id == details.id);
        let Some(listed) = listed.cloned() else {
            return;
        };
        let mut known = details
            .batch
            .value()
            .cloned()
            .unwrap_or_else(|| Batch::unknown(listed.id.clone()));
        known.merge(listed, Source::Rest);
        if let Some(details) = self.history.details.as_mut() {
            details.batch.amend(known);
        }
    }

    /// A batch has ended: what the history shows is older than that.
    pub(crate) fn history_outdated(&mut self, ctx: &mut Ctx) {
        match self.route.view {
            View::History => self.read_history(ctx),
            _ => self.history.page = Remote::Idle,
        }
    }

    pub(crate) fn history_asked(&mut self, query: HistoryQuery, ctx: &mut Ctx) {
        if query != self.route.history {
            self.route.history = query;
            self.navigate(false, ctx);
            self.read_history(ctx);
        }
    }

    pub(crate) fn batch_opened(&mut self, id: Option<BatchId>, ctx: &mut Ctx) {
        self.route.batch = id;
        self.navigate(false, ctx);
        self.open_details(ctx);
    }

    /// Reads the details that the address asks for.
    pub(crate) fn open_details(&mut self, ctx: &mut Ctx) {
        let Some(id) = self.route.batch.clone() else {
            if self.history.details.is_some() {
                self.history.details = None;
            }
            return;
        };
        if self
            .history
            .details
            .as_ref()
            .is_some_and(|details| details.id == id)
        {
            return;
        }
        let mut batch = Remote::default();
        let known = self.known_batch(&id);
        if known.as_ref().is_none_or(|known| known.created.is_none()) {
            // The status of a batch tells neither its name nor when it was made.
            self.read_batch_list(ctx);
        }
        if let Some(known) = known {
            batch.settle(Ok(known), ctx.now);
        }
        batch.load(ctx.now);
        let mut results = Remote::default();
        results.load(ctx.now);
        self.history.details = Some(Details {
            id: id.clone(),
            batch,
            results,
            attempts: Vec::new(),
        });
        self.send(Slot::Status(id.clone()), Request::Status(id.clone()), ctx);
        self.read_results(id, ctx);
    }

    pub(super) fn read_results(&mut self, id: BatchId, ctx: &mut Ctx) {
        let request = Request::BatchLeads {
            id: id.clone(),
            skip: 0,
            limit: RESULTS_LIMIT,
        };
        self.send(Slot::Results(id), request, ctx);
    }

    /// A batch has ended: what its details tell of single leads is older than that.
    pub(crate) fn results_outdated(&mut self, id: &BatchId, ctx: &mut Ctx) {
        let details = self.history.details.as_ref();
        if details.is_some_and(|details| details.id == *id && details.results.error().is_none()) {
            self.read_results(id.clone(), ctx);
        }
    }

    pub(super) fn known_batch(&self, id: &BatchId) -> Option<Batch> {
        let listed = self
            .history
            .page
            .value()
            .and_then(|page| page.batches.iter().find(|batch| batch.id == *id));
        self.batches
            .get(id)
            .map(|tracking| &tracking.batch)
            .or(listed)
            .cloned()
    }

    /// A batch as it is best known now: what is watched is newer than what the list said.
    pub fn newest_facts(&self, listed: &Batch) -> Batch {
        self.batches
            .get(&listed.id)
            .map_or_else(|| listed.clone(), |tracking| tracking.batch.clone())
    }

    pub(crate) fn details_told(&mut self, news: &Batch, ctx: &Ctx) {
        let known = self.known_batch(&news.id);
        let Some(details) = self
            .history
            .details
            .as_mut()
            .filter(|details| details.id == news.id)
        else {
            return;
        };
        let mut batch = details
            .batch
            .value()
            .cloned()
            .or(known)
            .unwrap_or_else(|| Batch::unknown(news.id.clone()));
        batch.merge(news.clone(), Source::Rest);
        details.batch.settle(Ok(batch), ctx.now);
    }

    pub(crate) fn details_failed(&mut self, id: &BatchId, error: &Error, ctx: &Ctx) {
        if let Some(details) = self
            .history
            .details
            .as_mut()
            .filter(|details| details.id == *id)
        {
            details.batch.settle(Err(error.clone()), ctx.now);
        }
    }

    pub(crate) fn results_answered(
        &mut self,
        id: &BatchId,
        result: Result<Reply, Error>,
        ctx: &mut Ctx,
    ) {
        let result = result.and_then(|reply| match reply {
            Reply::BatchLeads(page) => Ok(page),
            _ => Err(unexpected("load the results of the batch")),
        });
        let Some(details) = self.history.details.as_mut() else {
            return;
        };
        if details.id == *id {
            details.results.settle(result, ctx.now);
            return self.read_attempts(ctx);
        }
        let attempts = &mut details.attempts;
        if let Some((_, results)) = attempts.iter_mut().find(|(batch, _)| batch == id) {
            results.settle(result, ctx.now);
        }
    }
}
