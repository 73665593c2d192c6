//! Batches are really processed: one task per batch, everything committed before it is announced.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use rusqlite::{Connection, OptionalExtension, params};
use serde_json::{Value, json};
use tokio::task::JoinSet;

use crate::clock;
use crate::cost::{self, LeadFacts, Prices};
use crate::error::Result;
use crate::outcome::{self, Outcome, Plan, Rules};
use crate::quirks::Quirk;
use crate::seed::add_spend;
use crate::sockets::hub::Audience;
use crate::state::{Shared, Worker};

/// How often a batch tells its progress at most.
pub const PROGRESS_INTERVAL: Duration = Duration::from_secs(2);
/// What the recorded server writes on every batch when it stands as it is.
pub const SETTER_MESSAGE: &str = "property 'results_summary' of 'BatchReport' object has no setter";
/// The concurrency of the recorded server, whatever is asked.
const RECORDED_CONCURRENCY: usize = 5;

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

/// Announces a message of a batch.
pub fn publish(shared: &Shared, batch_id: &str, message: &Value, audience: Audience) {
    shared.hub.publish(
        batch_id,
        message,
        audience,
        shared.has(Quirk::OneSocketPerBatch),
    );
}

/// The unchanging facts of a batch, and what is left to do.
struct Work {
    template_version: String,
    total: i64,
    concurrency: usize,
    retries: i64,
    started_at: i64,
    is_cancelled: bool,
    counts: Counts,
    waiting: VecDeque<Lead>,
}

#[derive(Debug, Clone, Copy, Default)]
struct Counts {
    successful: i64,
    failed: i64,
}

impl Counts {
    fn processed(self) -> i64 {
        self.successful + self.failed
    }
}

#[derive(Debug, Clone)]
struct Lead {
    position: i64,
    id: String,
    facts: LeadFacts,
}

async fn process(shared: &Shared, batch_id: &str, worker: &Worker) -> Result<()> {
    let id = batch_id.to_owned();
    let mut work = shared
        .db
        .write(move |connection| begin(connection, &id))
        .await?;
    let prices = shared.prices();
    publish(
        shared,
        batch_id,
        &json!({
            "type": "progress_update",
            "batch_id": batch_id,
            "timestamp": clock::naive(clock::now()),
            "status": "started",
            "message": format!("Batch processing started for {} leads", work.total),
            "started_at": clock::naive(work.started_at),
        }),
        Audience::Everyone,
    );
    let concurrency = if shared.has(Quirk::MaxConcurrentIgnored) {
        RECORDED_CONCURRENCY
    } else {
        work.concurrency
    };
    let resumed_with = work.counts.processed();
    let begun = Instant::now();
    let mut last_told: Option<Instant> = None;
    let mut last_message: Option<Value> = None;
    let mut in_flight: JoinSet<(Lead, Outcome)> = JoinSet::new();
    loop {
        let mut starting = Vec::new();
        while in_flight.len() + starting.len() < concurrency {
            let Some(lead) = work.waiting.pop_front() else {
                break;
            };
            starting.push(lead);
        }
        if !starting.is_empty() {
            let started = mark_processing(shared, batch_id, starting).await?;
            for (lead, is_deleted) in started {
                let outcome = decide(shared, batch_id, &work, &prices, &lead, is_deleted);
                // Durations are small positive numbers.
                #[allow(clippy::cast_precision_loss)]
                let seconds = outcome.duration_ms as f64 / 1000.0 / shared.speed();
                in_flight.spawn(async move {
                    tokio::time::sleep(Duration::try_from_secs_f64(seconds).unwrap_or_default())
                        .await;
                    (lead, outcome)
                });
            }
        }
        let finished = tokio::select! {
            biased;
            () = worker.cancel.notified(), if !work.is_cancelled => {
                work.is_cancelled = true;
                work.waiting.clear();
                continue;
            }
            finished = in_flight.join_next() => finished,
        };
        let Some(finished) = finished else { break };
        // Whatever has finished by now shares one transaction.
        let mut finished: Vec<_> = finished.into_iter().collect();
        while let Some(another) = in_flight.try_join_next() {
            finished.extend(another);
        }
        for (_, outcome) in &finished {
            if outcome.failure.is_some() {
                work.counts.failed += 1
            } else {
                work.counts.successful += 1
            }
        }
        record(shared, batch_id, &finished, work.counts).await?;
        let Some((last_lead, last_outcome)) = finished.last() else {
            continue;
        };
        for (lead, outcome) in &finished {
            publish(
                shared,
                batch_id,
                &lead_update(batch_id, lead, outcome),
                Audience::Multiplexed,
            );
        }
        let done = work.counts.processed();
        // Counts are far below 2^52.
        #[allow(clippy::cast_precision_loss)]
        let rate = (done - resumed_with) as f64 / begun.elapsed().as_secs_f64().max(0.001);
        let message = progress(batch_id, &work, last_lead, last_outcome, rate);
        if last_told.is_none_or(|told| told.elapsed() >= PROGRESS_INTERVAL) {
            publish(shared, batch_id, &message, Audience::Everyone);
            last_told = Some(Instant::now());
            last_message = None;
        } else {
            last_message = Some(message);
        }
    }
    finish(shared, batch_id, &work, last_message).await
}

