//! The WebSockets: one per batch as recorded, and the multiplexed one.

pub mod hub;
pub mod multiplexed;
pub mod per_batch;
mod session;

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};

/// A refused handshake, as the recorded server refuses (`ws-batch-ws.json`).
pub fn refused() -> Response {
    StatusCode::FORBIDDEN.into_response()
}
