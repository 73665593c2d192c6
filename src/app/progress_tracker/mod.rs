//! Batches that run, alone and in groups.

pub mod batches;
mod cancelling;
pub mod groups;
mod news;
pub mod reading;
pub mod spending;
pub mod title;
pub mod tracked_ids;
