//! Batches that one approval started, followed and cancelled as one, and the receipts of launches, in virtual time.

mod cancelling;
mod receipts;
mod together;

use crate::server::Server;
use crate::world::World;
use batch_runner::app::progress_tracker::groups::Group;
use batch_runner::app::{Msg, StoreKey};
use batch_runner::domain::batch::BatchId;
use batch_runner::domain::plan::Field;
use batch_runner::machine::launch::Launch;
use serde_json::{Value, json};

const CODE: &str = "0123456789ab";

fn id(id: &str) -> BatchId {
    BatchId(id.into())
}

/// Batch `number` of `of` that were started together, a minute after one another.
fn part(number: u32, of: u32, status: &str, done: u32) -> Value {
    let mut batch = Server::batch(&format!("part-{number}"), status, 100, done);
    batch["name"] = json!(format!("Summer ({number} of {of})"));
    batch["description"] = json!(format!("For the fair [ref {CODE} {number}/{of} 00000a]"));
    batch["created_at"] = json!(format!("2026-11-23T12:{number:02}:00"));
    batch["estimated_cost_usd"] = json!(50.0);
    batch
}

/// A page that finds these batches, newest first.
fn among(batches: Vec<Value>) -> World {
    let mut world = World::new();
    world.server.batches = batches;
    world.stored.insert(StoreKey::Token, "good".into());
    world.open("view=running");
    world.run(1_000);
    world
}

fn group(world: &World) -> Group {
    world.model.group(CODE)
}

fn places(world: &World) -> Vec<String> {
    world.model.places()
}

/// The next read of the server's list.
fn swept(world: &mut World) {
    // One may be under way.
    world.run(500);
    world.tell(Msg::RetryNow);
    world.run(1_000);
}

/// 2,300 leads as three batches under review, ready to be approved.
fn reviewing() -> World {
    reviewing_in(World::new())
}

/// The same on this page.
fn reviewing_in(mut world: World) -> World {
    let lead = |n: u32| json!({"id": format!("lead-{n:05}"), "company_name": format!("Company {n:05}"), "enrichment_status": "completed"});
    world.server.leads = (1..=2_300).map(lead).collect();
    world.stored.insert(StoreKey::Token, "good".into());
    world.open("");
    world.run(1_000);
    world.tell(Msg::AllMatchingAsked);
    world.run(3_000);
    world.tell(Msg::SplitAsked(true));
    world.tell(Msg::SettingTyped(Field::Name, "Autumn".into()));
    world.run(3_000);
    world.tell(Msg::ReviewAsked);
    world.run(3_000);
    let launch = &world.model.compose.launch;
    assert!(matches!(launch, Launch::Reviewing(review) if review.is_ready()));
    world
}

/// The code of the only group.
fn code(world: &World) -> String {
    match &places(world)[..] {
        [code] => code.clone(),
        places => panic!("{places:?}"),
    }
}
