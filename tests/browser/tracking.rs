//! How a batch goes, what came of its leads, and running some of them again.

use batch_runner::app::requests::Slot;
use batch_runner::domain::batch::BatchId;
use serde_json::json;
use wasm_bindgen_test::wasm_bindgen_test;

use crate::data;
use crate::page::{Page, set_clock, squeezed, testid, until};

/// Prevents: a time left that is a guess from nothing, or that goes on counting when nobody hears any more.
#[wasm_bindgen_test]
async fn time_left_is_a_range_once_enough_was_seen_and_says_its_age() {
    let page = Page::running(&[data::batch("a", "running", 300, 0)]).await;
    let socket = page.connect().await;
    page.shows("Time left not known yet");
    for beat in 1..=20 {
        set_clock(beat * 2_000);
        let done = beat * 4;
        page.hear(
            socket,
            json!({"type": "progress_update", "batch_id": "a", "total": 300, "processed": done, "successful": done, "failed": 0}),
        )
        .await;
    }
    let facts = page.text_of(".card .facts");
    assert!(facts.contains("Rate 2 leads per second"), "{facts}");
    assert!(facts.contains(" to ") && facts.contains("min"), "{facts}");
    let summary = page.all(".card summary");
    let over_time = summary
        .iter()
        .find(|it| it.inner_text().contains("over time"));
    over_time.expect("a chart to open").click();
    until("drawn", || page.has(".chart")).await;
    assert_eq!(
        page.attribute(".chart", "alt").as_deref(),
        Some("Progress of Batch a over time")
    );
    assert!(page.all(".chart-figure tbody tr").len() > 3);
}

/// Prevents: a hundred failures for one reason are a hundred lines, and nobody can run just those again.
#[wasm_bindgen_test]
async fn failures_are_grouped_by_cause_and_can_be_run_again() {
    let page = Page::opened("view=history&batch=b-1").await;
    let failed = |n: u32| {
        json!({"lead_id": format!("lead-{n:03}"), "status": "failed",
            "error_message": format!("openai did not answer for lead {n} within 30s")})
    };
    let other =
        json!({"lead_id": "lead-009", "status": "failed", "error_message": "<b>no site</b>"});
    let good = json!({"lead_id": "lead-010", "status": "completed"});
    let leads = json!({"leads": [failed(1), failed(2), other, good], "total_count": 4});
    let batch = data::with(
        data::batch("b-1", "completed", 4, 4),
        json!({"successful_leads": 1, "failed_leads": 3, "actual_cost_usd": 2.0}),
    );
    page.answer(Slot::Status(BatchId("b-1".into())), 200, batch)
        .await;
    page.answer(Slot::Results(BatchId("b-1".into())), 200, leads)
        .await;
    let causes: Vec<_> = (page.all(&testid("cause")).iter())
        .map(|cause| squeezed(&cause.inner_text()))
        .collect();
    assert_eq!(causes.len(), 2);
    assert!(
        causes[0].starts_with("2 leads: openai did not answer for lead"),
        "{causes:?}"
    );
    assert!(
        causes[0].contains("Run these 2 again (about $1.00)"),
        "{causes:?}"
    );
    assert!(causes[1].contains("<b>no site</b>"), "{causes:?}");
    assert!(page.has_button("Run only the 3 that failed (about $1.50)"));
    page.click("Run these 2 again (about $1.00)").await;
    page.shows("2 leads chosen");
}