/// Marks the batch as running and collects what is left of it. Leads that were in flight when the last
/// process died begin anew.
fn begin(connection: &mut Connection, batch_id: &str) -> Result<Work> {
    let transaction = connection.transaction()?;
    let now = clock::now();
    transaction.execute(
        "UPDATE batches SET status = 'running', started_at = COALESCE(started_at, ?2)
         WHERE id = ?1 AND status = 'pending'",
        params![batch_id, now],
    )?;
    transaction.execute(
        "UPDATE batch_leads SET status = 'pending' WHERE batch_id = ?1 AND status = 'processing'",
        [batch_id],
    )?;
    let mut work = transaction.query_row(
        "SELECT template_version, total_leads, max_concurrent, retry_failed, retry_count, started_at,
            cancel_requested_at IS NOT NULL, successful_leads, failed_leads
         FROM batches WHERE id = ?1",
        [batch_id],
        |row| {
            Ok(Work {
                template_version: row.get(0)?,
                total: row.get(1)?,
                concurrency: usize::try_from(row.get::<_, i64>(2)?).unwrap_or(1).max(1),
                retries: if row.get(3)? { row.get(4)? } else { 0 },
                started_at: row.get::<_, Option<i64>>(5)?.unwrap_or(now),
                is_cancelled: row.get(6)?,
                counts: Counts { successful: row.get(7)?, failed: row.get(8)? },
                waiting: VecDeque::new(),
            })
        },
    )?;
    if work.is_cancelled {
        transaction.execute(
            "UPDATE batch_leads SET status = 'skipped' WHERE batch_id = ?1 AND status = 'pending'",
            [batch_id],
        )?;
    }
    work.waiting = transaction
        .prepare_cached(
            "SELECT b.position, b.lead_id, l.email IS NOT NULL, l.domain IS NOT NULL,
                COALESCE(l.enrichment_status = 'completed', 0)
             FROM batch_leads b LEFT JOIN leads l ON l.id = b.lead_id
             WHERE b.batch_id = ?1 AND b.status = 'pending' ORDER BY b.position",
        )?
        .query_map([batch_id], |row| {
            Ok(Lead {
                position: row.get(0)?,
                id: row.get(1)?,
                facts: LeadFacts {
                    has_email: row.get(2)?,
                    has_domain: row.get(3)?,
                    is_enriched: row.get(4)?,
                },
            })
        })?
        .collect::<rusqlite::Result<_>>()?;
    transaction.commit()?;
    Ok(work)
}

/// Marks leads as begun; tells for each whether it was deleted since the start of the batch.
async fn mark_processing(
    shared: &Shared,
    batch_id: &str,
    leads: Vec<Lead>,
) -> Result<Vec<(Lead, bool)>> {
    let id = batch_id.to_owned();
    shared
        .db
        .write(move |connection| {
            let transaction = connection.transaction()?;
            let mut marked = Vec::with_capacity(leads.len());
            {
                let mut exists = transaction
                    .prepare_cached("SELECT 1 FROM leads WHERE id = ?1 AND NOT is_deleted")?;
                let mut mark = transaction.prepare_cached(
                    "UPDATE batch_leads SET status = 'processing', attempts = attempts + 1
                     WHERE batch_id = ?1 AND position = ?2 AND status <> 'completed'",
                )?;
                for lead in leads {
                    mark.execute(params![id, lead.position])?;
                    let is_deleted = !exists.exists([&lead.id])?;
                    marked.push((lead, is_deleted));
                }
            }
            transaction.commit()?;
            Ok(marked)
        })
        .await
}

