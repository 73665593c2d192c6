//! Batches that one approval started, and the receipts of launches.

use batch_runner::app::launch::ledger::Records;
use batch_runner::app::requests::Slot;
use batch_runner::app::{Msg, StartFacts};
use batch_runner::config::Config;
use batch_runner::domain::batch::BatchId;
use serde_json::{Value, json};
use wasm_bindgen_test::wasm_bindgen_test;

use crate::data;
use crate::page::{Page, squeezed, testid};

fn id(id: &str) -> BatchId {
    BatchId(id.into())
}

/// One of several batches that were started together.
fn part(number: u32, of: u32, status: &str, done: u32) -> Value {
    let fields = json!({"name": format!("Summer ({number} of {of})"), "estimated_cost_usd": 1.0,
        "description": format!("[ref 0123456789ab {number}/{of} 00000a]"), "created_at": format!("2026-11-23T12:{number:02}:00")});
    data::with(data::batch(&format!("p{number}"), status, 10, done), fields)
}

/// The record of a launch.
fn record(number: u32, outcome: &str, batches: Value, end: Value) -> String {
    json!({"version": 1, "reference": format!("0123456789ab {number}/2 00000a"), "approved": 1_795_438_400_000_i64 + i64::from(number),
        "lead_ids": ["x", "y"], "template": "v1", "price": 2.0, "told": {"expected": [1.5, 2.5], "warning": "63 % used"},
        "max_concurrent": 5, "retry_count": 3, "outcome": outcome, "words": "No more today.", "batches": batches, "end": end})
    .to_string()
}

/// As the browser's database hands them out.
fn read(texts: Vec<String>) -> Records {
    let names = Vec::new();
    Records { names, texts }
}

async fn history(records: Vec<String>) -> Page {
    let facts = StartFacts {
        query: "view=history".into(),
        ..Page::facts()
    };
    let page = Page::opened_with(Config::default(), facts).await;
    page.answer(
        Slot::History,
        200,
        data::batches(&[data::batch("p1", "completed", 2, 2)]),
    )
    .await;
    page.send(Msg::RecordsRead(read(records))).await;
    page
}

const GROUP_BAR: &str = ".group > [role=progressbar]";

/// Prevents: batches of one approval have no common heading or bar, or their own cards lose theirs.
#[wasm_bindgen_test]
async fn batches_of_one_approval_have_one_heading_and_one_bar() {
    let alone = data::with(
        data::batch("alone", "running", 5, 1),
        json!({"created_at": "2026-11-23T13:00:00"}),
    );
    let page = Page::running(&[alone, part(2, 2, "running", 4), part(1, 2, "running", 9)]).await;
    assert_eq!(page.all(&testid("batch-group")).len(), 1);
    assert_eq!(page.all(&testid("active-batch")).len(), 3);
    assert_eq!(page.all(".group [data-testid=active-batch]").len(), 2);
    assert_eq!(page.all(&testid("progress-bar")).len(), 3);
    assert_eq!(page.text_of(".group h3"), "Summer");
    assert_eq!(page.text_of(".group h4"), "Summer (1 of 2)");
    page.shows("2 batches started together");
    page.shows("13 of 20 leads · 13 succeeded");
    page.shows("Approved in all $2.00");
    assert_eq!(
        page.attribute(GROUP_BAR, "aria-valuenow").as_deref(),
        Some("65")
    );
    assert_eq!(
        page.attribute(GROUP_BAR, "aria-label").as_deref(),
        Some("Progress of all: Summer")
    );
    let socket = page.connect().await;
    let frame = json!({"type": "progress_update", "batch_id": "p2", "total": 10, "processed": 10, "successful": 8, "failed": 2});
    page.hear(socket, frame).await;
    assert_eq!(
        page.attribute(GROUP_BAR, "style").as_deref(),
        Some("background-size: 85% 100%, 95% 100%;")
    );
    page.shows("19 of 20 leads · 17 succeeded · 2 failed");
    assert!(!page.has(".group details:not(.recent)"), "two are not many");
}

/// Prevents: twenty cards push everything else away, or folded cards close with every piece of news.
#[wasm_bindgen_test]
async fn many_batches_are_folded_away_and_stay_open_once_opened() {
    let parts: Vec<_> = (1..=4).rev().map(|n| part(n, 4, "running", n)).collect();
    let page = Page::running(&parts).await;
    let folded = ".group > details";
    assert_eq!(page.text_of(".group > details > summary"), "4 of 4 batches");
    assert!(page.attribute(folded, "open").is_none());
    page.click_on(".group > details > summary").await;
    let socket = page.connect().await;
    let frame = json!({"type": "progress_update", "batch_id": "p1", "total": 10, "processed": 5, "successful": 5, "failed": 0});
    page.hear(socket, frame).await;
    page.shows("14 of 40 leads");
    assert!(page.attribute(folded, "open").is_some());
    let titles: Vec<_> = page
        .all(".group h4")
        .iter()
        .map(|title| squeezed(&title.inner_text()))
        .collect();
    assert_eq!(
        titles,
        [
            "Summer (1 of 4)",
            "Summer (2 of 4)",
            "Summer (3 of 4)",
            "Summer (4 of 4)"
        ]
    );
}

