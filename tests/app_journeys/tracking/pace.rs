//! How long it takes.

use super::{following, tracking};
use crate::server::Answer;
use crate::world::World;
use batch_runner::domain::pace::Pace;
use batch_runner::machine::connection::Channel;
use batch_runner::wire::rest::Method::Get;
use serde_json::json;

fn pace(world: &World, batch: &str) -> Pace {
    tracking(world, batch).pace(world.now)
}

/// The batch of 300 leads goes on from `done`, two leads every 2 s, for so many reports.
fn goes_on(world: &mut World, done: u32, reports: u32) {
    for report in 1..=reports {
        world.run(2_000);
        let done = done + 2 * report;
        world.server.set("a", "running", done);
        let frame = json!({"type": "progress_update", "batch_id": "a", "total": 300, "processed": done,
            "successful": done, "failed": 0});
        world.hear(&Channel::Multiplexed, &frame);
    }
}

/// The true time left lies in the range, in seconds.
fn assert_holds(pace: Pace, truth: i64) {
    let left = pace.left().unwrap_or_else(|| panic!("{pace:?}"));
    let (low, high) = (left.low / 1_000, left.high / 1_000);
    assert!(
        low <= truth && truth <= high,
        "{truth} s is not in {low} to {high}"
    );
    assert!(high - low <= truth * 3 / 4, "{low} to {high} says little");
}

/// Prevents: a time left after the first report, or never.
#[test]
fn the_time_left_is_told_once_enough_was_seen() {
    let mut world = following(&[("a", "running", 300, 0)]);
    goes_on(&mut world, 0, 3);
    assert_eq!(pace(&world, "a"), Pace::Early);
    goes_on(&mut world, 6, 27);
    assert_holds(pace(&world, "a"), 240);
    let rate = pace(&world, "a").rate().unwrap();
    assert!((0.9..1.1).contains(&rate), "{rate}");
    let series = tracking(&world, "a").series();
    assert_eq!(series.first(), Some(&(0.0, 0)));
    assert!(
        series.len() <= 60 && series.last().unwrap().1 == 60,
        "{series:?}"
    );
}

/// Prevents: after a link is lost the time left runs down to nothing, or a batch of which nobody knows is called stalled.
#[test]
fn without_news_the_range_stays_as_it_was() {
    let mut world = following(&[("a", "running", 300, 0)]);
    goes_on(&mut world, 0, 30);
    let (heard, before) = (world.now, pace(&world, "a").left());
    world.server.always(Get, "/batch", Answer::Lost);
    world.run(200_000);
    let frozen = pace(&world, "a");
    assert!(
        matches!(frozen, Pace::Frozen { as_of, .. } if as_of == heard),
        "{frozen:?}"
    );
    assert_eq!(frozen.left(), before);
    assert_eq!(tracking(&world, "a").stalled_since(world.now), None);
    world.server.mend();
    goes_on(&mut world, 200, 1);
    assert!(matches!(pace(&world, "a"), Pace::Going { .. }));
}

/// Prevents: a batch whose server was killed goes on telling when it will be done.
#[test]
fn a_stalled_batch_has_no_time_left() {
    let mut world = following(&[("a", "running", 300, 0)]);
    goes_on(&mut world, 0, 30);
    let moved = world.now;
    // The server answers, and nothing moves.
    world.run(60_000);
    assert!(pace(&world, "a").left().is_some());
    world.run(65_000);
    assert_eq!(pace(&world, "a"), Pace::Stalled { since: moved });
    goes_on(&mut world, 60, 2);
    assert!(
        pace(&world, "a").left().is_some(),
        "{:?}",
        pace(&world, "a")
    );
}

#[test]
fn a_batch_that_has_ended_has_no_time_left() {
    let mut world = following(&[("a", "running", 300, 0)]);
    goes_on(&mut world, 0, 30);
    world.server.set("a", "completed", 300);
    world.run(40_000);
    assert_eq!(pace(&world, "a"), Pace::Ended);
}

/// Prevents: after a reload what was done before counts as done in the first seconds, and the batch seems to end at once.
#[test]
fn after_a_reload_only_what_is_seen_then_counts() {
    let mut world = following(&[("a", "running", 300, 0)]);
    goes_on(&mut world, 0, 30);
    let mut world = world.reload();
    world.open("view=running");
    world.run(1_000);
    assert_eq!(pace(&world, "a"), Pace::Early);
    goes_on(&mut world, 60, 30);
    assert_holds(pace(&world, "a"), 180);
    assert_eq!(tracking(&world, "a").series().first(), Some(&(0.0, 60)));
}
