//! The four bodies in which the recorded server refuses.

use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use crate::error::Error;

/// A refusal in the contract's terms.
#[derive(Debug)]
pub enum ApiError {
    /// `{"detail": "text"}`.
    Detail(StatusCode, String),
    /// 401 `{"detail": …}` with `WWW-Authenticate: Bearer`, as the lead routes answer.
    Unauthenticated,
    /// 422 `{"detail": [{type, loc, msg, input, …}]}`.
    Validation(Vec<Value>),
    /// 500 `{"error": "INTERNAL_ERROR", …}`: what the recorded server did not catch.
    Internal,
    /// No answer at all (quirk `malformed_json_hangs`).
    Silence,
    /// The server itself failed.
    Server(Error),
}

impl ApiError {
    /// A refusal with a text.
    pub fn detail(status: StatusCode, text: impl Into<String>) -> Self {
        Self::Detail(status, text.into())
    }
}

impl From<Error> for ApiError {
    fn from(error: Error) -> Self {
        Self::Server(error)
    }
}

/// Marks an answer after which the recorded server drops the connection, and one that never comes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AfterAnswer {
    /// An INTERNAL_ERROR.
    MayDrop,
    /// Never send it.
    Withhold,
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        match self {
            Self::Detail(status, text) => detail(status, &text),
            Self::Unauthenticated => {
                let mut response = detail(
                    StatusCode::UNAUTHORIZED,
                    "Invalid authentication credentials",
                );
                response
                    .headers_mut()
                    .insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
                response
            }
            Self::Validation(errors) => (
                StatusCode::UNPROCESSABLE_ENTITY,
                Json(json!({ "detail": errors })),
            )
                .into_response(),
            Self::Internal => {
                let mut response = real_error(StatusCode::INTERNAL_SERVER_ERROR);
                response.extensions_mut().insert(AfterAnswer::MayDrop);
                response
            }
            Self::Silence => {
                let mut response = StatusCode::NO_CONTENT.into_response();
                response.extensions_mut().insert(AfterAnswer::Withhold);
                response
            }
            Self::Server(error) => {
                eprintln!("{error}");
                detail(StatusCode::INTERNAL_SERVER_ERROR, "Internal server error")
            }
        }
    }
}

fn detail(status: StatusCode, text: &str) -> Response {
    (status, Json(json!({ "detail": text }))).into_response()
}

/// 404 as every unknown path answers.
pub fn not_found() -> Response {
    detail(StatusCode::NOT_FOUND, "Not Found")
}

/// 405 with the methods that are allowed.
pub fn method_not_allowed(allow: Option<&'static str>) -> Response {
    let mut response = detail(StatusCode::METHOD_NOT_ALLOWED, "Method Not Allowed");
    if let Some(allow) = allow {
        response
            .headers_mut()
            .insert(header::ALLOW, HeaderValue::from_static(allow));
    }
    response
}

/// The body that the product really sends with a status, for faults that give only the status.
pub fn real_error(status: StatusCode) -> Response {
    let body = match status.as_u16() {
        429 => json!({ "error": "Rate limit exceeded: 10 per 1 second" }),
        500 => json!({ "error": "INTERNAL_ERROR", "message": "An unexpected error occurred" }),
        401 => json!({ "detail": "Invalid authentication credentials" }),
        403 => json!({ "detail": "Not authenticated" }),
        404 => json!({ "detail": "Not Found" }),
        405 => json!({ "detail": "Method Not Allowed" }),
        422 => json!({ "detail": "No valid leads found" }),
        // What a proxy in front of the product answers: not JSON at all.
        502..=504 => {
            let reason = status.canonical_reason().unwrap_or("Error");
            let page = format!(
                "<html>\r\n<head><title>{0} {reason}</title></head>\r\n<body>\r\n<center><h1>{0} {reason}</h1></center>\r\n</body>\r\n</html>\r\n",
                status.as_u16()
            );
            return (status, [(header::CONTENT_TYPE, "text/html")], page).into_response();
        }
        _ => json!({ "detail": status.canonical_reason().unwrap_or("Error") }),
    };
    (status, Json(body)).into_response()
}
