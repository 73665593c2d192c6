//! Reading all that match.

use super::{
    all_matching, among, chosen, failure, filter, has_exactly, is_chosen, late, lead, place,
    progress, reloaded, toggle,
};
use crate::server::Answer;
use crate::world::World;
use batch_runner::app::cost_preview::price::PriceView;
use batch_runner::app::requests::Slot;
use batch_runner::app::{Effect, Msg, StoreKey};
use batch_runner::domain::lead::{LeadFilter, LeadSort, NO_PAGES, RUN_MAX};
use batch_runner::domain::selection::TriState;
use batch_runner::machine::launch::Launch;
use batch_runner::wire::rest::Method::{Get, Post};
use serde_json::json;

/// Every run of more than a page by identifier, as (skip, limit).
fn runs(world: &World) -> Vec<(u32, u32)> {
    let sent = world.requests(Get, "sort_by=id&sort_order=asc");
    sent.iter().map(|sent| place(&sent.http.path)).collect()
}

/// Prevents: the order of the table is asked for, in which the server's pages overlap, or more than it gives at once.
#[test]
fn all_that_match_are_read_in_runs_of_a_thousand_by_identifier() {
    let mut world = among(2_500, 50);
    world.tell(Msg::SortChosen(LeadSort::Company));
    world.tell(Msg::SortChosen(LeadSort::Company));
    filter(&mut world, "Company 0");
    world.tell(Msg::PageChosen(3));
    world.run(1_000);
    all_matching(&mut world);
    assert_eq!(RUN_MAX, 1_000);
    assert_eq!(runs(&world), [(0, 1_000), (1_000, 1_000), (2_000, 500)]);
    let sent = world.requests(Get, "sort_by=id");
    assert!(
        sent.iter()
            .all(|sent| sent.http.path.contains("search=Company%200"))
    );
    assert!(has_exactly(&world, 1..=2_500));
    assert!(world.was_told("All 2,500 matching leads are chosen, 2,500 of them new."));
    assert_eq!(world.model.route.leads.page, 3, "the page stays");
}

/// Prevents: a person does not see that it works, or sees rows that are not ticked under “2,500 leads chosen”.
#[test]
fn the_count_is_told_at_once_and_then_how_far_it_got() {
    for page_size in [50, NO_PAGES] {
        let mut world = among(2_500, page_size);
        world
            .server
            .once(Get, "sort_by=id", [late(980), late(980), late(980)]);
        world.tell(Msg::AllMatchingAsked);
        assert_eq!(progress(&world), Some((0, Some(2_500))));
        assert_eq!(world.model.choice_words(), "2,500 leads chosen");
        assert!(is_chosen(&world, 7));
        assert_eq!(world.model.page_state(), TriState::All);
        for read in [1_000, 2_000] {
            world.run(1_000);
            assert_eq!(progress(&world), Some((read, Some(2_500))));
            assert_eq!(world.model.choice_words(), "2,500 leads chosen");
        }
        world.run(1_000);
        assert_eq!((progress(&world), chosen(&world)), (None, 2_500));
        assert_eq!(world.model.page_state(), TriState::All);
    }
}

/// Prevents: half of what was read stays chosen, or the stopped reading comes back with its late answer.
#[test]
fn a_stopped_reading_leaves_the_choice_as_it_was() {
    let mut world = among(2_500, 50);
    toggle(&mut world, 2, false);
    let kept = world.stored[&StoreKey::Selection].clone();
    world.server.once(Get, "skip=1000", [late(5_000)]);
    world.tell(Msg::AllMatchingAsked);
    world.run(500);
    assert_eq!(progress(&world), Some((1_000, Some(2_500))));
    world.tell(Msg::GatheringStopped);
    assert!(world.effects.contains(&Effect::Abort(Slot::Gathering)));
    world.run(10_000);
    assert!(has_exactly(&world, [3]));
    assert_eq!(world.stored[&StoreKey::Selection], kept);
    assert!(world.model.price_view().fresh().is_some());
    world.tell(Msg::ChoiceUndone);
    assert_eq!(chosen(&world), 0, "the step before it");
    all_matching(&mut world);
    assert_eq!(chosen(&world), 2_500);
}

/// Prevents: what was read before a failure is read again, or chosen without the rest.
#[test]
fn a_failed_reading_goes_on_where_it_stopped() {
    let mut world = among(3_200, NO_PAGES);
    world
        .server
        .once(Get, "skip=2000", [failure(), failure(), failure()]);
    world.tell(Msg::AllMatchingAsked);
    for _ in 0..3 {
        world.run(2_000);
        let gathering = world.model.choice.gathering.as_ref().expect("it waits");
        assert!(gathering.error.is_some());
        assert_eq!((gathering.read, chosen(&world)), (2_000, 0));
        world.tell(Msg::GatheringRetried);
        let gathering = world.model.choice.gathering.as_ref().expect("it goes on");
        assert_eq!(gathering.error, None);
    }
    world.run(2_000);
    assert_eq!(chosen(&world), 3_200);
    let skips: Vec<_> = runs(&world).into_iter().map(|(skip, _)| skip).collect();
    assert_eq!(skips, [0, 1_000, 2_000, 2_000, 2_000, 2_000, 3_000]);
}

