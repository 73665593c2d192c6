//! The view: reads the model, sends facts, and does nothing else.

mod address;
pub mod batch_history;
pub mod cost_preview;
mod debug_panel;
mod header;
pub mod kit;
pub mod later;
pub mod launch;
pub mod lead_import;
pub mod lead_selector;
pub mod progress_tracker;
pub mod saved_views;
pub mod selected;
pub mod shell;
pub mod shortcuts;
pub mod sign_in;
pub mod store;

use std::cell::RefCell;
use std::rc::Rc;

use leptos::mount::{UnmountHandle, mount_to};
use leptos::prelude::{AnyView, IntoAny, Owner, Render, document};
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

use self::shell::{App, AppProps};
use crate::browser::driver::Driver;
use crate::config::Config;

/// A view in the page; taken out when dropped.
pub struct Mounted {
    shown: Option<UnmountHandle<<AnyView as Render>::State>>,
    owner: Owner,
}

impl Drop for Mounted {
    fn drop(&mut self) {
        drop(self.shown.take());
        // The router keeps a handle of its own, so what it listens to is not given up by itself.
        self.owner.cleanup();
    }
}

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
    Some(mount_in(host.unchecked_into(), app))
}

/// Puts a view at the end of an element.
pub fn mount_in(host: HtmlElement, view: impl FnOnce() -> AnyView + 'static) -> Mounted {
    let owner = Rc::<RefCell<Owner>>::default();
    let own = owner.clone();
    let shown = mount_to(host, move || {
        *own.borrow_mut() = Owner::current().unwrap_or_default();
        view()
    });
    Mounted {
        shown: Some(shown),
        owner: owner.take(),
    }
}
