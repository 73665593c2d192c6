//! Answers that a planted fault makes wrong.

use std::pin::Pin;
use std::task::{Context, Poll};

use axum::body::{Body, Bytes};
use axum::http::{HeaderValue, Response, StatusCode, header};
use axum::response::IntoResponse;
use http_body_util::BodyExt;
use hyper::body::Frame;

use crate::faults::Fault;
use crate::http::errors::real_error;

pub(super) fn replacement(fault: &Fault) -> Response<Body> {
    let status = fault
        .status
        .and_then(|status| StatusCode::from_u16(status).ok())
        .unwrap_or(StatusCode::OK);
    match &fault.body {
        None => real_error(status),
        Some(serde_json::Value::String(raw)) => (status, raw.clone()).into_response(),
        Some(json) => (status, axum::Json(json)).into_response(),
    }
}

/// Promises the whole body and breaks off in the middle.
pub(super) async fn cut_in_half(response: Response<Body>) -> Response<Body> {
    let (mut parts, body) = response.into_parts();
    let whole = body
        .collect()
        .await
        .map(http_body_util::Collected::to_bytes)
        .unwrap_or_default();
    parts
        .headers
        .insert(header::CONTENT_LENGTH, HeaderValue::from(whole.len()));
    let half = whole.slice(..whole.len() / 2);
    Response::from_parts(
        parts,
        Body::new(BrokenBody {
            half: Some(half),
            flushed: false,
        }),
    )
}

/// A body that fails after its first part.
struct BrokenBody {
    half: Option<Bytes>,
    flushed: bool,
}

impl hyper::body::Body for BrokenBody {
    type Data = Bytes;
    type Error = std::io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        if let Some(half) = self.half.take() {
            return Poll::Ready(Some(Ok(Frame::data(half))));
        }
        if !self.flushed {
            // One turn for the half to be written before the connection breaks.
            self.flushed = true;
            context.waker().wake_by_ref();
            return Poll::Pending;
        }
        Poll::Ready(Some(Err(std::io::Error::other("cut by a fault"))))
    }
}
