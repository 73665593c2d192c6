//! The whole app with its driver, on a stand-in for the network.

use batch_runner::app::Msg;
use batch_runner::browser::driver::Driver;
use batch_runner::browser::page::query;
use batch_runner::browser::records;
use batch_runner::config::Config;
use batch_runner::domain::batch::BatchId;
use batch_runner::domain::cost::PriceSubject;
use batch_runner::domain::lead::LeadId;
use batch_runner::domain::ledger::{Entry, Outcome};
use batch_runner::domain::money::Usd;
use batch_runner::domain::template::TemplateVersion;
use batch_runner::ui::store::Store;
use batch_runner::wire::ledger::read_entry;
use serde_json::{Value, json};
use wasm_bindgen_test::wasm_bindgen_test;

use crate::data;
use crate::page::{Page, focused, js, settle, squeezed, until};
use crate::stand_ins::Network;

pub struct Driven {
    pub page: Page,
    pub net: Network,
}

impl Driven {
    /// Opened at `query` by somebody whose token is kept.
    pub async fn opened(query: &str) -> Self {
        Self::opened_by(Some("kept"), query)
    }

    /// The same by somebody with another token, or none.
    fn opened_by(token: Option<&str>, query: &str) -> Self {
        let net = Network::new();
        js(&format!(
            "history.replaceState(null, '', location.pathname + '{query}')"
        ));
        js("localStorage['batch-runner.page-size'] = '50'");
        if let Some(token) = token {
            js(&format!("localStorage.authToken = '{token}'"));
        }
        net.answers("GET", "/v1/leads", 200, &data::leads(60));
        net.answers("GET", "/accounts/me", 200, &data::me());
        net.answers("GET", "/templates", 200, &data::templates());
        net.answers("GET", "/batch?", 200, &data::batches(&[]));
        net.answers("POST", "/batch/preview", 200, &data::price(&[1], 0.5));
        net.answers("POST", "/accounts/", 200, &data::session());
        Self {
            page: Page::around(connected(Config::default())),
            net,
        }
    }

    pub async fn shows(&self, words: &str) {
        until(words, || self.page.text().contains(words)).await;
    }
}

impl Drop for Driven {
    fn drop(&mut self) {
        // The driver listens for as long as the page lives: nobody signed in does nothing.
        self.page.store.send(Msg::SignOutAsked);
        // A token that a test announced was heard by the drivers of all tests before it.
        js("dispatchEvent(new StorageEvent('storage', { key: 'authToken', newValue: null }))");
    }
}

fn connected(config: Config) -> Store {
    let store = Store::new(config.clone());
    let driver = Driver::new(config, store.reporter());
    store.connect(driver);
    store
}

fn kept(key: &str) -> Option<String> {
    js(&format!("localStorage['{key}']")).as_string()
}

/// Prevents: the app asks for nothing, or without its token.
#[wasm_bindgen_test]
async fn a_kept_token_opens_the_app() {
    let app = Driven::opened("").await;
    app.shows("1–50 of 60").await;
    app.shows("Olive").await;
    assert_eq!(app.net.asked("/v1/leads")[0]["token"], "Bearer kept");
    until("dialled", || app.net.sockets().len() == 1).await;
}

/// Prevents: a sign-in sends something else than was typed, or forgets the token.
#[wasm_bindgen_test]
async fn signing_in_sends_what_was_typed_and_keeps_the_token() {
    let app = Driven::opened_by(None, "");
    app.page
        .type_into("E-mail address", " olive@example ")
        .await;
    app.page.type_into("Password", " s ecret ").await;
    app.page.click("Sign in").await;
    until("kept", || kept("authToken").as_deref() == Some("t2")).await;
    assert_eq!(kept("refreshToken").as_deref(), Some("r2"));
    let asked = app.net.asked("/accounts/login");
    let sent: Value =
        serde_json::from_str(asked[0]["body"].as_str().unwrap_or_default()).unwrap_or_default();
    assert_eq!(
        sent,
        json!({"email": "olive@example", "password": " s ecret "})
    );
    app.shows("1–50 of 60").await;
    app.page.click("Sign out").await;
    assert_eq!(kept("authToken"), None);
}

