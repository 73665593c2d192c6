//! What a batch has cost so far, what it comes to, and how that stands to what was approved.

use crate::app::Model;
use crate::domain::batch::{Batch, Counts};
use crate::domain::money::Usd;

/// So much more than was approved is worth a word, where no range was told with the approval: the server's estimates are
/// meant to be that good.
const WORTH_A_WORD: f64 = 1.05;

impl Model {
    /// What was approved and what is spent of it, as labels and values; nothing where nothing is known.
    pub fn spending(&self, batch: &Batch) -> Vec<(&'static str, String)> {
        let (approved, expected) = self.told_before(batch);
        let mut lines = Vec::new();
        lines.extend(approved.map(|approved| {
            let range = expected.map(|(low, high)| format!(", expected {low} to {high}"));
            (
                "Approved",
                format!("{approved}{}", range.unwrap_or_default()),
            )
        }));
        lines.extend(
            batch
                .actual
                .map(|spent| ("Spent", spent_words(batch, spent, approved, expected).0)),
        );
        lines
    }

    /// A batch that gets dearer than was told, in a sentence.
    pub fn dearer_words(&self, batch: &Batch) -> Option<String> {
        let (approved, expected) = self.told_before(batch);
        let (words, is_dearer) = spent_words(batch, batch.actual?, approved, expected);
        is_dearer.then(|| format!("It gets dearer: {words}."))
    }

    /// What was approved for a batch, and the range that was expected then.
    fn told_before(&self, batch: &Batch) -> (Option<Usd>, Option<(Usd, Usd)>) {
        let entry = self.own_entry(&batch.id);
        let approved = entry.and_then(|entry| entry.price()).or(batch.estimated);
        (
            approved,
            entry.and_then(|entry| entry.told.as_ref()?.expected),
        )
    }
}

/// What was spent, and what that comes to if the rest costs the same; whether that is more than was told.
fn spent_words(
    batch: &Batch,
    spent: Usd,
    approved: Option<Usd>,
    expected: Option<(Usd, Usd)>,
) -> (String, bool) {
    let Counts {
        total, processed, ..
    } = batch.counts;
    if batch.status.is_terminal() || processed == 0 || processed == total {
        return (spent.to_string(), false);
    }
    let whole = spent.dollars() * f64::from(total) / f64::from(processed);
    let Some(whole) = Usd::from_dollars(whole) else {
        return (spent.to_string(), false);
    };
    let (stands, is_dearer) = match (expected, approved) {
        (Some((low, high)), _) if (low..=high).contains(&whole) => {
            (", as expected".to_owned(), false)
        }
        (Some((_, high)), _) if whole > high => {
            (format!(", {} more than expected", whole - high), true)
        }
        (Some((low, _)), _) => (format!(", {} less than expected", low - whole), false),
        (None, Some(approved)) if whole.dollars() > approved.dollars() * WORTH_A_WORD => {
            (format!(", {} more than approved", whole - approved), true)
        }
        (None, _) => (String::new(), false),
    };
    let words = format!("{spent}, on course for {whole}{stands}");
    (words, is_dearer)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::batch::{BatchId, BatchStatus};

    fn usd(dollars: f64) -> Usd {
        Usd::from_dollars(dollars).unwrap()
    }

    /// Prevents: a batch that gets dearer than anybody was told runs to its end without a word.
    #[test]
    fn what_a_batch_comes_to_is_held_against_what_was_told() {
        let mut batch = Batch::unknown(BatchId("b".into()));
        batch.status = BatchStatus::Running;
        batch.counts = Counts {
            total: 100,
            processed: 50,
            successful: 50,
            failed: 0,
        };
        let expected = Some((usd(9.0), usd(11.0)));
        for (spent, approved, expected, words) in [
            (
                5.0,
                Some(10.0),
                expected,
                "$5.00, on course for $10.00, as expected",
            ),
            (
                6.0,
                Some(10.0),
                expected,
                "$6.00, on course for $12.00, $1.00 more than expected",
            ),
            (
                4.0,
                Some(10.0),
                expected,
                "$4.00, on course for $8.00, $1.00 less than expected",
            ),
            (5.1, Some(10.0), None, "$5.10, on course for $10.20"),
            (
                6.0,
                Some(10.0),
                None,
                "$6.00, on course for $12.00, $2.00 more than approved",
            ),
            (6.0, None, None, "$6.00, on course for $12.00"),
        ] {
            let told = spent_words(&batch, usd(spent), approved.map(usd), expected);
            assert_eq!(told, (words.to_owned(), words.contains(" more ")));
        }
        batch.status = BatchStatus::Cancelled;
        assert_eq!(
            spent_words(&batch, usd(5.0), Some(usd(10.0)), expected).0,
            "$5.00"
        );
    }
}
