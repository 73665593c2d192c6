//! The app in the page of the test: what a person sees of it and does to it.

use std::cell::RefCell;
use std::rc::Rc;

use batch_runner::app::launch::ledger::Records;
use batch_runner::app::notifications::background::Permission;
use batch_runner::app::requests::{Slot, Ticket};
use batch_runner::app::{Msg, Outcome, SocketEvent, StartFacts, Timer};
use batch_runner::config::Config;
use batch_runner::domain::live::Health;
use batch_runner::machine::connection::Channel;
use batch_runner::machine::link::Epoch;
use batch_runner::ui::shell::{App, AppProps};
use batch_runner::ui::store::Store;
use batch_runner::ui::{Mounted, mount_in};
use leptos::prelude::{AnyView, IntoAny, document, provide_context};
use serde_json::{Value, json};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{HtmlElement, HtmlInputElement, HtmlSelectElement, HtmlTextAreaElement};

use crate::data;

/// More requests than any test sends.
const MOST_REQUESTS: u32 = 80;

/// The app, mounted; taken away at the end.
pub struct Page {
    pub store: Store,
    host: HtmlElement,
    mounted: Rc<RefCell<Option<Mounted>>>,
}

thread_local! {
    /// What is mounted now: a test that fails takes nothing away, and its router would answer the clicks of the next.
    static MOUNTED: RefCell<Vec<Rc<RefCell<Option<Mounted>>>>> = RefCell::default();
}

impl Drop for Page {
    fn drop(&mut self) {
        drop(self.mounted.take());
        self.host.remove();
        tidy();
    }
}

/// Everything that a test may have left in the browser is taken back.
pub fn tidy() {
    set_clock(0);
    for left in MOUNTED.take() {
        drop(left.take());
    }
    js(
        "history.replaceState(null, '', location.pathname); dispatchEvent(new Event('wheel'));\
        if (globalThis.__storage) Object.defineProperty(globalThis, 'localStorage', __storage);\
        for (const old of document.querySelectorAll('.test-host')) old.remove();\
        localStorage.clear(); sessionStorage.clear(); indexedDB.deleteDatabase('batch-runner');\
        if (globalThis.__net) { fetch = __net.fetch; WebSocket = __net.WebSocket; }\
        delete document.visibilityState; delete navigator.onLine;",
    );
}

pub fn js(code: &str) -> JsValue {
    js_sys::eval(code).unwrap_or_else(|error| panic!("{code}: {error:?}"))
}

/// From now on the wall clock is so many milliseconds ahead of the true one.
pub fn set_clock(ahead: i64) {
    js(&format!(
        "globalThis.__now ??= Date.now; Date.now = () => __now.call(Date) + ({ahead})"
    ));
}

/// Lets everything happen that is due now.
pub async fn settle() {
    // A message comes at once; a timer that is asked for by a timer waits 4 ms each time.
    let code = "return new Promise((done) => { const { port1, port2 } = new MessageChannel();\
        port1.onmessage = () => { port1.close(); done(); }; port2.postMessage(0); })";
    wait_for(code).await;
}

async fn wait_for(code: &str) {
    let promise = js_sys::Function::new_no_args(code).call0(&JsValue::NULL);
    let promise: js_sys::Promise = promise.expect("a promise").unchecked_into();
    let _ = wasm_bindgen_futures::JsFuture::from(promise).await;
}

/// Waits until the browser has painted, and has told of what was scrolled.
pub async fn wait_for_frames() {
    let code =
        "return new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))";
    wait_for(code).await;
}

/// Waits until something is so, for some seconds at most.
pub async fn until(what: &str, is_so: impl Fn() -> bool) {
    let start = js_sys::Date::new_0().get_time();
    while !is_so() {
        let waited = js_sys::Date::new_0().get_time() - start;
        assert!(waited < 6_000.0, "not so within 6 s: {what}");
        wait_for("return new Promise((done) => setTimeout(done, 5))").await;
    }
}

