//! Choosing leads by the thousand, in virtual time: what goes on while they are read, and what comes back after it.

#[expect(dead_code, reason = "journeys of other kinds use the rest")]
#[path = "support/server.rs"]
mod server;
#[expect(dead_code, reason = "journeys of other kinds use the rest")]
#[path = "support/world.rs"]
mod world;

use std::rc::Rc;

use batch_runner::app::cost_preview::price::PriceView;
use batch_runner::app::lead_import::import::Stage;
use batch_runner::app::lead_selector::scroll::{BLOCK, Window};
use batch_runner::app::lead_selector::selection::Cut;
use batch_runner::app::lead_selector::views::{ColumnChange, ViewChange};
use batch_runner::app::requests::Slot;
use batch_runner::app::{Copied, Effect, Msg, StoreKey, TabEvent};
use batch_runner::domain::lead::{LeadFilter, LeadId, LeadSort, NO_PAGES, RUN_MAX};
use batch_runner::domain::ledger::{Entry, Outcome};
use batch_runner::domain::list::Fate;
use batch_runner::domain::live::Word;
use batch_runner::domain::plan::{ClientReference, Field, Part};
use batch_runner::domain::selection::TriState;
use batch_runner::machine::launch::{Launch, Review};
use batch_runner::route::View;
use batch_runner::wire::rest::Method::{Get, Post};
use serde_json::{Value, json};
use server::{Answer, Server};
use world::World;

/// Signed in with so many leads on the server, and so many on a page of the table; 0 is one list to scroll through.
fn among(leads: u32, page_size: u32) -> World {
    let mut world = World::new();
    world.server.leads = (1..=leads).map(lead).collect();
    world
        .stored
        .insert(StoreKey::PageSize, page_size.to_string());
    world.stored.insert(StoreKey::Token, "good".into());
    world.open("");
    world.run(1_000);
    world
}

fn lead(n: u32) -> Value {
    json!({"id": format!("lead-{n:05}"), "company_name": format!("Company {n:05}"), "email": format!("c{n:05}@x.example"),
        "enrichment_status": "completed", "is_manual": false, "created_at": "2026-11-20T10:00:00"})
}

fn id(n: u32) -> LeadId {
    LeadId(format!("lead-{n:05}"))
}

fn ids(numbers: impl IntoIterator<Item = u32>) -> Vec<LeadId> {
    numbers.into_iter().map(id).collect()
}

fn search(text: &str) -> LeadFilter {
    LeadFilter {
        search: text.into(),
        ..LeadFilter::default()
    }
}

fn chosen(world: &World) -> usize {
    world.model.choice.selection.len()
}

/// Short where it fails, unlike a comparison of thousands.
fn has_exactly(world: &World, numbers: impl IntoIterator<Item = u32>) -> bool {
    let (chosen, expected) = (world.model.choice.selection.ids(), ids(numbers));
    if chosen != expected {
        println!("{} are chosen, not {}", chosen.len(), expected.len());
    }
    chosen == expected
}

fn is_chosen(world: &World, n: u32) -> bool {
    world.model.is_chosen(&id(n))
}

/// A click on the box of a row.
fn toggle(world: &mut World, place: u32, range: bool) {
    let lead = world.model.leads.at(place).cloned().expect("a read row");
    let chosen = !world.model.is_chosen(&lead.id);
    world.tell(Msg::LeadToggled {
        lead,
        chosen,
        range,
    });
}

fn filter(world: &mut World, text: &str) {
    world.tell(Msg::LeadFilterChanged(search(text)));
    world.run(1_000);
}

fn all_matching(world: &mut World) {
    world.tell(Msg::AllMatchingAsked);
    world.run(3_000);
    assert_eq!(world.model.choice.gathering, None, "everything was read");
}

fn show(world: &mut World, first: u32) {
    world.tell(Msg::RowsShown(Window {
        first,
        last: first + 30,
    }));
}

/// Every run of more than a page by identifier, as (skip, limit).
fn runs(world: &World) -> Vec<(u32, u32)> {
    let sent = world.requests(Get, "sort_by=id&sort_order=asc");
    sent.iter().map(|sent| place(&sent.http.path)).collect()
}

fn place(path: &str) -> (u32, u32) {
    let number = |name: &str| {
        let rest = path.split_once(name).expect("a run").1;
        rest.split('&').next().and_then(|text| text.parse().ok())
    };
    (
        number("skip=").expect("a place"),
        number("limit=").expect("a length"),
    )
}

