//! What is left to do of a batch.

use std::collections::VecDeque;

use rusqlite::{Connection, params};

use crate::clock;
use crate::cost::LeadFacts;
use crate::error::Result;

/// The unchanging facts of a batch, and what is left to do.
pub(super) struct Work {
    pub(super) template_version: String,
    pub(super) total: i64,
    pub(super) concurrency: usize,
    pub(super) retries: i64,
    pub(super) started_at: i64,
    pub(super) is_cancelled: bool,
    pub(super) counts: Counts,
    pub(super) waiting: VecDeque<Lead>,
}

#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Counts {
    pub(super) successful: i64,
    pub(super) failed: i64,
}

impl Counts {
    pub(super) fn processed(self) -> i64 {
        self.successful + self.failed
    }
}

#[derive(Debug, Clone)]
pub(super) struct Lead {
    pub(super) position: i64,
    pub(super) id: String,
    pub(super) facts: LeadFacts,
}

/// Marks the batch as running and collects what is left of it. Leads that were in flight when the last
/// process died begin anew.
pub(super) fn begin(connection: &mut Connection, batch_id: &str) -> Result<Work> {
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
