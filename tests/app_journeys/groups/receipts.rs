//! Receipts of launches.

use super::{id, reviewing, swept};
use crate::server::{Answer, Server};
use crate::world::World;
use batch_runner::app::{Msg, StoreKey};
use batch_runner::wire::rest::Method::Post;
use serde_json::json;

const PERSON: Option<&str> = Some("olive@example");

/// Prevents: a receipt tells other figures than were approved, or forgets which batches belong together.
#[test]
fn a_receipt_tells_what_was_approved_and_what_it_cost() {
    let mut world = reviewing();
    world.server.once(
        Post,
        "/batch/start",
        [Answer::Usual, Answer::LostAfterActing, Answer::Usual],
    );
    world.tell(Msg::Approved);
    let approved = world.now;
    world.run(20_000);
    let lines = |world: &World, batch: &str| {
        let receipt = world
            .model
            .ledger
            .receipt(&id(batch), PERSON)
            .expect("a receipt");
        let line = |(label, value): &(&str, String)| format!("{label}: {value}");
        receipt.lines.iter().map(line).collect::<Vec<_>>()
    };
    let receipt = world.model.ledger.receipt(&id("batch-1"), PERSON).unwrap();
    assert_eq!(receipt.approved, approved);
    let other = |number: u32| (format!("Batch {number}"), id(&format!("batch-{number}")));
    assert_eq!(receipt.others, [other(2), other(3)]);
    assert_eq!(
        lines(&world, "batch-2"),
        [
            "Price approved: $1,000.00",
            "Actual cost: not known before it ends",
            "Outcome: started; its answer got lost, and it was found on the server",
            "Settings: 5 leads at once, tries again up to 3 times per lead",
            "Batch: 2 of 3, approved together",
        ]
    );
    for (batch, actual) in [
        ("batch-1", json!(960.0)),
        ("batch-2", json!(1_000.0)),
        ("batch-3", json!(null)),
    ] {
        world.server.set(batch, "completed", 1_000);
        for known in &mut world.server.batches {
            if known["id"] == batch {
                known["actual_cost_usd"] = actual.clone();
            }
        }
    }
    swept(&mut world);
    let cost = |world: &World, batch: &str| lines(world, batch).remove(1);
    assert_eq!(
        cost(&world, "batch-1"),
        "Actual cost: $960.00, $40.00 (4\u{a0}%) less than approved"
    );
    assert_eq!(
        cost(&world, "batch-2"),
        "Actual cost: $1,000.00, exactly as approved"
    );
    assert_eq!(
        cost(&world, "batch-3"),
        "Actual cost: not told by the server"
    );
    assert_eq!(world.model.ledger.receipt(&id("foreign"), PERSON), None);
    assert_eq!(world.model.ledger.doubts(PERSON), []);
}

/// Prevents: money that may have been spent is in no list, or what is certain is called doubtful.
#[test]
fn launches_without_a_known_batch_need_a_look() {
    let mut world = World::reviewing();
    let refusal = Answer::Http(422, json!({"detail": "over the daily budget"}));
    world.server.once(Post, "/batch/start", [refusal]);
    world.tell(Msg::Approved);
    world.run(5_000);
    world.tell(Msg::ReviewAsked);
    world.run(2_000);
    world.server.once(Post, "/batch/start", [Answer::Lost]);
    world.tell(Msg::Approved);
    world.run(2_000);
    assert_eq!(
        world.model.ledger.doubts(PERSON).len(),
        1,
        "still looked for"
    );
    world.run(60_000);
    world.tell(Msg::LaunchDismissed);
    let doubts = world.model.ledger.doubts(PERSON);
    let words: Vec<_> = doubts.iter().map(|doubt| &doubt.words[..]).collect();
    assert_eq!(words.len(), 2, "{words:?}");
    assert!(
        words[0].starts_with("3 leads for $3.00: not confirmed."),
        "{words:?}"
    );
    assert!(
        words[1].starts_with("3 leads for $3.00: refused, nothing was started. ")
            && words[1].contains("over the daily budget"),
        "{words:?}"
    );
}

/// Prevents: receipts of launches whose price nobody noted claim one.
#[test]
fn a_launch_of_an_earlier_version_has_a_receipt_without_a_price() {
    let mut world = World::new();
    world.stored.insert(StoreKey::Token, "good".into());
    let earlier = json!([{"batch": "x", "lead_ids": ["a"], "template": "v1", "at": 5}]);
    world.stored.insert(StoreKey::Ledger, earlier.to_string());
    let mut ended = Server::batch("x", "completed", 1, 1);
    ended["actual_cost_usd"] = json!(0.5);
    world.server.batches = vec![ended];
    world.open("");
    world.run(1_000);
    let receipt = world.model.ledger.receipt(&id("x"), PERSON).unwrap();
    assert_eq!(receipt.lines[0].1, "an unknown price");
    assert_eq!(receipt.lines[1].1, "$0.50");
    assert_eq!(receipt.others, []);
}
