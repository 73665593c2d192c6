//! How good the figures were, told from past batches.

use super::{MOST, Next, Past, expected};
use crate::domain::money::Usd;

/// How often figures told before came near to what batches really cost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Accuracy {
    /// How many batches were looked at: those before which enough others had ended.
    pub of: usize,
    /// For how many of them the server's estimate came within 5 %, the server's own promise.
    pub server: usize,
    /// For how many of them the expected figure did, each learned from the batches before it only.
    pub expected: usize,
}

/// What the server promises of its estimates, as a share of what a batch really cost.
const NEAR: f64 = 0.05;

/// Goes through past batches, the oldest first, as if each were still to be bought. `None` where too few have ended.
pub fn accuracy(past: &[Past]) -> Option<Accuracy> {
    let mut found = Accuracy {
        of: 0,
        server: 0,
        expected: 0,
    };
    for (at, one) in past
        .iter()
        .enumerate()
        .skip(past.len().saturating_sub(MOST))
    {
        let next = Next {
            template: one.template,
            leads: one.leads,
            enriched: one.enriched,
            estimate: one.estimate,
        };
        let is_near = |figure: Usd| {
            let ratio = figure.ratio_to(one.actual);
            usize::from(ratio.is_some_and(|ratio| (ratio - 1.0).abs() <= NEAR))
        };
        let forecast = expected(&past[..at], next).filter(|_| one.is_usable());
        if let Some(forecast) = forecast {
            found.of += 1;
            found.server += is_near(one.estimate);
            found.expected += is_near(forecast.figure);
        }
    }
    (found.of > 0).then_some(found)
}
