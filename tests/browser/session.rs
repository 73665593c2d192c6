//! Signing in, at first and again.

use batch_runner::app::requests::Slot;
use batch_runner::app::{Msg, Outcome, StartFacts};
use batch_runner::config::Config;
use serde_json::json;
use wasm_bindgen_test::wasm_bindgen_test;

use crate::data;
use crate::page::{Page, focused};

async fn signed_out() -> Page {
    let facts = StartFacts {
        token: None,
        ..Page::facts()
    };
    Page::opened_with(Config::default(), facts).await
}

async fn fill_in(page: &Page) {
    page.type_into("E-mail address", "olive@example").await;
    page.type_into("Password", "secret").await;
    page.click_on("[data-testid=sign-in-submit]").await;
}

/// Prevents: the form sends nothing, can be sent twice, or stays after the sign-in.
#[wasm_bindgen_test]
async fn signing_in_opens_the_app() {
    let page = signed_out().await;
    page.shows("Sign in to Batch Runner");
    assert_eq!(focused(), "sign-in-email");
    assert!(
        !page.has(".header"),
        "nothing of the app is shown before the sign-in"
    );
    fill_in(&page).await;
    assert!(page.asks(&Slot::Session));
    page.shows("Signing in…");
    assert!(page.is_disabled("Signing in…"));
    page.answer(Slot::Session, 200, data::session()).await;
    page.lacks("Sign in");
    page.shows("Choose leads");
    page.shows("Olive");
}

/// Prevents: a wrong password is told as an ended session, or not to a screen reader.
#[wasm_bindgen_test]
async fn a_wrong_password_is_told_at_the_form() {
    let page = signed_out().await;
    fill_in(&page).await;
    page.answer(Slot::Session, 401, json!({"detail": "Invalid credentials"}))
        .await;
    assert!(
        page.text_of("[role=alert]")
            .contains("do not belong together")
    );
    assert_eq!(
        page.attribute("#sign-in-email", "aria-describedby")
            .as_deref(),
        Some("sign-in-complaint")
    );
    assert_eq!(
        page.value("E-mail address"),
        "olive@example",
        "what was typed stays"
    );
    assert!(!page.is_disabled("Sign in"));
    fill_in(&page).await;
    page.ended(Slot::Session, Outcome::Network).await;
    assert!(
        page.text_of("[role=alert]")
            .contains("connection to the server was lost")
    );
}

/// Prevents: an ended session throws away what was chosen, or leaves the page with no way on.
#[wasm_bindgen_test]
async fn an_ended_session_is_renewed_in_front_of_what_was_done() {
    let page = Page::with_leads(3).await;
    page.choose_leads(&[2]).await;
    page.send(Msg::LeadsRetried).await;
    page.answer(Slot::Leads, 401, json!({"detail": "expired"}))
        .await;
    assert!(page.has("dialog[open]"));
    assert_eq!(page.text_of("dialog h1"), "Sign in again");
    page.shows("Nothing is lost");
    assert_eq!(
        page.value("E-mail address"),
        "olive@example",
        "whose session it was is known"
    );
    assert_eq!(
        page.all("[data-testid=lead-row]").len(),
        3,
        "the view is kept"
    );
    page.escape().await;
    assert!(
        page.has("dialog[open]"),
        "Esc leads nowhere without a session"
    );
    fill_in(&page).await;
    page.answer(Slot::Session, 401, json!({"detail": "no"}))
        .await;
    assert!(
        page.text_of("dialog [role=alert]")
            .contains("do not belong together")
    );
    fill_in(&page).await;
    page.answer(Slot::Session, 200, data::session()).await;
    assert!(!page.has("dialog"));
    page.shows("1 lead chosen");
    assert!(page.asks(&Slot::Leads), "what was refused is asked again");
}

/// Prevents: the next person sees what the one before had chosen.
#[wasm_bindgen_test]
async fn signing_out_leaves_nothing_behind() {
    let page = Page::with_leads(3).await;
    page.choose_leads(&[1]).await;
    page.click("Sign out").await;
    page.shows("Sign in to Batch Runner");
    page.lacks("Company 1");
    fill_in(&page).await;
    page.answer(Slot::Session, 200, data::session()).await;
    page.shows("No leads chosen");
}
