//! The outcome of every lead of a batch.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::{StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use rusqlite::{Row, params};
use serde_json::{Value, json};

use crate::clock;
use crate::cost;
use crate::http::errors::{ApiError, not_found};
use crate::http::validation::{Query, page_info};
use crate::quirks::Quirk;
use crate::state::Shared;

/// `GET /api/batch/{id}/leads`: the outcome of every lead. Today's product lacks this route.
pub async fn leads(
    State(shared): State<Shared>,
    Path(id): Path<String>,
    uri: Uri,
) -> Result<Response, ApiError> {
    if shared.has(Quirk::NoPerLeadRoute) {
        return Ok(not_found());
    }
    let mut query = Query::of(&uri);
    let skip = query.bounded("skip", 0, 0, i64::MAX);
    let limit = query.bounded("limit", 100, 1, 1000);
    let status = query.choice(
        "status",
        &["pending", "processing", "completed", "failed", "skipped"],
    );
    query.finish()?;
    let found = shared
        .db
        .read(move |connection| {
            if !connection.prepare_cached("SELECT 1 FROM batches WHERE id = ?1")?.exists([&id])? {
                return Ok(None);
            }
            let total: i64 = connection
                .prepare_cached(
                    "SELECT COUNT(*) FROM batch_leads WHERE batch_id = ?1 AND (?2 IS NULL OR status = ?2)",
                )?
                .query_row(params![id, status], |row| row.get(0))?;
            let leads: Vec<Value> = connection
                .prepare_cached(
                    "SELECT * FROM batch_leads WHERE batch_id = ?1 AND (?2 IS NULL OR status = ?2)
                     ORDER BY position LIMIT ?3 OFFSET ?4",
                )?
                .query_map(params![id, status, limit, skip], lead_result)?
                .collect::<rusqlite::Result<_>>()?;
            Ok(Some(json!({ "leads": leads, "total_count": total, "page_info": page_info(skip, limit, total) })))
        })
        .await?;
    let found = found.ok_or_else(|| ApiError::detail(StatusCode::NOT_FOUND, "Batch not found"))?;
    Ok(Json(found).into_response())
}

fn lead_result(row: &Row<'_>) -> rusqlite::Result<Value> {
    Ok(json!({
        "lead_id": row.get::<_, String>("lead_id")?,
        "status": row.get::<_, String>("status")?,
        "error_code": row.get::<_, Option<String>>("error_code")?,
        "error_message": row.get::<_, Option<String>>("error_message")?,
        "actual_cost_usd": row.get::<_, Option<i64>>("actual_cost")?.map(cost::dollars),
        "report_url": row.get::<_, Option<String>>("report_url")?,
        "attempts": row.get::<_, i64>("attempts")?,
        "processing_duration_ms": row.get::<_, Option<i64>>("duration_ms")?,
        "completed_at": row.get::<_, Option<i64>>("completed_at")?.map(clock::naive),
    }))
}
