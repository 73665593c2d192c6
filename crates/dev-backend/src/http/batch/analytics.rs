//! Figures over the batches of the last days.

use axum::Json;
use axum::extract::State;
use axum::http::{StatusCode, Uri};
use serde_json::{Map, Value, json};

use crate::clock::{self, DAY};
use crate::cost;
use crate::http::errors::ApiError;
use crate::http::validation::Query;
use crate::quirks::Quirk;
use crate::state::Shared;

/// `GET /api/batch/analytics`.
pub async fn analytics(State(shared): State<Shared>, uri: Uri) -> Result<Json<Value>, ApiError> {
    let mut query = Query::of(&uri);
    let days = query.bounded("days", 7, 1, 90);
    query.finish()?;
    if shared.has(Quirk::AnalyticsBroken) {
        return Err(ApiError::detail(
            StatusCode::INTERNAL_SERVER_ERROR,
            "Internal server error",
        ));
    }
    let now = clock::now();
    let from = now - days * DAY;
    let (statistics, breakdown) = shared
        .db
        .read(move |connection| {
            let statistics = connection.query_row(
                "SELECT COUNT(*), AVG(successful_leads), AVG(100.0 * processed_leads / MAX(total_leads, 1)),
                    COALESCE(SUM(actual_cost), 0), AVG(completed_at - started_at) / 1e6
                 FROM batches WHERE created_at >= ?1",
                [from],
                |row| {
                    Ok(json!({
                        "total_batches": row.get::<_, i64>(0)?,
                        "average_successful_leads": row.get::<_, Option<f64>>(1)?.unwrap_or(0.0),
                        "average_progress": row.get::<_, Option<f64>>(2)?.unwrap_or(0.0),
                        "total_cost_usd": cost::dollars(row.get(3)?),
                        "average_duration_seconds": row.get::<_, Option<f64>>(4)?.unwrap_or(0.0),
                    }))
                },
            )?;
            let mut breakdown = Map::new();
            let mut statement = connection
                .prepare_cached("SELECT status, COUNT(*) FROM batches WHERE created_at >= ?1 GROUP BY status")?;
            let mut rows = statement.query([from])?;
            while let Some(row) = rows.next()? {
                breakdown.insert(row.get(0)?, json!(row.get::<_, i64>(1)?));
            }
            Ok((statistics, breakdown))
        })
        .await?;
    Ok(Json(json!({
        "period_days": days,
        "start_date": clock::naive(from),
        "statistics": statistics,
        "status_breakdown": breakdown,
        "generated_at": clock::naive(clock::now()),
    })))
}
