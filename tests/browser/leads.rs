//! The table of leads: finding and choosing.

use batch_runner::app::requests::Slot;
use batch_runner::app::{Msg, Outcome, Timer};
use batch_runner::domain::lead::Enrichment;
use serde_json::{Value, json};
use wasm_bindgen_test::wasm_bindgen_test;

use crate::data;
use crate::page::{Page, focused, testid};

fn names(page: &Page) -> Vec<String> {
    let names = page.all(".lead-name");
    names.iter().map(|name| name.inner_text()).collect()
}

fn chosen(page: &Page) -> String {
    page.text_of(&testid("selection-count"))
}

async fn showing(leads: Value) -> Page {
    let page = Page::opened("").await;
    page.answer(Slot::Templates, 200, data::templates()).await;
    page.answer(Slot::Leads, 200, leads).await;
    page
}

/// Prevents: a row shows another lead's data, or cannot be found by its identifier.
#[wasm_bindgen_test]
async fn each_lead_has_a_row_with_its_data() {
    let fields = json!({"is_manual": true, "enrichment_status": "failed", "source": null, "contact_name": null});
    let odd = data::with(data::lead(2), fields);
    let other = data::with(
        data::lead(3),
        json!({"enrichment_status": "frozen", "company_name": null}),
    );
    let page = showing(json!({"leads": [data::lead(1), odd, other], "total_count": 3})).await;
    let rows = page.all(&testid("lead-row"));
    let ids: Vec<_> = rows
        .iter()
        .filter_map(|row| row.get_attribute("data-lead-id"))
        .collect();
    assert_eq!(ids, ["lead-001", "lead-002", "lead-003"]);
    let cell = |row: usize, label: &str| {
        let cell = rows[row]
            .query_selector(&format!("[data-label=\"{label}\"]"))
            .unwrap();
        cell.and_then(|cell| cell.text_content())
            .unwrap_or_default()
    };
    assert_eq!(cell(0, "Contact"), "Contact 1");
    assert_eq!(cell(0, "E-mail"), "c1@example");
    assert_eq!(cell(0, "Enrichment"), "Enriched");
    assert_eq!(cell(0, "Source"), "fair");
    assert!(
        cell(0, "Added").contains("20 Nov 2026"),
        "{}",
        cell(0, "Added")
    );
    assert_eq!(
        (cell(1, "Contact").as_str(), cell(1, "Source").as_str()),
        ("–", "– · by hand")
    );
    assert_eq!(cell(1, "Enrichment"), "Enrichment failed");
    assert_eq!(
        cell(2, "Enrichment"),
        "frozen",
        "an unknown word is shown as it is"
    );
    assert!(
        page.has("[aria-label=\"Choose Contact 3\"]"),
        "named by the best that is known"
    );
    let classes: Vec<_> = page
        .all(".badge")
        .iter()
        .map(|badge| badge.class_name())
        .collect();
    assert_eq!(classes, ["badge badge-good", "badge badge-bad", "badge"]);
}

/// Prevents: a lead's name is taken as HTML.
#[wasm_bindgen_test]
async fn hostile_names_stay_text() {
    let name = "<img src=x onerror=\"window.hacked=1\"><b>x</b>";
    let page = showing(json!({"leads": [data::with(data::lead(1), json!({"company_name": name}))], "total_count": 1})).await;
    assert_eq!(names(&page), [name]);
    assert!(!page.has("img") && !page.has("tbody b"));
}

/// Prevents: an empty table while loading looks like no leads.
#[wasm_bindgen_test]
async fn placeholders_stand_for_rows_while_loading() {
    let page = Page::opened("").await;
    assert_eq!(page.all(".placeholder").len(), 10);
    assert_eq!(
        page.attribute(".table-frame", "aria-busy").as_deref(),
        Some("true")
    );
    page.lacks("There are no leads yet");
    page.answer(Slot::Leads, 200, data::leads(2)).await;
    assert!(!page.has(".placeholder"));
    assert_eq!(
        page.attribute(".table-frame", "aria-busy").as_deref(),
        Some("false")
    );
    page.send(Msg::LeadsRetried).await;
    assert_eq!(names(&page).len(), 2, "rows stay while they are read again");
    assert!(page.has(".lead-table.is-loading"));
}

