//! Which batch a selection runs again.

use std::rc::Rc;

use crate::app::lead_selector::selection::Choice;
use crate::domain::batch::{Batch, BatchId};
use crate::domain::lead::{Lead, LeadId};

/// The batch that a choice runs again.
#[derive(Clone, Debug, PartialEq)]
pub struct Rerun {
    pub batch: BatchId,
    /// In ascending order.
    leads: Vec<LeadId>,
    /// What is known of the batch.
    pub(crate) facts: Option<Batch>,
}

impl Rerun {
    pub(crate) fn of(batch: BatchId, mut leads: Vec<LeadId>) -> Self {
        leads.sort_unstable();
        let facts = None;
        Self {
            batch,
            leads,
            facts,
        }
    }
}

impl Choice {
    /// The batch that is run again by what is chosen, where nothing but leads of it are chosen.
    pub fn rerun(&self) -> Option<&BatchId> {
        self.rerun.as_ref().map(|rerun| &rerun.batch)
    }

    /// The batch that these leads are run again of.
    pub(crate) fn rerun_of(&self, leads: &[LeadId]) -> Option<BatchId> {
        let rerun = self.rerun.as_ref()?;
        let is_of_it = |lead: &LeadId| rerun.leads.binary_search(lead).is_ok();
        leads.iter().all(is_of_it).then(|| rerun.batch.clone())
    }

    /// A choice with other leads, or with none, runs no batch again.
    pub(crate) fn check_rerun(&mut self) {
        if let Some(rerun) = &self.rerun {
            let is_of_it = |lead: &Rc<Lead>| rerun.leads.binary_search(&lead.id).is_ok();
            if self.selection.is_empty() || !self.selection.iter().all(is_of_it) {
                self.rerun = None;
            }
        }
    }
}
