//! What runs now, and how it is stopped.

use batch_runner::app::requests::Slot;
use batch_runner::app::{Msg, Outcome};
use batch_runner::domain::batch::BatchId;
use batch_runner::route::View;
use serde_json::{Value, json};
use wasm_bindgen_test::wasm_bindgen_test;

use crate::data;
use crate::page::{Page, set_clock, testid, until};

fn status(id: &str) -> Slot {
    Slot::Status(BatchId(id.into()))
}

fn cancel(id: &str) -> Slot {
    Slot::Cancel(BatchId(id.into()))
}

impl Page {
    /// The running view with one batch.
    async fn running_one(fields: Value) -> Self {
        Page::running(&[data::with(data::batch("a", "running", 3, 1), fields)]).await
    }
}

/// Prevents: a card rounds, miscounts or hides how far its batch is.
#[wasm_bindgen_test]
async fn a_card_tells_exactly_how_far_its_batch_is() {
    let fields = json!({"name": "<b>Autumn</b>", "processed_leads": 2, "successful_leads": 1, "failed_leads": 1,
        "estimated_cost_usd": 1.5, "actual_cost_usd": 0.5});
    let page = Page::running_one(fields).await;
    let bar = testid("progress-bar");
    assert_eq!(
        page.attribute(&bar, "aria-valuenow").as_deref(),
        Some("66.6667")
    );
    let counts = "2 of 3 leads · 1 succeeded · 1 failed";
    assert_eq!(page.text_of(&testid("batch-counts")), counts);
    assert_eq!(
        page.attribute(&bar, "aria-valuetext").as_deref(),
        Some(counts)
    );
    assert_eq!(
        page.attribute(&bar, "aria-label").as_deref(),
        Some("Progress of <b>Autumn</b>")
    );
    assert_eq!(
        page.attribute(&bar, "style").as_deref(),
        Some("background-size: 33.333% 100%, 66.667% 100%;")
    );
    assert_eq!(page.text_of(".card-title"), "<b>Autumn</b>");
    assert_eq!(page.text_of(".card .state"), "Running");
    page.shows("Approved $1.50 Spent $0.50");
    assert_eq!(page.text_of(".nav-count:not([hidden])"), "1");
}

/// Prevents: news of the socket do not arrive, or count backwards.
#[wasm_bindgen_test]
async fn news_move_the_card() {
    let page = Page::running_one(
        json!({"recent_results": [{"lead_id": "lead-001", "status": "completed"}]}),
    )
    .await;
    let socket = page.connect().await;
    let frame = json!({"type": "progress_update", "batch_id": "a", "total": 3, "processed": 2, "successful": 2, "failed": 0,
        "processing_rate_per_second": 1.25, "estimated_remaining_seconds": 65, "current_lead": "lead-0000000001",
        "last_result": {"lead_id": "lead-002", "success": false, "error": "no site"}});
    page.hear(socket, frame).await;
    assert_eq!(
        page.text_of(&testid("batch-counts")),
        "2 of 3 leads · 2 succeeded"
    );
    page.shows("Time left not known yet");
    page.shows("Current lead Lead lead-000…");
    let newest = page.whole_text_of(".recent");
    assert!(
        newest.contains("no site") && newest.contains("Lead lead-001: Done"),
        "{newest}"
    );
    page.hear(socket, json!({"type": "progress_update", "batch_id": "a", "total": 3, "processed": 1, "successful": 1, "failed": 0})).await;
    assert_eq!(
        page.text_of(&testid("batch-counts")),
        "2 of 3 leads · 2 succeeded"
    );
}

/// Prevents: an unread list is told as “nothing runs”.
#[wasm_bindgen_test]
async fn an_empty_view_says_why() {
    let page = Page::opened("view=running").await;
    page.shows("Looking for running batches…");
    page.answer(Slot::BatchList, 500, json!({"message": "down"}))
        .await;
    assert!(
        page.text_of("[role=alert]")
            .contains("Could not load the batches")
    );
    page.lacks("Nothing is running.");
    page.click("Try again").await;
    page.answer(Slot::BatchList, 200, data::batches(&[])).await;
    page.shows("Nothing is running.");
    page.click("See past batches").await;
    page.shows("Past batches");
    page.send(Msg::ViewOpened(View::Running)).await;
    page.click("Choose leads for a batch").await;
    page.shows("Choose leads");
}

