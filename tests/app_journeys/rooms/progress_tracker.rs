//! Batches that run, followed to their end.

use super::{following, id, processed, status};
use crate::server::{Answer, Server};
use crate::world::World;
use batch_runner::app::progress_tracker::batches::Cancel;
use batch_runner::app::{Msg, StoreKey};
use batch_runner::domain::batch::{BatchId, BatchStatus};
use batch_runner::domain::live::{Health, Transport};
use batch_runner::machine::connection::Channel;
use batch_runner::wire::rest::Method::{Get, Post};
use serde_json::{Value, json};

fn progress(batch: &str, total: u32, done: u32) -> Value {
    json!({"type": "progress_update", "batch_id": batch, "total": total, "processed": done, "successful": done, "failed": 0})
}

/// Prevents: batches that were started elsewhere, or before a reload, are not shown as running.
#[test]
fn batches_of_the_list_are_followed_and_finished_ones_are_not() {
    let world = following(&[
        ("a", "running", 10, 4),
        ("b", "pending", 5, 0),
        ("c", "completed", 7, 7),
    ]);
    assert_eq!(
        (
            world.model.batches.shown().len(),
            world.model.batches.running()
        ),
        (2, 2)
    );
    assert_eq!(processed(&world, "a"), 4);
    let frames = &world.socket(&Channel::Multiplexed).unwrap().frames;
    let mut subscribed: Vec<_> = (frames.iter())
        .filter(|frame| frame["type"] == "subscribe")
        .map(|frame| frame["batch_id"].as_str().unwrap())
        .collect();
    subscribed.sort_unstable();
    assert_eq!(subscribed, ["a", "b"], "each once");
}

/// Prevents: news is lost, an end is believed without its final figures, or counts run backwards.
#[test]
fn socket_news_is_merged_and_an_end_is_read_from_the_server() {
    let mut world = following(&[("a", "running", 10, 4)]);
    world.hear(&Channel::Multiplexed, &progress("a", 10, 7));
    world.hear(&Channel::Multiplexed, &progress("a", 10, 5));
    world.hear(&Channel::Multiplexed, &progress("stranger", 10, 5));
    assert_eq!(
        (processed(&world, "a"), world.model.batches.shown().len()),
        (7, 1)
    );
    world.server.set("a", "completed", 10);
    let reads = world.requests(Get, "/batch/a/status").len();
    let end = json!({"type": "batch_completed", "batch_id": "a", "status": "completed", "total_leads": 10,
        "successful": 10, "failed": 0, "total_cost": 5.5});
    world.hear(&Channel::Multiplexed, &end);
    world.run(500);
    assert_eq!(world.requests(Get, "/batch/a/status").len(), reads + 1);
    assert_eq!(
        (status(&world, "a"), processed(&world, "a")),
        (Some(BatchStatus::Completed), 10)
    );
    let frames = &world.socket(&Channel::Multiplexed).unwrap().frames;
    assert!(frames.iter().any(|frame| frame["type"] == "unsubscribe"));
    assert_eq!(
        world
            .toasts
            .iter()
            .filter(|toast| toast.contains("completed"))
            .count(),
        1
    );
}

/// Prevents: a frame with a wrong, smaller total pulls the counts of a batch down with it.
#[test]
fn a_smaller_total_does_not_turn_the_counts_back() {
    let mut world = following(&[("a", "running", 10, 8)]);
    world.hear(&Channel::Multiplexed, &progress("a", 3, 3));
    assert_eq!(processed(&world, "a"), 8);
}

/// Prevents: today's server ends every batch as failed; its frame is told as plain failure before the figures are read,
/// and the one sentence that all leads succeeded is never said.
#[test]
fn the_end_of_a_batch_on_todays_server_is_told_by_its_figures() {
    let mut world = following(&[("a", "running", 300, 274)]);
    world.server.set("a", "failed", 300);
    let end = json!({"type": "batch_error", "batch_id": "a", "error_code": "BATCH_PROCESSING_ERROR",
        "error_message": "property 'results_summary' of 'BatchReport' object has no setter"});
    world.hear(&Channel::Multiplexed, &end);
    world.run(1_000);
    assert_eq!(
        (status(&world, "a"), processed(&world, "a")),
        (Some(BatchStatus::Failed), 300)
    );
    assert!(
        world.was_told("All 300 leads succeeded"),
        "{:?}",
        world.toasts
    );
    assert!(!world.was_told("has failed."), "{:?}", world.toasts);
}

