//! What became of each lead of a batch, as far as anybody knows.

use super::batch::{Batch, Counts, LeadResult, LeadStatus};
use super::lead::LeadId;
use super::money::Usd;

/// Where one lead stands, the better the later.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Standing {
    /// Nobody tells; neither done nor failed may be assumed.
    Unknown,
    Waiting,
    InProgress,
    /// A cancel left it untouched.
    NotStarted,
    Failed,
    Completed,
}

impl Standing {
    /// The word in files.
    pub fn code(self) -> &'static str {
        match self {
            Self::Unknown => "unknown",
            Self::Waiting => "waiting",
            Self::InProgress => "in progress",
            Self::NotStarted => "not started",
            Self::Failed => "failed",
            Self::Completed => "completed",
        }
    }
}

/// What became of one lead.
#[derive(Clone, Debug, PartialEq)]
pub struct LeadOutcome {
    pub lead: LeadId,
    pub standing: Standing,
    /// The server's words where it failed.
    pub error: Option<String>,
    pub cost: Option<Usd>,
    pub report_url: Option<String>,
}

/// What became of the leads of a batch: of those that were `planned`, in their order, and of others that the server
/// `reported`. What it does not report lead by lead is concluded from the counts of a batch that has ended, where they leave
/// only one answer.
pub fn outcomes(planned: &[LeadId], reported: &[LeadResult], batch: &Batch) -> Vec<LeadOutcome> {
    let mut reported: Vec<&LeadResult> = reported.iter().collect();
    // Stable, and an outcome before what is no outcome of the same lead.
    reported.sort_by(|one, other| {
        let order = one.lead.cmp(&other.lead);
        order.then(other.status.is_outcome().cmp(&one.status.is_outcome()))
    });
    reported.dedup_by(|later, kept| later.lead == kept.lead);
    let has_ended = batch.status.is_terminal();
    let result_of = |lead: &LeadId| {
        let place = reported
            .binary_search_by(|result| result.lead.cmp(lead))
            .ok()?;
        Some(reported[place])
    };
    let mut known: Vec<&LeadId> = planned.iter().collect();
    known.sort_unstable();
    let unplanned = reported
        .iter()
        .map(|result| &result.lead)
        .filter(|lead| known.binary_search(lead).is_err());
    let mut outcomes: Vec<_> = planned
        .iter()
        .chain(unplanned)
        .map(|lead| outcome(lead, result_of(lead), has_ended))
        .collect();
    if has_ended && let Some(standing) = of_the_rest(&outcomes, batch.counts) {
        for outcome in &mut outcomes {
            if outcome.standing == Standing::Unknown {
                outcome.standing = standing;
            }
        }
    }
    outcomes
}

fn outcome(lead: &LeadId, result: Option<&LeadResult>, has_ended: bool) -> LeadOutcome {
    let standing = match result.map(|result| &result.status) {
        Some(LeadStatus::Completed) => Standing::Completed,
        Some(LeadStatus::Failed) => Standing::Failed,
        Some(LeadStatus::Skipped) => Standing::NotStarted,
        // The real server goes on listing leads as pending that were done long ago.
        Some(LeadStatus::Pending) if !has_ended => Standing::Waiting,
        Some(LeadStatus::Processing) if !has_ended => Standing::InProgress,
        _ => Standing::Unknown,
    };
    LeadOutcome {
        lead: lead.clone(),
        standing,
        error: result.and_then(|result| result.error.clone()),
        cost: result.and_then(|result| result.cost),
        report_url: result.and_then(|result| result.report_url.clone()),
    }
}

