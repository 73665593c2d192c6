//! What may still be spent today: what the server tells, less what was approved and what runs.

use crate::app::requests::Slot;
use crate::app::{Ctx, Model};
use crate::domain::budget::{DailyBudget, Verdict, day_start, judge, remaining_in_warning};
use crate::domain::cost::Quote;
use crate::domain::ledger::Entry;
use crate::domain::local_price::Kinds;
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
        let high = self.upper_end(quote);
        let committed = self.committed(now);
        let reviewed = self.reviewed_elsewhere();
        Some(Standing {
            left: *left,
            committed,
            reviewed,
            verdict: judge(high, committed + reviewed, *left),
        })
    }

    /// How many leads to take out of a batch so that the first of the others fit: by the server's figure into what its
    /// refusal tells as left, and at the upper end into what is left by what is known here. Each number of leads has a
    /// price of its own, because leads differ and fewer have less discount. `None` where it fits or none would be left.
    pub fn leads_to_fit(&self, quote: &Quote, now: Millis) -> Option<usize> {
        // Which of several batches they would come out of is nobody's guess; and leads that are gone come out first.
        let [receipt] = &quote.0[..] else { return None };
        if !receipt.unknown_leads.is_empty() {
            return None;
        }
        let warned = || quote.warnings().into_iter().find_map(remaining_in_warning);
        let by_server = quote.is_over_budget().then(warned).flatten();
        let over = self.budget_standing(quote, now);
        let over = over.filter(|standing| matches!(standing.verdict, Verdict::Over { .. }));
        let by_range = over.map(|it| it.left - it.committed - it.reviewed);
        by_server.or(by_range)?;
        let ratio = self.upper_end(quote).ratio_to(quote.total())?;
        let leads = self.in_table_order();
        let mut kinds = Kinds::default();
        let mut most = 0;
        for (place, lead) in leads.split_last()?.1.iter().enumerate() {
            kinds.add(lead);
            let cost = self.approximate_price(receipt, &kinds)?;
            let high = Usd::from_dollars(cost.dollars() * ratio)?;
            if by_server.is_none_or(|left| cost <= left) && by_range.is_none_or(|left| high <= left)
            {
                most = place + 1;
            }
        }
        (most > 0).then(|| leads.len() - most)
    }

    /// The most that it is expected to cost; the server's figure where nothing is.
    pub(crate) fn upper_end(&self, quote: &Quote) -> Usd {
        let expected = self.expected_cost(quote);
        expected.map_or(quote.total(), |expected| expected.high)
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
