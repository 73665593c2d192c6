//! Who is signed in, and whose a launch, a choice and a token are, in virtual time.

use crate::server::{Answer, Server};
use crate::world::World;
use batch_runner::app::{Msg, StoreKey};
use batch_runner::domain::batch::BatchId;
use batch_runner::domain::lead::LeadId;
use batch_runner::domain::ledger::Outcome;
use batch_runner::domain::plan::{Field, Settings};
use batch_runner::machine::launch::Launch;
use batch_runner::wire::rest::Method::{Get, Post};
use batch_runner::wire::stored::{read_draft, read_selection, write_draft};
use serde_json::json;

fn failure() -> Answer {
    Answer::Http(500, json!({}))
}

/// The server fails once to tell who is signed in.
fn cannot_tell(world: &mut World) {
    world.server.once(Get, "/accounts/me", [failure()]);
}

/// Another page of the product signs this person in.
fn another_token(world: &mut World, person: &str) {
    world.server.person = person.into();
    world.server.good_token = "newer".into();
    world.tell(Msg::TokenChanged(Some("newer".into())));
}

/// Prevents: what a person bought, and what it cost, is shown to the next one at the same browser; or what they left open
/// is looked for as if it were the other one's.
#[test]
fn nobody_sees_the_launches_of_another_person() {
    let mut world = World::answer_lost();
    world.tell(Msg::SignOutAsked);
    world.run(100);
    world.sign_in("peter@example");
    world.run(20_000);
    let of = |world: &World, person| world.model.ledger.entries_of(Some(person)).count();
    assert_eq!(world.model.session.person(), Some("peter@example"));
    assert_eq!(
        (of(&world, "peter@example"), of(&world, "olive@example")),
        (0, 1)
    );
    assert_eq!(world.model.compose.launch, Launch::Draft);
    assert_eq!(
        world.model.ledger.last_use(world.model.session.person()),
        None
    );
    // The same leads are not held back for ever; that they were bought is said.
    world.choose(1..=3, true);
    world.run(2_000);
    world.tell(Msg::ReviewAsked);
    world.run(1_000);
    let words = world.model.concerns(world.now).remove(0).words;
    assert!(
        words.starts_with("Another person at this browser approved"),
        "{words}"
    );
    // Another account signs in from another page of the product: the review is not theirs.
    world.server.person = "olive@example".into();
    world.server.good_token = "olives".into();
    world.tell(Msg::TokenChanged(Some("olives".into())));
    world.tell(Msg::ConcernAccepted(true));
    assert!(
        !world.model.can_approve(world.now),
        "it is not known yet for whom"
    );
    world.run(20_000);
    assert_eq!(world.model.choice.selection.len(), 0);
    assert!(world.was_told("did start"), "{:?}", world.toasts);
}

/// Prevents: a server that failed once to tell who is signed in leaves an approval that is nobody's.
#[test]
fn who_approves_is_asked_again_where_it_could_not_be_told() {
    let mut world = World::new();
    world.stored.insert(StoreKey::Token, "good".into());
    world
        .server
        .once(Get, "/accounts/me", [Answer::Http(500, json!({}))]);
    world.open("");
    world.run(1_000);
    assert_eq!(world.model.session.person(), None);
    world.choose(1..=3, true);
    world.run(1_000);
    world.tell(Msg::ReviewAsked);
    world.run(500);
    world.tell(Msg::Approved);
    world.run(500);
    let entry = world.ledger().remove(0);
    assert_eq!(entry.plan.created_by.as_deref(), Some("olive@example"));
}

/// Prevents: one failure to tell who is signed in leaves a launch unlooked for that may have been paid.
#[test]
fn an_open_launch_is_looked_for_once_the_person_is_told_at_last() {
    let world = World::answer_lost();
    let mut world = world.reload();
    world
        .server
        .once(Get, "/accounts/me", [failure(), failure()]);
    world.open("");
    world.run(5_000);
    assert_eq!(world.model.session.person(), None);
    assert_eq!(world.model.compose.launch, Launch::Draft);
    // The same leads meanwhile: nobody is called another person, and what is open is told.
    world.choose(1..=3, true);
    world.run(1_000);
    world.tell(Msg::ReviewAsked);
    world.run(500);
    let words = world.model.concerns(world.now).remove(0).words;
    assert!(words.starts_with("Somebody at this browser"), "{words}");
    world.tell(Msg::LaunchDismissed);
    world.run(40_000);
    assert!(world.was_told("did start"), "{:?}", world.toasts);
}

