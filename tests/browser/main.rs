//! The view and the browser adapters in a real browser, acted on as a person does: by label, role and words.
//!
//! Views get a store without a driver, whose questions the tests answer themselves; the adapters get stand-ins for the
//! network. Each test opens with the mistake that it prevents.
#![cfg(target_arch = "wasm32")]

mod adapters;
mod address;
mod data;
mod driven;
mod groups;
mod history;
mod history_news;
mod kit;
mod launch;
mod lead_import;
mod leads;
mod page;
mod price;
mod running;
mod saved_views;
mod session;
mod shell;
mod stand_ins;
mod tracking;

wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);
