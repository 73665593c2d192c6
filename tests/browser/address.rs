//! Links, the address, and the ways back.

use batch_runner::app::Msg;
use batch_runner::browser::page::query;
use batch_runner::config::Config;
use batch_runner::domain::batch::BatchId;
use batch_runner::route::{Route, View};
use batch_runner::ui::kit::Link;
use batch_runner::ui::store::Store;
use leptos::prelude::*;
use wasm_bindgen_test::wasm_bindgen_test;

use crate::driven::Driven;
use crate::page::{Page, focused, js, tidy, until};

fn entries() -> f64 {
    js("history.length").as_f64().unwrap_or_default()
}

fn scrolled() -> f64 {
    js("scrollY").as_f64().unwrap_or_default()
}

/// Prevents: back and forward skip views, or each key typed is an entry of the history.
#[wasm_bindgen_test]
async fn the_address_is_changed_in_place_or_as_a_new_entry() {
    let app = Driven::opened("").await;
    app.page.send(Msg::ViewOpened(View::Running)).await;
    assert_eq!(query(), "?view=running");
    app.page.send(Msg::ViewOpened(View::New)).await;
    assert_eq!(query(), "");
    let before = entries();
    app.page.type_into("Search", "fair").await;
    until("searched", || query() == "?q=fair").await;
    assert_eq!(entries(), before);
    js("history.back()");
    until("back", || query() == "?view=running").await;
    app.shows("Running batches").await;
    js("history.forward()");
    until("forward", || query() == "?q=fair").await;
    until("told", || {
        app.page.has("#view-heading") && app.page.value("Search") == "fair"
    })
    .await;
}

/// Prevents: a link loads the page anew, says nothing of what it leads to, or loses what the address holds.
#[wasm_bindgen_test]
async fn links_are_followed_without_a_reload() {
    let app = Driven::opened("?q=x&shell=1").await;
    app.shows("1–50 of 60").await;
    let link = app.page.button("Running");
    assert_eq!(link.tag_name(), "A");
    assert_eq!(
        link.get_attribute("href").as_deref(),
        Some("?view=running&q=x&shell=1")
    );
    js("globalThis.__here = true");
    app.page.click("Running").await;
    app.shows("Running batches").await;
    assert_eq!(query(), "?view=running&q=x&shell=1");
    assert!(js("globalThis.__here === true").is_truthy());
    until("focused", || focused() == "view-heading").await;
    assert_eq!(app.page.text_of("[aria-current=page]"), "Running");
}

/// Prevents: Ctrl+click, which asks for another tab, opens the view in this one.
#[wasm_bindgen_test]
async fn a_click_for_another_tab_is_left_to_the_browser() {
    let app = Driven::opened("").await;
    let link = app.page.button("History");
    // Looks last at whether somebody has taken the click, and keeps the browser from opening a tab in this test.
    let code = "let taken; window.addEventListener('click', (click) => {\
        taken = click.defaultPrevented; click.preventDefault() }, { once: true });\
        link.dispatchEvent(new MouseEvent('click', { bubbles: true, cancelable: true, composed: true, ...how }));\
        return taken";
    let click = js_sys::Function::new_with_args("link, how", code);
    let taken = |how: &str| {
        let how = js(how);
        let taken = click.call2(&wasm_bindgen::JsValue::NULL, &link, &how);
        taken.unwrap().is_truthy()
    };
    for how in [
        "({ ctrlKey: true })",
        "({ metaKey: true })",
        "({ shiftKey: true })",
    ] {
        assert!(!taken(how), "{how}");
    }
    assert_eq!(query(), "");
    assert!(taken("({})"));
    until("there", || query() == "?view=history").await;
}

/// Prevents: the way to the content moves the page but not the focus.
#[wasm_bindgen_test]
async fn the_skip_link_is_the_browsers_own() {
    let app = Driven::opened("").await;
    app.page.find(".skip-link").click();
    until("focused", || focused() == "view-heading").await;
    assert_eq!(
        js("location.hash").as_string().as_deref(),
        Some("#view-heading")
    );
    app.page.click("Running").await;
    app.shows("Running batches").await;
    assert_eq!(js("location.hash").as_string().as_deref(), Some(""));
}

/// Prevents: after several steps back at once a link changes the page but not the address.
#[wasm_bindgen_test]
async fn the_address_is_right_after_several_steps_back() {
    let app = Driven::opened("").await;
    app.page.click("Running").await;
    app.page.click("History").await;
    until("there", || query() == "?view=history").await;
    js("history.go(-2)");
    until("back", || query().is_empty()).await;
    app.shows("Choose leads").await;
    app.page.click("History").await;
    app.shows("Past batches").await;
    assert_eq!(query(), "?view=history");
    js("history.back()");
    until("back again", || query().is_empty()).await;
}

/// Prevents: whoever comes back starts to search the place again, or another page opens in its middle.
#[wasm_bindgen_test]
async fn back_returns_to_the_place_and_another_page_starts_at_its_top() {
    let app = Driven::opened("").await;
    app.shows("1–50 of 60").await;
    js("document.querySelector('.test-host').style.minHeight = '5000px'; scrollTo(0, 700)");
    until("scrolled", || scrolled() == 700.0).await;
    crate::page::wait_for_frames().await;
    app.page.click("Running").await;
    app.shows("Running batches").await;
    until("at the top", || scrolled() < 200.0).await;
    crate::page::wait_for_frames().await;
    js("history.back()");
    app.shows("1–50 of 60").await;
    until("where it was", || scrolled() == 700.0).await;
    until("focused", || focused() == "view-heading").await;
    until("still there", || scrolled() == 700.0).await;
}

/// Prevents: a link that follows the address leads to where it led at first.
#[wasm_bindgen_test]
async fn a_link_follows_the_address() {
    tidy();
    let store = Store::new(Config::default());
    let page = Page::showing(store, || {
        let to = |here: &Route| here.at_batch(Some(BatchId("b".into())));
        view! {
            <Link to testid="there" name="Batch b">
                "Open"
            </Link>
        }
        .into_any()
    });
    let href = || page.attribute("a", "href").unwrap_or_default();
    assert_eq!(href(), "?batch=b");
    assert!(page.has_button("Batch b"));
    assert_eq!(page.attribute("a", "aria-current"), None);
    page.send(Msg::ViewOpened(View::History)).await;
    assert_eq!(href(), "?view=history&batch=b");
}
