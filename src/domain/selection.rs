//! The chosen leads: an algebra of sets of leads that remembers where each came from.
//!
//! A choice is a union of disjoint parts (picked by hand, everything that matched a filter, a list) less the leads that
//! were taken out of it again. It lives by identifier, through filters, sorts, pages and reloads. Copies are cheap:
//! parts are shared, so a history of choices costs little more than its changes.

use std::rc::Rc;

use super::lead::{Lead, LeadFilter, LeadId};

/// Leads, each once, in ascending order of their identifiers.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct LeadSet(Vec<Rc<Lead>>);

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

    fn insert(&mut self, lead: Rc<Lead>) {
        if let Err(place) = self.place(&lead.id) {
            self.0.insert(place, lead);
        }
    }

    fn remove(&mut self, id: &LeadId) -> bool {
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

/// How leads came into a choice.
#[derive(Clone, Debug, PartialEq)]
pub enum Origin {
    /// One by one, or a page or a range at a time.
    Hand,
    /// Everything that matched when it was chosen.
    Matching(LeadFilter),
    /// A list that somebody brought along.
    List,
}

/// Leads of one origin.
#[derive(Clone, Debug, PartialEq)]
pub struct Part {
    pub origin: Origin,
    pub leads: LeadSet,
}

/// The chosen leads, each once.
#[derive(Clone, Debug, Default)]
pub struct Selection {
    /// INVARIANT: disjoint (`the_algebra_agrees_with_plain_sets`).
    parts: Vec<Rc<Part>>,
    /// INVARIANT: each is in one of the parts, and in none that was picked by hand.
    excluded: Rc<LeadSet>,
}

/// The same leads are chosen, wherever they came from.
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
    /// How many leads are chosen.
    pub fn len(&self) -> usize {
        let all: usize = self.parts.iter().map(|part| part.leads.len()).sum();
        all - self.excluded.len()
    }

    /// True where nothing is chosen.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Whether this lead is chosen.
    pub fn contains(&self, id: &LeadId) -> bool {
        self.get(id).is_some()
    }

    /// The chosen lead with this identifier, as it was when it was chosen.
    pub fn get(&self, id: &LeadId) -> Option<&Rc<Lead>> {
        self.find(id).filter(|_| self.excluded.get(id).is_none())
    }

    /// The lead with this identifier, chosen or taken out again.
    pub fn find(&self, id: &LeadId) -> Option<&Rc<Lead>> {
        self.parts.iter().find_map(|part| part.leads.get(id))
    }

    /// The chosen leads, by origin and then by identifier.
    pub fn iter(&self) -> impl Iterator<Item = &Rc<Lead>> {
        let all = self.parts.iter().flat_map(|part| part.leads.iter());
        all.filter(|lead| self.excluded.get(&lead.id).is_none())
    }

    /// The chosen identifiers in ascending order.
    pub fn ids(&self) -> Vec<LeadId> {
        let mut ids: Vec<_> = self.iter().map(|lead| lead.id.clone()).collect();
        ids.sort_unstable();
        ids
    }

    /// Where the chosen leads come from, each origin with how many of its leads are chosen still.
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

    /// The chosen leads of one origin.
    pub fn of_origin(&self, origin: &Origin) -> impl Iterator<Item = &Rc<Lead>> {
        let parts = self.parts.iter().filter(move |part| part.origin == *origin);
        let leads = parts.flat_map(|part| part.leads.iter());
        leads.filter(|lead| self.excluded.get(&lead.id).is_none())
    }

    /// The parts, each with its origin.
    pub fn parts(&self) -> impl Iterator<Item = &Part> {
        self.parts.iter().map(|part| &**part)
    }

    /// The leads that were taken out of what was chosen by rule.
    pub fn taken_out(&self) -> impl Iterator<Item = &Rc<Lead>> {
        self.excluded.iter()
    }

    /// How many leads were taken out of what was chosen by rule.
    pub fn excluded(&self) -> usize {
        self.excluded.len()
    }

    /// Adds leads of one origin. What is chosen already keeps its origin; what had been taken out is chosen again.
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

    /// Takes leads out: those picked by hand are gone, those that a rule chooses, or would have, are excluded from it.
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

    /// Leads that are in no part any more become exceptions of the first rule that may mean them: it would choose them
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

    /// Keeps only these of the chosen leads.
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

    /// A part all of whose leads were taken out is no part of the choice any more.
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

    /// Adds or removes leads as somebody does by hand.
    pub fn set(&mut self, leads: &[Rc<Lead>], chosen: bool) {
        if chosen {
            self.add(Origin::Hand, leads.to_vec());
        } else {
            let ids: Vec<_> = leads.iter().map(|lead| lead.id.clone()).collect();
            self.remove(&ids);
        }
    }

    /// Chooses what is not chosen of these, and the other way round.
    pub fn invert(&mut self, leads: &[Rc<Lead>]) {
        let all = leads.iter().cloned();
        let (chosen, others): (Vec<_>, Vec<_>) = all.partition(|lead| self.contains(&lead.id));
        self.set(&chosen, false);
        self.set(&others, true);
    }

    /// How many of these leads are chosen.
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
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;
    use crate::domain::lead::Enrichment;

    fn lead(number: u32) -> Rc<Lead> {
        let id = LeadId(format!("lead-{number:03}"));
        Rc::new(Lead {
            enrichment: Enrichment::Completed,
            ..Lead::known_by(id, &format!("Company {number}"))
        })
    }

    fn matching(word: &str) -> Origin {
        Origin::Matching(LeadFilter {
            search: word.into(),
            ..LeadFilter::default()
        })
    }

    #[test]
    fn choosing_twice_is_choosing_once() {
        let page = [lead(1), lead(2)];
        let mut selection = Selection::default();
        selection.set(&page, true);
        selection.set(&page[..1], true);
        assert_eq!(selection.len(), 2);
        assert!(selection.get(&page[0].id).is_some());
    }

    #[test]
    fn the_header_box_tells_none_some_and_all() {
        let page = [lead(1), lead(2)];
        let mut selection = Selection::default();
        assert_eq!(selection.state_of(&mut page.iter()), TriState::None);
        selection.set(&page[..1], true);
        assert_eq!(selection.state_of(&mut page.iter()), TriState::Some);
        selection.set(&page, true);
        assert_eq!(selection.state_of(&mut page.iter()), TriState::All);
        assert_eq!(selection.state_of(&mut [].iter()), TriState::None);
    }

    /// Prevents: what was picked by hand, by rule and taken out again is told wrongly.
    #[test]
    fn every_lead_keeps_its_origin() {
        let mut selection = Selection::default();
        selection.add(Origin::Hand, vec![lead(1), lead(50)]);
        selection.add(matching("fair"), (1..=10).map(lead).collect());
        selection.remove(&[3, 4, 50].map(|number| lead(number).id.clone()));
        let provenance = selection.provenance();
        assert_eq!(provenance, [(&Origin::Hand, 1), (&matching("fair"), 7)]);
        assert_eq!((selection.len(), selection.excluded()), (8, 2));
        selection.add(matching("fair"), vec![lead(3)]);
        assert_eq!((selection.len(), selection.excluded()), (9, 1));
    }

    /// Prevents: an emptied rule stays as a part of nothing, with its exceptions.
    #[test]
    fn a_rule_without_leads_is_forgotten() {
        let mut selection = Selection::default();
        selection.add(matching("x"), (1..=3).map(lead).collect());
        selection.remove(&[lead(1), lead(2), lead(3)].map(|lead| lead.id.clone()));
        assert!(selection.is_empty());
        assert_eq!(selection.excluded(), 0);
        assert!(selection.parts.is_empty());
    }

    /// Prevents: a copy that was kept for undo changes with the choice.
    #[test]
    fn copies_are_independent() {
        let mut selection = Selection::default();
        selection.add(matching("x"), (1..=5).map(lead).collect());
        let before = selection.clone();
        selection.remove(&[lead(2).id.clone()]);
        selection.set(&[lead(9)], true);
        assert_eq!(before.len(), 5);
        assert!(before.contains(&lead(2).id) && !before.contains(&lead(9).id));
    }

    #[derive(Clone, Debug)]
    enum Step {
        Add(u8, Vec<u32>),
        Remove(Vec<u32>),
        Invert(Vec<u32>),
        Keep(Vec<u32>),
    }

    fn steps() -> impl Strategy<Value = Vec<Step>> {
        let numbers = || prop::collection::vec(0..24u32, 0..12);
        let step = prop_oneof![
            (0..4u8, numbers()).prop_map(|(origin, numbers)| Step::Add(origin, numbers)),
            numbers().prop_map(Step::Remove),
            numbers().prop_map(Step::Invert),
            numbers().prop_map(Step::Keep),
        ];
        prop::collection::vec(step, 0..24)
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(4_000))]

        /// Prevents: a lead is lost, counted twice or chosen by nobody, in whatever order steps come.
        #[test]
        fn the_algebra_agrees_with_plain_sets(steps in steps()) {
            let mut selection = Selection::default();
            let mut plain: BTreeSet<u32> = BTreeSet::new();
            for step in steps {
                let before = selection.clone();
                let kept: Vec<_> = before.ids();
                match step {
                    Step::Add(origin, numbers) => {
                        let origin = match origin {
                            0 => Origin::Hand,
                            1 => Origin::List,
                            _ => matching(&origin.to_string()),
                        };
                        selection.add(origin, numbers.iter().copied().map(lead).collect());
                        plain.extend(numbers);
                    }
                    Step::Remove(numbers) => {
                        let ids: Vec<_> = numbers.iter().map(|n| lead(*n).id.clone()).collect();
                        selection.remove(&ids);
                        plain.retain(|number| !numbers.contains(number));
                    }
                    Step::Invert(numbers) => {
                        let leads: Vec<_> = numbers.iter().copied().collect::<BTreeSet<_>>()
                            .into_iter().map(lead).collect();
                        selection.invert(&leads);
                        for number in numbers.into_iter().collect::<BTreeSet<_>>() {
                            if !plain.remove(&number) {
                                plain.insert(number);
                            }
                        }
                    }
                    Step::Keep(numbers) => {
                        let ids: Vec<_> = numbers.iter().map(|n| lead(*n).id.clone()).collect();
                        selection.keep(&ids);
                        plain.retain(|number| numbers.contains(number));
                    }
                }
                let ids: Vec<_> = plain.iter().map(|number| lead(*number).id.clone()).collect();
                prop_assert_eq!(selection.ids(), ids);
                prop_assert_eq!(selection.len(), plain.len());
                prop_assert_eq!(selection.iter().count(), plain.len());
                let told: usize = selection.provenance().iter().map(|(_, count)| count).sum();
                prop_assert_eq!(told, plain.len());
                for number in 0..24 {
                    prop_assert_eq!(selection.contains(&lead(number).id), plain.contains(&number));
                    let parts = selection.parts.iter();
                    let owners = parts.filter(|part| part.leads.get(&lead(number).id).is_some());
                    prop_assert!(owners.count() <= 1, "parts are disjoint");
                }
                for out in selection.excluded.iter() {
                    let parts = selection.parts.iter();
                    let mut owners = parts.filter(|part| part.leads.get(&out.id).is_some());
                    prop_assert!(owners.all(|part| part.origin != Origin::Hand));
                    prop_assert!(selection.find(&out.id).is_some());
                }
                prop_assert_eq!(before.ids(), kept, "copies are independent");
            }
        }
    }
}
