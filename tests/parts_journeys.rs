//! The page in parts: what is not there yet is fetched when it is needed, and nothing that was asked for is lost.

#[path = "support/recordings.rs"]
#[allow(dead_code)]
mod recordings;
#[path = "support/server.rs"]
#[allow(dead_code)]
mod server;
#[path = "support/world.rs"]
#[allow(dead_code)]
mod world;

use batch_runner::app::lead_selector::scroll::FIRST_READ;
use batch_runner::app::parts::{Part, PartState};
use batch_runner::app::{Effect, Model, Msg, StoreKey};
use batch_runner::config::Config;
use batch_runner::domain::batch::BatchId;
use batch_runner::domain::lead::{LeadQuery, NO_PAGES};
use batch_runner::domain::plan::Field;
use batch_runner::machine::launch::Launch;
use batch_runner::route::View;
use batch_runner::wire::rest::{Method, Request};
use world::World;

/// Signed in, with parts that come only when a test says so.
fn split_at(query: &str) -> World {
    let mut world = World::new();
    world.model = Model::in_parts(Config::default());
    world.held_parts = Some(Vec::new());
    world.stored.insert(StoreKey::Token, "good".into());
    world.open(query);
    world
}

fn on_their_way(world: &World) -> &[Part] {
    world.held_parts.as_deref().unwrap_or_default()
}

fn choose_first(world: &mut World) {
    let lead = world.model.leads.at(0).expect("a lead").clone();
    world.tell(Msg::LeadToggled {
        lead,
        chosen: true,
        range: false,
    });
}

/// Prevents: what comes later takes the line from what fills the screen.
#[test]
fn no_part_is_fetched_before_the_first_rows_stand() {
    let mut world = split_at("");
    assert_eq!(on_their_way(&world), []);
    world.run(1_000);
    assert!(world.model.leads.at(0).is_some());
    assert_eq!(on_their_way(&world), [Part::Live]);
    world.part_comes(Part::Live);
    world.part_comes(Part::History);
    assert_eq!(
        on_their_way(&world),
        [Part::Extras],
        "the rest follows by itself"
    );
}

/// Prevents: a person who signs in waits for parts that nothing of theirs needs yet.
#[test]
fn nobody_who_is_not_signed_in_fetches_a_part() {
    let mut world = World::new();
    world.model = Model::in_parts(Config::default());
    world.held_parts = Some(Vec::new());
    world.open("view=history");
    world.run(60_000);
    assert_eq!(on_their_way(&world), []);
}

/// Prevents: an address of the history shows nothing until the leads, which it does not show, have come.
#[test]
fn what_the_address_needs_is_fetched_at_once() {
    for (query, parts) in [
        ("view=history", vec![Part::Live, Part::History]),
        ("batch=b1", vec![Part::Live, Part::History]),
        ("view=running", vec![Part::Live]),
        ("leads=lead-00004", vec![Part::Extras]),
    ] {
        let world = split_at(query);
        assert_eq!(on_their_way(&world), parts, "{query}");
    }
}

/// Prevents: leads that cannot be read keep a person from the batches that run.
#[test]
fn leads_that_cannot_be_read_hold_nothing_else_up() {
    let mut world = World::new();
    world.model = Model::in_parts(Config::default());
    world.held_parts = Some(Vec::new());
    world.stored.insert(StoreKey::Token, "good".into());
    let failing = server::Answer::Http(500, serde_json::json!({"detail": "no"}));
    world.server.always(Method::Get, "/v1/leads", failing);
    world.open("");
    world.run(60_000);
    assert_eq!(on_their_way(&world), [Part::Live]);
}

/// Prevents: what was asked for before its part was there is dropped, or done in another order.
#[test]
fn what_was_asked_for_waits_in_order_and_then_happens() {
    let mut world = split_at("");
    world.run(1_000);
    choose_first(&mut world);
    for text in ["N", "Na", "Name"] {
        world.tell(Msg::SettingTyped(Field::Name, text.into()));
    }
    assert_eq!(world.model.compose.settings.name, "");
    world.part_comes(Part::Live);
    assert_eq!(world.model.compose.settings.name, "Name");
    world.run(3_000);
    assert!(
        world.model.price_view().fresh().is_some(),
        "the choice from before is priced"
    );
    world.tell(Msg::ReviewAsked);
    assert!(matches!(world.model.compose.launch, Launch::Reviewing(_)));
}

