//! The ledger: what this browser approved, what was told before, and what became of it.

use super::batch::{Batch, BatchId, BatchStatus, Counts};
use super::money::Usd;
use super::plan::Plan;
use super::time::Millis;

/// So many launches are remembered.
pub const ENTRIES_KEPT: usize = 200;

/// One approval and what became of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// What was approved. Only here a batch's leads are known for certain.
    pub plan: Plan,
    pub approved: Millis,
    /// What the person was told; nothing for launches of earlier versions, which noted no price either.
    pub told: Option<Told>,
    /// How many of the leads were enriched already, where that was known.
    pub enriched: Option<u32>,
    /// The state of the template's text, as [`super::template::Template`] tells it.
    pub template_mark: Option<String>,
    pub outcome: Outcome,
    /// How the batch ended, once that is known.
    pub end: Option<End>,
    /// The batch whose leads, or some of them, were run again by this one.
    pub rerun_of: Option<BatchId>,
}

/// What a person was told before the approval, besides the price.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Told {
    /// From where to where the batch was expected to cost.
    pub expected: Option<(Usd, Usd)>,
    /// The server's words on the budget.
    pub warning: Option<String>,
}

/// What became of an approval.
#[derive(Clone, Debug, PartialEq)]
pub enum Outcome {
    /// It may have been sent, and nobody knows yet what became of it.
    Open,
    Started {
        batch: BatchId,
        /// It was found in the server's list instead of being answered.
        adopted: bool,
    },
    /// The server refused it, in these words; nothing was started.
    Refused(String),
    /// It was not found, and the person went on.
    NotConfirmed,
    /// Any of these may be it.
    Several(Vec<BatchId>),
}

/// How a batch ended.
#[derive(Clone, Debug, PartialEq)]
pub struct End {
    pub status: BatchStatus,
    pub counts: Counts,
    pub actual: Option<Usd>,
}

impl Entry {
    /// Whether it belongs to this person: nobody sees the receipts of somebody else. What was approved before it was known
    /// who was signed in belongs to everybody.
    pub fn is_of(&self, person: Option<&str>) -> bool {
        self.plan.created_by.is_none() || self.plan.created_by.as_deref() == person
    }

    /// The price that was approved; nothing where an earlier version did not note it.
    pub fn price(&self) -> Option<Usd> {
        self.told.as_ref().map(|_| self.plan.price)
    }

    /// The batch that was started.
    pub fn batch(&self) -> Option<&BatchId> {
        match &self.outcome {
            Outcome::Started { batch, .. } => Some(batch),
            _ => None,
        }
    }

    /// It costs something, or may.
    pub fn may_cost(&self) -> bool {
        !matches!(self.outcome, Outcome::Refused(_))
    }

    /// Notes how its batch ended; says whether that is anything new.
    pub fn note_end(&mut self, batch: &Batch) -> bool {
        let end = End {
            status: batch.status.clone(),
            counts: batch.counts,
            actual: batch.actual,
        };
        let is_new = batch.status.is_terminal() && self.end.as_ref() != Some(&end);
        if is_new {
            self.end = Some(end);
        }
        is_new
    }
}

/// Newest first, and no more than are kept; what is still open is never left out. Answers the names of those left out.
pub fn prune(entries: &mut Vec<Entry>) -> Vec<String> {
    entries.sort_by_key(|entry| std::cmp::Reverse(entry.approved));
    let mut place = 0;
    let mut gone = Vec::new();
    entries.retain(|entry| {
        place += 1;
        let stays = place <= ENTRIES_KEPT || entry.outcome == Outcome::Open;
        if !stays {
            gone.push(entry.plan.record());
        }
        stays
    });
    gone
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::cost::PriceSubject;
    use crate::domain::lead::LeadId;
    use crate::domain::plan::ClientReference;
    use crate::domain::template::TemplateVersion;

    fn entry(number: u64) -> Entry {
        Entry {
            plan: Plan {
                subject: PriceSubject::new([LeadId("a".into())], TemplateVersion("v1".into())),
                price: Usd::from_dollars(1.0).unwrap(),
                name: None,
                description: None,
                max_concurrent: 5,
                retry_count: 3,
                created_by: None,
                reference: ClientReference::from_random(number),
            },
            approved: Millis(number as i64),
            told: None,
            enriched: None,
            template_mark: None,
            outcome: Outcome::NotConfirmed,
            end: None,
            rerun_of: None,
        }
    }

    /// Prevents: a ledger that grows until the browser refuses, or one that forgets money that may have been spent.
    #[test]
    fn the_oldest_are_left_out_but_never_one_that_is_open() {
        let mut entries: Vec<_> = (0..ENTRIES_KEPT as u64 + 3).map(entry).collect();
        entries[1].outcome = Outcome::Open;
        let gone = prune(&mut entries);
        let name = |number: u64| entry(number).plan.record();
        assert_eq!(gone, [name(2), name(0)]);
        assert_eq!(entries.len(), ENTRIES_KEPT + 1);
        assert_eq!(entries[0].plan.record(), name(ENTRIES_KEPT as u64 + 2));
    }

    #[test]
    fn an_end_is_noted_once_and_corrected_where_the_server_corrects_it() {
        let mut known = entry(1);
        let mut batch = Batch::unknown(BatchId("b".into()));
        batch.status = BatchStatus::Running;
        assert!(!known.note_end(&batch));
        batch.status = BatchStatus::Cancelled;
        assert!(known.note_end(&batch) && !known.note_end(&batch));
        batch.status = BatchStatus::Completed;
        assert!(known.note_end(&batch));
        assert_eq!(known.end.unwrap().status, BatchStatus::Completed);
    }
}
