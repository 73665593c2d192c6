//! Past batches and their details.

use batch_runner::app::ledger::Records;
use batch_runner::app::net::Slot;
use batch_runner::app::{Msg, StartFacts};
use batch_runner::config::Config;
use batch_runner::domain::batch::BatchId;
use serde_json::{Value, json};
use wasm_bindgen_test::wasm_bindgen_test;

use crate::data;
use crate::page::{Page, testid};

fn id(id: &str) -> BatchId {
    BatchId(id.into())
}

async fn history(answer: Value) -> Page {
    let page = Page::opened("view=history").await;
    page.answer(Slot::Me, 200, data::me()).await;
    page.answer(Slot::Templates, 200, data::templates()).await;
    page.answer(Slot::History, 200, answer).await;
    page
}

async fn details(results: (u16, Value)) -> Page {
    let page = Page::opened("view=history&batch=b-123456789").await;
    page.answer(Slot::Results(id("b-123456789")), results.0, results.1)
        .await;
    page
}

/// Prevents: a past batch is shown with another's figures, or its name is taken as HTML.
#[wasm_bindgen_test]
async fn past_batches_are_listed_with_their_figures() {
    let first = json!({"name": "<i>One</i>", "failed_leads": 1, "successful_leads": 2, "estimated_cost_usd": 2.0, "actual_cost_usd": 1.5});
    let dear = json!({"estimated_cost_usd": 1.0, "actual_cost_usd": 1.25, "created_by": null, "template_version": null, "created_at": null});
    let page = history(data::batches(&[
        data::with(data::batch("one", "completed", 3, 3), first),
        data::with(data::batch("two", "failed", 4, 4), dear),
        data::with(
            data::batch("three", "running", 9, 1),
            json!({"actual_cost_usd": 0.5}),
        ),
        data::batch("four", "pending", 9, 0),
    ]))
    .await;
    let rows = page.all(&testid("history-row"));
    let text = |row: usize| crate::page::squeezed(&rows[row].inner_text());
    assert_eq!(
        rows[0].get_attribute("data-batch-id").as_deref(),
        Some("one")
    );
    assert_eq!(
        rows[1].get_attribute("data-status").as_deref(),
        Some("failed")
    );
    assert!(
        text(0).starts_with(
            "<i>One</i> Completed 3 of 3, 1 failed $2.00 $1.50 (−25 %) v1 23 Nov 2026"
        ),
        "{}",
        text(0)
    );
    assert!(text(0).contains("olive@example"));
    assert!(text(1).contains("$1.00 $1.25 (+25 %) – – –"), "{}", text(1));
    assert!(
        text(1).contains("All 4 leads succeeded, yet the server reports this batch as failed.")
    );
    assert!(text(2).contains("not told $0.50"), "{}", text(2));
    assert!(
        text(3).contains("Waiting to start 0 of 9 not told – v1"),
        "{}",
        text(3)
    );
    page.shows("4 batches");
    page.shows("Page 1 of 1");
}

/// Prevents: loading, failing and empty look alike.
#[wasm_bindgen_test]
async fn an_empty_history_says_why() {
    let page = Page::opened("view=history").await;
    page.shows("Loading past batches…");
    assert!(!page.has(".history-table:not([hidden])"));
    page.answer(Slot::History, 500, json!({"message": "boom"}))
        .await;
    page.lacks("Loading past batches…");
    assert!(
        page.text_of("[role=alert]")
            .contains("Could not load the batches")
    );
    page.click("Try again").await;
    page.answer(Slot::History, 200, data::batches(&[])).await;
    page.shows("No batches here.");
    assert!(!page.has("[role=alert]"));
    page.shows("0 batches");
}