/// Prevents: a group that one person approved goes on with the token of another, or of nobody knows whom.
#[test]
fn nothing_is_sent_under_a_token_that_may_be_another_persons() {
    for (answer, person) in [
        (Answer::Usual, "peter@example"),
        (Answer::Http(500, json!({})), "olive@example"),
    ] {
        let mut world = World::reviewing();
        world.tell(Msg::Approved);
        world.server.person = person.into();
        world.server.good_token = "newer".into();
        world.server.once(Get, "/accounts/me", [answer]);
        // Between the click and the lock.
        world.tell(Msg::TokenChanged(Some("newer".into())));
        world.run(1_000);
        assert_eq!(world.starts(), 0, "{person}");
        assert_eq!(world.ledger().len(), 0, "it leaves no trace");
        assert_eq!(world.model.compose.launch, Launch::Draft);
    }
    // The same person's renewed token holds it back for a moment only.
    let mut world = World::reviewing();
    world.tell(Msg::Approved);
    world.server.good_token = "newer".into();
    world.tell(Msg::TokenChanged(Some("newer".into())));
    world.run(1_000);
    assert_eq!(world.starts(), 1);
}

/// Prevents: a person finds out by another one's message that a batch runs, and its owner never does.
#[test]
fn a_late_batch_is_told_to_the_one_who_bought_it() {
    let mut world = World::reviewing();
    world.server.once(Post, "/batch/start", [Answer::Lost]);
    world.tell(Msg::Approved);
    world.run(20_000);
    world.tell(Msg::LaunchDismissed);
    let entry = world.ledger().remove(0);
    assert_eq!(entry.outcome, Outcome::NotConfirmed);
    let mut late = Server::batch("late", "running", 3, 1);
    late["description"] = json!(entry.plan.reference.attach(None));
    world.server.batches.insert(0, late);
    for (person, told) in [("peter@example", false), ("olive@example", true)] {
        world.tell(Msg::SignOutAsked);
        world.run(100);
        world.sign_in(person);
        world.run(5_000);
        assert_eq!(world.was_told("did start after all"), told, "{person}");
    }
}

/// Prevents: a session that expired hands its choice on to the next person, over a reload.
#[test]
fn what_one_person_chose_is_not_the_next_ones_after_a_reload() {
    let mut world = World::priced();
    world.run(1_000);
    assert!(world.stored.contains_key(&StoreKey::Selection));
    world.server.good_token = "expired".into();
    let mut world = world.reload();
    world.server.person = "peter@example".into();
    world.open("");
    world.run(1_000);
    world.sign_in("peter@example");
    world.run(2_000);
    assert_eq!(world.model.session.person(), Some("peter@example"));
    assert_eq!(world.model.choice.selection.len(), 0);
    // Nor after the next reload, and whose it is finds it again.
    world.choose(5..=6, true);
    world.run(1_000);
    let mut world = world.reload();
    world.open("");
    world.run(1_000);
    assert_eq!(world.model.choice.selection.len(), 2);
}

/// Prevents: what one person approved is paid with the token of another, because nobody could say whose it is before the
/// lock came, or because that was waited for all day.
#[test]
fn what_waits_for_a_person_is_given_up_where_that_takes_long() {
    // What is under review waits, however often that cannot be told.
    let mut world = World::reviewing();
    cannot_tell(&mut world);
    another_token(&mut world, "peter@example");
    world.run(1_000);
    assert!(world.model.review_waits_for().is_some());
    world.tell(Msg::Approved);
    world.run(5_000);
    assert_eq!(world.starts(), 0);
    // Held back for a person that the server tells much later, it is not sent then.
    for answer in [Answer::Limited(Some(3_600)), Answer::Offline] {
        let mut world = World::reviewing();
        world.tell(Msg::Approved);
        world.server.once(Get, "/accounts/me", [answer.clone()]);
        another_token(&mut world, "olive@example");
        world.run(1_000);
        assert_eq!(world.model.compose.launch, Launch::Draft, "{answer:?}");
        let complaints = &world.model.compose.complaints;
        assert!(
            complaints[0].text.contains("who is signed in"),
            "{complaints:?}"
        );
        world.run(4_000_000);
        assert_eq!(world.starts(), 0, "{answer:?}");
    }
}