/// Prevents: no leads at all are told as a filter that found none, and the other way round.
#[wasm_bindgen_test]
async fn an_empty_list_says_why_and_shows_the_way_out() {
    let page = showing(data::leads(0)).await;
    page.shows("There are no leads yet.");
    page.shows("0 leads");
    assert!(!page.has_button("Remove search and filters"));
    page.choose("Origin", "Imported").await;
    page.answer(Slot::Leads, 200, data::leads(0)).await;
    page.send(Msg::LeadsRetried).await;
    page.answer(Slot::Leads, 200, data::leads(0)).await;
    let page = Page::opened("manual=1").await;
    page.answer(Slot::Leads, 200, data::leads(0)).await;
    page.shows("No leads match this search and these filters.");
    page.click("Remove search and filters").await;
    assert!(page.store.peek(|model| model.route.leads.filter.is_empty()));
    assert!(page.asks(&Slot::Leads));
}

/// Prevents: a failure is shown as an empty list, or without a way to try again.
#[wasm_bindgen_test]
async fn a_failed_read_says_so_and_can_be_tried_again() {
    let page = Page::opened("").await;
    page.answer(Slot::Leads, 500, json!({"message": "boom"}))
        .await;
    assert!(
        page.text_of("[role=alert]")
            .contains("Could not load the leads: the server failed (500, boom)")
    );
    page.lacks("There are no leads yet");
    assert!(!page.has(".placeholder"));
    page.click("Try again").await;
    assert!(!page.has("[role=alert]"));
    page.answer(Slot::Leads, 200, data::leads(1)).await;
    assert_eq!(names(&page), ["Company 1"]);
}

/// Prevents: nobody learns that the app waits, for what, and how long.
#[wasm_bindgen_test]
async fn a_read_that_waits_tells_its_countdown() {
    let page = Page::opened("").await;
    page.answer(Slot::Leads, 503, Value::Null).await;
    page.shows("not available now (503)");
    assert!(
        page.text_of(".fault-countdown")
            .starts_with("Trying again in ")
    );
    assert!(!page.has_button("Try again"));
    page.send(Msg::TimerFired(Timer::Retry(Slot::Leads))).await;
    assert!(!page.has(".fault"));
    page.ended(Slot::Leads, Outcome::Offline).await;
    page.shows("Offline: this goes on by itself when the network is back.");
    assert!(!page.has(".fault-countdown"));
    page.send(Msg::Online(true)).await;
    assert!(!page.has(".fault"));
}

/// Prevents: the box in the header says “all” or “none” where only some are chosen.
#[wasm_bindgen_test]
async fn the_headers_box_has_three_states() {
    let page = Page::with_leads(2).await;
    let state = || {
        let header = page.checkbox("Select this page");
        (header.checked(), header.indeterminate())
    };
    assert_eq!(state(), (false, false));
    page.choose_leads(&[1]).await;
    assert_eq!(state(), (false, true));
    page.choose_leads(&[2]).await;
    assert_eq!(state(), (true, false));
    page.tick("Select this page").await;
    assert_eq!(
        (state(), chosen(&page).as_str()),
        ((false, false), "No leads chosen")
    );
    page.tick("Select this page").await;
    assert_eq!(
        (state(), chosen(&page).as_str()),
        ((true, false), "2 leads chosen")
    );
}

/// Prevents: a click on a row's box chooses another lead, or shows what is not so.
#[wasm_bindgen_test]
async fn a_row_is_chosen_and_given_up() {
    let page = Page::with_leads(3).await;
    page.choose_leads(&[2]).await;
    assert_eq!(chosen(&page), "1 lead chosen");
    assert_eq!(
        page.attribute(".is-chosen", "data-lead-id").as_deref(),
        Some("lead-002")
    );
    assert!(page.checkbox("Choose Company 2").checked());
    page.choose_leads(&[2]).await;
    assert_eq!(chosen(&page), "No leads chosen");
    assert!(!page.has(".is-chosen"));
    assert!(!page.has_button("Clear"));
}

