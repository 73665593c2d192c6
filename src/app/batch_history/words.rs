//! What is told of a past batch, in words: its costs, a cell of its row, its facts.

use crate::domain::batch::Batch;
use crate::domain::comparison::{difference_words, percent_words};
use crate::domain::history::HistoryColumn;
use crate::domain::plan::ClientReference;
use crate::domain::text::{grouped, shortened};
use crate::domain::time::{Millis, duration_words};

/// Stands where nothing is told.
pub const DASH: &str = "–";

/// Writes a moment in the person's own zone, and a dash for none.
pub type Time = fn(Option<Millis>) -> String;

/// The actual cost beside the estimate: `$6.70 (−9 %)`, or why it is not there.
pub fn actual_words(batch: &Batch) -> String {
    match (batch.actual, percent_words(batch)) {
        (Some(actual), Some(percent)) => format!("{actual} ({percent})"),
        (Some(actual), None) => actual.to_string(),
        (None, _) if batch.status.is_terminal() => "not told".to_owned(),
        (None, _) => DASH.to_owned(),
    }
}

/// The estimate; an estimate of nothing reads back as missing, and is told so.
pub fn estimate_words(batch: &Batch) -> String {
    batch
        .estimated
        .map_or_else(|| "not told".to_owned(), |estimated| estimated.to_string())
}

/// `12 of 40, 3 failed`.
pub fn lead_words(batch: &Batch) -> String {
    let counts = batch.counts;
    let failed = match counts.failed {
        0 => String::new(),
        failed => format!(", {} failed", grouped(failed.into())),
    };
    format!(
        "{} of {}{failed}",
        grouped(counts.processed.into()),
        grouped(counts.total.into())
    )
}

/// What a column of the list tells of a batch.
pub fn cell_words(batch: &Batch, column: HistoryColumn, time: Time) -> String {
    let told = match column {
        HistoryColumn::Name => Some(shortened(&batch.title(), 120)),
        HistoryColumn::Status => Some(batch.status.label().to_owned()),
        HistoryColumn::Leads => Some(lead_words(batch)),
        HistoryColumn::Estimate => Some(estimate_words(batch)),
        HistoryColumn::Actual => Some(actual_words(batch)),
        HistoryColumn::Difference => difference_words(batch),
        HistoryColumn::Template => batch.template.as_ref().map(|version| version.0.clone()),
        HistoryColumn::Created => Some(time(batch.created)),
        HistoryColumn::Duration => batch.duration().map(duration_words),
        HistoryColumn::Creator => batch.created_by.clone(),
    };
    told.unwrap_or_else(|| DASH.to_owned())
}

/// Labels and values of everything that is known of a batch. What changes while it runs is left to its live card, where
/// there is one.
pub fn facts(batch: &Batch, has_card: bool) -> Vec<(&'static str, String)> {
    let counts = batch.counts;
    let processed = format!(
        "{} of {} processed",
        grouped(counts.processed.into()),
        grouped(counts.total.into())
    );
    let mut facts = match has_card {
        true => Vec::new(),
        false => vec![
            ("Status", batch.status.label().to_owned()),
            ("Leads", processed),
            ("Succeeded", grouped(counts.successful.into())),
            ("Failed", grouped(counts.failed.into())),
            ("Actual cost", actual_words(batch)),
        ],
    };
    facts.push(("Estimate", estimate_words(batch)));
    // The reference by which a launch is recognised is no word for people.
    let description = batch.description.as_deref().map(ClientReference::detach);
    let description = description.and_then(|(text, _)| text);
    let version = batch.template.as_ref().map(|version| version.0.clone());
    let error = batch.error.as_ref().map(|error| shortened(error, 400));
    let more = [
        ("Template version", version),
        ("Started by", batch.created_by.clone()),
        ("Description", description),
        ("The server says", error),
        ("Identifier", Some(batch.id.0.clone())),
    ];
    let more = more.into_iter();
    facts.extend(more.filter_map(|(label, value)| Some((label, value?))));
    facts
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::batch::{BatchId, BatchStatus, Counts};
    use crate::domain::money::Usd;

    fn batch() -> Batch {
        Batch {
            status: BatchStatus::Completed,
            counts: Counts {
                total: 1_200,
                processed: 1_200,
                successful: 1_199,
                failed: 1,
            },
            estimated: Usd::from_dollars(10.0),
            actual: Usd::from_dollars(9.0),
            ..Batch::unknown(BatchId("one".into()))
        }
    }

    fn no_time(at: Option<Millis>) -> String {
        at.map_or_else(|| DASH.to_owned(), |at| at.0.to_string())
    }

    /// Prevents: a cost that is not told yet reads as one that never will be.
    #[test]
    fn costs_say_why_they_are_not_there() {
        assert_eq!(actual_words(&batch()), "$9.00 (−10\u{a0}%)");
        assert_eq!(estimate_words(&batch()), "$10.00");
        let mut untold = batch();
        untold.estimated = None;
        assert_eq!(
            (actual_words(&untold), estimate_words(&untold)),
            ("$9.00".to_owned(), "not told".to_owned())
        );
        untold.actual = None;
        assert_eq!(actual_words(&untold), "not told");
        untold.status = BatchStatus::Running;
        assert_eq!(actual_words(&untold), DASH);
    }

    #[test]
    fn every_column_has_its_words() {
        let words = HistoryColumn::ALL.map(|column| cell_words(&batch(), column, no_time));
        assert_eq!(
            words[1..7],
            [
                "Completed",
                "1,200 of 1,200, 1 failed",
                "$10.00",
                "$9.00 (−10\u{a0}%)",
                "−$1.00 (−10\u{a0}%)",
                DASH
            ]
        );
        assert_eq!(words[7..], [DASH; 3]);
        let mut all_well = batch();
        all_well.counts.failed = 0;
        assert_eq!(lead_words(&all_well), "1,200 of 1,200");
    }

    /// Prevents: the page says twice, and differently, how far a running batch is.
    #[test]
    fn facts_leave_to_the_card_what_it_tells() {
        let mut known = batch();
        known.description = Some("For the fair [ref 0123456789ab]".into());
        known.error = Some("paper ran out".into());
        let labels = |has_card| -> Vec<_> {
            let facts = facts(&known, has_card).into_iter();
            facts.map(|(label, _)| label).collect()
        };
        let rest = ["Estimate", "Description", "The server says", "Identifier"];
        assert_eq!(labels(true), rest);
        assert_eq!(
            labels(false)[..5],
            ["Status", "Leads", "Succeeded", "Failed", "Actual cost"]
        );
        assert_eq!(labels(false)[5..], rest);
        let facts = facts(&known, true);
        assert_eq!(facts[1].1, "For the fair");
    }
}
