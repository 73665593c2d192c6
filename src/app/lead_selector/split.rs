//! More leads than a batch takes, split into several batches that one approval starts.

use std::rc::Rc;

use crate::app::lead_selector::selection::Choice;
use crate::app::{Ctx, Model};
use crate::domain::cost::MAX_LEADS;
use crate::domain::lead::{Lead, LeadId};
use crate::domain::plan::{BATCHES_MAX, ClientReference, Part, SplitOrder};

/// Which batches take which of the chosen leads.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Split {
    pub order: SplitOrder,
    /// What each batch takes, in ascending order of the identifiers.
    batches: Vec<Vec<LeadId>>,
}

impl Split {
    /// In this order, once the chosen leads are known.
    pub fn by(order: SplitOrder) -> Self {
        Self {
            order,
            batches: Vec::new(),
        }
    }

    /// The reference of each batch that is still to be started, from random bits of this approval.
    pub(crate) fn references(&self, bits: u64) -> Vec<ClientReference> {
        let begun = self.order.begun.clone();
        let (common, started) = begun.unwrap_or_else(|| (ClientReference::from_random(bits), 0));
        let of = started + self.batches.len() as u32;
        (started + 1..=of)
            .map(|number| common.part(Part { number, of }, bits >> 24))
            .collect()
    }
}

impl Choice {
    /// More leads are chosen than a batch takes, and they are not split.
    pub fn is_too_many(&self) -> bool {
        self.split.is_none() && self.selection.len() > MAX_LEADS
    }

    /// How many leads all batches take together.
    pub fn batch_len(&self) -> usize {
        match &self.split {
            Some(split) => split.batches.iter().map(Vec::len).sum(),
            None => self.selection.len(),
        }
    }

    /// How many batches the chosen leads make.
    pub fn batch_count(&self) -> usize {
        self.split.as_ref().map_or(1, |split| split.batches.len())
    }

    /// The leads of each batch, in ascending order of the identifiers.
    pub fn batches(&self) -> Vec<Vec<LeadId>> {
        match &self.split {
            Some(split) => split.batches.clone(),
            None => vec![self.selection.ids()],
        }
    }

    /// These are the batches that the chosen leads make; each in ascending order of the identifiers.
    pub(crate) fn makes(&self, batches: &[&[LeadId]]) -> bool {
        match (&self.split, batches) {
            (Some(split), batches) => split.batches == batches,
            (None, [only]) => {
                only.len() == self.selection.len()
                    && only.iter().all(|id| self.selection.contains(id))
            }
            _ => false,
        }
    }

    /// A batch of the split was started.
    pub(crate) fn note_started(&mut self, reference: &ClientReference) {
        if let (Some(split), Some(part)) = (&mut self.split, reference.as_part()) {
            let common = ClientReference(reference.code().to_owned());
            split.order.begun = Some((common, part.number));
        }
    }

    /// Finds out which leads each batch takes; what fits into one batch is split no more, unless others of the same
    /// approval have begun.
    pub(crate) fn split_anew(&mut self) {
        let is_read = self.gathering.is_none() && self.unread.is_empty();
        let Some(split) = &mut self.split else { return };
        let is_whole = split.order.begun.is_none() && self.selection.len() <= MAX_LEADS;
        if is_read && (is_whole || self.selection.is_empty()) {
            self.split = None;
            return;
        }
        let mut leads: Vec<_> = self.selection.iter().cloned().collect();
        split.order.sort.sort(&mut leads, split.order.descending);
        let batch = |leads: &[Rc<Lead>]| {
            let mut ids: Vec<_> = leads.iter().map(|lead| lead.id.clone()).collect();
            ids.sort_unstable();
            ids
        };
        split.batches = leads
            .chunks(MAX_LEADS)
            .take(BATCHES_MAX)
            .map(batch)
            .collect();
    }
}

impl Model {
    /// Splits the choice by the order of the table, or leaves it whole.
    pub(crate) fn split_asked(&mut self, split: bool, ctx: &mut Ctx) {
        let query = &self.route.leads;
        let order = SplitOrder {
            sort: query.sort,
            descending: query.descending,
            begun: None,
        };
        self.choice.split = split.then(|| Split::by(order));
        self.choice_changed(ctx);
    }
}
