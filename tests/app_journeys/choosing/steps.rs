//! Steps, each of which can be taken back.

use super::{all_matching, among, chosen, has_exactly, id, place, progress, show, toggle};
use crate::world::World;
use batch_runner::app::Msg;
use batch_runner::app::cost_preview::price::PriceView;
use batch_runner::app::lead_selector::selection::Cut;
use batch_runner::domain::lead::{LeadSort, NO_PAGES};
use batch_runner::domain::selection::TriState;

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
