//! From the review to a batch that runs, or to the reason why none does.

use super::sign_in;
use crate::server::{Answer, Server};
use crate::world::World;
use batch_runner::app::{Msg, StoreKey};
use batch_runner::domain::money::Usd;
use batch_runner::domain::plan::{ClientReference, Field};
use batch_runner::domain::time::Millis;
use batch_runner::machine::connection::Channel;
use batch_runner::machine::launch::Launch;
use batch_runner::route::View;
use batch_runner::wire::rest::Method::{Get, Post};
use serde_json::json;

/// Prevents: a price or template that has changed since is bought; two clicks buy twice.
#[test]
fn a_review_reads_template_and_price_again_and_an_approval_is_one_post() {
    let mut world = World::priced();
    let (templates, prices) = (
        world.requests(Get, "/templates").len(),
        world.requests(Post, "/preview").len(),
    );
    world.tell(Msg::ReviewAsked);
    world.tell(Msg::Approved);
    assert_eq!(world.starts(), 0, "not before both have been read again");
    world.run(200);
    assert_eq!(world.requests(Get, "/templates").len(), templates + 1);
    assert_eq!(world.requests(Post, "/preview").len(), prices + 1);
    world.tell(Msg::Approved);
    world.tell(Msg::Approved);
    world.run(10);
    world.tell(Msg::Approved);
    world.tell(Msg::ReviewAsked);
    world.run(60_000);
    assert_eq!(world.starts(), 1);
    let body = world.requests(Post, "/batch/start")[0].body();
    assert_eq!(
        body["lead_ids"],
        json!(["lead-001", "lead-002", "lead-003"])
    );
    assert_eq!(
        (&body["estimated_cost_usd"], &body["cost_approved"]),
        (&json!(3.0), &json!(true))
    );
    assert_eq!(body["created_by"], "olive@example");
}

/// Prevents: what was bought is not known to this browser, or can be bought again by mistake.
#[test]
fn a_started_batch_is_kept_in_the_ledger_followed_and_the_choice_is_cleared() {
    let mut world = World::reviewing();
    world.tell(Msg::SettingTyped(Field::Name, "July".into()));
    world.tell(Msg::Approved);
    assert!(world.has_open_entry());
    world.run(500);
    assert!(!world.has_open_entry(), "the outcome is certain");
    let ledger = world.ledger();
    assert_eq!(ledger[0].batch().unwrap().0, "batch-1");
    assert_eq!(ledger[0].plan.subject.lead_ids.len(), 3);
    assert_eq!(ledger[0].price(), Usd::from_dollars(3.0));
    assert!(
        world.model.choice.selection.is_empty() && !world.stored.contains_key(&StoreKey::Selection)
    );
    assert_eq!(world.model.route.view, View::Running);
    assert_eq!(world.model.compose.launch, Launch::Draft);
    assert_eq!(world.model.compose.settings.name, "");
    assert!(world.was_told("3 leads started"));
    assert_eq!(world.model.batches.running(), 1);
    let frames = &world.socket(&Channel::Multiplexed).unwrap().frames;
    assert!(
        frames
            .iter()
            .any(|frame| frame["type"] == "subscribe" && frame["batch_ids"] == json!(["batch-1"]))
    );
}

/// Prevents: a lost answer is taken for a failure, the person sends again, and pays twice.
#[test]
fn a_lost_answer_is_looked_for_and_adopted_by_its_reference() {
    for answer in [
        Answer::LostAfterActing,
        Answer::Late(40_000, Box::new(Answer::LostAfterActing)),
    ] {
        let mut world = World::reviewing();
        world
            .server
            .batches
            .push(Server::batch("someone-elses", "running", 3, 1));
        world.server.once(Post, "/batch/start", [answer]);
        world.tell(Msg::Approved);
        world.run(45_000);
        assert_eq!(world.starts(), 1);
        assert!(world.was_told("did start"), "{:?}", world.toasts);
        assert_eq!(world.model.batches.running(), 2);
        let ledger = world.ledger();
        assert_eq!(ledger[0].batch().unwrap().0, "batch-1");
        assert!(!world.has_open_entry());
    }
}

