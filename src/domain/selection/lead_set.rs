//! A set of leads in the order of their identifiers.

use std::rc::Rc;

use crate::domain::lead::{Lead, LeadId};

/// Leads, each once, in ascending order of their identifiers.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct LeadSet(pub(super) Vec<Rc<Lead>>);

impl LeadSet {
    /// How many there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// True where there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The lead with this identifier.
    pub fn get(&self, id: &LeadId) -> Option<&Rc<Lead>> {
        self.place(id).ok().map(|place| &self.0[place])
    }

    /// In ascending order of the identifiers.
    pub fn iter(&self) -> impl Iterator<Item = &Rc<Lead>> {
        self.0.iter()
    }

    fn place(&self, id: &LeadId) -> Result<usize, usize> {
        self.0.binary_search_by(|lead| lead.id.cmp(id))
    }

    pub(super) fn insert(&mut self, lead: Rc<Lead>) {
        if let Err(place) = self.place(&lead.id) {
            self.0.insert(place, lead);
        }
    }

    pub(super) fn remove(&mut self, id: &LeadId) -> bool {
        self.place(id).map(|place| self.0.remove(place)).is_ok()
    }
}

impl From<Vec<Rc<Lead>>> for LeadSet {
    fn from(mut leads: Vec<Rc<Lead>>) -> Self {
        // What is read by identifier comes in order, and checking that is much cheaper than sorting.
        if !leads.is_sorted_by(|one, other| one.id <= other.id) {
            leads.sort_unstable_by(|one, other| one.id.cmp(&other.id));
        }
        leads.dedup_by(|one, other| one.id == other.id);
        Self(leads)
    }
}
