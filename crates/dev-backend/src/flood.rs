//! A flood of progress messages, to measure how a page bears it.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use rusqlite::params;
use serde::Deserialize;
use serde_json::json;

use crate::clock;
use crate::error::Result;
use crate::random;
use crate::sockets::hub::Audience;
use crate::state::Shared;
use crate::worker::publish;

/// What is wanted.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Flood {
    /// Over all batches together.
    pub messages_per_second: f64,
    /// Batches that take turns.
    pub batches: usize,
    /// How long it lasts.
    pub seconds: f64,
}

/// Creates the batches, which are running from now on, and begins to send. Answers their ids.
///
/// # Errors
/// Outside, those of the database; inside, a sentence for numbers that make no sense.
pub async fn begin(shared: &Shared, flood: Flood) -> Result<Result<Vec<String>, String>> {
    let is_sensible = (0.1..=20_000.0).contains(&flood.messages_per_second)
        && (1..=500).contains(&flood.batches)
        && (0.0..=3600.0).contains(&flood.seconds);
    if !is_sensible {
        return Ok(Err(
            "messages_per_second is 0.1 to 20000, batches 1 to 500, seconds up to 3600".to_owned(),
        ));
    }
    // At most 72 million.
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    let messages = (flood.messages_per_second * flood.seconds).ceil() as u64;
    let batches = flood.batches as u64;
    // Every message of a batch has a count of its own, so a batch has as many leads as messages.
    let per_batch = messages.div_ceil(batches).max(1);
    let ids: Vec<String> = (0..flood.batches).map(|_| random::new_id()).collect();
    let created = ids.clone();
    shared
        .db
        .write(move |connection| {
            let transaction = connection.transaction()?;
            let now = clock::now();
            for (index, id) in created.iter().enumerate() {
                transaction.execute(
                    "INSERT INTO batches (id, name, template_version, status, total_leads, estimated_cost,
                        created_by, is_processed, created_at, started_at)
                     VALUES (?1, ?2, 'v1', 'running', ?3, 1000000, ?4, 0, ?5, ?5)",
                    params![id, format!("Flood {}", index + 1), i64::try_from(per_batch).unwrap_or(0), crate::seed::USERS[0].0, now],
                )?;
            }
            transaction.commit()?;
            Ok(())
        })
        .await?;
    let (shared, told) = (shared.clone(), ids.clone());
    tokio::spawn(async move {
        if let Err(error) = send(&shared, &told, flood, messages, per_batch).await {
            eprintln!("flood stopped: {error}");
        }
    });
    Ok(Ok(ids))
}

async fn send(
    shared: &Shared,
    ids: &[String],
    flood: Flood,
    messages: u64,
    per_batch: u64,
) -> Result<()> {
    // A moment for clients to follow the new batches.
    tokio::time::sleep(Duration::from_millis(300)).await;
    let begun = tokio::time::Instant::now();
    let batches = ids.len() as u64;
    let mut ticks = tokio::time::interval(Duration::from_millis(5));
    let (mut sent, mut stored) = (0_u64, 0_u64);
    while sent < messages {
        ticks.tick().await;
        // At most 72 million.
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
        let due =
            ((begun.elapsed().as_secs_f64() * flood.messages_per_second) as u64).min(messages);
        if due >= stored {
            // The database runs ahead by half a second, so that nothing is announced that it lacks.
            #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
            let ahead = (flood.messages_per_second / 2.0).ceil() as u64;
            stored = (due + ahead.max(1)).min(messages);
            store(shared, ids, stored, per_batch).await?;
        }
        while sent < due.min(stored) {
            let processed = sent / batches + 1;
            let Some(id) = ids.get(usize::try_from(sent % batches).unwrap_or(0)) else {
                break;
            };
            // Counts are far below 2^52.
            #[allow(clippy::cast_precision_loss)]
            let share = processed as f64 / per_batch as f64 * 100.0;
            let message = json!({
                "type": "progress_update",
                "batch_id": id,
                "timestamp": clock::naive(clock::now()),
                "processed": processed,
                "total": per_batch,
                "successful": processed,
                "failed": 0,
                "progress_percentage": share,
                "current_lead": null,
                "processing_rate_per_second": flood.messages_per_second / batches.max(1) as f64,
                "estimated_remaining_seconds": null,
                "last_result": null,
                "sent_at_ms": epoch_millis(),
            });
            publish(shared, id, &message, Audience::Everyone);
            sent += 1;
        }
    }
    end(shared, ids, per_batch).await
}

async fn store(shared: &Shared, ids: &[String], messages: u64, per_batch: u64) -> Result<()> {
    let ids = ids.to_vec();
    shared
        .db
        .write(move |connection| {
            let transaction = connection.transaction()?;
            let batches = ids.len() as u64;
            for (index, id) in ids.iter().enumerate() {
                let turns = messages / batches + u64::from(index as u64 % batches < messages % batches);
                let processed = i64::try_from(turns.min(per_batch)).unwrap_or(0);
                transaction.execute(
                    "UPDATE batches SET processed_leads = ?2, successful_leads = ?2 WHERE id = ?1 AND status = 'running'",
                    params![id, processed],
                )?;
            }
            transaction.commit()?;
            Ok(())
        })
        .await
}

async fn end(shared: &Shared, ids: &[String], per_batch: u64) -> Result<()> {
    let all = ids.to_vec();
    let completed_at = shared
        .db
        .write(move |connection| {
            let transaction = connection.transaction()?;
            let now = clock::now();
            for id in &all {
                transaction.execute(
                    "UPDATE batches SET status = 'completed', processed_leads = total_leads,
                        successful_leads = total_leads, actual_cost = 0, completed_at = ?2
                     WHERE id = ?1 AND status = 'running'",
                    params![id, now],
                )?;
            }
            transaction.commit()?;
            Ok(now)
        })
        .await?;
    for id in ids {
        let message = json!({
            "type": "batch_completed",
            "batch_id": id,
            "timestamp": clock::naive(clock::now()),
            "status": "completed",
            "total_leads": per_batch,
            "successful": per_batch,
            "failed": 0,
            "total_cost": 0.0,
            "duration_seconds": 0.0,
            "completed_at": clock::naive(completed_at),
            "sent_at_ms": epoch_millis(),
        });
        publish(shared, id, &message, Audience::Everyone);
    }
    Ok(())
}

/// Milliseconds since the epoch with a fraction, comparable to a browser's clock on the same machine.
fn epoch_millis() -> f64 {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_or(0.0, |elapsed| elapsed.as_secs_f64() * 1000.0)
}
