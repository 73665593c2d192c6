//! Two weeks of past batches.

use rusqlite::{Transaction, params};

use super::{Seed, USERS};
use crate::clock::{self, DAY, SECOND};
use crate::cost::{self, LeadFacts, Prices};
use crate::error::Result;
use crate::outcome::{self, Plan, Rules};
use crate::random::Random;
use crate::spend::add_spend;

const BATCH_NAMES: [Option<&str>; 8] = [
    Some("Spring audit"),
    Some("Dentists, north side"),
    Some("Referrals of last week"),
    Some("Web forms"),
    None,
    Some("Second attempt"),
    Some("<i>Trial</i> & error"),
    Some("Growth reports for the quarter"),
];

/// About forty batches over the last two weeks, with a row for every lead of theirs.
pub(super) fn fill_batches(transaction: &Transaction<'_>, seed: Seed, now: i64) -> Result<()> {
    let mut random = Random::for_parts(seed.number, &["batches"]);
    let prices = Prices::default();
    let pool: Vec<(String, LeadFacts)> = transaction
        .prepare(
            "SELECT id, email IS NOT NULL, domain IS NOT NULL, enrichment_status = 'completed'
             FROM leads ORDER BY position LIMIT 2000",
        )?
        .query_map([], |row| {
            let facts = LeadFacts {
                has_email: row.get(1)?,
                has_domain: row.get(2)?,
                is_enriched: row.get(3)?,
            };
            Ok((row.get(0)?, facts))
        })?
        .collect::<rusqlite::Result<_>>()?;
    if pool.is_empty() {
        return Ok(());
    }
    let batches = 40;
    for index in 0..batches {
        let size = (3 + random.below(if index % 5 == 0 { 118 } else { 40 })).min(pool.len());
        let from = random.below(pool.len() - size + 1);
        let leads = &pool[from..from + size];
        let template = random.pick(&["v1", "2.0.0", "simple", "comprehensive", "v1", "0.9.0"]);
        let id = random.uuid();
        let age = (14 * DAY - 3 * 3600 * SECOND) * i64::from(batches - index) / i64::from(batches);
        let created_at =
            now - 3 * 3600 * SECOND - age + i64::try_from(random.below(3600)).unwrap_or(0) * SECOND;
        let started_at = created_at + 40_000;
        let is_cancelled = index % 9 == 4;
        let stop_after = if is_cancelled {
            size / 3 + random.below(size / 3 + 1)
        } else {
            size
        };
        let facts: Vec<LeadFacts> = leads.iter().map(|(_, facts)| *facts).collect();
        let estimate = cost::estimate(&prices, &facts, template, false).total;
        let rules = Rules {
            flat_cost: false,
            instant: false,
            never_fails: false,
        };
        let plan = Plan {
            seed: seed.number,
            batch_id: &id,
            template_version: template,
            batch_size: size,
            retries: 3,
        };
        let (mut successful, mut failed, mut actual, mut elapsed, mut last) =
            (0, 0, 0_i64, 0_i64, None);
        let mut insert = transaction.prepare_cached(
            "INSERT INTO batch_leads (batch_id, position, lead_id, status, attempts, actual_cost, error_code,
                error_message, report_url, duration_ms, completed_at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
        )?;
        for (position, (lead_id, facts)) in leads.iter().enumerate() {
            let position_number = i64::try_from(position).unwrap_or(0);
            if position >= stop_after {
                insert.execute(params![
                    id,
                    position_number,
                    lead_id,
                    "skipped",
                    0,
                    None::<i64>,
                    None::<String>,
                    None::<String>,
                    None::<String>,
                    None::<i64>,
                    None::<i64>
                ])?;
                continue;
            }
            let outcome = outcome::draw(&plan, &prices, lead_id, *facts, rules);
            let duration = outcome.duration_ms;
            // Five at a time.
            elapsed += duration * 1000 / 5;
            let (code, message) = outcome.failure.clone().unzip();
            if code.is_some() {
                failed += 1
            } else {
                successful += 1
            }
            actual += outcome.cost;
            last = Some(lead_id.clone());
            insert.execute(params![
                id,
                position_number,
                lead_id,
                if code.is_some() {
                    "failed"
                } else {
                    "completed"
                },
                outcome.attempts,
                outcome.cost,
                code,
                message,
                code.is_none().then(|| outcome::report_url(&id, lead_id)),
                duration,
                started_at + elapsed
            ])?;
        }
        let (email, ..) = USERS[usize::from(index % 3 == 1)];
        transaction.execute(
            "INSERT INTO batches (id, name, description, template_version, status, total_leads, processed_leads,
                successful_leads, failed_leads, estimated_cost, actual_cost, created_by, current_lead_id,
                error_message, cancel_requested_at, created_at, started_at, completed_at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18)",
            params![
                id,
                random.pick(&BATCH_NAMES),
                random.chance(0.5).then_some("Prepared for the weekly call"),
                template,
                if is_cancelled { "cancelled" } else { "completed" },
                i64::try_from(size).unwrap_or(0),
                successful + failed,
                successful,
                failed,
                cost::micros(estimate),
                actual,
                email,
                last,
                is_cancelled.then_some("Cancelled by user"),
                is_cancelled.then_some(started_at + elapsed),
                created_at,
                started_at,
                started_at + elapsed
            ],
        )?;
        add_spend(
            transaction,
            &clock::date(started_at + elapsed),
            "openai",
            "batch_report",
            actual,
            successful + failed,
        )?;
    }
    Ok(())
}
