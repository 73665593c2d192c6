//! What the server goes by: templates, prices, tokens, quirks, speed, the day's budget.

use std::sync::PoisonError;

use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use rusqlite::params;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::{Answer, parse, refusal};
use crate::clock::{self, SECOND};
use crate::cost::{self, PROVIDERS};
use crate::quirks::Quirk;
use crate::spend::add_spend;
use crate::state::Shared;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct TemplateChange {
    id: Option<String>,
    version: Option<String>,
    is_active: bool,
}

/// `POST /dev/templates`.
pub async fn template(State(shared): State<Shared>, body: Bytes) -> Answer {
    let change: TemplateChange = parse(&body)?;
    if change.id.is_none() && change.version.is_none() {
        return Err(refusal("id or version is needed"));
    }
    let changed = shared
        .db
        .write(move |connection| {
            let changed = connection.execute(
                "UPDATE templates SET is_active = ?3
                 WHERE (?1 IS NULL OR id = ?1) AND (?2 IS NULL OR version = ?2)",
                params![change.id, change.version, change.is_active],
            )?;
            Ok(changed)
        })
        .await?;
    Ok(Json(json!({ "changed": changed })))
}

/// `POST /dev/prices`: `factor`, `base`, or prices of providers by name.
pub async fn prices(State(shared): State<Shared>, body: Bytes) -> Answer {
    let change: Map<String, Value> = parse(&body)?;
    let mut prices = shared.prices();
    for (name, value) in &change {
        let amount = value.as_f64().filter(|amount| *amount >= 0.0);
        let amount = amount.ok_or_else(|| refusal(format!("{name}: not an amount")))?;
        match (
            name.as_str(),
            PROVIDERS.iter().position(|provider| provider == name),
        ) {
            ("factor", _) => prices.factor = amount,
            ("base", _) => prices.base = amount,
            (_, Some(index)) => prices.providers[index] = amount,
            _ => return Err(refusal(format!("{name}: no such provider"))),
        }
    }
    shared
        .prices
        .write()
        .unwrap_or_else(PoisonError::into_inner)
        .clone_from(&prices);
    Ok(Json(json!({
        "base": prices.base,
        "factor": prices.factor,
        "providers": PROVIDERS.iter().zip(prices.providers).collect::<std::collections::BTreeMap<_, _>>(),
    })))
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Expiry {
    #[serde(default)]
    refresh: bool,
}

/// `POST /dev/tokens/expire`: access tokens, and refresh tokens on request.
pub async fn expire_tokens(State(shared): State<Shared>, body: Bytes) -> Answer {
    let expiry: Expiry = parse(&body)?;
    let expired = shared
        .db
        .write(move |connection| {
            let now = clock::now();
            let expired = connection.execute(
                "UPDATE tokens SET expires_at = ?1 WHERE expires_at > ?1 AND (kind = 'access' OR ?2)",
                params![now - SECOND, expiry.refresh],
            )?;
            Ok(expired)
        })
        .await?;
    Ok(Json(json!({ "expired": expired })))
}

/// `POST /dev/quirks`: `{name: on, …}`.
pub async fn quirks(State(shared): State<Shared>, body: Bytes) -> Answer {
    let change: std::collections::BTreeMap<String, bool> = parse(&body)?;
    let mut known = Vec::with_capacity(change.len());
    for (name, on) in &change {
        let quirk =
            Quirk::from_name(name).ok_or_else(|| refusal(format!("{name}: no such quirk")))?;
        known.push((quirk, *on));
    }
    for (quirk, on) in known {
        shared.quirks.set(quirk, on);
    }
    Ok(Json(json!({ "changed": change.len() })))
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Speed {
    speed: f64,
}

/// `POST /dev/speed`: for leads that begin from now on.
pub async fn speed(State(shared): State<Shared>, body: Bytes) -> Answer {
    let Speed { speed } = parse(&body)?;
    if !(speed.is_finite() && speed > 0.0) {
        return Err(refusal("speed must be a positive number"));
    }
    shared.set_speed(speed);
    Ok(Json(json!({ "speed": speed })))
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Spent {
    spent_today_usd: f64,
}

/// `POST /dev/budget`: what counts as spent today, replacing what was.
pub async fn budget(State(shared): State<Shared>, body: Bytes) -> Answer {
    let Spent { spent_today_usd } = parse(&body)?;
    if !(spent_today_usd.is_finite() && spent_today_usd >= 0.0) {
        return Err(refusal("spent_today_usd must be an amount"));
    }
    shared
        .db
        .write(move |connection| {
            let today = clock::date(clock::now());
            connection.execute("DELETE FROM spend WHERE day = ?1", [&today])?;
            add_spend(
                connection,
                &today,
                "openai",
                "seed",
                cost::micros(spent_today_usd),
                1,
            )
        })
        .await?;
    Ok(Json(json!({ "spent_today_usd": spent_today_usd })))
}
