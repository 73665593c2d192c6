//! The state of the app and how messages change it. Pure: [`update`] takes a [`Msg`] and returns [`Effect`]s, which the
//! driver in `browser` runs. One folder a room; rooms use the model, messages, effects and requests, and what another room
//! offers, never in a circle.

pub mod batch_history;
mod context;
pub mod cost_preview;
pub mod effect;
pub mod launch;
pub mod lead_import;
pub mod lead_selector;
mod live;
pub mod message;
mod model;
mod navigation;
pub mod notifications;
pub mod parts;
pub mod progress_tracker;
pub mod remote;
pub mod requests;
pub mod session;
pub mod tracked;
mod update;

pub use context::Ctx;
pub use effect::{Copied, Effect, StoreKey, Timer};
pub use message::{Msg, Outcome, SocketEvent, StartFacts, TabEvent};
pub use model::{Model, Slice};
pub use remote::Remote;
pub use tracked::{Shared, Tracked};
pub use update::update;
