//! Signing in and out, and tokens that end.

use super::{sign_in, version};
use crate::server::Answer;
use crate::world::World;
use batch_runner::app::session::account::Phase;
use batch_runner::app::{Msg, StoreKey};
use batch_runner::domain::live::Health;
use batch_runner::domain::plan::Field;
use batch_runner::machine::connection::Channel;
use batch_runner::wire::rest::Method::{Get, Post};
use serde_json::json;

/// Prevents: a person who was signed in has to sign in again at every load.
#[test]
fn a_stored_token_loads_leads_templates_and_batches() {
    let world = World::signed_in();
    assert_eq!(
        world
            .model
            .leads
            .page
            .value()
            .map(|page| (page.leads.len(), page.total)),
        Some((50, 120))
    );
    assert_eq!(world.model.compose.templates.value().map(Vec::len), Some(3));
    assert!(world.model.batches.known);
    assert_eq!(
        world
            .model
            .session
            .user
            .as_ref()
            .map(|user| user.email.as_str()),
        Some("olive@example")
    );
    assert_eq!(
        world.model.compose.template,
        Some(version("2.0.0")),
        "the newest version"
    );
    for part in ["/v1/leads?", "/templates", "/batch?"] {
        let sent = world.requests(Get, part);
        assert_eq!(sent.len(), 1, "{part} is read once");
        assert_eq!(sent[0].token.as_deref(), Some("good"));
    }
    assert_eq!(world.model.link.health(), Health::Live);
}

/// Prevents: requests without a token are sent before anybody is signed in, and signing in shows an empty page.
#[test]
fn signing_in_loads_the_page_and_keeps_the_token() {
    let mut world = World::new();
    world.open("");
    world.run(60_000);
    assert!(
        world.sent.is_empty() && world.sockets.is_empty(),
        "nothing is asked before the sign-in"
    );
    sign_in(&mut world);
    assert_eq!(world.model.session.phase, Phase::SignedIn);
    assert_eq!(
        world.stored.get(&StoreKey::Token).map(String::as_str),
        Some("good")
    );
    assert!(world.model.leads.page.value().is_some() && world.model.batches.known);
}

/// Prevents: wrong words are told as an ended session, or sent again and again.
#[test]
fn wrong_words_are_told_as_such_and_sent_once() {
    let mut world = World::new();
    world.open("");
    let refusal = Answer::Http(401, json!({"detail": "Invalid email or password"}));
    world.server.once(Post, "/login", [refusal]);
    sign_in(&mut world);
    assert_eq!(world.model.session.phase, Phase::SignedOut);
    assert!(
        world
            .model
            .sign_in_complaint()
            .is_some_and(|words| words.contains("do not belong together"))
    );
    world.run(60_000);
    assert_eq!(world.requests(Post, "/login").len(), 1);
    sign_in(&mut world);
    assert_eq!(world.model.session.phase, Phase::SignedIn);
}

/// Prevents: an expired token throws the person out although it could be renewed, or loses what was asked.
#[test]
fn a_refused_token_is_renewed_once_and_what_was_parked_is_sent_again() {
    let mut world = World::new();
    world.stored.insert(StoreKey::Token, "old".into());
    world.stored.insert(StoreKey::Refresh, "refresh-1".into());
    world.open("");
    world.run(2_000);
    assert_eq!(world.requests(Post, "/refresh").len(), 1);
    assert_eq!(
        world.requests(Post, "/refresh")[0].body()["refresh_token"],
        "refresh-1"
    );
    let tokens: Vec<_> = world
        .requests(Get, "/v1/leads?")
        .iter()
        .map(|sent| sent.token.clone().unwrap())
        .collect();
    assert_eq!(tokens, ["old", "good"]);
    assert_eq!(world.model.session.phase, Phase::SignedIn);
    assert!(world.model.leads.page.value().is_some());
    assert_eq!(
        world.stored.get(&StoreKey::Refresh).map(String::as_str),
        Some("refresh-2")
    );
}

/// Prevents: the slow second 401 of the old token spends the new refresh token, which this server refuses within the
/// same second, and the person is asked to sign in right after the session was renewed.
#[test]
fn a_late_refusal_of_the_old_token_does_not_end_the_new_session() {
    let mut world = World::new();
    world.stored.insert(StoreKey::Token, "old".into());
    world.stored.insert(StoreKey::Refresh, "refresh-1".into());
    let refusal = Answer::Http(401, json!({"detail": "Invalid authentication credentials"}));
    world
        .server
        .once(Get, "/accounts/me", [Answer::Late(300, Box::new(refusal))]);
    let too_soon = Answer::Http(401, json!({"detail": "Invalid refresh token"}));
    world
        .server
        .once(Post, "/refresh", [Answer::Usual, too_soon]);
    world.open("");
    world.run(2_000);
    assert_eq!(world.model.session.phase, Phase::SignedIn);
    assert_eq!(
        world.requests(Post, "/refresh").len(),
        1,
        "the old token's refusal says nothing of the new one"
    );
}

