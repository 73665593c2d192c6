//! What a review is held against while it is open.

use super::{complaints, version};
use crate::server::Answer;
use crate::world::World;
use batch_runner::app::{Effect, Msg};
use batch_runner::domain::money::Usd;
use batch_runner::domain::plan::Field;
use batch_runner::machine::launch::Launch;
use batch_runner::wire::rest::Method::{Get, Post};
use serde_json::json;

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