/// Prevents: the compact card beside the table is missing, or stays when all is done.
#[wasm_bindgen_test]
async fn what_runs_is_also_beside_the_table() {
    let page = Page::with_leads(1).await;
    page.lacks("Running now");
    page.send(Msg::RetryNow).await;
    page.answer(
        Slot::BatchList,
        200,
        data::batches(&[data::batch("a", "running", 0, 0)]),
    )
    .await;
    page.shows("Running now");
    page.shows("No counts yet");
    assert_eq!(
        page.attribute(&testid("progress-bar"), "aria-valuenow")
            .as_deref(),
        Some("0")
    );
    assert!(!page.has(".recent"), "the compact card is short");
}

/// Prevents: a batch that ended can be cancelled, or not be put away.
#[wasm_bindgen_test]
async fn an_ended_batch_can_be_put_away() {
    let page = Page::running_one(json!({})).await;
    assert!(page.has_button("Cancel Batch a") && !page.has_button("Put away: Batch a"));
    page.answer(status("a"), 200, data::batch("a", "completed", 3, 3))
        .await;
    assert!(!page.has_button("Cancel Batch a"));
    assert!(page.has(".card.is-ended"));
    page.shows("Batch a is completed: 3 leads succeeded.");
    page.click("Put away: Batch a").await;
    assert!(!page.has(&testid("active-batch")));
    page.shows("Nothing is running.");
}

/// Prevents: forty batches are forty pages of scrolling, or jump from lines to cards while somebody reads them.
#[wasm_bindgen_test]
async fn many_batches_are_lines_of_a_list() {
    let mut batches: Vec<_> = (0..9)
        .map(|n| data::batch(&format!("b{n}"), "running", 3, 1))
        .collect();
    let page = Page::running(&batches).await;
    assert_eq!(page.all(".cards-rows .card").len(), 9);
    assert!(!page.has(&testid("progress-over-time")));
    page.click("Show all figures").await;
    assert_eq!(page.all(&testid("progress-over-time")).len(), 9);
    page.click("Show as a list").await;
    batches[0] = data::batch("b0", "completed", 3, 3);
    page.send(Msg::RetryNow).await;
    page.answer(Slot::BatchList, 200, data::batches(&batches))
        .await;
    page.click("Put away: Batch b0").await;
    assert_eq!(page.all(".cards-rows .card").len(), 8);
    assert!(!Page::running(&batches[1..]).await.has(".cards-rows"));
}

/// Prevents: a batch that somebody else starts turns the whole page round under a person's hands; what was chosen is
/// forgotten with a look at a batch.
#[wasm_bindgen_test]
async fn a_ninth_batch_moves_nothing() {
    let nine: Vec<_> = (0..9)
        .map(|n| data::batch(&format!("b{n}"), "running", 3, 1))
        .collect();
    let page = Page::running(&nine[1..]).await;
    assert!(!page.has(".cards-rows") && !page.has(&testid("list-or-cards")));
    page.send(Msg::RetryNow).await;
    page.answer(Slot::BatchList, 200, data::batches(&nine))
        .await;
    assert_eq!(page.all(&testid("progress-over-time")).len(), 9);
    page.click("Show as a list").await;
    assert_eq!(page.all(".cards-rows .card").len(), 9);
    page.click("Details of Batch b0").await;
    page.click("← Back").await;
    assert_eq!(page.all(".cards-rows .card").len(), 9);
}

/// Prevents: in a list nobody sees that a batch is a colleague's, or gets dearer than was told.
#[wasm_bindgen_test]
async fn a_line_tells_whose_it_is_and_what_gets_dearer() {
    let fields =
        json!({"created_by": "ann@example", "estimated_cost_usd": 3.0, "actual_cost_usd": 2.0});
    let mut batches: Vec<_> = (0..9)
        .map(|n| data::batch(&format!("b{n}"), "running", 3, 1))
        .collect();
    batches[0] = data::with(batches[0].clone(), fields);
    let page = Page::running(&batches).await;
    page.shows("Started by ann@example");
    page.shows("It gets dearer: $2.00, on course for $6.00, $3.00 more than approved.");
    page.click("Cancel Batch b0").await;
    page.shows("It was started by ann@example, not by you.");
    page.click("Let it run").await;
    page.click("Cancel Batch b1").await;
    page.lacks("not by you");
}

