//! Looking through thousands of past batches, in virtual time: reading them all, filters, order, groups, marks, comparing
//! and what they cost over time.

mod changes;
mod looking;
mod reading;

use crate::server::Server;
use crate::world::{NOON, World};
use batch_runner::app::batch_history::list::PastRow;
use batch_runner::app::{Msg, StoreKey};
use batch_runner::domain::batch::BatchId;
use batch_runner::domain::history::HistoryQuery;
use batch_runner::domain::time::Millis;
use batch_runner::wire::rest::Method::Get;
use serde_json::{Value, json};

fn id(id: &str) -> BatchId {
    BatchId(id.into())
}

/// A past batch, `age` minutes old; every tenth has failed, every third is Sam's.
fn past(age: usize) -> Value {
    let status = if age.is_multiple_of(10) {
        "failed"
    } else {
        "completed"
    };
    let mut batch = Server::batch(&format!("b{age:05}"), status, 5, 5);
    let created = Millis(NOON.0 - (age as i64 + 60) * 60_000);
    batch["created_at"] = json!(created.to_utc_text());
    batch["actual_cost_usd"] = json!((age * 7_919 % 1_000) as f64 / 100.0);
    batch["estimated_cost_usd"] = json!(5.0);
    batch["template_version"] = json!(if age.is_multiple_of(2) { "v1" } else { "0.9.0" });
    if age.is_multiple_of(3) {
        batch["created_by"] = json!("sam@example");
    }
    batch
}

/// The history of so many batches, opened at an address below it.
fn history(count: usize, query: &str) -> World {
    let mut world = World::new();
    world.server.batches = (0..count).map(past).collect();
    world.stored.insert(StoreKey::Token, "good".into());
    world.open(&format!("view=history&{query}"));
    world.run(2_000);
    world
}

fn ask(world: &mut World, alter: impl FnOnce(&mut HistoryQuery)) {
    let mut query = world.model.route.history.clone();
    query.page = 0;
    alter(&mut query);
    world.tell(Msg::HistoryAsked(query));
}

fn shown(world: &World) -> Vec<String> {
    let rows = world.model.past_rows().into_iter();
    let id = |row| match row {
        PastRow::Batch(batch) => Some(batch.id.0),
        PastRow::Heading(..) => None,
    };
    rows.filter_map(id).collect()
}

fn words(world: &World) -> String {
    world.model.past_words().unwrap_or_default()
}

/// How many pages of the whole list were asked for.
fn runs(world: &World) -> usize {
    world.requests(Get, "limit=200").len()
}

/// A batch is running at the top of so many others, on a page opened at an address below the history.
fn running(count: usize, query: &str) -> World {
    let mut world = history(count, "");
    let mut batch = Server::batch("run", "running", 10, 1);
    batch["created_at"] = json!(Millis(NOON.0 - 3_500_000).to_utc_text());
    world.server.batches.insert(0, batch);
    let mut world = world.reload();
    world.open(&format!("view=history&{query}"));
    world.run(1_000);
    assert_eq!(world.model.batches.shown().len(), 1);
    world
}
