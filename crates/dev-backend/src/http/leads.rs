//! Leads: the list with its filters, one lead.

use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, Uri};
use rusqlite::types::Value as Sql;
use rusqlite::{OptionalExtension, Row, params_from_iter};
use serde_json::{Value, json};

use crate::clock;
use crate::error::Result;
use crate::http::accounts;
use crate::http::errors::ApiError;
use crate::http::validation::{Query, optional_json, page_info};
use crate::quirks::Quirk;
use crate::state::Shared;

/// The columns that a list can be sorted by. Anything else counts as `created_at`, as recorded.
const SORTABLE: [&str; 12] = [
    "id",
    "created_at",
    "updated_at",
    "email",
    "domain",
    "company_name",
    "contact_name",
    "enrichment_status",
    "enrichment_task_id",
    "is_manual",
    "source",
    "created_by",
];
/// Attributes of the recorded server's model that are no columns: sorting by them breaks its query.
const NOT_COLUMNS: [&str; 4] = ["metadata", "lead_badges", "badges", "registry"];

/// The recorded form of a lead.
pub fn lead(row: &Row<'_>) -> rusqlite::Result<Value> {
    Ok(json!({
        "id": row.get::<_, String>("id")?,
        "created_at": clock::naive(row.get("created_at")?),
        "updated_at": clock::naive(row.get("updated_at")?),
        "email": row.get::<_, Option<String>>("email")?,
        "domain": row.get::<_, Option<String>>("domain")?,
        "company_name": row.get::<_, Option<String>>("company_name")?,
        "contact_name": row.get::<_, Option<String>>("contact_name")?,
        "enrichment_status": row.get::<_, String>("enrichment_status")?,
        "enrichment_task_id": row.get::<_, Option<String>>("enrichment_task_id")?,
        "enrichment_error": row.get::<_, Option<String>>("enrichment_error")?,
        "is_manual": row.get::<_, bool>("is_manual")?,
        "source": row.get::<_, Option<String>>("source")?,
        "is_deleted": row.get::<_, bool>("is_deleted")?,
        "deleted_at": row.get::<_, Option<i64>>("deleted_at")?.map(clock::naive),
        "created_by": row.get::<_, Option<String>>("created_by")?,
        "updated_by": null,
        "deleted_by": null,
    }))
}

