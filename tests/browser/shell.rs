//! The frame of the app: navigation, connection, messages.

use batch_runner::app::batch_history::rerun::RerunWhat;
use batch_runner::app::requests::Slot;
use batch_runner::app::{Msg, StartFacts};
use batch_runner::config::Config;
use batch_runner::domain::live::Health;
use serde_json::{Value, json};
use wasm_bindgen_test::wasm_bindgen_test;

use crate::data;
use crate::page::{Page, testid, until};

fn connection(page: &Page) -> (String, String) {
    let state = testid("connection-state");
    (
        page.attribute(&state, "data-state").unwrap_or_default(),
        page.text_of(&format!("{state} span:last-of-type")),
    )
}

fn is(code: &str, words: &str) -> (String, String) {
    (code.into(), words.into())
}

/// Prevents: the open view is not marked, or the wrong one opens.
#[wasm_bindgen_test]
async fn navigation_opens_views_and_marks_the_open_one() {
    let page = Page::with_leads(1).await;
    let current = || page.text_of("[aria-current=page]");
    assert_eq!(current(), "New batch");
    assert_eq!(page.all("[aria-current]").len(), 1);
    page.click("Running").await;
    assert_eq!(
        (current().as_str(), page.text_of("h1").as_str()),
        ("Running", "Running batches")
    );
    page.click("History").await;
    assert_eq!(
        (current().as_str(), page.text_of("h1").as_str()),
        ("History", "Past batches")
    );
    assert_eq!(
        page.attribute(".skip-link", "href").as_deref(),
        Some("#view-heading")
    );
    assert!(
        page.has("main #view-heading"),
        "the way to the content leads somewhere"
    );
}

/// Prevents: the connection is told as live when it is not, or nobody can hurry it.
#[wasm_bindgen_test]
async fn the_connection_says_how_news_come() {
    let page = Page::with_leads(1).await;
    assert_eq!(connection(&page), is("connecting", "Connecting…"));
    let socket = page.connect().await;
    assert_eq!(connection(&page), is("live", "Live"));
    page.cut(socket, 1006).await;
    assert!(
        matches!(page.health(), Health::Waiting(_)),
        "{:?}",
        page.health()
    );
    let (code, words) = connection(&page);
    assert_eq!(code, "waiting");
    assert!(words.starts_with("Reconnecting in "), "{words}");
    page.click("Retry now").await;
    assert_eq!(connection(&page), is("connecting", "Connecting…"));
    page.connect().await;
    page.send(Msg::Online(false)).await;
    assert_eq!(connection(&page), is("offline", "Offline"));
    page.send(Msg::Online(true)).await;
    assert_ne!(connection(&page).0, "offline");
    let socket = page.connect().await;
    page.cut(socket, 4401).await;
    let words = "Stopped: the server does not accept your session: sign in again";
    assert_eq!(connection(&page), is("stopped", words));
    page.click("Retry now").await;
    assert_ne!(connection(&page).0, "stopped");
}

/// Prevents: asking every few seconds is told as a live connection.
#[wasm_bindgen_test]
async fn asking_instead_of_listening_is_told() {
    let facts = StartFacts {
        transport: Some("polling".into()),
        query: "view=running".into(),
        ..Page::facts()
    };
    let page = Page::opened_with(Config::default(), facts).await;
    assert_eq!(connection(&page), is("polling", "Updating every 15 s"));
    page.answer(
        Slot::BatchList,
        200,
        data::batches(&[data::batch("a", "running", 3, 1)]),
    )
    .await;
    assert_eq!(connection(&page), is("polling", "Updating every 2 s"));
}

/// Prevents: messages pile up, cannot be put away, or offer an undo that is not theirs.
#[wasm_bindgen_test]
async fn messages_are_shown_and_put_away() {
    let page = Page::running(&[data::batch("a", "running", 2, 1)]).await;
    page.answer(
        Slot::Status(batch_runner::domain::batch::BatchId("a".into())),
        200,
        data::batch("a", "completed", 2, 2),
    )
    .await;
    assert_eq!(
        page.text_of(&format!("{}.toast-good", testid("toast"))),
        "Batch a is completed: 2 leads succeeded. ×"
    );
    assert!(!page.has_button("Undo"));
    page.click("Dismiss this message").await;
    assert!(!page.has(&testid("toast")));
}

/// Prevents: the same news twice is spoken once; bad news waits its turn.
#[wasm_bindgen_test]
async fn news_are_announced_even_when_they_repeat() {
    let page = Page::opened("").await;
    let polite = testid("live-region");
    let said = || page.text_of(&polite);
    page.answer(Slot::Leads, 200, data::leads(2)).await;
    until("announced", || said() == "2 leads match.").await;
    page.send(Msg::LeadsRetried).await;
    page.answer(Slot::Leads, 200, data::leads(2)).await;
    assert_eq!(said(), "", "emptied first, so that it is spoken again");
    until("announced again", || said() == "2 leads match.").await;
    let batch = batch_runner::domain::batch::BatchId("a".into());
    page.send(Msg::RerunAsked(batch.clone(), RerunWhat::All))
        .await;
    page.answer(Slot::Rerun(batch), 500, Value::Null).await;
    until("urgent", || {
        page.text_of("[aria-live=assertive]")
            .contains("Could not load the results of the batch")
    })
    .await;
    assert_eq!(said(), "2 leads match.");
}

/// Prevents: a browser that keeps nothing loses the choice over a reload without a word.
#[wasm_bindgen_test]
async fn a_full_storage_is_told_once() {
    let page = Page::with_leads(1).await;
    page.lacks("is not kept");
    page.send(Msg::StorageFailed("the browser’s storage is full".into()))
        .await;
    page.shows("What you choose is not kept over a reload: the browser’s storage is full. Everything else works.");
}

/// Prevents: trouble with the socket cannot be looked into; or the panel is shown to everybody.
#[wasm_bindgen_test]
async fn the_debug_panel_shows_the_sockets_events() {
    let page = Page::with_leads(1).await;
    assert!(!page.has(".debug"));
    let config = Config {
        ws_debug: true,
        ..Config::default()
    };
    let page = Page::opened_with(config, Page::facts()).await;
    let facts = ".debug dl";
    let told = page.text_of(facts);
    for words in [
        "one socket for all",
        "frames merged 0",
        "frames dropped none",
    ] {
        assert!(told.contains(words), "{words}: {told}");
    }
    let socket = page.connect().await;
    page.hear(socket, json!({"type": "weather", "batch_id": "a"}))
        .await;
    page.hear(socket, json!([1])).await;
    page.hear(socket, json!([2])).await;
    page.shows("unknown type: 1, not JSON: 2");
    let log = page.text_of(&testid("ws-debug"));
    assert!(
        log.contains("dropped a frame: not JSON") && log.contains("dialling /api/batch/ws"),
        "{log}"
    );
    let (newest, oldest) = (log.find("not JSON"), log.find("dialling"));
    assert!(newest < oldest, "the newest first: {log}");
}

/// Prevents: a page that was asked to run without a server asks one, and nobody knows why.
#[wasm_bindgen_test]
async fn a_build_without_built_in_data_says_so() {
    let config = Config {
        mock: true,
        ..Config::default()
    };
    let page = Page::opened_with(config, Page::facts()).await;
    page.shows("BATCH_RUNNER_MOCK_MODE is set, but this build has no built-in data.");
}
