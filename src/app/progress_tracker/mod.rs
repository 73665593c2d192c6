//! Batches that run, alone and in groups.

pub mod batches;
pub mod groups;
pub mod spending;
pub mod title;
pub mod tracked_ids;