/// Prevents: a link to a batch shows "Batch 1234abcd" for ever, because the list that has its name came after its status.
#[test]
fn a_batch_opened_by_its_address_gets_its_name_from_a_late_list() {
    let mut world = World::signed_in();
    let mut batch = Server::batch("a", "completed", 3, 3);
    batch["name"] = json!("Growth reports");
    world.server.batches.push(batch);
    let late = Answer::Late(900, Box::new(Answer::Usual));
    world.server.always(Get, "/batch?", late);
    world.tell(Msg::Navigated("view=history&batch=a".into()));
    world.run(3_000);
    let details = world.model.history.details.as_ref().unwrap();
    assert_eq!(details.batch.value().unwrap().title(), "Growth reports");
}

/// Prevents: a browser that repeats a cut request by itself buys twice, and nobody is told.
#[test]
fn two_batches_of_one_approval_are_told() {
    let mut world = World::signed_in();
    for id in ["first", "second"] {
        let mut batch = Server::batch(id, "running", 3, 1);
        batch["description"] = json!("July [ref 0123456789ab]");
        world.server.batches.push(batch);
    }
    world.run(20_000);
    assert!(world.was_told("started twice"), "{:?}", world.toasts);
    let told = world.toasts.len();
    world.run(60_000);
    assert_eq!(world.toasts.len(), told, "once");
}

/// Prevents: a gateway's 502 or 504, a broken body or a server error after the POST is repeated or called a refusal.
#[test]
fn every_answer_that_leaves_doubt_is_looked_for() {
    let bad = json!({"detail": "Internal server error"});
    for answer in [
        Answer::Http(500, bad.clone()),
        Answer::Http(502, bad.clone()),
        Answer::Http(504, bad),
        Answer::Text(201, "{"),
        Answer::Timeout,
    ] {
        let mut world = World::reviewing();
        world.server.once(Post, "/batch/start", [answer]);
        world.tell(Msg::Approved);
        world.run(31_000);
        assert!(matches!(
            world.model.compose.launch,
            Launch::Checking(_) | Launch::NotConfirmed { .. }
        ));
        assert!(world.has_open_entry());
        world.run(60_000);
        assert!(matches!(
            world.model.compose.launch,
            Launch::NotConfirmed { .. }
        ));
        assert_eq!((world.starts(), world.model.choice.selection.len()), (1, 3));
    }
}

/// Prevents: a batch that is not in the list is sent again without a person, or can never be sent again.
#[test]
fn what_is_not_found_is_not_confirmed_and_a_person_may_send_again() {
    let mut world = World::reviewing();
    world.server.once(Post, "/batch/start", [Answer::Lost]);
    world.tell(Msg::Approved);
    world.run(20_000);
    assert!(matches!(
        world.model.compose.launch,
        Launch::NotConfirmed { .. }
    ));
    world.tell(Msg::Approved);
    world.run(60_000);
    assert_eq!(world.starts(), 1);
    world.tell(Msg::ReviewAsked);
    world.run(200);
    assert!(matches!(&world.model.compose.launch, Launch::Reviewing(review) if review.again));
    world.tell(Msg::Approved);
    world.run(1_000);
    assert_eq!(
        world.starts(),
        1,
        "the same leads again: it must be said that this is meant so"
    );
    world.tell(Msg::ConcernAccepted(true));
    world.tell(Msg::Approved);
    world.run(1_000);
    assert_eq!(world.starts(), 2);
    let references: Vec<_> = world
        .requests(Post, "/batch/start")
        .iter()
        .map(|sent| {
            ClientReference::detach(sent.body()["description"].as_str().unwrap())
                .1
                .unwrap()
        })
        .collect();
    assert_ne!(references[0], references[1]);
    assert_eq!(world.model.route.view, View::Running);
}

