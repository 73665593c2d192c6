//! Where the server's words about a batch do not agree.

use super::{Batch, BatchStatus, Counts};
use crate::domain::text::{counted, grouped};

impl Batch {
    /// Where status and counts contradict each other: one sentence that says so, counts first.
    pub fn contradiction(&self) -> Option<String> {
        let Counts {
            total,
            processed,
            successful,
            failed,
        } = self.counts;
        let all = total > 0 && processed == total;
        match self.status {
            BatchStatus::Failed if all && failed == 0 && successful == total => Some(format!(
                "All {} succeeded, yet the server reports this batch as failed.",
                counted(total as usize, "lead")
            )),
            BatchStatus::Completed if self.was_cancelled_by_user() => Some(format!(
                "{} of {} were processed and are charged: the batch was cancelled, but the server did not stop and reports it as completed.",
                grouped(processed.into()),
                counted(total as usize, "lead")
            )),
            BatchStatus::Completed if total > 0 && processed < total => Some(format!(
                "{} of {} were processed, yet the server reports this batch as completed.",
                grouped(processed.into()),
                counted(total as usize, "lead")
            )),
            _ => None,
        }
    }

    fn was_cancelled_by_user(&self) -> bool {
        self.error
            .as_deref()
            .is_some_and(|error| error.to_ascii_lowercase().contains("cancelled by user"))
    }
}
