//! Saved views, columns and keyboard shortcuts.

use batch_runner::app::Msg;
use wasm_bindgen::JsCast;
use wasm_bindgen_test::wasm_bindgen_test;

use crate::page::{Page, happen, settle};

fn names(page: &Page) -> Vec<String> {
    let chips = page.all(".view-chips button");
    chips.iter().map(|chip| chip.inner_text()).collect()
}

/// Prevents: a view is saved under another name, or another one is shown, renamed or deleted.
#[wasm_bindgen_test]
async fn views_are_saved_shown_renamed_and_deleted() {
    let page = Page::with_leads(3).await;
    assert_eq!(page.attribute(".view-chips", "hidden").as_deref(), Some(""));
    page.choose("Origin", "Imported").await;
    page.click("Views and columns").await;
    page.shows("No views are saved yet.");
    page.type_into("Save what is set now as", "By file").await;
    page.click("Save").await;
    assert!(!page.text().contains("No views are saved yet."));
    page.send(Msg::LeadFilterChanged(Default::default())).await;
    page.type_into("Save what is set now as", "All").await;
    page.click("Save").await;
    assert_eq!(names(&page), ["By file", "All"]);
    page.click("Default view: By file").await;
    assert!(page.has_button("No longer the default view: By file"));
    let name = page.field("Name of the view All");
    name.unchecked_ref::<web_sys::HtmlInputElement>()
        .set_value("Everything");
    happen(&name, "change", false);
    settle().await;
    assert_eq!(names(&page), ["By file", "Everything"]);
    page.click("Delete the view Everything").await;
    assert_eq!(names(&page), ["By file"]);
    page.click("Done").await;
    page.click("Show the view By file").await;
    let manual = page.store.peek(|model| model.route.leads.filter.is_manual);
    assert_eq!(manual, Some(false));
}

/// Prevents: a column that is hidden or moved stays where it was, or the focus is lost with each step.
#[wasm_bindgen_test]
async fn columns_are_hidden_and_moved_with_the_focus_kept() {
    let page = Page::with_leads(3).await;
    let shown = || {
        let headings = page.all(".lead-table th .sort");
        let words = |heading: &web_sys::HtmlElement| {
            let words = heading.text_content().unwrap_or_default();
            words.trim_end_matches(['▲', '▼', ' ']).to_owned()
        };
        headings.iter().map(words).collect::<Vec<_>>()
    };
    let before = shown();
    page.click("Views and columns").await;
    assert!(page.checkbox("Company").disabled());
    let second = page.all(".column-list button")[1].clone();
    assert!(
        page.all(".column-list button")[0]
            .get_attribute("aria-disabled")
            .is_some()
    );
    second.focus().expect("a button");
    second.click();
    settle().await;
    let mut swapped = before.clone();
    swapped.swap(0, 1);
    assert_eq!(shown(), swapped);
    let still = leptos::prelude::document().active_element();
    assert!(
        still.is_some_and(|element| element.is_same_node(Some(&second))),
        "the focus stays where it was"
    );
    page.tick("E-mail").await;
    assert!(!shown().iter().any(|heading| heading == "E-mail"));
    page.tick("Low rows").await;
    assert!(page.has(".lead-table.is-dense"));
    page.click("As at first").await;
    assert_eq!(shown(), before);
}

/// Prevents: the sheet of shortcuts cannot be opened or left.
#[wasm_bindgen_test]
async fn the_sheet_of_shortcuts_opens_and_closes() {
    let page = Page::with_leads(3).await;
    let link = page.button("Keyboard shortcuts");
    link.focus().expect("a button");
    link.click();
    settle().await;
    assert_eq!(page.all(".shortcuts dt").len(), 10);
    page.shows("All leads from the last one to here");
    page.click("Close").await;
    assert!(!page.has("dialog"));
    page.click("Keyboard shortcuts").await;
    page.escape().await;
    assert!(!page.has("dialog"));
}