/// Prevents: the server tells two ends of one batch, and nobody learns which one counts, or that there were two.
#[test]
fn an_end_that_the_server_corrects_is_told_as_corrected() {
    let mut world = following(&[("a", "running", 10, 4)]);
    let end = |world: &mut World, word: &str| {
        let frame = json!({"type": "batch_completed", "batch_id": "a", "status": word});
        world.hear(&Channel::Multiplexed, &frame);
        world.run(1_000);
    };
    world.server.set("a", "cancelled", 6);
    end(&mut world, "cancelled");
    assert_eq!(status(&world, "a"), Some(BatchStatus::Cancelled));
    world.server.set("a", "completed", 10);
    end(&mut world, "completed");
    assert_eq!(status(&world, "a"), Some(BatchStatus::Completed));
    let tracking = world.model.batches.get(&BatchId("a".into())).unwrap();
    assert_eq!(
        tracking.correction().as_deref(),
        Some("The server first reported this batch as cancelled, and now as completed.")
    );
    assert!(world.was_told("is completed"), "{:?}", world.toasts);
}

/// Prevents: what happened while the connection was down is never seen.
#[test]
fn after_a_cut_the_missed_end_is_found() {
    let mut world = following(&[("a", "running", 10, 4)]);
    world.hear(
        &Channel::Multiplexed,
        &json!({"type": "progress_update", "batch_id": "a", "total": 10, "processed": 5, "seq": 9}),
    );
    world.cut(&Channel::Multiplexed);
    assert!(matches!(world.model.link.health(), Health::Waiting(_)));
    world.run(3_000);
    let again = world.socket(&Channel::Multiplexed).unwrap();
    assert_eq!(again.frames[0]["since"]["a"], 9);
    world.server.set("a", "completed", 10);
    world.cut(&Channel::Multiplexed);
    world.run(40_000);
    assert_eq!(status(&world, "a"), Some(BatchStatus::Completed));
}

/// Prevents: today's server has no multiplexed socket, and nothing moves on the screen.
#[test]
fn without_the_multiplexed_socket_each_batch_has_its_own_and_without_those_it_is_polled() {
    let mut world = World::new();
    world.server.has_multiplexed = false;
    world.server.batches = vec![Server::batch("a", "running", 10, 4)];
    world.stored.insert(StoreKey::Token, "good".into());
    world.open("");
    world.run(3_000);
    let own = Channel::Batch(id("a"));
    assert_eq!(world.socket(&own).unwrap().path, "/api/batch/a/progress");
    assert_eq!(
        world.stored.get(&StoreKey::Transport).map(String::as_str),
        Some("per_batch")
    );
    world.hear(&own, &progress("a", 10, 6));
    assert_eq!(processed(&world, "a"), 6);

    let mut world = World::new();
    (world.server.has_multiplexed, world.server.has_per_batch) = (false, false);
    world.server.batches = vec![Server::batch("a", "running", 10, 4)];
    world.stored.insert(StoreKey::Token, "good".into());
    world.open("");
    world.run(10_000);
    assert_eq!(world.model.link.connection.transport(), Transport::Polling);
    let before = world.requests(Get, "/batch/a/status").len();
    world.run(10_000);
    let reads = world.requests(Get, "/batch/a/status").len() - before;
    assert!((4..=7).contains(&reads), "{reads} reads in 10 s");
}

