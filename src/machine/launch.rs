//! From a plan to a started batch: approved once, posted once, and looked for where the answer got lost.

use crate::domain::batch::{Batch, BatchId};
use crate::domain::money::Usd;
use crate::domain::plan::{ClientReference, Plan};
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
const CLOCK_SLACK: Duration = 120 * SECOND;

/// Where a launch stands.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Launch {
    /// Nothing is being bought.
    #[default]
    Draft,
    /// A person looks at what will be bought. Template and price are read once more before it can be approved.
    Reviewing(Review),
    /// The POST is under way. There is only one per approval.
    Submitting { plan: Plan, sent: Millis },
    /// The answer got lost: the batch may or may not have started.
    Checking(Check),
    /// It runs. `adopted` says that it was found in the list instead of being answered.
    Started {
        plan: Plan,
        batch: BatchId,
        adopted: bool,
    },
    /// The server refused; nothing was started.
    Refused { plan: Plan, error: Error },
    /// It is not in the server's list. A person may send again.
    NotConfirmed { plan: Plan, sent: Millis },
    /// The list could not be read often enough to tell.
    Unknown { plan: Plan, sent: Millis },
    /// More than one batch in the list may be the one.
    Several { plan: Plan, batches: Vec<BatchId> },
}

/// A plan under review.
#[derive(Clone, Debug, PartialEq)]
pub struct Review {
    pub plan: Plan,
    /// The price before the renewal, where it differed.
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
    pub plan: Plan,
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
    /// Show this plan for approval. Allowed unless a POST is under way or being looked for.
    Review(Box<Plan>),
    /// The template is still there.
    TemplateConfirmed,
    /// The price was read again.
    PriceRenewed(Usd),
    /// Leave the review, or acknowledge an end.
    Dismiss,
    Approve,
    /// The server's answer to the POST.
    Answered(Result<BatchId, Error>),
    /// The newest batches, or why they could not be read.
    Listed(Result<Vec<Batch>, ()>),
    Tick,
    /// A person asks to look once more.
    CheckAgain,
    /// A journal entry was found after a reload: its POST may have been sent.
    Recovered {
        plan: Box<Plan>,
        sent: Millis,
    },
}

/// What is to be done for a launch.
#[derive(Clone, Debug, PartialEq)]
pub enum Action {
    /// Write the intent to storage. Always comes before [`Action::Post`].
    Journal {
        plan: Box<Plan>,
        sent: Millis,
    },
    /// The outcome is certain: forget the intent.
    ForgetJournal,
    Post(Box<Plan>),
    ReadList,
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

    /// A POST is under way or being looked for: nothing else may be started meanwhile.
    pub fn is_busy(&self) -> bool {
        matches!(self, Self::Submitting { .. } | Self::Checking(_))
    }

