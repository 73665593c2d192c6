//! What ended during a reload.

use super::{following, id, tracking};
use crate::server::Server;
use crate::world::World;
use batch_runner::app::Msg;
use serde_json::json;

/// Prevents: a batch that ends while the page is loaded anew is gone from the list, and nobody is told how it ended.
#[test]
fn what_ends_during_a_reload_is_told_and_what_had_ended_is_still_there() {
    let mut world = following(&[("one", "running", 10, 4), ("two", "running", 10, 4)]);
    world.server.set("two", "completed", 10);
    world.run(40_000);
    assert!(tracking(&world, "two").batch.status.is_terminal());
    let mut world = world.reload();
    world.server.set("one", "completed", 10);
    world.open("view=running");
    world.run(1_000);
    assert_eq!(world.model.places().len(), 2);
    let told = world
        .toasts
        .iter()
        .filter(|words| words.contains("completed"));
    assert_eq!(told.count(), 1, "{:?}", world.toasts);
    // What was put away stays away.
    world.tell(Msg::BatchDismissed(id("one")));
    world.tell(Msg::BatchDismissed(id("two")));
    let mut world = world.reload();
    world.open("view=running");
    world.run(1_000);
    assert_eq!(world.model.places(), Vec::<String>::new());
}

/// Prevents: what somebody else starts moves the card away that somebody is about to press.
#[test]
fn what_others_start_moves_nothing() {
    let mut world = World::signed_in();
    let batch = |id: &str, minute: u32, by: &str| {
        let mut batch = Server::batch(id, "running", 4, 1);
        batch["created_at"] = json!(format!("2026-11-23T12:{minute:02}:00"));
        batch["created_by"] = json!(by);
        batch
    };
    let start = |world: &mut World, id: &str, minute: u32, by: &str| {
        world.server.batches.insert(0, batch(id, minute, by));
        world.tell(Msg::RetryNow);
        world.run(40_000);
        world.model.places()
    };
    start(&mut world, "theirs", 1, "zoe@example");
    start(&mut world, "own", 2, "olive@example");
    assert_eq!(
        start(&mut world, "theirs too", 3, "zoe@example"),
        ["own", "theirs", "theirs too"]
    );
    assert_eq!(
        start(&mut world, "newest", 4, "olive@example"),
        ["newest", "own", "theirs", "theirs too"]
    );
}