/// Prevents: a reload in the middle of a start forgets that money may have been spent.
#[test]
fn a_reload_in_the_middle_looks_for_the_launch() {
    let mut world = World::reviewing();
    world.server.once(
        Post,
        "/batch/start",
        [Answer::Late(20_000, Box::new(Answer::Usual))],
    );
    world.tell(Msg::Approved);
    world.run(100);
    let mut world = world.reload();
    world.server.mend();
    world.open("");
    // Once it is known whose page this is.
    world.run(200);
    assert!(matches!(world.model.compose.launch, Launch::Checking(_)));
    world.run(3_000);
    assert_eq!(world.starts(), 0, "the new page sends nothing");
    assert!(world.was_told("did start"));
    assert_eq!(world.ledger()[0].batch().unwrap().0, "batch-1");
}

/// Prevents: after a reload in the middle of a lost start the price never comes, and nothing can be sent again.
#[test]
fn after_a_reload_what_is_not_confirmed_can_be_sent_again() {
    let mut world = World::reviewing();
    world.server.once(Post, "/batch/start", [Answer::Lost]);
    world.tell(Msg::Approved);
    world.run(100);
    let mut world = world.reload();
    world.open("");
    world.run(30_000);
    assert!(matches!(
        world.model.compose.launch,
        Launch::NotConfirmed { .. }
    ));
    world.run(2_000);
    assert!(
        world.model.price_view().fresh().is_some(),
        "{:?}",
        world.model.price_view()
    );
    world.tell(Msg::ReviewAsked);
    world.run(500);
    world.tell(Msg::ConcernAccepted(true));
    world.tell(Msg::Approved);
    world.run(1_000);
    assert_eq!((world.starts(), world.model.batches.running()), (1, 1));
}

/// Prevents: a sign-out with a launch in doubt on the screen forgets that money may have been spent.
#[test]
fn a_launch_in_doubt_is_looked_for_after_the_next_sign_in() {
    let mut world = World::reviewing();
    world.server.once(Post, "/batch/start", [Answer::Lost]);
    world.tell(Msg::Approved);
    world.run(20_000);
    assert!(matches!(
        world.model.compose.launch,
        Launch::NotConfirmed { .. }
    ));
    let reference = world.ledger()[0].plan.reference.clone();
    world.tell(Msg::SignOutAsked);
    world.run(500);
    let mut late = Server::batch("late", "running", 3, 1);
    late["description"] = json!(reference.attach(None));
    world.server.batches.push(late);
    sign_in(&mut world);
    world.run(5_000);
    assert!(world.was_told("did start"), "{:?}", world.toasts);
    assert_eq!(world.ledger()[0].batch().unwrap().0, "late");
}

/// Prevents: a refusal clears what was typed, or is told far from its field.
#[test]
fn a_refusal_is_told_at_its_field_and_the_input_stays() {
    let mut world = World::priced();
    world.tell(Msg::SettingTyped(Field::Name, "July".into()));
    world.tell(Msg::ReviewAsked);
    world.run(200);
    let reason = json!({"type": "string_too_long", "loc": ["body", "name"], "msg": "String should have at most 2 characters"});
    world.server.once(
        Post,
        "/batch/start",
        [Answer::Http(422, json!({"detail": [reason]}))],
    );
    world.tell(Msg::Approved);
    world.run(500);
    assert_eq!(world.model.compose.launch, Launch::Draft);
    let words = world.model.compose.complaint(Field::Name).unwrap();
    assert!(
        words.contains("String should have at most 2 characters"),
        "{words}"
    );
    assert_eq!(world.model.compose.settings.name, "July");
    assert_eq!(world.model.choice.selection.len(), 3);
    assert!(!world.has_open_entry());
    world.tell(Msg::ReviewAsked);
    world.run(200);
    world.tell(Msg::Approved);
    world.run(500);
    assert_eq!((world.starts(), world.model.route.view), (2, View::Running));
}

/// Prevents: where the server surely did not act, the person is left in doubt.
#[test]
fn a_busy_or_absent_server_started_nothing_and_that_is_said() {
    for answer in [
        Answer::Limited(Some(3)),
        Answer::Http(503, json!({"detail": "busy"})),
        Answer::Offline,
    ] {
        let mut world = World::reviewing();
        world.server.once(Post, "/batch/start", [answer]);
        world.tell(Msg::Approved);
        world.run(60_000);
        assert_eq!(
            (world.starts(), &world.model.compose.launch),
            (1, &Launch::Draft)
        );
        let words = &world.model.compose.complaints[0].text;
        assert!(words.contains("Nothing was started."), "{words}");
    }
}