/// Prevents: a filter jumps back, asks for something else, or passes a part for the whole.
#[wasm_bindgen_test]
async fn filters_narrow_the_list_and_say_how_far_they_look() {
    let page = history(data::batches(&[data::batch("one", "completed", 3, 3)])).await;
    page.shows("1 batch");
    page.choose("Status", "Failed").await;
    assert_eq!(page.value("Status"), "failed");
    let all = [
        data::batch("one", "completed", 3, 3),
        data::batch("two", "failed", 3, 1),
    ];
    page.answer(
        Slot::History,
        200,
        json!({"batches": all, "total_count": 900}),
    )
    .await;
    page.shows("1 found among the newest 2 of 900 batches; older ones are not searched.");
    assert_eq!(page.all(&testid("history-row")).len(), 1);
    page.choose("Status", "Cancelled").await;
    page.answer(Slot::History, 200, data::batches(&all)).await;
    page.shows("0 found among 2 batches.");
    page.shows("No batches here.");
    let versions: Vec<_> = page
        .options("Template version")
        .into_iter()
        .map(|(value, _)| value)
        .collect();
    assert_eq!(versions, ["", "v1", "2.0.0"]);
    page.choose("Template version", "v1").await;
    page.tick("Only mine").await;
    page.choose("Status", "Any").await;
    let query = page.store.peek(|model| model.route.history.clone());
    assert_eq!((query.status, query.mine), (None, true));
    assert_eq!(
        query.template.map(|version| version.0).as_deref(),
        Some("v1")
    );
    assert_eq!(page.value("Template version"), "v1");
    assert!(page.checkbox("Only mine").checked());
    page.choose("Template version", "Any").await;
    assert!(
        page.store
            .peek(|model| model.route.history.template.is_none())
    );
}

/// Prevents: a version in the address that is not on offer shows as “Any”.
#[wasm_bindgen_test]
async fn a_filter_from_the_address_is_shown_though_it_is_not_offered() {
    let page = Page::opened("view=history&htemplate=v0").await;
    page.answer(Slot::Templates, 200, data::templates()).await;
    assert_eq!(page.value("Template version"), "v0");
}

/// Prevents: older batches cannot be reached.
#[wasm_bindgen_test]
async fn older_batches_are_on_further_pages() {
    let page =
        history(json!({"batches": [data::batch("one", "completed", 3, 3)], "total_count": 60}))
            .await;
    page.shows("60 batches");
    page.shows("Page 1 of 3");
    page.click("Next").await;
    assert_eq!(page.store.peek(|model| model.route.history.page), 1);
    assert!(page.asks(&Slot::History));
    page.shows("Page 2 of 3");
    page.click("Previous").await;
    assert_eq!(page.store.peek(|model| model.route.history.page), 0);
}

/// Prevents: a batch's figures are lost between list and details; the reference of the launch is shown to people.
#[wasm_bindgen_test]
async fn details_tell_everything_that_is_known() {
    let full = json!({"description": "For the fair [ref 0123456789ab]", "estimated_cost_usd": 2.0, "actual_cost_usd": 2.0,
        "started_at": "2026-11-23T12:00:00", "completed_at": "2026-11-23T12:01:30", "error_message": "paper ran out",
        "failed_leads": 1, "successful_leads": 2});
    let page = history(data::batches(&[data::with(
        data::batch("one", "failed", 3, 3),
        full.clone(),
    )]))
    .await;
    page.click("Batch one: open").await;
    assert_eq!(page.text_of("h1"), "Batch one");
    page.answer(
        Slot::Status(id("one")),
        200,
        data::with(data::batch("one", "failed", 3, 3), full),
    )
    .await;
    for part in [
        "Status Failed",
        "Leads 3 of 3 processed",
        "Succeeded 2",
        "Failed 1",
        "Estimate $2.00",
        "Actual cost $2.00 (+0 %)",
        "Took 1 min 30 s",
        "Template version v1",
        "Started by olive@example",
        "Description For the fair The server says paper ran out",
        "Identifier one",
    ] {
        page.shows(part);
    }
    page.lacks("[ref");
    page.shows("Loading the leads…");
    page.click("← Back").await;
    page.shows("Past batches");
}

