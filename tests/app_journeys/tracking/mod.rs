//! Following a batch and looking back at it, in virtual time: its pace, why leads failed, what became of each, and running
//! them again.

mod causes;
mod pace;
mod reloads;
mod reruns;

use crate::server::Server;
use crate::world::World;
use batch_runner::app::progress_tracker::batches::Tracking;
use batch_runner::app::{Msg, StoreKey};
use batch_runner::domain::batch::BatchId;
use serde_json::{Value, json};

fn id(id: &str) -> BatchId {
    BatchId(id.into())
}

/// A server with these batches, looked at where they run.
fn following(batches: &[(&str, &str, u32, u32)]) -> World {
    let mut world = World::new();
    world.server.batches = batches
        .iter()
        .map(|(id, status, total, done)| Server::batch(id, status, *total, *done))
        .collect();
    world.stored.insert(StoreKey::Token, "good".into());
    world.open("view=running");
    world.run(1_000);
    world
}

fn tracking<'a>(world: &'a World, batch: &str) -> &'a Tracking {
    world.model.batches.get(&id(batch)).expect("it is followed")
}

fn results(told: &[(&str, &str, Option<&str>)]) -> Value {
    let leads: Vec<_> = (told.iter())
        .map(|(lead, status, error)| json!({"lead_id": lead, "status": status, "error_message": error}))
        .collect();
    json!({"leads": leads, "total_count": told.len()})
}

fn chosen(world: &World) -> Vec<String> {
    let ids = world.model.choice.selection.ids().into_iter();
    ids.map(|id| id.0.trim_start_matches("lead-00").to_owned())
        .collect()
}

/// Three leads were bought; the batch runs.
fn bought() -> World {
    let mut world = World::reviewing();
    world.tell(Msg::Approved);
    world.run(1_000);
    world
}

fn ends(world: &mut World, batch: &str, told: &[(&str, &str, Option<&str>)]) {
    let count = |status: &str| told.iter().filter(|lead| lead.1 == status).count();
    for known in world
        .server
        .batches
        .iter_mut()
        .filter(|it| it["id"] == batch)
    {
        known["status"] = json!("completed");
        known["processed_leads"] = json!(told.len());
        known["successful_leads"] = json!(count("completed"));
        known["failed_leads"] = json!(count("failed"));
    }
    world.server.results.insert(batch.into(), results(told));
    world.run(40_000);
}
