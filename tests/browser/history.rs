//! Past batches and their details.

use batch_runner::app::launch::ledger::Records;
use batch_runner::app::requests::Slot;
use batch_runner::app::{Msg, StartFacts, Timer};
use batch_runner::config::Config;
use batch_runner::domain::batch::BatchId;
use serde_json::{Value, json};
use wasm_bindgen::JsCast;
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
            "☆ <i>One</i> Completed 3 of 3, 1 failed $2.00 $1.50 (−25 %) v1 23 Nov 2026"
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
    page.lacks("0 batches");
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
    let first: Vec<_> = (0..200)
        .map(|n| {
            data::batch(
                &format!("b{n:03}"),
                if n == 7 { "failed" } else { "completed" },
                3,
                3,
            )
        })
        .collect();
    page.answer(
        Slot::Archive,
        200,
        json!({"batches": first, "total_count": 202}),
    )
    .await;
    page.shows("Read 200 of 202…");
    page.shows("1 batch so far");
    assert_eq!(
        page.attribute("[role=region][aria-label='Past batches']", "aria-busy")
            .as_deref(),
        Some("true")
    );
    assert_eq!(page.all(&testid("history-row")).len(), 1);
    let rest = [
        data::batch("two", "failed", 3, 1),
        data::batch("three", "cancelled", 3, 1),
    ];
    page.answer(
        Slot::Archive,
        200,
        json!({"batches": rest, "total_count": 202}),
    )
    .await;
    page.shows("2 found among 202 batches.");
    page.choose("Status", "Running").await;
    page.shows("0 found among 202 batches.");
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
    page.click("Remove filters").await;
    assert!(!page.checkbox("Only mine").checked());
    assert_eq!(page.value("Template version"), "");
}

/// Three batches, all of which have been read.
async fn all_read(query: &str) -> Page {
    let page = Page::opened(&format!("view=history&{query}")).await;
    page.answer(Slot::Me, 200, data::me()).await;
    page.answer(Slot::Archive, 200, data::batches(&[
        data::with(data::batch("one", "completed", 3, 3),
            json!({"estimated_cost_usd": 2.0, "actual_cost_usd": 1.5, "description": "For the fair"})),
        data::with(data::batch("two", "failed", 9, 4),
            json!({"estimated_cost_usd": 2.0, "actual_cost_usd": 2.5, "created_by": "sam@example"})),
        data::with(data::batch("three", "completed", 5, 5), json!({"created_by": "sam@example"})),
    ])).await;
    page
}

fn ids(page: &Page) -> Vec<String> {
    let rows = page.all(&testid("history-row")).into_iter();
    rows.filter_map(|row| row.get_attribute("data-batch-id"))
        .collect()
}

fn sorts(page: &Page) -> Vec<String> {
    let sorted = page.all("th[aria-sort]").into_iter();
    let words = |cell: web_sys::HtmlElement| {
        format!(
            "{} {}",
            crate::page::squeezed(&cell.inner_text()),
            cell.get_attribute("aria-sort").unwrap_or_default()
        )
    };
    sorted.map(words).collect()
}

/// Prevents: a heading sorts the wrong way, or tells no screen reader that it does.
#[wasm_bindgen_test]
async fn headings_sort_and_say_so() {
    let page = all_read("hsort=leads").await;
    assert_eq!(ids(&page), ["two", "three", "one"]);
    assert_eq!(sorts(&page), ["Leads ▼ descending"]);
    page.click("Leads ▼").await;
    assert_eq!(
        (ids(&page), sorts(&page)),
        (
            vec!["one".into(), "three".into(), "two".into()],
            vec!["Leads ▲ ascending".into()]
        )
    );
    page.click("Actual").await;
    assert_eq!(
        ids(&page),
        ["two", "one", "three"],
        "what is not told stands last"
    );
    page.click("Batch").await;
    assert_eq!(
        (ids(&page), sorts(&page)),
        (
            vec!["one".into(), "three".into(), "two".into()],
            vec!["Batch ▲ ascending".into()]
        )
    );
}

/// Prevents: groups hide how many batches they have and what those cost.
#[wasm_bindgen_test]
async fn groups_have_headings() {
    let page = all_read("hgroup=creator").await;
    let headings: Vec<_> = (page.all(&testid("history-group")).iter())
        .map(|row| crate::page::squeezed(&row.inner_text()))
        .collect();
    assert_eq!(
        headings,
        [
            "olive@example · 1 batch, $1.50 spent",
            "sam@example · 2 batches, $2.50 spent, 1 not told"
        ]
    );
    assert_eq!(ids(&page), ["one", "three", "two"]);
    page.choose("Group by", "Status").await;
    assert_eq!(ids(&page), ["one", "three", "two"]);
    assert_eq!(page.all(&testid("history-group")).len(), 2);
}

