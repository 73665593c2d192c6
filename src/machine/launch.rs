//! From a plan to a started batch: approved once, posted once, and looked for where the answer got lost. Several batches
//! that one approval pays for are started one after the other.

use crate::domain::batch::{Batch, BatchId};
use crate::domain::ledger::Outcome;
use crate::domain::money::Usd;
use crate::domain::plan::Plan;
use crate::domain::time::{Duration, Millis, SECOND};
use crate::error::Error;

/// When the server's list is read for a launch whose answer got lost, counted from the loss.
const CHECKS: [Duration; 4] = [SECOND, 3 * SECOND, 7 * SECOND, 15 * SECOND];
/// After a failed read of the list the next one is tried so much later.
const CHECK_AGAIN: Duration = 4 * SECOND;
/// A price that has just changed under the button cannot be approved for so long: a click that was meant for the price
/// before buys nothing.
pub const PRICE_HOLD: Duration = 700;
/// So many failed reads in a row end the checking until a person asks for more.
const FAILED_CHECKS: u32 = 8;
/// How much older than its launch a batch may claim to be: clocks differ.
pub const CLOCK_SLACK: Duration = 120 * SECOND;

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

    fn started(&mut self, run: Run, batch: BatchId, adopted: bool) -> Vec<Action> {
        let plan = Box::new(run.plan.clone());
        *self = Self::Started {
            run,
            batch: batch.clone(),
            adopted,
        };
        vec![Action::Settle(plan, Outcome::Started { batch, adopted })]
    }

    fn look(&mut self, run: Run, sent: Millis, now: Millis) -> Vec<Action> {
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

    fn listed(
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

fn by_reference(plan: &Plan, batches: &[Batch]) -> Vec<BatchId> {
    let same = |batch: &&Batch| batch.reference().as_ref() == Some(&plan.reference);
    batches
        .iter()
        .filter(same)
        .map(|batch| batch.id.clone())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::cost::PriceSubject;
    use crate::domain::lead::LeadId;
    use crate::domain::plan::{ClientReference, Part};
    use crate::domain::template::TemplateVersion;
    use crate::error::{Kind, Reason};

    const NOW: Millis = Millis(1_000_000);

    fn plan() -> Plan {
        Plan {
            subject: PriceSubject::new([LeadId("a".into())], TemplateVersion("v1".into())),
            price: Usd::from_dollars(0.75).unwrap(),
            name: Some("Summer".into()),
            description: None,
            max_concurrent: 5,
            retry_count: 3,
            created_by: Some("olive@example".into()),
            reference: ClientReference::from_random(42),
        }
    }

    fn ready() -> Launch {
        let mut launch = Launch::default();
        launch.step(Input::Review(vec![plan()]), NOW);
        launch.step(Input::TemplateConfirmed, NOW);
        launch.step(Input::PricesRenewed(vec![plan().price]), NOW);
        launch
    }

    fn failure(kind: Kind) -> Input {
        Input::Answered(Err(Error {
            kind,
            task: "start the batch",
        }))
    }

    /// Approves what is under review, and takes the lock.
    fn approve(launch: &mut Launch) -> Vec<Action> {
        launch.step(Input::Approve, NOW);
        launch.step(Input::Secured { elsewhere: false }, NOW)
    }

    fn batch(id: &str, reference: Option<&ClientReference>) -> Batch {
        let mut batch = Batch::unknown(BatchId(id.into()));
        batch.description = reference.map(|reference| reference.attach(Some("July")));
        batch.name = plan().name;
        batch.created_by = plan().created_by;
        batch.template = Some(plan().subject.template);
        batch.counts.total = 1;
        batch.created = Some(NOW);
        batch
    }

    /// Runs the checks to their end, answering every read with `batches`.
    fn check_through(launch: &mut Launch, batches: &[Batch]) -> usize {
        let mut reads = 0;
        while let Some(at) = launch.deadline() {
            assert_eq!(launch.step(Input::Tick, at), [Action::ReadList]);
            reads += 1;
            launch.step(Input::Listed(Ok(batches.to_vec())), at);
        }
        reads
    }

    #[test]
    fn the_intent_is_stored_before_the_one_post() {
        let mut launch = ready();
        assert_eq!(
            launch.step(Input::Approve, NOW),
            [Action::Secure(Box::new(plan()))]
        );
        assert_eq!(
            launch.step(Input::Approve, NOW),
            [],
            "a second click buys nothing"
        );
        let secured = Input::Secured { elsewhere: false };
        assert_eq!(
            launch.step(secured.clone(), NOW),
            [Action::Post(Box::new(plan()))]
        );
        assert_eq!(launch.step(secured, NOW), []);
        assert_eq!(launch.step(Input::Review(vec![plan()]), NOW), []);
        assert!(launch.is_busy());
    }

    #[test]
    fn nothing_is_bought_before_template_and_price_are_confirmed() {
        let mut launch = Launch::default();
        launch.step(Input::Review(vec![plan()]), NOW);
        assert_eq!(launch.step(Input::Approve, NOW), []);
        launch.step(Input::TemplateConfirmed, NOW);
        assert_eq!(launch.step(Input::Approve, NOW), []);
    }

    #[test]
    fn a_renewed_price_is_what_is_approved_and_the_difference_is_kept() {
        let mut launch = ready();
        let dearer = Usd::from_dollars(0.9).unwrap();
        launch.step(Input::PricesRenewed(vec![dearer]), NOW);
        let Launch::Reviewing(review) = &launch else {
            panic!()
        };
        assert_eq!(review.price_before, Some(plan().price));
        assert_eq!(
            launch.step(Input::Approve, NOW),
            [],
            "meant for the price before"
        );
        launch.step(Input::Tick, NOW + PRICE_HOLD);
        let actions = approve(&mut launch);
        assert!(matches!(&actions[..], [Action::Post(plan)] if plan.price == dearer));
    }

    #[test]
    fn a_refusal_is_final_and_a_new_review_is_possible() {
        let mut launch = ready();
        approve(&mut launch);
        let reason = Reason {
            field: Some("name".into()),
            text: "too long".into(),
        };
        let actions = launch.step(failure(Kind::Refused(vec![reason])), NOW);
        assert!(matches!(
            &actions[..],
            [Action::Settle(_, Outcome::Refused(_))]
        ));
        assert!(matches!(launch, Launch::Refused { .. }));
        launch.step(Input::Review(vec![plan()]), NOW);
        assert!(matches!(launch, Launch::Reviewing(_)));
    }

    #[test]
    fn a_lost_answer_is_looked_for_and_never_posted_again() {
        for kind in [
            Kind::Network,
            Kind::Timeout(30),
            Kind::Unavailable {
                status: 502,
                told: true,
            },
            Kind::Unavailable {
                status: 503,
                told: false,
            },
            Kind::Server(500, String::new()),
        ] {
            let mut launch = ready();
            approve(&mut launch);
            assert_eq!(launch.step(failure(kind), NOW), []);
            let mine = batch("mine", Some(&plan().reference));
            assert_eq!(
                check_through(
                    &mut launch,
                    &[batch("other", Some(&ClientReference::from_random(7))), mine]
                ),
                1
            );
            assert!(
                matches!(&launch, Launch::Started { batch, adopted: true, .. } if batch.0 == "mine")
            );
        }
    }

    #[test]
    fn without_a_match_a_person_decides() {
        let mut launch = ready();
        approve(&mut launch);
        launch.step(failure(Kind::Network), NOW);
        assert_eq!(check_through(&mut launch, &[]), CHECKS.len());
        assert!(matches!(launch, Launch::NotConfirmed { .. }));
        launch.step(Input::Review(vec![plan()]), NOW);
        assert!(matches!(&launch, Launch::Reviewing(review) if review.again));
    }

    #[test]
    fn a_batch_without_any_reference_is_matched_by_its_facts() {
        let mut launch = Launch::default();
        launch.step(
            Input::Recovered {
                plan: Box::new(plan()),
                sent: NOW,
            },
            NOW + 60_000,
        );
        let mut old = batch("old", None);
        old.created = Some(NOW + -3_600_000);
        check_through(&mut launch, &[old, batch("mine", None)]);
        assert!(matches!(&launch, Launch::Started { batch, .. } if batch.0 == "mine"));
    }

    #[test]
    fn several_matches_are_shown_not_guessed() {
        let mut launch = Launch::default();
        launch.step(
            Input::Recovered {
                plan: Box::new(plan()),
                sent: NOW,
            },
            NOW,
        );
        check_through(&mut launch, &[batch("x", None), batch("y", None)]);
        assert!(matches!(&launch, Launch::Several { batches, .. } if batches.len() == 2));
        let actions = launch.step(Input::Dismiss, NOW);
        assert!(matches!(
            &actions[..],
            [Action::Settle(_, Outcome::Several(_))]
        ));
    }

    #[test]
    fn a_list_that_cannot_be_read_ends_in_unknown_and_can_be_asked_again() {
        let mut launch = Launch::default();
        launch.step(
            Input::Recovered {
                plan: Box::new(plan()),
                sent: NOW,
            },
            NOW,
        );
        while let Some(at) = launch.deadline() {
            launch.step(Input::Tick, at);
            launch.step(Input::Listed(Err(())), at);
        }
        assert!(matches!(launch, Launch::Unknown { .. }));
        launch.step(Input::CheckAgain, NOW);
        assert!(matches!(launch, Launch::Checking(_)));
    }

    /// Prevents: two tabs that start the same leads at the same moment pay twice.
    #[test]
    fn what_another_tab_is_starting_is_not_started_here() {
        let mut launch = ready();
        launch.step(Input::Approve, NOW);
        assert_eq!(launch.step(Input::Secured { elsewhere: true }, NOW), []);
        assert!(matches!(launch, Launch::Elsewhere(_)));
        assert_eq!(launch.step(Input::Dismiss, NOW), []);
        assert_eq!(launch, Launch::Draft);
    }

    /// Prevents: what was not confirmed stays open for ever because the person sent again instead of closing.
    #[test]
    fn an_unconfirmed_launch_is_settled_when_the_person_goes_on() {
        for next in [Input::Review(vec![plan()]), Input::Dismiss] {
            let run = Run {
                plan: plan(),
                rest: Vec::new(),
            };
            let mut launch = Launch::Unknown { run, sent: NOW };
            let actions = launch.step(next, NOW);
            assert_eq!(
                actions,
                [Action::Settle(Box::new(plan()), Outcome::NotConfirmed)]
            );
        }
    }

    fn several() -> Vec<Plan> {
        let part = |number| Plan {
            reference: plan().reference.part(Part { number, of: 3 }, 7),
            ..plan()
        };
        (1..=3).map(part).collect()
    }

    /// Prevents: one approval of several batches starts one of them twice, or goes on after trouble.
    #[test]
    fn several_batches_start_one_after_the_other_and_pause_on_trouble() {
        let mut launch = Launch::default();
        launch.step(Input::Review(several()), NOW);
        launch.step(Input::TemplateConfirmed, NOW);
        launch.step(Input::PricesRenewed(vec![plan().price; 3]), NOW);
        assert!(
            matches!(&approve(&mut launch)[..], [Action::Post(first)] if **first == several()[0])
        );
        launch.step(Input::Answered(Ok(BatchId("one".into()))), NOW);
        assert_eq!(
            launch.step(Input::Dismiss, NOW),
            [],
            "what has started is noted first"
        );
        let next = launch.step(Input::Next, NOW);
        assert_eq!(next, [Action::Secure(Box::new(several()[1].clone()))]);
        launch.step(Input::Secured { elsewhere: false }, NOW);
        launch.step(failure(Kind::RateLimited(None)), NOW);
        assert!(matches!(&launch, Launch::Refused { run, .. } if run.rest == several()[2..]));
        assert_eq!(launch.step(Input::Next, NOW), [], "it pauses");
        launch.step(Input::Dismiss, NOW);
        assert_eq!(launch, Launch::Draft);
    }

    /// Prevents: the page has seen the batch and goes on saying that it is not there, with a button to buy it again.
    #[test]
    fn what_turns_up_late_is_adopted_while_a_person_still_wonders() {
        let run = || Run {
            plan: plan(),
            rest: Vec::new(),
        };
        for mut launch in [
            Launch::NotConfirmed {
                run: run(),
                sent: NOW,
            },
            Launch::Unknown {
                run: run(),
                sent: NOW,
            },
        ] {
            let alike = batch("alike", None);
            launch.step(Input::Listed(Ok(vec![alike.clone()])), NOW);
            assert!(
                !matches!(launch, Launch::Started { .. }),
                "by its looks alone it is anybody's"
            );
            let mine = batch("mine", Some(&plan().reference));
            let actions = launch.step(Input::Listed(Ok(vec![alike, mine])), NOW);
            assert!(matches!(
                &actions[..],
                [Action::Settle(_, Outcome::Started { .. })]
            ));
            assert!(matches!(&launch, Launch::Started { batch, .. } if batch.0 == "mine"));
        }
    }

    /// Prevents: nobody can stop a row of batches before all the money is spent.
    #[test]
    fn the_batches_that_wait_can_be_held() {
        let mut launch = Launch::default();
        launch.step(Input::Review(several()), NOW);
        launch.step(Input::TemplateConfirmed, NOW);
        launch.step(Input::PricesRenewed(vec![plan().price; 3]), NOW);
        approve(&mut launch);
        assert_eq!(launch.step(Input::HoldRest, NOW), []);
        launch.step(Input::Answered(Ok(BatchId("one".into()))), NOW);
        assert_eq!(launch.step(Input::Next, NOW), []);
        assert_eq!(launch, Launch::Draft);
    }
}
