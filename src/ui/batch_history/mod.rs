//! BatchHistory: past batches, one of them in detail, two side by side, and running one again.

mod comparison;
mod details;
mod filters;
mod list;
mod marks;
mod outcomes;
mod receipts;
mod table;
mod trend;

pub use self::comparison::batch_comparison;
pub use self::details::batch_details;
pub use self::list::batch_history;

use crate::domain::batch::Batch;
use crate::domain::comparison::percent_words;

/// The actual cost beside the estimate: `$6.70 (−9 %)`, or why it is not there.
fn actual_words(batch: &Batch) -> String {
    let Some(actual) = batch.actual else {
        return if batch.status.is_terminal() {
            "not told".to_owned()
        } else {
            "–".to_owned()
        };
    };
    match percent_words(batch) {
        Some(percent) => format!("{actual} ({percent})"),
        None => actual.to_string(),
    }
}

/// The estimate; an estimate of nothing reads back as missing, and is told so.
fn estimate_words(batch: &Batch) -> String {
    batch
        .estimated
        .map_or_else(|| "not told".to_owned(), |estimated| estimated.to_string())
}
