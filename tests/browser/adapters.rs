//! Each browser adapter by itself.

use std::cell::RefCell;
use std::rc::Rc;

use batch_runner::app::{Effect, Msg, Outcome, SocketEvent, StoreKey, Timer};
use batch_runner::browser::address::Address;
use batch_runner::browser::driver::Driver;
use batch_runner::browser::inbox::Inbox;
use batch_runner::browser::socket::Sockets;
use batch_runner::browser::tabs::Tabs;
use batch_runner::browser::{clock, http, page, storage};
use batch_runner::config::Config;
use batch_runner::domain::batch::BatchId;
use batch_runner::domain::time::Millis;
use batch_runner::machine::connection::Channel;
use batch_runner::machine::link::Epoch;
use batch_runner::wire::rest::{Http, Method};
use serde_json::json;
use wasm_bindgen_test::wasm_bindgen_test;

use crate::page::{focused, js, set_clock, settle, tidy, until};
use crate::stand_ins::Network;

fn text(code: &str) -> Option<String> {
    js(code).as_string()
}

/// Prevents: the token is kept under a name that the product's other pages do not know; a tab takes another's draft.
#[wasm_bindgen_test]
fn values_are_kept_where_they_belong() {
    tidy();
    let config = Config {
        token_key: "shared".into(),
        ..Config::default()
    };
    storage::write(StoreKey::Token, Some("t"), &config).unwrap();
    assert_eq!(text("localStorage.shared").as_deref(), Some("t"));
    assert_eq!(
        storage::read(StoreKey::Token, &config).as_deref(),
        Some("t")
    );
    storage::write(StoreKey::Draft, Some("mine"), &config).unwrap();
    js("localStorage['batch-runner.draft'] = 'of another tab'");
    assert_eq!(
        storage::read(StoreKey::Draft, &config).as_deref(),
        Some("mine"),
        "this tab's own first"
    );
    js("sessionStorage.clear()");
    assert_eq!(
        storage::read(StoreKey::Draft, &config).as_deref(),
        Some("of another tab")
    );
    storage::write(StoreKey::Transport, Some("polling"), &config).unwrap();
    assert_eq!(
        text("localStorage['batch-runner.transport']"),
        None,
        "a session's transport ends with it"
    );
    assert_eq!(
        storage::read(StoreKey::Transport, &config).as_deref(),
        Some("polling")
    );
    for key in [
        StoreKey::Refresh,
        StoreKey::Journal,
        StoreKey::Ledger,
        StoreKey::Selection,
    ] {
        assert_eq!(storage::read(key, &config), None);
        storage::write(key, Some("x"), &config).unwrap();
        assert_eq!(storage::read(key, &config).as_deref(), Some("x"));
        storage::write(key, None, &config).unwrap();
        assert_eq!(storage::read(key, &config), None);
    }
    tidy();
}

/// Prevents: a full storage stops the app.
#[wasm_bindgen_test]
fn what_does_not_fit_is_told() {
    tidy();
    let config = Config::default();
    let much = "x".repeat(6_000_000);
    let kept = storage::write(StoreKey::Ledger, Some(&much), &config);
    assert_eq!(kept, Err("the browser’s storage is full".to_owned()));
    assert_eq!(storage::read(StoreKey::Ledger, &config), None);
    tidy();
}

/// Prevents: a browser that forbids its storage stops the app.
#[wasm_bindgen_test]
fn a_forbidden_storage_is_told() {
    tidy();
    js(
        "globalThis.__storage = Object.getOwnPropertyDescriptor(globalThis, 'localStorage');\
        Object.defineProperty(globalThis, 'localStorage', { configurable: true,\
            get() { throw new DOMException('forbidden', 'SecurityError') } })",
    );
    let config = Config::default();
    let blocked = Err("the browser’s storage is blocked".to_owned());
    assert_eq!(storage::read(StoreKey::Token, &config), None);
    assert_eq!(storage::write(StoreKey::Token, Some("t"), &config), blocked);
    assert_eq!(storage::write(StoreKey::Draft, Some("d"), &config), blocked);
    let own = storage::read(StoreKey::Draft, &config);
    assert_eq!(
        own.as_deref(),
        Some("d"),
        "the tab's own storage still keeps it"
    );
    tidy();
}