/// Prevents: a date jumps back, or a search is begun at each key.
#[wasm_bindgen_test]
async fn search_and_dates_find_batches() {
    let page = all_read("hsort=name&hdir=asc").await;
    page.type_into("Search batches", "FAIR").await;
    assert_eq!(ids(&page).len(), 3);
    page.send(Msg::TimerFired(Timer::PastSearch)).await;
    assert_eq!(
        (ids(&page), page.value("Search batches")),
        (vec!["one".to_owned()], "FAIR".to_owned())
    );
    page.click("Remove filters").await;
    assert_eq!(
        (ids(&page).len(), page.value("Search batches")),
        (3, String::new())
    );
    let from: web_sys::HtmlInputElement = page.field("From").unchecked_into();
    from.set_value("2026-11-25");
    crate::page::happen(&from, "change", false);
    crate::page::settle().await;
    assert_eq!(page.value("From"), "2026-11-25");
    page.shows("0 found among 3 batches.");
    assert_eq!(
        page.store.peek(|model| model.route.to_query()),
        "view=history&hfrom=2026-11-25&hsort=name&hdir=asc"
    );
}

/// Prevents: columns cannot be had, or a column that is sorted by is not to be seen.
#[wasm_bindgen_test]
async fn columns_can_be_chosen() {
    let page = all_read("hsort=name&hdir=asc").await;
    assert!(!page.has("[data-label=Difference]"));
    page.click_on("summary").await;
    page.tick("Difference").await;
    page.tick("Template").await;
    assert_eq!(page.text_of("[data-label=Difference]"), "−$0.50 (−25 %)");
    assert!(!page.has("[data-label=Template]"));
    page.choose("Sort by", "Template").await;
    assert!(page.has("[data-label=Template]"));
    assert!(page.has_button("▲ Ascending"));
    page.click("▲ Ascending").await;
    assert_eq!(sorts(&page), ["Template ▼ descending"]);
}

/// Prevents: a pin says nothing without its colour; a note is taken for HTML, or lost.
#[wasm_bindgen_test]
async fn batches_can_be_pinned_and_noted() {
    let page = all_read("hsort=name&hdir=asc").await;
    page.click("Pin: Batch two").await;
    let pin = page.button("Pin: Batch two");
    assert_eq!(
        (
            pin.inner_text(),
            pin.get_attribute("aria-pressed").as_deref()
        ),
        ("★".to_owned(), Some("true"))
    );
    page.click("Batch one: open").await;
    page.shows("Pin and note are kept in this browser only");
    assert_eq!(page.text_of(&testid("pin-batch")), "☆ Pin");
    page.shows("whoever uses it can see them");
    // A page that is left at once has kept what was written.
    page.type_into("Note", "ask ").await;
    assert_eq!(
        page.value("Note"),
        "ask ",
        "the next word goes on from there"
    );
    page.type_into("Note", "<b>ask</b> Sam").await;
    page.click("← Back").await;
    page.shows("Note: <b>ask</b> Sam");
    page.tick("Only pinned").await;
    assert_eq!(ids(&page), ["two"]);
}

/// Prevents: what differs is told by colour alone; a third tick is compared unseen.
#[wasm_bindgen_test]
async fn two_batches_stand_side_by_side() {
    let page = all_read("hsort=name&hdir=asc").await;
    page.tick("Compare: Batch one").await;
    page.shows("“Batch one” is ticked. Tick another one to compare both.");
    page.tick("Compare: Batch three").await;
    page.tick("Compare: Batch two").await;
    assert!(!page.checkbox("Compare: Batch one").checked());
    page.click("Clear ticks").await;
    assert!(!page.has(&testid("compare")));
    page.tick("Compare: Batch one").await;
    page.tick("Compare: Batch two").await;
    page.click("Compare “Batch one” with “Batch two”").await;
    page.shows("Two batches side by side");
    let rows: Vec<_> = (page.all("tbody tr").iter())
        .map(|row| crate::page::squeezed(&row.inner_text()))
        .collect();
    assert_eq!(rows[0], "Status Completed Failed ≠differs");
    assert!(
        rows.contains(&"Estimate $2.00 $2.00".to_owned()),
        "{rows:?}"
    );
    page.shows("Reading which leads they have in common…");
    let leads = |ids: &[&str]| {
        let leads: Vec<_> = ids
            .iter()
            .map(|id| json!({"lead_id": id, "status": "completed"}))
            .collect();
        json!({"leads": leads, "total_count": ids.len()})
    };
    page.answer(Slot::Results(id("one")), 200, leads(&["x", "y", "z"]))
        .await;
    page.answer(Slot::Results(id("two")), 200, leads(&["y"]))
        .await;
    page.shows("They have 1 lead in common.");
    page.click("← Back").await;
    page.shows("Past batches");
}

