//! What a person is warned of before they approve.

use crate::domain::batch::BatchId;
use crate::domain::money::Usd;
use crate::domain::time::Millis;

/// What a warning is about. What a person has said is meant so stays meant only for this.
#[derive(Clone, Debug, PartialEq)]
pub enum About {
    /// So much is missing.
    Budget(Usd),
    /// An approval of the same leads, by when it was.
    SamePlan(Millis),
    /// An approval of the same leads that cannot be read.
    Unread,
    /// Leads that are in this batch.
    SameLeads(BatchId),
    /// A review of another tab, by the name of what it is about to buy.
    OtherTab(String),
}
