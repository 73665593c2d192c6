//! `/dev/faults`: answers that go wrong on purpose.

use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use serde_json::{Value, json};
use tokio::sync::watch;

use super::{Answer, parse, refusal};
use crate::faults::Fault;
use crate::state::Shared;

/// `POST /dev/faults`.
pub async fn plant_fault(
    State(shared): State<Shared>,
    body: Bytes,
    refresh: watch::Sender<u64>,
) -> Answer {
    let fault: Fault = parse(&body)?;
    if fault
        .status
        .is_some_and(|status| StatusCode::from_u16(status).is_err())
    {
        return Err(refusal("status: not an HTTP status"));
    }
    if fault.cut.is_some() {
        refresh.send_modify(|generation| *generation += 1);
    }
    Ok(Json(json!({ "id": shared.faults.plant(fault) })))
}

/// `GET /dev/faults`.
pub async fn list_faults(State(shared): State<Shared>) -> Json<Value> {
    Json(json!({ "faults": shared.faults.list() }))
}

/// `DELETE /dev/faults`.
pub async fn remove_faults(State(shared): State<Shared>) -> Json<Value> {
    Json(json!({ "removed": shared.faults.remove(None) }))
}

/// `DELETE /dev/faults/{id}`.
pub async fn remove_fault(State(shared): State<Shared>, Path(id): Path<u64>) -> Json<Value> {
    Json(json!({ "removed": shared.faults.remove(Some(id)) }))
}
