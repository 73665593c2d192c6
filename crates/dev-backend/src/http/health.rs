//! Whether the server is well.

use axum::Json;
use axum::extract::State;
use serde_json::{Value, json};

use crate::clock;
use crate::error::Result;
use crate::http::errors::ApiError;
use crate::state::Shared;

/// `GET /api/health`: the batch runner's own.
pub async fn batch(State(shared): State<Shared>) -> Result<Json<Value>, ApiError> {
    let (total, running): (i64, i64) = shared
        .db
        .read(|connection| {
            let counts = connection.query_row(
                "SELECT COUNT(*), COALESCE(SUM(status = 'running'), 0) FROM batches",
                [],
                |row| Ok((row.get(0)?, row.get(1)?)),
            )?;
            Ok(counts)
        })
        .await?;
    let sockets = shared.hub.open();
    Ok(Json(json!({
        "status": "ok",
        "timestamp": clock::naive(clock::now()),
        "database": "connected",
        "message": format!(
            "Batch Runner healthy - {total} total batches, {running} running, {sockets} active WebSocket connections"
        ),
    })))
}

/// `GET /api/v1/health`: the lead explorer's.
pub async fn leads(State(shared): State<Shared>) -> Result<Json<Value>, ApiError> {
    let (total, manual): (i64, i64) = shared
        .db
        .read(|connection| {
            let counts = connection.query_row(
                "SELECT COUNT(*), COALESCE(SUM(is_manual), 0) FROM leads WHERE NOT is_deleted",
                [],
                |row| Ok((row.get(0)?, row.get(1)?)),
            )?;
            Ok(counts)
        })
        .await?;
    Ok(Json(json!({
        "status": "ok",
        "timestamp": clock::naive(clock::now()),
        "database": "connected",
        "message": format!("Lead Explorer is healthy - {total} total leads ({manual} manual)"),
    })))
}
