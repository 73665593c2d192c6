//! Plans under review, before they can be approved.

use crate::domain::money::Usd;
use crate::domain::plan::Plan;
use crate::domain::time::{Duration, Millis};

/// A price that has just changed under the button cannot be approved for so long: a click that was meant for the price
/// before buys nothing.
pub const PRICE_HOLD: Duration = 700;

/// Plans under review: one for each batch.
#[derive(Clone, Debug, PartialEq)]
pub struct Review {
    /// Never empty.
    pub plans: Vec<Plan>,
    /// The price of all before the renewal, where it differed.
    pub price_before: Option<Usd>,
    pub template_checked: bool,
    pub price_checked: bool,
    /// The price has just changed: it cannot be approved before then.
    pub hold_until: Option<Millis>,
    /// An earlier launch of this plan could not be confirmed.
    pub again: bool,
}

impl Review {
    /// Template and price are confirmed: it can be approved.
    pub fn is_ready(&self) -> bool {
        self.template_checked && self.price_checked && self.hold_until.is_none()
    }

    /// What all batches cost together.
    pub fn total(&self) -> Usd {
        self.plans
            .iter()
            .fold(Usd::ZERO, |sum, plan| sum + plan.price)
    }

    /// How many leads all batches have together.
    pub fn leads(&self) -> usize {
        self.plans
            .iter()
            .map(|plan| plan.subject.lead_ids.len())
            .sum()
    }
}
