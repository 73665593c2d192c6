//! The view: reads the model, sends facts, and does nothing else.

mod address;
pub mod batch_history;
pub mod bridge;
pub mod call;
pub mod cost_preview;
mod debug_panel;
pub mod dom;
mod header;
pub mod kit;
pub mod later;
pub mod launch;
pub mod lead_selector;
pub mod live;
pub mod parts;
pub mod progress_tracker;
pub mod selected;
pub mod shell;
pub mod sign_in;
pub mod store;

use leptos::mount::{UnmountHandle, mount_to};
use leptos::prelude::{AnyView, IntoAny, Render, document};
use wasm_bindgen::JsCast;

use self::shell::{App, AppProps};
use crate::browser::driver::Driver;
use crate::config::Config;

/// The app in the page; taken out when dropped.
pub type Mounted = UnmountHandle<<AnyView as Render>::State>;

/// Puts the app into the element `app`, in place of what was shown there while loading; without such an element, into
/// the body. The app is there for as long as what this returns.
pub fn mount(config: Config) -> Option<Mounted> {
    let store = store::Store::new(config.clone());
    let driver = Driver::new(config, store.reporter());
    store.connect(driver);
    let host = document().get_element_by_id("app");
    if let Some(host) = &host {
        host.set_text_content(None);
    }
    let host = host.or_else(|| document().body().map(Into::into))?;
    let app = move || App(AppProps { store }).into_any();
    Some(mount_to(host.unchecked_into(), app))
}
