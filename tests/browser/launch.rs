//! From the settings to a started batch.

use batch_runner::app::requests::Slot;
use batch_runner::app::{Msg, Outcome, Timer};
use batch_runner::domain::plan::ClientReference;
use batch_runner::machine::launch::Launch;
use serde_json::{Value, json};
use wasm_bindgen_test::wasm_bindgen_test;

use crate::data;
use crate::page::{Page, focused, set_clock, settle, testid};

impl Page {
    /// Two leads for $1.50, under review; template and price are being confirmed.
    async fn reviewing() -> Self {
        let page = Page::priced(1.5).await;
        page.type_into("Name (optional)", "Autumn").await;
        page.click("Review batch").await;
        page
    }

    async fn confirmed(&self) {
        self.answer(Slot::Templates, 200, data::templates()).await;
        self.answer(Slot::Price, 200, data::price(&[1, 2], 1.5))
            .await;
        self.budget_untold().await;
    }

    /// Nothing runs, and the server does not tell what is left of the budget.
    async fn budget_untold(&self) {
        self.answer(Slot::BatchList, 200, data::batches(&[])).await;
        let missing = json!({"detail": "Not Found"});
        self.answer(Slot::Budget, 404, missing).await;
    }

    /// The browser has taken the lock of what was approved and written it down.
    async fn secured(&self) {
        let record = match self.launch() {
            Launch::Approved(run) => run.plan.record(),
            other => panic!("nothing was approved: {other:?}"),
        };
        let elsewhere = false;
        let lock = String::new();
        self.send(Msg::PlanSecured {
            lock,
            record,
            elsewhere,
        })
        .await;
    }

    /// Approved, and the answer got lost.
    async fn lost() -> Self {
        let page = Page::reviewing().await;
        page.confirmed().await;
        page.click("Start for $1.50").await;
        page.secured().await;
        page.ended(Slot::Start, Outcome::Network).await;
        page
    }

    /// The server's list is read for a lost launch, so many times.
    async fn looked(&self, times: i64, status: u16, answer: Value) {
        for time in 1..=times {
            set_clock(time * 30_000);
            self.send(Msg::TimerFired(Timer::Launch)).await;
            self.answer(Slot::BatchList, status, answer.clone()).await;
        }
    }

    fn launch(&self) -> Launch {
        self.store.peek(|model| model.compose.launch.clone())
    }

    fn reference(&self) -> ClientReference {
        match self.launch() {
            Launch::Checking(check) => check.run.plan.reference,
            other => panic!("nothing is looked for: {other:?}"),
        }
    }
}

fn started(id: &str, reference: &ClientReference) -> Value {
    data::with(
        data::batch(id, "pending", 2, 0),
        json!({"description": reference.attach(None)}),
    )
}

/// Prevents: a person is told of one mistake after the other, or cannot find the field.
#[wasm_bindgen_test]
async fn every_complaint_leads_to_its_field() {
    let page = Page::with_leads(3).await;
    page.type_into("Leads at once", "99").await;
    page.type_into("Tries again per lead", "many").await;
    page.type_into("Name (optional)", &"n".repeat(256)).await;
    page.click("Review batch").await;
    assert!(!page.has("dialog"));
    let links: Vec<_> = page
        .all("#launch-complaints a")
        .iter()
        .map(|link| link.inner_text())
        .collect();
    assert_eq!(
        links,
        [
            "Choose at least one lead in the table.",
            "Shorten the name to 255 characters: it has 256.",
            "Enter a whole number from 1 to 20 for “Leads at once”.",
            "Enter a whole number from 0 to 5 for “Tries again per lead”.",
        ]
    );
    assert_eq!(
        page.attribute("#batch-retries", "aria-invalid").as_deref(),
        Some("true")
    );
    assert_eq!(page.attribute("#batch-description", "aria-invalid"), None);
    assert!(!page.has(".more-settings[open]"));
    page.click("Enter a whole number from 1 to 20 for “Leads at once”.")
        .await;
    assert!(
        page.has(".more-settings[open]"),
        "what is folded away is opened"
    );
    assert_eq!(focused(), "batch-concurrency");
    assert_eq!(
        page.text_of("#batch-concurrency-note"),
        "Enter a whole number from 1 to 20 for “Leads at once”."
    );
    page.type_into("Leads at once", "20").await;
    assert_eq!(page.text_of("#batch-concurrency-note"), "1 to 20");
    assert_eq!(page.attribute("#batch-concurrency", "aria-invalid"), None);
    assert_eq!(page.all("#launch-complaints a").len(), 3);
    page.click("Choose at least one lead in the table.").await;
    assert_eq!(focused(), "lead-search");
}

