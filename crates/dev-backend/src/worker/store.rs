//! Writes down how far the leads of a batch have got.

use rusqlite::params;

use super::work::{Counts, Lead};
use crate::clock;
use crate::error::Result;
use crate::outcome::{self, Outcome};
use crate::quirks::Quirk;
use crate::spend::add_spend;
use crate::state::Shared;

/// Marks leads as begun; tells for each whether it was deleted since the start of the batch.
pub(super) async fn mark_processing(
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

/// Commits what became of leads, and the batch's counts with it.
pub(super) async fn record(
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
