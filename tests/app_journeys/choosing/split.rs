//! More leads than a batch takes, split into several.

use super::{all_matching, among, bought, chosen, filter, ids, late, reloaded, split};
use crate::server::{Answer, Server};
use crate::world::World;
use batch_runner::app::cost_preview::price::PriceView;
use batch_runner::app::lead_selector::selection::Cut;
use batch_runner::app::{Msg, StoreKey, TabEvent};
use batch_runner::domain::lead::{LeadSort, NO_PAGES};
use batch_runner::domain::ledger::{Entry, Outcome};
use batch_runner::domain::live::Word;
use batch_runner::domain::plan::{Field, Part};
use batch_runner::machine::launch::{Launch, Review};
use batch_runner::route::View;
use batch_runner::wire::rest::Method::{Get, Post};
use serde_json::json;

/// The review of everything that is chosen, ready to be approved.
fn reviewed(world: &mut World) -> Review {
    world.run(3_000);
    world.tell(Msg::ReviewAsked);
    world.run(3_000);
    match &world.model.compose.launch {
        Launch::Reviewing(review) if review.is_ready() => review.clone(),
        launch => panic!("{launch:?}, {:?}", world.model.compose.complaints),
    }
}

/// Prevents: a batch of several takes others than it says, is not in the total that was approved, or is bought twice.
#[test]
fn one_approval_of_the_total_starts_all_batches_one_after_the_other() {
    let mut world = split();
    // The order is the one in which it was split, however the table is sorted later.
    world.tell(Msg::SortChosen(LeadSort::Email));
    let mut world = reloaded(world, "");
    world.tell(Msg::SettingTyped(Field::Name, "Summer".into()));
    let review = reviewed(&mut world);
    assert_eq!(review.plans.len(), 3);
    let quote = world.model.price_view().fresh().cloned().expect("a price");
    assert_eq!((review.total(), review.leads()), (quote.total(), 2_300));
    assert_eq!(
        world.requests(Post, "/batch/preview").len(),
        6,
        "once, and renewed for the review"
    );
    world.tell(Msg::Approved);
    world.tell(Msg::Approved);
    world.run(10_000);
    let bought = bought(&world);
    assert_eq!(bought.len(), 3);
    for (number, (leads, reference)) in (1..).zip(&bought) {
        let part = [1_301..=2_300, 301..=1_300, 1..=300][number as usize - 1].clone();
        assert_eq!(*leads, ids(part));
        assert_eq!(reference.as_part(), Some(Part { number, of: 3 }));
        assert_eq!(reference.code(), bought[0].1.code());
    }
    let names: Vec<_> = (world.requests(Post, "/batch/start").iter())
        .map(|sent| sent.body()["name"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(
        names,
        ["Summer (1 of 3)", "Summer (2 of 3)", "Summer (3 of 3)"]
    );
    assert_eq!((chosen(&world), world.ledger().len()), (0, 3));
    assert!(world.was_told("Batch 3 of 3 with 300 leads started."));
    assert_eq!(world.model.route.view, View::Running);
}

/// Prevents: trouble with one of several batches loses the leads of the others, starts them all the same, or a reload
/// forgets what belongs together.
#[test]
fn several_batches_pause_on_trouble_and_go_on_after_a_reload() {
    let mut world = split();
    reviewed(&mut world);
    world.server.once(
        Post,
        "/batch/start",
        [Answer::Usual, Answer::Http(503, json!({"detail": "busy"}))],
    );
    world.tell(Msg::Approved);
    world.run(20_000);
    assert_eq!((world.starts(), chosen(&world)), (2, 1_300));
    let words: Vec<_> = world
        .model
        .compose
        .complaints
        .iter()
        .map(|one| one.text.clone())
        .collect();
    assert!(words[1].contains("Batch 1 of 3 was started"), "{words:?}");
    let first = bought(&world)[0].1.clone();
    let mut world = reloaded(world, "");
    let review = reviewed(&mut world);
    let parts: Vec<_> = review
        .plans
        .iter()
        .filter_map(|plan| plan.reference.as_part())
        .collect();
    assert_eq!(
        parts,
        [Part { number: 2, of: 3 }, Part { number: 3, of: 3 }]
    );
    assert_eq!(review.plans[0].reference.code(), first.code());
    world.tell(Msg::Approved);
    world.run(10_000);
    assert_eq!(
        (world.starts(), chosen(&world)),
        (2, 0),
        "the new page starts the two that were missing"
    );
    let mut all: Vec<_> = bought(&world)
        .into_iter()
        .flat_map(|(leads, _)| leads)
        .collect();
    all.sort_unstable();
    assert_eq!(all, ids(1..=1_300));
}

/// Prevents: a part that was not confirmed and is approved again shares its record with the lost one, so that one of the
/// two approvals is forgotten, or one of two batches is taken for the other.
#[test]
fn a_part_that_is_approved_again_is_told_from_the_lost_one() {
    let mut world = split();
    reviewed(&mut world);
    world
        .server
        .once(Post, "/batch/start", [Answer::Usual, Answer::Lost]);
    world.tell(Msg::Approved);
    world.run(30_000);
    assert!(matches!(
        world.model.compose.launch,
        Launch::NotConfirmed { .. }
    ));
    let review = reviewed(&mut world);
    assert_eq!(
        review.plans[0].reference.as_part(),
        Some(Part { number: 2, of: 3 })
    );
    world.tell(Msg::ConcernAccepted(true));
    world.tell(Msg::Approved);
    world.run(10_000);
    let outcomes = |world: &World| -> Vec<_> {
        let of_second =
            |entry: &&Entry| entry.plan.reference.as_part() == Some(Part { number: 2, of: 3 });
        let entries = world.ledger();
        let entries = entries.iter().filter(of_second);
        entries.map(|entry| entry.outcome.clone()).collect()
    };
    assert!(
        matches!(
            outcomes(&world)[..],
            [Outcome::Started { .. }, Outcome::NotConfirmed]
        ),
        "{:?}",
        outcomes(&world)
    );
    // The lost one turns up after all.
    let lost = &bought(&world)[1].1;
    let mut late = Server::batch("late", "running", 1_000, 1);
    late["description"] = json!(lost.attach(None));
    world.server.batches.insert(0, late);
    world.tell(Msg::Tabs(TabEvent::Heard(Word::Started)));
    world.run(2_000);
    assert!(
        matches!(
            &outcomes(&world)[..],
            [Outcome::Started { batch: one, .. }, Outcome::Started { batch: two, .. }] if one != two && two.0 == "late"
        ),
        "{:?}",
        outcomes(&world)
    );
}

/// Prevents: a reload while several batches are being started starts one of them again.
#[test]
fn a_reload_in_the_middle_of_several_batches_buys_nothing_twice() {
    let mut world = split();
    reviewed(&mut world);
    world.server.once(
        Post,
        "/batch/start",
        [Answer::Usual, Answer::LostAfterActing],
    );
    world.tell(Msg::Approved);
    while world.starts() < 2 {
        world.run(10);
    }
    let mut world = reloaded(world, "");
    world.run(5_000);
    assert_eq!(world.starts(), 0, "the new page only looks");
    assert!(
        world.was_told("Batch 2 of 3 with 1,000 leads did start"),
        "{:?}",
        world.toasts
    );
    assert_eq!(chosen(&world), 300);
    let review = reviewed(&mut world);
    assert_eq!(
        review.plans[0].reference.as_part(),
        Some(Part { number: 3, of: 3 })
    );
    world.tell(Msg::Approved);
    world.run(5_000);
    assert_eq!(
        (
            world.starts(),
            chosen(&world),
            world.model.batches.running()
        ),
        (1, 0, 3)
    );
}

/// Prevents: a split that was given up still prices a part, or a split of what fits into one batch stays behind.
#[test]
fn a_split_ends_when_it_is_given_up_or_not_needed() {
    let mut world = among(1_200, NO_PAGES);
    all_matching(&mut world);
    for give_up in [Msg::SplitAsked(false), Msg::ChoiceCleared] {
        world.tell(Msg::SplitAsked(true));
        world.run(2_000);
        assert!(world.model.price_view().fresh().is_some());
        assert!(world.announced().contains("1,200 of them in 2 batches"));
        world.tell(give_up);
        assert!(world.model.choice.split.is_none());
    }
    world.tell(Msg::ChoiceUndone);
    assert_eq!(world.model.price_view(), PriceView::TooMany(1_200));
    world.tell(Msg::SplitAsked(true));
    world.tell(Msg::ChoiceCut(Cut::First(900)));
    assert!(world.model.choice.split.is_none());
}

/// Prevents: a choice that was cleared comes back with the next reload.
#[test]
fn a_cleared_choice_stays_cleared() {
    let mut world = among(5_000, 50);
    for (n, lead) in world.server.leads.iter_mut().enumerate() {
        let colour = if n < 2_500 { "Red" } else { "Blue" };
        lead["company_name"] = json!(format!("{colour} {n}"));
    }
    for text in ["Red", "Blue"] {
        filter(&mut world, text);
        all_matching(&mut world);
    }
    assert_eq!(chosen(&world), 5_000);
    let mut world = world.reload();
    world.server.always(Get, "sort_by=id", late(2_000));
    world.open("");
    world.run(1_000);
    assert!(world.model.choice.gathering.is_some());
    world.tell(Msg::ChoiceCleared);
    world.run(10_000);
    assert_eq!(chosen(&world), 0);
    assert_eq!(world.stored.get(&StoreKey::Selection), None);
}