/// Prevents: what the app wants at its start is lost; a held key makes so many addresses that the browser refuses them.
#[wasm_bindgen_test]
async fn the_address_waits_for_the_router_and_keeps_within_bounds() {
    tidy();
    let address = Address::default();
    address.put("view=running", true);
    address.put("view=history", false);
    let seen: Rc<RefCell<Vec<(String, bool)>>> = Rc::default();
    let noted = seen.clone();
    address.navigate_by(Box::new(move |query, replace| {
        noted.borrow_mut().push((query.to_owned(), replace));
    }));
    assert_eq!(seen.take(), [("view=history".to_owned(), false)]);
    for _ in 0..200 {
        address.put("q=x", true);
    }
    assert_eq!(seen.take().len(), 44, "and the one before");
    set_clock(40_000);
    address.put("q=y", true);
    assert_eq!(seen.take(), [("q=y".to_owned(), true)]);
    tidy();
}

/// Prevents: the focus is moved before the element is there, or an element that is missing breaks something.
#[wasm_bindgen_test]
async fn the_focus_waits_for_its_element() {
    tidy();
    page::focus("late");
    page::focus("never");
    js(
        "document.body.insertAdjacentHTML('beforeend', '<div class=test-host><h1 id=late tabindex=-1>Settings</h1></div>')",
    );
    until("focused", || focused() == "late").await;
    assert_eq!(page::text_of("late"), "Settings");
    assert_eq!(page::text_of("never"), "");
    tidy();
}

/// Prevents: sockets are dialled at another host; times are an hour off.
#[wasm_bindgen_test]
fn the_page_tells_what_is_around_it() {
    tidy();
    assert_eq!(Some(page::socket_origin()), text("'ws://' + location.host"));
    assert!(page::is_online() && page::is_visible());
    page::set_title("40 % · Batch Runner");
    assert_eq!(
        text("document.title").as_deref(),
        Some("40 % · Batch Runner")
    );
    let offset = js("-new Date(Date.UTC(2026, 6, 1)).getTimezoneOffset()").as_f64();
    let summer = Millis(js("Date.UTC(2026, 6, 1)").as_f64().unwrap_or_default() as i64);
    assert_eq!(Some(f64::from(clock::local_offset(summer))), offset);
    let now = js("Date.now()").as_f64().unwrap_or_default() as i64;
    assert!((0..1_000).contains(&(clock::now().0 - now)));
    assert_ne!(clock::random_bits(), clock::random_bits());
}

/// Prevents: without the strong source two launches get the same reference.
#[wasm_bindgen_test]
fn there_is_chance_without_the_strong_source() {
    js(
        "Object.defineProperty(globalThis, 'crypto', { configurable: true, get: () => ({ getRandomValues() { throw new Error('no') } }) })",
    );
    let (one, other) = (clock::random_bits(), clock::random_bits());
    js("delete globalThis.crypto");
    assert_ne!(one, other);
}

fn get(path: &str, time_limit: i64) -> Http {
    Http {
        method: Method::Get,
        path: path.into(),
        body: None,
        auth: true,
        time_limit,
    }
}

async fn fetch(base: &str, http: Http, token: Option<&str>) -> Outcome {
    let controller = web_sys::AbortController::new().expect("a controller");
    http::fetch(base, http, token.map(str::to_owned), controller).await
}

/// Prevents: an answer that is not 200 is told as a lost connection, or the other way round.
#[wasm_bindgen_test]
async fn a_real_server_answers_and_a_missing_one_does_not() {
    tidy();
    let origin = text("location.origin").unwrap_or_default();
    let outcome = fetch(&origin, get("/", 5_000), None).await;
    assert!(
        matches!(&outcome, Outcome::Http { status: 200, body, .. } if body.contains("<")),
        "{outcome:?}"
    );
    let outcome = fetch(&origin, get("/no/such/page", 5_000), None).await;
    assert!(
        matches!(outcome, Outcome::Http { status: 404, .. }),
        "{outcome:?}"
    );
    assert_eq!(
        fetch("http://127.0.0.1:59998", get("/", 5_000), None).await,
        Outcome::Network
    );
}

