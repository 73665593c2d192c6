//! How far a batch is, and its cancelling.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use rusqlite::OptionalExtension;
use serde_json::{Map, Value, json};

use super::view::percentage;
use crate::clock;
use crate::cost;
use crate::http::errors::ApiError;
use crate::quirks::Quirk;
use crate::state::Shared;
use crate::worker::{self, Cancelled};

/// `GET /api/batch/{id}/status`.
pub async fn status(
    State(shared): State<Shared>,
    Path(id): Path<String>,
) -> Result<Json<Value>, ApiError> {
    let url = shared.websocket_url(&id);
    let unfinished_first = shared.has(Quirk::UnfinishedResultsFirst);
    let empty_summary = shared.has(Quirk::ErrorSummaryEmpty);
    let found = shared
        .db
        .read(move |connection| {
            let batch = connection
                .prepare_cached("SELECT * FROM batches WHERE id = ?1")?
                .query_row([&id], |row| {
                    let (total, processed) = (row.get("total_leads")?, row.get("processed_leads")?);
                    Ok(json!({
                        "batch_id": row.get::<_, String>("id")?,
                        "status": row.get::<_, String>("status")?,
                        "progress_percentage": percentage(processed, total),
                        "total_leads": total,
                        "processed_leads": processed,
                        "successful_leads": row.get::<_, i64>("successful_leads")?,
                        "failed_leads": row.get::<_, i64>("failed_leads")?,
                        "current_lead_id": row.get::<_, Option<String>>("current_lead_id")?,
                        "estimated_cost_usd": row.get::<_, Option<i64>>("estimated_cost")?.map(cost::dollars),
                        "actual_cost_usd": row.get::<_, Option<i64>>("actual_cost")?.map(cost::dollars),
                        "started_at": row.get::<_, Option<i64>>("started_at")?.map(clock::naive),
                        "estimated_completion": null,
                    }))
                })
                .optional()?;
            let Some(mut batch) = batch else { return Ok(None) };
            let order = if unfinished_first {
                "completed_at IS NOT NULL, completed_at DESC, position"
            } else {
                "completed_at DESC, position"
            };
            let only = if unfinished_first { "" } else { "AND completed_at IS NOT NULL" };
            let recent: Vec<Value> = connection
                .prepare_cached(&format!(
                    "SELECT * FROM batch_leads WHERE batch_id = ?1 {only} ORDER BY {order} LIMIT 5"
                ))?
                .query_map([&id], |row| {
                    Ok(json!({
                        "lead_id": row.get::<_, String>("lead_id")?,
                        "status": row.get::<_, String>("status")?,
                        "error_message": row.get::<_, Option<String>>("error_message")?,
                        "processing_duration_ms": row.get::<_, Option<i64>>("duration_ms")?,
                        "completed_at": row.get::<_, Option<i64>>("completed_at")?.map(clock::naive),
                    }))
                })?
                .collect::<rusqlite::Result<_>>()?;
            let mut summary = Map::new();
            if !empty_summary {
                let mut statement = connection.prepare_cached(
                    "SELECT error_code, COUNT(*) FROM batch_leads
                     WHERE batch_id = ?1 AND status = 'failed' AND error_code IS NOT NULL
                     GROUP BY error_code ORDER BY 2 DESC, 1",
                )?;
                let mut rows = statement.query([&id])?;
                while let Some(row) = rows.next()? {
                    summary.insert(row.get(0)?, json!(row.get::<_, i64>(1)?));
                }
            }
            batch["recent_results"] = json!(recent);
            batch["error_summary"] = Value::Object(summary);
            Ok(Some(batch))
        })
        .await?;
    let mut batch =
        found.ok_or_else(|| ApiError::detail(StatusCode::NOT_FOUND, "Batch not found"))?;
    if shared.has(Quirk::StatusFailsWithFailedLeads) && batch["failed_leads"].as_i64() != Some(0) {
        return Err(ApiError::detail(
            StatusCode::INTERNAL_SERVER_ERROR,
            "Internal server error",
        ));
    }
    batch["websocket_url"] = json!(url);
    Ok(Json(batch))
}

/// `POST /api/batch/{id}/cancel`.
pub async fn cancel(
    State(shared): State<Shared>,
    Path(id): Path<String>,
) -> Result<Json<Value>, ApiError> {
    match worker::cancel(&shared, &id).await? {
        Cancelled::Yes => Ok(Json(json!({ "message": "Batch cancelled successfully" }))),
        Cancelled::TooLate => Err(ApiError::detail(
            StatusCode::BAD_REQUEST,
            "Batch cannot be cancelled in current status",
        )),
        Cancelled::Unknown => Err(ApiError::detail(StatusCode::NOT_FOUND, "Batch not found")),
    }
}