/// Prevents: what stands before the server says that it is busy although the batch was started, and the person pays twice.
#[test]
fn a_busy_answer_that_is_not_the_servers_own_leaves_doubt() {
    let mut world = World::reviewing();
    let answer = Answer::ActedYet(503, json!("Service Unavailable"));
    world.server.once(Post, "/batch/start", [answer]);
    world.tell(Msg::Approved);
    world.run(10_000);
    assert_eq!(world.starts(), 1);
    assert!(world.was_told("did start"), "{:?}", world.toasts);
    // Said in the server's own words it is believed, until the batch turns up: in the next review at the latest.
    let mut world = World::reviewing();
    let answer = Answer::ActedYet(503, json!({"detail": "busy"}));
    world.server.once(Post, "/batch/start", [answer]);
    world.tell(Msg::Approved);
    world.run(1_000);
    let words = &world.model.compose.complaints[0].text;
    assert!(words.contains("Nothing was started."), "{words}");
    world.tell(Msg::ReviewAsked);
    while world.model.review_waits_for().is_some() {
        assert!(!world.model.can_approve(world.now));
        world.run(10);
    }
    assert!(world.was_told("did start after all"), "{:?}", world.toasts);
    let words = world.model.concerns(world.now).remove(0).words;
    assert!(words.contains("exactly these 3 leads"), "{words}");
}

/// Prevents: a launch that many newer batches have pushed out of the newest is said not to have started.
#[test]
fn a_launch_is_found_behind_any_number_of_newer_batches() {
    let mut world = World::answer_lost();
    let created = Millis(world.now.0 - 500).to_utc_text();
    world.server.batches[0]["created_at"] = json!(created);
    for n in 0..150 {
        let mut newer = Server::batch(&format!("newer-{n}"), "completed", 5, 5);
        newer["created_at"] = json!(Millis(world.now.0 + n * 100).to_utc_text());
        world.server.batches.insert(0, newer);
    }
    let mut world = world.reload();
    world.now = world.now + 3_600_000;
    world.open("");
    world.run(20_000);
    assert!(world.was_told("did start"), "{:?}", world.toasts);
    assert_eq!(world.starts(), 0, "nothing is sent after the reload");
}

/// Prevents: leads that the server left out of a batch seem to be reported on.
#[test]
fn fewer_leads_than_approved_are_told() {
    let mut world = World::reviewing();
    let fewer = Server::batch("fewer", "pending", 2, 0);
    let answer = Answer::Http(201, fewer);
    world.server.once(Post, "/batch/start", [answer]);
    world.tell(Msg::Approved);
    world.run(500);
    assert!(world.was_told("only 2 of 3 leads"), "{:?}", world.toasts);
}

/// Prevents: a server that asks for a token at the start refuses an expired one, and the page says "sign in again"
/// without a way to do so.
#[test]
fn a_start_that_is_refused_for_its_token_leads_to_a_sign_in() {
    let mut world = World::reviewing();
    let refusal = json!({"detail": "Invalid authentication credentials"});
    world
        .server
        .once(Post, "/batch/start", [Answer::Http(401, refusal)]);
    world.tell(Msg::Approved);
    world.run(2_000);
    assert_eq!((world.starts(), world.model.choice.selection.len()), (1, 3));
    assert!(!world.has_open_entry(), "nothing was started");
    assert!(
        world.model.session.asks_again(),
        "{:?}",
        world.model.session.phase
    );
}

/// Prevents: two batches in the list carry the reference of one launch (a browser sent its POST twice by itself), and
/// one of them is adopted in silence.
#[test]
fn two_batches_of_one_launch_are_both_shown() {
    let mut world = World::answer_lost();
    let mut twin = world.server.batches[0].clone();
    twin["id"] = json!("batch-twin");
    world.server.batches.insert(0, twin);
    world.run(5_000);
    let Launch::Several { batches, .. } = &world.model.compose.launch else {
        panic!("{:?}", world.model.compose.launch)
    };
    assert_eq!(batches.len(), 2);
    assert_eq!((world.starts(), world.model.batches.running()), (1, 2));
}
