//! What a batch would cost and how long it would take.

use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::StatusCode;
use serde_json::{Value, json};

use super::DEFAULT_TEMPLATE;
use super::valid_leads::valid_leads;
use crate::cost::{self, LeadFacts};
use crate::http::budget;
use crate::http::errors::ApiError;
use crate::http::validation::{Fields, posted};
use crate::quirks::Quirk;
use crate::state::Shared;

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
