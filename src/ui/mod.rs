//! The view: reads the model, sends facts, and does nothing else.

pub mod batch_history;
pub mod cost_preview;
pub mod debug_panel;
pub mod lead_selector;
pub mod parts;
pub mod progress_tracker;
pub mod shell;
pub mod sign_in;
pub mod store;

use leptos::prelude::*;
use wasm_bindgen::JsCast;

use crate::browser::driver::Driver;
use crate::config::Config;

/// Mounts the app into the element `app`, whose former content was shown while loading.
pub fn mount(config: Config) {
    let store = store::Store::new(config.clone());
    let driver = Driver::new(config, store.reporter());
    store.connect(driver);
    let host = document()
        .get_element_by_id("app")
        .and_then(|element| element.dyn_into().ok());
    match host {
        Some(host) => {
            let host: web_sys::HtmlElement = host;
            host.set_text_content(None);
            mount_to(host, move || view! { <shell::App store /> }).forget();
        }
        None => mount_to_body(move || view! { <shell::App store /> }),
    }
}
