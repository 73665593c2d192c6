//! The price of a selection, the budget, and what past batches make one expect.

use super::complaints;
use crate::server::{Answer, Server};
use crate::world::World;
use batch_runner::app::cost_preview::price::{CHOICE_SETTLES, PriceView};
use batch_runner::app::{Msg, StoreKey, TabEvent};
use batch_runner::domain::budget::Verdict;
use batch_runner::domain::lead::LeadId;
use batch_runner::domain::live::{OtherReview, Word};
use batch_runner::domain::money::Usd;
use batch_runner::domain::plan::Field;
use batch_runner::machine::launch::Launch;
use batch_runner::route::View;
use batch_runner::wire::rest::Method::{Get, Post};
use serde_json::{Value, json};

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

/// Prevents: “take so many out to fit” leaves too many, because fewer leads have less discount: a recorded refusal.
#[test]
fn what_is_taken_out_to_fit_is_enough() {
    let recorded = include_str!("../../recordings/repaired/batch-preview.over-budget.json");
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
