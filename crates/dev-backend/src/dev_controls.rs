//! `/dev`: what a developer or a test can do to the server. Exists only with `--dev-controls`.

use std::sync::PoisonError;

use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{StatusCode, Uri};
use rusqlite::params;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};
use tokio::sync::watch;

use crate::clock::{self, SECOND};
use crate::cost::{self, PROVIDERS};
use crate::error::Result;
use crate::faults::Fault;
use crate::flood;
use crate::http::errors::ApiError;
use crate::http::validation::Query;
use crate::quirks::Quirk;
use crate::random;
use crate::seed;
use crate::sockets::hub::Troubles;
use crate::state::Shared;
use crate::worker;

type Answer = Result<Json<Value>, ApiError>;

fn parse<T: DeserializeOwned>(body: &Bytes) -> Result<T, ApiError> {
    let text: &[u8] = if body.is_empty() { b"{}" } else { body };
    serde_json::from_slice(text).map_err(|error| refusal(error.to_string()))
}

fn refusal(text: impl Into<String>) -> ApiError {
    ApiError::detail(StatusCode::UNPROCESSABLE_ENTITY, text)
}

/// `GET /dev/state`.
pub async fn state(State(shared): State<Shared>) -> Json<Value> {
    let quirks: Map<String, Value> = Quirk::ALL
        .iter()
        .map(|quirk| (quirk.name().to_owned(), json!(shared.has(*quirk))))
        .collect();
    let about: Map<String, Value> = Quirk::ALL
        .iter()
        .map(|quirk| (quirk.name().to_owned(), json!(quirk.description())))
        .collect();
    let prices = shared.prices();
    Json(json!({
        "speed": shared.speed(),
        "quirks": quirks,
        "quirk_descriptions": about,
        "sockets": troubles_json(&shared, shared.hub.troubles()),
        "faults": shared.faults.list(),
        "prices": {
            "base": prices.base,
            "factor": prices.factor,
            "providers": PROVIDERS.iter().zip(prices.providers).collect::<std::collections::BTreeMap<_, _>>(),
        },
    }))
}

/// `POST /dev/reset`: faults, socket troubles and the request log; not data.
pub async fn reset(State(shared): State<Shared>) -> Json<Value> {
    shared.faults.remove(None);
    shared
        .hub
        .change_troubles(|troubles| *troubles = Troubles::default());
    shared.quirks.set(Quirk::WsAuthRequired, false);
    shared.requests.clear();
    Json(json!({ "reset": true }))
}

/// `POST /dev/faults`.
pub async fn plant_fault(
    State(shared): State<Shared>,
    body: Bytes,
    refresh: watch::Sender<u64>,
) -> Answer {
    let fault: Fault = parse(&body)?;
    if fault
        .status
        .is_some_and(|status| StatusCode::from_u16(status).is_err())
    {
        return Err(refusal("status: not an HTTP status"));
    }
    if fault.cut.is_some() {
        refresh.send_modify(|generation| *generation += 1);
    }
    Ok(Json(json!({ "id": shared.faults.plant(fault) })))
}

/// `GET /dev/faults`.
pub async fn list_faults(State(shared): State<Shared>) -> Json<Value> {
    Json(json!({ "faults": shared.faults.list() }))
}

/// `DELETE /dev/faults`.
pub async fn remove_faults(State(shared): State<Shared>) -> Json<Value> {
    Json(json!({ "removed": shared.faults.remove(None) }))
}

