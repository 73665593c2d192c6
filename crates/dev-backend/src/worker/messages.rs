//! What is announced while a batch runs.

use serde_json::{Value, json};

use super::work::{Lead, Work};
use crate::clock;
use crate::cost;
use crate::outcome::{self, Outcome};

pub(super) fn lead_update(batch_id: &str, lead: &Lead, outcome: &Outcome) -> Value {
    let mut message = json!({
        "type": "lead_update",
        "batch_id": batch_id,
        "timestamp": clock::naive(clock::now()),
        "lead_id": lead.id,
        "status": if outcome.failure.is_some() { "failed" } else { "completed" },
        "attempts": outcome.attempts,
        "actual_cost_usd": cost::dollars(outcome.cost),
    });
    match &outcome.failure {
        Some((code, text)) => {
            message["error_code"] = json!(code);
            message["error_message"] = json!(text);
        }
        None => message["report_url"] = json!(outcome::report_url(batch_id, &lead.id)),
    }
    message
}

pub(super) fn progress(
    batch_id: &str,
    work: &Work,
    lead: &Lead,
    outcome: &Outcome,
    rate: f64,
) -> Value {
    let done = work.counts.processed();
    let left = work.total - done;
    // Counts are far below 2^52.
    #[allow(clippy::cast_precision_loss, clippy::cast_possible_truncation)]
    let (share, remaining) = (
        done as f64 / work.total.max(1) as f64 * 100.0,
        (left > 0 && rate > 0.0).then(|| (left as f64 / rate).ceil() as i64),
    );
    json!({
        "type": "progress_update",
        "batch_id": batch_id,
        "timestamp": clock::naive(clock::now()),
        "processed": done,
        "total": work.total,
        "successful": work.counts.successful,
        "failed": work.counts.failed,
        "progress_percentage": share,
        "current_lead": lead.id,
        "processing_rate_per_second": (rate * 100.0).round() / 100.0,
        "estimated_remaining_seconds": remaining,
        "last_result": {
            "lead_id": lead.id,
            "success": outcome.failure.is_none(),
            "error": outcome.failure.as_ref().map(|(_, text)| text),
        },
    })
}
