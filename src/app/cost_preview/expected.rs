//! What the present choice will really cost, as far as batches that have ended tell.

use std::rc::Rc;

use crate::app::Model;
use crate::domain::batch::{Batch, BatchId};
use crate::domain::cost::{Quote, Receipt};
use crate::domain::expected::{Accuracy, Expected, Next, Past, accuracy, expected};
use crate::domain::lead::{Enrichment, LeadId};
use crate::domain::money::Usd;
use crate::domain::template::TemplateVersion;

/// A batch that was carried out in full, as the server's list tells it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Ended {
    id: BatchId,
    template: Option<TemplateVersion>,
    leads: u32,
    estimate: Usd,
    actual: Usd,
}

impl Ended {
    /// `None` where it was not carried out in full, or a figure is missing.
    pub(crate) fn of(batch: &Batch) -> Option<Self> {
        let counts = batch.counts;
        let in_full = batch.status.is_terminal() && counts.processed == counts.total;
        in_full.then_some(Self {
            id: batch.id.clone(),
            template: batch.template.clone(),
            leads: counts.total,
            estimate: batch.estimated?,
            actual: batch.actual?,
        })
    }
}

/// What is expected, of which receipts, and how often what it is learned from had changed by then.
#[derive(Debug, Default)]
pub(crate) struct Known {
    revisions: [u64; 3],
    quote: Quote,
    told: Option<Expected>,
}

impl Model {
    /// Batches that have ended as the expectation learns from them, the oldest first.
    fn past(&self) -> Vec<Past<'_>> {
        let ended = self.batches.ended.iter().rev();
        ended
            .map(|ended| {
                let launched = self.ledger.of_batch(&ended.id);
                Past {
                    template: ended.template.as_ref().map(|version| version.0.as_str()),
                    leads: ended.leads,
                    enriched: launched.and_then(|launched| launched.enriched),
                    estimate: ended.estimate,
                    actual: ended.actual,
                }
            })
            .collect()
    }

    /// What all of this will really cost; `None` where too few batches have ended.
    pub fn expected_cost(&self, quote: &Quote) -> Option<Expected> {
        let revisions = [
            self.batches.ended_revision(),
            self.ledger.revision(),
            self.choice.revision(),
        ];
        let mut known = self.expected.borrow_mut();
        let mut both = known.quote.0.iter().zip(&quote.0);
        let is_known = known.revisions == revisions
            && known.quote.0.len() == quote.0.len()
            && both.all(|(one, other)| Rc::ptr_eq(one, other));
        if !is_known {
            // News of running batches ask for it again and again.
            let each = quote.0.iter().map(|receipt| self.expected_of(receipt));
            let told = each.reduce(|sum, one| Some(sum? + one?)).flatten();
            *known = Known {
                revisions,
                quote: quote.clone(),
                told,
            };
        }
        known.told
    }

    /// What the leads of a receipt will really cost.
    pub(crate) fn expected_of(&self, receipt: &Receipt) -> Option<Expected> {
        let next = Next {
            template: Some(&receipt.subject.template.0),
            leads: u32::try_from(receipt.leads()).ok()?,
            enriched: self.enriched_among(&receipt.subject.lead_ids),
            estimate: receipt.total,
        };
        expected(&self.past(), next)
    }

    /// How near the server's estimates and the expected figures came to what ended batches really cost; `None` where too
    /// few have ended.
    pub fn accuracy(&self) -> Option<Accuracy> {
        accuracy(&self.past())
    }

    /// How many of these leads are enriched already; `None` where one of them is not known here.
    pub(crate) fn enriched_among(&self, ids: &[LeadId]) -> Option<u32> {
        let mut enriched = 0;
        for id in ids {
            let lead = self.choice.selection.get(id)?;
            // A lead that is known by its name alone may be either.
            if lead.enrichment.code().is_empty() {
                return None;
            }
            enriched += u32::from(lead.enrichment == Enrichment::Completed);
        }
        Some(enriched)
    }
}
