//! Ends a batch.

use rusqlite::params;
use serde_json::{Value, json};

use super::work::Work;
use super::{SETTER_MESSAGE, publish};
use crate::clock;
use crate::cost;
use crate::error::Result;
use crate::quirks::Quirk;
use crate::sockets::hub::Audience;
use crate::state::Shared;

pub(super) async fn finish(
    shared: &Shared,
    batch_id: &str,
    work: &Work,
    last_message: Option<Value>,
) -> Result<()> {
    let id = batch_id.to_owned();
    let breaks = shared.has(Quirk::BatchesEndFailed);
    let is_cancelled = work.is_cancelled;
    let (completed_at, spent) = shared
        .db
        .write(move |connection| {
            let now = clock::now();
            let spent: i64 = connection.query_row(
                "SELECT COALESCE(SUM(actual_cost), 0) FROM batch_leads WHERE batch_id = ?1",
                [&id],
                |row| row.get(0),
            )?;
            let (status, cost, message) = if breaks {
                ("failed", None, Some(SETTER_MESSAGE))
            } else if is_cancelled {
                ("cancelled", Some(spent), Some("Cancelled by user"))
            } else {
                ("completed", Some(spent), None)
            };
            // The message of a cancel that did not stop the work outlives it, as recorded.
            connection.execute(
                "UPDATE batches SET status = ?2, actual_cost = ?3,
                    error_message = COALESCE(?4, error_message), completed_at = ?5
                 WHERE id = ?1",
                params![id, status, cost, message, now],
            )?;
            Ok((now, spent))
        })
        .await?;
    if let Some(message) = last_message
        && !shared.has(Quirk::LastProgressMissing)
    {
        publish(shared, batch_id, &message, Audience::Everyone);
    }
    let message = if breaks {
        json!({
            "type": "batch_error",
            "batch_id": batch_id,
            "timestamp": clock::naive(clock::now()),
            "error_message": SETTER_MESSAGE,
            "error_code": "BATCH_PROCESSING_ERROR",
        })
    } else {
        // Microseconds of hours at most.
        #[allow(clippy::cast_precision_loss)]
        let seconds = (completed_at - work.started_at) as f64 / 1e6;
        json!({
            "type": "batch_completed",
            "batch_id": batch_id,
            "timestamp": clock::naive(clock::now()),
            "status": if is_cancelled { "cancelled" } else { "completed" },
            "total_leads": work.total,
            "successful": work.counts.successful,
            "failed": work.counts.failed,
            "total_cost": cost::dollars(spent),
            "duration_seconds": seconds,
            "completed_at": clock::naive(completed_at),
        })
    };
    publish(shared, batch_id, &message, Audience::Everyone);
    Ok(())
}