/// Prevents: a batch is started at a price that is not there.
#[wasm_bindgen_test]
async fn without_a_price_there_is_no_review() {
    let page = Page::with_leads(3).await;
    assert!(!page.has("#launch-complaints:not([hidden])"));
    page.choose_leads(&[1]).await;
    page.click("Review batch").await;
    page.shows("Wait until the price of this choice is there.");
    assert!(!page.has("dialog"));
}

/// Prevents: a batch is bought unseen, twice, or before template and price are confirmed.
#[wasm_bindgen_test]
async fn a_reviewed_batch_is_started_once() {
    let page = Page::priced(1.5).await;
    page.type_into("Name (optional)", "<i>Autumn</i>").await;
    page.type_into("Description (optional)", "For the fair")
        .await;
    page.click("Review batch").await;
    assert_eq!(page.text_of("dialog[open] h2"), "Review this batch");
    let facts = page.text_of(".review-facts");
    for part in [
        "Leads 2 leads",
        "Report Deep audit – 2.0.0",
        "Name <i>Autumn</i>",
        "Description For the fair",
        "At once 5 leads",
        "Tries again up to 3 times per lead",
    ] {
        assert!(facts.contains(part), "{part}: {facts}");
    }
    page.shows("Confirming price and template…");
    assert!(page.is_disabled("Start for $1.50"));
    page.click("Start for $1.50").await;
    assert!(!page.asks(&Slot::Start));
    page.answer(Slot::Templates, 200, data::templates()).await;
    assert!(page.is_disabled("Start for $1.50"));
    page.answer(Slot::Price, 200, data::price(&[1, 2], 1.5))
        .await;
    page.shows("Asking what is left of today’s budget…");
    assert!(page.is_disabled("Start for $1.50"));
    page.budget_untold().await;
    assert!(!page.is_disabled("Start for $1.50"));
    let start = page.button("Start for $1.50");
    start.click();
    start.click();
    settle().await;
    assert!(!page.asks(&Slot::Start), "not before it is written down");
    page.secured().await;
    page.shows("Starting the batch…");
    page.shows("2 leads for $1.50. This takes a moment; it is sent once.");
    page.escape().await;
    assert!(
        page.has("dialog[open]"),
        "what is under way cannot be waved away"
    );
    page.answer(Slot::Start, 201, data::batch("b-1", "pending", 2, 0))
        .await;
    assert!(!page.has("dialog"));
    page.shows("Batch with 2 leads started.");
    page.shows("Running batches");
    assert_eq!(
        page.attribute(&testid("active-batch"), "data-batch-id")
            .as_deref(),
        Some("b-1")
    );
}

/// Prevents: a price that changed under review is approved unseen.
#[wasm_bindgen_test]
async fn a_changed_price_is_told_in_the_review() {
    let page = Page::reviewing().await;
    page.answer(Slot::Price, 200, data::price(&[1, 2], 2.0))
        .await;
    page.shows("The price has changed from $1.50 to $2.00.");
    assert!(page.is_disabled("Start for $2.00"));
    page.answer(Slot::Templates, 200, data::templates()).await;
    page.shows("Look at the new price before you start.");
    assert!(
        page.is_disabled("Start for $2.00"),
        "a click meant for the price before buys nothing"
    );
    set_clock(1_000);
    page.send(Msg::TimerFired(Timer::Launch)).await;
    page.budget_untold().await;
    assert!(!page.is_disabled("Start for $2.00"));
    page.click("Back").await;
    assert!(!page.has("dialog"));
    assert_eq!(page.value("Name (optional)"), "Autumn");
}

/// Prevents: a review that waits looks as if it had hung; Esc does not leave it.
#[wasm_bindgen_test]
async fn a_slow_server_is_told_in_the_review() {
    let page = Page::reviewing().await;
    page.answer(Slot::Price, 503, Value::Null).await;
    page.shows("The server is slow to confirm the price; it is being asked again…");
    page.escape().await;
    assert!(!page.has("dialog"));
    assert_eq!(page.launch(), Launch::Draft);
}