/// Prevents: a choice is lost with the tab, or its price never asked for.
#[wasm_bindgen_test]
async fn a_choice_is_kept_and_priced_by_itself() {
    let app = Driven::opened("").await;
    app.shows("1–50 of 60").await;
    app.shows("newest").await;
    app.page.choose_leads(&[1]).await;
    let choice = kept("batch-runner.selection").unwrap_or_default();
    assert!(choice.contains(r#"["lead-001","Company 1","#), "{choice}");
    app.shows("$0.50 for 1 lead").await;
    app.page.click("Clear").await;
    assert_eq!(kept("batch-runner.selection"), None);
}

/// Prevents: the address does not follow the view, or back leads out of the app.
#[wasm_bindgen_test]
async fn the_address_follows_the_app_and_the_app_the_address() {
    let app = Driven::opened("?q=x").await;
    app.shows("1–50 of 60").await;
    assert_eq!(app.page.value("Search"), "x");
    app.page.type_into("Search", "fair").await;
    until("searched", || query() == "?q=fair").await;
    assert!(!app.net.asked("search=fair").is_empty());
    app.page.click("Running").await;
    assert!(query().contains("view=running"));
    until("focused", || focused() == "view-heading").await;
    js("history.back()");
    until("back", || query() == "?q=fair").await;
    app.shows("1–50 of 60").await;
}

/// Prevents: news of the socket do not reach the page and its title; pings are not sent on.
#[wasm_bindgen_test]
async fn the_socket_moves_card_and_title() {
    let app = Driven::opened("?view=running").await;
    app.net.answers(
        "GET",
        "/batch?",
        200,
        &data::batches(&[data::batch("a", "running", 4, 1)]),
    );
    app.net.answers(
        "GET",
        "/batch/a/status",
        200,
        &data::batch("a", "running", 4, 1),
    );
    until("dialled", || app.net.sockets().len() == 1).await;
    app.net
        .says(&json!({"type": "connection_established"}))
        .await;
    app.shows("1 of 4 leads").await;
    until("subscribed", || {
        app.net.sockets()[0]
            .1
            .iter()
            .any(|frame| frame.contains("subscribe"))
    })
    .await;
    app.net.says(&json!({"type": "progress_update", "batch_id": "a", "total": 4, "processed": 3, "successful": 3, "failed": 0})).await;
    app.shows("3 of 4 leads").await;
    assert_eq!(
        js("document.title").as_string().as_deref(),
        Some("75 % · Batch Runner")
    );
    app.page.click("Sign out").await;
    assert!(app.net.sockets()[0].2, "closed with the session");
}

/// Prevents: the browser's own news of network, page and other tabs are not heard.
#[wasm_bindgen_test]
async fn the_browsers_news_are_heard() {
    let app = Driven::opened("").await;
    app.shows("Olive").await;
    js("dispatchEvent(new Event('offline'))");
    app.shows("Offline").await;
    js("dispatchEvent(new Event('online'))");
    app.shows("Connecting…").await;
    app.net.visible(false);
    js("document.dispatchEvent(new Event('visibilitychange'))");
    app.net.visible(true);
    js("document.dispatchEvent(new Event('visibilitychange'))");
    let asked = app.net.asked("/accounts/me").len();
    js("dispatchEvent(new StorageEvent('storage', { key: 'unrelated', newValue: 'x' }))");
    js(
        "dispatchEvent(new StorageEvent('storage', { key: 'authToken', newValue: 'of-another-page' }))",
    );
    until("asked again", || {
        app.net.asked("/accounts/me").len() > asked
    })
    .await;
    assert_eq!(
        app.net.asked("/accounts/me")[asked]["token"],
        "Bearer of-another-page"
    );
}

/// Prevents: a page that was put aside and comes back overwrites what other tabs have marked meanwhile.
#[wasm_bindgen_test]
async fn a_page_that_comes_back_knows_the_marks_of_others() {
    let app = Driven::opened("").await;
    app.shows("Olive").await;
    let note = |id: &str| {
        let id = BatchId(id.into());
        let store = app.page.store;
        store.peek(|model| model.views.marks.note(&id).to_owned())
    };
    app.page
        .send(Msg::NoteWritten(BatchId("one".into()), "mine".into()))
        .await;
    let own = kept("batch-runner.marks").unwrap_or_default();
    js(&format!(
        "localStorage['batch-runner.marks'] = '{}'",
        own.replace("mine", "theirs")
    ));
    js("dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))");
    assert_eq!(note("one"), "theirs");
    js("delete localStorage['batch-runner.marks']");
    js("document.dispatchEvent(new Event('resume'))");
    assert_eq!(note("one"), "theirs", "nothing kept is nothing to learn");
}

/// Prevents: an older question is not given up, and its late answer is shown.
#[wasm_bindgen_test]
async fn an_older_question_is_given_up() {
    let app = Driven::opened("").await;
    app.shows("1–50 of 60").await;
    app.net.is_silent("GET", "search=old");
    app.page.type_into("Search", "old").await;
    until("asked", || !app.net.asked("search=old").is_empty()).await;
    assert!(app.page.has(".lead-table.is-loading"));
    app.net.answers("GET", "search=new", 200, &data::leads(2));
    app.page.type_into("Search", "new").await;
    app.shows("1–2 of 2").await;
    app.page.click("Sign out").await;
    app.shows("Sign in to Batch Runner").await;
}

/// Prevents: waiting is told with a countdown that does not move, or never ends.
#[wasm_bindgen_test]
async fn what_waits_is_tried_again_by_itself() {
    let app = Driven::opened("").await;
    app.shows("1–50 of 60").await;
    app.net
        .answers("GET", "sort_by=company_name", 503, &Value::Null);
    app.page.click_on(".cell-company_name button").await;
    app.shows("Trying again in 2 s.").await;
    app.net
        .answers("GET", "sort_by=company_name", 200, &data::leads(2));
    app.shows("Trying again in 1 s.").await;
    app.shows("1–2 of 2").await;
}

/// Prevents: a storage that is full is not told.
#[wasm_bindgen_test]
async fn a_full_storage_is_told() {
    let app = Driven::opened("").await;
    app.shows("1–50 of 60").await;
    js(
        "localStorage.filler = 'x'.repeat(5 * 1024 * 1024 - 60 - Object.entries(localStorage).flat().join('').length)",
    );
    app.page.choose_leads(&[1, 2, 3]).await;
    app.shows("is not kept over a reload: the browser’s storage is full")
        .await;
}

fn body_text() -> String {
    squeezed(
        &js("document.body.innerText")
            .as_string()
            .unwrap_or_default(),
    )
}

/// Prevents: the page's “Loading” stays beside the app, or its settings are not read.
#[wasm_bindgen_test]
async fn the_app_takes_the_place_of_what_was_shown_while_loading() {
    let net = Network::new();
    js(
        "document.body.insertAdjacentHTML('beforeend', `<div class=test-host><div id=app>Loading the app</div>\
        <script type=application/json id=config>{\"token_key\":\"special\"}</script></div>`);\
        localStorage.special = 'kept'",
    );
    net.answers("GET", "/accounts/me", 200, &data::me());
    // This app stays for as long as the page: what it hears of the window is taken back by hand.
    js(
        "globalThis.__heard = []; window.addEventListener = (...all) => {\
        __heard.push(all); EventTarget.prototype.addEventListener.apply(window, all) }",
    );
    batch_runner::start();
    js("delete window.addEventListener");
    until("signed in", || body_text().contains("Olive")).await;
    assert!(!body_text().contains("Loading the app"));
    assert_eq!(net.asked("/accounts/me")[0]["token"], "Bearer kept");
    js(
        "[...document.querySelectorAll('#app button')].find((b) => b.textContent.trim() === 'Sign out').click()",
    );
    settle().await;
    assert!(body_text().contains("Sign in to Batch Runner"));
    js("for (const [event, heard] of __heard) window.removeEventListener(event, heard)");
}

/// Prevents: a page without the app's own element stays empty.
#[wasm_bindgen_test]
async fn without_its_element_the_app_takes_the_body() {
    let net = Network::new();
    let mounted = batch_runner::ui::mount(Config::default());
    until("there", || body_text().contains("Sign in to Batch Runner")).await;
    drop(mounted);
    assert!(!body_text().contains("Sign in to Batch Runner"));
    drop(net);
}

/// The ledger as the browser's database has it.
async fn ledger() -> Vec<Entry> {
    let texts = records::read_all().await.unwrap();
    texts.iter().filter_map(|text| read_entry(text)).collect()
}

/// Prevents: a batch is posted twice or without its intent kept; what is to be mended is not found by keyboard.
#[wasm_bindgen_test]
async fn a_batch_is_posted_once_and_a_refusal_gets_the_focus() {
    let app = Driven::opened("").await;
    app.shows("1–50 of 60").await;
    app.shows("newest").await;
    app.page.click("Review batch").await;
    until("focused", || focused() == "launch-complaints").await;
    app.page.choose_leads(&[1]).await;
    app.shows("$0.50 for 1 lead").await;
    app.page.click("Review batch").await;
    let start = "Start for $0.50";
    until("confirmed", || {
        app.page.has_button(start) && !app.page.is_disabled(start)
    })
    .await;
    let detail = json!({"detail": [{"loc": ["body", "name"], "msg": "too plain", "type": "x"}]});
    app.net.answers("POST", "/batch/start", 422, &detail);
    let button = app.page.button(start);
    button.click();
    button.click();
    until("sent", || !app.net.asked("/batch/start").is_empty()).await;
    let entry = ledger().await.remove(0);
    assert_eq!(
        entry.price(),
        Usd::from_dollars(0.5),
        "kept before it is sent"
    );
    app.shows("The server refused this: too plain.").await;
    until("focused", || focused() == "launch-complaints").await;
    assert_eq!(app.net.asked("/batch/start").len(), 1);
    let refused = |entry: &Entry| matches!(entry.outcome, Outcome::Refused(_));
    let mut kept = ledger().await;
    while !kept.iter().all(refused) {
        kept = ledger().await;
    }
}

/// Prevents: another tab has bought the same and given its lock back, and this one buys it again without a word.
#[wasm_bindgen_test]
async fn what_came_into_the_database_meanwhile_is_not_bought_again_unseen() {
    let app = Driven::opened("").await;
    app.shows("1–50 of 60").await;
    app.shows("newest").await;
    app.page.choose_leads(&[1]).await;
    app.shows("$0.50 for 1 lead").await;
    app.page.click("Review batch").await;
    let start = "Start for $0.50";
    until("confirmed", || {
        app.page.has_button(start) && !app.page.is_disabled(start)
    })
    .await;
    let lead = LeadId("lead-001".into());
    let subject = PriceSubject::new([lead], TemplateVersion("2.0.0".into()));
    // Nobody can read what it says, yet that it is there is enough.
    let name = format!("{:016x} 0123456789ab", subject.hash());
    let text = Some("of a later version".to_owned());
    records::write(name.clone(), text).await.unwrap();
    app.page.click(start).await;
    app.shows("Another tab of this browser is starting a batch of these leads")
        .await;
    assert!(app.net.asked("/batch/start").is_empty());
    assert_eq!(ledger().await, [], "this tab wrote nothing down");
    records::write(name, None).await.unwrap();
}

/// Prevents: the app comes back after a reload without the batch it had just paid for.
#[wasm_bindgen_test]
async fn a_started_batch_is_remembered_by_this_browser() {
    let app = Driven::opened("").await;
    app.shows("1–50 of 60").await;
    app.shows("newest").await;
    app.page.choose_leads(&[1]).await;
    app.shows("$0.50 for 1 lead").await;
    app.page.click("Review batch").await;
    let start = "Start for $0.50";
    until("confirmed", || {
        app.page.has_button(start) && !app.page.is_disabled(start)
    })
    .await;
    app.net.answers(
        "POST",
        "/batch/start",
        201,
        &data::batch("b-1", "pending", 1, 0),
    );
    app.page.click(start).await;
    app.shows("Batch with 1 lead started.").await;
    assert!(query().contains("view=running"));
    let mut kept = ledger().await;
    while kept.iter().all(|entry| entry.batch().is_none()) {
        kept = ledger().await;
    }
    assert_eq!(kept[0].batch().unwrap().0, "b-1");
    assert_eq!(kept[0].plan.subject.lead_ids[0].0, "lead-001");
}
