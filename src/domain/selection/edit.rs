//! How a selection is changed.

use std::rc::Rc;

use super::{LeadSet, Origin, Part, Selection};
use crate::domain::lead::{Lead, LeadId};

impl Selection {
    /// Adds leads of one origin. What is selected already keeps its origin; what had been excluded is selected again.
    pub fn add(&mut self, origin: Origin, leads: Vec<Rc<Lead>>) {
        let leads = LeadSet::from(leads);
        if leads
            .iter()
            .any(|lead| self.excluded.get(&lead.id).is_some())
        {
            let excluded = Rc::make_mut(&mut self.excluded);
            excluded.0.retain(|lead| leads.get(&lead.id).is_none());
        }
        let new: Vec<_> = leads
            .0
            .into_iter()
            .filter(|lead| self.find(&lead.id).is_none())
            .collect();
        if new.is_empty() {
            return;
        }
        match self.parts.iter_mut().find(|part| part.origin == origin) {
            Some(part) if new.len() == 1 => {
                let leads = &mut Rc::make_mut(part).leads;
                new.into_iter().for_each(|lead| leads.insert(lead));
            }
            Some(part) => {
                let all: Vec<_> = part.leads.iter().cloned().chain(new).collect();
                let leads = all.into();
                *part = Rc::new(Part { origin, leads });
            }
            None => {
                let leads = LeadSet(new);
                self.parts.push(Rc::new(Part { origin, leads }));
            }
        }
    }

    /// Removes leads: those picked by hand are gone, those that a rule selects, or would have, are excluded from it.
    pub fn remove(&mut self, ids: &[LeadId]) {
        let mut by_hand = Vec::new();
        for id in ids {
            let Some(place) = self
                .parts
                .iter()
                .position(|part| part.leads.get(id).is_some())
            else {
                continue;
            };
            let part = &mut self.parts[place];
            if part.origin != Origin::Hand {
                if let Some(lead) = part.leads.get(id) {
                    Rc::make_mut(&mut self.excluded).insert(lead.clone());
                }
            } else {
                by_hand.extend(part.leads.get(id).cloned());
                Rc::make_mut(part).leads.remove(id);
            }
        }
        self.exclude_from_rules(&by_hand);
        self.forget_empty_parts();
    }

    /// Keeps only these of the selected leads.
    pub fn keep(&mut self, ids: &[LeadId]) {
        let mut ids = ids.to_vec();
        ids.sort_unstable();
        for part in &mut self.parts {
            let kept = |lead: &&Rc<Lead>| ids.binary_search(&lead.id).is_ok();
            // In order already, as what it is taken from.
            let leads = LeadSet(part.leads.iter().filter(kept).cloned().collect());
            let origin = part.origin.clone();
            *part = Rc::new(Part { origin, leads });
        }
        let excluded = self.excluded.iter();
        let excluded = excluded.filter(|lead| ids.binary_search(&lead.id).is_ok());
        self.excluded = Rc::new(LeadSet(excluded.cloned().collect()));
        self.forget_empty_parts();
    }

    /// Adds or removes leads as somebody does by hand.
    pub fn set(&mut self, leads: &[Rc<Lead>], chosen: bool) {
        if chosen {
            self.add(Origin::Hand, leads.to_vec());
        } else {
            let ids: Vec<_> = leads.iter().map(|lead| lead.id.clone()).collect();
            self.remove(&ids);
        }
    }

    /// Selects what is not selected of these, and the other way round.
    pub fn invert(&mut self, leads: &[Rc<Lead>]) {
        let all = leads.iter().cloned();
        let (chosen, others): (Vec<_>, Vec<_>) = all.partition(|lead| self.contains(&lead.id));
        self.set(&chosen, false);
        self.set(&others, true);
    }

    /// Leads that are in no part any more become exceptions of the first rule that may mean them: it would select them
    /// again where it is read anew.
    fn exclude_from_rules(&mut self, leads: &[Rc<Lead>]) {
        let mut left: Vec<_> = leads.to_vec();
        for part in &mut self.parts {
            let Origin::Matching(filter) = &part.origin else {
                continue;
            };
            let may_mean = |lead: &Rc<Lead>| filter.matches(lead) != Some(false);
            let (meant, others): (Vec<_>, Vec<_>) = left.into_iter().partition(may_mean);
            left = others;
            if !meant.is_empty() {
                let add = |set: &mut LeadSet| {
                    *set = std::mem::take(&mut set.0)
                        .into_iter()
                        .chain(meant.iter().cloned())
                        .collect::<Vec<_>>()
                        .into();
                };
                add(&mut Rc::make_mut(part).leads);
                add(Rc::make_mut(&mut self.excluded));
            }
        }
    }

    /// A part all of whose leads were excluded is no part of the selection any more.
    fn forget_empty_parts(&mut self) {
        let excluded = &self.excluded;
        let is_out = |part: &Rc<Part>| {
            part.leads.len() <= excluded.len()
                && part
                    .leads
                    .iter()
                    .all(|lead| excluded.get(&lead.id).is_some())
        };
        let (gone, kept): (Vec<_>, Vec<_>) = self.parts.drain(..).partition(is_out);
        self.parts = kept;
        if !gone.is_empty() && !self.excluded.is_empty() {
            let left = |lead: &Rc<Lead>| gone.iter().all(|part| part.leads.get(&lead.id).is_none());
            Rc::make_mut(&mut self.excluded).0.retain(left);
            for part in &gone {
                self.exclude_from_rules(&part.leads.0);
            }
        }
    }
}