/// Prevents: a choice on another page is forgotten or not told.
#[wasm_bindgen_test]
async fn the_choice_bar_tells_leads_of_other_pages_and_clears_them() {
    let page = Page::with_leads(60).await;
    page.choose_leads(&[1]).await;
    page.click("Next").await;
    page.answer(
        Slot::Leads,
        200,
        json!({"leads": [data::lead(51)], "total_count": 51}),
    )
    .await;
    page.choose_leads(&[51]).await;
    assert_eq!(chosen(&page), "2 leads chosen");
    page.click("Clear").await;
    assert_eq!(chosen(&page), "No leads chosen");
    page.shows("2 leads not chosen any more.");
    page.click("Undo").await;
    assert_eq!(chosen(&page), "2 leads chosen");
}

/// Prevents: “all” means the page, or more than a batch takes.
#[wasm_bindgen_test]
async fn all_matching_leads_are_chosen_at_once() {
    let page = Page::with_leads(60).await;
    page.click("Select all 60 leads").await;
    assert!(page.is_disabled("Choosing…"));
    assert_eq!(chosen(&page), "60 leads chosen");
    page.shows("Reading which leads these are: 0 of 60.");
    let all: Vec<_> = (1..=60).map(data::lead).collect();
    page.answer(
        Slot::Gathering,
        200,
        json!({"leads": all, "total_count": 60}),
    )
    .await;
    assert_eq!(chosen(&page), "60 leads chosen");
    page.shows("60 from all leads");
    page.shows("All 60 matching leads are chosen, 60 of them new.");
    page.choose("Badges", "With badges").await;
    assert!(page.is_disabled("Counting…"));
    let many = json!({"leads": [data::lead(1)], "total_count": 8412});
    page.answer(Slot::Leads, 200, many).await;
    page.click("Select all 8,412 matching leads").await;
    assert_eq!(chosen(&page), "60 leads chosen, 8,412 being added");
    page.answer(Slot::Gathering, 500, Value::Null).await;
    page.shows("Could not load the leads");
    page.click("Stop").await;
    assert_eq!(chosen(&page), "60 leads chosen");
}

/// Prevents: too many are told only by a refusal, and nothing can be done about it.
#[wasm_bindgen_test]
async fn too_many_are_told_with_ways_out() {
    let page = Page::with_leads(3).await;
    page.choose("Badges", "Without badges").await;
    let many: Vec<_> = (1..=1_000).map(data::lead).collect();
    let rest: Vec<_> = (1_001..=1_200).map(data::lead).collect();
    page.answer(
        Slot::Leads,
        200,
        json!({"leads": many[..50], "total_count": 1_200}),
    )
    .await;
    page.click("Select all 1,200 matching leads").await;
    for leads in [many, rest] {
        let answer = json!({"leads": leads, "total_count": 1_200});
        page.answer(Slot::Gathering, 200, answer).await;
    }
    page.shows("1,200 leads are chosen; a batch takes at most 1,000. Split them into batches, keep some, or narrow");
    page.shows("1,200 by filter Without badges");
    page.click("Keep a random 1,000").await;
    assert_eq!(chosen(&page), "1,000 leads chosen");
    page.shows("A random sample of 1,000 of 1,200 chosen leads are kept.");
    assert!(!page.has(&testid("too-many")));
    page.click_on(&testid("undo-choice")).await;
    assert_eq!(chosen(&page), "1,200 leads chosen");
    page.click_on(&testid("redo-choice")).await;
    assert_eq!(chosen(&page), "1,000 leads chosen");
}

/// Prevents: nothing to choose from, yet the button acts.
#[wasm_bindgen_test]
async fn nothing_can_be_chosen_of_nothing() {
    let page = showing(data::leads(0)).await;
    assert!(page.is_disabled("Select all 0 leads"));
    page.click("Select all 0 leads").await;
    assert!(!page.asks(&Slot::Gathering));
}

/// Prevents: the arrow and what a screen reader hears disagree with the order.
#[wasm_bindgen_test]
async fn headings_sort_and_say_which_way() {
    let page = Page::with_leads(3).await;
    let sort = |column: &str| page.attribute(&format!(".cell-{column}"), "aria-sort");
    assert_eq!(sort("created_at").as_deref(), Some("descending"));
    assert_eq!(sort("company_name"), None);
    page.click_on(".cell-company_name button").await;
    assert_eq!(sort("company_name").as_deref(), Some("ascending"));
    assert_eq!(sort("created_at"), None);
    assert!(page.text_of(".cell-company_name").contains('▲'));
    assert!(page.asks(&Slot::Leads));
    page.click_on(".cell-company_name button").await;
    assert_eq!(sort("company_name").as_deref(), Some("descending"));
    assert!(page.text_of(".cell-company_name").contains('▼'));
}