/// Prevents: a page that could not fetch a part stays half a page, or forgets what a person has clicked.
#[test]
fn a_part_that_cannot_be_fetched_is_told_and_can_be_had_later() {
    let mut world = split_at("");
    world.run(1_000);
    world.tell(Msg::PartFailed(Part::Live));
    assert_eq!(world.model.parts.state(Part::Live), PartState::Failed);
    assert!(
        !world.model.misses(Part::Live),
        "nobody has asked for anything yet"
    );
    choose_first(&mut world);
    world.tell(Msg::ReviewAsked);
    assert!(world.model.misses(Part::Live));
    world.run(60_000);
    let fetched = |world: &World| {
        let wanted = Effect::LoadPart(Part::Live);
        world
            .effects
            .iter()
            .filter(|effect| **effect == wanted)
            .count()
    };
    assert_eq!(fetched(&world), 1, "not asked for again and again");
    world.tell(Msg::PartRetried(Part::Live));
    assert_eq!(fetched(&world), 2);
    world.part_comes(Part::Live);
    world.run(3_000);
    assert!(!world.model.misses(Part::Live));
    // Its price was not there when the review was asked for: that is said, and nothing was started.
    assert!(!world.model.compose.complaints.is_empty());
    assert_eq!(world.requests(Method::Post, "/batch/start").len(), 0);
}

/// Prevents: after a short loss of the network a part stays missing until somebody finds the button.
#[test]
fn the_network_that_is_back_brings_what_was_missing() {
    let mut world = split_at("");
    world.run(1_000);
    world.tell(Msg::PartFailed(Part::Live));
    world.tell(Msg::Online(false));
    world.tell(Msg::Online(true));
    assert_eq!(world.model.parts.state(Part::Live), PartState::Loading);
}

/// Prevents: the page of a batch that was clicked before the history was there stays empty.
#[test]
fn a_batch_that_was_opened_is_shown_when_the_history_comes() {
    let mut world = split_at("");
    world.run(1_000);
    world.tell(Msg::BatchOpened(Some(BatchId("b1".into()))));
    assert_eq!(world.model.route.batch, Some(BatchId("b1".into())));
    world.part_comes(Part::Live);
    world.part_comes(Part::History);
    assert!(world.model.history.details.is_some());
    world.tell(Msg::BatchOpened(None));
    world.tell(Msg::ViewOpened(View::History));
    world.run(1_000);
    assert!(world.model.history.page.value().is_some());
}

/// Prevents: what one person asked for while a part was missing is done for the next one.
#[test]
fn what_waits_is_forgotten_with_the_person() {
    let mut world = split_at("");
    world.run(1_000);
    choose_first(&mut world);
    world.tell(Msg::SettingTyped(Field::Name, "Mine".into()));
    world.tell(Msg::SignOutAsked);
    world.part_comes(Part::Live);
    assert_eq!(world.model.compose.settings.name, "");
    assert_eq!(world.sockets.iter().filter(|socket| socket.open).count(), 0);
}

/// Prevents: `index.html` asks for something else than the app, so that the first leads are read twice.
#[test]
fn index_html_begins_the_reads_that_the_app_makes() {
    let page = include_str!("../index.html");
    let query = LeadQuery::default();
    assert_eq!(query.page_size, NO_PAGES);
    let leads = Request::Leads(query.run(0, FIRST_READ)).to_http();
    let asked = leads
        .path
        .replace(&format!("limit={FIRST_READ}"), "limit=${size}");
    assert!(
        page.contains(&format!("read(`${{api}}{asked}`, token)")),
        "{asked}"
    );
    assert!(page.contains(&format!("|| {FIRST_READ};")));
    let me = Request::Me.to_http().path;
    assert!(
        page.contains(&format!("read(`${{api}}{me}`, token)")),
        "{me}"
    );
    // What the browser has kept is known there by the same names, and there is no third read.
    for word in [
        "\"batch-runner.page-size\"",
        "\"batch-runner.views\"",
        "\"authToken\"",
        "\"/api\"",
    ] {
        assert!(page.contains(word), "{word}");
    }
    assert_eq!(page.matches("            read(`").count(), 2);
}
