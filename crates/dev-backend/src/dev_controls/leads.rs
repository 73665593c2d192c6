//! `/dev/leads`: leads that come and go.

use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use rusqlite::params;
use serde::Deserialize;
use serde_json::json;

use super::{Answer, parse};
use crate::clock;
use crate::random;
use crate::state::Shared;

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
