//! What the algebra of choices costs with 100,000 leads on this machine: `name value unit`, medians.
//!
//! `cargo run --release --example selection_bench`

use std::hint::black_box;
use std::rc::Rc;
use std::time::Instant;

use batch_runner::domain::lead::{Enrichment, Lead, LeadFilter, LeadId};
use batch_runner::domain::selection::{Origin, Selection};

const LEADS: u32 = 100_000;
/// A choice of more is not searched for what a filter hides.
const HIDDEN_UP_TO: u32 = 20_000;
const RUNS: usize = 21;

fn lead(n: u32) -> Rc<Lead> {
    // Identifiers as long as the server's, in no order.
    let mixed = n.wrapping_mul(2_654_435_761);
    let id = LeadId(format!("{mixed:08x}-0000-4000-8000-{n:012x}"));
    Rc::new(Lead {
        email: Some(format!("office{n}@company{n}.example")),
        domain: Some(format!("company{n}.example")),
        enrichment: Enrichment::Completed,
        ..Lead::known_by(id, &format!("Company {n} Limited"))
    })
}

fn matching(search: &str) -> Origin {
    Origin::Matching(LeadFilter {
        search: search.into(),
        ..LeadFilter::default()
    })
}

/// The median of what a few runs take in milliseconds; `prepare` is not counted.
fn measure<T, R>(name: &str, mut prepare: impl FnMut() -> T, mut run: impl FnMut(&mut T) -> R) {
    let mut times: Vec<f64> = (0..RUNS)
        .map(|_| {
            let mut prepared = prepare();
            let start = Instant::now();
            let result = black_box(run(black_box(&mut prepared)));
            let time = start.elapsed().as_secs_f64() * 1e3;
            drop(result);
            time
        })
        .collect();
    times.sort_unstable_by(f64::total_cmp);
    println!("{name} {:.4} ms", times[RUNS / 2]);
}

fn main() {
    let leads: Vec<_> = (0..LEADS).map(lead).collect();
    let mut all = Selection::default();
    all.add(matching(""), leads.clone());
    let mut some = Selection::default();
    some.add(matching(""), leads[..HIDDEN_UP_TO as usize].to_vec());
    let mut mixed = Selection::default();
    mixed.add(Origin::Hand, leads[..1_000].to_vec());
    mixed.add(matching("Company 1"), leads[..50_000].to_vec());
    mixed.add(matching(""), leads.clone());
    let out: Vec<_> = leads
        .iter()
        .step_by(100)
        .map(|lead| lead.id.clone())
        .collect();
    mixed.remove(&out);
    let middle = leads[LEADS as usize / 2].clone();

    // As they are read: by identifier.
    let mut in_order = leads.clone();
    in_order.sort_unstable_by(|one, other| one.id.cmp(&other.id));
    measure(
        "add_100000_by_rule",
        || (Selection::default(), in_order.clone()),
        |(selection, leads)| selection.add(matching(""), std::mem::take(leads)),
    );
    measure(
        "add_100000_by_rule_in_no_order",
        || (Selection::default(), leads.clone()),
        |(selection, leads)| selection.add(matching(""), std::mem::take(leads)),
    );
    measure(
        "add_100000_by_rule_to_50000_by_another",
        || {
            let mut selection = Selection::default();
            selection.add(matching("x"), leads[..50_000].to_vec());
            (selection, leads.clone())
        },
        |(selection, leads)| selection.add(matching(""), std::mem::take(leads)),
    );
    // The copy before a step is what undo keeps; it makes the step copy what it changes.
    measure(
        "toggle_one_out_of_100000_with_undo",
        || (all.clone(), all.clone()),
        |(selection, _)| selection.remove(std::slice::from_ref(&middle.id)),
    );
    measure(
        "toggle_one_into_100000_by_hand_with_undo",
        || {
            let mut selection = Selection::default();
            selection.add(Origin::Hand, leads[1..].to_vec());
            (selection.clone(), selection)
        },
        |(selection, _)| selection.add(Origin::Hand, vec![leads[0].clone()]),
    );
    measure(
        "contains_x_500_a_block_of_the_list",
        || (),
        |()| all.state_of(&mut leads[..500].iter()),
    );
    measure(
        "contains_x_100000_in_order",
        || (),
        |()| all.state_of(&mut in_order.iter()),
    );
    measure(
        "contains_x_100000",
        || (),
        |()| leads.iter().filter(|lead| all.contains(&lead.id)).count(),
    );
    measure(
        "contains_x_100000_three_parts_1000_out",
        || (),
        |()| leads.iter().filter(|lead| mixed.contains(&lead.id)).count(),
    );
    measure("ids_of_100000", || (), |()| all.ids());
    measure("undo_snapshot_of_100000", || (), |()| all.clone());
    let filter = LeadFilter {
        search: "company 7".into(),
        ..LeadFilter::default()
    };
    measure(
        "hidden_by_filter_of_20000",
        || (),
        |()| {
            let hidden = some
                .iter()
                .filter(|lead| filter.matches(lead) == Some(false));
            hidden.count()
        },
    );
    measure(
        "provenance_three_parts_1000_out",
        || (),
        |()| mixed.provenance().len(),
    );
    measure(
        "remove_1000_from_100000",
        || all.clone(),
        |selection| selection.remove(&out),
    );
    let first: Vec<_> = leads[..1_000].iter().map(|lead| lead.id.clone()).collect();
    measure(
        "cut_100000_to_1000",
        || all.clone(),
        |selection| selection.keep(&first),
    );
}
