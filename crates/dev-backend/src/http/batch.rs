//! Batches: preview, start, status, list, cancel, per-lead results, analytics.

use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use rusqlite::types::Value as Sql;
use rusqlite::{Connection, OptionalExtension, Row, params, params_from_iter};
use serde_json::{Map, Value, json};

use crate::clock::{self, DAY};
use crate::cost::{self, LeadFacts};
use crate::error::Result;
use crate::http::budget;
use crate::http::errors::{ApiError, not_found};
use crate::http::validation::{Fields, Query, complaint, optional_json, page_info, posted};
use crate::quirks::Quirk;
use crate::random;
use crate::server::StartedBatch;
use crate::state::Shared;
use crate::worker::{self, Cancelled};

const STATUSES: [&str; 5] = ["pending", "running", "completed", "failed", "cancelled"];
/// The template that is assumed when none is named.
const DEFAULT_TEMPLATE: &str = "v1";

/// `POST /api/batch/preview`.
pub async fn preview(State(shared): State<Shared>, body: Bytes) -> Result<Json<Value>, ApiError> {
    let body = posted(&shared, &body)?;
    let mut fields = Fields::of(&body);
    let lead_ids = fields.lead_ids();
    let template = fields.text_or("template_version", DEFAULT_TEMPLATE);
    fields.finish()?;
    let ignores_spend = shared.has(Quirk::SpendNeverRecorded);
    let (mut leads, spent) = shared
        .db
        .read(move |connection| {
            Ok((
                valid_leads(connection, &lead_ids)?,
                budget::spent_today(connection, ignores_spend)?,
            ))
        })
        .await?;
    if leads.is_empty() {
        return Err(ApiError::detail(
            StatusCode::UNPROCESSABLE_ENTITY,
            "No valid leads found",
        ));
    }
    // In the order of the table, not of the request, as recorded.
    leads.sort_unstable_by_key(|lead| lead.position);
    let facts: Vec<LeadFacts> = leads.iter().map(|lead| lead.facts).collect();
    let estimate = cost::estimate(
        &shared.prices(),
        &facts,
        &template,
        shared.has(Quirk::PreviewIgnoresEnrichment),
    );
    let minutes = duration_minutes(&shared, leads.len(), &template);
    if shared.has(Quirk::PreviewRefused) {
        let text = format!(
            "1 validation error for BatchPreviewSchema\nestimated_duration_minutes\n  Input should be a valid integer [type=int_type, input_value={{'estimated_minutes': {minutes}, ... {minutes}, 'max_concurrent': 5}}, input_type=dict]\n    For further information visit https://errors.pydantic.dev/2.5/v/int_type"
        );
        return Err(ApiError::detail(StatusCode::UNPROCESSABLE_ENTITY, text));
    }
    let remaining = budget::DAILY_LIMIT - cost::dollars(spent);
    let is_within = estimate.total <= remaining;
    let share = estimate.total / budget::DAILY_LIMIT;
    let warning = if !is_within {
        Some(format!(
            "Batch cost ${:.2} exceeds remaining daily budget ${:.2}",
            estimate.total,
            remaining.max(0.0)
        ))
    } else if share > 0.5 {
        Some(format!(
            "Batch will use {:.1}% of daily budget",
            share * 100.0
        ))
    } else {
        None
    };
    // A batch has at most 1000 leads.
    #[allow(clippy::cast_precision_loss)]
    let per_lead = estimate.total / leads.len() as f64;
    Ok(Json(json!({
        "lead_count": leads.len(),
        "valid_lead_ids": leads.iter().map(|lead| &lead.id).collect::<Vec<_>>(),
        "template_version": template,
        "estimated_cost_usd": estimate.total,
        "cost_breakdown": estimate.breakdown,
        "provider_breakdown": estimate.providers,
        "estimated_duration_minutes": minutes,
        "cost_per_lead": per_lead,
        "is_within_budget": is_within,
        "budget_warning": warning,
        "accuracy_note": "Estimate accurate within ±5%",
    })))
}

/// Whole minutes: a realistic guess at five leads at a time, or the recorded far too long one.
fn duration_minutes(shared: &Shared, leads: usize, template: &str) -> i64 {
    #[allow(clippy::cast_precision_loss)]
    let leads = leads as f64;
    // At most a few thousand minutes.
    #[allow(clippy::cast_possible_truncation)]
    if shared.has(Quirk::DurationFarTooLong) {
        let weight = match template {
            "simple" => 0.6,
            "comprehensive" => 1.5,
            _ => 1.0,
        };
        // 17.25 s a lead reproduces every recorded figure.
        ((leads * 17.25 * weight / 60.0).floor() as i64).max(1)
    } else {
        ((leads * 1.0 / 5.0 / 60.0 / shared.speed()).ceil() as i64).max(1)
    }
}

struct KnownLead {
    position: i64,
    id: String,
    facts: LeadFacts,
}

