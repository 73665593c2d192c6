//! What the server does beyond the recordings.

#[path = "../support/mod.rs"]
mod support;

mod controls;
mod multiplexed;
mod process;
mod quirks;
mod seeding;
mod statics;
mod worker;