/// Prevents: an ended session in the middle of the work loses the work.
#[test]
fn without_a_refresh_token_a_person_signs_in_in_place_and_nothing_is_lost() {
    let mut world = World::priced();
    world.server.good_token = "newer".into();
    world.tell(Msg::PageChosen(1));
    world.run(500);
    assert_eq!(world.model.session.phase, Phase::Expired);
    assert!(world.model.session.is_inside() && world.model.session.asks_again());
    assert_eq!(world.model.choice.selection.len(), 3);
    assert_eq!(world.requests(Post, "/refresh").len(), 0);
    sign_in(&mut world);
    let last = world.requests(Get, "/v1/leads?").pop().unwrap();
    assert_eq!(last.token.as_deref(), Some("newer"));
    assert!(
        last.http.path.contains("skip=50"),
        "the page that was asked for"
    );
    assert_eq!(
        world
            .model
            .leads
            .page
            .value()
            .map(|page| page.leads[0].id.0.as_str()),
        Some("lead-051")
    );
    assert_eq!(world.model.choice.selection.len(), 3);
}

/// Prevents: the next person at this browser sees the last one's choice, and their token still works here.
#[test]
fn signing_out_forgets_the_person_but_not_what_was_bought() {
    let mut world = World::reviewing();
    world.tell(Msg::Approved);
    world.run(1_000);
    world.choose(4..=5, true);
    world.tell(Msg::SettingTyped(Field::Name, "secret plan".into()));
    world.tell(Msg::SignOutAsked);
    world.run(1_000);
    for key in [
        StoreKey::Token,
        StoreKey::Refresh,
        StoreKey::Selection,
        StoreKey::Draft,
    ] {
        assert_eq!(world.stored.get(&key), None, "{key:?}");
    }
    assert!(!world.records.is_empty());
    assert_eq!(world.model.session.phase, Phase::SignedOut);
    assert!(world.model.choice.selection.is_empty() && world.model.leads.page.value().is_none());
    assert_eq!(world.model.batches.shown().len(), 0);
    assert_eq!(world.model.compose.settings.name, "");
    assert!(world.sockets.iter().all(|socket| !socket.open));
    let before = world.sent.len();
    world.run(120_000);
    assert_eq!(world.sent.len(), before, "nothing is asked for nobody");
    assert_eq!(world.requests(Post, "/logout").len(), 1);
}

/// Prevents: a link that wants a newer token stays dead although the session can be renewed, or a server that likes no
/// token at all is asked for one after another.
#[test]
fn a_link_that_wants_a_newer_token_gets_one_once() {
    let mut world = World::new();
    world.stored.insert(StoreKey::Token, "good".into());
    world.stored.insert(StoreKey::Refresh, "refresh-1".into());
    world.open("");
    world.run(2_000);
    assert_eq!(world.model.link.health(), Health::Live);
    world.close(&Channel::Multiplexed, 4401);
    world.run(2_000);
    assert_eq!(world.requests(Post, "/refresh").len(), 1);
    assert_eq!(world.model.link.health(), Health::Live);
}

/// Prevents: a link that is refused throws a person out whose requests are still answered.
#[test]
fn a_link_that_is_refused_troubles_nobody_whose_requests_are_answered() {
    let mut world = World::signed_in();
    world.close(&Channel::Multiplexed, 4401);
    world.run(60_000);
    assert_eq!(world.model.session.phase, Phase::SignedIn);
    assert!(matches!(world.model.link.health(), Health::Stopped(_)));
    assert!(world.socket(&Channel::Multiplexed).is_none());
}

/// Prevents: signing out in one tab leaves the others signed in, with the link of somebody who has gone.
#[test]
fn a_token_that_is_removed_elsewhere_signs_out_here() {
    let mut world = World::signed_in();
    world.tell(Msg::TokenChanged(None));
    assert_eq!(world.model.session.phase, Phase::SignedOut);
    assert!(world.socket(&Channel::Multiplexed).is_none());
    world.run(60_000);
    assert!(world.socket(&Channel::Multiplexed).is_none());
}

/// Prevents: a tab whose session another tab has renewed asks the person to sign in when that one ends.
#[test]
fn a_session_that_another_tab_renewed_can_be_renewed_here() {
    let mut world = World::signed_in();
    world.server.good_token = "newer".into();
    world.tell(Msg::TokenChanged(Some("newer".into())));
    world.tell(Msg::RefreshChanged(Some("refresh-2".into())));
    world.run(1_000);
    world.server.good_token = "newest".into();
    world.tell(Msg::PageChosen(1));
    world.run(1_000);
    assert_eq!(world.requests(Post, "/refresh").len(), 1);
    assert_eq!(world.model.session.phase, Phase::SignedIn);
}
