//! The templates that a report can be made with.

use axum::Json;
use axum::extract::State;
use serde_json::{Value, json};

use crate::error::Result;
use crate::http::errors::ApiError;
use crate::state::Shared;

/// `GET /api/template-studio/templates`: the active ones, as a bare list.
pub async fn list(State(shared): State<Shared>) -> Result<Json<Value>, ApiError> {
    let templates: Vec<Value> = shared
        .db
        .read(|connection| {
            let mut statement = connection
                .prepare_cached("SELECT * FROM templates WHERE is_active ORDER BY position")?;
            let templates = statement
                .query_map([], |row| {
                    Ok(json!({
                        "id": row.get::<_, String>("id")?,
                        "name": row.get::<_, String>("name")?,
                        "display_name": row.get::<_, String>("display_name")?,
                        "description": row.get::<_, Option<String>>("description")?,
                        "version": row.get::<_, String>("version")?,
                        "git_sha": null,
                        "last_modified": null,
                        "is_active": row.get::<_, bool>("is_active")?,
                    }))
                })?
                .collect::<rusqlite::Result<_>>()?;
            Ok(templates)
        })
        .await?;
    Ok(Json(Value::Array(templates)))
}
