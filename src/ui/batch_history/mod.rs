//! BatchHistory: past batches, one of them in detail, and running one again.

mod details;
mod list;
mod outcomes;
mod receipts;

pub use self::details::batch_details;
pub use self::list::batch_history;

use crate::domain::batch::Batch;

/// The actual cost beside the estimate: `$6.70 (−9 %)`, or why it is not there.
fn actual_words(batch: &Batch) -> String {
    let Some(actual) = batch.actual else {
        return if batch.status.is_terminal() {
            "not told".to_owned()
        } else {
            "–".to_owned()
        };
    };
    match batch
        .estimated
        .and_then(|estimated| actual.ratio_to(estimated))
    {
        Some(ratio) => {
            let percent = ((ratio - 1.0) * 100.0).round() as i64;
            let sign = if percent < 0 { "−" } else { "+" };
            format!("{actual} ({sign}{}\u{a0}%)", percent.abs())
        }
        None => actual.to_string(),
    }
}

/// The estimate; an estimate of nothing reads back as missing, and is told so.
fn estimate_words(batch: &Batch) -> String {
    batch
        .estimated
        .map_or_else(|| "not told".to_owned(), |estimated| estimated.to_string())
}
