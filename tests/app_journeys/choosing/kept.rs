//! What comes back after a reload.

use super::{all_matching, among, chosen, filter, is_chosen, late, reloaded, toggle};
use batch_runner::app::lead_selector::selection::Cut;
use batch_runner::app::{Msg, StoreKey};
use batch_runner::domain::lead::NO_PAGES;
use batch_runner::wire::rest::Method::Get;

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
