use super::check::CHECKS;
use super::*;
use crate::domain::batch::Batch;
use crate::domain::cost::PriceSubject;
use crate::domain::lead::LeadId;
use crate::domain::ledger::Outcome;
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
    assert!(matches!(&approve(&mut launch)[..], [Action::Post(first)] if **first == several()[0]));
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
