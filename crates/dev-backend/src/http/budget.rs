//! Limits and spend, as the gateway's guardrail and cost routes tell them.

use axum::Json;
use axum::extract::State;
use axum::http::Uri;
use rusqlite::{Connection, params};
use serde_json::{Map, Value, json};

use crate::clock;
use crate::cost;
use crate::error::Result;
use crate::http::errors::ApiError;
use crate::http::validation::Query;
use crate::quirks::Quirk;
use crate::state::Shared;

/// US dollars that all batches of a day (UTC) may cost together.
pub const DAILY_LIMIT: f64 = 1000.0;
const MONTHLY_LIMIT: f64 = 30_000.0;
/// The daily limits of single providers, in the recorded order.
const PROVIDER_LIMITS: [(&str, f64); 6] = [
    ("openai", 500.0),
    ("dataaxle", 300.0),
    ("hunter", 100.0),
    ("semrush", 200.0),
    ("screenshotone", 50.0),
    ("humanloop", 100.0),
];

/// What was spent today, in millionths of a dollar. `without_batches` is the quirk
/// `spend_never_recorded`.
///
/// # Errors
/// Those of the database.
pub fn spent_today(connection: &Connection, without_batches: bool) -> Result<i64> {
    spent(
        connection,
        &clock::date(clock::now()),
        None,
        without_batches,
    )
}

fn spent(
    connection: &Connection,
    from: &str,
    provider: Option<&str>,
    without_batches: bool,
) -> Result<i64> {
    let total = connection
        .prepare_cached(
            "SELECT COALESCE(SUM(total), 0) FROM spend
             WHERE day >= ?1 AND (?2 IS NULL OR provider = ?2) AND NOT (?3 AND operation = 'batch_report')",
        )?
        .query_row(params![from, provider, without_batches], |row| row.get(0))?;
    Ok(total)
}

/// `GET /api/v1/gateway/guardrails/status`.
pub async fn status(State(shared): State<Shared>) -> Result<Json<Value>, ApiError> {
    let without = shared.has(Quirk::SpendNeverRecorded);
    let now = clock::now();
    let day = clock::day_start(now);
    let (month, next_month) = clock::month_bounds(now);
    let limits = shared
        .db
        .read(move |connection| {
            let today = clock::date(now);
            let mut limits = vec![
                limit(
                    "global_daily",
                    spent(connection, &today, None, without)?,
                    DAILY_LIMIT,
                    (day, day + clock::DAY),
                ),
                limit(
                    "global_monthly",
                    spent(connection, &clock::date(month), None, without)?,
                    MONTHLY_LIMIT,
                    (month, next_month),
                ),
            ];
            for (provider, amount) in PROVIDER_LIMITS {
                let spent = spent(connection, &today, Some(provider), without)?;
                limits.push(limit(
                    &format!("{provider}_daily"),
                    spent,
                    amount,
                    (day, day + clock::DAY),
                ));
            }
            Ok(limits)
        })
        .await?;
    let count = |status: &str| {
        limits
            .iter()
            .filter(|limit| limit["status"] == status)
            .count()
    };
    let (exceeded, warning) = (count("exceeded"), count("warning") + count("critical"));
    Ok(Json(json!({
        "total_limits": limits.len(),
        "limits": limits,
        "limits_exceeded": exceeded,
        "limits_warning": warning,
        "timestamp": clock::naive(clock::now()),
    })))
}

fn limit(name: &str, spent: i64, amount: f64, period: (i64, i64)) -> Value {
    let spent = cost::dollars(spent);
    let share = spent / amount;
    let text = |dollars: f64| {
        if spent == 0.0 {
            format!("{dollars:.2}")
        } else {
            format!("{dollars:.4}")
        }
    };
    json!({
        "limit_name": name,
        "current_spend": text(spent),
        "limit_amount": format!("{amount:.1}"),
        "percentage_used": share,
        "status": match share {
            1.0.. => "exceeded",
            0.95.. => "critical",
            0.8.. => "warning",
            _ => "info",
        },
        "remaining_budget": text((amount - spent).max(0.0)),
        "period_start": clock::naive(period.0),
        "period_end": clock::naive(period.1),
        "is_blocked": share >= 1.0,
        "circuit_breaker_open": share >= 1.0,
    })
}

