//! Past batches: the list, one batch, two side by side, the trend, running leads again.

pub mod annotations;
pub mod archive;
pub mod comparison;
pub mod details;
pub mod filters;
pub mod list;
pub mod outcomes;
pub mod rerun;
pub mod rerun_offers;
pub mod results;
pub mod rows;
pub mod trend;
pub mod words;
