//! Works on one batch, lead by lead.

use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tokio::task::JoinSet;

use super::finish::finish;
use super::messages::{lead_update, progress};
use super::publish;
use super::store::{mark_processing, record};
use super::work::{Lead, Work, begin};
use crate::clock;
use crate::cost::Prices;
use crate::error::Result;
use crate::outcome::{self, Outcome, Plan, Rules};
use crate::quirks::Quirk;
use crate::sockets::hub::Audience;
use crate::state::{Shared, Worker};

/// How often a batch tells its progress at most.
pub const PROGRESS_INTERVAL: Duration = Duration::from_secs(2);

/// The concurrency of the recorded server, whatever is asked.
const RECORDED_CONCURRENCY: usize = 5;

pub(super) async fn process(shared: &Shared, batch_id: &str, worker: &Worker) -> Result<()> {
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
