//! Each room of the app on its own way from the first read to the last word.

mod bad_weather;
mod batch_history;
mod cost_preview;
mod launch;
mod lead_selector;
mod ledger;
mod progress_tracker;
mod review;
mod session;
mod shell;
mod warnings;

use crate::server::Server;
use crate::world::World;
use batch_runner::app::StoreKey;
use batch_runner::domain::batch::{BatchId, BatchStatus};
use batch_runner::domain::plan::Field;
use batch_runner::domain::template::TemplateVersion;

fn id(id: &str) -> BatchId {
    BatchId(id.into())
}

fn version(version: &str) -> TemplateVersion {
    TemplateVersion(version.into())
}

fn sign_in(world: &mut World) {
    world.sign_in("olive@example");
    world.run(500);
}

fn complaints(world: &World) -> Vec<Field> {
    world
        .model
        .compose
        .complaints
        .iter()
        .map(|complaint| complaint.field)
        .collect()
}

/// A server that runs these batches.
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

fn processed(world: &World, batch: &str) -> u32 {
    world
        .model
        .batches
        .get(&id(batch))
        .map_or(0, |tracking| tracking.batch.counts.processed)
}

fn status(world: &World, batch: &str) -> Option<BatchStatus> {
    world
        .model
        .batches
        .get(&id(batch))
        .map(|tracking| tracking.batch.status.clone())
}