/// Prevents: a group is stopped by a careless click, without telling what it saves, or only in part.
#[wasm_bindgen_test]
async fn a_group_is_cancelled_by_one_question() {
    let page = Page::running(&[
        part(3, 3, "running", 0),
        part(2, 3, "running", 5),
        part(1, 3, "completed", 10),
    ])
    .await;
    let cancel = "Cancel all that still run of Summer";
    page.click(cancel).await;
    assert_eq!(page.text_of("dialog[open] h2"), "Cancel all of “Summer”?");
    page.shows("2 of 3 batches still run. Up to 15 leads are not processed yet.");
    page.shows("saves about $1.50 of the approved $2.00. About $1.50 for what is processed is billed all the same.");
    page.click("Let it run").await;
    assert!(!page.has("dialog"));
    page.click(cancel).await;
    page.click_on(&testid("confirm-cancel")).await;
    let asks = |id: &str| page.asks(&Slot::Cancel(BatchId(id.into())));
    assert!(asks("p3") && asks("p2") && !asks("p1"));
    assert!(!page.has_button(cancel));
    page.answer(Slot::Cancel(id("p3")), 400, json!({"detail": "no"}))
        .await;
    page.answer(Slot::Cancel(id("p2")), 200, json!({"message": "ok"}))
        .await;
    page.shows("Summer (3 of 3): The server says that this batch cannot be cancelled any more");
    assert!(
        page.has_button(cancel),
        "the refused one can be asked again"
    );
    for number in [2, 3] {
        let batch = part(number, 3, "cancelled", 5);
        page.answer(Slot::Status(id(&format!("p{number}"))), 200, batch)
            .await;
    }
    page.shows("1 completed · 2 cancelled");
    page.click("Put all away: Summer").await;
    page.shows("Nothing is running.");
}

/// Prevents: the short view beside the table lists the batches of a group like strangers.
#[wasm_bindgen_test]
async fn a_group_is_also_beside_the_table() {
    let page = Page::with_leads(1).await;
    page.send(Msg::RetryNow).await;
    let parts = [part(2, 2, "running", 4), part(1, 2, "running", 9)];
    page.answer(Slot::BatchList, 200, data::batches(&parts))
        .await;
    assert_eq!(page.text_of(".group h3"), "Summer");
    page.shows("13 of 20 leads");
    page.lacks("Approved in all");
}

/// Prevents: nobody can get at the receipts, or an empty file is handed out without a word.
#[wasm_bindgen_test]
async fn receipts_are_exported_where_there_are_any() {
    let page = history(Vec::new()).await;
    page.shows("there are no receipts");
    assert!(
        page.is_disabled("Export receipts as CSV") && page.is_disabled("Export receipts as JSON")
    );
    assert!(!page.has(&testid("launches-in-doubt")));
    let records = vec![record(1, "started", json!(["p1"]), Value::Null)];
    page.send(Msg::RecordsRead(read(records))).await;
    page.shows("Receipts cover launches from this browser only.");
    assert!(!page.is_disabled("Export receipts as CSV"));
    page.click("Export receipts as CSV").await;
    page.click("Export receipts as JSON").await;
}

/// Prevents: what was approved and told is not found again beside the batch that came of it.
#[wasm_bindgen_test]
async fn a_batch_launched_here_shows_its_receipt() {
    let end = json!({"status": "completed", "counts": [2, 2, 2, 0], "actual": 2.5});
    let records = vec![
        record(1, "started", json!(["p1"]), end),
        record(2, "found", json!(["p2"]), Value::Null),
    ];
    let page = history(records).await;
    page.click("Batch p1: open").await;
    for words in [
        "Price approved $2.00",
        "Expected then $1.50 to $2.50",
        "The server warned 63 % used",
        "Actual cost $2.50, $0.50 (25 %) more than approved",
        "Outcome started Settings 5 leads at once",
        "Batch 1 of 2, approved together",
    ] {
        page.shows(words);
    }
    page.click("Batch 2").await;
    assert_eq!(
        page.store.peek(|model| model.route.batch.clone()),
        Some(id("p2"))
    );
    page.shows("its answer got lost, and it was found on the server");
    page.send(Msg::BatchOpened(Some(id("foreign")))).await;
    assert!(!page.has(&testid("receipt")));
}

/// Prevents: launches that nobody knows the end of are hidden behind those that went well.
#[wasm_bindgen_test]
async fn launches_without_a_known_batch_are_listed() {
    let records = vec![
        record(
            1,
            "several",
            json!(["one-of-them", "the-other"]),
            Value::Null,
        ),
        record(2, "refused", json!([]), Value::Null),
    ];
    let page = history(records).await;
    page.shows("Launches that need a look (2)");
    page.click_on("[data-testid=launches-in-doubt] > summary")
        .await;
    page.shows("2 leads for $2.00: refused, nothing was started. No more today.");
    page.shows("any of several batches may be it");
    page.click("Batch one-of-t").await;
    assert_eq!(
        page.store.peek(|model| model.route.batch.clone()),
        Some(id("one-of-them"))
    );
}
