//! Template and price.

use std::rc::Rc;

use batch_runner::app::StartFacts;
use batch_runner::app::requests::Slot;
use batch_runner::app::{Msg, Timer};
use batch_runner::config::Config;
use batch_runner::domain::lead::{Lead, LeadId};
use batch_runner::domain::selection::{Origin, Selection};
use batch_runner::wire::stored;
use serde_json::{Value, json};
use wasm_bindgen_test::wasm_bindgen_test;

use crate::data;
use crate::page::{Page, testid};

/// Prevents: another template than the one shown is priced.
#[wasm_bindgen_test]
async fn the_newest_template_is_chosen_until_somebody_chooses() {
    let page = Page::with_leads(1).await;
    let options = page.options("Report template");
    let words: Vec<_> = options.iter().map(|(_, words)| words.as_str()).collect();
    assert_eq!(words, ["Audit – v1", "Deep audit – 2.0.0 · newest"]);
    assert_eq!(page.value("Report template"), "2.0.0");
    page.shows("With competitors.");
    page.choose("Report template", "Audit – v1").await;
    assert_eq!(page.value("Report template"), "v1");
    page.lacks("With competitors.");
    let chosen = page.store.peek(|model| model.compose.template.clone());
    assert_eq!(chosen.map(|version| version.0).as_deref(), Some("v1"));
}

/// Prevents: a template that is gone is swapped in silence.
#[wasm_bindgen_test]
async fn a_template_that_is_gone_is_told() {
    let page = Page::opened("template=v0").await;
    page.answer(Slot::Templates, 200, data::templates()).await;
    page.shows("Template version v0 is not offered any more. The newest one is chosen instead.");
    assert_eq!(page.value("Report template"), "2.0.0");
    page.choose("Report template", "Audit – v1").await;
    page.lacks("not offered any more");
}

/// Prevents: without templates nobody learns why there is no price.
#[wasm_bindgen_test]
async fn missing_templates_are_told() {
    let page = Page::with_leads(2).await;
    page.choose_leads(&[1]).await;
    page.send(Msg::TemplatesRetried).await;
    page.answer(Slot::Templates, 500, json!({"message": "down"}))
        .await;
    page.shows("Could not load the templates");
    page.click("Try again").await;
    page.answer(Slot::Templates, 200, json!([])).await;
    page.shows("The server offers no report templates now.");
    page.shows("Choose a report template to see the price.");
}

/// Prevents: a price is shown for nothing, or an old one as the present one.
#[wasm_bindgen_test]
async fn a_price_belongs_to_the_present_choice() {
    let page = Page::with_leads(3).await;
    page.shows("Choose at least one lead in the table: its price appears here.");
    page.choose_leads(&[1, 2]).await;
    page.shows("Asking for the price…");
    assert!(!page.has(&testid("estimated-cost")));
    page.priced_at(data::price(&[1, 2], 1.5)).await;
    assert_eq!(page.text_of(&testid("estimated-cost")), "$1.50");
    page.shows("for 2 leads");
    page.choose_leads(&[3]).await;
    assert!(!page.has(&testid("estimated-cost")));
    page.shows("Asking for the price…");
    page.shows("Before the last change: $1.50 for 2 leads");
    page.priced_at(data::price(&[1, 2, 3], 0.025)).await;
    assert_eq!(page.text_of(&testid("estimated-cost")), "$0.0250");
    page.lacks("Before the last change");
}

/// Prevents: the steps of the price are lost or mixed up.
#[wasm_bindgen_test]
async fn a_price_tells_how_it_comes_about() {
    let page = Page::with_leads(2).await;
    page.choose_leads(&[1, 2]).await;
    let more = json!({"cost_per_lead": 0.75, "estimated_duration_minutes": 90, "accuracy_note": "within 10 %",
        "cost_breakdown": {"base_cost": 1.0, "provider_costs": 0.75, "volume_discount_amount": 0.25, "total_cost": 1.5},
        "provider_breakdown": {"<b>maps</b>": {"leads_processed": 2, "cost_per_lead": 0.375, "total_cost": 0.75}}});
    page.priced_at(data::with(data::price(&[1, 2], 1.5), more))
        .await;
    page.shows("Per lead $0.75");
    page.shows("about 1 h 30 min");
    let bill = page.whole_text_of(".breakdown");
    for part in [
        "Reports$1.00",
        "Data providers$0.75",
        "Volume discount-$0.25",
        "Total$1.50",
        "The server says: within 10 %.",
    ] {
        assert!(bill.contains(part), "{part}: {bill}");
    }
}

