//! Built-in data instead of a server, for development without one (`BATCH_RUNNER_MOCK_MODE`).
//!
//! Part of builds with the feature `mock` only, so that it adds nothing to the normal bundle.

#[cfg(target_arch = "wasm32")]
mod driver;
pub mod server;

#[cfg(target_arch = "wasm32")]
pub use driver::MockDriver;
