//! The lead list, and what is selected of it.

use crate::server::Answer;
use crate::world::World;
use batch_runner::app::cost_preview::price::PriceView;
use batch_runner::app::lead_selector::list::SEARCH_SETTLES;
use batch_runner::app::{Msg, StoreKey};
use batch_runner::domain::lead::{LeadFilter, LeadSort};
use batch_runner::domain::plan::Field;
use batch_runner::error::Kind;
use batch_runner::wire::rest::Method::Get;
use serde_json::json;

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
