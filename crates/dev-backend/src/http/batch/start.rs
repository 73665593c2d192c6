//! Starts batches.

use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use rusqlite::params;
use serde_json::Value;

use super::DEFAULT_TEMPLATE;
use super::valid_leads::valid_leads;
use super::view::BatchView;
use crate::clock;
use crate::cost;
use crate::http::errors::ApiError;
use crate::http::validation::{Fields, posted};
use crate::quirks::Quirk;
use crate::random;
use crate::server::StartedBatch;
use crate::state::Shared;
use crate::worker;

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
