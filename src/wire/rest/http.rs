//! How a question is put over HTTP.

use serde::Serialize;

use crate::domain::time::{Duration, SECOND};
use crate::wire::json;

/// A request as HTTP.
#[derive(Clone, Debug, PartialEq)]
pub struct Http {
    pub method: Method,
    /// Below the API base, with its query.
    pub path: String,
    /// JSON.
    pub body: Option<String>,
    /// Whether the bearer token goes along.
    pub auth: bool,
    pub time_limit: Duration,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    Get,
    Post,
}

impl Http {
    /// A question that nobody answers: stands for what this part of the page does not ask.
    pub fn none() -> Self {
        Self::get(String::new(), 5)
    }

    /// A question that changes nothing, with the bearer token.
    pub(super) fn get(path: String, seconds: Duration) -> Self {
        Self {
            method: Method::Get,
            path,
            body: None,
            auth: true,
            time_limit: seconds * SECOND,
        }
    }

    /// A demand, with the bearer token.
    pub(super) fn post(path: String, seconds: Duration) -> Self {
        Self {
            method: Method::Post,
            ..Self::get(path, seconds)
        }
    }

    pub(super) fn with<T: Serialize>(self, body: &T) -> Self {
        Self {
            body: Some(json::write(body)),
            ..self
        }
    }

    pub(super) fn without_token(self) -> Self {
        Self {
            auth: false,
            ..self
        }
    }
}