fn late(delay: i64) -> Answer {
    Answer::Late(delay, Box::new(Answer::Usual))
}

fn failure() -> Answer {
    Answer::Http(500, json!({"detail": "Internal server error"}))
}

fn progress(world: &World) -> Option<(u32, Option<u32>)> {
    let gathering = world.model.choice.gathering.as_ref()?;
    Some((gathering.read, gathering.total))
}

fn blocks_under_way(world: &World) -> usize {
    let slots = world.model.net.slots();
    slots.filter(|slot| matches!(slot, Slot::Rows(_))).count()
}

/// Loads the page again at an address and waits until everything has been read.
fn reloaded(world: World, query: &str) -> World {
    let mut world = world.reload();
    world.open(query);
    world.run(8_000);
    world
}

// Reading all that match

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

// Steps

/// Prevents: some kind of step cannot be taken back, takes two, or comes back after another was made.
#[test]
fn every_kind_of_step_is_one_step() {
    let mut world = among(2_500, 50);
    let steps: [fn(&mut World); 7] = [
        |world| toggle(world, 4, false),
        |world| toggle(world, 9, true),
        |world| world.tell(Msg::PageToggled(true)),
        |world| world.tell(Msg::PageInverted),
        all_matching,
        |world| world.tell(Msg::ChoiceCut(Cut::Random(1_000))),
        |world| world.tell(Msg::ChoiceCleared),
    ];
    let mut choices = vec![Vec::new()];
    for step in steps {
        step(&mut world);
        choices.push(world.model.choice.selection.ids());
        assert!(world.model.choice.can_undo() && !world.model.choice.can_redo());
    }
    let counts: Vec<_> = choices.iter().map(Vec::len).collect();
    assert_eq!(counts, [0, 1, 6, 50, 0, 2_500, 1_000, 0]);
    for before in choices.iter().rev().skip(1) {
        world.tell(Msg::ChoiceUndone);
        assert_eq!(world.model.choice.selection.ids(), *before);
    }
    assert!(!world.model.choice.can_undo());
    for after in &choices[1..] {
        world.tell(Msg::ChoiceRedone);
        assert_eq!(world.model.choice.selection.ids(), *after);
    }
    assert!(!world.model.choice.can_redo());
    world.tell(Msg::ChoiceUndone);
    toggle(&mut world, 1, false);
    let now = world.model.choice.selection.ids();
    world.tell(Msg::ChoiceRedone);
    assert_eq!(world.model.choice.selection.ids(), now, "redo is forgotten");
}

/// Prevents: taking “all that match” back while they are read takes the step before it back as well.
#[test]
fn undo_while_the_reading_goes_on_takes_only_the_reading_back() {
    let mut world = among(2_500, 50);
    toggle(&mut world, 0, false);
    toggle(&mut world, 1, false);
    world.tell(Msg::AllMatchingAsked);
    world.tell(Msg::ChoiceUndone);
    world.run(3_000);
    assert!(has_exactly(&world, [1, 2]));
    world.tell(Msg::ChoiceUndone);
    assert!(has_exactly(&world, [1]));
}

/// Prevents: “the first” are those of the identifiers and not of the table, or a sample has too many or strange leads.
#[test]
fn a_choice_is_cut_by_the_order_of_the_table_or_by_chance() {
    let mut world = among(1_600, NO_PAGES);
    all_matching(&mut world);
    assert_eq!(world.model.price_view(), PriceView::TooMany(1_600));
    world.tell(Msg::SortChosen(LeadSort::Company));
    world.tell(Msg::SortChosen(LeadSort::Company));
    world.tell(Msg::ChoiceCut(Cut::First(1_000)));
    assert!(has_exactly(&world, 601..=1_600));
    assert!(world.was_told("The first 1,000 of 1,600 chosen leads are kept."));
    assert!(world.model.notices.toasts.iter().any(|toast| toast.undo));
    world.tell(Msg::ChoiceUndone);
    assert!(!world.model.notices.toasts.iter().any(|toast| toast.undo));
    let mut samples = Vec::new();
    for _ in 0..2 {
        world.tell(Msg::ChoiceCut(Cut::Random(1_000)));
        samples.push(world.model.choice.selection.ids());
        assert_eq!(chosen(&world), 1_000);
        assert!(samples.iter().flatten().all(|id| *id <= self::id(1_600)));
        world.tell(Msg::ChoiceUndone);
        assert_eq!(chosen(&world), 1_600);
    }
    assert_ne!(samples[0], samples[1]);
    // Each half of what there is has its share.
    let low = samples[0].iter().filter(|known| **known <= id(800)).count();
    assert!((400..=600).contains(&low), "{low} of the first half");
    world.tell(Msg::ChoiceCut(Cut::Random(5_000)));
    assert_eq!(chosen(&world), 1_600, "no more than there are");
}

