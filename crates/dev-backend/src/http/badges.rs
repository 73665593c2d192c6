//! Badges, and the badges of a lead.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use rusqlite::Row;
use serde_json::{Value, json};

use crate::clock;
use crate::error::Result;
use crate::http::accounts;
use crate::http::errors::ApiError;
use crate::http::validation::page_info;
use crate::state::Shared;

fn badge(row: &Row<'_>) -> rusqlite::Result<Value> {
    let created_at: i64 = row.get("created_at")?;
    Ok(json!({
        "id": row.get::<_, String>("id")?,
        "created_at": clock::naive(created_at),
        "updated_at": clock::naive(created_at),
        "name": row.get::<_, String>("name")?,
        "description": null,
        "badge_type": row.get::<_, String>("badge_type")?,
        "color": row.get::<_, String>("color")?,
        "icon": null,
        "is_system": false,
        "is_active": true,
        "created_by": null,
    }))
}

/// `GET /api/v1/badges`.
pub async fn list(
    State(shared): State<Shared>,
    headers: HeaderMap,
) -> Result<Json<Value>, ApiError> {
    accounts::member(&shared, &headers).await?;
    let badges: Vec<Value> = shared
        .db
        .read(|connection| {
            let mut statement =
                connection.prepare_cached("SELECT * FROM badges ORDER BY position")?;
            let badges = statement
                .query_map([], badge)?
                .collect::<rusqlite::Result<_>>()?;
            Ok(badges)
        })
        .await?;
    let total = i64::try_from(badges.len()).unwrap_or(0);
    Ok(Json(
        json!({ "badges": badges, "total_count": total, "page_info": page_info(0, 100, total) }),
    ))
}

/// `GET /api/v1/badges/permissions`.
pub async fn permissions(
    State(shared): State<Shared>,
    headers: HeaderMap,
) -> Result<Json<Value>, ApiError> {
    let user = accounts::member(&shared, &headers).await?;
    Ok(Json(json!({
        "user_id": user.id,
        "user_email": user.email,
        "badge_permissions": {
            "role": "sales_rep",
            "permissions": {
                "badge": ["read"],
                "lead_badge": ["create", "read", "update"],
                "system_badge": ["read"],
            },
            "allowed_badge_types": ["priority", "contacted", "follow_up", "custom"],
            "can_manage_system_badges": false,
        },
    })))
}

/// `GET /api/v1/leads/{id}/badges`.
pub async fn of_lead(
    State(shared): State<Shared>,
    Path(lead_id): Path<String>,
    headers: HeaderMap,
) -> Result<Json<Value>, ApiError> {
    accounts::member(&shared, &headers).await?;
    let found: Option<Vec<Value>> = shared
        .db
        .read(move |connection| {
            let mut exists = connection
                .prepare_cached("SELECT 1 FROM leads WHERE id = ?1 AND NOT is_deleted")?;
            if !exists.exists([&lead_id])? {
                return Ok(None);
            }
            let mut statement = connection.prepare_cached(
                "SELECT b.*, lb.id AS link_id, lb.lead_id AS lead_id, lb.created_at AS linked_at
                 FROM lead_badges lb JOIN badges b ON b.id = lb.badge_id
                 WHERE lb.lead_id = ?1 ORDER BY b.position",
            )?;
            let badges = statement
                .query_map([lead_id], |row| {
                    let linked_at: i64 = row.get("linked_at")?;
                    Ok(json!({
                        "id": row.get::<_, String>("link_id")?,
                        "lead_id": row.get::<_, String>("lead_id")?,
                        "badge_id": row.get::<_, String>("id")?,
                        "created_at": clock::naive(linked_at),
                        "updated_at": clock::naive(linked_at),
                        "assigned_by": null,
                        "notes": null,
                        "is_active": true,
                        "badge": badge(row)?,
                    }))
                })?
                .collect::<rusqlite::Result<_>>()?;
            Ok(Some(badges))
        })
        .await?;
    let badges = found.ok_or_else(|| ApiError::detail(StatusCode::NOT_FOUND, "Lead not found"))?;
    Ok(Json(
        json!({ "total_count": badges.len(), "lead_badges": badges }),
    ))
}
