//! What happens to a launch, and what it asks to be done.

use crate::domain::batch::{Batch, BatchId};
use crate::domain::ledger::Outcome;
use crate::domain::money::Usd;
use crate::domain::plan::Plan;
use crate::domain::time::Millis;
use crate::error::Error;

/// What happens to a launch.
#[derive(Clone, Debug, PartialEq)]
pub enum Input {
    /// Show these plans for approval. Allowed unless a batch is on its way or being looked for.
    Review(Vec<Plan>),
    /// Nobody has looked at the review for long: template and prices are to be confirmed again.
    Outdated,
    /// The template is still there.
    TemplateConfirmed,
    /// The prices were read again, in the order of the plans.
    PricesRenewed(Vec<Usd>),
    /// Leave the review, or acknowledge an end.
    Dismiss,
    Approve,
    /// The plan is locked and written down; or another tab has its lock, or had it since this one looked.
    Secured {
        elsewhere: bool,
    },
    /// The server's answer to the POST.
    Answered(Result<BatchId, Error>),
    /// The newest batches, or why they could not be read.
    Listed(Result<Vec<Batch>, ()>),
    Tick,
    /// A person asks to look once more.
    CheckAgain,
    /// The batch that was started is taken note of: go on with the next one, if any.
    Next,
    /// The batches that wait for the present one are not to be started after all.
    HoldRest,
    /// An open entry of the ledger was found after a reload: its POST may have been sent.
    Recovered {
        plan: Box<Plan>,
        sent: Millis,
    },
}

/// What is to be done for a launch.
#[derive(Clone, Debug, PartialEq)]
pub enum Action {
    /// Take the lock of the plan and write the intent down; answered by [`Input::Secured`]. Always comes before
    /// [`Action::Post`].
    Secure(Box<Plan>),
    Post(Box<Plan>),
    ReadList,
    /// This is what became of the plan: write it down and give the lock back.
    Settle(Box<Plan>, Outcome),
}