/// Prevents: a range begins at a row number instead of a lead, or at a lead that nobody sees.
#[test]
fn a_range_extends_from_the_lead_that_was_chosen_last() {
    let mut world = among(200, 50);
    toggle(&mut world, 10, false);
    world.server.leads.reverse();
    world.tell(Msg::SortChosen(LeadSort::Company));
    world.run(1_000);
    world.tell(Msg::PageChosen(3));
    world.run(1_000);
    // Backwards on this page: lead 11 is in its row 39 now.
    toggle(&mut world, 30, true);
    assert!(has_exactly(&world, 11..=20));
    let last = world.model.leads.at(35).cloned().expect("a row");
    world.tell(Msg::LeadToggled {
        lead: last,
        chosen: false,
        range: true,
    });
    assert!(has_exactly(&world, 11..=14));
    world.tell(Msg::PageChosen(0));
    world.run(1_000);
    toggle(&mut world, 5, true);
    assert_eq!(chosen(&world), 5, "its anchor is on another page");
    toggle(&mut world, 7, true);
    assert_eq!(chosen(&world), 7, "and it became the anchor itself");
}

/// Prevents: a range takes only the rows that happened to be read, takes two steps back, or asks for too much at once.
#[test]
fn a_range_over_unread_rows_reads_them_in_the_order_of_the_table() {
    let mut world = among(6_000, NO_PAGES);
    world.tell(Msg::SortChosen(LeadSort::Company));
    world.run(1_000);
    toggle(&mut world, 20, false);
    show(&mut world, 4_000);
    world.run(2_000);
    let before = world.sent.len();
    toggle(&mut world, 4_005, true);
    assert_eq!(progress(&world), Some((0, Some(3_986))));
    world.run(3_000);
    let read = world.sent[before..].iter();
    let read: Vec<_> = read
        .filter(|sent| sent.http.path.contains("sort_by=company_name"))
        .map(|sent| place(&sent.http.path))
        .collect();
    let expected = [(20, 1_000), (1_020, 1_000), (2_020, 1_000), (3_020, 986)];
    assert_eq!(read, expected);
    assert!(has_exactly(&world, 21..=4_006));
    assert_eq!(world.model.provenance_words(), "", "by hand");
    world.tell(Msg::ChoiceUndone);
    assert!(has_exactly(&world, [21]));
    world.tell(Msg::ChoiceUndone);
    assert_eq!(chosen(&world), 0, "one step each");
}

/// Prevents: “invert” reaches beyond the page, or two of them are not nothing.
#[test]
fn a_page_is_turned_round_alone() {
    let mut world = among(200, 50);
    all_matching(&mut world);
    world.tell(Msg::PageChosen(1));
    world.run(1_000);
    toggle(&mut world, 0, false);
    world.tell(Msg::PageInverted);
    let expected = || (1..=51).chain(101..=200);
    assert!(has_exactly(&world, expected()));
    assert_eq!(world.model.page_state(), TriState::Some);
    world.tell(Msg::PageInverted);
    let expected = (1..=50).chain(52..=200);
    assert!(has_exactly(&world, expected));
}

// Words and views

/// Prevents: nobody can tell why a lead is chosen, or the numbers do not add up.
#[test]
fn it_is_told_where_a_choice_comes_from() {
    let mut world = among(1_500, 50);
    assert_eq!(world.model.choice_words(), "No leads chosen");
    toggle(&mut world, 0, false);
    assert_eq!(world.model.choice_words(), "1 lead chosen");
    assert_eq!(world.model.provenance_words(), "", "what everybody expects");
    filter(&mut world, "Company 000");
    all_matching(&mut world);
    assert_eq!(
        world.model.provenance_words(),
        "1 by hand, 98 by filter “Company 000”"
    );
    toggle(&mut world, 1, false);
    toggle(&mut world, 2, false);
    toggle(&mut world, 0, false);
    let words = world.model.provenance_words();
    assert!(words.starts_with("96 by filter “Company 000”"), "{words}");
    toggle(&mut world, 1, false);
    filter(&mut world, "");
    all_matching(&mut world);
    let words = world.model.provenance_words();
    assert!(words.contains("by filter “Company 000”") && words.contains("from all leads"));
    assert!(!words.contains("taken out"), "{words}");
    assert_eq!(world.model.choice_words(), "1,500 leads chosen");
}

