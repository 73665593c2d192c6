//! Batch Runner: choose leads, see the price, start a batch of reports, watch it, cancel it, look back.
//!
//! # Architecture invariants
//! - `domain`, `machine`, `app`, `wire`, `route`, `config` and `error` never name the browser or the view, so they run on
//!   the host.
//! - Imports point `ui → app → machine → domain`; `browser` runs the effects that `app` returns and decides nothing.
//! - Time and randomness are handed in; nothing pure reads a clock.
//! - Only [`wire`] knows JSON, besides [`config`] with its own block of it; nothing of the server's is inserted as HTML.
//! - The server's JSON is walked tolerantly: a wrong type is absent and never an error. JSON of ours is derived.
//! - Counts never run backwards and a price that is not known is not a number.
//! - A batch is started by one POST after its intent is stored; that POST is never repeated by itself.

pub mod app;
pub mod config;
pub mod domain;
pub mod error;
pub mod machine;
pub mod route;
pub mod wire;

#[cfg(target_arch = "wasm32")]
pub mod browser;
#[cfg(feature = "mock")]
pub mod mock;
#[cfg(target_arch = "wasm32")]
pub mod ui;

/// Reads the page's settings, and puts the app in place of what the page showed while loading.
#[cfg(target_arch = "wasm32")]
pub fn start() {
    console_error_panic_hook::set_once();
    let config = config::Config::read(&browser::page::text_of("config"), &browser::page::query());
    // For as long as the page is there.
    std::mem::forget(ui::mount(config));
}