/// Prevents: the server's refusal to go over budget is not seen before the launch.
#[wasm_bindgen_test]
async fn the_budgets_warning_says_what_to_do() {
    let page = Page::with_leads(3).await;
    page.choose_leads(&[1, 2, 3]).await;
    let over = json!({"is_within_budget": false, "budget_warning": "Batch cost $9.00 exceeds remaining daily budget $6.00"});
    page.priced_at(data::with(data::price(&[1, 2, 3], 9.0), over))
        .await;
    let warning = page.text_of(&testid("budget-warning"));
    assert_eq!(
        warning,
        "Batch cost $9.00 exceeds remaining daily budget $6.00. Take 1 lead out to fit"
    );
    assert!(page.has(".budget-over"));
    page.choose_leads(&[3]).await;
    let near = json!({"budget_warning": "Batch will use 63.4% of daily budget"});
    page.priced_at(data::with(data::price(&[1, 2], 6.0), near))
        .await;
    assert_eq!(
        page.text_of(&testid("budget-warning")),
        "Batch will use 63.4% of daily budget."
    );
    assert!(!page.has(".budget-over"));
}

/// Prevents: leads that are gone are paid for, or cannot be taken out.
#[wasm_bindgen_test]
async fn leads_that_are_gone_can_be_taken_out() {
    let page = Page::with_leads(6).await;
    page.choose_leads(&[1, 2, 3, 4, 5]).await;
    page.priced_at(data::price(&[5], 0.5)).await;
    page.shows("4 chosen leads cannot be reported on any more: Company 1, Company 2, Company 3. And 1 more");
    page.shows("$0.50 for 1 lead");
    page.click("Take them out").await;
    page.shows("1 lead chosen");
    page.lacks("cannot be reported on");
}

/// Prevents: a price that cannot be had leaves the person waiting.
#[wasm_bindgen_test]
async fn a_price_that_cannot_be_had_is_told_with_its_retry() {
    let page = Page::priced(1.5).await;
    page.choose_leads(&[3]).await;
    page.send(Msg::TimerFired(Timer::Price)).await;
    page.answer(Slot::Price, 503, Value::Null).await;
    page.shows("Trying again in ");
    page.send(Msg::TimerFired(Timer::Retry(Slot::Price))).await;
    page.answer(Slot::Price, 500, json!({"message": "boom"}))
        .await;
    page.shows("The price of this choice is not known.");
    page.shows("Before the last change: $1.50 for 2 leads");
    let alert = page.text_of("#price [role=alert]");
    assert!(
        alert.contains("boom") && alert.contains("Without a price a batch cannot be started."),
        "{alert}"
    );
    page.click("Try again").await;
    page.answer(Slot::Price, 200, data::price(&[1, 2, 3], 2.25))
        .await;
    assert_eq!(page.text_of(&testid("estimated-cost")), "$2.25");
}

/// Prevents: more leads than a batch takes are priced.
#[wasm_bindgen_test]
async fn too_many_leads_are_told_in_numbers() {
    let mut many = Selection::default();
    let lead = |n| Rc::new(Lead::known_by(LeadId(format!("x{n:04}")), "x"));
    many.add(Origin::Hand, (0..1_003).map(lead).collect());
    let facts = StartFacts {
        selection: Some(stored::write_selection(&many, &[], None, None, None)),
        ..Page::facts()
    };
    let page = Page::opened_with(Config::default(), facts).await;
    page.answer(Slot::Templates, 200, data::templates()).await;
    page.shows("1,003 leads are chosen; a batch takes at most 1,000. Split them into batches, or keep fewer.");
}
