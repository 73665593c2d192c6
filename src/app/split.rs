//! More leads than a batch takes, split: a batch of the first ones now, the others stay chosen for the next.

use super::choice::Choice;
use super::{Ctx, Model};
use crate::domain::cost::MAX_LEADS;
use crate::domain::lead::{LeadId, LeadSort};

/// In which order batches take the chosen leads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Split {
    pub sort: LeadSort,
    pub descending: bool,
    /// What the next batch takes, in ascending order of the identifiers.
    next: Vec<LeadId>,
}

impl Split {
    /// In this order, once the chosen leads are known.
    pub fn by((sort, descending): (LeadSort, bool)) -> Self {
        Self {
            sort,
            descending,
            next: Vec::new(),
        }
    }
}

impl Choice {
    /// How many leads the next batch takes.
    pub fn batch_len(&self) -> usize {
        let split = self.split.as_ref();
        split.map_or(self.selection.len(), |split| split.next.len())
    }

    /// The leads of the next batch, in ascending order of the identifiers.
    pub fn batch_leads(&self) -> Vec<LeadId> {
        let split = self.split.as_ref();
        split.map_or_else(|| self.selection.ids(), |split| split.next.clone())
    }

    /// Finds out which leads come next; what fits into one batch is split no more.
    pub(super) fn split_anew(&mut self) {
        let is_read = self.gathering.is_none() && self.unread.is_empty();
        if is_read && self.selection.len() <= MAX_LEADS {
            self.split = None;
        }
        if let Some(split) = &mut self.split {
            let mut leads: Vec<_> = self.selection.iter().cloned().collect();
            split.sort.sort(&mut leads, split.descending);
            let first = leads.iter().take(MAX_LEADS);
            split.next = first.map(|lead| lead.id.clone()).collect();
            split.next.sort_unstable();
        }
    }
}

impl Model {
    /// Splits the choice by the order of the table, or leaves it whole.
    pub(crate) fn split_asked(&mut self, split: bool, ctx: &mut Ctx) {
        let query = &self.route.leads;
        self.choice.split = split.then(|| Split::by((query.sort, query.descending)));
        self.choice_changed(ctx);
    }
}
