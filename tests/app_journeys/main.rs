//! Whole journeys through the app in virtual time, against a scripted server.
//!
//! Each test opens with the mistake that it prevents. [`world::World`] checks at every step that one approval sends one
//! POST, that counts never decrease, and that a price belongs to the present choice.

mod choosing;
mod groups;
mod history;
#[path = "../support/monkey.rs"]
mod monkey;
mod persons;
#[expect(dead_code, reason = "the recordings' own tests use the rest")]
#[path = "../support/recordings.rs"]
mod recordings;
mod rooms;
#[path = "../support/server.rs"]
mod server;
mod tracking;
#[path = "../support/world.rs"]
mod world;
