//! Whether what is under review can be approved now, and what is waited for until then.

use crate::app::launch::warnings::Concern;
use crate::app::requests::Slot;
use crate::app::{Ctx, Model};
use crate::domain::time::Millis;
use crate::domain::warning::About;
use crate::machine::launch::Launch;

impl Model {
    /// It can be approved: everything is confirmed, and what is warned of is meant so.
    pub fn can_approve(&self, now: Millis) -> bool {
        match &self.compose.launch {
            Launch::Reviewing(review) => {
                review.is_ready()
                    && self.review_waits_for().is_none()
                    && self.is_accepted(&self.concerns(now))
            }
            _ => false,
        }
    }

    /// What is being asked that decides what a person must be told, in words. A budget that the server refuses to tell, or
    /// tells only later, holds nobody back: its own warning comes with the price.
    pub fn review_waits_for(&self) -> Option<&'static str> {
        // Where it could not be told before, it is asked again beside the work of whoever that is.
        let is_asked = self.net.is_busy(&Slot::Me) && self.session.unanswered == 0;
        if is_asked || self.session.is_doubtful() {
            Some("Asking who is signed in…")
        } else if self.ledger.is_behind() {
            Some("Reading what was approved in this browser…")
        } else if self.net.is_first_try(&Slot::Budget) {
            Some("Asking what is left of today’s budget…")
        } else if self.asks_what_runs() {
            Some("Asking what runs already…")
        } else {
            None
        }
    }

    /// What runs, and which leads it has, is being asked for the first time under this review.
    fn asks_what_runs(&self) -> bool {
        let is_asked = |slot: &Slot| match slot {
            Slot::BatchList => !self.compose.is_listed,
            Slot::Others(_) => true,
            _ => false,
        };
        let mut slots = self.net.slots();
        slots.any(|slot| is_asked(slot) && self.net.is_first_try(slot))
    }

    /// What runs was read, or could not be: a review must know which leads it has.
    pub(crate) fn overlap_listed(&mut self, ctx: &mut Ctx) {
        if matches!(self.compose.launch, Launch::Reviewing(_)) {
            if !self.compose.is_listed {
                self.compose.is_listed = true;
            }
            self.ask_others(ctx);
        }
    }

    /// All of this is meant so. What came up after the tick is not; to miss less than was said is.
    pub fn is_accepted(&self, concerns: &[Concern]) -> bool {
        let is_meant = |concern: &Concern| {
            let mut accepted = self.compose.accepted.iter();
            accepted.any(|accepted| match (accepted, &concern.about) {
                (About::Budget(told), About::Budget(needs)) => needs <= told,
                (accepted, about) => accepted == about,
            })
        };
        concerns.iter().all(is_meant)
    }

    /// What is warned of now is meant so, or not.
    pub(crate) fn concern_accepted(&mut self, accepted: bool, ctx: &Ctx) {
        let concerns = self.concerns(ctx.now);
        let about = concerns.into_iter().map(|concern| concern.about);
        self.compose.accepted = about.filter(|_| accepted).collect();
    }
}