/// Prevents: a comparison says that batches were not found before anything was read, or cannot be tried again.
#[wasm_bindgen_test]
async fn a_comparison_says_what_it_waits_for() {
    let page = Page::opened("view=history&compare=one,two").await;
    page.answer(Slot::Me, 200, data::me()).await;
    page.shows("Loading past batches…");
    page.lacks("Not both batches were found");
    page.answer(Slot::Archive, 500, json!({"message": "boom"}))
        .await;
    page.lacks("Not both batches were found");
    page.click("Try again").await;
    page.answer(
        Slot::Archive,
        200,
        data::batches(&[data::batch("one", "completed", 3, 3)]),
    )
    .await;
    page.shows("Not both batches were found among 1 batch.");
    assert!(!page.has("[role=alert]"));
}

/// Prevents: a period is read before anybody asked; nobody learns whose figures they are; the chart is for eyes only.
#[wasm_bindgen_test]
async fn cost_over_time_is_a_chart_with_figures() {
    let page = history(data::batches(&[])).await;
    assert!(!page.asks(&Slot::Archive));
    page.click("90 days").await;
    let now = batch_runner::browser::clock::now();
    let today = json!({"created_at": now.to_utc_text(), "actual_cost_usd": 3.0, "failed_leads": 1, "successful_leads": 3});
    let day = 24 * 60 * 60 * 1_000;
    let earlier = batch_runner::domain::time::Millis(now.0 - 3 * day);
    let untold =
        json!({"created_at": earlier.to_utc_text(), "processed_leads": 0, "successful_leads": 0});
    page.answer(
        Slot::Archive,
        200,
        data::batches(&[
            data::with(data::batch("one", "completed", 4, 4), today),
            data::with(data::batch("two", "failed", 4, 0), untold),
        ]),
    )
    .await;
    page.answer(
        Slot::Analytics,
        500,
        json!({"detail": "Internal server error"}),
    )
    .await;
    page.shows("The server does not tell its own totals.");
    page.shows("Worked out here from the 2 batches of these days that were read: $3.00 spent, 1 not told, 75 % of their leads succeeded.");
    assert!(
        page.attribute("figure img", "src")
            .is_some_and(|src| src.contains("polyline") && src.contains("rect"))
    );
    let figures = page.whole_text_of("figure table");
    assert!(figures.contains("1$3.0075 %"), "{figures}");
    assert!(figures.contains("1––"), "{figures}");
    page.shows("a day cost, at most $3.00.");
    assert_eq!(
        page.button("90 days")
            .get_attribute("aria-pressed")
            .as_deref(),
        Some("true")
    );
    page.click("90 days").await;
    assert!(!page.has("figure"));
}

/// Prevents: rows move because somebody else has started a batch.
#[wasm_bindgen_test]
async fn a_changed_list_waits_until_it_is_asked_for() {
    let page = all_read("hsort=name").await;
    page.store.send(Msg::BatchOpened(None));
    assert!(!page.has(&testid("sort-again")));
    let tracked = data::batches(&[data::batch("run", "running", 3, 1)]);
    page.answer(Slot::BatchList, 200, tracked).await;
    page.send(Msg::RetryNow).await;
    let ended = data::batches(&[data::batch("run", "completed", 3, 3)]);
    page.answer(Slot::BatchList, 200, ended.clone()).await;
    page.answer(
        Slot::Archive,
        200,
        json!({"batches": ended["batches"], "total_count": 4}),
    )
    .await;
    assert_eq!(ids(&page), ["two", "three", "one"]);
    page.click("Sort again").await;
    assert_eq!(ids(&page), ["two", "three", "run", "one"]);
    assert!(!page.has(&testid("sort-again")));
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
        "Actual cost $2.00 (0 %)",
        "Taken by the server",
        "Failed, 1 min 30 s of work",
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
        {"lead_id": "lead-1", "status": "completed", "actual_cost_usd": 0.5, "processing_duration_ms": 1234,
            "report_url": "/reports/1"},
        {"lead_id": "<u>lead-2</u>", "status": "failed", "error_message": "no <b>site</b>",
            "report_url": "javascript:alert(1)"},
        {"lead_id": "LEAD-3", "status": "skipped"}], "total_count": 250});
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
            "lead-1 Done Report $0.50 1.2 s –",
            "<u>lead-2</u> Failed – – no <b>site</b>",
            "LEAD-3 Not started – – –"
        ]
    );
    let states: Vec<_> = page
        .all("tbody .state")
        .iter()
        .filter_map(|state| state.get_attribute("data-status"))
        .collect();
    assert_eq!(states, ["completed", "failed", "pending"]);
    assert_eq!(
        page.attribute("tbody a", "href").as_deref(),
        Some("/reports/1")
    );
    page.shows("The first 3 of 250 leads.");
    page.type_into("Search lead or error", "Lead-3").await;
    assert_eq!(page.all("tbody tr").len(), 1);
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
    drop(page);

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
