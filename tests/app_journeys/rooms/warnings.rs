//! What a person must say is meant so before they approve.

use crate::server::{Answer, Server};
use crate::world::World;
use batch_runner::app::launch::ledger::Records;
use batch_runner::app::{Msg, StoreKey, TabEvent};
use batch_runner::domain::lead::LeadId;
use batch_runner::domain::ledger::{Entry, Outcome};
use batch_runner::domain::live::{OtherReview, Word};
use batch_runner::domain::money::Usd;
use batch_runner::domain::plan::{ClientReference, Plan};
use batch_runner::machine::launch::Launch;
use batch_runner::route::View;
use batch_runner::wire::ledger::write_entry;
use batch_runner::wire::rest::Method::{Get, Post};
use serde_json::json;

/// Prevents: another tab buys the same leads between this tab's look at the ledger and its lock, and nobody is told.
#[test]
fn what_another_tab_has_just_bought_is_told_before_it_is_bought_again() {
    let mut world = World::reviewing();
    let plan = |world: &World| match &world.model.compose.launch {
        Launch::Reviewing(review) => review.plans[0].clone(),
        other => panic!("{other:?}"),
    };
    let reference = ClientReference::from_random(99);
    let theirs = Plan {
        reference,
        ..plan(&world)
    };
    let entry = Entry {
        enriched: None,
        approved: world.now,
        told: None,
        template_mark: None,
        outcome: Outcome::Open,
        end: None,
        rerun_of: None,
        plan: theirs.clone(),
    };
    // Written a moment ago; the word of it has not come yet.
    world.records.insert(theirs.record(), write_entry(&entry));
    world.tell(Msg::Approved);
    world.run(100);
    assert_eq!(world.starts(), 0);
    let complaints = &world.model.compose.complaints;
    assert!(
        complaints[0].text.contains("Another tab of this browser"),
        "{complaints:?}"
    );
    assert_eq!(world.ledger().len(), 1, "this tab wrote nothing down");
    // By now it is known, must be meant, and can be meant.
    world.run(20_000);
    world.tell(Msg::LaunchDismissed);
    world.tell(Msg::ReviewAsked);
    world.run(1_000);
    let words = world.model.concerns(world.now).remove(0).words;
    assert!(
        words.contains("You approved a batch of exactly these 3 leads"),
        "{words}"
    );
    world.tell(Msg::ConcernAccepted(true));
    world.tell(Msg::Approved);
    world.run(1_000);
    assert_eq!(world.starts(), 1);
}

/// Prevents: whoever knew that a dollar is missing has agreed to seven hundred.
#[test]
fn a_tick_for_a_little_over_the_budget_is_not_one_for_much() {
    let mut world = World::new();
    world.stored.insert(StoreKey::Token, "good".into());
    let limit = json!({"limit_name": "global_daily", "limit_amount": "1000.0", "remaining_budget": "1.00",
        "current_spend": "0.00", "period_start": "2026-11-23T00:00:00", "period_end": "2026-11-24T00:00:00"});
    world.server.always(
        Get,
        "/guardrails/status",
        Answer::Http(200, json!({"limits": [limit]})),
    );
    world.open("");
    world.run(1_000);
    world.choose(1..=3, true);
    world.run(1_000);
    world.tell(Msg::ReviewAsked);
    world.run(500);
    world.tell(Msg::ConcernAccepted(true));
    assert!(world.model.can_approve(world.now));
    let review = Some(OtherReview {
        plan: "other".into(),
        high: Usd::from_dollars(700.0).unwrap(),
        leads: [].into(),
    });
    let tells = |review| Msg::Tabs(TabEvent::Heard(Word::Reviews { tab: 7, review }));
    world.tell(tells(review));
    assert!(!world.model.can_approve(world.now));
    // Whoever agreed to much has agreed to less.
    world.tell(Msg::ConcernAccepted(true));
    world.tell(tells(None));
    assert!(!world.model.concerns(world.now).is_empty());
    assert!(world.model.can_approve(world.now));
}

/// Prevents: what is noted as bought and cannot be read is bought again without a word.
#[test]
fn an_approval_that_cannot_be_read_must_be_meant() {
    let mut world = World::reviewing();
    let Launch::Reviewing(review) = &world.model.compose.launch else {
        panic!()
    };
    let name = format!("{}{}", review.plans[0].records(), "ffffffffffff");
    world.tell(Msg::RecordsRead(Records {
        names: vec![name],
        texts: Vec::new(),
    }));
    assert!(!world.model.can_approve(world.now));
    let words = world.model.concerns(world.now).remove(0).words;
    assert!(words.contains("cannot be read"), "{words}");
    world.tell(Msg::ConcernAccepted(true));
    world.tell(Msg::Approved);
    world.run(1_000);
    assert_eq!(world.starts(), 1);
}

