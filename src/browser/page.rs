//! The page around the app: its address, title, focus and life cycle.

use js_sys::{Function, Promise, Reflect};
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use wasm_bindgen_futures::JsFuture;
use web_sys::{Document, EventTarget, HtmlElement, Window};

/// The query of the address, with its question mark where there is one.
pub fn query() -> String {
    window()
        .and_then(|window| window.location().search().ok())
        .unwrap_or_default()
}

/// The path of the address.
pub fn path() -> String {
    window()
        .and_then(|window| window.location().pathname().ok())
        .unwrap_or_default()
}

/// Makes sure that the address has this query. The router leaves an address out that it takes for the newest one, which it
/// is not after several steps back at once.
pub fn show_query(wanted: &str) {
    let history = window().and_then(|window| window.history().ok());
    if let Some(history) = history.filter(|_| query().trim_start_matches('?') != wanted) {
        let url = format!("{}?{wanted}", path());
        let _ = history.push_state_with_url(&wasm_bindgen::JsValue::NULL, "", Some(&url));
    }
}

/// How far the page is scrolled.
pub fn scrolled() -> f64 {
    window()
        .and_then(|window| window.scroll_y().ok())
        .unwrap_or_default()
}

/// Scrolls the page there, as far as it goes.
pub fn scroll_to(top: f64) {
    if let Some(window) = window() {
        window.scroll_to_with_x_and_y(0.0, top);
    }
}

/// This page's address with another query.
pub fn address(query: &str) -> String {
    let origin = window().and_then(|window| window.location().origin().ok());
    format!("{}{}?{query}", origin.unwrap_or_default(), path())
}

/// Puts a text into the clipboard, and tells whether that worked: browsers allow it only to secure pages, and some ask.
pub fn copy(text: &str, told: impl FnOnce(bool) + 'static) {
    let promise = window().and_then(|window| {
        let clipboard = Reflect::get(&window.navigator(), &"clipboard".into()).ok()?;
        let write = Reflect::get(&clipboard, &"writeText".into()).ok()?;
        let promise = write
            .dyn_into::<Function>()
            .ok()?
            .call1(&clipboard, &text.into());
        promise.ok()?.dyn_into::<Promise>().ok()
    });
    wasm_bindgen_futures::spawn_local(async move {
        told(match promise {
            Some(promise) => JsFuture::from(promise).await.is_ok(),
            None => false,
        });
    });
}

/// Hands a file out to the person.
pub fn download(name: &str, mime: &str, text: &str) {
    let link = document().and_then(|document| document.create_element("a").ok());
    let Some(link) = link.and_then(|link| link.dyn_into::<HtmlElement>().ok()) else {
        return;
    };
    let data = js_sys::encode_uri_component(text);
    let href = format!("data:{mime};charset=utf-8,{data}");
    for (attribute, value) in [("download", name), ("href", &href)] {
        let _ = link.set_attribute(attribute, value);
    }
    link.click();
}

/// Loads the page again.
pub fn reload() {
    if let Some(window) = window() {
        let _ = window.location().reload();
    }
}

/// Sets the window's title.
pub fn set_title(title: &str) {
    if let Some(document) = document() {
        document.set_title(title);
    }
}

/// Shows in the window's icon how many percent are done; nothing where nothing runs.
pub fn set_icon(percent: Option<u32>) {
    let link = document().and_then(|document| document.query_selector("link[rel=icon]").ok()?);
    let Some(link) = link else { return };
    let icon = percent.map_or_else(
        || "data:,".to_owned(),
        |percent| {
            // The circle's circumference is 100.
            let svg = format!(
                "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 36 36'><g fill='none' stroke-width='5'><circle cx='18' \
                 cy='18' r='15.9155' stroke='#cbd5e1'/><circle cx='18' cy='18' r='15.9155' stroke='#0a9c66' \
                 stroke-dasharray='{percent} 100' transform='rotate(-90 18 18)'/></g></svg>"
            );
            format!("data:image/svg+xml,{}", js_sys::encode_uri_component(&svg))
        },
    );
    let _ = link.set_attribute("href", &icon);
}

/// Moves the focus to the element with this identifier, once it is there.
pub fn focus(id: &'static str) {
    gloo_timers::callback::Timeout::new(0, move || {
        let element = document().and_then(|document| document.get_element_by_id(id));
        if let Some(element) = element.and_then(|element| element.dyn_into::<HtmlElement>().ok()) {
            let _ = element.focus();
        }
    })
    .forget();
}

/// The page can be seen.
pub fn is_visible() -> bool {
    document()
        .is_none_or(|document| document.visibility_state() != web_sys::VisibilityState::Hidden)
}

/// The browser has a network, as far as it knows.
pub fn is_online() -> bool {
    window().is_none_or(|window| window.navigator().on_line())
}

/// The text of an element, for settings that the page carries.
pub fn text_of(id: &str) -> String {
    let element = document().and_then(|document| document.get_element_by_id(id));
    element
        .and_then(|element| element.text_content())
        .unwrap_or_default()
}

/// The beginning of this page's socket addresses: `ws://host` or `wss://host`.
pub fn socket_origin() -> String {
    let Some(location) = window().map(|window| window.location()) else {
        return String::new();
    };
    let scheme = if location.protocol().as_deref() == Ok("https:") {
        "wss"
    } else {
        "ws"
    };
    format!("{scheme}://{}", location.host().unwrap_or_default())
}

/// Calls back on an event of the window or the document for as long as the page lives.
pub fn listen(target: Target, event: &str, callback: impl FnMut(web_sys::Event) + 'static) {
    let target: Option<EventTarget> = match target {
        Target::Window => window().map(Into::into),
        Target::Document => document().map(Into::into),
    };
    let closure = Closure::<dyn FnMut(web_sys::Event)>::new(callback);
    if let Some(target) = target {
        let _ = target.add_event_listener_with_callback(event, closure.as_ref().unchecked_ref());
    }
    closure.forget();
}

/// Whose event.
#[derive(Clone, Copy)]
pub enum Target {
    Window,
    Document,
}

pub(crate) fn window() -> Option<Window> {
    web_sys::window()
}

fn document() -> Option<Document> {
    window()?.document()
}
