//! What a person is at stays as it is while past batches change around it.

use batch_runner::app::Msg;
use batch_runner::app::requests::Slot;
use batch_runner::domain::batch::BatchId;
use batch_runner::domain::history::HistoryColumn;
use serde_json::json;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::HtmlElement;

use crate::data;
use crate::page::{Page, testid};

fn id(id: &str) -> BatchId {
    BatchId(id.into())
}

fn has_focus(element: &HtmlElement) -> bool {
    let focused = leptos::prelude::document().active_element();
    focused.is_some_and(|focused| focused.is_same_node(Some(element)))
}

fn focus(element: &HtmlElement) {
    element.focus().expect("it can be focused");
}

/// Three batches, all of which have been read.
async fn all_read() -> Page {
    let page = Page::opened("view=history&hsort=name&hdir=asc").await;
    page.answer(Slot::Me, 200, data::me()).await;
    let batches = ["one", "two", "three"].map(|id| data::batch(id, "completed", 3, 3));
    page.answer(Slot::Archive, 200, data::batches(&batches))
        .await;
    page
}

/// Prevents: whoever ticks or pins by keyboard is thrown back to the beginning of the page.
#[wasm_bindgen_test]
async fn ticks_and_pins_keep_the_focus() {
    let page = all_read().await;
    let pin = page.button("Pin: Batch two");
    focus(&pin);
    page.click("Pin: Batch two").await;
    assert_eq!(pin.get_attribute("aria-pressed").as_deref(), Some("true"));
    assert!(has_focus(&pin), "after the pin");
    let tick = page.checkbox("Compare: Batch two");
    focus(&tick);
    page.tick("Compare: Batch two").await;
    page.send(Msg::BatchTicked(id("one"), true)).await;
    assert!(has_focus(&tick) && tick.checked(), "after another tick");
    let columns = Msg::HistoryColumnShown(HistoryColumn::Difference, true);
    page.send(columns).await;
    assert!(page.has("[data-label=Difference]"));
    assert!(has_focus(&tick), "after another column");
    page.send(Msg::NoteWritten(id("two"), "ask Sam".into()))
        .await;
    page.shows("Note: ask Sam");
    assert!(has_focus(&tick), "after a note");
    let again = page.button("Clear ticks");
    focus(&again);
    page.send(Msg::BatchTicked(id("three"), true)).await;
    assert!(has_focus(&again), "while another is ticked");
}

/// Prevents: sorting by a heading takes the focus from it, so that nobody can turn the order round by keyboard.
#[wasm_bindgen_test]
async fn a_heading_keeps_the_focus_while_it_sorts() {
    let page = all_read().await;
    let heading = page.button("Leads");
    focus(&heading);
    page.click("Leads").await;
    page.click("Leads ▼").await;
    assert!(page.has_button("Leads ▲") && has_focus(&heading));
}

/// Prevents: what is being written about a running batch is lost with its next news, or what was unfolded folds.
#[wasm_bindgen_test]
async fn details_keep_what_is_written_and_open_while_news_come() {
    let page = Page::running(&[data::batch("a", "running", 300, 0)]).await;
    let socket = page.connect().await;
    page.send(Msg::BatchOpened(Some(id("a")))).await;
    let running = data::with(
        data::batch("a", "running", 300, 10),
        json!({"successful_leads": 9, "failed_leads": 1}),
    );
    page.answer(Slot::Status(id("a")), 200, running).await;
    let told = json!([{"lead_id": "lead-1", "status": "failed", "error_message": "no site"}]);
    let told = json!({"leads": told, "total_count": 300});
    page.answer(Slot::Results(id("a")), 200, told).await;
    let note = page.field("Note");
    let again = page.button("Run these 1 again");
    page.type_into("Note", "ask Sam").await;
    page.type_into("Search lead or error", "lead").await;
    focus(&note);
    let news = json!({"type": "progress_update", "batch_id": "a", "total": 300, "processed": 40, "successful": 30,
        "failed": 10});
    page.hear(socket, news).await;
    page.shows("9 leads failed of which the server does not say why.");
    assert!(has_focus(&note));
    assert_eq!(page.value("Note"), "ask Sam");
    assert_eq!(page.value("Search lead or error"), "lead");
    focus(&again);
    let news = json!({"type": "progress_update", "batch_id": "a", "total": 300, "processed": 50, "successful": 38,
        "failed": 12});
    page.hear(socket, news).await;
    page.shows("11 leads failed of which the server does not say why.");
    assert!(has_focus(&again));
    assert_eq!(page.all(&testid("cause")).len(), 1);
}

/// Prevents: the figures of a chart fold while the rest is read.
#[wasm_bindgen_test]
async fn figures_of_the_trend_stay_unfolded() {
    let page = Page::opened("view=history&trend=30").await;
    page.answer(Slot::Me, 200, data::me()).await;
    let now = batch_runner::browser::clock::now().to_utc_text();
    let today = |id| {
        data::with(
            data::batch(id, "completed", 3, 3),
            json!({"created_at": now, "actual_cost_usd": 1.0}),
        )
    };
    page.answer(Slot::Archive, 200, data::batches(&[today("one")]))
        .await;
    page.click_on("figure summary").await;
    let figures = page.find("figure details");
    assert!(figures.has_attribute("open"));
    page.answer(
        Slot::Analytics,
        200,
        json!({"total_batches": 1, "total_spent_usd": 1.0}),
    )
    .await;
    page.lacks("Asking the server for its own totals…");
    assert!(page.find("figure details").has_attribute("open"));
}