/// Prevents: nobody learns what became of which lead.
#[wasm_bindgen_test]
async fn details_tell_what_became_of_each_lead() {
    let results = json!({"leads": [
        {"lead_id": "lead-1", "status": "completed", "actual_cost_usd": 0.5, "processing_duration_ms": 1234},
        {"lead_id": "<u>lead-2</u>", "status": "failed", "error_message": "no <b>site</b>"},
        {"lead_id": "lead-3", "status": "skipped"}], "total_count": 250});
    let page = details((200, results)).await;
    page.shows("Loading the batch…");
    let rows: Vec<_> = page
        .all("tbody tr")
        .iter()
        .map(|row| crate::page::squeezed(&row.inner_text()))
        .collect();
    assert_eq!(
        rows,
        [
            "lead-1 Done $0.50 1.2 s –",
            "<u>lead-2</u> Failed – – no <b>site</b>",
            "lead-3 Not started – – –"
        ]
    );
    let states: Vec<_> = page
        .all("tbody .state")
        .iter()
        .filter_map(|state| state.get_attribute("data-status"))
        .collect();
    assert_eq!(states, ["completed", "failed", "pending"]);
    page.shows("The first 3 of 250 leads.");
}

/// Prevents: a server without this route looks broken; a broken one looks empty.
#[wasm_bindgen_test]
async fn details_without_results_say_why() {
    let page = details((404, json!({"detail": "Not Found"}))).await;
    page.shows("This server does not tell what became of each lead of a batch");
    let page = details((500, json!({"message": "boom"}))).await;
    page.shows("Could not load the results of the batch: the server failed (500, boom)");
}

/// Prevents: a batch that cannot be read leaves an empty page.
#[wasm_bindgen_test]
async fn details_that_cannot_be_read_can_be_tried_again() {
    let page = details((404, Value::Null)).await;
    assert_eq!(page.text_of("h1"), "Batch b-123456");
    page.answer(
        Slot::Status(id("b-123456789")),
        404,
        json!({"detail": "Batch not found"}),
    )
    .await;
    let alert = page.text_of("[role=alert]");
    assert!(
        alert.contains("Batch not found") && !alert.contains("read before"),
        "{alert}"
    );
    page.lacks("Loading the batch…");
    page.click("Try again").await;
    page.answer(
        Slot::Status(id("b-123456789")),
        200,
        data::batch("b-123456789", "completed", 1, 1),
    )
    .await;
    assert!(!page.has("[role=alert]"));
    page.shows("Status Completed");

    let page = history(data::batches(&[data::batch("one", "completed", 3, 3)])).await;
    page.click("Batch one: open").await;
    page.answer(Slot::Status(id("one")), 500, json!({"message": "boom"}))
        .await;
    assert!(
        page.text_of("[role=alert]")
            .contains("What is shown was read before.")
    );
    page.shows("Status Completed");
}

/// Prevents: running a batch again takes other leads, or says nothing where they are not known.
#[wasm_bindgen_test]
async fn a_batch_is_run_again_from_list_and_details() {
    let ledger =
        json!([{"batch": "one", "lead_ids": ["x", "y"], "template": "v1", "at": 1}]).to_string();
    let facts = StartFacts {
        query: "view=history".into(),
        ledger: Some(ledger),
        ..Page::facts()
    };
    let page = Page::opened_with(Config::default(), facts).await;
    page.send(Msg::RecordsRead(Records::default())).await;
    page.answer(Slot::Templates, 200, data::templates()).await;
    page.answer(
        Slot::History,
        200,
        data::batches(&[
            data::batch("one", "completed", 2, 2),
            data::batch("two", "completed", 2, 2),
        ]),
    )
    .await;
    page.click("Run again: Batch one").await;
    page.shows("The 2 leads of that batch are chosen now.");
    page.shows("2 leads chosen");
    assert_eq!(page.value("Report template"), "v1");
    page.send(Msg::BatchOpened(Some(id("two")))).await;
    page.click("Run again").await;
    page.answer(Slot::Rerun(id("two")), 404, Value::Null).await;
    page.shows("This batch cannot be filled in again");
}
