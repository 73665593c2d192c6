//! From a plan to a started batch: approved once, posted once, and looked for where the answer got lost. Several batches
//! that one approval pays for are started one after the other.

mod check;
mod messages;
mod review;
mod step;

pub use check::{CLOCK_SLACK, Check};
pub use messages::{Action, Input};
pub use review::{PRICE_HOLD, Review};

use crate::domain::batch::BatchId;
use crate::domain::money::Usd;
use crate::domain::plan::Plan;
use crate::domain::time::Millis;
use crate::error::Error;

/// Where a launch stands.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Launch {
    /// Nothing is being bought.
    #[default]
    Draft,
    /// A person looks at what will be bought. Template and price are read once more before it can be approved.
    Reviewing(Review),
    /// Approved: the lock of the plan is being taken and the intent written down.
    Approved(Run),
    /// The POST is under way. There is only one per approved batch.
    Submitting { run: Run, sent: Millis },
    /// The answer got lost: the batch may or may not have started.
    Checking(Check),
    /// It runs. `adopted` says that it was found in the list instead of being answered.
    Started {
        run: Run,
        batch: BatchId,
        adopted: bool,
    },
    /// The server refused; nothing was started.
    Refused { run: Run, error: Error },
    /// Another tab of this browser is starting the same leads, or has just done so; nothing was started here.
    Elsewhere(Run),
    /// It is not in the server's list. A person may send again.
    NotConfirmed { run: Run, sent: Millis },
    /// The list could not be read often enough to tell.
    Unknown { run: Run, sent: Millis },
    /// More than one batch in the list may be the one.
    Several { run: Run, batches: Vec<BatchId> },
}

/// A batch on its way, and those of the same approval that wait for it.
#[derive(Clone, Debug, PartialEq)]
pub struct Run {
    pub plan: Plan,
    /// In the order in which they are started.
    pub rest: Vec<Plan>,
}

impl Run {
    /// The price of all that has not started yet.
    pub fn total(&self) -> Usd {
        let rest = self.rest.iter().map(|plan| plan.price);
        rest.fold(self.plan.price, |sum, price| sum + price)
    }
}

impl Launch {
    /// When [`Input::Tick`] is due next.
    pub fn deadline(&self) -> Option<Millis> {
        match self {
            Self::Checking(check) => check.next,
            Self::Reviewing(review) => review.hold_until,
            _ => None,
        }
    }

    /// A batch is on its way or being looked for: nothing else may be started meanwhile.
    pub fn is_busy(&self) -> bool {
        matches!(
            self,
            Self::Approved(_) | Self::Submitting { .. } | Self::Checking(_)
        )
    }

    /// What is under way or has just ended.
    pub fn run(&self) -> Option<&Run> {
        match self {
            Self::Draft | Self::Reviewing(_) => None,
            Self::Checking(check) => Some(&check.run),
            Self::Approved(run)
            | Self::Elsewhere(run)
            | Self::Submitting { run, .. }
            | Self::Started { run, .. }
            | Self::Refused { run, .. }
            | Self::NotConfirmed { run, .. }
            | Self::Unknown { run, .. }
            | Self::Several { run, .. } => Some(run),
        }
    }
}

#[cfg(test)]
mod tests;