    /// Takes one input and returns what is to be done, in order.
    pub fn step(&mut self, input: Input, now: Millis) -> Vec<Action> {
        match (std::mem::take(self), input) {
            (old, Input::Review(plan)) if !old.is_busy() => {
                let again = matches!(old, Self::NotConfirmed { .. } | Self::Unknown { .. });
                *self = Self::Reviewing(Review {
                    plan: *plan,
                    price_before: None,
                    template_checked: false,
                    price_checked: false,
                    hold_until: None,
                    again,
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
            (Self::Reviewing(mut review), Input::PriceRenewed(price)) => {
                if price != review.plan.price {
                    review.price_before = Some(review.price_before.unwrap_or(review.plan.price));
                    review.plan.price = price;
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
                let plan = review.plan;
                *self = Self::Submitting {
                    plan: plan.clone(),
                    sent: now,
                };
                vec![
                    Action::Journal {
                        plan: Box::new(plan.clone()),
                        sent: now,
                    },
                    Action::Post(Box::new(plan)),
                ]
            }
            (Self::Submitting { plan, sent }, Input::Answered(answer)) => match answer {
                Ok(batch) => self.settle(Self::Started {
                    plan,
                    batch,
                    adopted: false,
                }),
                Err(error) if error.leaves_doubt() => self.look(plan, sent, now),
                Err(error) => self.settle(Self::Refused { plan, error }),
            },
            (Self::Checking(check), Input::Tick) if check.next.is_some_and(|at| at <= now) => {
                *self = Self::Checking(Check {
                    next: None,
                    ..check
                });
                vec![Action::ReadList]
            }
            (Self::Checking(check), Input::Listed(listed)) => self.listed(check, listed, now),
            (
                Self::NotConfirmed { plan, sent } | Self::Unknown { plan, sent },
                Input::CheckAgain,
            ) => self.look(plan, sent, now),
            (Self::Draft, Input::Recovered { plan, sent }) => self.look(*plan, sent, now),
            (old, Input::Dismiss) if !old.is_busy() => match old {
                // The person has seen the end; what is not confirmed stays in the journal no longer.
                Self::NotConfirmed { .. } | Self::Unknown { .. } | Self::Several { .. } => {
                    vec![Action::ForgetJournal]
                }
                _ => Vec::new(),
            },
            (old, _) => {
                *self = old;
                Vec::new()
            }
        }
    }

    fn settle(&mut self, end: Self) -> Vec<Action> {
        *self = end;
        vec![Action::ForgetJournal]
    }

    fn look(&mut self, plan: Plan, sent: Millis, now: Millis) -> Vec<Action> {
        *self = Self::Checking(Check {
            plan,
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
                    plan: check.plan,
                    sent: check.sent,
                }
            } else {
                check.next = Some(now + CHECK_AGAIN);
                Self::Checking(check)
            };
            return Vec::new();
        };
        check.failures = 0;
        let mut found = matches(&check.plan, check.sent, &batches);
        match found.len() {
            1 => {
                let batch = found.remove(0);
                return self.settle(Self::Started {
                    plan: check.plan,
                    batch,
                    adopted: true,
                });
            }
            0 => {}
            _ => {
                *self = Self::Several {
                    plan: check.plan,
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
                plan: check.plan,
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
}

/// The batches that may be this launch: by its reference, else by creator, count, template and time among those that
/// carry no reference at all.
fn matches(plan: &Plan, sent: Millis, batches: &[Batch]) -> Vec<BatchId> {
    let reference = |batch: &Batch| -> Option<ClientReference> {
        batch
            .description
            .as_deref()
            .and_then(|text| ClientReference::detach(text).1)
    };
    let by_reference: Vec<_> = batches
        .iter()
        .filter(|b| reference(b).as_ref() == Some(&plan.reference))
        .map(|b| b.id.clone())
        .collect();
    if !by_reference.is_empty() {
        return by_reference;
    }
    let alike = |batch: &&Batch| {
        reference(batch).is_none()
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::cost::PriceSubject;
    use crate::domain::lead::LeadId;
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
        launch.step(Input::Review(Box::new(plan())), NOW);
        launch.step(Input::TemplateConfirmed, NOW);
        launch.step(Input::PriceRenewed(plan().price), NOW);
        launch
    }

    fn failure(kind: Kind) -> Input {
        Input::Answered(Err(Error {
            kind,
            task: "start the batch",
        }))
    }

    fn posts(actions: &[Action]) -> usize {
        actions
            .iter()
            .filter(|action| matches!(action, Action::Post(_)))
            .count()
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
        let actions = launch.step(Input::Approve, NOW);
        assert!(matches!(
            actions[..],
            [Action::Journal { .. }, Action::Post(_)]
        ));
        assert_eq!(
            launch.step(Input::Approve, NOW),
            [],
            "a second click buys nothing"
        );
        assert_eq!(launch.step(Input::Review(Box::new(plan())), NOW), []);
        assert!(launch.is_busy());
    }

    #[test]
    fn nothing_is_bought_before_template_and_price_are_confirmed() {
        let mut launch = Launch::default();
        launch.step(Input::Review(Box::new(plan())), NOW);
        assert_eq!(posts(&launch.step(Input::Approve, NOW)), 0);
        launch.step(Input::TemplateConfirmed, NOW);
        assert_eq!(posts(&launch.step(Input::Approve, NOW)), 0);
    }

    #[test]
    fn a_renewed_price_is_what_is_approved_and_the_difference_is_kept() {
        let mut launch = ready();
        let dearer = Usd::from_dollars(0.9).unwrap();
        launch.step(Input::PriceRenewed(dearer), NOW);
        let Launch::Reviewing(review) = &launch else {
            panic!()
        };
        assert_eq!(review.price_before, Some(plan().price));
        assert_eq!(
            posts(&launch.step(Input::Approve, NOW)),
            0,
            "meant for the price before"
        );
        launch.step(Input::Tick, NOW + PRICE_HOLD);
        let actions = launch.step(Input::Approve, NOW);
        assert!(matches!(&actions[1], Action::Post(plan) if plan.price == dearer));
    }

    #[test]
    fn a_refusal_is_final_and_a_new_review_is_possible() {
        let mut launch = ready();
        launch.step(Input::Approve, NOW);
        let reason = Reason {
            field: Some("name".into()),
            text: "too long".into(),
        };
        assert_eq!(
            launch.step(failure(Kind::Refused(vec![reason])), NOW),
            [Action::ForgetJournal]
        );
        assert!(matches!(launch, Launch::Refused { .. }));
        launch.step(Input::Review(Box::new(plan())), NOW);
        assert!(matches!(launch, Launch::Reviewing(_)));
    }

    #[test]
    fn a_lost_answer_is_looked_for_and_never_posted_again() {
        for kind in [
            Kind::Network,
            Kind::Timeout(30),
            Kind::Unavailable(502),
            Kind::Server(500, String::new()),
        ] {
            let mut launch = ready();
            launch.step(Input::Approve, NOW);
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
        launch.step(Input::Approve, NOW);
        launch.step(failure(Kind::Network), NOW);
        assert_eq!(check_through(&mut launch, &[]), CHECKS.len());
        assert!(matches!(launch, Launch::NotConfirmed { .. }));
        launch.step(Input::Review(Box::new(plan())), NOW);
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
        assert_eq!(launch.step(Input::Dismiss, NOW), [Action::ForgetJournal]);
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
}
