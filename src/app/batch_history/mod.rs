//! Past batches: the list, one batch, two side by side, the trend, running leads again.

pub mod annotations;
pub mod archive;
pub mod comparison;
pub mod details;
pub mod list;
pub mod outcomes;
pub mod rerun;
pub mod trend;