/// Prevents: the page makes a sound that nobody wanted, or forgets that somebody did.
#[wasm_bindgen_test]
async fn a_sound_is_heard_only_where_it_is_wanted() {
    let page = Page::running_one(json!({})).await;
    let pressed = |page: &Page| page.attribute(&testid("sound"), "aria-pressed");
    assert_eq!(pressed(&page).as_deref(), Some("false"));
    page.click_on(&testid("sound")).await;
    assert_eq!(pressed(&page).as_deref(), Some("true"));
    page.click_on(&testid("sound")).await;
    assert_eq!(pressed(&page).as_deref(), Some("false"));
    page.answer(status("a"), 200, data::batch("a", "completed", 3, 3))
        .await;
    assert!(!page.has(&testid("sound")), "nothing is to end");
}

/// Prevents: who opens a running batch has to go back to see how far it is, and to stop it.
#[wasm_bindgen_test]
async fn the_page_of_a_running_batch_is_live() {
    let page = Page::running_one(json!({"started_at": "2026-11-23T12:00:00"})).await;
    page.click("Details of Batch a").await;
    assert_eq!(
        page.text_of(&testid("batch-counts")),
        "1 of 3 leads · 1 succeeded"
    );
    page.shows("Started");
    assert!(!page.has_button("Details of Batch a"));
    page.click("Cancel Batch a").await;
    page.click("Let it run").await;
    page.answer(status("a"), 200, data::batch("a", "completed", 3, 3))
        .await;
    assert!(
        !page.has(&testid("batch-counts")),
        "what it came to stands below"
    );
}

/// Prevents: words and counts of the server that contradict each other are passed on as if they did not.
#[wasm_bindgen_test]
async fn contradictions_and_errors_of_the_server_are_told() {
    let page = Page::running_one(json!({})).await;
    page.answer(
        status("a"),
        200,
        data::with(
            data::batch("a", "failed", 3, 3),
            json!({"error_message": "out of <b>paper</b>"}),
        ),
    )
    .await;
    page.shows("All 3 leads succeeded, yet the server reports this batch as failed.");
    page.shows("The server says: out of <b>paper</b>");
    let page = Page::running_one(json!({})).await;
    page.answer(status("a"), 200, data::batch("a", "completed", 3, 2))
        .await;
    page.shows("2 of 3 leads were processed, yet the server reports this batch as completed.");
    let page = Page::running_one(json!({})).await;
    page.answer(status("a"), 404, json!({"detail": "Batch not found"}))
        .await;
    page.shows("the server does not have it (Batch not found)");
}

/// Prevents: old numbers pass for new ones, and a batch that hangs for one that runs.
#[wasm_bindgen_test]
async fn a_card_says_how_old_its_numbers_are() {
    let page = Page::running_one(json!({})).await;
    page.shows("Read just now");
    page.connect().await;
    assert_eq!(page.text_of(".card-fresh"), "Live");
    page.lacks("No progress");

    let page = Page::opened("view=running").await;
    set_clock(-125_000);
    page.answer(
        Slot::BatchList,
        200,
        data::batches(&[data::batch("a", "running", 3, 1)]),
    )
    .await;
    assert!(
        page.text_of(".card-fresh").starts_with("As of 2 min "),
        "{}",
        page.text_of(".card-fresh")
    );
    page.lacks("No progress");
    // News say that nothing moved meanwhile: only now that is known.
    set_clock(0);
    page.send(Msg::RetryNow).await;
    page.answer(
        Slot::BatchList,
        200,
        data::batches(&[data::batch("a", "running", 3, 1)]),
    )
    .await;
    page.shows("No progress for 2 min. If it stays so, cancel it.");
}

/// Prevents: a batch is stopped by one careless click, or nobody says what it saves.
#[wasm_bindgen_test]
async fn stopping_a_batch_is_asked_and_told() {
    let page = Page::running_one(json!({"estimated_cost_usd": 1.5})).await;
    page.click("Cancel Batch a").await;
    assert_eq!(page.text_of("dialog[open] h2"), "Cancel “Batch a”?");
    page.shows("Up to 2 leads are not processed yet. Not making them saves about $1.00 of the approved $1.50.");
    page.click("Let it run").await;
    assert!(!page.has("dialog") && !page.asks(&cancel("a")));
    page.click("Cancel Batch a").await;
    page.escape().await;
    assert!(!page.has("dialog") && !page.asks(&cancel("a")));
    page.click("Cancel Batch a").await;
    page.click("Cancel the batch").await;
    assert!(!page.has("dialog"));
    page.shows("Cancelling: asked the server");
    assert!(page.is_disabled("Cancel Batch a"));
    page.answer(cancel("a"), 200, json!({"message": "ok"}))
        .await;
    page.shows("Stopping: leads in progress are being finished");
    page.answer(status("a"), 200, data::batch("a", "cancelled", 3, 2))
        .await;
    page.shows("Batch a is cancelled: 2 of 3 leads were processed.");
    assert_eq!(page.text_of(".card .state"), "Cancelled");
}

