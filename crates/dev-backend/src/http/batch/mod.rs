//! Batches: preview, start, status, list, cancel, per-lead results, analytics.

mod analytics;
mod leads;
mod list;
mod preview;
mod start;
mod status;
mod valid_leads;
mod view;

pub use analytics::analytics;
pub use leads::leads;
pub use list::list;
pub use preview::preview;
pub use start::start;
pub use status::{cancel, status};

/// The template that is assumed when none is named.
const DEFAULT_TEMPLATE: &str = "v1";