/// Prevents: a filter asks for something else than its words say, or jumps back.
#[wasm_bindgen_test]
async fn filters_ask_for_what_they_say() {
    let page = Page::with_leads(3).await;
    let filter = || page.store.peek(|model| model.route.leads.filter.clone());
    page.choose("Enrichment", "Enrichment failed").await;
    page.choose("Origin", "Entered by hand").await;
    page.choose("Badges", "Without badges").await;
    assert_eq!(filter().enrichment, Some(Enrichment::Failed));
    assert_eq!(
        (filter().is_manual, filter().has_badges),
        (Some(true), Some(false))
    );
    page.answer(Slot::Leads, 200, data::leads(1)).await;
    assert_eq!(page.value("Enrichment"), "failed");
    assert_eq!(
        (page.value("Origin"), page.value("Badges")),
        ("1".into(), "0".into())
    );
    assert!(page.has_button("Select all 1 matching lead"));
    page.choose("Enrichment", "Any").await;
    page.choose("Badges", "Any").await;
    assert_eq!((filter().enrichment, filter().has_badges), (None, None));
}

/// Prevents: each key is a request, or a filter forgets what has just been typed.
#[wasm_bindgen_test]
async fn a_search_is_asked_when_typing_pauses() {
    let page = Page::with_leads(3).await;
    let search = || {
        page.store
            .peek(|model| model.route.leads.filter.search.clone())
    };
    page.type_into("Search", "café ").await;
    assert_eq!(search(), "");
    page.send(Msg::TimerFired(Timer::Search)).await;
    assert_eq!(search(), "café");
    page.type_into("Search", "bar").await;
    page.choose("Origin", "Imported").await;
    assert_eq!(search(), "bar");
    assert_eq!(page.value("Search"), "bar");
    page.send(Msg::LeadFilterChanged(Default::default())).await;
    assert_eq!(page.value("Search"), "");
}

/// Prevents: the pager leads beyond the ends or miscounts.
#[wasm_bindgen_test]
async fn the_pager_stays_within_the_list() {
    let page = Page::with_leads(60).await;
    page.shows("1–50 of 60");
    page.shows("Page 1 of 2");
    assert!(page.is_disabled("Previous") && !page.is_disabled("Next"));
    page.click("Previous").await;
    assert!(!page.asks(&Slot::Leads));
    page.click("Next").await;
    let rest: Vec<_> = (51..=60).map(data::lead).collect();
    page.answer(Slot::Leads, 200, json!({"leads": rest, "total_count": 60}))
        .await;
    page.shows("51–60 of 60");
    page.shows("Page 2 of 2");
    assert!(page.is_disabled("Next") && !page.is_disabled("Previous"));
    assert_eq!(page.value("Rows"), "50");
    page.choose("Rows", "100 a page").await;
    page.answer(Slot::Leads, 200, data::leads(60)).await;
    page.shows("Page 1 of 1");
    assert_eq!(page.value("Rows"), "100");
}

/// Prevents: entries vanish without a word.
#[wasm_bindgen_test]
async fn entries_that_cannot_be_shown_are_told() {
    let page =
        showing(json!({"leads": [data::lead(1), data::lead(1), {"id": null}], "total_count": 3}))
            .await;
    assert_eq!(names(&page), ["Company 1"]);
    page.shows("2 of the server’s entries for this page could not be shown");
}

/// Prevents: on a narrow screen nobody finds the price below the table.
#[wasm_bindgen_test]
async fn a_choice_leads_to_its_price() {
    let page = Page::with_leads(3).await;
    assert!(!page.has(".to-price"));
    page.choose_leads(&[1]).await;
    assert_eq!(page.text_of(".to-price"), "Price");
    page.priced_at(data::price(&[1], 0.5)).await;
    assert_eq!(page.text_of(".to-price"), "Price: $0.50");
    page.click_on(".to-price").await;
    assert_eq!(focused(), "price");
}
