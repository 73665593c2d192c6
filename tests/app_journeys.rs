//! Whole journeys through the app in virtual time, against a scripted server.
//!
//! Each test opens with the mistake that it prevents. [`world::World`] checks at every step that one approval sends one
//! POST, that counts never decrease, and that a price belongs to the present choice.

#[path = "support/monkey.rs"]
mod monkey;
#[path = "support/server.rs"]
mod server;
#[path = "support/world.rs"]
mod world;

use batch_runner::app::batch_history::rerun::RerunWhat;
use batch_runner::app::cost_preview::price::{CHOICE_SETTLES, PriceView};
use batch_runner::app::launch::ledger::{Receipts, Records};
use batch_runner::app::lead_selector::list::SEARCH_SETTLES;
use batch_runner::app::progress_tracker::batches::Cancel;
use batch_runner::app::requests::Slot;
use batch_runner::app::session::account::Phase;
use batch_runner::app::{Effect, Msg, SocketEvent, StoreKey, TabEvent, Timer};
use batch_runner::domain::batch::{BatchId, BatchStatus};
use batch_runner::domain::budget::Verdict;
use batch_runner::domain::lead::{LeadFilter, LeadId, LeadSort};
use batch_runner::domain::ledger::{Entry, Outcome};
use batch_runner::domain::live::{Health, OtherReview, Transport, Word};
use batch_runner::domain::money::Usd;
use batch_runner::domain::plan::{ClientReference, Field, Plan};
use batch_runner::domain::template::TemplateVersion;
use batch_runner::domain::time::Millis;
use batch_runner::error::Kind;
use batch_runner::machine::connection::Channel;
use batch_runner::machine::launch::Launch;
use batch_runner::route::View;
use batch_runner::wire::ledger::write_entry;
use batch_runner::wire::rest::Method::{Get, Post};
use serde_json::{Value, json};
use server::{Answer, Server};
use world::{NOON, World};

fn id(id: &str) -> BatchId {
    BatchId(id.into())
}

fn version(version: &str) -> TemplateVersion {
    TemplateVersion(version.into())
}

fn sign_in(world: &mut World) {
    world.sign_in("olive@example");
    world.run(500);
}

fn complaints(world: &World) -> Vec<Field> {
    world
        .model
        .compose
        .complaints
        .iter()
        .map(|complaint| complaint.field)
        .collect()
}

/// A server that runs these batches.
fn following(batches: &[(&str, &str, u32, u32)]) -> World {
    let mut world = World::new();
    world.server.batches = batches
        .iter()
        .map(|(id, status, total, done)| Server::batch(id, status, *total, *done))
        .collect();
    world.stored.insert(StoreKey::Token, "good".into());
    world.open("view=running");
    world.run(1_000);
    world
}

fn processed(world: &World, batch: &str) -> u32 {
    world
        .model
        .batches
        .get(&id(batch))
        .map_or(0, |tracking| tracking.batch.counts.processed)
}

fn status(world: &World, batch: &str) -> Option<BatchStatus> {
    world
        .model
        .batches
        .get(&id(batch))
        .map(|tracking| tracking.batch.status.clone())
}

fn progress(batch: &str, total: u32, done: u32) -> Value {
    json!({"type": "progress_update", "batch_id": batch, "total": total, "processed": done, "successful": done, "failed": 0})
}

// Session

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

// Leads

/// Prevents: an older, slower answer replaces what was asked for last.
#[test]
fn the_newest_search_wins_whatever_the_order_of_the_answers() {
    let mut world = World::signed_in();
    world.server.once(
        Get,
        "search=Company%201",
        [Answer::Late(3_000, Box::new(Answer::Usual))],
    );
    world.tell(Msg::SearchTyped("Company 1".into()));
    world.run(400);
    world.tell(Msg::SearchTyped("Company 77".into()));
    world.run(400);
    let names = |world: &World| {
        let page = world.model.leads.page.value().unwrap();
        page.leads
            .iter()
            .map(|lead| lead.id.0.clone())
            .collect::<Vec<_>>()
    };
    assert_eq!(names(&world), ["lead-077"]);
    world.run(5_000);
    assert_eq!(
        names(&world),
        ["lead-077"],
        "the late answer to the older search"
    );
    assert_eq!(world.model.route.leads.filter.search, "Company 77");
}

/// Prevents: every key that is pressed becomes a request.
#[test]
fn typing_is_one_request_when_it_pauses() {
    let mut world = World::signed_in();
    let before = world.requests(Get, "/v1/leads?").len();
    for end in 1..="Company 9".len() {
        world.tell(Msg::SearchTyped("Company 9"[..end].into()));
        world.run(SEARCH_SETTLES - 1);
    }
    assert_eq!(world.requests(Get, "/v1/leads?").len(), before);
    world.run(1);
    assert_eq!(world.requests(Get, "/v1/leads?").len(), before + 1);
    world.tell(Msg::SearchTyped("Company 9 ".into()));
    world.run(1_000);
    assert_eq!(
        world.requests(Get, "/v1/leads?").len(),
        before + 1,
        "the same search is not sent again"
    );
}

/// Prevents: a filter leaves the person on a page beyond the end, which looks like no results.
#[test]
fn filters_go_back_to_the_first_page_and_a_page_beyond_the_end_is_mended() {
    let mut world = World::signed_in_at("page=3");
    assert_eq!(
        world.model.leads.page.value().map(|page| page.leads.len()),
        Some(20)
    );
    world.tell(Msg::LeadFilterChanged(LeadFilter {
        search: "Company 11".into(),
        ..LeadFilter::default()
    }));
    world.run(500);
    assert_eq!(world.model.route.leads.page, 0);
    let world = World::signed_in_at("page=9");
    assert_eq!(world.model.route.leads.page, 2, "the last page there is");
    assert_eq!(
        world.model.leads.page.value().map(|page| page.leads.len()),
        Some(20)
    );
}

/// Prevents: a failed read looks like an empty list.
#[test]
fn a_failed_read_keeps_the_old_rows_and_says_what_failed() {
    let mut world = World::signed_in();
    let failure = Answer::Http(
        500,
        json!({"error": "INTERNAL_ERROR", "message": "An unexpected error occurred"}),
    );
    world.server.once(Get, "/v1/leads", [failure]);
    world.tell(Msg::SortChosen(LeadSort::Company));
    world.run(1_000);
    assert!(matches!(
        world.model.leads.page.error().map(|error| &error.kind),
        Some(Kind::Server(500, _))
    ));
    assert_eq!(
        world.model.leads.page.value().map(|page| page.leads.len()),
        Some(50)
    );
    world.tell(Msg::LeadsRetried);
    world.run(1_000);
    assert_eq!(world.model.leads.page.error(), None);
}