/// `DELETE /dev/faults/{id}`.
pub async fn remove_fault(State(shared): State<Shared>, Path(id): Path<u64>) -> Json<Value> {
    Json(json!({ "removed": shared.faults.remove(Some(id)) }))
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct SocketChange {
    refuse_multiplexed: Option<bool>,
    refuse_per_batch: Option<bool>,
    mute_pongs: Option<bool>,
    stall: Option<bool>,
    duplicate: Option<bool>,
    reorder: Option<bool>,
    garble: Option<bool>,
    auth_required: Option<bool>,
    drop: Option<bool>,
    close_code: Option<u16>,
}

fn troubles_json(shared: &Shared, troubles: Troubles) -> Value {
    let mut json = json!(troubles);
    json["auth_required"] = json!(shared.has(Quirk::WsAuthRequired));
    json
}

/// `POST /dev/sockets`: fields that are absent keep their value.
pub async fn change_sockets(State(shared): State<Shared>, body: Bytes) -> Answer {
    let change: SocketChange = parse(&body)?;
    let troubles = shared.hub.change_troubles(|troubles| {
        for (field, value) in [
            (&mut troubles.refuse_multiplexed, change.refuse_multiplexed),
            (&mut troubles.refuse_per_batch, change.refuse_per_batch),
            (&mut troubles.mute_pongs, change.mute_pongs),
            (&mut troubles.stall, change.stall),
            (&mut troubles.duplicate, change.duplicate),
            (&mut troubles.reorder, change.reorder),
            (&mut troubles.garble, change.garble),
        ] {
            *field = value.unwrap_or(*field);
        }
    });
    if let Some(required) = change.auth_required {
        shared.quirks.set(Quirk::WsAuthRequired, required);
    }
    let ended = match (change.drop, change.close_code) {
        (_, Some(code)) => shared.hub.end_all(Some(code)),
        (Some(true), None) => shared.hub.end_all(None),
        _ => 0,
    };
    let mut answer = troubles_json(&shared, troubles);
    answer["ended"] = json!(ended);
    Ok(Json(answer))
}

/// `GET /dev/sockets`.
pub async fn sockets(State(shared): State<Shared>) -> Json<Value> {
    Json(shared.hub.counts())
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct TemplateChange {
    id: Option<String>,
    version: Option<String>,
    is_active: bool,
}

/// `POST /dev/templates`.
pub async fn template(State(shared): State<Shared>, body: Bytes) -> Answer {
    let change: TemplateChange = parse(&body)?;
    if change.id.is_none() && change.version.is_none() {
        return Err(refusal("id or version is needed"));
    }
    let changed = shared
        .db
        .write(move |connection| {
            let changed = connection.execute(
                "UPDATE templates SET is_active = ?3
                 WHERE (?1 IS NULL OR id = ?1) AND (?2 IS NULL OR version = ?2)",
                params![change.id, change.version, change.is_active],
            )?;
            Ok(changed)
        })
        .await?;
    Ok(Json(json!({ "changed": changed })))
}

/// `POST /dev/prices`: `factor`, `base`, or prices of providers by name.
pub async fn prices(State(shared): State<Shared>, body: Bytes) -> Answer {
    let change: Map<String, Value> = parse(&body)?;
    let mut prices = shared.prices();
    for (name, value) in &change {
        let amount = value.as_f64().filter(|amount| *amount >= 0.0);
        let amount = amount.ok_or_else(|| refusal(format!("{name}: not an amount")))?;
        match (
            name.as_str(),
            PROVIDERS.iter().position(|provider| provider == name),
        ) {
            ("factor", _) => prices.factor = amount,
            ("base", _) => prices.base = amount,
            (_, Some(index)) => prices.providers[index] = amount,
            _ => return Err(refusal(format!("{name}: no such provider"))),
        }
    }
    shared
        .prices
        .write()
        .unwrap_or_else(PoisonError::into_inner)
        .clone_from(&prices);
    Ok(Json(json!({
        "base": prices.base,
        "factor": prices.factor,
        "providers": PROVIDERS.iter().zip(prices.providers).collect::<std::collections::BTreeMap<_, _>>(),
    })))
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Expiry {
    #[serde(default)]
    refresh: bool,
}

/// `POST /dev/tokens/expire`: access tokens, and refresh tokens on request.
pub async fn expire_tokens(State(shared): State<Shared>, body: Bytes) -> Answer {
    let expiry: Expiry = parse(&body)?;
    let expired = shared
        .db
        .write(move |connection| {
            let now = clock::now();
            let expired = connection.execute(
                "UPDATE tokens SET expires_at = ?1 WHERE expires_at > ?1 AND (kind = 'access' OR ?2)",
                params![now - SECOND, expiry.refresh],
            )?;
            Ok(expired)
        })
        .await?;
    Ok(Json(json!({ "expired": expired })))
}

/// `POST /dev/quirks`: `{name: on, …}`.
pub async fn quirks(State(shared): State<Shared>, body: Bytes) -> Answer {
    let change: std::collections::BTreeMap<String, bool> = parse(&body)?;
    let mut known = Vec::with_capacity(change.len());
    for (name, on) in &change {
        let quirk =
            Quirk::from_name(name).ok_or_else(|| refusal(format!("{name}: no such quirk")))?;
        known.push((quirk, *on));
    }
    for (quirk, on) in known {
        shared.quirks.set(quirk, on);
    }
    Ok(Json(json!({ "changed": change.len() })))
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Speed {
    speed: f64,
}

/// `POST /dev/speed`: for leads that begin from now on.
pub async fn speed(State(shared): State<Shared>, body: Bytes) -> Answer {
    let Speed { speed } = parse(&body)?;
    if !(speed.is_finite() && speed > 0.0) {
        return Err(refusal("speed must be a positive number"));
    }
    shared.set_speed(speed);
    Ok(Json(json!({ "speed": speed })))
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Spent {
    spent_today_usd: f64,
}

/// `POST /dev/budget`: what counts as spent today, replacing what was.
pub async fn budget(State(shared): State<Shared>, body: Bytes) -> Answer {
    let Spent { spent_today_usd } = parse(&body)?;
    if !(spent_today_usd.is_finite() && spent_today_usd >= 0.0) {
        return Err(refusal("spent_today_usd must be an amount"));
    }
    shared
        .db
        .write(move |connection| {
            let today = clock::date(clock::now());
            connection.execute("DELETE FROM spend WHERE day = ?1", [&today])?;
            seed::add_spend(
                connection,
                &today,
                "openai",
                "seed",
                cost::micros(spent_today_usd),
                1,
            )
        })
        .await?;
    Ok(Json(json!({ "spent_today_usd": spent_today_usd })))
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct NewLead {
    id: Option<String>,
    email: Option<String>,
    domain: Option<String>,
    company_name: Option<String>,
    contact_name: Option<String>,
    enrichment_status: Option<String>,
    enrichment_error: Option<String>,
    #[serde(default)]
    is_manual: bool,
    source: Option<String>,
}

/// `POST /dev/leads`: one more lead, the newest, as hostile as wanted. Answers its id.
pub async fn add_lead(State(shared): State<Shared>, body: Bytes) -> Answer {
    let lead: NewLead = parse(&body)?;
    let id = lead.id.clone().unwrap_or_else(random::new_id);
    let inserted = id.clone();
    shared
        .db
        .write(move |connection| {
            connection.execute(
                "INSERT INTO leads (id, created_at, updated_at, email, domain, company_name, contact_name,
                    enrichment_status, enrichment_error, is_manual, source, created_by)
                 VALUES (?1, ?2, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, 'dev')",
                params![
                    inserted,
                    clock::now(),
                    lead.email,
                    lead.domain,
                    lead.company_name,
                    lead.contact_name,
                    lead.enrichment_status.as_deref().unwrap_or("pending"),
                    lead.enrichment_error,
                    lead.is_manual,
                    lead.source
                ],
            )?;
            Ok(())
        })
        .await?;
    Ok(Json(json!({ "id": id })))
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Doomed {
    ids: Vec<String>,
}

/// `POST /dev/leads/delete`: softly, as the product deletes.
pub async fn delete_leads(State(shared): State<Shared>, body: Bytes) -> Answer {
    let Doomed { ids } = parse(&body)?;
    let deleted = shared
        .db
        .write(move |connection| {
            let transaction = connection.transaction()?;
            let mut deleted = 0;
            for id in ids {
                deleted += transaction.execute(
                    "UPDATE leads SET is_deleted = 1, deleted_at = ?2 WHERE id = ?1 AND NOT is_deleted",
                    params![id, clock::now()],
                )?;
            }
            transaction.commit()?;
            Ok(deleted)
        })
        .await?;
    Ok(Json(json!({ "deleted": deleted })))
}

/// `GET /dev/requests?method=&path=`; the path may be a glob.
pub async fn requests(State(shared): State<Shared>, uri: Uri) -> Json<Value> {
    let query = Query::of(&uri);
    let text = |name| query.text(name).filter(|text| !text.is_empty());
    Json(shared.requests.matching(text("method"), text("path")))
}

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

/// `POST /dev/flood`.
pub async fn flood(State(shared): State<Shared>, body: Bytes) -> Answer {
    let flood: flood::Flood = parse(&body)?;
    let ids = flood::begin(&shared, flood).await?.map_err(refusal)?;
    Ok(Json(json!({ "ids": ids })))
}
