//! Looks in the server's list for a launch whose answer got lost.

use super::{Action, Launch, Run};
use crate::domain::batch::{Batch, BatchId};
use crate::domain::plan::Plan;
use crate::domain::time::{Duration, Millis, SECOND};

/// When the server's list is read for a launch whose answer got lost, counted from the loss.
pub(super) const CHECKS: [Duration; 4] = [SECOND, 3 * SECOND, 7 * SECOND, 15 * SECOND];

/// After a failed read of the list the next one is tried so much later.
const CHECK_AGAIN: Duration = 4 * SECOND;

/// So many failed reads in a row end the checking until a person asks for more.
const FAILED_CHECKS: u32 = 8;

/// How much older than its launch a batch may claim to be: clocks differ.
pub const CLOCK_SLACK: Duration = 120 * SECOND;

/// A launch that is looked for.
#[derive(Clone, Debug, PartialEq)]
pub struct Check {
    pub run: Run,
    pub sent: Millis,
    /// When the checking began.
    pub since: Millis,
    /// Successful reads without a match.
    pub misses: u32,
    pub failures: u32,
    /// When the list is read next; `None` while it is being read.
    pub next: Option<Millis>,
}

impl Launch {
    /// Begins to look for a launch whose POST was sent then.
    pub(super) fn look(&mut self, run: Run, sent: Millis, now: Millis) -> Vec<Action> {
        *self = Self::Checking(Check {
            run,
            sent,
            since: now,
            misses: 0,
            failures: 0,
            next: Some(now + CHECKS[0]),
        });
        Vec::new()
    }

    /// Takes the newest batches of the server's list, or that they could not be read.
    pub(super) fn listed(
        &mut self,
        mut check: Check,
        listed: Result<Vec<Batch>, ()>,
        now: Millis,
    ) -> Vec<Action> {
        let Ok(batches) = listed else {
            check.failures += 1;
            *self = if check.failures >= FAILED_CHECKS {
                Self::Unknown {
                    run: check.run,
                    sent: check.sent,
                }
            } else {
                check.next = Some(now + CHECK_AGAIN);
                Self::Checking(check)
            };
            return Vec::new();
        };
        check.failures = 0;
        let mut found = matches(&check.run.plan, check.sent, &batches);
        match found.len() {
            1 => return self.started(check.run, found.remove(0), true),
            0 => {}
            _ => {
                *self = Self::Several {
                    run: check.run,
                    batches: found,
                };
                return Vec::new();
            }
        }
        check.misses += 1;
        *self = match CHECKS.get(check.misses as usize) {
            Some(delay) => {
                check.next = Some((check.since + *delay).max(now + SECOND));
                Self::Checking(check)
            }
            None => Self::NotConfirmed {
                run: check.run,
                sent: check.sent,
            },
        };
        Vec::new()
    }
}

/// The batches that may be this launch: by its reference, else by creator, count, template and time among those that
/// carry no reference at all.
fn matches(plan: &Plan, sent: Millis, batches: &[Batch]) -> Vec<BatchId> {
    let by_reference = by_reference(plan, batches);
    if !by_reference.is_empty() {
        return by_reference;
    }
    let alike = |batch: &&Batch| {
        batch.reference().is_none()
            && batch.created_by.is_some()
            && batch.created_by == plan.created_by
            && batch.counts.total as usize == plan.subject.lead_ids.len()
            && batch.template.as_ref() == Some(&plan.subject.template)
            && batch.name == plan.name
            && batch
                .created
                .is_some_and(|created| created + CLOCK_SLACK >= sent)
    };
    batches
        .iter()
        .filter(alike)
        .map(|batch| batch.id.clone())
        .collect()
}

/// The batches that carry the reference of this plan.
pub(super) fn by_reference(plan: &Plan, batches: &[Batch]) -> Vec<BatchId> {
    let same = |batch: &&Batch| batch.reference().as_ref() == Some(&plan.reference);
    batches
        .iter()
        .filter(same)
        .map(|batch| batch.id.clone())
        .collect()
}
