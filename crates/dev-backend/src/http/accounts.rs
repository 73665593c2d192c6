//! Sign-in, refresh, sign-out and the signed-in person.

use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use rusqlite::{Connection, OptionalExtension, Row, params};
use serde_json::{Value, json};

use crate::clock::{self, SECOND};
use crate::error::Result;
use crate::http::errors::ApiError;
use crate::http::validation::{Fields, posted};
use crate::quirks::Quirk;
use crate::random;
use crate::seed::ORGANIZATION_ID;
use crate::state::Shared;

/// Seconds that an access token is good for.
pub const ACCESS_SECONDS: i64 = 1800;
const REFRESH_SECONDS: i64 = 7 * 24 * 3600;

/// Who is asking.
#[derive(Debug, Clone)]
pub struct User {
    /// A UUID.
    pub id: String,
    /// The address that was signed in with.
    pub email: String,
    /// The organisation, without which leads are closed.
    pub organization_id: Option<String>,
    username: String,
    full_name: String,
    last_login_at: Option<i64>,
    created_at: i64,
    updated_at: i64,
}

const USER_COLUMNS: &str = "u.id, u.email, u.organization_id, u.username, u.full_name, u.last_login_at, u.created_at, u.updated_at";

impl User {
    fn from_row(row: &Row<'_>) -> rusqlite::Result<Self> {
        Ok(Self {
            id: row.get(0)?,
            email: row.get(1)?,
            organization_id: row.get(2)?,
            username: row.get(3)?,
            full_name: row.get(4)?,
            last_login_at: row.get(5)?,
            created_at: row.get(6)?,
            updated_at: row.get(7)?,
        })
    }

    fn to_json(&self) -> Value {
        json!({
            "email": self.email,
            "username": self.username,
            "full_name": self.full_name,
            "phone": null,
            "timezone": "UTC",
            "locale": "en_US",
            "id": self.id,
            "organization_id": self.organization_id,
            "status": "active",
            "email_verified": true,
            "email_verified_at": null,
            "mfa_enabled": false,
            "last_login_at": self.last_login_at.map(clock::zulu),
            "created_at": clock::zulu(self.created_at),
            "updated_at": clock::zulu(self.updated_at),
        })
    }
}

/// `POST /api/v1/accounts/login`.
pub async fn login(State(shared): State<Shared>, body: Bytes) -> Result<Json<Value>, ApiError> {
    let body = posted(&shared, &body)?;
    let mut fields = Fields::of(&body);
    let email = fields.required_text("email");
    let password = fields.required_text("password");
    fields.finish()?;
    let well_formed = email.split_once('@').is_some_and(|(name, host)| {
        !name.is_empty() && host.contains('.') && !host.contains('@') && !host.ends_with('.')
    });
    if !well_formed {
        let reason = if email.matches('@').count() == 1 {
            "The part after the @-sign is not valid. It should have a period."
        } else {
            "The email address is not valid. It must have exactly one @-sign."
        };
        return Err(ApiError::Validation(vec![json!({
            "type": "value_error",
            "loc": ["body", "email"],
            "msg": format!("value is not a valid email address: {reason}"),
            "input": email,
            "ctx": { "reason": reason },
        })]));
    }
    let same_second_fails = shared.has(Quirk::SameSecondLoginFails);
    let answer = shared
        .db
        .write(move |connection| {
            let now = clock::now();
            let user = connection
                .query_row(
                    &format!(
                        "SELECT {USER_COLUMNS} FROM users u WHERE u.email = ?1 AND u.password = ?2"
                    ),
                    params![email.to_lowercase(), password],
                    User::from_row,
                )
                .optional()?;
            let Some(user) = user else {
                return Ok(Err(ApiError::detail(
                    StatusCode::UNAUTHORIZED,
                    "Invalid email or password",
                )));
            };
            if same_second_fails
                && user
                    .last_login_at
                    .is_some_and(|last| last / SECOND == now / SECOND)
            {
                return Ok(Err(ApiError::Internal));
            }
            connection.execute(
                "UPDATE users SET last_login_at = ?2, updated_at = ?2 WHERE id = ?1",
                params![user.id, now],
            )?;
            Ok(Ok(issue(
                connection,
                User {
                    last_login_at: Some(now),
                    updated_at: now,
                    ..user
                },
                now,
            )?))
        })
        .await??;
    Ok(Json(answer))
}

/// `POST /api/v1/accounts/refresh`.
pub async fn refresh(State(shared): State<Shared>, body: Bytes) -> Result<Json<Value>, ApiError> {
    let body = posted(&shared, &body)?;
    let mut fields = Fields::of(&body);
    let token = fields.required_text("refresh_token");
    fields.finish()?;
    let same_second_fails = shared.has(Quirk::SameSecondRefreshFails);
    let answer = shared
        .db
        .write(move |connection| {
            let now = clock::now();
            let found = connection
                .query_row(
                    &format!(
                        "SELECT {USER_COLUMNS}, t.issued_at FROM tokens t JOIN users u ON u.id = t.user_id
                         WHERE t.token = ?1 AND t.kind = 'refresh' AND t.expires_at > ?2 AND NOT t.revoked"
                    ),
                    params![token, now],
                    |row| Ok((User::from_row(row)?, row.get::<_, i64>(8)?)),
                )
                .optional()?;
            match found {
                Some((user, issued_at)) if !(same_second_fails && issued_at / SECOND == now / SECOND) => {
                    Ok(Ok(issue(connection, user, now)?))
                }
                _ => Ok(Err(ApiError::detail(StatusCode::UNAUTHORIZED, "Invalid refresh token"))),
            }
        })
        .await??;
    Ok(Json(answer))
}