/// Prevents: the server's refusal is lost or not told at its field.
#[wasm_bindgen_test]
async fn a_refused_start_is_told_at_its_field() {
    let page = Page::reviewing().await;
    page.confirmed().await;
    page.click("Start for $1.50").await;
    page.secured().await;
    let detail = json!({"detail": [{"loc": ["body", "name"], "msg": "Value error, too plain", "type": "x"}]});
    page.answer(Slot::Start, 422, detail).await;
    assert!(!page.has("dialog"));
    page.shows("The server refused this: too plain.");
    assert_eq!(
        page.attribute("#batch-name", "aria-invalid").as_deref(),
        Some("true")
    );
    page.shows("2 leads chosen");
}

/// Prevents: a lost answer leads to a second, paid batch, or is told as a failure.
#[wasm_bindgen_test]
async fn a_lost_answer_is_looked_for_and_found() {
    let page = Page::lost().await;
    page.shows("Checking whether it started");
    page.shows("It is not sent again.");
    assert!(!page.asks(&Slot::Start));
    page.escape().await;
    assert!(page.has("dialog[open]"));
    let found = started("b-7", &page.reference());
    page.looked(1, 200, data::batches(&[found])).await;
    assert!(!page.has("dialog"));
    page.shows("Batch with 2 leads did start: it was found on the server.");
    assert_eq!(
        page.attribute(&testid("active-batch"), "data-batch-id")
            .as_deref(),
        Some("b-7")
    );
}

/// Prevents: what is not in the list is sent again without a word of the risk.
#[wasm_bindgen_test]
async fn what_is_not_confirmed_is_reviewed_with_a_warning() {
    let page = Page::lost().await;
    page.looked(4, 200, data::batches(&[])).await;
    page.shows("Not confirmed");
    page.shows("both are paid for");
    page.shows("Sent ");
    page.click("Look again").await;
    page.shows("Checking whether it started");
    set_clock(0);
    for round in 5..=8 {
        set_clock(round * 30_000);
        page.send(Msg::TimerFired(Timer::Launch)).await;
        page.answer(Slot::BatchList, 200, data::batches(&[])).await;
    }
    page.click("Review and send again").await;
    page.shows("An earlier attempt was not confirmed.");
    page.confirmed().await;
    page.shows("You approved a batch of exactly these 2 leads with this template");
    assert!(page.is_disabled("Start for $1.50"), "it must be meant");
    let tick = page.all(&testid("accept-concerns")).remove(0);
    tick.click();
    settle().await;
    page.click("Start for $1.50").await;
    page.secured().await;
    assert!(page.asks(&Slot::Start));
}

/// Prevents: a price that is confirmed meanwhile takes the focus away from whoever is about to agree.
#[wasm_bindgen_test]
async fn a_review_that_is_confirmed_keeps_the_focus() {
    let page = Page::lost().await;
    page.looked(8, 500, json!({"message": "down"})).await;
    page.click("Review and send again").await;
    let tick = "[data-testid=accept-concerns]";
    page.find(tick).focus().unwrap();
    page.answer(Slot::Templates, 200, data::templates()).await;
    page.answer(Slot::Price, 200, data::price(&[1, 2], 2.0))
        .await;
    page.shows("The price has changed from $1.50 to $2.00.");
    assert!(page.has(&format!("{tick}:focus")));
}

/// Prevents: a list that cannot be read is told as “did not start”.
#[wasm_bindgen_test]
async fn what_cannot_be_looked_for_is_told_as_unknown() {
    let page = Page::lost().await;
    page.looked(8, 500, json!({"message": "down"})).await;
    page.shows("Not known whether it started");
    page.click("Leave it").await;
    assert!(!page.has("dialog"));
    assert_eq!(page.launch(), Launch::Draft);
}

/// Prevents: of several like batches the wrong one is taken over in silence.
#[wasm_bindgen_test]
async fn several_batches_are_all_offered() {
    let page = Page::lost().await;
    let reference = page.reference();
    let both = [
        started("first-batch", &reference),
        started("second-batch", &reference),
    ];
    page.looked(1, 200, data::batches(&both)).await;
    page.shows("More than one batch may be yours");
    assert!(page.has_button("Open batch first-ba"));
    page.click("Open batch second-b").await;
    assert!(!page.has("dialog"));
    page.shows("Batch second-batch");
    assert!(page.has(&testid("batch-details")));
}
