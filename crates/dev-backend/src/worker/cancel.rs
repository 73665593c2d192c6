//! Cancels batches.

use rusqlite::{OptionalExtension, params};
use serde_json::json;

use super::publish;
use crate::clock;
use crate::error::Result;
use crate::quirks::Quirk;
use crate::sockets::hub::Audience;
use crate::state::Shared;

/// What became of a request to cancel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cancelled {
    /// Accepted.
    Yes,
    /// The batch has ended, or was cancelled before.
    TooLate,
    /// No such batch.
    Unknown,
}

/// Cancels a batch: what has not begun is skipped, what has begun is finished and billed.
///
/// # Errors
/// Those of the database.
pub async fn cancel(shared: &Shared, batch_id: &str) -> Result<Cancelled> {
    let id = batch_id.to_owned();
    let keeps_working = shared.has(Quirk::CancelDoesNotStop);
    let worker = shared.workers.get(batch_id);
    let ends_at_once = keeps_working || worker.is_none();
    let found = shared
        .db
        .write(move |connection| {
            let transaction = connection.transaction()?;
            let row: Option<(String, Option<i64>)> = transaction
                .query_row("SELECT status, cancel_requested_at FROM batches WHERE id = ?1", [&id], |row| {
                    Ok((row.get(0)?, row.get(1)?))
                })
                .optional()?;
            let Some((status, requested)) = row else { return Ok(Cancelled::Unknown) };
            if !matches!(status.as_str(), "pending" | "running") || requested.is_some() {
                return Ok(Cancelled::TooLate);
            }
            let now = clock::now();
            transaction.execute("UPDATE batches SET cancel_requested_at = ?2 WHERE id = ?1", params![id, now])?;
            transaction.execute(
                "UPDATE batch_leads SET status = 'skipped' WHERE batch_id = ?1 AND status = 'pending'",
                [&id],
            )?;
            if ends_at_once {
                transaction.execute(
                    "UPDATE batches SET status = 'cancelled', error_message = 'Cancelled by user' WHERE id = ?1",
                    [&id],
                )?;
                if !keeps_working {
                    // Nobody works on it (a batch without a worker), so this is its end.
                    transaction.execute(
                        "UPDATE batch_leads SET status = 'skipped' WHERE batch_id = ?1 AND status = 'processing'",
                        [&id],
                    )?;
                    transaction.execute(
                        "UPDATE batches SET completed_at = ?2, actual_cost =
                            (SELECT COALESCE(SUM(actual_cost), 0) FROM batch_leads WHERE batch_id = ?1)
                         WHERE id = ?1",
                        params![id, now],
                    )?;
                }
            }
            transaction.commit()?;
            Ok(Cancelled::Yes)
        })
        .await?;
    if found == Cancelled::Yes {
        let message = json!({
            "type": "batch_error",
            "batch_id": batch_id,
            "timestamp": clock::naive(clock::now()),
            "error_message": "Batch processing cancelled by user",
            "error_code": "USER_CANCELLED",
        });
        publish(shared, batch_id, &message, Audience::Everyone);
        match worker {
            Some(worker) if !keeps_working => worker.cancel.notify_one(),
            _ => {}
        }
    }
    Ok(found)
}