/// Prevents: the same leads are bought again by mistake, or twice because they are in a batch that runs.
#[test]
fn the_same_batch_and_leads_that_run_must_be_meant() {
    let mut world = World::reviewing();
    world.tell(Msg::Approved);
    world.run(1_000);
    world.tell(Msg::ViewOpened(View::New));
    // The same again.
    world.choose(1..=3, true);
    world.run(2_000);
    world.tell(Msg::ReviewAsked);
    world.run(200);
    let words = |world: &World| -> Vec<String> {
        let concerns = world.model.concerns(world.now);
        concerns.into_iter().map(|concern| concern.words).collect()
    };
    assert!(
        words(&world)[0].contains("exactly these 3 leads with this template 3 s ago"),
        "{:?}",
        words(&world)
    );
    world.tell(Msg::Approved);
    world.run(500);
    assert_eq!(world.starts(), 1);
    world.tell(Msg::LaunchDismissed);
    // One of them among others.
    world.choose([2, 3], false);
    world.choose([4, 5], true);
    world.run(2_000);
    world.tell(Msg::ReviewAsked);
    world.run(200);
    let concern = world.model.concerns(world.now).remove(0);
    assert!(
        concern.words.starts_with("1 of these leads is in Batch"),
        "{}",
        concern.words
    );
    assert!(
        concern.words.contains("saves about $1.00"),
        "{}",
        concern.words
    );
    world.tell(Msg::OverlapLeftOut(concern.leave_out));
    world.run(2_000);
    assert_eq!(
        (
            world.model.compose.launch.clone(),
            world.model.choice.selection.len()
        ),
        (Launch::Draft, 2)
    );
    world.tell(Msg::ReviewAsked);
    world.run(200);
    assert_eq!(words(&world), [""; 0]);
    world.tell(Msg::Approved);
    world.run(1_000);
    assert_eq!(world.starts(), 2);
}

/// Prevents: a tick that was given for one thing buys in spite of another that came up later.
#[test]
fn what_was_meant_is_meant_only_for_what_was_told() {
    let mut world = World::reviewing();
    world.tell(Msg::Approved);
    world.run(1_000);
    world.tell(Msg::ViewOpened(View::New));
    world.choose(1..=3, true);
    world.run(2_000);
    world.tell(Msg::ReviewAsked);
    world.run(200);
    world.tell(Msg::ConcernAccepted(true));
    assert!(world.model.can_approve(world.now));
    let Launch::Reviewing(review) = &world.model.compose.launch else {
        panic!()
    };
    let review = Some(OtherReview {
        plan: format!("{:016x}", review.plans[0].subject.hash()),
        high: Usd::ZERO,
        leads: [].into(),
    });
    world.tell(Msg::Tabs(TabEvent::Heard(Word::Reviews { tab: 7, review })));
    assert!(
        !world.model.can_approve(world.now),
        "another tab came up after the tick"
    );
    world.tell(Msg::ConcernAccepted(true));
    assert!(world.model.can_approve(world.now));
}

/// Prevents: leads that somebody else is having reported now are bought a second time without a word.
#[test]
fn leads_that_run_for_somebody_else_are_told_as_far_as_the_server_tells() {
    let mut world = World::priced();
    let mut other = Server::batch("theirs", "running", 2, 1);
    other["created_by"] = json!("ann@example");
    world.server.batches.push(other);
    let leads = json!({"leads": [{"lead_id": "lead-002", "status": "processing"}, {"lead_id": "lead-009", "status": "pending"}],
        "total_count": 2, "skip": 0, "limit": 1000});
    world
        .server
        .always(Get, "/theirs/leads", Answer::Http(200, leads));
    // Begun a moment ago: it is asked for before anything can be approved, however long the list takes.
    let late = Answer::Late(500, Box::new(Answer::Usual));
    world.server.once(Get, "/batch?skip=0&limit=100", [late]);
    world.tell(Msg::ReviewAsked);
    while world.model.review_waits_for().is_some() {
        world.run(1);
    }
    assert!(!world.model.can_approve(world.now));
    let concern = world.model.concerns(world.now).remove(0);
    assert!(
        concern.words.contains("started by ann@example"),
        "{}",
        concern.words
    );
    assert_eq!(concern.leave_out, [LeadId("lead-002".into())]);
}

/// Prevents: many running batches of others, or some whose leads cannot be read, leave an overlap untold or hold an approval
/// back for ever.
#[test]
fn the_leads_of_all_that_runs_are_asked_for_once() {
    let mut world = World::priced();
    for n in 0..12 {
        let batch = Server::batch(&format!("theirs-{n}"), "running", 2, 1);
        world.server.batches.push(batch);
    }
    let leads = json!({"leads": [{"lead_id": "lead-002", "status": "pending"}], "total_count": 1, "skip": 0, "limit": 1000});
    world
        .server
        .always(Get, "/theirs-11/leads", Answer::Http(200, leads));
    let failure = Answer::Http(500, json!({"detail": "boom"}));
    world.server.always(Get, "/leads?skip", failure);
    world.tell(Msg::ReviewAsked);
    while world.model.review_waits_for().is_some() {
        world.run(1);
    }
    let concern = world.model.concerns(world.now).remove(0);
    assert_eq!(concern.leave_out, [LeadId("lead-002".into())]);
    world.tell(Msg::ConcernAccepted(true));
    let asked = |world: &World| world.requests(Get, "/leads?skip").len();
    let before = asked(&world);
    assert!(before >= 12, "{before}");
    for _ in 0..200 {
        world.run(100);
        assert!(world.model.can_approve(world.now), "{:?}", world.now);
    }
    assert_eq!(asked(&world), before);
}

/// Prevents: some leads of a launch that may have started are bought again without a word, because one more or one less
/// is chosen now.
#[test]
fn some_leads_of_an_uncertain_launch_are_told() {
    let mut world = World::reviewing();
    world.server.once(Post, "/batch/start", [Answer::Lost]);
    world.tell(Msg::Approved);
    world.run(20_000);
    world.tell(Msg::LaunchDismissed);
    world.choose([1], false);
    world.choose([8], true);
    world.run(2_000);
    world.tell(Msg::ReviewAsked);
    world.run(1_000);
    let concerns = world.model.concerns(world.now);
    let words: Vec<_> = concerns.iter().map(|it| it.words.as_str()).collect();
    assert!(
        words[0].starts_with("2 of these leads are in a batch that was approved at this browser")
            && words[0].contains("not certain whether it started"),
        "{words:?}"
    );
    assert_eq!((words.len(), concerns[0].leave_out.len()), (1, 2));
    assert!(!world.model.can_approve(world.now));
}