/// Prevents: the server fails on the status of every batch with a failed lead, and its counts are never seen.
#[test]
fn a_status_that_fails_is_read_from_the_list() {
    let mut world = following(&[("a", "running", 10, 4)]);
    world.server.set("a", "failed", 9);
    world.server.always(
        Get,
        "/batch/a/status",
        Answer::Http(500, json!({"detail": "Internal server error"})),
    );
    world.hear(
        &Channel::Multiplexed,
        &json!({"type": "gap", "batch_id": "a"}),
    );
    world.run(1_000);
    assert_eq!(
        (status(&world, "a"), processed(&world, "a")),
        (Some(BatchStatus::Failed), 9)
    );
    assert_eq!(
        world
            .model
            .batches
            .get(&id("a"))
            .and_then(|tracking| tracking.error.clone()),
        None
    );
}

/// Prevents: a batch whose server died runs for ever.
#[test]
fn a_batch_that_does_not_move_is_called_stalled() {
    let mut world = following(&[("a", "running", 10, 4)]);
    world.run(89_000);
    let stalled = |world: &World| {
        world
            .model
            .batches
            .get(&id("a"))
            .unwrap()
            .stalled_since(world.now)
            .is_some()
    };
    assert!(!stalled(&world));
    world.run(5_000);
    assert!(stalled(&world));
    world.hear(&Channel::Multiplexed, &progress("a", 10, 5));
    assert!(!stalled(&world));
}

/// Prevents: a cancel is taken as done when the server has only agreed to it, or can be sent twice.
#[test]
fn a_cancel_is_asked_about_sent_once_and_seen_to_its_end() {
    let mut world = following(&[("a", "running", 300, 50)]);
    world.tell(Msg::CancelAsked(id("a")));
    assert_eq!(world.requests(Post, "/cancel").len(), 0);
    world.tell(Msg::CancelConfirmed(id("a")));
    world.tell(Msg::CancelConfirmed(id("a")));
    assert_eq!(
        world.model.batches.get(&id("a")).unwrap().cancel,
        Cancel::Requested
    );
    world.run(500);
    assert_eq!(world.requests(Post, "/cancel").len(), 1);
    assert_eq!(status(&world, "a"), Some(BatchStatus::Cancelled));
    assert!(world.was_told("is cancelled: 50 of 300 leads"));
    // Today's server goes on, and says in the end that the batch is completed.
    world.hear(&Channel::Multiplexed, &progress("a", 300, 91));
    assert_eq!(
        (status(&world, "a"), processed(&world, "a")),
        (Some(BatchStatus::Cancelled), 91)
    );
    world.server.set("a", "completed", 300);
    for batch in &mut world.server.batches {
        batch["error_message"] = json!("Cancelled by user");
    }
    world.run(40_000);
    assert_eq!(
        (status(&world, "a"), processed(&world, "a")),
        (Some(BatchStatus::Completed), 300)
    );
    assert!(
        world.was_told("the server did not stop"),
        "{:?}",
        world.toasts
    );
}

/// Prevents: a refused cancel looks like one that is under way.
#[test]
fn a_refused_cancel_says_so_and_reads_what_became_of_the_batch() {
    let mut world = following(&[("a", "running", 10, 9)]);
    world.server.set("a", "completed", 10);
    world.tell(Msg::CancelConfirmed(id("a")));
    world.run(500);
    let tracking = world.model.batches.get(&id("a")).unwrap();
    assert!(
        matches!(&tracking.cancel, Cancel::Refused(words) if words.contains("cannot be cancelled any more"))
    );
    assert_eq!(tracking.batch.status, BatchStatus::Completed);
}

/// Prevents: a cancel stuck behind a blocked connection waits for ever.
#[test]
fn a_cancel_without_an_answer_is_sent_again() {
    let mut world = following(&[("a", "running", 10, 4)]);
    world.server.once(Post, "/cancel", [Answer::Timeout]);
    world.tell(Msg::CancelConfirmed(id("a")));
    world.run(4_000);
    let sent = world.requests(Post, "/cancel");
    assert_eq!(sent.len(), 2);
    assert!(sent[1].at - sent[0].at <= 3_100);
    assert_eq!(status(&world, "a"), Some(BatchStatus::Cancelled));
}