/// Prevents: a click on a row does nothing while the reading goes on, or is forgotten when it ends or the page reloads.
#[test]
fn a_lead_that_is_taken_out_while_the_reading_goes_on_stays_out() {
    for reloads in [false, true] {
        let mut world = among(2_500, 50);
        // One that was chosen by hand before is no other than the rest.
        toggle(&mut world, 0, false);
        world.server.always(Get, "sort_by=id", late(1_000));
        world.tell(Msg::AllMatchingAsked);
        for place in [0, 1, 2, 3] {
            toggle(&mut world, place, false);
            assert!(!is_chosen(&world, place + 1), "row {place}");
        }
        toggle(&mut world, 3, false);
        assert!(is_chosen(&world, 4), "put back in");
        if reloads {
            world = reloaded(world, "");
        }
        world.run(8_000);
        assert!(has_exactly(&world, 4..=2_500));
        if !reloads {
            assert!(!world.was_told("All 2,500"), "{:?}", world.toasts);
            world.tell(Msg::ChoiceUndone);
            assert!(has_exactly(&world, [1]), "one step");
        }
    }
}

/// Prevents: the page's box and “invert” choose by hand what is being read, where they should take it out.
#[test]
fn the_page_is_taken_out_as_a_whole_while_the_reading_goes_on() {
    let mut world = among(2_500, 50);
    world.tell(Msg::AllMatchingAsked);
    world.tell(Msg::PageToggled(false));
    assert_eq!(world.model.page_state(), TriState::None);
    world.run(3_000);
    assert!(has_exactly(&world, 51..=2_500));
    let mut world = among(2_500, 50);
    world.tell(Msg::AllMatchingAsked);
    toggle(&mut world, 9, false);
    assert_eq!(world.model.page_state(), TriState::Some);
    world.tell(Msg::PageInverted);
    world.run(3_000);
    assert_eq!(chosen(&world), 2_451);
    assert!(is_chosen(&world, 10) && !is_chosen(&world, 11));
}

/// Prevents: a price is asked for leads that are still being added, or a batch is bought without them.
#[test]
fn nothing_is_priced_or_reviewed_before_the_last_lead_is_read() {
    let mut world = among(900, 50);
    world.server.once(Get, "sort_by=id", [late(5_000)]);
    world.tell(Msg::AllMatchingAsked);
    world.run(4_000);
    assert_eq!(world.model.price_view(), PriceView::Gathering);
    assert!(world.requests(Post, "/preview").is_empty());
    world.tell(Msg::ReviewAsked);
    world.tell(Msg::Approved);
    assert!(matches!(world.model.compose.launch, Launch::Draft));
    assert!(!world.model.compose.complaints.is_empty());
    world.run(4_000);
    let asked = world.requests(Post, "/preview");
    assert_eq!(asked.len(), 1);
    assert_eq!(
        asked[0].body()["lead_ids"].as_array().map(Vec::len),
        Some(900)
    );
    world.tell(Msg::ReviewAsked);
    world.run(1_000);
    assert!(matches!(&world.model.compose.launch, Launch::Reviewing(review) if review.is_ready()));
}

/// Prevents: a lead that two pages hold is counted twice, and one that none holds is missed without a word.
#[test]
fn leads_that_no_page_holds_are_told() {
    let mut world = among(2_500, NO_PAGES);
    let overlapping: Vec<_> = (990..=1_989).map(lead).collect();
    let page = json!({"leads": overlapping, "total_count": 2_500});
    world
        .server
        .once(Get, "skip=1000", [Answer::Http(200, page)]);
    all_matching(&mut world);
    assert_eq!(chosen(&world), 2_489);
    assert!(world.was_told("2,489 of 2,500 leads were found and are chosen"));
    let complaints = world.toasts.len();
    // The server counts badges, not leads, where it is asked for leads with badges.
    world.server.once(
        Get,
        "sort_by=id",
        [Answer::Http(
            200,
            json!({"leads": [lead(7)], "total_count": 4}),
        )],
    );
    world.tell(Msg::LeadFilterChanged(LeadFilter {
        has_badges: Some(true),
        ..LeadFilter::default()
    }));
    world.run(1_000);
    all_matching(&mut world);
    assert!(
        world.toasts[complaints..]
            .iter()
            .all(|words| !words.contains("were found"))
    );
}

/// Prevents: “all” throws a lead out again that was picked on purpose, and tells a number that is none.
#[test]
fn what_is_left_out_of_all_is_neither_lost_nor_counted() {
    let mut world = World::reviewing();
    world.tell(Msg::Approved);
    world.run(2_000);
    world.tell(Msg::ChoiceCleared);
    world.choose([1], true);
    world.tell(Msg::LeaveOutAsked {
        reported: true,
        running: false,
    });
    all_matching(&mut world);
    assert!(world.model.is_chosen(&World::lead(1).id), "picked by hand");
    assert!(!world.model.is_chosen(&World::lead(2).id));
    assert_eq!(chosen(&world), 118);
    assert!(
        world.was_told("117 of them new") && !world.was_told("All 120"),
        "{:?}",
        world.toasts
    );
    filter(&mut world, "Company 11");
    all_matching(&mut world);
    assert!(world.was_told("0 of them new"), "{:?}", world.toasts);
}