/// Prevents: the question about a batch that has just ended promises savings.
#[wasm_bindgen_test]
async fn the_question_follows_the_batch() {
    let page = Page::running_one(json!({})).await;
    page.click("Cancel Batch a").await;
    page.shows("Up to 2 leads are not processed yet.");
    page.lacks("saves about");
    page.answer(status("a"), 200, data::batch("a", "completed", 3, 3))
        .await;
    page.shows("This batch has just ended; there is nothing to cancel any more.");
    page.click("Cancel the batch").await;
    assert!(!page.asks(&cancel("a")));
}

/// Prevents: a cancellation that failed looks as if it had worked.
#[wasm_bindgen_test]
async fn a_refused_cancellation_is_told() {
    let page = Page::running_one(json!({})).await;
    page.click("Cancel Batch a").await;
    page.click("Cancel the batch").await;
    page.answer(
        cancel("a"),
        400,
        json!({"detail": "Batch cannot be cancelled in current status"}),
    )
    .await;
    let words =
        "The server says that this batch cannot be cancelled any more; it may have just ended.";
    assert_eq!(page.text_of(".card-trouble"), words);
    assert_eq!(page.text_of(".toast-bad p"), words);
    assert!(page.has_button("Cancel Batch a"), "it can be tried again");
    page.ended(
        status("a"),
        Outcome::Http {
            status: 200,
            retry_after: None,
            body: data::batch("a", "completed", 3, 3).to_string(),
        },
    )
    .await;
    assert!(
        !page.has(".card-trouble"),
        "what has ended needs no cancelling"
    );
}

/// Prevents: a card's details open another batch.
#[wasm_bindgen_test]
async fn a_card_opens_its_details() {
    let page = Page::running(&[
        data::batch("a", "running", 3, 1),
        data::batch("b", "pending", 5, 0),
    ])
    .await;
    assert_eq!(page.all(&testid("active-batch")).len(), 2);
    page.click("Details of Batch b").await;
    assert_eq!(page.text_of("h1"), "Batch b");
    page.shows("Waiting to start");
    page.click("← Back").await;
    page.shows("Running batches");
}

/// Prevents: the focus is lost with the question, and a keyboard starts again at the top.
#[wasm_bindgen_test]
async fn the_focus_goes_back_to_where_the_question_came_from() {
    let page = Page::running_one(json!({})).await;
    page.button("Cancel Batch a").focus().unwrap();
    page.click("Cancel Batch a").await;
    assert!(
        page.has("dialog[open] button:focus"),
        "the focus is in the dialog"
    );
    page.click("Let it run").await;
    until("focused", || page.has("[data-testid=cancel-batch]:focus")).await;
    page.click("Cancel Batch a").await;
    page.click("Cancel the batch").await;
    until("focused", || page.has("[data-testid=cancel-batch]:focus")).await;
    assert!(page.is_disabled("Cancel Batch a"), "asked already");
}

/// Prevents: a press that was meant for “Cancel” puts away what has ended in that moment.
#[wasm_bindgen_test]
async fn a_button_never_turns_into_another_one() {
    let page = Page::running_one(json!({})).await;
    page.button("Details of Batch a").focus().unwrap();
    page.answer(status("a"), 200, data::batch("a", "completed", 3, 3))
        .await;
    assert!(page.has("[aria-label='Details of Batch a']:focus"));
    let page = Page::running_one(json!({})).await;
    page.button("Cancel Batch a").focus().unwrap();
    page.answer(status("a"), 200, data::batch("a", "completed", 3, 3))
        .await;
    assert!(page.has_button("Put away: Batch a"));
    assert!(!page.has("button:focus"));
}

/// Prevents: two batches of one approval run side by side, both paid for, and nobody notices.
#[wasm_bindgen_test]
async fn two_batches_of_one_approval_are_told() {
    let reference = json!({"description": "[ref 0123456789ab]"});
    let twins = ["a-first-batch", "another-batch"]
        .map(|id| data::with(data::batch(id, "running", 3, 1), reference.clone()));
    let page = Page::running(&twins).await;
    page.shows("Started twice by one approval: the other is batch a-first-.");
    page.shows("Started twice by one approval: the other is batch another-.");
}
