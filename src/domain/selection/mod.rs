//! The selected leads: an algebra of sets of leads that remembers where each came from.
//!
//! A selection is a union of disjoint parts (picked by hand, everything that matched a filter, a list) less the leads that
//! were excluded from it. It lives by identifier, through filters, sorts, pages and reloads. Copies are cheap:
//! parts are shared, so a history of selections costs little more than its changes.

mod edit;
mod lead_set;

pub use lead_set::LeadSet;

use std::rc::Rc;

use super::lead::{Lead, LeadFilter, LeadId};

/// How leads came into a selection.
#[derive(Clone, Debug, PartialEq)]
pub enum Origin {
    /// One by one, or a page or a range at a time.
    Hand,
    /// Everything that matched when it was selected.
    Matching(LeadFilter),
    /// An imported list.
    List,
}

/// Leads of one origin.
#[derive(Clone, Debug, PartialEq)]
pub struct Part {
    pub origin: Origin,
    pub leads: LeadSet,
}

/// The selected leads, each once.
#[derive(Clone, Debug, Default)]
pub struct Selection {
    /// INVARIANT: disjoint (`the_algebra_agrees_with_plain_sets`).
    parts: Vec<Rc<Part>>,
    /// INVARIANT: each is in one of the parts, and in none that was picked by hand.
    excluded: Rc<LeadSet>,
}

/// The same leads are selected, wherever they came from.
impl PartialEq for Selection {
    fn eq(&self, other: &Self) -> bool {
        self.len() == other.len() && self.iter().all(|lead| other.contains(&lead.id))
    }
}

/// State of the checkbox that stands for several leads.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum TriState {
    #[default]
    None,
    Some,
    All,
}

impl Selection {
    /// How many leads are selected.
    pub fn len(&self) -> usize {
        let all: usize = self.parts.iter().map(|part| part.leads.len()).sum();
        all - self.excluded.len()
    }

    /// True where nothing is selected.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Whether this lead is selected.
    pub fn contains(&self, id: &LeadId) -> bool {
        self.get(id).is_some()
    }

    /// The selected lead with this identifier, as it was when it was selected.
    pub fn get(&self, id: &LeadId) -> Option<&Rc<Lead>> {
        self.find(id).filter(|_| self.excluded.get(id).is_none())
    }

    /// The lead with this identifier, selected or excluded.
    pub fn find(&self, id: &LeadId) -> Option<&Rc<Lead>> {
        self.parts.iter().find_map(|part| part.leads.get(id))
    }

    /// The selected leads, by origin and then by identifier.
    pub fn iter(&self) -> impl Iterator<Item = &Rc<Lead>> {
        let all = self.parts.iter().flat_map(|part| part.leads.iter());
        all.filter(|lead| self.excluded.get(&lead.id).is_none())
    }

    /// The selected identifiers in ascending order.
    pub fn ids(&self) -> Vec<LeadId> {
        let mut ids: Vec<_> = self.iter().map(|lead| lead.id.clone()).collect();
        ids.sort_unstable();
        ids
    }

    /// Where the selected leads come from, each origin with how many of its leads are selected still.
    pub fn provenance(&self) -> Vec<(&Origin, usize)> {
        let count = |part: &Part| {
            let out = self.excluded.iter();
            part.leads.len()
                - out
                    .filter(|lead| part.leads.get(&lead.id).is_some())
                    .count()
        };
        let parts = self.parts.iter().map(|part| (&part.origin, count(part)));
        parts.filter(|(_, count)| *count > 0).collect()
    }

    /// The selected leads of one origin.
    pub fn of_origin(&self, origin: &Origin) -> impl Iterator<Item = &Rc<Lead>> {
        let parts = self.parts.iter().filter(move |part| part.origin == *origin);
        let leads = parts.flat_map(|part| part.leads.iter());
        leads.filter(|lead| self.excluded.get(&lead.id).is_none())
    }

    /// The parts, each with its origin.
    pub fn parts(&self) -> impl Iterator<Item = &Part> {
        self.parts.iter().map(|part| &**part)
    }

    /// The leads that were excluded from what was selected by rule.
    pub fn taken_out(&self) -> impl Iterator<Item = &Rc<Lead>> {
        self.excluded.iter()
    }

    /// How many leads were excluded from what was selected by rule.
    pub fn excluded(&self) -> usize {
        self.excluded.len()
    }

    /// How many of these leads are selected.
    pub fn state_of(&self, leads: &mut dyn Iterator<Item = &Rc<Lead>>) -> TriState {
        let (mut count, mut all) = (0, 0);
        for lead in leads {
            all += 1;
            count += usize::from(self.contains(&lead.id));
        }
        match count {
            0 => TriState::None,
            n if n == all => TriState::All,
            _ => TriState::Some,
        }
    }
}

// Property tests need a random source, which the page's target has not.
#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests;
