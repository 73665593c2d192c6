//! What may still be spent today: what the server tells, less what was approved and what runs.

use super::net::Slot;
use super::{Ctx, Model};
use crate::domain::budget::{DailyBudget, Verdict, day_start, judge};
use crate::domain::cost::Quote;
use crate::domain::ledger::Entry;
use crate::domain::money::Usd;
use crate::domain::time::Millis;
use crate::error::Error;
use crate::wire::rest::{Reply, Request};

/// How a purchase stands to what may be spent today.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    /// What the server says is left. Batches do not lower it there.
    pub left: Usd,
    /// What was approved in this browser today, and what runs now that was approved elsewhere.
    pub committed: Usd,
    /// The upper end of what other tabs have under review.
    pub reviewed: Usd,
    /// Judged at the upper end of what it may cost.
    pub verdict: Verdict,
}

impl Model {
    /// Asks for the budget, unless that is under way.
    pub(crate) fn read_budget(&mut self, ctx: &mut Ctx) {
        self.send_if_free(Slot::Budget, Request::Budget, ctx);
    }

    pub(crate) fn budget_answered(&mut self, result: Result<Reply, Error>) {
        // Where the server does not tell, its own warning with the price is all that is known.
        self.compose.budget = match result {
            Ok(Reply::Budget(budget)) => Some(budget),
            _ => None,
        };
    }

    /// How these batches together stand to what may be spent today; nothing where the server does not tell.
    pub fn budget_standing(&self, quote: &Quote, now: Millis) -> Option<Standing> {
        let told = self.compose.budget.as_ref();
        let DailyBudget { left, .. } = told.filter(|budget| !budget.is_over(now))?;
        let high = self
            .expected_cost(quote)
            .map_or(quote.total(), |expected| expected.high);
        let committed = self.committed(now);
        let reviewed = self.reviewed_elsewhere();
        Some(Standing {
            left: *left,
            committed,
            reviewed,
            verdict: judge(high, quote.known_leads(), committed + reviewed, *left),
        })
    }

    fn committed(&self, now: Millis) -> Usd {
        let today = day_start(now);
        let of_entry = |entry: &Entry| {
            let actual = entry.end.as_ref().and_then(|end| end.actual);
            let expected = entry.told.as_ref().and_then(|told| told.expected);
            actual.or(expected.map(|(_, high)| high)).or(entry.price())
        };
        // One of yesterday that still runs is paid for today.
        let is_running = |entry: &Entry| {
            let id = entry.batch();
            self.batches.unfinished().any(|batch| Some(&batch.id) == id)
        };
        let here = self.ledger.entries().iter();
        let here = here
            .filter(|entry| entry.may_cost() && (entry.approved >= today || is_running(entry)))
            .filter_map(of_entry);
        let elsewhere = self.batches.unfinished();
        let elsewhere = elsewhere.filter(|batch| !self.ledger.has_approved(batch));
        here.chain(elsewhere.filter_map(|batch| batch.estimated))
            .fold(Usd::ZERO, |sum, one| sum + one)
    }
}