/// What all leads must be of which nobody tells: the counts speak for all leads of the batch, and leave no other answer.
fn of_the_rest(outcomes: &[LeadOutcome], counts: Counts) -> Option<Standing> {
    let count = |standing: Standing| {
        let of_it = |outcome: &&LeadOutcome| outcome.standing == standing;
        outcomes.iter().filter(of_it).count() as u32
    };
    if counts.total == 0 || outcomes.len() as u32 != counts.total {
        return None;
    }
    let left = |all: u32, standing: Standing| all.checked_sub(count(standing));
    let completed = left(counts.successful, Standing::Completed)?;
    let failed = left(counts.failed, Standing::Failed)?;
    let untouched = left(counts.remaining(), Standing::NotStarted)?;
    let missing = count(Standing::Unknown);
    match (completed, failed, untouched) {
        (all, 0, 0) if all == missing => Some(Standing::Completed),
        (0, all, 0) if all == missing => Some(Standing::Failed),
        (0, 0, all) if all == missing => Some(Standing::NotStarted),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::batch::{BatchId, BatchStatus};

    fn id(name: &str) -> LeadId {
        LeadId(name.into())
    }

    fn result(lead: &str, status: LeadStatus) -> LeadResult {
        LeadResult {
            lead: id(lead),
            status,
            error: None,
            cost: None,
            took: None,
            report_url: None,
        }
    }

    fn batch(status: BatchStatus, successful: u32, failed: u32) -> Batch {
        Batch {
            status,
            counts: Counts {
                total: 4,
                processed: successful + failed,
                successful,
                failed,
            },
            ..Batch::unknown(BatchId("b".into()))
        }
    }

    /// Prevents: a lead of which nobody tells is exported as failed, or as done; one that a cancel left untouched is
    /// paid for again or forgotten.
    #[test]
    fn what_is_not_told_is_concluded_only_where_the_counts_leave_one_answer() {
        use BatchStatus::{Cancelled, Completed, Failed, Running};
        use LeadStatus::{Pending, Processing, Skipped};
        let done = LeadStatus::Completed;
        let bad = LeadStatus::Failed;
        for (batch, told, expected) in [
            (batch(Completed, 4, 0), vec![], "cccc"),
            (batch(Failed, 4, 0), vec![], "cccc"),
            (batch(Failed, 0, 4), vec![], "ffff"),
            (batch(Completed, 3, 1), vec![], "????"),
            (batch(Completed, 3, 1), vec![("b", bad.clone())], "cfcc"),
            (batch(Cancelled, 0, 0), vec![], "nnnn"),
            (batch(Cancelled, 2, 0), vec![("a", done.clone())], "c???"),
            (
                batch(Cancelled, 1, 1),
                vec![("a", done.clone()), ("d", bad.clone())],
                "cnnf",
            ),
            (
                batch(Cancelled, 2, 0),
                vec![("c", Skipped), ("d", Skipped)],
                "ccnn",
            ),
            (
                batch(Running, 2, 0),
                vec![("a", Pending), ("b", Processing)],
                "wi??",
            ),
            // The quirk of the recordings: pending leads of a batch that is completed.
            (
                batch(Completed, 4, 0),
                vec![("a", Pending), ("b", Processing)],
                "cccc",
            ),
            (batch(Completed, 3, 1), vec![("a", Pending)], "????"),
            // Counts that contradict what is told conclude nothing.
            (batch(Completed, 0, 1), vec![("a", done.clone())], "c???"),
            (
                batch(Completed, 3, 1),
                vec![("a", Pending), ("a", bad.clone()), ("a", Pending)],
                "fccc",
            ),
        ] {
            let told: Vec<_> = (told.into_iter())
                .map(|(lead, status)| result(lead, status))
                .collect();
            let planned = ["a", "b", "c", "d"].map(id);
            let letters: String = outcomes(&planned, &told, &batch)
                .iter()
                .map(|outcome| match outcome.standing {
                    Standing::Unknown => '?',
                    Standing::Waiting => 'w',
                    Standing::InProgress => 'i',
                    Standing::NotStarted => 'n',
                    Standing::Failed => 'f',
                    Standing::Completed => 'c',
                })
                .collect();
            assert_eq!(letters, expected, "{:?} {told:?}", batch.counts);
        }
    }

    #[test]
    fn leads_keep_the_order_of_the_plan_and_others_follow() {
        let told = [
            result("z", LeadStatus::Completed),
            result("a", LeadStatus::Failed),
        ];
        let all = outcomes(
            &["b", "a"].map(id),
            &told,
            &batch(BatchStatus::Completed, 3, 1),
        );
        let leads: Vec<_> = all.iter().map(|outcome| outcome.lead.0.as_str()).collect();
        assert_eq!(leads, ["b", "a", "z"]);
        // Three leads are known of a batch of four, so nothing is concluded of the first.
        assert_eq!(all[0].standing, Standing::Unknown);
        assert_eq!(outcomes(&[], &[], &batch(BatchStatus::Completed, 4, 0)), []);
    }
}