pub fn squeezed(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

pub fn testid(id: &str) -> String {
    format!("[data-testid=\"{id}\"]")
}

pub fn focused() -> String {
    let focused = document().active_element();
    focused.map(|element| element.id()).unwrap_or_default()
}

impl Page {
    /// An app that has not started.
    pub fn blank(config: Config) -> Self {
        tidy();
        Self::around(Store::new(config))
    }

    /// An app around a store that is there already.
    pub fn around(store: Store) -> Self {
        Self::showing(store, move || App(AppProps { store }).into_any())
    }

    /// One view of it only.
    pub fn showing(store: Store, view: impl FnOnce() -> AnyView + 'static) -> Self {
        let host: HtmlElement = document()
            .create_element("div")
            .expect("a div")
            .unchecked_into();
        host.set_class_name("test-host");
        document()
            .body()
            .expect("a body")
            .append_child(&host)
            .expect("room in the body");
        let mounted = mount_in(host.clone(), move || {
            provide_context(store);
            view()
        });
        let mounted = Rc::new(RefCell::new(Some(mounted)));
        MOUNTED.with_borrow_mut(|all| all.push(mounted.clone()));
        Self {
            store,
            host,
            mounted,
        }
    }

    /// Opened at `query` by somebody with a token; nothing has been answered.
    pub async fn opened(query: &str) -> Self {
        Self::opened_with(
            Config::default(),
            StartFacts {
                query: query.into(),
                ..Self::facts()
            },
        )
        .await
    }

    pub fn facts() -> StartFacts {
        StartFacts {
            token: Some("t".into()),
            page_size: Some("50".into()),
            online: true,
            visible: true,
            notices: Permission::Open,
            ..StartFacts::default()
        }
    }

    pub async fn opened_with(config: Config, facts: StartFacts) -> Self {
        let page = Self::blank(config);
        page.send(Msg::Started(Box::new(facts))).await;
        page.send(Msg::RecordsRead(Records::default())).await;
        page
    }

    /// Opened at `query` and answered: two templates, no batches, and so many leads.
    pub async fn with_leads(total: u32) -> Self {
        let page = Self::opened("").await;
        page.answer(Slot::Me, 200, data::me()).await;
        page.answer(Slot::Templates, 200, data::templates()).await;
        page.answer(Slot::BatchList, 200, data::batches(&[])).await;
        page.answer(Slot::Leads, 200, data::leads(total)).await;
        page
    }

    /// Two leads are chosen, at this price.
    pub async fn priced(dollars: f64) -> Self {
        let page = Self::with_leads(3).await;
        page.choose_leads(&[1, 2]).await;
        page.priced_at(data::price(&[1, 2], dollars)).await;
        page
    }

    /// The running view with these batches.
    pub async fn running(batches: &[Value]) -> Self {
        let page = Self::opened("view=running").await;
        page.answer(Slot::Me, 200, data::me()).await;
        page.answer(Slot::BatchList, 200, data::batches(batches))
            .await;
        page
    }

    pub async fn send(&self, msg: Msg) {
        self.store.send(msg);
        settle().await;
    }

    /// The price is asked for and answered so.
    pub async fn priced_at(&self, answer: Value) {
        self.send(Msg::TimerFired(Timer::Price)).await;
        self.answer(Slot::Price, 200, answer).await;
    }

    /// The server answers the request of this slot.
    pub async fn answer(&self, slot: Slot, status: u16, body: Value) {
        let body = body.to_string();
        self.ended(
            slot,
            Outcome::Http {
                status,
                retry_after: None,
                body,
            },
        )
        .await;
    }

    /// The request of this slot ends so.
    pub async fn ended(&self, slot: Slot, outcome: Outcome) {
        assert!(self.asks(&slot), "nothing is asked under {slot:?}");
        // Answers to older questions are passed over; the one that is taken changes what is under way.
        let under_way = || self.store.peek(|model| model.net.revision());
        let before = under_way();
        for number in 1..=MOST_REQUESTS {
            let (slot, outcome) = (slot.clone(), outcome.clone());
            let ticket = Ticket { slot, number };
            self.store.send(Msg::Answered { ticket, outcome });
            if under_way() != before {
                break;
            }
        }
        assert_ne!(
            under_way(),
            before,
            "the answer under {slot:?} was not taken"
        );
        settle().await;
    }

    /// A request of this slot is under way.
    pub fn asks(&self, slot: &Slot) -> bool {
        self.store.peek(|model| model.net.is_busy(slot))
    }

    /// The multiplexed socket is up; returns by which number the app knows it.
    pub async fn connect(&self) -> Epoch {
        for number in 0..40 {
            self.hear(Epoch(number), json!({"type": "connection_established"}))
                .await;
            if self.health() == Health::Live {
                return Epoch(number);
            }
        }
        panic!("no socket was dialled: {:?}", self.health());
    }

    pub fn health(&self) -> Health {
        self.store.peek(|model| model.link.health())
    }

    pub async fn hear(&self, epoch: Epoch, frame: Value) {
        let channel = Channel::Multiplexed;
        let text = frame.to_string();
        self.send(Msg::Sockets(vec![SocketEvent::Message {
            channel,
            epoch,
            text,
        }]))
        .await;
        until("told", || self.store.is_told()).await;
    }

    pub async fn cut(&self, epoch: Epoch, code: u16) {
        let channel = Channel::Multiplexed;
        self.send(Msg::Sockets(vec![SocketEvent::Closed {
            channel,
            epoch,
            code,
        }]))
        .await;
    }

    /// Everything that can be read now.
    pub fn text(&self) -> String {
        squeezed(&self.host.inner_text())
    }

    pub fn shows(&self, words: &str) {
        assert!(
            self.text().contains(words),
            "“{words}” is not shown: {}",
            self.text()
        );
    }

    pub fn lacks(&self, words: &str) {
        assert!(
            !self.text().contains(words),
            "“{words}” is shown: {}",
            self.text()
        );
    }

    pub fn all(&self, css: &str) -> Vec<HtmlElement> {
        select(&self.host, css)
    }

    pub fn has(&self, css: &str) -> bool {
        !self.all(css).is_empty()
    }

    /// The first of those, in the dialog if one is open.
    pub fn find(&self, css: &str) -> HtmlElement {
        let in_front = self.all(&format!("dialog[open] {css}"));
        let found = in_front.into_iter().chain(self.all(css)).next();
        found.unwrap_or_else(|| panic!("no {css}: {}", self.text()))
    }

    pub fn text_of(&self, css: &str) -> String {
        squeezed(&self.find(css).inner_text())
    }

    /// The same of what is folded away, too.
    pub fn whole_text_of(&self, css: &str) -> String {
        let element = self.find(css);
        squeezed(&element.text_content().unwrap_or_default())
    }

    pub fn attribute(&self, css: &str, name: &str) -> Option<String> {
        self.find(css).get_attribute(name)
    }

    fn buttons(&self, name: &str) -> Vec<HtmlElement> {
        let is_named = |element: &HtmlElement| {
            let words = squeezed(&element.text_content().unwrap_or_default());
            element.get_attribute("aria-label").unwrap_or(words) == name
                && element.offset_width() > 0
        };
        let all = self
            .all("dialog[open] button")
            .into_iter()
            .chain(self.all("button, a"));
        all.filter(is_named).collect()
    }

    pub fn button(&self, name: &str) -> HtmlElement {
        let found = self.buttons(name).into_iter().next();
        found.unwrap_or_else(|| panic!("no button “{name}”: {}", self.text()))
    }

    pub fn has_button(&self, name: &str) -> bool {
        !self.buttons(name).is_empty()
    }

    pub fn is_disabled(&self, name: &str) -> bool {
        self.button(name).get_attribute("aria-disabled").as_deref() == Some("true")
    }

    pub async fn click(&self, name: &str) {
        self.button(name).click();
        settle().await;
    }

    pub async fn click_on(&self, css: &str) {
        self.find(css).click();
        settle().await;
    }

    /// The control with this label.
    pub fn field(&self, label: &str) -> HtmlElement {
        let named: Vec<_> = self.all(&format!("[aria-label=\"{label}\"]"));
        let labels = self
            .all("dialog[open] label")
            .into_iter()
            .chain(self.all("label"));
        let labelled = labels.filter_map(|element| {
            let words = squeezed(&element.text_content().unwrap_or_default());
            match element.get_attribute("for") {
                Some(id) if words == label => document().get_element_by_id(&id)?.dyn_into().ok(),
                None if words.starts_with(label) => element
                    .query_selector("input, select")
                    .ok()??
                    .dyn_into()
                    .ok(),
                _ => None,
            }
        });
        let found = named.into_iter().chain(labelled).next();
        found.unwrap_or_else(|| panic!("no field “{label}”: {}", self.text()))
    }

    pub fn value(&self, label: &str) -> String {
        let field = self.field(label);
        match field.dyn_ref::<HtmlInputElement>() {
            Some(input) => input.value(),
            None => match field.dyn_ref::<HtmlSelectElement>() {
                Some(select) => select.value(),
                None => field.unchecked_into::<HtmlTextAreaElement>().value(),
            },
        }
    }

    pub async fn type_into(&self, label: &str, text: &str) {
        let field = self.field(label);
        match field.dyn_ref::<HtmlInputElement>() {
            Some(input) => input.set_value(text),
            None => field.unchecked_ref::<HtmlTextAreaElement>().set_value(text),
        }
        happen(&field, "input", false);
        settle().await;
    }

    /// Chooses an option by its words.
    pub async fn choose(&self, label: &str, words: &str) {
        let select: HtmlSelectElement = self.field(label).unchecked_into();
        let option = self
            .options(label)
            .into_iter()
            .find(|(_, text)| text == words);
        let (value, _) = option.unwrap_or_else(|| panic!("no option “{words}”"));
        select.set_value(&value);
        happen(&select, "change", false);
        settle().await;
    }

    /// Values and words of a choice.
    pub fn options(&self, label: &str) -> Vec<(String, String)> {
        let options = select(&self.field(label), "option").into_iter();
        options
            .map(|option| {
                let words = squeezed(&option.text_content().unwrap_or_default());
                (option.get_attribute("value").unwrap_or_default(), words)
            })
            .collect()
    }

    pub fn checkbox(&self, label: &str) -> HtmlInputElement {
        self.field(label).unchecked_into()
    }

    pub async fn tick(&self, label: &str) {
        self.checkbox(label).click();
        settle().await;
    }

    pub async fn choose_leads(&self, numbers: &[u32]) {
        for n in numbers {
            self.tick(&format!("Choose Company {n}")).await;
        }
    }

    /// Escape, as a dialog hears it.
    pub async fn escape(&self) {
        happen(&self.find("dialog"), "cancel", true);
        settle().await;
    }
}

/// Lets an event happen to an element.
pub fn happen(element: &HtmlElement, event: &str, cancelable: bool) {
    let code = "element.dispatchEvent(new Event(event, { bubbles: true, cancelable }))";
    let dispatch = js_sys::Function::new_with_args("element, event, cancelable", code);
    dispatch
        .call3(&JsValue::NULL, element, &event.into(), &cancelable.into())
        .expect("nobody throws");
}

fn select(within: &HtmlElement, css: &str) -> Vec<HtmlElement> {
    let code = "return Array.from(within.querySelectorAll(css))";
    let select = js_sys::Function::new_with_args("within, css", code);
    let found = select
        .call2(&JsValue::NULL, within, &css.into())
        .unwrap_or_else(|error| panic!("{css}: {error:?}"));
    js_sys::Array::from(&found)
        .iter()
        .map(JsCast::unchecked_into)
        .collect()
}