fn issue(connection: &Connection, user: User, now: i64) -> Result<Value> {
    let (access, refresh) = (random::new_token(), random::new_token());
    for (token, kind, seconds) in [
        (&access, "access", ACCESS_SECONDS),
        (&refresh, "refresh", REFRESH_SECONDS),
    ] {
        connection.execute(
            "INSERT INTO tokens (token, user_id, kind, issued_at, expires_at) VALUES (?1, ?2, ?3, ?4, ?5)",
            params![token, user.id, kind, now, now + seconds * SECOND],
        )?;
    }
    Ok(json!({
        "access_token": access,
        "refresh_token": refresh,
        "token_type": "Bearer",
        "expires_in": ACCESS_SECONDS,
        "user": user.to_json(),
    }))
}

/// `POST /api/v1/accounts/logout`.
pub async fn logout(
    State(shared): State<Shared>,
    headers: HeaderMap,
) -> Result<Json<Value>, ApiError> {
    account(&shared, &headers).await?;
    if !shared.has(Quirk::LoggedOutTokenWorks) {
        let token = bearer(&headers)?;
        shared
            .db
            .write(move |connection| {
                connection.execute("UPDATE tokens SET revoked = 1 WHERE token = ?1", [token])?;
                Ok(())
            })
            .await?;
    }
    Ok(Json(json!({ "message": "Logged out successfully" })))
}

/// `GET /api/v1/accounts/me`.
pub async fn me(State(shared): State<Shared>, headers: HeaderMap) -> Result<Json<Value>, ApiError> {
    let user = account(&shared, &headers).await?;
    let mut body = user.to_json();
    body["organization"] = match &user.organization_id {
        Some(id) => json!({
            "name": "Harbor Lane Agency",
            "slug": "harbor-lane-agency",
            "billing_email": "billing@harborlane.example",
            "id": id,
            "stripe_customer_id": null,
            "max_users": 5,
            "max_teams": 3,
            "max_api_keys": 10,
            "is_active": true,
            "trial_ends_at": null,
            "created_at": clock::zulu(user.created_at),
            "updated_at": clock::zulu(user.created_at),
        }),
        None => Value::Null,
    };
    body["teams"] = json!([]);
    Ok(Json(body))
}

/// The signed-in person, for the account routes.
async fn account(shared: &Shared, headers: &HeaderMap) -> Result<User, ApiError> {
    let token = bearer(headers)?;
    let found = user_of(shared, token).await?;
    found.ok_or_else(|| {
        ApiError::detail(
            StatusCode::UNAUTHORIZED,
            "Invalid authentication credentials",
        )
    })
}

/// The signed-in member of the organisation, for leads and badges.
///
/// # Errors
/// 403 without a token or an organisation, 401 for a token that is not good.
pub async fn member(shared: &Shared, headers: &HeaderMap) -> Result<User, ApiError> {
    let token = bearer(headers)?;
    let user = user_of(shared, token)
        .await?
        .ok_or(ApiError::Unauthenticated)?;
    if user.organization_id.as_deref() == Some(ORGANIZATION_ID) {
        Ok(user)
    } else {
        Err(ApiError::detail(
            StatusCode::FORBIDDEN,
            "Organization access required",
        ))
    }
}

/// Whether a socket's `auth` message brings a good token.
pub async fn is_good_token(shared: &Shared, token: &Value) -> bool {
    match token.as_str() {
        Some(token) => matches!(user_of(shared, token.to_owned()).await, Ok(Some(_))),
        None => false,
    }
}

fn bearer(headers: &HeaderMap) -> Result<String, ApiError> {
    let value = headers
        .get(header::AUTHORIZATION)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    let (scheme, token) = value.split_once(' ').unwrap_or((value, ""));
    if scheme.is_empty() || token.is_empty() {
        return Err(ApiError::detail(StatusCode::FORBIDDEN, "Not authenticated"));
    }
    if !scheme.eq_ignore_ascii_case("bearer") {
        return Err(ApiError::detail(
            StatusCode::FORBIDDEN,
            "Invalid authentication credentials",
        ));
    }
    Ok(token.to_owned())
}

async fn user_of(shared: &Shared, token: String) -> Result<Option<User>, ApiError> {
    let any_kind = shared.has(Quirk::RefreshTokenIsBearer);
    let user = shared
        .db
        .read(move |connection| {
            let user = connection
                .query_row(
                    &format!(
                        "SELECT {USER_COLUMNS} FROM tokens t JOIN users u ON u.id = t.user_id
                         WHERE t.token = ?1 AND t.expires_at > ?2 AND NOT t.revoked AND (?3 OR t.kind = 'access')"
                    ),
                    params![token, clock::now(), any_kind],
                    User::from_row,
                )
                .optional()?;
            Ok(user)
        })
        .await?;
    Ok(user)
}