/// Prevents: a batch of one person is cancelled with the token, and in the name, of another.
#[test]
fn a_cancel_waits_for_the_person_who_wanted_it() {
    for (person, sent) in [("peter@example", 1), ("olive@example", 2)] {
        let mut world = World::new();
        world.stored.insert(StoreKey::Token, "good".into());
        world.server.batches = vec![Server::batch("a", "running", 10, 1)];
        world.open("view=running");
        world.run(1_000);
        let refused = Answer::Http(401, json!({"detail": "Invalid"}));
        world.server.once(Post, "/cancel", [refused]);
        world.tell(Msg::CancelAsked(BatchId("a".into())));
        world.tell(Msg::CancelConfirmed(BatchId("a".into())));
        world.run(100);
        assert_eq!(world.requests(Post, "/cancel").len(), 1);
        another_token(&mut world, person);
        assert_eq!(world.requests(Post, "/cancel").len(), 1, "not known yet");
        world.run(1_000);
        assert_eq!(world.requests(Post, "/cancel").len(), sent, "{person}");
    }
}

/// Prevents: a cancel that waits for its turn or for the network goes out with a token that came meanwhile.
#[test]
fn a_cancel_that_waits_is_held_as_well() {
    let busy = || Answer::Http(503, json!({"detail": "busy"}));
    for (person, sent) in [("peter@example", 1), ("olive@example", 2)] {
        for answer in [busy(), Answer::Offline] {
            let mut world = World::new();
            world.stored.insert(StoreKey::Token, "good".into());
            world.server.batches = vec![Server::batch("a", "running", 10, 1)];
            world.open("view=running");
            world.run(1_000);
            world.server.once(Post, "/cancel", [answer.clone()]);
            world.tell(Msg::CancelAsked(BatchId("a".into())));
            world.tell(Msg::CancelConfirmed(BatchId("a".into())));
            world.run(100);
            let late = Answer::Late(10_000, Box::new(Answer::Usual));
            world.server.once(Get, "/accounts/me", [late]);
            another_token(&mut world, person);
            world.tell(Msg::Online(true));
            world.run(8_000);
            assert_eq!(world.requests(Post, "/cancel").len(), 1, "{answer:?}");
            world.run(10_000);
            let all = world.requests(Post, "/cancel");
            assert_eq!(all.len(), sent, "{answer:?} {person}");
            assert!(
                all[1..]
                    .iter()
                    .all(|it| it.token.as_deref() == Some("newer"))
            );
        }
    }
}

/// Prevents: a link to leads shows nothing, because somebody else worked at this browser before.
#[test]
fn a_link_is_opened_by_another_person_than_the_one_before() {
    let mut world = World::priced();
    world.run(1_000);
    let mut world = world.reload();
    world.server.person = "peter@example".into();
    let linked = world.server.leads[49].clone();
    let path = "/v1/leads/lead-050";
    world.server.always(Get, path, Answer::Http(200, linked));
    world.open("leads=lead-050&template=v1");
    world.run(2_000);
    assert_eq!(world.model.session.person(), Some("peter@example"));
    assert_eq!(world.model.choice.selection.len(), 0);
    world.tell(Msg::ListAdded {
        also_ambiguous: false,
    });
    let ids = world.model.choice.selection.ids();
    assert_eq!(ids, [LeadId("lead-050".into())]);
    let template = world.model.compose.template.as_ref();
    assert_eq!(template.map(|version| version.0.as_str()), Some("v1"));
}

