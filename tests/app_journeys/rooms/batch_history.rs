//! Past batches, and running their leads again.

use super::{following, id, version};
use crate::world::World;
use batch_runner::app::Msg;
use batch_runner::app::batch_history::rerun::RerunWhat;
use batch_runner::error::Kind;
use batch_runner::route::View;
use batch_runner::wire::rest::Method::Get;
use serde_json::json;

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