/// Prevents: a person pays for leads that they do not see and do not know of.
#[test]
fn chosen_leads_that_the_filter_hides_are_told() {
    let mut world = among(1_500, 50);
    for place in 0..12 {
        toggle(&mut world, place, false);
    }
    filter(&mut world, "Company 0000");
    assert_eq!(
        world.model.choice_words(),
        "12 leads chosen, 3 hidden by this filter"
    );
    filter(&mut world, "nothing of the kind");
    assert_eq!(
        world.model.choice_words(),
        "12 leads chosen, 12 hidden by this filter"
    );
    filter(&mut world, "_ompany");
    assert_eq!(
        world.model.choice_words(),
        "12 leads chosen",
        "as LIKE does"
    );
    filter(&mut world, "שלום");
    assert_eq!(
        world.model.choice_words(),
        "12 leads chosen",
        "nobody can tell"
    );
    filter(&mut world, "Company 0000");
    world.tell(Msg::OnlyChosenAsked(true));
    assert_eq!(world.model.choice_words(), "12 leads chosen");
    assert_eq!(world.model.leads.total(), Some(12), "the filter hides none");
}

/// Prevents: rows move under the pointer while leads are taken out, and a reload shows something else.
#[test]
fn the_chosen_alone_keep_their_rows_and_their_address() {
    for page_size in [50, NO_PAGES] {
        let mut world = among(3_000, page_size);
        for place in [5, 6, 7, 8] {
            toggle(&mut world, place, false);
        }
        world.tell(Msg::OnlyChosenAsked(true));
        let query = world.model.route.to_query();
        assert!(query.contains("chosen=1"), "{query}");
        let rows = |world: &World| {
            let rows = world.model.leads.loaded();
            rows.map(|lead| lead.id.clone()).collect::<Vec<_>>()
        };
        toggle(&mut world, 1, false);
        toggle(&mut world, 2, false);
        assert_eq!((chosen(&world), rows(&world)), (2, ids(6..=9)));
        toggle(&mut world, 2, false);
        assert!(has_exactly(&world, [6, 8, 9]));
        let mut world = reloaded(world, &query);
        assert_eq!(rows(&world), ids([6, 8, 9]));
        world.tell(Msg::OnlyChosenAsked(false));
        world.run(1_000);
        assert_eq!(world.model.leads.total(), Some(3_000));
        // What is kept by its rule is there a moment after the page.
        all_matching(&mut world);
        let world = reloaded(world, "chosen=1");
        assert_eq!(chosen(&world), 3_000);
        assert_eq!(world.model.leads.total(), Some(3_000));
    }
}

// Reloads

/// Prevents: a lead that was taken out of a large choice is in it again after a reload, however it had come in.
#[test]
fn a_large_choice_is_read_again_with_its_exceptions() {
    let mut world = among(5_000, 50);
    toggle(&mut world, 0, false);
    filter(&mut world, "Company 0000");
    all_matching(&mut world);
    filter(&mut world, "");
    all_matching(&mut world);
    // By hand, by a small rule, and by the large one.
    toggle(&mut world, 0, false);
    toggle(&mut world, 1, false);
    toggle(&mut world, 20, false);
    assert_eq!(chosen(&world), 4_997);
    assert!(world.stored[&StoreKey::Selection].len() < 3_000);
    let mut world = reloaded(world, "");
    let out = [1, 2, 21].map(|n| is_chosen(&world, n));
    assert_eq!(out, [false; 3]);
    assert_eq!(chosen(&world), 4_997);
    assert!(!world.model.choice.can_undo(), "a reload is no step");
    world.tell(Msg::ChoiceCut(Cut::First(1_000)));
    let world = reloaded(world, "");
    assert_eq!(chosen(&world), 1_000, "what was cut stays cut");
}

