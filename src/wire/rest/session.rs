//! Signing in, and who that is.

use serde::Serialize;

use super::{Answer, Http, Reply, Request};
use crate::error::Error;
use crate::wire::json::Json;

/// What signing in yields.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tokens {
    pub access: String,
    pub refresh: Option<String>,
    pub user: Option<User>,
}

/// The person who is signed in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct User {
    pub email: String,
    pub name: Option<String>,
}

#[derive(Serialize)]
struct Login<'a> {
    email: &'a str,
    password: &'a str,
}

#[derive(Serialize)]
struct Refresh<'a> {
    refresh_token: &'a str,
}

pub(super) fn login(email: &str, password: &str) -> Http {
    Http::post("/v1/accounts/login".into(), 15)
        .with(&Login { email, password })
        .without_token()
}

pub(super) fn refresh(refresh_token: &str) -> Http {
    Http::post("/v1/accounts/refresh".into(), 15)
        .with(&Refresh { refresh_token })
        .without_token()
}

pub(super) fn logout() -> Http {
    Http::post("/v1/accounts/logout".into(), 5)
}

pub(super) fn me() -> Http {
    Http::get("/v1/accounts/me".into(), 10)
}

/// Reads an answer about the session; `None` where something else was asked.
pub fn read(request: &Request, answer: &Answer) -> Option<Result<Reply, Error>> {
    let task = request.task();
    Some(match request {
        Request::Login { .. } | Request::RefreshToken { .. } => answer.read(task, &read_tokens),
        Request::Me => answer.read(task, &|json| {
            Ok(Reply::Me(read_user(json).ok_or("no field “email”")?))
        }),
        Request::Logout => answer.done(task),
        _ => return None,
    })
}

fn read_tokens(json: Json) -> Result<Reply, String> {
    Ok(Reply::Session(Tokens {
        access: json.text("access_token").ok_or("no field “access_token”")?,
        refresh: json.text("refresh_token"),
        user: read_user(json.get("user")),
    }))
}

fn read_user(json: Json) -> Option<User> {
    Some(User {
        email: json.text("email")?,
        name: json.text("full_name"),
    })
}