/// Prevents: leads that a person chose are gone, because the server was slow to tell who that is.
#[test]
fn what_was_chosen_before_the_person_was_known_stays() {
    let mut world = World::priced();
    world.run(1_000);
    let mut world = world.reload();
    world.server.person = "peter@example".into();
    cannot_tell(&mut world);
    world.open("");
    world.run(1_000);
    world.choose(11..=15, true);
    world.run(20_000);
    assert_eq!(world.model.session.person(), Some("peter@example"));
    assert_eq!(world.model.choice.selection.len(), 8);
    assert!(
        world.was_told("some that olive@example has chosen"),
        "{:?}",
        world.toasts
    );
}

/// Prevents: what is chosen and typed before the server tells who that is stays nobody's, and is shown to the next person.
#[test]
fn what_was_kept_without_a_name_is_kept_with_it_later() {
    let owners = |world: &World| {
        let text = |key| world.stored.get(&key).cloned().unwrap_or_default();
        let choice = read_selection(&text(StoreKey::Selection)).and_then(|kept| kept.owner);
        let draft = read_draft(&text(StoreKey::Draft)).and_then(|(_, owner)| owner);
        (choice, draft)
    };
    let mut world = World::new();
    world.stored.insert(StoreKey::Token, "good".into());
    let late = Answer::Late(3_000, Box::new(Answer::Usual));
    world.server.once(Get, "/accounts/me", [late]);
    world.open("");
    world.run(500);
    world.choose(1..=3, true);
    world.tell(Msg::SettingTyped(Field::Name, "Spring".into()));
    world.run(1_000);
    assert_eq!(owners(&world), (None, None));
    world.run(3_000);
    let olive = Some("olive@example".to_owned());
    assert_eq!(owners(&world), (olive.clone(), olive));
    assert_eq!(world.model.choice.selection.len(), 3);
    // Chosen while nobody knows whose the token is, it is not left to the person whose it turns out to be.
    cannot_tell(&mut world);
    another_token(&mut world, "peter@example");
    world.run(1_000);
    world.choose(4..=5, true);
    world.run(40_000);
    assert_eq!(world.model.session.person(), Some("peter@example"));
    assert!(!world.stored.contains_key(&StoreKey::Selection));
}

/// Prevents: a form that somebody else filled in takes a person's choice along when it is put away.
#[test]
fn a_draft_of_another_person_costs_nobody_the_choice() {
    let mut world = World::priced();
    world.run(1_000);
    let draft = write_draft(&Settings::default(), Some("peter@example"));
    world.stored.insert(StoreKey::Draft, draft);
    let mut world = world.reload();
    world.open("");
    world.run(2_000);
    assert_eq!(world.model.choice.selection.len(), 3);
}

/// Prevents: a server that cannot tell who is signed in holds approvals and cancels back for ever, once it has renewed the
/// page's own token.
#[test]
fn a_renewed_token_is_not_a_strangers() {
    let mut world = World::new();
    world.stored.insert(StoreKey::Token, "good".into());
    world.stored.insert(StoreKey::Refresh, "refresh".into());
    world.server.always(Get, "/accounts/me", failure());
    let renewed = json!({"access_token": "newer", "refresh_token": "r", "expires_in": 1800});
    world
        .server
        .always(Post, "/accounts/refresh", Answer::Http(200, renewed));
    world.open("");
    world.run(1_000);
    world.server.good_token = "newer".into();
    world.choose(1..=3, true);
    world.tell(Msg::SearchTyped("Company 1".into()));
    world.run(3_000);
    world.tell(Msg::ReviewAsked);
    world.run(1_000);
    assert_eq!(world.model.review_waits_for(), None);
}

/// Prevents: what nobody knows whom has approved goes on with the token of the one who signs in next.
#[test]
fn a_launch_of_nobody_knows_whom_stops_for_the_next_person() {
    let mut world = World::new();
    world.stored.insert(StoreKey::Token, "good".into());
    world
        .server
        .once(Get, "/accounts/me", [failure(), failure(), failure()]);
    world.open("");
    world.run(1_000);
    world.choose(1..=3, true);
    world.run(1_000);
    world.tell(Msg::ReviewAsked);
    world.run(1_000);
    world.tell(Msg::Approved);
    world.server.mend();
    another_token(&mut world, "peter@example");
    world.run(2_000);
    assert_eq!(world.model.session.person(), Some("peter@example"));
    assert_eq!(world.starts(), 0);
}