/// Prevents: steps that are made while a kept choice is read again throw it away.
#[test]
fn steps_while_a_kept_choice_is_read_again_do_not_lose_it() {
    let mut world = among(5_000, 50);
    filter(&mut world, "Company 01");
    // 1,000 to 1,999 are a small rule, everything else a large one.
    all_matching(&mut world);
    filter(&mut world, "");
    all_matching(&mut world);
    assert_eq!(chosen(&world), 5_000);
    let mut world = world.reload();
    world.server.always(Get, "sort_by=id", late(500));
    world.open("q=Company%200000");
    world.run(600);
    assert!(world.model.choice.gathering.is_some());
    world.tell(Msg::ChoiceUndone);
    assert!(
        world.model.choice.gathering.is_some(),
        "there was nothing to take back"
    );
    toggle(&mut world, 0, false);
    world.run(8_000);
    assert_eq!(chosen(&world), 5_000);
    world.tell(Msg::ChoiceUndone);
    assert!(chosen(&world) >= 4_999, "{} are left", chosen(&world));
}

/// Prevents: “Clear” or “Stop” throws a kept choice away for good because it had not been read again yet.
#[test]
fn a_kept_choice_that_was_cleared_before_it_was_read_can_be_taken_back() {
    let mut world = among(5_000, 50);
    all_matching(&mut world);
    toggle(&mut world, 3, false);
    for stop in [Msg::ChoiceCleared, Msg::GatheringStopped] {
        world = world.reload();
        world.server.always(Get, "sort_by=id", late(500));
        world.open("");
        world.run(800);
        world.tell(stop);
        world.run(8_000);
        assert_eq!(chosen(&world), 0);
        world.tell(Msg::ChoiceUndone);
        world.run(8_000);
        assert_eq!(chosen(&world), 4_999);
        assert!(!is_chosen(&world, 4));
        world.tell(Msg::ChoiceRedone);
        assert_eq!(chosen(&world), 0);
        world.tell(Msg::ChoiceUndone);
        assert_eq!(chosen(&world), 4_999, "what was read once stays known");
    }
}

/// Prevents: “Undo” does nothing that anybody sees, because the step before it had changed nothing.
#[test]
fn what_changes_nothing_is_no_step() {
    let mut world = among(120, NO_PAGES);
    all_matching(&mut world);
    all_matching(&mut world);
    world.tell(Msg::ChoiceCut(Cut::Random(500)));
    world.tell(Msg::ChoiceUndone);
    assert_eq!((chosen(&world), world.model.choice.can_undo()), (0, false));
    world.tell(Msg::ChoiceCleared);
    assert!(world.model.choice.can_redo());
}

/// Prevents: the second reading is refused without a word, and the person believes that its leads are chosen.
#[test]
fn one_reading_at_a_time_is_said() {
    let mut world = among(2_500, NO_PAGES);
    world.server.once(Get, "sort_by=id", [late(5_000)]);
    world.tell(Msg::AllMatchingAsked);
    filter(&mut world, "Company 000");
    world.tell(Msg::AllMatchingAsked);
    assert!(world.was_told("Other leads are being read: wait for them, or stop that first."));
}

// Split into batches

/// 2,300 leads, split by the company's name, descending.
fn split() -> World {
    let mut world = among(2_300, NO_PAGES);
    world.tell(Msg::SortChosen(LeadSort::Company));
    world.tell(Msg::SortChosen(LeadSort::Company));
    world.run(1_000);
    all_matching(&mut world);
    world.tell(Msg::SplitAsked(true));
    world
}

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

