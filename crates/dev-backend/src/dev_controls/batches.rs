//! `/dev/batches`: what the database says of batches, and many new ones at once.

use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use rusqlite::params;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::{Answer, parse, refusal};
use crate::clock::{self, SECOND};
use crate::cost;
use crate::error::Result;
use crate::random;
use crate::seed;
use crate::state::Shared;
use crate::worker;

/// `GET /dev/batches`: what the database says, newest first.
pub async fn batches(State(shared): State<Shared>) -> Answer {
    let batches: Vec<Value> = shared
        .db
        .read(|connection| {
            let mut ids = connection
                .prepare_cached("SELECT lead_id, status FROM batch_leads WHERE batch_id = ?1 ORDER BY position")?;
            let mut statement =
                connection.prepare_cached("SELECT * FROM batches ORDER BY created_at DESC, position DESC")?;
            let mut rows = statement.query([])?;
            let mut batches = Vec::new();
            while let Some(row) = rows.next()? {
                let id: String = row.get("id")?;
                let mut lead_ids = Vec::new();
                let mut lead_statuses: Map<String, Value> = Map::new();
                let mut leads = ids.query([&id])?;
                while let Some(lead) = leads.next()? {
                    lead_ids.push(lead.get::<_, String>(0)?);
                    let count = lead_statuses.entry(lead.get::<_, String>(1)?).or_insert(json!(0));
                    *count = json!(count.as_i64().unwrap_or(0) + 1);
                }
                batches.push(json!({
                    "id": id,
                    "name": row.get::<_, Option<String>>("name")?,
                    "description": row.get::<_, Option<String>>("description")?,
                    "template_version": row.get::<_, String>("template_version")?,
                    "status": row.get::<_, String>("status")?,
                    "lead_ids": lead_ids,
                    "lead_statuses": lead_statuses,
                    "total_leads": row.get::<_, i64>("total_leads")?,
                    "processed_leads": row.get::<_, i64>("processed_leads")?,
                    "successful_leads": row.get::<_, i64>("successful_leads")?,
                    "failed_leads": row.get::<_, i64>("failed_leads")?,
                    "estimated_cost_usd": row.get::<_, Option<i64>>("estimated_cost")?.map(cost::dollars),
                    "actual_cost_usd": row.get::<_, Option<i64>>("actual_cost")?.map(cost::dollars),
                    "cost_approved": row.get::<_, bool>("cost_approved")?,
                    "max_concurrent": row.get::<_, i64>("max_concurrent")?,
                    "retry_failed": row.get::<_, bool>("retry_failed")?,
                    "retry_count": row.get::<_, i64>("retry_count")?,
                    "created_by": row.get::<_, Option<String>>("created_by")?,
                    "cancel_requested": row.get::<_, Option<i64>>("cancel_requested_at")?.is_some(),
                    "processing": row.get::<_, bool>("is_processed")?,
                    "created_at": clock::naive(row.get("created_at")?),
                    "started_at": row.get::<_, Option<i64>>("started_at")?.map(clock::naive),
                    "completed_at": row.get::<_, Option<i64>>("completed_at")?.map(clock::naive),
                    "error_message": row.get::<_, Option<String>>("error_message")?,
                }));
            }
            Ok(batches)
        })
        .await?;
    Ok(Json(json!({ "count": batches.len(), "batches": batches })))
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct NewBatches {
    count: usize,
    leads: usize,
    #[serde(default = "completed")]
    status: String,
    #[serde(default = "yes")]
    processing: bool,
    name: Option<String>,
    created_by: Option<String>,
}

fn completed() -> String {
    "completed".to_owned()
}

fn yes() -> bool {
    true
}

/// `POST /dev/batches`: many batches at once, a minute apart, the last one now. `running` and `pending`
/// ones are really processed unless `processing` is false: then they are stalled at two fifths.
pub async fn add_batches(State(shared): State<Shared>, body: Bytes) -> Answer {
    let wanted: NewBatches = parse(&body)?;
    if !["pending", "running", "completed", "failed", "cancelled"].contains(&wanted.status.as_str())
    {
        return Err(refusal("status: no such status"));
    }
    if wanted.count > 10_000 || wanted.leads == 0 || wanted.leads > 1000 {
        return Err(refusal("count is at most 10000, leads is 1 to 1000"));
    }
    let is_open = matches!(wanted.status.as_str(), "pending" | "running");
    let works = is_open && wanted.processing;
    let ids = shared
        .db
        .write(move |connection| insert_batches(connection, &wanted, is_open))
        .await?;
    if works {
        for id in &ids {
            worker::spawn(&shared, id);
        }
    }
    Ok(Json(json!({ "ids": ids })))
}

fn insert_batches(
    connection: &mut rusqlite::Connection,
    wanted: &NewBatches,
    is_open: bool,
) -> Result<Vec<String>> {
    let pool: Vec<String> = connection
        .prepare_cached("SELECT id FROM leads WHERE NOT is_deleted ORDER BY position LIMIT 5000")?
        .query_map([], |row| row.get(0))?
        .collect::<rusqlite::Result<_>>()?;
    let transaction = connection.transaction()?;
    let now = clock::now();
    let size = wanted.leads.min(pool.len());
    let (total, mut ids) = (
        i64::try_from(size).unwrap_or(0),
        Vec::with_capacity(wanted.count),
    );
    let is_stalled = is_open && !wanted.processing && wanted.status == "running";
    let done = if is_open {
        if is_stalled { total * 2 / 5 } else { 0 }
    } else if wanted.status == "cancelled" {
        total / 2
    } else {
        total
    };
    // Fifty-five cents a lead: plausible, and easy to check.
    let (each, estimated) = (550_000, total * 600_000);
    {
        let mut insert = transaction.prepare_cached(
            "INSERT INTO batches (id, name, template_version, status, total_leads, processed_leads,
                successful_leads, failed_leads, estimated_cost, actual_cost, created_by, error_message,
                cancel_requested_at, is_processed, created_at, started_at, completed_at)
             VALUES (?1, ?2, 'v1', ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16)",
        )?;
        let mut insert_lead = transaction.prepare_cached(
            "INSERT INTO batch_leads (batch_id, position, lead_id, status, attempts, actual_cost, error_code,
                error_message, report_url, duration_ms, completed_at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
        )?;
        for index in 0..wanted.count {
            let id = random::new_id();
            let age = i64::try_from(wanted.count - 1 - index).unwrap_or(0) * 60 * SECOND;
            let created_at = now - age;
            let (mut successful, mut failed) = (0, 0);
            let begun = !is_open || is_stalled;
            for position in 0..total {
                let offset = usize::try_from(position).unwrap_or(0);
                let lead_id = pool.get((index * 37 + offset) % pool.len().max(1));
                let is_done = position < done;
                let fails = is_done && (wanted.status == "failed" || position % 25 == 24);
                let status = match (is_done, fails, wanted.status.as_str()) {
                    (true, true, _) => "failed",
                    (true, false, _) => "completed",
                    (false, _, "cancelled") => "skipped",
                    (false, ..) => "pending",
                };
                failed += i64::from(is_done && fails);
                successful += i64::from(is_done && !fails);
                insert_lead.execute(params![
                    id,
                    position,
                    lead_id,
                    status,
                    i64::from(is_done),
                    is_done.then_some(each),
                    fails.then_some("PROVIDER_TIMEOUT"),
                    fails.then(|| format!(
                        "openai did not answer for lead {position} within 30s (attempt 1)"
                    )),
                    (is_done && !fails).then(|| format!("/reports/{id}/{position}.pdf")),
                    is_done.then_some(900),
                    is_done.then_some(created_at + SECOND)
                ])?;
            }
            insert.execute(params![
                id,
                wanted
                    .name
                    .clone()
                    .unwrap_or_else(|| format!("Inserted {}", index + 1)),
                wanted.status,
                total,
                done,
                successful,
                failed,
                estimated,
                (!is_open).then_some(done * each),
                wanted.created_by.as_deref().unwrap_or(seed::USERS[0].0),
                (wanted.status == "cancelled").then_some("Cancelled by user"),
                (wanted.status == "cancelled").then_some(created_at + SECOND),
                wanted.processing,
                created_at,
                begun.then_some(created_at),
                (!is_open).then_some(created_at + 2 * SECOND)
            ])?;
            ids.push(id);
        }
    }
    transaction.commit()?;
    Ok(ids)
}