/// Prevents: a proxy's page or a shortened body takes the whole page down.
#[test]
fn an_unreadable_answer_is_told_in_its_own_panel_and_the_others_work() {
    let mut world = World::new();
    world.stored.insert(StoreKey::Token, "good".into());
    world.server.once(
        Get,
        "/templates",
        [Answer::Text(
            200,
            "<html>Sign in to the hotel network</html>",
        )],
    );
    world
        .server
        .once(Get, "/v1/leads", [Answer::Text(200, r#"{"leads":"none"}"#)]);
    world.open("");
    world.run(1_000);
    for error in [
        world.model.compose.templates.error(),
        world.model.leads.page.error(),
    ] {
        assert!(
            matches!(error.map(|error| &error.kind), Some(Kind::Unreadable(_))),
            "{error:?}"
        );
    }
    assert!(world.model.batches.known && world.model.batches.error.is_none());
    assert_eq!(world.model.price_view(), PriceView::NothingChosen);
}

// Choice and price

/// Prevents: every tick of a box asks for a price, or none does.
#[test]
fn a_choice_is_priced_once_it_has_settled() {
    let mut world = World::signed_in();
    world.choose([1], true);
    world.run(CHOICE_SETTLES - 1);
    world.choose([2], true);
    world.run(CHOICE_SETTLES - 1);
    assert_eq!(world.requests(Post, "/preview").len(), 0);
    world.run(1);
    assert_eq!(world.requests(Post, "/preview").len(), 1);
    assert_eq!(
        world.requests(Post, "/preview")[0].body()["lead_ids"],
        json!(["lead-001", "lead-002"])
    );
    world.run(100);
    let view = world.model.price_view();
    assert_eq!(
        view.fresh().map(|quote| quote.total()),
        Usd::from_dollars(2.0)
    );
}

/// Prevents: the price of another choice stands beside the present one as if it were its own.
#[test]
fn a_changed_choice_makes_the_price_stale_and_a_late_answer_is_ignored() {
    let mut world = World::priced();
    world.choose([4], true);
    assert!(matches!(
        world.model.price_view(),
        PriceView::Updating { old: Some(_), .. }
    ));
    world.server.once(
        Post,
        "/preview",
        [Answer::Late(5_000, Box::new(Answer::Usual))],
    );
    world.run(500);
    world.choose([5], true);
    world.run(1_000);
    let total = |world: &World| world.model.price_view().fresh().map(|quote| quote.total());
    assert_eq!(total(&world), Usd::from_dollars(5.0));
    world.run(10_000);
    assert_eq!(
        total(&world),
        Usd::from_dollars(5.0),
        "the late answer was for four leads"
    );
}

/// Prevents: a choice that was changed and changed back asks and waits for what is known.
#[test]
fn a_choice_that_is_changed_back_has_its_price_at_once() {
    let mut world = World::priced();
    let asked = world.requests(Post, "/preview").len();
    world.choose([4], true);
    world.choose([4], false);
    assert!(world.model.price_view().fresh().is_some());
    world.run(5_000);
    assert_eq!(world.requests(Post, "/preview").len(), asked);
}

/// Prevents: a server that cannot price is passed over, and a batch without a price is started.
#[test]
fn without_a_price_nothing_can_be_started_and_the_reason_is_told() {
    let mut world = World::signed_in();
    let words = "1 validation error for BatchPreviewSchema";
    world.server.always(
        Post,
        "/preview",
        Answer::Http(422, json!({"detail": words})),
    );
    world.choose(1..=3, true);
    world.run(1_000);
    assert!(matches!(world.model.price_view(), PriceView::Failed { .. }));
    world.tell(Msg::ReviewAsked);
    world.tell(Msg::Approved);
    world.run(5_000);
    assert_eq!(complaints(&world), [Field::Price]);
    assert_eq!((world.starts(), world.model.choice.selection.len()), (0, 3));
    assert_eq!(
        world.requests(Post, "/preview").len(),
        1,
        "what is refused is not asked again by itself"
    );
}

/// Prevents: all matching leads are taken for the loaded page only, or more than a batch takes are sent.
#[test]
fn all_matching_leads_are_chosen_up_to_what_a_batch_takes() {
    let mut world = World::signed_in();
    world.tell(Msg::AllMatchingAsked);
    world.run(1_000);
    assert_eq!(world.model.choice.selection.len(), 120);
    world.tell(Msg::ChoiceCleared);
    assert!(world.model.choice.selection.is_empty());
    world.tell(Msg::ChoiceUndone);
    assert_eq!(world.model.choice.selection.len(), 120);
}

// Launch

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

// The ledger, and what speaks against an approval

/// Prevents: a batch that was given up as not confirmed runs and is paid for, and nobody is told.
#[test]
fn what_was_not_confirmed_and_starts_after_all_is_told() {
    let mut world = World::reviewing();
    world.server.once(Post, "/batch/start", [Answer::Lost]);
    world.tell(Msg::Approved);
    world.run(20_000);
    world.tell(Msg::LaunchDismissed);
    let entry = world.ledger().remove(0);
    assert_eq!(entry.outcome, Outcome::NotConfirmed);
    let mut late = Server::batch("late", "running", 3, 1);
    late["description"] = json!(entry.plan.reference.attach(None));
    world.server.batches.push(late);
    world.run(40_000);
    assert!(world.was_told("did start after all"), "{:?}", world.toasts);
    assert_eq!(world.ledger()[0].batch().unwrap().0, "late");
    assert_eq!(world.starts(), 1);
}

/// Prevents: a receipt that says what was approved and never what it came to.
#[test]
fn receipts_tell_what_was_approved_and_what_it_came_to() {
    let mut world = World::reviewing();
    world.tell(Msg::Approved);
    world.run(1_000);
    let done = &mut world.server.batches[0];
    done["status"] = json!("completed");
    for count in ["processed_leads", "successful_leads"] {
        done[count] = json!(3);
    }
    done["actual_cost_usd"] = json!(2.25);
    world.run(60_000);
    let entry = world.ledger().remove(0);
    assert_eq!(entry.price(), Usd::from_dollars(3.0));
    assert_eq!(entry.end.unwrap().actual, Usd::from_dollars(2.25));
    world.tell(Msg::ReceiptsAsked(Receipts::Csv));
    let Some(Effect::Download { name, text, .. }) = world.effects.last() else {
        panic!()
    };
    assert_eq!(*name, "receipts.csv");
    assert!(
        text.contains("\"3\"") && text.contains("\"2.25\""),
        "{text}"
    );
}

/// Prevents: “take so many out to fit” leaves too many, because fewer leads have less discount: a recorded refusal.
#[test]
fn what_is_taken_out_to_fit_is_enough() {
    let recorded = include_str!("recordings/repaired/batch-preview.over-budget.json");
    let recorded: Value = serde_json::from_str(recorded).unwrap();
    let mut answer = recorded["response"]["body"].clone();
    let ids: Vec<_> = (1..=60).map(|n| format!("lead-{n:03}")).collect();
    answer["valid_lead_ids"] = json!(ids);
    let mut world = World::signed_in();
    for (n, lead) in world.server.leads.iter_mut().enumerate() {
        lead["domain"] = json!((n % 10 != 0).then(|| format!("c{n}.example")));
        lead["email"] = json!((n % 8 != 0).then(|| format!("c{n}@example")));
    }
    world.tell(Msg::LeadsRetried);
    world.run(500);
    world
        .server
        .always(Post, "/batch/preview", Answer::Http(200, answer));
    world.choose(1..=60, true);
    world.run(1_000);
    let view = world.model.price_view();
    let quote = view.fresh().expect("a price");
    assert_eq!(quote.total().to_string(), "$40.73");
    // 35.42 for 60 before discount: six are 3.54 × 1.25 = $4.43, seven $5.17. By the average of 60 seven would do.
    assert_eq!(world.model.leads_to_fit(quote, world.now), Some(54));
    let several = batch_runner::domain::cost::Quote(vec![quote.0[0].clone(), quote.0[0].clone()]);
    assert_eq!(world.model.leads_to_fit(&several, world.now), None);
}

/// Prevents: several batches that each fit go over the budget together, because the server's figure never falls.
#[test]
fn the_budget_is_tested_at_the_upper_end_with_what_was_approved_here() {
    let budget = |left: &str| {
        let limit = json!({"limit_name": "global_daily", "limit_amount": "1000.0", "remaining_budget": left,
            "current_spend": "0.00", "period_start": "2026-11-23T00:00:00", "period_end": "2026-11-24T00:00:00"});
        Answer::Http(200, json!({"limits": [limit]}))
    };
    let mut world = World::new();
    world.stored.insert(StoreKey::Token, "good".into());
    world
        .server
        .always(Get, "/guardrails/status", budget("5.00"));
    world.open("");
    world.run(1_000);
    let standing = |world: &World| {
        let view = world.model.price_view();
        world
            .model
            .budget_standing(view.fresh().unwrap(), world.now)
            .unwrap()
            .verdict
    };
    world.choose(1..=3, true);
    world.run(1_000);
    assert_eq!(
        standing(&world),
        Verdict::Fits {
            left_after: Usd::from_dollars(2.0).unwrap()
        }
    );
    world.tell(Msg::ReviewAsked);
    world.run(200);
    assert_eq!(world.model.concerns(world.now), []);
    // What another tab is about to buy counts, too, until it is left.
    let elsewhere = |dollars: Option<f64>| {
        let review = dollars.map(|dollars| OtherReview {
            plan: "other".into(),
            high: Usd::from_dollars(dollars).unwrap(),
            leads: [].into(),
        });
        Msg::Tabs(TabEvent::Heard(Word::Reviews { tab: 7, review }))
    };
    world.tell(elsewhere(Some(4.0)));
    let words = world.model.concerns(world.now).remove(0).words;
    assert!(
        words.contains("$2.00 more is needed")
            && words.contains("up to $4.00 is under review or being started"),
        "{words}"
    );
    world.tell(elsewhere(None));
    assert_eq!(world.model.concerns(world.now), []);
    world.tell(Msg::Approved);
    world.run(1_000);
    world.tell(Msg::ViewOpened(View::New));
    world.choose(4..=6, true);
    world.run(2_000);
    let over = Verdict::Over {
        needs: Usd::from_dollars(1.0).unwrap(),
    };
    assert_eq!(standing(&world), over);
    let view = world.model.price_view();
    let quote = view.fresh().unwrap();
    assert_eq!(world.model.leads_to_fit(quote, world.now), Some(1));
    world.tell(Msg::ReviewAsked);
    world.run(200);
    let words = world.model.concerns(world.now).remove(0).words;
    assert!(
        words.contains("$1.00 more is needed") && words.contains("$3.00 was approved here"),
        "{words}"
    );
    world.tell(Msg::Approved);
    world.run(1_000);
    assert_eq!(world.starts(), 1, "it must be meant");
    world.tell(Msg::ConcernAccepted(true));
    world.tell(Msg::Approved);
    world.run(1_000);
    assert_eq!(world.starts(), 2);
}

/// Prevents: every tick of a checkbox shows nothing for a second, or an old price as if it were the present one.
#[test]
fn a_figure_is_there_at_once_and_is_the_servers_when_it_comes() {
    let mut world = World::priced();
    world.choose([4], true);
    let PriceView::Updating { about, .. } = world.model.price_view() else {
        panic!()
    };
    assert_eq!(about, Usd::from_dollars(4.0));
    assert_eq!(
        world.model.price_view().fresh(),
        None,
        "it cannot be approved"
    );
    world.run(1_000);
    assert_eq!(
        world.model.price_view().fresh().unwrap().total(),
        about.unwrap()
    );
}

/// Prevents: launches of versions before the ledger are lost with the update, or looked for twice.
#[test]
fn what_earlier_versions_kept_is_taken_over_once() {
    let mut world = World::new();
    world.stored.insert(StoreKey::Token, "good".into());
    let launched = json!([{"batch": "old", "lead_ids": ["lead-001"], "template": "v1", "at": NOON.0 - 1_000, "enriched": 1}]);
    world.stored.insert(StoreKey::Ledger, launched.to_string());
    world.stored.insert(StoreKey::Journal, "{spoilt".into());
    world.open("");
    world.run(1_000);
    assert_eq!(world.ledger()[0].batch().unwrap().0, "old");
    let mut world = world.reload();
    world.open("");
    world.run(1_000);
    assert_eq!(world.model.ledger.entries().len(), 1);
    assert!(
        !world.stored.contains_key(&StoreKey::Ledger),
        "it is among the records now"
    );
}

/// Prevents: two tabs start the same leads, because each asks only itself.
#[test]
fn what_another_tab_is_starting_is_not_started_here_and_that_is_said() {
    let mut world = World::reviewing();
    let Launch::Reviewing(review) = &world.model.compose.launch else {
        panic!()
    };
    let lock = format!("batch-runner-plan-{:016x}", review.plans[0].subject.hash());
    world.locked.push(lock);
    world.tell(Msg::Approved);
    world.run(1_000);
    assert_eq!(
        (world.starts(), world.model.compose.launch.clone()),
        (0, Launch::Draft)
    );
    let words = &world.model.compose.complaints[0].text;
    assert!(
        words.contains("Another tab") && words.contains("It was not started here"),
        "{words}"
    );
    assert_eq!(
        (world.model.choice.selection.len(), world.ledger().len()),
        (3, 0)
    );
}

/// Prevents: a tab that was closed in the middle of a start leaves a batch that no other tab looks for, or two do.
#[test]
fn a_launch_is_looked_for_by_one_tab_once_the_other_is_gone() {
    let world = World::answer_lost();
    let entry = world.ledger().remove(0);
    let lock = entry.plan.lock();
    let mut world = world.reload();
    world.locked.push(lock.clone());
    world.open("");
    world.run(5_000);
    assert_eq!(
        world.model.compose.launch,
        Launch::Draft,
        "another tab is at it"
    );
    world.locked.clear();
    let name = entry.plan.record();
    let record = Ok(world.records.get(&name).cloned());
    world.tell(Msg::LockGranted { lock, name, record });
    world.run(3_000);
    assert!(world.was_told("did start"), "{:?}", world.toasts);
}

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

/// Prevents: between the click in one tab and the server's answer its money counts nowhere, and another tab goes over the
/// budget unwarned.
#[test]
fn what_is_being_started_still_counts_for_other_tabs() {
    let mut world = World::new();
    world.tab = Some(3);
    world.stored.insert(StoreKey::Token, "good".into());
    world.open("");
    world.run(1_000);
    world.choose(1..=3, true);
    world.run(1_000);
    world.tell(Msg::ReviewAsked);
    world.run(200);
    world.server.once(
        Post,
        "/batch/start",
        [Answer::Late(5_000, Box::new(Answer::Usual))],
    );
    world.effects.clear();
    world.tell(Msg::Approved);
    world.run(2_000);
    let told = |world: &World, wanted: fn(&Word) -> bool| {
        let words = world.effects.iter().filter_map(|effect| match effect {
            Effect::TellTabs(word) => Some(word),
            _ => None,
        });
        words.filter(|word| wanted(word)).count()
    };
    let left = |word: &Word| matches!(word, Word::Reviews { review: None, .. });
    assert_eq!(told(&world, left), 0, "it is still on its way");
    // Put aside, perhaps for good, it counts by the ledger.
    world.tell(Msg::Frozen(true));
    assert_eq!(told(&world, |word| *word == Word::Started), 1);
    world.tell(Msg::Frozen(false));
    world.effects.clear();
    world.run(10_000);
    assert_eq!(told(&world, |word| *word == Word::Started), 1);
    assert_eq!(told(&world, left), 1);
    // The other tab buys nothing before it has read what was started.
    let mut other = World::reviewing();
    other.tell(Msg::Tabs(TabEvent::Heard(Word::Started)));
    assert!(!other.model.can_approve(other.now));
    other.run(1_000);
    assert!(other.model.can_approve(other.now));
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

/// Prevents: what another tab took back before it was sent is looked for, and counted as perhaps paid.
#[test]
fn what_another_tab_took_back_is_not_looked_for() {
    let mut world = World::reviewing();
    world.server.once(Post, "/batch/start", [Answer::Lost]);
    world.tell(Msg::Approved);
    world.run(10);
    let entry = world.ledger().remove(0);
    let (lock, name) = (entry.plan.lock(), entry.plan.record());
    // This tab reads the other one's record while that has the lock.
    let mut world = world.reload();
    world.locked.push(lock.clone());
    world.open("");
    world.run(5_000);
    assert!(world.has_open_entry());
    world.records.clear();
    world.tell(Msg::LockGranted {
        lock: lock.clone(),
        name,
        record: Ok(None),
    });
    world.run(3_000);
    assert_eq!(world.model.compose.launch, Launch::Draft);
    assert_eq!(world.model.ledger.entries(), []);
    assert!(world.effects.contains(&Effect::Unlock(lock)));
}

/// Prevents: a browser that hands its lock out and then cannot read the record leaves the launch open until a reload.
#[test]
fn a_record_that_cannot_be_read_is_looked_for_as_this_tab_knows_it() {
    let world = World::answer_lost();
    let entry = world.ledger().remove(0);
    let (lock, name) = (entry.plan.lock(), entry.plan.record());
    let mut world = world.reload();
    world.locked.push(lock.clone());
    world.open("");
    world.run(5_000);
    let record = Err("blocked");
    world.tell(Msg::LockGranted { lock, name, record });
    world.run(3_000);
    assert!(world.was_told("did start"), "{:?}", world.toasts);
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

/// Prevents: with a template in the address, a reload finds the choice and never asks what it costs.
#[test]
fn a_template_of_the_address_is_priced_once_it_is_known() {
    let mut world = World::priced();
    let template = world.model.compose.template.clone().unwrap();
    world.tell(Msg::TemplateChosen(template));
    let query = world.model.route.to_query();
    assert!(query.contains("template="), "{query}");
    let mut world = world.reload();
    world.open(&query);
    world.run(2_000);
    assert!(world.model.price_view().fresh().is_some());
}

/// Prevents: what another tab has bought is not known here, and the same is bought again without a word.
#[test]
fn what_another_tab_has_bought_is_known_before_the_next_approval() {
    let mut first = World::reviewing();
    first.tell(Msg::Approved);
    first.run(1_000);
    let mut second = World::reviewing();
    second.server.batches = first.server.batches.clone();
    second.records = first.records.clone();
    assert_eq!(second.model.concerns(second.now), []);
    second.tell(Msg::Tabs(TabEvent::Heard(Word::Started)));
    second.run(500);
    assert!(
        second.model.concerns(second.now)[0]
            .words
            .contains("exactly these 3 leads"),
        "{:?}",
        second.model.concerns(second.now)
    );
    second.tell(Msg::Approved);
    second.run(1_000);
    assert_eq!(second.starts(), 0, "it must be meant");
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

/// Prevents: two tabs review the same leads, and neither says so before the money is spent.
#[test]
fn tabs_tell_each_other_what_they_review() {
    let mut world = World::new();
    world.stored.insert(StoreKey::Token, "good".into());
    world.open("");
    world.model.others = Default::default();
    world.run(1_000);
    world.choose(1..=3, true);
    world.run(1_000);
    world.tell(Msg::ReviewAsked);
    world.run(200);
    let Launch::Reviewing(review) = &world.model.compose.launch else {
        panic!()
    };
    let plan = Some(format!("{:016x}", review.plans[0].subject.hash()));
    let sharing = |plan: &Option<String>, leads: &[&str]| {
        let high = Usd::from_dollars(9_999.0).unwrap();
        let leads = leads.iter().map(|id| LeadId((*id).into())).collect();
        let review = plan.clone();
        let review = review.map(|plan| OtherReview { plan, high, leads });
        Msg::Tabs(TabEvent::Heard(Word::Reviews { tab: 7, review }))
    };
    let heard = |plan: &Option<String>| sharing(plan, &["lead-009"]);
    let other = Some("other".into());
    world.tell(heard(&other));
    assert_eq!(world.model.concerns(world.now), []);
    world.tell(sharing(&other, &["lead-001", "lead-003", "lead-009"]));
    let concern = world.model.concerns(world.now).remove(0);
    assert!(
        concern.words.starts_with(
            "2 of these leads are under review in another tab of this browser, or being started there."
        ),
        "{}",
        concern.words
    );
    assert_eq!(concern.leave_out.len(), 2);
    world.tell(Msg::ConcernAccepted(true));
    assert!(world.model.can_approve(world.now));
    world.tell(heard(&plan));
    assert!(
        !world.model.can_approve(world.now),
        "that was meant for another review"
    );
    assert!(
        world.model.concerns(world.now)[0]
            .words
            .contains("Another tab")
    );
    world.tell(heard(&None));
    assert_eq!(world.model.concerns(world.now), []);
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

/// Prevents: a launch that is being looked for is forgotten because the session ended or the page was opened signed out.
#[test]
fn a_journal_waits_for_the_sign_in() {
    let mut world = World::answer_lost();
    world.tell(Msg::SignOutAsked);
    let mut world = world.reload();
    world.open("");
    world.run(10_000);
    assert_eq!(world.model.compose.launch, Launch::Draft);
    sign_in(&mut world);
    world.run(3_000);
    assert!(world.was_told("did start"), "{}", world.announced());
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

/// Prevents: a review that was left open buys with a template that is gone, or at a price of yesterday.
#[test]
fn a_review_that_stays_open_is_held_against_the_server_again() {
    let mut world = World::reviewing();
    world.server.price_each = 0.75;
    world.run(31_000);
    let Launch::Reviewing(review) = &world.model.compose.launch else {
        panic!("{:?}", world.model.compose.launch)
    };
    let before = review.price_before.map(|price| price.to_string());
    assert_eq!(before.as_deref(), Some("$3.00"));
    assert_eq!(review.total().to_string(), "$4.50");
    assert!(world.model.can_approve(world.now), "once it was looked at");
    // A price that takes long is not asked for anew each time.
    let late = Answer::Late(70_000, Box::new(Answer::Usual));
    world.server.once(Post, "/batch/preview", [late]);
    world.run(31_000);
    let asked = world.requests(Post, "/batch/preview").len();
    world.run(60_000);
    assert_eq!(world.requests(Post, "/batch/preview").len(), asked);
    world.run(20_000);
    // Nothing is asked while nobody looks; whoever comes back waits for the answers.
    world.tell(Msg::Visible(false));
    world.run(40_000);
    let asked = world.requests(Post, "/batch/preview").len();
    world.run(600_000);
    assert_eq!(world.requests(Post, "/batch/preview").len(), asked);
    world.tell(Msg::Visible(true));
    let is_ready = |world: &World| matches!(&world.model.compose.launch, Launch::Reviewing(review) if review.is_ready());
    assert!(!is_ready(&world));
    let waits = world.model.review_waits_for();
    assert!(waits.is_some(), "what runs is asked for as well");
    world.run(100);
    assert!(world.model.can_approve(world.now));
    let gone = world.model.compose.template.clone();
    let gone = json!(gone.map(|version| version.0));
    world.server.templates.retain(|it| it["version"] != gone);
    world.run(31_000);
    assert_eq!(world.model.compose.launch, Launch::Draft);
    let words = &world.model.compose.complaints[0].text;
    assert!(words.contains("not offered any more"), "{words}");
    assert_eq!((world.starts(), world.model.choice.selection.len()), (0, 3));
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

/// Prevents: a template that was withdrawn between choosing and approving is bought.
#[test]
fn a_template_that_vanished_leaves_the_review_and_keeps_the_plan() {
    let mut world = World::priced();
    world
        .server
        .templates
        .retain(|template| template["version"] != "2.0.0");
    world.tell(Msg::ReviewAsked);
    world.run(200);
    assert_eq!(world.model.compose.launch, Launch::Draft);
    assert_eq!(complaints(&world), [Field::Template]);
    assert_eq!(world.model.compose.template_gone, Some(version("2.0.0")));
    // An address from before does not bring it back.
    world.tell(Msg::Navigated("template=2.0.0".into()));
    assert_eq!(world.model.compose.template, Some(version("v1")));
    assert_eq!(
        world.model.compose.template,
        Some(version("v1")),
        "the newest that is left"
    );
    assert_eq!(world.model.choice.selection.len(), 3);
    world.run(2_000);
    assert_eq!(
        world.model.price_view().fresh().map(|quote| quote.total()),
        Usd::from_dollars(1.5)
    );
    world.tell(Msg::Approved);
    world.run(1_000);
    assert_eq!(world.starts(), 0);
}

/// Prevents: a price that rose while the person read is charged without being seen.
#[test]
fn a_price_that_changed_is_shown_beside_the_old_one_and_is_what_is_sent() {
    let mut world = World::priced();
    world.server.price_each = 0.75;
    world.tell(Msg::ReviewAsked);
    world.run(200);
    let Launch::Reviewing(review) = &world.model.compose.launch else {
        panic!()
    };
    assert_eq!(review.price_before, Usd::from_dollars(3.0));
    assert_eq!(Some(review.total()), Usd::from_dollars(4.5));
    world.tell(Msg::Approved);
    assert_eq!(world.starts(), 0, "that click was for the price before");
    world.run(1_000);
    world.tell(Msg::Approved);
    world.run(10);
    assert_eq!(
        world.requests(Post, "/batch/start")[0].body()["estimated_cost_usd"],
        json!(4.5)
    );
}

/// Prevents: the choice changes under the review (an answer to "all matching" arrives late), its price is put into the
/// plan that is being looked at, and that plan is bought for the price of another one.
#[test]
fn a_choice_that_changes_under_the_review_does_not_change_the_price_of_the_plan() {
    let mut world = World::priced();
    world.server.once(
        Get,
        "limit=1000",
        [Answer::Late(1_000, Box::new(Answer::Usual))],
    );
    world.tell(Msg::AllMatchingAsked);
    world.tell(Msg::ReviewAsked);
    world.run(5_000);
    if let Launch::Reviewing(review) = &world.model.compose.launch {
        assert_eq!(review.plans[0].subject.lead_ids.len(), 3);
        assert_eq!(
            Some(review.total()),
            Usd::from_dollars(3.0),
            "the price of 120 leads on a plan of three"
        );
    }
    world.tell(Msg::Approved);
    world.run(1_000);
}

/// Prevents: the person goes back in the browser while the review is open, another template is priced, and the plan is
/// bought for that price.
#[test]
fn going_back_under_the_review_does_not_change_the_price_of_the_plan() {
    let mut world = World::priced();
    world.tell(Msg::ReviewAsked);
    world.run(200);
    world.tell(Msg::Navigated("template=v1".into()));
    world.run(5_000);
    if let Launch::Reviewing(review) = &world.model.compose.launch {
        let template = review.plans[0].subject.template.clone();
        let price = if template == version("v1") { 1.5 } else { 3.0 };
        assert_eq!(
            Some(review.total()),
            Usd::from_dollars(price),
            "the price of another template than {template:?}"
        );
    }
    world.tell(Msg::Approved);
    world.run(1_000);
}

/// Prevents: the server accepts what is over budget, so the app must not send it.
#[test]
fn over_budget_cannot_be_approved() {
    let mut world = World::priced();
    world.server.within_budget = false;
    world.tell(Msg::ReviewAsked);
    world.run(200);
    assert_eq!(
        world.model.compose.launch,
        Launch::Draft,
        "found out in the review"
    );
    assert_eq!(complaints(&world), [Field::Price]);
    world.tell(Msg::ReviewAsked);
    assert_eq!(
        world.model.compose.launch,
        Launch::Draft,
        "known before the review"
    );
    assert!(
        world
            .model
            .compose
            .complaint(Field::Price)
            .is_some_and(|words| words.contains("$5.00"))
    );
    world.tell(Msg::Approved);
    world.run(5_000);
    assert_eq!(world.starts(), 0);
}

/// Prevents: leads that are gone are dropped by the server in silence, and the batch is smaller than approved.
#[test]
fn gone_leads_block_until_they_are_taken_out() {
    let mut world = World::priced();
    world.server.gone = vec!["lead-002".into()];
    world.tell(Msg::ReviewAsked);
    world.run(200);
    assert_eq!(complaints(&world), [Field::Leads]);
    assert_eq!(
        world
            .model
            .compose
            .quote
            .as_ref()
            .unwrap()
            .unknown_leads()
            .cloned()
            .collect::<Vec<_>>(),
        [LeadId("lead-002".into())]
    );
    world.tell(Msg::GoneLeadsDropped);
    world.run(1_000);
    assert_eq!(world.model.choice.selection.len(), 2);
    world.tell(Msg::ReviewAsked);
    world.run(200);
    world.tell(Msg::Approved);
    world.run(500);
    assert_eq!(
        world.requests(Post, "/batch/start")[0].body()["lead_ids"],
        json!(["lead-001", "lead-003"])
    );
}

/// Prevents: a form with several mistakes tells one at a time, or sends anyway.
#[test]
fn every_mistake_is_named_at_once_and_nothing_is_sent() {
    let mut world = World::signed_in();
    world.tell(Msg::SettingTyped(Field::MaxConcurrent, "21".into()));
    world.tell(Msg::SettingTyped(Field::RetryCount, "many".into()));
    world.tell(Msg::ReviewAsked);
    assert_eq!(
        complaints(&world),
        [Field::Leads, Field::MaxConcurrent, Field::RetryCount]
    );
    world.tell(Msg::SettingTyped(Field::RetryCount, "2".into()));
    assert_eq!(
        complaints(&world),
        [Field::Leads, Field::MaxConcurrent],
        "what is being mended is not complained of"
    );
    assert!(world.effects.contains(&Effect::Focus("launch-complaints")));
}

/// Prevents: the server's estimate passes for what is really spent, although past batches tell otherwise; or something is
/// expected of nothing.
#[test]
fn what_past_batches_cost_is_told_beside_the_servers_estimate() {
    let mut world = World::new();
    let past = |id: &str, leads: u32| {
        let mut batch = Server::batch(id, "completed", leads, leads);
        batch["template_version"] = json!("2.0.0");
        batch["estimated_cost_usd"] = json!(f64::from(leads));
        batch["actual_cost_usd"] = json!(f64::from(leads) * 0.8);
        batch
    };
    // One that was stopped half-way tells nothing of a whole one.
    let mut stopped = past("s", 50);
    stopped["processed_leads"] = json!(10);
    world.server.batches = vec![past("a", 10), stopped.clone(), past("b", 20)];
    world.stored.insert(StoreKey::Token, "good".into());
    world.open("");
    world.run(2_000);
    world.choose(1..=3, true);
    world.run(1_000);
    let expected = |world: &World| {
        let view = world.model.price_view();
        world.model.expected_cost(view.fresh().expect("a price"))
    };
    assert_eq!(expected(&world), None, "two batches are too few");
    world.server.batches.push(past("c", 40));
    world.run(20_000);
    let told = expected(&world).expect("three batches are enough");
    assert_eq!(told.learned_from, 3);
    let receipt = world.model.price_view().fresh().unwrap().total().dollars();
    let share = told.figure.dollars() / receipt;
    assert!((0.76..=0.84).contains(&share), "{share}");
    assert!(told.low < told.figure && told.figure < told.high);
}

// Progress

/// Prevents: batches that were started elsewhere, or before a reload, are not shown as running.
#[test]
fn batches_of_the_list_are_followed_and_finished_ones_are_not() {
    let world = following(&[
        ("a", "running", 10, 4),
        ("b", "pending", 5, 0),
        ("c", "completed", 7, 7),
    ]);
    assert_eq!(
        (
            world.model.batches.shown().len(),
            world.model.batches.running()
        ),
        (2, 2)
    );
    assert_eq!(processed(&world, "a"), 4);
    let frames = &world.socket(&Channel::Multiplexed).unwrap().frames;
    let mut subscribed: Vec<_> = (frames.iter())
        .filter(|frame| frame["type"] == "subscribe")
        .map(|frame| frame["batch_id"].as_str().unwrap())
        .collect();
    subscribed.sort_unstable();
    assert_eq!(subscribed, ["a", "b"], "each once");
}

/// Prevents: news is lost, an end is believed without its final figures, or counts run backwards.
#[test]
fn socket_news_is_merged_and_an_end_is_read_from_the_server() {
    let mut world = following(&[("a", "running", 10, 4)]);
    world.hear(&Channel::Multiplexed, &progress("a", 10, 7));
    world.hear(&Channel::Multiplexed, &progress("a", 10, 5));
    world.hear(&Channel::Multiplexed, &progress("stranger", 10, 5));
    assert_eq!(
        (processed(&world, "a"), world.model.batches.shown().len()),
        (7, 1)
    );
    world.server.set("a", "completed", 10);
    let reads = world.requests(Get, "/batch/a/status").len();
    let end = json!({"type": "batch_completed", "batch_id": "a", "status": "completed", "total_leads": 10,
        "successful": 10, "failed": 0, "total_cost": 5.5});
    world.hear(&Channel::Multiplexed, &end);
    world.run(500);
    assert_eq!(world.requests(Get, "/batch/a/status").len(), reads + 1);
    assert_eq!(
        (status(&world, "a"), processed(&world, "a")),
        (Some(BatchStatus::Completed), 10)
    );
    let frames = &world.socket(&Channel::Multiplexed).unwrap().frames;
    assert!(frames.iter().any(|frame| frame["type"] == "unsubscribe"));
    assert_eq!(
        world
            .toasts
            .iter()
            .filter(|toast| toast.contains("completed"))
            .count(),
        1
    );
}

/// Prevents: a frame with a wrong, smaller total pulls the counts of a batch down with it.
#[test]
fn a_smaller_total_does_not_turn_the_counts_back() {
    let mut world = following(&[("a", "running", 10, 8)]);
    world.hear(&Channel::Multiplexed, &progress("a", 3, 3));
    assert_eq!(processed(&world, "a"), 8);
}

/// Prevents: today's server ends every batch as failed; its frame is told as plain failure before the figures are read,
/// and the one sentence that all leads succeeded is never said.
#[test]
fn the_end_of_a_batch_on_todays_server_is_told_by_its_figures() {
    let mut world = following(&[("a", "running", 300, 274)]);
    world.server.set("a", "failed", 300);
    let end = json!({"type": "batch_error", "batch_id": "a", "error_code": "BATCH_PROCESSING_ERROR",
        "error_message": "property 'results_summary' of 'BatchReport' object has no setter"});
    world.hear(&Channel::Multiplexed, &end);
    world.run(1_000);
    assert_eq!(
        (status(&world, "a"), processed(&world, "a")),
        (Some(BatchStatus::Failed), 300)
    );
    assert!(
        world.was_told("All 300 leads succeeded"),
        "{:?}",
        world.toasts
    );
    assert!(!world.was_told("has failed."), "{:?}", world.toasts);
}

/// Prevents: the server tells two ends of one batch, and nobody learns which one counts, or that there were two.
#[test]
fn an_end_that_the_server_corrects_is_told_as_corrected() {
    let mut world = following(&[("a", "running", 10, 4)]);
    let end = |world: &mut World, word: &str| {
        let frame = json!({"type": "batch_completed", "batch_id": "a", "status": word});
        world.hear(&Channel::Multiplexed, &frame);
        world.run(1_000);
    };
    world.server.set("a", "cancelled", 6);
    end(&mut world, "cancelled");
    assert_eq!(status(&world, "a"), Some(BatchStatus::Cancelled));
    world.server.set("a", "completed", 10);
    end(&mut world, "completed");
    assert_eq!(status(&world, "a"), Some(BatchStatus::Completed));
    let tracking = world.model.batches.get(&BatchId("a".into())).unwrap();
    assert_eq!(
        tracking.correction().as_deref(),
        Some("The server first reported this batch as cancelled, and now as completed.")
    );
    assert!(world.was_told("is completed"), "{:?}", world.toasts);
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

/// Prevents: what happened while the connection was down is never seen.
#[test]
fn after_a_cut_the_missed_end_is_found() {
    let mut world = following(&[("a", "running", 10, 4)]);
    world.hear(
        &Channel::Multiplexed,
        &json!({"type": "progress_update", "batch_id": "a", "total": 10, "processed": 5, "seq": 9}),
    );
    world.cut(&Channel::Multiplexed);
    assert!(matches!(world.model.link.health(), Health::Waiting(_)));
    world.run(3_000);
    let again = world.socket(&Channel::Multiplexed).unwrap();
    assert_eq!(again.frames[0]["since"]["a"], 9);
    world.server.set("a", "completed", 10);
    world.cut(&Channel::Multiplexed);
    world.run(40_000);
    assert_eq!(status(&world, "a"), Some(BatchStatus::Completed));
}

/// Prevents: today's server has no multiplexed socket, and nothing moves on the screen.
#[test]
fn without_the_multiplexed_socket_each_batch_has_its_own_and_without_those_it_is_polled() {
    let mut world = World::new();
    world.server.has_multiplexed = false;
    world.server.batches = vec![Server::batch("a", "running", 10, 4)];
    world.stored.insert(StoreKey::Token, "good".into());
    world.open("");
    world.run(3_000);
    let own = Channel::Batch(id("a"));
    assert_eq!(world.socket(&own).unwrap().path, "/api/batch/a/progress");
    assert_eq!(
        world.stored.get(&StoreKey::Transport).map(String::as_str),
        Some("per_batch")
    );
    world.hear(&own, &progress("a", 10, 6));
    assert_eq!(processed(&world, "a"), 6);

    let mut world = World::new();
    (world.server.has_multiplexed, world.server.has_per_batch) = (false, false);
    world.server.batches = vec![Server::batch("a", "running", 10, 4)];
    world.stored.insert(StoreKey::Token, "good".into());
    world.open("");
    world.run(10_000);
    assert_eq!(world.model.link.connection.transport(), Transport::Polling);
    let before = world.requests(Get, "/batch/a/status").len();
    world.run(10_000);
    let reads = world.requests(Get, "/batch/a/status").len() - before;
    assert!((4..=7).contains(&reads), "{reads} reads in 10 s");
}

/// Prevents: the server fails on the status of every batch with a failed lead, and its counts are never seen.
#[test]
fn a_status_that_fails_is_read_from_the_list() {
    let mut world = following(&[("a", "running", 10, 4)]);
    world.server.set("a", "failed", 9);
    world.server.always(
        Get,
        "/batch/a/status",
        Answer::Http(500, json!({"detail": "Internal server error"})),
    );
    world.hear(
        &Channel::Multiplexed,
        &json!({"type": "gap", "batch_id": "a"}),
    );
    world.run(1_000);
    assert_eq!(
        (status(&world, "a"), processed(&world, "a")),
        (Some(BatchStatus::Failed), 9)
    );
    assert_eq!(
        world
            .model
            .batches
            .get(&id("a"))
            .and_then(|tracking| tracking.error.clone()),
        None
    );
}

/// Prevents: a batch whose server died runs for ever.
#[test]
fn a_batch_that_does_not_move_is_called_stalled() {
    let mut world = following(&[("a", "running", 10, 4)]);
    world.run(89_000);
    let stalled = |world: &World| {
        world
            .model
            .batches
            .get(&id("a"))
            .unwrap()
            .stalled_since(world.now)
            .is_some()
    };
    assert!(!stalled(&world));
    world.run(5_000);
    assert!(stalled(&world));
    world.hear(&Channel::Multiplexed, &progress("a", 10, 5));
    assert!(!stalled(&world));
}

/// Prevents: a cancel is taken as done when the server has only agreed to it, or can be sent twice.
#[test]
fn a_cancel_is_asked_about_sent_once_and_seen_to_its_end() {
    let mut world = following(&[("a", "running", 300, 50)]);
    world.tell(Msg::CancelAsked(id("a")));
    assert_eq!(world.requests(Post, "/cancel").len(), 0);
    world.tell(Msg::CancelConfirmed(id("a")));
    world.tell(Msg::CancelConfirmed(id("a")));
    assert_eq!(
        world.model.batches.get(&id("a")).unwrap().cancel,
        Cancel::Requested
    );
    world.run(500);
    assert_eq!(world.requests(Post, "/cancel").len(), 1);
    assert_eq!(status(&world, "a"), Some(BatchStatus::Cancelled));
    assert!(world.was_told("is cancelled: 50 of 300 leads"));
    // Today's server goes on, and says in the end that the batch is completed.
    world.hear(&Channel::Multiplexed, &progress("a", 300, 91));
    assert_eq!(
        (status(&world, "a"), processed(&world, "a")),
        (Some(BatchStatus::Cancelled), 91)
    );
    world.server.set("a", "completed", 300);
    for batch in &mut world.server.batches {
        batch["error_message"] = json!("Cancelled by user");
    }
    world.run(40_000);
    assert_eq!(
        (status(&world, "a"), processed(&world, "a")),
        (Some(BatchStatus::Completed), 300)
    );
    assert!(
        world.was_told("the server did not stop"),
        "{:?}",
        world.toasts
    );
}

/// Prevents: a refused cancel looks like one that is under way.
#[test]
fn a_refused_cancel_says_so_and_reads_what_became_of_the_batch() {
    let mut world = following(&[("a", "running", 10, 9)]);
    world.server.set("a", "completed", 10);
    world.tell(Msg::CancelConfirmed(id("a")));
    world.run(500);
    let tracking = world.model.batches.get(&id("a")).unwrap();
    assert!(
        matches!(&tracking.cancel, Cancel::Refused(words) if words.contains("cannot be cancelled any more"))
    );
    assert_eq!(tracking.batch.status, BatchStatus::Completed);
}

/// Prevents: a cancel stuck behind a blocked connection waits for ever.
#[test]
fn a_cancel_without_an_answer_is_sent_again() {
    let mut world = following(&[("a", "running", 10, 4)]);
    world.server.once(Post, "/cancel", [Answer::Timeout]);
    world.tell(Msg::CancelConfirmed(id("a")));
    world.run(4_000);
    let sent = world.requests(Post, "/cancel");
    assert_eq!(sent.len(), 2);
    assert!(sent[1].at - sent[0].at <= 3_100);
    assert_eq!(status(&world, "a"), Some(BatchStatus::Cancelled));
}

// Bad weather

/// Prevents: the server's own waiting time is ignored, and the limit is hit again.
#[test]
fn a_limited_request_waits_exactly_as_long_as_told() {
    let mut world = World::signed_in();
    world
        .server
        .once(Get, "/v1/leads", [Answer::Limited(Some(7))]);
    world.tell(Msg::PageChosen(1));
    world.run(20_000);
    let sent = world.requests(Get, "skip=50");
    assert_eq!(sent.len(), 2);
    assert_eq!(
        sent[1].at - sent[0].at,
        7_020,
        "20 ms for the answer, then 7 s"
    );
    assert!(world.model.leads.page.error().is_none());
}

/// Prevents: 429 without a time is repeated at once, or given up at once.
#[test]
fn a_limited_request_without_a_time_backs_off() {
    let mut world = World::signed_in();
    world
        .server
        .once(Get, "/v1/leads", vec![Answer::Limited(None); 3]);
    world.tell(Msg::PageChosen(1));
    world.run(30_000);
    let sent = world.requests(Get, "skip=50");
    let pauses: Vec<_> = sent
        .windows(2)
        .map(|pair| pair[1].at - pair[0].at - 20)
        .collect();
    assert_eq!(pauses.len(), 3);
    for (pause, rung) in pauses.iter().zip([1_000, 2_000, 4_000]) {
        assert!((rung / 2..=rung).contains(pause), "{pauses:?}");
    }
}

/// Prevents: a restart of the server empties the page; or the page asks for ever.
#[test]
fn an_absent_server_is_tried_three_more_times_two_seconds_apart_and_then_told() {
    let mut world = World::signed_in();
    world
        .server
        .always(Get, "/v1/leads", Answer::Http(503, json!({})));
    world.tell(Msg::PageChosen(1));
    world.run(60_000);
    let sent = world.requests(Get, "skip=50");
    let pauses: Vec<_> = sent
        .windows(2)
        .map(|pair| pair[1].at - pair[0].at)
        .collect();
    assert_eq!(pauses, [2_020, 2_020, 2_020]);
    assert!(
        world
            .model
            .leads
            .page
            .error()
            .is_some_and(|error| matches!(error.kind, Kind::Unavailable { status: 503, .. }))
    );
    assert!(
        world.model.leads.page.value().is_some(),
        "the old rows stay"
    );
}

/// Prevents: the connection that the server drops after an error fails the next read as well.
#[test]
fn a_dropped_connection_is_repeated_at_once() {
    let mut world = World::signed_in();
    world.server.once(Get, "/v1/leads", [Answer::Lost]);
    world.tell(Msg::PageChosen(1));
    world.run(100);
    assert_eq!(world.requests(Get, "skip=50").len(), 2);
    assert!(world.model.leads.page.error().is_none() && !world.model.leads.page.is_loading());
}

/// Prevents: a tunnel or a closed lid leaves failed panels behind that must be reloaded by hand.
#[test]
fn offline_waits_and_goes_on_by_itself() {
    let mut world = following(&[("a", "running", 10, 4)]);
    world.tell(Msg::ViewOpened(View::New));
    world.run(1_000);
    world.server.always(Get, "/", Answer::Offline);
    world.tell(Msg::Online(false));
    assert_eq!(world.model.link.health(), Health::Offline);
    world.tell(Msg::PageChosen(1));
    world.run(1_000);
    assert!(world.model.leads.page.is_loading() && world.model.leads.page.error().is_none());
    let (sent, dialled) = (world.sent.len(), world.sockets.len());
    world.run(600_000);
    assert_eq!(
        (world.sent.len(), world.sockets.len()),
        (sent, dialled),
        "nothing is tried without a network"
    );
    world.server.mend();
    world.server.set("a", "running", 9);
    world.tell(Msg::Online(true));
    world.run(1_000);
    assert_eq!(
        world
            .model
            .leads
            .page
            .value()
            .map(|page| page.leads[0].id.0.as_str()),
        Some("lead-051")
    );
    assert_eq!(
        (world.model.link.health(), processed(&world, "a")),
        (Health::Live, 9)
    );
}

/// Prevents: a hidden page dials and polls for nobody.
#[test]
fn a_hidden_page_dials_nothing_and_is_up_to_date_when_it_is_seen_again() {
    let mut world = following(&[("a", "running", 10, 4)]);
    world.tell(Msg::Visible(false));
    world.cut(&Channel::Multiplexed);
    let dialled = world.sockets.len();
    world.run(120_000);
    assert_eq!(world.sockets.len(), dialled);
    world.server.set("a", "running", 8);
    world.tell(Msg::Visible(true));
    world.run(500);
    assert_eq!(
        (world.model.link.health(), processed(&world, "a")),
        (Health::Live, 8)
    );
}

// History

/// Prevents: "run again" fills in nothing, or loses the present choice for good.
#[test]
fn a_rerun_fills_the_choice_from_the_ledger_and_the_former_choice_can_come_back() {
    let mut world = World::reviewing();
    world.tell(Msg::Approved);
    world.run(1_000);
    world.choose(50..=51, true);
    world.tell(Msg::RerunAsked(id("batch-1"), RerunWhat::All));
    assert_eq!(
        (world.model.choice.selection.len(), world.model.route.view),
        (3, View::New)
    );
    assert_eq!(world.model.compose.template, Some(version("2.0.0")));
    assert_eq!(
        world.requests(Get, "/leads?skip=0&limit=1000").len(),
        0,
        "nothing needs to be asked"
    );
    world.run(1_000);
    assert!(world.model.price_view().fresh().is_some(), "priced anew");
    world.tell(Msg::ChoiceUndone);
    assert_eq!(world.model.choice.selection.len(), 2);
}

/// Prevents: a batch that was started from another browser cannot be run again although the server knows its leads.
#[test]
fn a_rerun_asks_the_server_where_this_browser_does_not_know() {
    let mut world = following(&[("a", "completed", 2, 2)]);
    let leads = json!([{"lead_id": "lead-007", "status": "completed"}, {"lead_id": "lead-008", "status": "failed"}]);
    world
        .server
        .results
        .insert("a".into(), json!({"leads": leads, "total_count": 2}));
    world.tell(Msg::ViewOpened(View::History));
    world.run(500);
    world.tell(Msg::RerunAsked(id("a"), RerunWhat::All));
    world.run(500);
    let chosen: Vec<_> = world
        .model
        .choice
        .selection
        .ids()
        .into_iter()
        .map(|id| id.0)
        .collect();
    assert_eq!(chosen, ["lead-007", "lead-008"]);
    assert_eq!(
        world.model.compose.template,
        Some(version("v1")),
        "the template of that batch"
    );
    assert_eq!(world.model.route.view, View::New);
}

/// Prevents: on today's server, which has no such route, "run again" fails without a reason.
#[test]
fn a_rerun_that_nobody_can_fill_in_says_why() {
    let mut world = following(&[("a", "completed", 2, 2)]);
    world.choose([1], true);
    world.tell(Msg::RerunAsked(id("a"), RerunWhat::All));
    world.run(500);
    assert!(
        world.was_told("the server does not tell which leads it had"),
        "{:?}",
        world.toasts
    );
    assert_eq!(
        world.model.choice.selection.len(),
        1,
        "the present choice stays"
    );
}

/// Prevents: a rerun with a template that is gone is priced with another one in silence.
#[test]
fn a_rerun_with_a_vanished_template_says_so() {
    let mut world = World::reviewing();
    world.tell(Msg::Approved);
    world.run(1_000);
    world
        .server
        .templates
        .retain(|template| template["version"] != "2.0.0");
    world.tell(Msg::TemplatesRetried);
    world.run(500);
    world.tell(Msg::TemplateChosen(version("simple")));
    world.tell(Msg::RerunAsked(id("batch-1"), RerunWhat::All));
    assert_eq!(world.model.compose.template, Some(version("v1")));
    assert_eq!(world.model.compose.template_gone, Some(version("2.0.0")));
    assert_eq!(world.model.choice.selection.len(), 3);
}

/// Prevents: details of a batch stay empty because this server has no per-lead route.
#[test]
fn details_show_the_batch_although_its_results_cannot_be_had() {
    let mut world = following(&[("a", "completed", 7, 7)]);
    world.tell(Msg::ViewOpened(View::History));
    world.run(500);
    world.tell(Msg::BatchOpened(Some(id("a"))));
    world.run(500);
    let details = world.model.history.details.as_ref().unwrap();
    assert_eq!(
        details.batch.value().map(|batch| batch.counts.processed),
        Some(7)
    );
    assert!(matches!(
        details.results.error().map(|error| &error.kind),
        Some(Kind::NotFound(_))
    ));
    world.tell(Msg::BatchOpened(None));
    assert!(world.model.history.details.is_none());
}

/// Prevents: a hand-made or damaged address with a huge page number ends in an overflow.
#[test]
fn a_huge_page_number_in_the_address_is_harmless() {
    let world = World::signed_in_at("view=history&hpage=4294967295&page=4294967295");
    assert!(world.model.history.page.value().is_some());
}

// Address and storage

/// Prevents: what a person looks at is lost by a refresh, and "back" does nothing.
#[test]
fn the_address_follows_the_page_and_the_page_follows_the_address() {
    let mut world = World::signed_in();
    world.tell(Msg::SearchTyped("Company 7".into()));
    world.run(500);
    world.tell(Msg::TemplateChosen(version("v1")));
    world.tell(Msg::ViewOpened(View::History));
    world.run(500);
    let navigations: Vec<_> = world
        .effects
        .iter()
        .filter_map(|effect| match effect {
            Effect::Navigate { query, replace } => Some((query.as_str(), *replace)),
            _ => None,
        })
        .collect();
    assert_eq!(
        navigations,
        [
            ("q=Company%207", true),
            ("q=Company%207&template=v1", true),
            ("view=history&q=Company%207&template=v1", false)
        ]
    );
    let query = navigations[2].0.to_owned();
    world.tell(Msg::Navigated("q=Company%2077".into()));
    world.run(500);
    assert_eq!(
        (world.model.route.view, world.model.leads.typed.as_str()),
        (View::New, "Company 77")
    );
    assert_eq!(world.model.leads.total(), Some(1));

    let mut world = world.reload();
    world.open(&query);
    world.run(500);
    assert_eq!(
        (world.model.route.view, world.model.leads.typed.as_str()),
        (View::History, "Company 7")
    );
    assert_eq!(world.model.compose.template, Some(version("v1")));
}

/// Prevents: a choice and what was typed are lost by a reload.
#[test]
fn choice_and_form_survive_a_reload() {
    let mut world = World::priced();
    world.tell(Msg::SettingTyped(Field::Description, "second try".into()));
    let mut world = world.reload();
    world.open("");
    world.run(2_000);
    assert_eq!(world.model.choice.selection.len(), 3);
    assert_eq!(world.model.compose.settings.description, "second try");
    assert!(world.model.price_view().fresh().is_some());
}

/// Prevents: one damaged value in the storage keeps the page from opening.
#[test]
fn corrupt_storage_is_as_good_as_none() {
    for rubbish in [
        "",
        "null",
        "{",
        "[]",
        "[[1]]",
        "{\"lead_ids\":[null]}",
        "\u{0}\u{ffff}",
        "9e999",
    ] {
        let mut world = World::new();
        for key in [
            StoreKey::Selection,
            StoreKey::Draft,
            StoreKey::Journal,
            StoreKey::Ledger,
            StoreKey::Transport,
            StoreKey::Refresh,
        ] {
            world.stored.insert(key, rubbish.into());
        }
        world.stored.insert(StoreKey::Token, "good".into());
        world.open("");
        world.run(2_000);
        assert_eq!(world.model.session.phase, Phase::SignedIn, "{rubbish}");
        assert!(
            world.model.choice.selection.is_empty() && world.model.leads.page.value().is_some(),
            "{rubbish}"
        );
        assert_eq!(world.model.compose.launch, Launch::Draft, "{rubbish}");
    }
}

/// Prevents: a full or blocked storage stops the work, or is kept from the person.
#[test]
fn a_storage_that_keeps_nothing_is_told_once_and_the_app_works() {
    let mut world = World::reviewing();
    world.tell(Msg::StorageFailed("the storage is full".into()));
    world.tell(Msg::StorageFailed("again".into()));
    assert_eq!(
        world.model.notices.storage.as_deref(),
        Some("the storage is full")
    );
    world.tell(Msg::Approved);
    world.run(1_000);
    assert_eq!((world.starts(), world.model.route.view), (1, View::Running));
}

/// Prevents: a socket of before, or rubbish from the present one, is taken for news.
#[test]
fn stale_sockets_and_rubbish_change_nothing() {
    let mut world = following(&[("a", "running", 10, 4)]);
    let epoch = world.socket(&Channel::Multiplexed).unwrap().epoch;
    let channel = Channel::Multiplexed;
    for text in [
        "",
        "{",
        "[]",
        "null",
        "\"x\"",
        r#"{"type":"weather"}"#,
        r#"{"type":"progress_update"}"#,
    ] {
        let event = SocketEvent::Message {
            channel: channel.clone(),
            epoch,
            text: text.into(),
        };
        world.tell(Msg::Sockets(vec![event]));
    }
    world.tell(Msg::Sockets(vec![SocketEvent::Binary {
        channel: channel.clone(),
        epoch,
    }]));
    assert_eq!(
        (processed(&world, "a"), world.model.link.health()),
        (4, Health::Live)
    );
    assert_eq!(
        world
            .model
            .link
            .dropped
            .iter()
            .map(|(_, count)| *count)
            .sum::<u32>(),
        8
    );
    world.cut(&channel);
    world.run(3_000);
    world.tell(Msg::Sockets(vec![SocketEvent::Closed {
        channel,
        epoch,
        code: 1006,
    }]));
    assert_eq!(
        world.model.link.health(),
        Health::Live,
        "the close of the old socket does not end the new one"
    );
}

/// Prevents: a toast stays for ever, or bad news goes away before it was read.
#[test]
fn good_news_goes_away_and_bad_news_stays() {
    let mut world = following(&[("a", "completed", 2, 2)]);
    world.choose([1], true);
    world.tell(Msg::ChoiceCleared);
    world.tell(Msg::RerunAsked(id("a"), RerunWhat::All));
    world.run(500);
    assert_eq!(world.model.notices.toasts.len(), 2);
    world.run(10_000);
    assert_eq!(world.model.notices.toasts.len(), 1);
    let toast = world.model.notices.toasts[0].id;
    world.tell(Msg::ToastDismissed(toast));
    assert!(world.model.notices.toasts.is_empty());
    assert_eq!(world.timer(&Timer::Toast(toast)), None);
    assert!(!world.model.net.is_busy(&Slot::Rerun(id("a"))));
}