/// The leads that exist, in the order of the request.
fn valid_leads(connection: &Connection, ids: &[String]) -> Result<Vec<KnownLead>> {
    let mut find = connection.prepare_cached(
        "SELECT position, id, email IS NOT NULL, domain IS NOT NULL, enrichment_status = 'completed'
         FROM leads WHERE id = ?1 AND NOT is_deleted",
    )?;
    let mut leads = Vec::with_capacity(ids.len());
    for id in ids {
        let lead = find
            .query_row([id], |row| {
                Ok(KnownLead {
                    position: row.get(0)?,
                    id: row.get(1)?,
                    facts: LeadFacts {
                        has_email: row.get(2)?,
                        has_domain: row.get(3)?,
                        is_enriched: row.get(4)?,
                    },
                })
            })
            .optional()?;
        leads.extend(lead);
    }
    Ok(leads)
}

/// `POST /api/batch/start`.
pub async fn start(State(shared): State<Shared>, body: Bytes) -> Result<Response, ApiError> {
    let body = posted(&shared, &body)?;
    let mut fields = Fields::of(&body);
    let lead_ids = fields.lead_ids();
    let name = fields.optional_text("name", Some(255));
    let description = fields.optional_text("description", Some(1000));
    let template = fields.text_or("template_version", DEFAULT_TEMPLATE);
    let estimate = fields.required_amount("estimated_cost_usd");
    let approved = fields.required_boolean("cost_approved");
    let max_concurrent = fields.integer_or("max_concurrent", 5, 1, 20);
    let retry_failed = fields.boolean_or("retry_failed", true);
    let retry_count = fields.integer_or("retry_count", 3, 0, 5);
    let created_by = fields.optional_text("created_by", None);
    if body.get("cost_approved") == Some(&Value::Bool(false))
        && !shared.has(Quirk::UnapprovedStartAccepted)
    {
        fields.refuse(
            "cost_approved",
            "Cost must be approved before a batch is started",
        );
    }
    fields.finish()?;
    let has_nul = |text: &Option<String>| text.as_ref().is_some_and(|text| text.contains('\0'));
    if has_nul(&name) || has_nul(&description) || has_nul(&created_by) || template.contains('\0') {
        return Err(ApiError::detail(
            StatusCode::INTERNAL_SERVER_ERROR,
            "Internal server error",
        ));
    }
    let probe = lead_ids.clone();
    let any_valid = shared
        .db
        .read(move |connection| Ok(!valid_leads(connection, &probe)?.is_empty()))
        .await?;
    if !any_valid {
        return Err(ApiError::detail(
            StatusCode::UNPROCESSABLE_ENTITY,
            "No valid leads found",
        ));
    }
    // The recorded columns hold six digits before the point and fifty characters.
    if estimate >= 1e6 || template.chars().count() > 50 {
        return Err(ApiError::detail(
            StatusCode::INTERNAL_SERVER_ERROR,
            "Database operation failed",
        ));
    }
    let zero_is_null = shared.has(Quirk::ZeroEstimateReadsNull);
    let stored = cost::micros((estimate * 1e4).round() / 1e4);
    let estimate = (!(zero_is_null && stored == 0)).then_some(stored);
    let id = random::new_id();
    let batch_id = id.clone();
    let view = BatchView::of(&shared);
    let created = shared
        .db
        .write(move |connection| {
            let transaction = connection.transaction()?;
            let leads = valid_leads(&transaction, &lead_ids)?;
            transaction.execute(
                "INSERT INTO batches (id, name, description, template_version, status, total_leads, estimated_cost,
                    cost_approved, max_concurrent, retry_failed, retry_count, created_by, created_at)
                 VALUES (?1, ?2, ?3, ?4, 'pending', ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)",
                params![
                    batch_id,
                    name,
                    description,
                    template,
                    i64::try_from(leads.len()).unwrap_or(0),
                    estimate,
                    approved,
                    max_concurrent,
                    retry_failed,
                    retry_count,
                    created_by,
                    clock::now()
                ],
            )?;
            {
                let mut insert = transaction
                    .prepare_cached("INSERT INTO batch_leads (batch_id, position, lead_id) VALUES (?1, ?2, ?3)")?;
                for (position, lead) in leads.iter().enumerate() {
                    insert.execute(params![batch_id, i64::try_from(position).unwrap_or(0), lead.id])?;
                }
            }
            let created = transaction
                .query_row("SELECT * FROM batches WHERE id = ?1", [&batch_id], |row| view.batch(row))?;
            transaction.commit()?;
            Ok(created)
        })
        .await?;
    worker::spawn(&shared, &id);
    let mut response = (StatusCode::CREATED, Json(created)).into_response();
    response.extensions_mut().insert(StartedBatch(id));
    Ok(response)
}

/// How batches are written, which a quirk changes.
#[derive(Clone, Copy)]
struct BatchView {
    prefix: &'static str,
}

