//! How a launch goes from one state to the next.

use super::check::by_reference;
use super::{Action, Check, Input, Launch, PRICE_HOLD, Review, Run};
use crate::domain::batch::BatchId;
use crate::domain::ledger::Outcome;
use crate::domain::plan::Plan;
use crate::domain::time::Millis;

impl Launch {
    /// Takes one input and returns what is to be done, in order.
    pub fn step(&mut self, input: Input, now: Millis) -> Vec<Action> {
        match (std::mem::take(self), input) {
            (old, Input::Review(plans)) if !old.is_busy() && !plans.is_empty() => {
                let again = matches!(old, Self::NotConfirmed { .. } | Self::Unknown { .. });
                *self = Self::Reviewing(Review {
                    plans,
                    price_before: None,
                    template_checked: false,
                    price_checked: false,
                    hold_until: None,
                    again,
                });
                old.left()
            }
            (Self::Reviewing(review), Input::Outdated) => {
                *self = Self::Reviewing(Review {
                    template_checked: false,
                    price_checked: false,
                    ..review
                });
                Vec::new()
            }
            (Self::Reviewing(review), Input::TemplateConfirmed) => {
                *self = Self::Reviewing(Review {
                    template_checked: true,
                    ..review
                });
                Vec::new()
            }
            (Self::Reviewing(mut review), Input::PricesRenewed(prices))
                if prices.len() == review.plans.len() =>
            {
                let before = review.total();
                for (plan, price) in review.plans.iter_mut().zip(prices) {
                    plan.price = price;
                }
                if review.total() != before {
                    review.price_before = Some(review.price_before.unwrap_or(before));
                    review.hold_until = Some(now + PRICE_HOLD);
                }
                review.price_checked = true;
                *self = Self::Reviewing(review);
                Vec::new()
            }
            (Self::Reviewing(mut review), Input::Tick) => {
                review.hold_until = review.hold_until.filter(|until| now < *until);
                *self = Self::Reviewing(review);
                Vec::new()
            }
            (Self::Reviewing(review), Input::Approve) if review.is_ready() => {
                self.go_on(review.plans)
            }
            (Self::Started { run, .. }, Input::Next) => self.go_on(run.rest),
            (mut old, Input::HoldRest) => {
                if let Self::Approved(run)
                | Self::Submitting { run, .. }
                | Self::Started { run, .. }
                | Self::NotConfirmed { run, .. }
                | Self::Unknown { run, .. }
                | Self::Several { run, .. }
                | Self::Checking(Check { run, .. }) = &mut old
                {
                    run.rest.clear();
                }
                *self = old;
                Vec::new()
            }
            (Self::Approved(run), Input::Secured { elsewhere: true }) => {
                *self = Self::Elsewhere(run);
                Vec::new()
            }
            (Self::Approved(run), Input::Secured { elsewhere: false }) => {
                let plan = Box::new(run.plan.clone());
                *self = Self::Submitting { run, sent: now };
                vec![Action::Post(plan)]
            }
            (Self::Submitting { run, sent }, Input::Answered(answer)) => match answer {
                Ok(batch) => self.started(run, batch, false),
                Err(error) if error.leaves_doubt() => self.look(run, sent, now),
                Err(error) => {
                    let plan = Box::new(run.plan.clone());
                    let words = error.to_string();
                    *self = Self::Refused { run, error };
                    vec![Action::Settle(plan, Outcome::Refused(words))]
                }
            },
            (Self::Checking(check), Input::Tick) if check.next.is_some_and(|at| at <= now) => {
                *self = Self::Checking(Check {
                    next: None,
                    ..check
                });
                vec![Action::ReadList]
            }
            (Self::Checking(check), Input::Listed(listed)) => self.listed(check, listed, now),
            (Self::NotConfirmed { run, sent } | Self::Unknown { run, sent }, Input::CheckAgain) => {
                self.look(run, sent, now)
            }
            // It may turn up late, while a person still wonders: known by its reference only, for others may look alike.
            (
                old @ (Self::NotConfirmed { .. } | Self::Unknown { .. }),
                Input::Listed(Ok(batches)),
            ) => {
                let found = old.run().map(|run| by_reference(&run.plan, &batches));
                match (old, found.as_deref()) {
                    (Self::NotConfirmed { run, .. } | Self::Unknown { run, .. }, Some([batch])) => {
                        self.started(run, batch.clone(), true)
                    }
                    (old, _) => {
                        *self = old;
                        Vec::new()
                    }
                }
            }
            (Self::Draft, Input::Recovered { plan, sent }) => {
                let rest = Vec::new();
                self.look(Run { plan: *plan, rest }, sent, now)
            }
            // What has started is taken note of before anything else.
            (old, Input::Dismiss) if !old.is_busy() && !matches!(old, Self::Started { .. }) => {
                old.left()
            }
            (old, _) => {
                *self = old;
                Vec::new()
            }
        }
    }

    /// The person has seen the end and goes on: what is not certain by now stays so.
    fn left(self) -> Vec<Action> {
        let (run, outcome) = match self {
            Self::NotConfirmed { run, .. } | Self::Unknown { run, .. } => {
                (run, Outcome::NotConfirmed)
            }
            Self::Several { run, batches } => (run, Outcome::Several(batches)),
            _ => return Vec::new(),
        };
        vec![Action::Settle(Box::new(run.plan), outcome)]
    }

    /// Starts the first of these plans, if any.
    fn go_on(&mut self, mut plans: Vec<Plan>) -> Vec<Action> {
        if plans.is_empty() {
            return Vec::new();
        }
        let plan = plans.remove(0);
        let secure = Action::Secure(Box::new(plan.clone()));
        *self = Self::Approved(Run { plan, rest: plans });
        vec![secure]
    }

    pub(super) fn started(&mut self, run: Run, batch: BatchId, adopted: bool) -> Vec<Action> {
        let plan = Box::new(run.plan.clone());
        *self = Self::Started {
            run,
            batch: batch.clone(),
            adopted,
        };
        vec![Action::Settle(plan, Outcome::Started { batch, adopted })]
    }
}
