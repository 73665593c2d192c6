//! The list of batches.

use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::Uri;
use rusqlite::params_from_iter;
use rusqlite::types::Value as Sql;
use serde_json::{Value, json};

use super::view::BatchView;
use crate::http::errors::ApiError;
use crate::http::validation::{Query, complaint, optional_json, page_info};
use crate::state::Shared;

const STATUSES: [&str; 5] = ["pending", "running", "completed", "failed", "cancelled"];

/// `GET /api/batch`.
pub async fn list(
    State(shared): State<Shared>,
    uri: Uri,
    body: Bytes,
) -> Result<Json<Value>, ApiError> {
    let mut query = Query::of(&uri);
    let skip = query.integer("skip", 0);
    let limit = query.integer("limit", 50);
    let created_by = query.text("created_by").map(str::to_owned);
    let template = query.text("template_version").map(str::to_owned);
    let after = query.instant("created_after");
    let before = query.instant("created_before");
    query.finish()?;
    // `?status=` is not read: the recorded server takes the statuses from the body of the GET.
    let statuses = match optional_json(&body)? {
        None | Some(Value::Null) => None,
        Some(Value::Array(statuses)) => Some(statuses),
        Some(other) => {
            let msg = "Input should be a valid list";
            return Err(ApiError::Validation(vec![complaint(
                "list_type",
                &[json!("body")],
                msg,
                other,
                None,
            )]));
        }
    };
    if skip < 0 || !(1..=200).contains(&limit) {
        return Err(ApiError::Internal);
    }
    let mut wheres = vec!["1".to_owned()];
    let mut values: Vec<Sql> = Vec::new();
    let mut add = |condition: &str, value: Sql| {
        values.push(value);
        wheres.push(format!("{condition} ?{}", values.len()));
    };
    if let Some(created_by) = created_by {
        add("created_by =", Sql::Text(created_by));
    }
    if let Some(template) = template {
        add("template_version =", Sql::Text(template));
    }
    if let Some(after) = after {
        add("created_at >=", Sql::Integer(after));
    }
    if let Some(before) = before {
        add("created_at <=", Sql::Integer(before));
    }
    if let Some(statuses) = statuses.filter(|statuses| !statuses.is_empty()) {
        let known: Option<Vec<String>> = statuses
            .iter()
            .map(|status| {
                status
                    .as_str()
                    .filter(|status| STATUSES.contains(status))
                    .map(|status| format!("'{status}'"))
            })
            .collect();
        let Some(known) = known else {
            return Err(ApiError::Internal);
        };
        wheres.push(format!("status IN ({})", known.join(", ")));
    }
    let from = format!("FROM batches WHERE {}", wheres.join(" AND "));
    let view = BatchView::of(&shared);
    let (batches, total) = shared
        .db
        .read(move |connection| {
            let total: i64 = connection
                .prepare_cached(&format!("SELECT COUNT(*) {from}"))?
                .query_row(params_from_iter(&values), |row| row.get(0))?;
            let mut statement = connection.prepare_cached(&format!(
                "SELECT * {from} ORDER BY created_at DESC, position DESC LIMIT {limit} OFFSET {skip}"
            ))?;
            let batches: Vec<Value> = statement
                .query_map(params_from_iter(&values), |row| view.batch(row))?
                .collect::<rusqlite::Result<_>>()?;
            Ok((batches, total))
        })
        .await?;
    Ok(Json(
        json!({ "batches": batches, "total_count": total, "page_info": page_info(skip, limit, total) }),
    ))
}
