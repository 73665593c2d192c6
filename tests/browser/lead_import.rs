//! The import of a list of leads.

use batch_runner::app::requests::Slot;
use serde_json::{Value, json};
use wasm_bindgen_test::wasm_bindgen_test;

use crate::data;
use crate::page::{Page, squeezed, testid};

async fn importing(list: &str) -> Page {
    let page = Page::with_leads(3).await;
    page.click("Bring a list").await;
    page.type_into("The list", list).await;
    page
}

async fn found(page: &Page, numbers: &[u32]) {
    let leads: Vec<_> = numbers.iter().map(|n| data::lead(*n)).collect();
    let same = |mut lead: Value| {
        lead["domain"] = json!("c1.example");
        lead
    };
    let leads: Vec<_> = leads.into_iter().map(same).collect();
    let answer = json!({"leads": leads, "total_count": leads.len()});
    page.answer(Slot::Bring, 200, answer).await;
}

/// Prevents: a list of which nothing is known yet is looked up, or the wrong column of a table is.
#[wasm_bindgen_test]
async fn the_column_of_a_table_is_chosen() {
    let page = importing("").await;
    assert!(page.is_disabled("Look them up"));
    page.type_into("The list", "One").await;
    assert!(!page.is_disabled("Look them up") && !page.has(&testid("bring-column")));
    page.type_into("The list", "Name,Mail\nOne,c1@example")
        .await;
    let columns = page.options("Column");
    let columns: Vec<_> = columns.iter().map(|(_, words)| words.as_str()).collect();
    assert_eq!(columns, ["1: Name", "2: Mail"]);
    assert_eq!(page.value("Column"), "1", "the one with addresses");
    page.choose("Column", "1: Name").await;
    assert_eq!(page.value("Column"), "0");
    assert_eq!(page.value("The list"), "Name,Mail\nOne,c1@example");
    page.escape().await;
    assert!(!page.has("dialog"));
}

/// Prevents: nobody learns what became of a line, or leads are added that were not asked for.
#[wasm_bindgen_test]
async fn a_report_tells_each_line_and_adds_what_was_found() {
    let page = importing("c1@example\nwww.c1.example\nc9@example\nno lead at all").await;
    page.click("Look them up").await;
    page.shows("Looking them up: 0 of 3.");
    // The last line is searched for first.
    found(&page, &[]).await;
    page.shows("Looking them up: 1 of 3.");
    found(&page, &[1, 2]).await;
    found(&page, &[1]).await;
    let report = page.text_of(&testid("bring-report"));
    assert_eq!(
        report,
        "Found 1 Several leads have it 1 Not found 1 No identifier, e-mail address or domain 1"
    );
    let rows = page.all(".bring-lines tbody tr");
    let rows: Vec<_> = rows.iter().map(|row| squeezed(&row.inner_text())).collect();
    assert_eq!(
        rows[1],
        "www.c1.example Several leads have it Company 1, Company 2"
    );
    let export = page.attribute(&testid("bring-export"), "href");
    assert!(export.is_some_and(|href| href.starts_with("data:text/csv;charset=utf-8,")));
    page.tick("Also all 2 leads of lines that several leads have")
        .await;
    page.click("Add 1 lead").await;
    assert!(!page.has("dialog"));
    assert_eq!(page.text_of(&testid("selection-count")), "2 leads chosen");
}

/// Prevents: a failed look-up ends the import, or cannot be tried again or left.
#[wasm_bindgen_test]
async fn a_failed_look_up_can_be_tried_again_and_stopped() {
    let page = importing("c1@example").await;
    page.click("Look them up").await;
    page.answer(Slot::Bring, 500, Value::Null).await;
    assert!(page.text_of("dialog").contains("the server failed"));
    page.click("Try again").await;
    assert!(!page.has("dialog .fault") && page.asks(&Slot::Bring));
    page.click("Stop").await;
    assert!(!page.asks(&Slot::Bring));
    assert_eq!(
        page.value("The list"),
        "c1@example",
        "what was typed is kept"
    );
    page.click("Look them up").await;
    found(&page, &[]).await;
    page.click("Change the list").await;
    page.click("Close").await;
    assert!(!page.has("dialog"));
    assert_eq!(page.text_of(&testid("selection-count")), "No leads chosen");
}
