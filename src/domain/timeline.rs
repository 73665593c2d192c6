//! A batch's life in order: when it was approved, taken, started and ended.

use super::batch::Batch;
use super::time::{Millis, SECOND, duration_words};

/// Moments with words, in the order in which they came. Approved is by this computer's clock, everything else by the
/// server's: only between those is it told how long it took.
pub fn timeline(batch: &Batch, approved: Option<Millis>) -> Vec<(Millis, String)> {
    let mut moments = Vec::new();
    moments.extend(approved.map(|at| (at, "Approved here".to_owned())));
    let mut before = None;
    let ended = batch.completed.filter(|_| batch.status.is_terminal());
    for (at, words, how) in [
        (batch.created, "Taken by the server", "later"),
        (batch.started, "Started", "later"),
        (ended, batch.status.label(), "of work"),
    ] {
        let Some(at) = at else { continue };
        let gap = before
            .map(|before| at - before)
            .filter(|gap| *gap >= SECOND)
            .map(|gap| format!(", {} {how}", duration_words(gap)));
        moments.push((at, format!("{words}{}", gap.unwrap_or_default())));
        before = Some(at);
    }
    moments
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::batch::{BatchId, BatchStatus};

    fn words(batch: &Batch) -> Vec<String> {
        timeline(batch, None)
            .into_iter()
            .map(|(_, words)| words)
            .collect()
    }

    #[test]
    fn a_life_is_told_in_order_with_what_took_its_time() {
        let mut batch = Batch::unknown(BatchId("b".into()));
        batch.status = BatchStatus::Running;
        assert!(words(&batch).is_empty());
        batch.created = Some(Millis(10_000));
        batch.started = Some(Millis(10_200));
        assert_eq!(words(&batch), ["Taken by the server", "Started"]);
        batch.started = Some(Millis(15_000));
        // A server that names an end of what it says is running has not ended it.
        batch.completed = Some(Millis(135_000));
        assert_eq!(words(&batch), ["Taken by the server", "Started, 5 s later"]);
        batch.status = BatchStatus::Completed;
        assert_eq!(words(&batch)[2], "Completed, 2 min of work");
    }
}
