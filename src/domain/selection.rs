//! The chosen leads. A choice lives by identifier, through filters, sorts, pages and reloads.

use std::collections::BTreeMap;

use super::lead::{Lead, LeadId};

/// What is remembered of a chosen lead so that it can be named without being loaded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChosenLead {
    pub name: String,
}

/// The chosen leads, each once.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Selection {
    chosen: BTreeMap<LeadId, ChosenLead>,
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
    /// How many leads are chosen.
    pub fn len(&self) -> usize {
        self.chosen.len()
    }

    /// True where nothing is chosen.
    pub fn is_empty(&self) -> bool {
        self.chosen.is_empty()
    }

    /// Whether this lead is chosen.
    pub fn contains(&self, id: &LeadId) -> bool {
        self.chosen.contains_key(id)
    }

    /// The chosen identifiers in ascending order.
    pub fn ids(&self) -> impl Iterator<Item = &LeadId> {
        self.chosen.keys()
    }

    /// Identifiers and names in ascending order of the identifiers.
    pub fn entries(&self) -> impl Iterator<Item = (&LeadId, &ChosenLead)> {
        self.chosen.iter()
    }

    /// The remembered name of a chosen lead.
    pub fn name_of(&self, id: &LeadId) -> Option<&str> {
        self.chosen.get(id).map(|lead| lead.name.as_str())
    }

    /// Adds or removes leads.
    pub fn set<'a>(&mut self, leads: impl IntoIterator<Item = &'a Lead>, chosen: bool) {
        for lead in leads {
            if chosen {
                self.add(lead.id.clone(), lead.name());
            } else {
                self.chosen.remove(&lead.id);
            }
        }
    }

    /// Adds one lead by identifier and name.
    pub fn add(&mut self, id: LeadId, name: &str) {
        let name = super::text::shortened(name, 120);
        self.chosen.insert(id, ChosenLead { name });
    }

    /// Removes one lead.
    pub fn remove(&mut self, id: &LeadId) {
        self.chosen.remove(id);
    }

    /// Removes every lead.
    pub fn clear(&mut self) {
        self.chosen.clear();
    }

    /// How many of these leads are chosen.
    pub fn state_of(&self, leads: &[Lead]) -> TriState {
        let count = leads.iter().filter(|lead| self.contains(&lead.id)).count();
        match count {
            0 => TriState::None,
            n if n == leads.len() => TriState::All,
            _ => TriState::Some,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::lead::Enrichment;

    fn lead(id: &str) -> Lead {
        Lead {
            id: LeadId(id.into()),
            company: Some(format!("Company {id}")),
            contact: None,
            email: None,
            domain: None,
            enrichment: Enrichment::Completed,
            is_manual: false,
            source: None,
            created: None,
        }
    }

    #[test]
    fn choosing_twice_is_choosing_once() {
        let page = [lead("a"), lead("b")];
        let mut selection = Selection::default();
        selection.set(&page, true);
        selection.set(&page[..1], true);
        assert_eq!(selection.len(), 2);
        assert_eq!(selection.name_of(&page[0].id), Some("Company a"));
    }

    #[test]
    fn the_header_box_tells_none_some_and_all() {
        let page = [lead("a"), lead("b")];
        let mut selection = Selection::default();
        assert_eq!(selection.state_of(&page), TriState::None);
        selection.set(&page[..1], true);
        assert_eq!(selection.state_of(&page), TriState::Some);
        selection.set(&page, true);
        assert_eq!(selection.state_of(&page), TriState::All);
        assert_eq!(selection.state_of(&[]), TriState::None);
    }

    #[test]
    fn leads_of_other_pages_stay_chosen() {
        let mut selection = Selection::default();
        selection.set(&[lead("a")], true);
        selection.set(&[lead("b")], true);
        selection.set(&[lead("b")], false);
        assert!(selection.contains(&LeadId("a".into())));
        assert_eq!(selection.len(), 1);
    }
}
