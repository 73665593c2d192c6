//! Which rows of the lead table are in view, and how to bring others there.

use gloo_timers::callback::Timeout;
use leptos::prelude::{Effect, document, window};
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::Closure;
use web_sys::{Element, HtmlElement, ResizeObserver};

use crate::app::lead_selector::scroll::Window;
use crate::app::{Model, Msg, Slice};
use crate::ui::store::Store;

/// The identifier of the frame that scrolls.
pub const FRAME: &str = "lead-frame";
/// So many rows are kept ready above and below those in view.
const OVERSCAN: u32 = 4;
/// A row that is being read gets the focus if it comes within so many tries, 50 ms apart.
const TRIES: u32 = 60;

/// The first and the last row in the document, the last excluded.
pub fn rows_in_document(model: &Model) -> (u32, u32) {
    let leads = &model.leads;
    if !leads.is_scrolled() {
        return (0, leads.loaded().count() as u32);
    }
    let (window, total) = (leads.window(), leads.total().unwrap_or(0));
    let beside = if leads.is_flick() { 0 } else { OVERSCAN };
    let first = window.first.saturating_sub(beside).min(total);
    (first, (window.last + 1 + beside).clamp(first, total))
}

fn frame() -> Option<HtmlElement> {
    document().get_element_by_id(FRAME)?.dyn_into().ok()
}

fn find(selector: &str) -> Option<Element> {
    frame()?.query_selector(selector).ok().flatten()
}

/// Where the rows are: the place of the first one on the screen, how high each is, and between what they are seen.
struct Geometry {
    first: f64,
    height: f64,
    top: f64,
    bottom: f64,
}

fn geometry() -> Option<Geometry> {
    let frame = frame()?.get_bounding_client_rect();
    let height = find("[data-row]")?.get_bounding_client_rect().height();
    let first = find("tbody")?.get_bounding_client_rect().top();
    let head = find("thead")?.get_bounding_client_rect();
    let screen = window().inner_height().ok()?.as_f64()?;
    // The headings stay at the top where there is room for them.
    let top = if head.top() <= frame.top() + 2.0 {
        head.bottom()
    } else {
        frame.top()
    };
    (height > 0.0).then_some(Geometry {
        first,
        height,
        top: top.max(0.0),
        bottom: frame.bottom().min(screen).max(top),
    })
}

/// Reports which rows are in view, where those are others than before.
pub fn report(store: Store) {
    let Some(Geometry {
        first,
        height,
        top,
        bottom,
    }) = geometry()
    else {
        return;
    };
    let (last_row, before) = store.peek(|model| {
        (
            model.leads.total().unwrap_or(0).saturating_sub(1),
            model.leads.window(),
        )
    });
    let row = |at: f64| ((at - first) / height).max(0.0) as u32;
    let window = Window {
        first: row(top).min(last_row),
        last: row(bottom).min(last_row),
    };
    if window != before && store.peek(|model| model.leads.is_scrolled()) {
        store.send(Msg::RowsShown(window));
    }
}

/// Reports the rows in view whenever the frame has another size.
pub fn report_on_resize(store: Store, frame: &HtmlElement) {
    let closure = Closure::<dyn Fn()>::new(move || report(store));
    if let Ok(observer) = ResizeObserver::new(closure.as_ref().unchecked_ref()) {
        observer.observe(frame);
    }
    // The observer lives as long as the frame, and needs it as long.
    closure.forget();
}

/// Another question is answered from its first row on; then what is in view is looked at again.
pub fn start_at_the_top(store: Store) {
    let question = store.select(&[Slice::Route], |model| {
        let query = &model.route.leads;
        (
            query.filter.clone(),
            query.sort,
            query.descending,
            query.only_chosen,
        )
    });
    let total = store.select(&[Slice::Leads], |model| model.leads.total());
    Effect::new(move |_| question.with(|_| to_the_top()));
    Effect::new(move |_| {
        total.get();
        report(store);
    });
}

/// The row that has the focus.
pub fn focused() -> Option<u32> {
    let row = document().active_element()?.closest("[data-row]").ok()??;
    row.get_attribute("data-row")?.parse().ok()
}

/// Brings a row into view and moves the focus to its checkbox, once the row has been read.
pub fn go_to_row(store: Store, row: u32) {
    if let (Some(frame), Some(geometry), true) = (
        frame(),
        geometry(),
        store.peek(|model| model.leads.is_scrolled()),
    ) {
        let from = geometry.first + f64::from(row) * geometry.height;
        let missing =
            (from - geometry.top).min(0.0) + (from + geometry.height - geometry.bottom).max(0.0);
        frame.set_scroll_top(frame.scroll_top() + missing.round() as i32);
        report(store);
    }
    focus_when_there(row, TRIES);
}

fn focus_when_there(row: u32, tries: u32) {
    Timeout::new(if tries == TRIES { 0 } else { 50 }, move || {
        let input = find(&format!("[data-row=\"{row}\"] input"));
        match input.and_then(|input| input.dyn_into::<HtmlElement>().ok()) {
            Some(input) => {
                let _ = input.focus();
            }
            None if tries > 0 && frame().is_some() => focus_when_there(row, tries - 1),
            None => {}
        }
    })
    .forget();
}

/// Scrolls back to the first row.
fn to_the_top() {
    if let Some(frame) = frame() {
        frame.set_scroll_top(0);
    }
}