/// Prevents: a request goes out without its token or body, or the server's waiting time is not read.
#[wasm_bindgen_test]
async fn a_request_carries_what_it_should() {
    let net = Network::new();
    net.answers("POST", "/batch/start", 429, &json!({"error": "slow"}));
    let body = Some(r#"{"a":1}"#.to_owned());
    let post = Http {
        method: Method::Post,
        body,
        ..get("/batch/start?x=1", 5_000)
    };
    let outcome = fetch("/api", post, Some("t")).await;
    let Outcome::Http {
        status,
        retry_after,
        body,
    } = outcome
    else {
        panic!("{outcome:?}")
    };
    assert_eq!(
        (status, retry_after.as_deref(), body.as_str()),
        (429, Some("7"), r#"{"error":"slow"}"#)
    );
    let all = net.asked("");
    assert_eq!(all.len(), 1);
    let asked = &all[0];
    assert_eq!(
        (&asked["method"], &asked["body"]),
        (&json!("POST"), &json!(r#"{"a":1}"#))
    );
    assert_eq!(
        (&asked["token"], &asked["type"]),
        (&json!("Bearer t"), &json!("application/json"))
    );
    // The library that sends it leaves an idle ampersand behind.
    let path = asked["path"].as_str().unwrap_or_default();
    assert_eq!(path.trim_end_matches('&'), "/api/batch/start?x=1");
}

/// Prevents: a silent server is waited for without end; being offline is told as a fault of the server.
#[wasm_bindgen_test]
async fn a_request_ends_in_time() {
    let net = Network::new();
    net.is_silent("GET", "/slow");
    assert_eq!(
        fetch("/api", get("/slow", 20), None).await,
        Outcome::Timeout
    );
    let controller = web_sys::AbortController::new().expect("a controller");
    controller.abort();
    let outcome = http::fetch("/api", get("/slow", 5_000), None, controller).await;
    assert_eq!(outcome, Outcome::Network, "given up by the app");
    net.online(false);
    let before = net.asked("").len();
    assert_eq!(
        fetch("/api", get("/slow", 5_000), None).await,
        Outcome::Offline
    );
    assert_eq!(net.asked("").len(), before);
}

type Heard = Rc<RefCell<Vec<Vec<SocketEvent>>>>;

fn sockets() -> (Rc<Sockets>, Heard) {
    let heard = Heard::default();
    let told = heard.clone();
    let inbox = Inbox::new(move |events| told.borrow_mut().push(events));
    let tabs = Tabs::new(inbox.clone(), Rc::new(|_| {}));
    (Rc::new(Sockets::new(inbox, tabs)), heard)
}

fn closed(channel: &Channel, epoch: u32, code: u16) -> SocketEvent {
    SocketEvent::Closed {
        channel: channel.clone(),
        epoch: Epoch(epoch),
        code,
    }
}

/// Prevents: a refused socket is waited for.
#[wasm_bindgen_test]
async fn a_refused_socket_is_told() {
    tidy();
    let (sockets, heard) = sockets();
    sockets.open(Channel::Multiplexed, Epoch(3), "ws://127.0.0.1:59998/x");
    until("told", || !heard.borrow().is_empty()).await;
    assert_eq!(heard.borrow()[0], [closed(&Channel::Multiplexed, 3, 1006)]);
    sockets.open(Channel::Multiplexed, Epoch(4), "ws://not an address");
    until("told", || heard.borrow().len() > 1).await;
    assert_eq!(heard.borrow()[1], [closed(&Channel::Multiplexed, 4, 1006)]);
}

/// Prevents: frames are reported out of order, one by one, or as another channel's.
#[wasm_bindgen_test]
async fn what_a_socket_says_is_reported_once_a_frame_in_order() {
    let net = Network::new();
    let (sockets, heard) = sockets();
    let channel = Channel::Batch(BatchId("a".into()));
    sockets.open(channel.clone(), Epoch(1), "/api/batch/a/progress");
    let expected = text("'ws://' + location.host + '/api/batch/a/progress'");
    assert_eq!(Some(net.sockets()[0].0.clone()), expected);
    js(
        "for (const data of ['\"one\"', new ArrayBuffer(1), 'two']) __net.sockets[0].onmessage(new MessageEvent('message', { data }))",
    );
    net.hangs_up(4000).await;
    until("reported", || !heard.borrow().is_empty()).await;
    let message = |text: &str| SocketEvent::Message {
        channel: channel.clone(),
        epoch: Epoch(1),
        text: text.into(),
    };
    let binary = SocketEvent::Binary {
        channel: channel.clone(),
        epoch: Epoch(1),
    };
    assert_eq!(
        heard.borrow().iter().flatten().cloned().collect::<Vec<_>>(),
        [
            message("\"one\""),
            binary,
            message("two"),
            closed(&channel, 1, 4000)
        ]
    );
    assert!(heard.borrow().len() <= 2, "gathered");
}

/// Prevents: a hidden page hears nothing at all, because it gets no frames.
#[wasm_bindgen_test]
async fn a_hidden_page_hears_too() {
    let net = Network::new();
    let (sockets, heard) = sockets();
    sockets.open(Channel::Multiplexed, Epoch(1), "/ws");
    net.visible(false);
    net.says(&json!(1)).await;
    net.says_binary().await;
    until("reported", || !heard.borrow().is_empty()).await;
    assert_eq!(heard.borrow()[0].len(), 2);
    net.says(&json!(2)).await;
    js("document.dispatchEvent(new Event('visibilitychange'))");
    assert_eq!(
        heard.borrow().len(),
        2,
        "at once when the page is shown or hidden"
    );
}

/// Prevents: late timers of a hidden page judge a link by what was heard before they were late.
#[wasm_bindgen_test]
async fn what_was_heard_comes_before_the_links_timer() {
    let net = Network::new();
    let told = Rc::new(RefCell::new(Vec::new()));
    let report = told.clone();
    let driver = Driver::new(
        Config::default(),
        Rc::new(move |msg| report.borrow_mut().push(msg)),
    );
    driver.run(Effect::OpenSocket {
        channel: Channel::Multiplexed,
        epoch: Epoch(1),
        path: "/ws".into(),
    });
    net.visible(false);
    // Due before what comes next is reported by itself.
    driver.run(Effect::SetTimer(Timer::Link, clock::now() + 20));
    net.says(&json!(1)).await;
    until("fired", || {
        let fired = |msg: &Msg| *msg == Msg::TimerFired(Timer::Link);
        told.borrow().iter().any(fired)
    })
    .await;
    assert!(
        matches!(told.borrow()[..], [Msg::Sockets(_), Msg::TimerFired(_)]),
        "{:?}",
        told.borrow()
    );
}

/// Prevents: a socket that was given up goes on talking, or words for one socket go to another.
#[wasm_bindgen_test]
async fn a_closed_socket_is_heard_no_more() {
    let net = Network::new();
    let (sockets, heard) = sockets();
    let channel = Channel::Multiplexed;
    sockets.open(channel.clone(), Epoch(1), "/ws");
    sockets.send(&channel, Epoch(1), "hello");
    sockets.send(&channel, Epoch(2), "not mine");
    assert_eq!(net.sockets()[0].1, ["hello"]);
    sockets.close(&channel, Epoch(2));
    assert!(
        !net.sockets()[0].2,
        "another epoch's close is none of its business"
    );
    sockets.close(&channel, Epoch(1));
    assert!(net.sockets()[0].2);
    net.says(&json!(1)).await;
    net.hangs_up(1000).await;
    settle().await;
    assert!(heard.borrow().is_empty());
    sockets.send(&channel, Epoch(1), "anybody?");
    assert_eq!(net.sockets()[0].1.len(), 1);
}

/// Prevents: a second dial leaves the first socket open; a redial comes too soon for the server.
#[wasm_bindgen_test]
async fn a_channel_has_one_socket_and_redials_after_a_pause() {
    let net = Network::new();
    let (sockets, _heard) = sockets();
    let channel = Channel::Batch(BatchId("a".into()));
    sockets.open(channel.clone(), Epoch(1), "/ws");
    sockets.open(channel.clone(), Epoch(2), "/ws");
    let shut: Vec<_> = net.sockets().iter().map(|socket| socket.2).collect();
    assert_eq!(shut, [true, false]);
    sockets.close(&channel, Epoch(2));
    sockets.open(channel.clone(), Epoch(3), "/ws");
    assert_eq!(net.sockets().len(), 2, "not at once");
    sockets.close(&channel, Epoch(3));
    sockets.open(channel.clone(), Epoch(4), "/ws");
    until("dialled", || net.sockets().len() == 3).await;
    sockets.send(&channel, Epoch(4), "hello");
    assert_eq!(net.sockets()[2].1, ["hello"]);
}