fn decide(
    shared: &Shared,
    batch_id: &str,
    work: &Work,
    prices: &Prices,
    lead: &Lead,
    is_deleted: bool,
) -> Outcome {
    if is_deleted {
        let short = lead.id.get(..8).unwrap_or(&lead.id);
        return Outcome {
            attempts: 1,
            duration_ms: 10,
            cost: 0,
            failure: Some((
                "LEAD_NOT_FOUND",
                format!("Lead {short} was deleted after the batch was started"),
            )),
        };
    }
    let plan = Plan {
        seed: shared.seed,
        batch_id,
        template_version: &work.template_version,
        batch_size: usize::try_from(work.total).unwrap_or(1),
        retries: work.retries,
    };
    let rules = Rules {
        flat_cost: shared.has(Quirk::FlatActualCost),
        instant: shared.has(Quirk::InstantReports),
        never_fails: shared.has(Quirk::OnlyDeletedLeadsFail),
    };
    outcome::draw(&plan, prices, &lead.id, lead.facts, rules)
}

/// Commits what became of leads, and the batch's counts with it.
async fn record(
    shared: &Shared,
    batch_id: &str,
    finished: &[(Lead, Outcome)],
    counts: Counts,
) -> Result<()> {
    let id = batch_id.to_owned();
    let finished = finished.to_vec();
    let stays_pending = shared.has(Quirk::FailedLeadStaysPending);
    let records_spend = !shared.has(Quirk::SpendNeverRecorded);
    shared
        .db
        .write(move |connection| {
            let transaction = connection.transaction()?;
            let now = clock::now();
            {
                let mut store = transaction.prepare_cached(
                    "UPDATE batch_leads SET status = ?3, attempts = ?4, actual_cost = ?5, error_code = ?6,
                        error_message = ?7, report_url = ?8, duration_ms = ?9, completed_at = ?10
                     WHERE batch_id = ?1 AND position = ?2",
                )?;
                for (lead, outcome) in &finished {
                    let (code, message) = outcome.failure.clone().unzip();
                    if code.is_some() && stays_pending {
                        store.execute(params![
                            id, lead.position, "pending", outcome.attempts, None::<i64>, None::<String>,
                            None::<String>, None::<String>, None::<i64>, None::<i64>
                        ])?;
                        continue;
                    }
                    store.execute(params![
                        id,
                        lead.position,
                        if code.is_some() { "failed" } else { "completed" },
                        outcome.attempts,
                        outcome.cost,
                        code,
                        message,
                        code.is_none().then(|| outcome::report_url(&id, &lead.id)),
                        outcome.duration_ms,
                        now
                    ])?;
                }
            }
            transaction.execute(
                "UPDATE batches SET processed_leads = ?2, successful_leads = ?3, failed_leads = ?4,
                    current_lead_id = ?5
                 WHERE id = ?1",
                params![
                    id,
                    counts.processed(),
                    counts.successful,
                    counts.failed,
                    finished.last().map(|(lead, _)| &lead.id)
                ],
            )?;
            if records_spend {
                let spent = finished.iter().map(|(_, outcome)| outcome.cost).sum();
                let requests = i64::try_from(finished.len()).unwrap_or(0);
                add_spend(&transaction, &clock::date(now), "openai", "batch_report", spent, requests)?;
            }
            transaction.commit()?;
            Ok(())
        })
        .await
}

fn lead_update(batch_id: &str, lead: &Lead, outcome: &Outcome) -> Value {
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

fn progress(batch_id: &str, work: &Work, lead: &Lead, outcome: &Outcome, rate: f64) -> Value {
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

async fn finish(
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
