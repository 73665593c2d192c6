//! Past batches: what is known of them, and one batch's details.

use crate::app::batch_history::archive::Reading;
use crate::app::batch_history::rerun::RerunWhat;
use crate::app::effect::Effect;
use crate::app::parts::{Part, Task};
use crate::app::remote::Remote;
use crate::app::requests::{Slot, unexpected};
use crate::app::{Ctx, Model};
use crate::domain::archive::Archive;
use crate::domain::batch::{Batch, BatchId, Source};
use crate::domain::history::HistoryQuery;
use crate::domain::listing::Listing;
use crate::domain::text::shortened;
use crate::error::{Error, Kind};
use crate::wire::rest::{BatchLeadPage, BatchPage, Reply, Request, Totals};

/// Per-lead results that are read at once: those of the server's largest batch, because causes, exports and reruns need
/// them all.
pub(crate) const RESULTS_LIMIT: u32 = 1_000;

/// The server's words for a path that it does not have, other than those for a batch that it does not have.
const NO_SUCH_PATH: &str = "Not Found";

/// Past batches.
#[derive(Debug, Default)]
pub struct History {
    /// The server has no list of single leads: found out once, and not asked for again.
    pub(crate) no_results: Option<Error>,
    /// A page of the server's list, where that alone answers what is asked.
    pub page: Remote<BatchPage>,
    /// What that page was asked by; not what is asked for now.
    pub(crate) page_of: HistoryQuery,
    /// That page is read again because something has changed, not because somebody asked.
    pub(crate) is_quiet: bool,
    /// Everything, where the app itself searches, sorts or groups.
    pub archive: Archive,
    pub(crate) reading: Reading,
    /// What is shown of the archive; its order stays until somebody asks for another.
    pub(crate) listing: Listing,
    /// The list as it would be read now is another one.
    pub is_outdated: bool,
    /// The search as it stands in its field.
    pub typed: String,
    /// Ticked to be compared, at most two.
    pub ticked: Vec<BatchId>,
    /// The leads of batches that stand side by side, as the server tells them.
    pub(crate) compared: Vec<(BatchId, Remote<BatchLeadPage>)>,
    /// The server's own totals, with the period that they are of.
    pub(crate) totals: Option<(u32, Remote<Totals>)>,
    pub details: Option<Details>,
    /// Reruns whose leads the server is asked for.
    pub(crate) reruns: Vec<(BatchId, RerunWhat)>,
}

/// One batch, looked at closely.
#[derive(Debug)]
pub struct Details {
    pub id: BatchId,
    pub batch: Remote<Batch>,
    pub results: Remote<BatchLeadPage>,
    /// The results of the batches that ran the same leads before and after it, where the server tells them.
    pub(crate) attempts: Vec<(BatchId, Remote<BatchLeadPage>)>,
}

impl Model {
    /// A batch for its own page, as it is best known: as it was read, or as it is followed.
    pub fn detailed(&self, id: &BatchId) -> Option<Batch> {
        let read = self.details_of(id).and_then(|it| it.batch.value());
        let followed = || self.batches.get(id).map(|tracking| tracking.batch.clone());
        read.map(|batch| self.newest_facts(batch)).or_else(followed)
    }

    /// A batch runs, and a live card tells how it goes.
    pub fn is_followed(&self, id: &BatchId) -> bool {
        let followed = self.batches.get(id);
        followed.is_some_and(|tracking| !tracking.batch.status.is_terminal())
    }

    /// What stands above a batch: its name, or the beginning of its identifier.
    pub fn details_title(&self, id: &BatchId) -> String {
        self.detailed(id).map_or_else(
            || format!("Batch {}", id.short()),
            |batch| shortened(&batch.title(), 200),
        )
    }

    /// Why a batch could not be read, and what is shown of it all the same.
    pub fn details_failure(&self, id: &BatchId) -> Option<String> {
        let error = self.details_of(id)?.batch.error()?;
        Some(match self.detailed(id) {
            Some(_) => format!("{error} What is shown was read before."),
            None => error.to_string(),
        })
    }

    fn details_of(&self, id: &BatchId) -> Option<&Details> {
        let details = self.history.details.as_ref();
        details.filter(|details| details.id == *id)
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

    /// Reads once more what is shown, the list or one batch.
    pub(crate) fn history_retried(&mut self, ctx: &mut Ctx) {
        if self.route.batch.is_some() {
            self.history.details = None;
            self.open_details(ctx);
        } else {
            self.read_history(ctx);
        }
        // The button goes with what it is for.
        ctx.emit(Effect::Focus("view-heading"));
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
            self.ask(Part::Live, Task::ReadBatches, ctx);
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

    pub(crate) fn read_results(&mut self, id: BatchId, ctx: &mut Ctx) {
        if let Some(error) = self.history.no_results.clone() {
            return self.results_answered(&id, Err(error), ctx);
        }
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

    pub(crate) fn known_batch(&self, id: &BatchId) -> Option<Batch> {
        let listed = self
            .history
            .page
            .value()
            .and_then(|page| page.batches.iter().find(|batch| batch.id == *id));
        self.batches
            .get(id)
            .map(|tracking| &tracking.batch)
            .or(listed)
            .or_else(|| self.history.archive.get(id))
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
        if let Err(error) = &result
            && matches!(&error.kind, Kind::NotFound(words) if words == NO_SUCH_PATH)
        {
            self.history.no_results = Some(error.clone());
        }
        let compared = &mut self.history.compared;
        if let Some((_, results)) = compared.iter_mut().find(|(batch, _)| batch == id) {
            results.settle(result.clone(), ctx.now);
        }
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Config;
    use crate::domain::time::Millis;

    /// Prevents: figures that could not be read again pass for new ones.
    #[test]
    fn a_batch_that_could_not_be_read_again_says_so() {
        let id = BatchId("b-123456789".into());
        let mut model = Model::new(Config::default());
        assert_eq!(model.details_title(&id), "Batch b-123456");
        assert_eq!(
            (model.detailed(&id), model.details_failure(&id)),
            (None, None)
        );
        let details = |batch| Details {
            id: id.clone(),
            batch,
            results: Remote::default(),
            attempts: Vec::new(),
        };
        let mut batch = Remote::default();
        let error = unexpected("load the batch");
        batch.settle(Err(error.clone()), Millis::default());
        model.history.details = Some(details(batch.clone()));
        assert_eq!(model.details_failure(&id), Some(error.to_string()));
        let known = Batch {
            name: Some("Fair".into()),
            ..Batch::unknown(id.clone())
        };
        batch.settle(Ok(known), Millis::default());
        batch.settle(Err(error), Millis::default());
        model.history.details = Some(details(batch));
        assert_eq!(model.details_title(&id), "Fair");
        let failure = model.details_failure(&id).unwrap_or_default();
        assert!(
            failure.ends_with(" What is shown was read before."),
            "{failure}"
        );
    }
}