/// `GET /api/v1/leads`.
pub async fn list(
    State(shared): State<Shared>,
    headers: HeaderMap,
    uri: Uri,
    body: Bytes,
) -> Result<Json<Value>, ApiError> {
    accounts::member(&shared, &headers).await?;
    let mut query = Query::of(&uri);
    let skip = query.integer("skip", 0);
    let limit = query.integer("limit", 100);
    let is_manual = query.boolean("is_manual");
    let has_badges = query.boolean("has_badges");
    let status = query.choice(
        "enrichment_status",
        &["pending", "in_progress", "completed", "failed"],
    );
    let search = query
        .text("search")
        .map(str::to_owned)
        .filter(|text| !text.is_empty());
    let sort_by = query.text("sort_by").unwrap_or("created_at").to_owned();
    let sort_order = query.text("sort_order").unwrap_or("desc").to_owned();
    query.finish()?;
    let body = optional_json(&body)?.unwrap_or(Value::Null);
    if skip < 0
        || !(1..=1000).contains(&limit)
        || !matches!(sort_order.as_str(), "asc" | "desc")
        || search
            .as_ref()
            .is_some_and(|text| text.chars().count() > 500)
    {
        return Err(ApiError::Internal);
    }
    if NOT_COLUMNS.contains(&sort_by.as_str()) {
        return Err(ApiError::detail(
            StatusCode::INTERNAL_SERVER_ERROR,
            "Database operation failed",
        ));
    }
    let mut wheres = vec!["NOT l.is_deleted".to_owned()];
    let mut values: Vec<Sql> = Vec::new();
    if let Some(status) = status {
        values.push(Sql::Text(status));
        wheres.push(format!("l.enrichment_status = ?{}", values.len()));
    }
    if let Some(is_manual) = is_manual {
        wheres.push(
            if is_manual {
                "l.is_manual"
            } else {
                "NOT l.is_manual"
            }
            .to_owned(),
        );
    }
    if let Some(search) = search {
        // `%` and `_` reach LIKE as they are, as recorded.
        values.push(Sql::Text(format!("%{search}%")));
        let at = values.len();
        wheres.push(format!(
            "(l.email LIKE ?{at} OR l.domain LIKE ?{at} OR l.company_name LIKE ?{at} OR l.contact_name LIKE ?{at})"
        ));
    }
    // Names of badges come in the body of the GET or not at all, as recorded.
    let badge_ids: Vec<&str> = body["badge_ids"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .collect();
    if !badge_ids.is_empty() {
        let from = values.len() + 1;
        values.extend(badge_ids.iter().map(|id| Sql::Text((*id).to_owned())));
        let marks: Vec<String> = (from..=values.len()).map(|at| format!("?{at}")).collect();
        wheres.push(format!(
            "EXISTS (SELECT 1 FROM lead_badges b WHERE b.lead_id = l.id AND b.badge_id IN ({}))",
            marks.join(", ")
        ));
    }
    let pairs = has_badges == Some(true) && shared.has(Quirk::BadgeFilterCountsPairs);
    match has_badges {
        Some(true) if !pairs => {
            wheres.push("EXISTS (SELECT 1 FROM lead_badges b WHERE b.lead_id = l.id)".to_owned());
        }
        Some(false) => {
            wheres
                .push("NOT EXISTS (SELECT 1 FROM lead_badges b WHERE b.lead_id = l.id)".to_owned());
        }
        _ => {}
    }
    let from = format!(
        "FROM leads l{} WHERE {}",
        if pairs {
            " JOIN lead_badges b ON b.lead_id = l.id"
        } else {
            ""
        },
        wheres.join(" AND ")
    );
    let order = order(&sort_by, &sort_order, shared.has(Quirk::UnstableSort), skip);
    let (leads, total) = shared
        .db
        .read(move |connection| {
            let total: i64 = connection
                .prepare_cached(&format!("SELECT COUNT(*) {from}"))?
                .query_row(params_from_iter(&values), |row| row.get(0))?;
            // Sorting bare positions and fetching one page of rows is much cheaper than sorting rows.
            let mut statement = connection.prepare_cached(&format!(
                "SELECT l.* FROM (SELECT l.position {from} {order} LIMIT {limit} OFFSET {skip}) page
                 JOIN leads l ON l.position = page.position {order}"
            ))?;
            let mut leads: Vec<Value> = statement
                .query_map(params_from_iter(&values), lead)?
                .collect::<rusqlite::Result<_>>()?;
            if pairs {
                let mut seen = std::collections::HashSet::new();
                leads.retain(|lead| seen.insert(lead["id"].to_string()));
            }
            Ok((leads, total))
        })
        .await?;
    Ok(Json(
        json!({ "leads": leads, "total_count": total, "page_info": page_info(skip, limit, total) }),
    ))
}

/// The order of a list. PostgreSQL holds nulls to be the largest values. Equal values are ordered by
/// id, or, under the quirk, differently on every page.
fn order(sort_by: &str, sort_order: &str, unstable: bool, skip: i64) -> String {
    let column = if SORTABLE.contains(&sort_by) {
        sort_by
    } else {
        "created_at"
    };
    let (direction, nulls) = if sort_order == "asc" {
        ("ASC", "LAST")
    } else {
        ("DESC", "FIRST")
    };
    let ties = if unstable && column != "id" && column != "created_at" {
        format!("substr(l.id, {}), ", 1 + skip % 7)
    } else {
        String::new()
    };
    let nulls = if matches!(column, "id" | "created_at") {
        String::new()
    } else {
        format!(" NULLS {nulls}")
    };
    format!("ORDER BY l.{column} {direction}{nulls}, {ties}l.id")
}

/// `GET /api/v1/leads/{id}`.
pub async fn one(
    State(shared): State<Shared>,
    Path(lead_id): Path<String>,
    headers: HeaderMap,
) -> Result<Json<Value>, ApiError> {
    accounts::member(&shared, &headers).await?;
    let found = shared
        .db
        .read(move |connection| {
            let found = connection
                .prepare_cached("SELECT * FROM leads WHERE id = ?1 AND NOT is_deleted")?
                .query_row([lead_id], lead)
                .optional()?;
            Ok(found)
        })
        .await?;
    found
        .map(Json)
        .ok_or_else(|| ApiError::detail(StatusCode::NOT_FOUND, "Lead not found"))
}