impl BatchView {
    fn of(shared: &Shared) -> Self {
        Self {
            prefix: if shared.has(Quirk::WrongWebsocketUrl) {
                "/api/v1"
            } else {
                "/api"
            },
        }
    }

    fn batch(self, row: &Row<'_>) -> rusqlite::Result<Value> {
        let id: String = row.get("id")?;
        let (total, processed) = (row.get("total_leads")?, row.get("processed_leads")?);
        let url = format!("{}/batch/{id}/progress", self.prefix);
        Ok(json!({
            "id": id,
            "name": row.get::<_, Option<String>>("name")?,
            "description": row.get::<_, Option<String>>("description")?,
            "status": row.get::<_, String>("status")?,
            "total_leads": total,
            "processed_leads": processed,
            "successful_leads": row.get::<_, i64>("successful_leads")?,
            "failed_leads": row.get::<_, i64>("failed_leads")?,
            "progress_percentage": percentage(processed, total),
            "estimated_cost_usd": row.get::<_, Option<i64>>("estimated_cost")?.map(cost::dollars),
            "actual_cost_usd": row.get::<_, Option<i64>>("actual_cost")?.map(cost::dollars),
            "template_version": row.get::<_, String>("template_version")?,
            "websocket_url": url,
            "created_at": clock::naive(row.get("created_at")?),
            "started_at": row.get::<_, Option<i64>>("started_at")?.map(clock::naive),
            "completed_at": row.get::<_, Option<i64>>("completed_at")?.map(clock::naive),
            "created_by": row.get::<_, Option<String>>("created_by")?,
            "error_message": row.get::<_, Option<String>>("error_message")?,
        }))
    }
}

/// Per cent with two digits, as recorded.
fn percentage(processed: i64, total: i64) -> f64 {
    #[allow(clippy::cast_precision_loss)]
    let share = processed as f64 / total.max(1) as f64;
    (share * 10_000.0).round() / 100.0
}

/// `GET /api/batch`.
pub async fn list(
    State(shared): State<Shared>,
    uri: Uri,
    body: Bytes,
) -> Result<Json<Value>, ApiError> {
    let mut query = Query::of(&uri);
    let skip = query.integer("skip", 0);
    let limit = query.integer("limit", 50);
    let created_by = query.text("created_by").map(str::to_owned);
    let template = query.text("template_version").map(str::to_owned);
    let after = query.instant("created_after");
    let before = query.instant("created_before");
    query.finish()?;
    // `?status=` is not read: the recorded server takes the statuses from the body of the GET.
    let statuses = match optional_json(&body)? {
        None | Some(Value::Null) => None,
        Some(Value::Array(statuses)) => Some(statuses),
        Some(other) => {
            let msg = "Input should be a valid list";
            return Err(ApiError::Validation(vec![complaint(
                "list_type",
                &[json!("body")],
                msg,
                other,
                None,
            )]));
        }
    };
    if skip < 0 || !(1..=200).contains(&limit) {
        return Err(ApiError::Internal);
    }
    let mut wheres = vec!["1".to_owned()];
    let mut values: Vec<Sql> = Vec::new();
    let mut add = |condition: &str, value: Sql| {
        values.push(value);
        wheres.push(format!("{condition} ?{}", values.len()));
    };
    if let Some(created_by) = created_by {
        add("created_by =", Sql::Text(created_by));
    }
    if let Some(template) = template {
        add("template_version =", Sql::Text(template));
    }
    if let Some(after) = after {
        add("created_at >=", Sql::Integer(after));
    }
    if let Some(before) = before {
        add("created_at <=", Sql::Integer(before));
    }
    if let Some(statuses) = statuses.filter(|statuses| !statuses.is_empty()) {
        let known: Option<Vec<String>> = statuses
            .iter()
            .map(|status| {
                status
                    .as_str()
                    .filter(|status| STATUSES.contains(status))
                    .map(|status| format!("'{status}'"))
            })
            .collect();
        let Some(known) = known else {
            return Err(ApiError::Internal);
        };
        wheres.push(format!("status IN ({})", known.join(", ")));
    }
    let from = format!("FROM batches WHERE {}", wheres.join(" AND "));
    let view = BatchView::of(&shared);
    let (batches, total) = shared
        .db
        .read(move |connection| {
            let total: i64 = connection
                .prepare_cached(&format!("SELECT COUNT(*) {from}"))?
                .query_row(params_from_iter(&values), |row| row.get(0))?;
            let mut statement = connection.prepare_cached(&format!(
                "SELECT * {from} ORDER BY created_at DESC, position DESC LIMIT {limit} OFFSET {skip}"
            ))?;
            let batches: Vec<Value> = statement
                .query_map(params_from_iter(&values), |row| view.batch(row))?
                .collect::<rusqlite::Result<_>>()?;
            Ok((batches, total))
        })
        .await?;
    Ok(Json(
        json!({ "batches": batches, "total_count": total, "page_info": page_info(skip, limit, total) }),
    ))
}

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