/// `GET /api/v1/gateway/guardrails/budget`.
pub async fn budget(State(shared): State<Shared>, uri: Uri) -> Result<Json<Value>, ApiError> {
    let mut query = Query::of(&uri);
    let period = query.choice("period", &["hourly", "daily", "weekly", "monthly", "total"]);
    query.finish()?;
    let period = period.unwrap_or_else(|| "daily".to_owned());
    let without = shared.has(Quirk::SpendNeverRecorded);
    let is_daily = period == "daily";
    let (providers, limit, spent) = shared
        .db
        .read(move |connection| {
            let today = clock::date(clock::now());
            let mut providers = Map::new();
            let (mut limits, mut total) = (0.0, 0.0);
            // Providers have daily limits only.
            for (provider, amount) in PROVIDER_LIMITS.iter().filter(|_| is_daily) {
                let spent = cost::dollars(spent(connection, &today, Some(provider), without)?);
                limits += amount;
                total += spent;
                providers.insert(
                    (*provider).to_owned(),
                    json!({
                        "remaining": (amount - spent).max(0.0),
                        "limit": amount,
                        "spent": spent,
                        "percentage": spent / amount,
                    }),
                );
            }
            Ok((providers, limits, total))
        })
        .await?;
    Ok(Json(json!({
        "period": period,
        "providers": providers,
        "total_remaining": (limit - spent).max(0.0),
        "total_limit": limit,
        "total_spent": spent,
        "timestamp": clock::naive(clock::now()),
    })))
}

/// `GET /api/v1/gateway/guardrails/limits`.
pub async fn limits() -> Json<Value> {
    let entry = |name: &str, scope: &str, period: &str, amount: f64, provider: Option<&str>| {
        json!({
            "name": name,
            "scope": scope,
            "period": period,
            "limit_usd": amount,
            "provider": provider,
            "campaign_id": null,
            "operation": null,
            "warning_threshold": 0.8,
            "critical_threshold": 0.95,
            "enabled": true,
            "circuit_breaker_enabled": true,
        })
    };
    let mut limits = vec![
        entry("global_daily", "global", "daily", DAILY_LIMIT, None),
        entry("global_monthly", "global", "monthly", MONTHLY_LIMIT, None),
    ];
    for (provider, amount) in PROVIDER_LIMITS {
        limits.push(entry(
            &format!("{provider}_daily"),
            "provider",
            "daily",
            amount,
            Some(provider),
        ));
    }
    Json(Value::Array(limits))
}

/// `GET /api/v1/gateway/costs/daily`.
pub async fn daily_costs(State(shared): State<Shared>, uri: Uri) -> Result<Json<Value>, ApiError> {
    let query = Query::of(&uri);
    let from = query.text("start_date").unwrap_or("0000-00-00").to_owned();
    let to = query.text("end_date").unwrap_or("9999-99-99").to_owned();
    query.finish()?;
    let without = shared.has(Quirk::SpendNeverRecorded);
    let costs: Vec<Value> = shared
        .db
        .read(move |connection| {
            let mut statement = connection.prepare_cached(
                "SELECT day, provider, operation, total, requests FROM spend
                 WHERE day BETWEEN ?1 AND ?2 AND NOT (?3 AND operation = 'batch_report')
                 ORDER BY day, provider, operation",
            )?;
            let costs = statement
                .query_map(params![from, to, without], |row| {
                    let (total, requests) = (cost::dollars(row.get(3)?), row.get::<_, i64>(4)?);
                    #[allow(clippy::cast_precision_loss)]
                    let average = total / requests.max(1) as f64;
                    Ok(json!({
                        "date": row.get::<_, String>(0)?,
                        "provider": row.get::<_, String>(1)?,
                        "operation": row.get::<_, String>(2)?,
                        "campaign_id": null,
                        "total_cost": total,
                        "request_count": requests,
                        "avg_cost": average,
                    }))
                })?
                .collect::<rusqlite::Result<_>>()?;
            Ok(costs)
        })
        .await?;
    Ok(Json(Value::Array(costs)))
}
