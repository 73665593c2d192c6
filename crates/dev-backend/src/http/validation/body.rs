//! Reads bodies as JSON.

use axum::body::Bytes;
use serde_json::{Map, Value, json};

use super::complaint;
use crate::http::errors::ApiError;
use crate::quirks::Quirk;
use crate::state::State;

/// Reads the body of a POST.
///
/// # Errors
/// 422 for no body and for a body that is not JSON; silence for the latter under the quirk.
pub fn posted(state: &State, body: &Bytes) -> Result<Map<String, Value>, ApiError> {
    match optional_json(body) {
        Ok(None) => {
            let missing = complaint(
                "missing",
                &[json!("body")],
                "Field required",
                Value::Null,
                None,
            );
            Err(ApiError::Validation(vec![missing]))
        }
        Ok(Some(Value::Object(object))) => Ok(object),
        Ok(Some(other)) => {
            let msg = "Input should be a valid dictionary or object to extract fields from";
            Err(ApiError::Validation(vec![complaint(
                "model_attributes_type",
                &[json!("body")],
                msg,
                other,
                None,
            )]))
        }
        Err(_) if state.has(Quirk::MalformedJsonHangs) => Err(ApiError::Silence),
        Err(error) => Err(error),
    }
}

/// Reads a body that may be absent.
///
/// # Errors
/// 422 in the recorded form for a body that is not JSON.
pub fn optional_json(body: &Bytes) -> Result<Option<Value>, ApiError> {
    if body.is_empty() {
        return Ok(None);
    }
    serde_json::from_slice(body).map(Some).map_err(|error| {
        let line_start = body
            .split(|byte| *byte == b'\n')
            .take(error.line().saturating_sub(1))
            .map(|line| line.len() + 1)
            .sum::<usize>();
        let reason = if error.to_string().starts_with("key must be a string") {
            "Expecting property name enclosed in double quotes"
        } else if error.to_string().starts_with("expected `,`") {
            "Expecting ',' delimiter"
        } else if error.to_string().starts_with("expected `:`") {
            "Expecting ':' delimiter"
        } else {
            "Expecting value"
        };
        ApiError::Validation(vec![json!({
            "type": "json_invalid",
            "loc": ["body", line_start + error.column().saturating_sub(1)],
            "msg": "JSON decode error",
            "input": {},
            "ctx": { "error": reason },
        })])
    })
}
