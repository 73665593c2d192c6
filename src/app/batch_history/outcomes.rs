//! What became of each lead of a batch, why some failed, and the best over all attempts.

use crate::app::effect::Effect;
use crate::app::launch::ledger::Receipts;
use crate::app::notifications::messages::Tone;
use crate::app::remote::Remote;
use crate::app::{Ctx, Model};
use crate::domain::attempts::{Attempt, BestOutcome, attempts, best_outcomes};
use crate::domain::batch::{Batch, BatchId, LeadResult, Source};
use crate::domain::causes::{Cause, causes};
use crate::domain::outcomes::{LeadOutcome, outcomes};
use crate::wire::outcomes::{outcomes_csv, outcomes_json};
use crate::wire::rest::BatchLeadPage;

/// The results of so many other attempts are read, the newest.
const ATTEMPTS_READ: usize = 8;

/// What single leads of a batch are said to have come to.
pub(crate) struct Told {
    pub results: Vec<LeadResult>,
    /// All leads of the batch are among them.
    pub is_complete: bool,
}

impl Told {
    pub(crate) fn of(page: &BatchLeadPage) -> Self {
        Self {
            results: page.results.clone(),
            is_complete: !page.results.is_empty() && page.results.len() >= page.total as usize,
        }
    }
}

impl Model {
    /// What the server told of single leads: its list where it was read, and what came in passing.
    pub(crate) fn told(&self, id: &BatchId) -> Told {
        let details = self.history.details.as_ref();
        let listed = details.and_then(|details| {
            let of_attempt = |(batch, _): &&(BatchId, _)| batch == id;
            match details.id == *id {
                true => details.results.value(),
                false => details.attempts.iter().find(of_attempt)?.1.value(),
            }
        });
        let mut told = listed.map_or_else(|| Told::of(&BatchLeadPage::default()), Told::of);
        if let Some(tracking) = self.batches.get(id) {
            told.results.extend(tracking.told_results());
        }
        told
    }

    /// A batch as it is best known here, from wherever.
    pub(crate) fn facts_of(&self, id: &BatchId) -> Batch {
        let mut facts = Batch::unknown(id.clone());
        if let Some(end) = self.own_entry(id).and_then(|entry| entry.end.clone()) {
            facts.status = end.status;
            facts.counts = end.counts;
            facts.actual = end.actual;
        }
        let details = self.history.details.as_ref();
        let detailed = details
            .filter(|details| details.id == *id)
            .and_then(|details| details.batch.value().cloned());
        let rerun = self.choice.rerun.as_ref();
        let rerun = rerun.filter(|rerun| rerun.batch == *id);
        let rerun = rerun.and_then(|rerun| rerun.facts.clone());
        for known in [rerun, detailed, self.known_batch(id)]
            .into_iter()
            .flatten()
        {
            facts.merge(known, Source::Rest);
        }
        facts
    }

    /// What became of each lead of a batch: of all that this browser approved, or else of those that the server tells.
    pub fn outcomes(&self, id: &BatchId) -> Vec<LeadOutcome> {
        self.outcomes_by(id, &self.told(id).results)
    }

    pub(crate) fn outcomes_by(&self, id: &BatchId, told: &[LeadResult]) -> Vec<LeadOutcome> {
        let planned = self.own_entry(id);
        let planned = planned.map(|entry| entry.plan.subject.lead_ids.as_slice());
        outcomes(planned.unwrap_or_default(), told, &self.facts_of(id))
    }

    /// Why leads of a batch failed, most leads first, and how many failed besides of which nobody tells.
    pub fn causes(&self, id: &BatchId) -> (Vec<Cause>, u32) {
        let causes = causes(&self.told(id).results);
        let named: usize = causes.iter().map(|cause| cause.leads.len()).sum();
        let failed = self.facts_of(id).counts.failed;
        (causes, failed.saturating_sub(named as u32))
    }

    /// The batches of this browser that ran the same leads, oldest first; at least the batch itself.
    pub fn attempts<'a>(&'a self, id: &'a BatchId) -> Vec<Attempt<'a>> {
        let own: Vec<_> = self.ledger.entries_of(self.session.person()).collect();
        attempts(&own, id)
    }

    /// The best outcome of each lead over all attempts, as far as their results have been read.
    pub fn best_outcomes(&self, id: &BatchId) -> Vec<BestOutcome> {
        let all = self.attempts(id).into_iter();
        let told = all.map(|attempt| (attempt.batch.clone(), self.outcomes(attempt.batch)));
        best_outcomes(told.collect())
    }

    /// Reads what came of the other attempts, where the server tells it for the one whose details are open.
    pub(crate) fn read_attempts(&mut self, ctx: &mut Ctx) {
        let details = self.history.details.as_ref();
        let Some(details) = details.filter(|details| details.results.value().is_some()) else {
            return;
        };
        let is_read = |id: &BatchId| {
            details.id == *id || details.attempts.iter().any(|(batch, _)| batch == id)
        };
        let others: Vec<BatchId> = self
            .attempts(&details.id)
            .iter()
            .rev()
            .map(|attempt| attempt.batch.clone())
            .filter(|id| !is_read(id))
            .take(ATTEMPTS_READ.saturating_sub(details.attempts.len()))
            .collect();
        for id in others {
            let mut results = Remote::default();
            results.load(ctx.now);
            if let Some(details) = self.history.details.as_mut() {
                details.attempts.push((id.clone(), results));
            }
            self.read_results(id, ctx);
        }
    }

    /// What became of each lead of a batch as a file.
    pub(crate) fn outcomes_asked(&mut self, id: &BatchId, form: Receipts, ctx: &mut Ctx) {
        let outcomes = self.outcomes(id);
        if outcomes.is_empty() {
            return self.toast(Tone::Bad, NO_OUTCOMES, ctx);
        }
        let (name, mime, text) = match form {
            Receipts::Csv => ("outcomes.csv", "text/csv", outcomes_csv(id, &outcomes)),
            Receipts::Json => (
                "outcomes.json",
                "application/json",
                outcomes_json(id, &outcomes),
            ),
        };
        ctx.emit(Effect::Download { name, mime, text });
    }
}

/// Said where neither this browser nor the server knows a batch's leads.
const NO_OUTCOMES: &str = "There is nothing to export: you did not start this batch from this browser, and the server does \
    not tell which leads it had.";
