//! Batches are really processed: one task per batch, everything committed before it is announced.

mod cancel;
mod finish;
mod messages;
mod process;
mod store;
mod work;

pub use cancel::{Cancelled, cancel};
pub use process::PROGRESS_INTERVAL;

use serde_json::Value;

use crate::error::Result;
use crate::quirks::Quirk;
use crate::sockets::hub::Audience;
use crate::state::Shared;
use process::process;

/// What the recorded server writes on every batch when it stands as it is.
pub const SETTER_MESSAGE: &str = "property 'results_summary' of 'BatchReport' object has no setter";

/// Starts the work on a batch, unless it is being worked on.
pub fn spawn(shared: &Shared, batch_id: &str) {
    let Some(worker) = shared.workers.begin(batch_id) else {
        return;
    };
    let (shared, batch_id) = (shared.clone(), batch_id.to_owned());
    tokio::spawn(async move {
        if let Err(error) = process(&shared, &batch_id, &worker).await {
            eprintln!("batch {batch_id} stopped: {error}");
        }
        shared.workers.end(&batch_id);
    });
}

/// Takes up the batches that the last process left unfinished.
///
/// # Errors
/// Those of the database.
pub async fn resume(shared: &Shared) -> Result<usize> {
    if shared.has(Quirk::OrphanedAfterRestart) {
        return Ok(0);
    }
    // In one life a batch is announced at most twice per lead and a few times besides, so this leaps
    // over every number that was given before.
    let unfinished: Vec<(String, u32)> = shared
        .db
        .write(|connection| {
            let mut statement = connection.prepare(
                "UPDATE batches SET first_seq = first_seq + 2 * total_leads + 10
                 WHERE status IN ('pending', 'running') AND is_processed
                 RETURNING id, first_seq",
            )?;
            let unfinished = statement
                .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?
                .collect::<rusqlite::Result<_>>()?;
            Ok(unfinished)
        })
        .await?;
    for (batch_id, first_seq) in &unfinished {
        shared.hub.continue_feed(batch_id, u64::from(*first_seq));
        spawn(shared, batch_id);
    }
    Ok(unfinished.len())
}

/// Announces a message of a batch.
pub fn publish(shared: &Shared, batch_id: &str, message: &Value, audience: Audience) {
    shared.hub.publish(
        batch_id,
        message,
        audience,
        shared.has(Quirk::OneSocketPerBatch),
    );
}
