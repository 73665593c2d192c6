//! What travels between app and server, read tolerantly: the only place that knows JSON.
//!
//! Source of every shape: the recorded exchanges in `tests/recordings`.

pub mod json;
pub mod ledger;
pub mod link_report;
pub mod outcomes;
pub mod rest;
pub mod stored;
pub mod tabs;
pub mod ws;