/// The leads of each batch that was asked for, in order, and its reference.
fn bought(world: &World) -> Vec<(Vec<LeadId>, ClientReference)> {
    let starts = world.requests(Post, "/batch/start");
    let read = |sent: &world::Sent| {
        let body = sent.body();
        let leads: Vec<String> = serde_json::from_value(body["lead_ids"].clone()).unwrap();
        let (_, reference) = ClientReference::detach(body["description"].as_str().unwrap());
        (leads.into_iter().map(LeadId).collect(), reference.unwrap())
    };
    starts.iter().map(read).collect()
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

// Scrolling

/// Prevents: a flick through the list is hundreds of requests, and the rows in view come last.
#[test]
fn scrolling_reads_at_most_three_blocks_at_once_and_gives_up_far_ones() {
    let mut world = among(60_000, NO_PAGES);
    world.server.always(Get, "limit=250", late(400));
    let before = world.sent.len();
    for first in (0..50_000).step_by(1_000) {
        show(&mut world, first);
        assert!(blocks_under_way(&world) <= 3);
        world.run(16);
    }
    show(&mut world, 49_990);
    let given_up = |effect: &&Effect| matches!(effect, Effect::Abort(Slot::Rows(_)));
    assert!(world.effects.iter().filter(given_up).count() > 20);
    world.run(2_000);
    for place in [49_990, 50_020, 50_900] {
        assert_eq!(
            world.model.leads.at(place).map(|lead| lead.id.clone()),
            Some(id(place + 1))
        );
    }
    assert!(world.model.leads.at(20_010).is_none(), "scrolled past");
    let read = &world.sent[before..];
    assert!(read.iter().all(|sent| place(&sent.http.path).1 == BLOCK));
    let sent = world.sent.len();
    show(&mut world, 49_980);
    show(&mut world, 49_990);
    world.run(1_000);
    assert!(
        world.sent.len() <= sent + 2,
        "what is there is not read again"
    );
}

/// Prevents: a failed block is asked for again and again, or never.
#[test]
fn a_failed_block_waits_for_a_person() {
    let mut world = among(60_000, NO_PAGES);
    world.run(2_000);
    world.server.always(Get, "limit=250", failure());
    show(&mut world, 30_000);
    world.run(1_000);
    assert!(world.model.leads.page.error().is_some());
    let sent = world.sent.len();
    show(&mut world, 30_001);
    world.run(5_000);
    assert_eq!(world.requests(Get, "limit=250").len(), {
        let before = &world.sent[..sent];
        before
            .iter()
            .filter(|sent| sent.http.path.contains("limit=250"))
            .count()
    });
    assert_eq!(
        world.model.leads.at(0).map(|lead| lead.id.clone()),
        Some(id(1))
    );
    world.server.mend();
    world.tell(Msg::LeadsRetried);
    world.run(1_000);
    assert!(world.model.leads.page.error().is_none());
    assert!(world.model.leads.at(30_010).is_some());
    assert_eq!(world.model.leads.window().first, 30_001, "the view stays");
}

/// Prevents: everybody has to choose the page size at each visit, or rubbish in the storage breaks the table.
#[test]
fn the_page_size_is_kept_and_used() {
    let mut world = among(300, 50);
    world.tell(Msg::PageSizeChosen(7));
    assert_eq!(world.model.route.leads.page_size, 50, "no size of ours");
    world.tell(Msg::PageSizeChosen(100));
    assert_eq!(world.stored[&StoreKey::PageSize], "100");
    let mut world = reloaded(world, "");
    assert_eq!(world.model.leads.loaded().count(), 100);
    assert!(!world.model.route.to_query().contains("size"));
    world.tell(Msg::PageSizeChosen(NO_PAGES));
    let mut world = reloaded(world, "");
    assert!(world.model.leads.is_scrolled());
    assert_eq!(world.model.leads.loaded().count(), 300);
    for rubbish in ["", "-1", "7", "many"] {
        world.stored.insert(StoreKey::PageSize, rubbish.into());
        world = reloaded(world, "");
        assert!(world.model.leads.page.error().is_none());
        assert!(world.model.leads.loaded().count() > 0, "{rubbish:?}");
    }
}

// Announcements

/// Prevents: a screen reader reads out every click, or says that nothing is chosen while everything is.
#[test]
fn a_choice_is_announced_once_when_it_rests() {
    let mut world = among(2_500, 50);
    world.run(5_000);
    let heard = |world: &World| world.model.notices.polite.0;
    let before = heard(&world);
    for place in 0..8 {
        toggle(&mut world, place, false);
        world.run(999);
    }
    assert_eq!(heard(&world), before, "it does not rest");
    world.run(1);
    assert_eq!(heard(&world), before + 1);
    assert_eq!(world.model.notices.polite.1, "8 leads chosen, $8.00.");
    world.run(60_000);
    assert_eq!(heard(&world), before + 1, "said once");
    world.server.once(Get, "sort_by=id", [late(5_000)]);
    world.tell(Msg::AllMatchingAsked);
    world.run(3_000);
    let words = &world.model.notices.polite.1;
    assert!(
        words.contains("2,500") || heard(&world) == before + 1,
        "while they are read: {words}"
    );
}

// Lists, links and views

/// Prevents: a line of a list is looked up wrongly, or 1,000 lines are 1,000 requests.
#[test]
fn a_list_is_matched_and_added() {
    let mut world = among(2_500, NO_PAGES);
    let before = world.sent.len();
    world.tell(Msg::BringOpened(true));
    let lines: Vec<_> = (1..=1_000).map(|n| format!("C{n:05}@x.example")).collect();
    world.tell(Msg::ListTyped(lines.join("\n") + "\nnobody@y.example"));
    world.tell(Msg::LookupAsked);
    world.run(3_000);
    assert_eq!(world.sent.len() - before, 3);
    let bring = world.model.choice.bring.clone().expect("open");
    let Stage::Done(list) = bring.stage else {
        panic!("not done")
    };
    assert_eq!(
        (list.count(Fate::Matched), list.count(Fate::Missing)),
        (1_000, 1)
    );
    world.tell(Msg::ListAdded {
        also_ambiguous: false,
    });
    assert_eq!(
        (chosen(&world), world.model.provenance_words()),
        (1_000, "1,000 from a list".into())
    );
}

/// Prevents: a shared choice is not found, or asked about again at each reload.
#[test]
fn a_small_choice_travels_in_a_link() {
    let mut world = among(300, NO_PAGES);
    toggle(&mut world, 3, false);
    world.tell(Msg::LinkAsked);
    let link = world.effects.iter().rev().find_map(|effect| match effect {
        Effect::Copy(Copied::Link, query) => Some(query.clone()),
        _ => None,
    });
    assert_eq!(link.as_deref(), Some("leads=lead-00004"));
    let mut other = among(300, NO_PAGES);
    other
        .server
        .always(Get, "/v1/leads/lead-00004", Answer::Http(200, lead(4)));
    let mut other = other.reload();
    other.open("leads=lead-00004");
    other.run(2_000);
    assert!(other.model.route.shared.is_empty());
    other.tell(Msg::ListAdded {
        also_ambiguous: false,
    });
    assert_eq!(other.model.choice.selection.ids(), [id(4)]);
}

/// Prevents: a view, a column or a page size is forgotten, or goes before what the address says.
#[test]
fn views_columns_and_page_size_are_kept() {
    let mut world = among(300, NO_PAGES);
    world.tell(Msg::SearchTyped("Company 002".into()));
    world.run(1_000);
    world.tell(Msg::ViewChanged(ViewChange::Save("Twos".into())));
    world.tell(Msg::ViewChanged(ViewChange::Default(0)));
    world.tell(Msg::ColumnsChanged(ColumnChange::Show(3, false)));
    world.tell(Msg::PageSizeChosen(100));
    world.run(1_000);
    assert!(!world.model.leads.is_scrolled());
    let mut world = world.reload();
    world.open("");
    assert_eq!(world.model.route.leads.filter.search, "Company 002");
    assert_eq!(world.model.route.leads.page_size, 100);
    assert!(
        !world
            .model
            .views
            .columns
            .shown()
            .contains(&LeadSort::Enrichment)
    );
    world.tell(Msg::ViewChanged(ViewChange::Rename(0, " ".into())));
    world.tell(Msg::ViewChanged(ViewChange::Rename(0, "Second".into())));
    world.run(1_000);
    assert_eq!(world.model.views.saved[0].name, "Second");
    let mut world = world.reload();
    world.open("q=other&size=all");
    assert_eq!(world.model.route.leads.filter.search, "other");
    assert_eq!(world.model.route.leads.page_size, NO_PAGES);
    world.tell(Msg::ViewChanged(ViewChange::Delete(0)));
    world.tell(Msg::ColumnsChanged(ColumnChange::Reset));
    world.run(1_000);
    assert!(world.model.views.saved.is_empty());
    assert_eq!(world.model.views.columns.shown(), LeadSort::ALL);
}

/// Prevents: the rule of another filter counts as the present one's, or its leads are lost.
#[test]
fn choices_by_several_filters_are_one_union() {
    let mut world = among(120, NO_PAGES);
    for text in ["Company 001", "Company 0011"] {
        filter(&mut world, text);
        all_matching(&mut world);
    }
    assert_eq!(world.model.provenance_words(), "21 by filter “Company 001”");
    filter(&mut world, "Company 0002");
    let rows: Vec<Rc<_>> = world.model.leads.loaded().cloned().collect();
    assert_eq!(
        world.model.choice.selection.state_of(&mut rows.iter()),
        TriState::None
    );
    toggle(&mut world, 0, false);
    assert_eq!(
        world.model.provenance_words(),
        "21 by filter “Company 001”, 1 by hand"
    );
}
