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
