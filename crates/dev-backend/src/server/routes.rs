//! Which path is answered by whom.

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::http::Response;
use axum::routing::{MethodRouter, any, delete, get, post};
use tokio::sync::watch;

use crate::dev_controls;
use crate::http::errors::{method_not_allowed, not_found};
use crate::http::{accounts, badges, batch, budget, health, leads, shell, statics, templates};
use crate::sockets::{multiplexed, per_batch};
use crate::state::Shared;

pub(super) fn routes(shared: &Shared, refresh: &watch::Sender<u64>) -> Router {
    let mut router = Router::new()
        .route("/", read(shell::root))
        .route("/shell", read(shell::shell))
        .route("/static/batch_runner", any(statics::without_slash))
        .route("/static/batch_runner/", any(statics::directory))
        .route("/static/batch_runner/{*path}", any(statics::file))
        .route("/api/v1/accounts/login", act(accounts::login))
        .route("/api/v1/accounts/refresh", act(accounts::refresh))
        .route("/api/v1/accounts/logout", act(accounts::logout))
        .route("/api/v1/accounts/me", read(accounts::me))
        .route("/api/v1/leads", read(leads::list))
        .route("/api/v1/leads/{id}", read(leads::one))
        .route("/api/v1/leads/{id}/badges", read(badges::of_lead))
        .route("/api/v1/badges", read(badges::list))
        .route("/api/v1/badges/permissions", read(badges::permissions))
        .route("/api/v1/health", read(health::leads))
        .route("/api/v1/gateway/guardrails/status", read(budget::status))
        .route("/api/v1/gateway/guardrails/budget", read(budget::budget))
        .route("/api/v1/gateway/guardrails/limits", read(budget::limits))
        .route("/api/v1/gateway/costs/daily", read(budget::daily_costs))
        .route("/api/template-studio/templates", read(templates::list))
        .route("/api/health", read(health::batch))
        .route("/api/batch", read(batch::list))
        .route("/api/batch/preview", act(batch::preview))
        .route("/api/batch/start", act(batch::start))
        .route("/api/batch/analytics", read(batch::analytics))
        .route("/api/batch/ws", read(multiplexed::open))
        .route("/api/batch/{id}/status", read(batch::status))
        .route("/api/batch/{id}/cancel", act(batch::cancel))
        .route("/api/batch/{id}/leads", read(batch::leads))
        .route("/api/batch/{id}/progress", read(per_batch::open));
    if shared.dev_controls {
        let refresh = refresh.clone();
        router = router
            .route("/dev/state", get(dev_controls::state))
            .route("/dev/reset", post(dev_controls::reset))
            .route(
                "/dev/faults",
                post(move |state, body| dev_controls::plant_fault(state, body, refresh))
                    .get(dev_controls::list_faults)
                    .delete(dev_controls::remove_faults),
            )
            .route("/dev/faults/{id}", delete(dev_controls::remove_fault))
            .route(
                "/dev/sockets",
                post(dev_controls::change_sockets).get(dev_controls::sockets),
            )
            .route("/dev/templates", post(dev_controls::template))
            .route("/dev/prices", post(dev_controls::prices))
            .route("/dev/tokens/expire", post(dev_controls::expire_tokens))
            .route("/dev/quirks", post(dev_controls::quirks))
            .route("/dev/speed", post(dev_controls::speed))
            .route("/dev/budget", post(dev_controls::budget))
            .route("/dev/leads", post(dev_controls::add_lead))
            .route("/dev/leads/delete", post(dev_controls::delete_leads))
            .route("/dev/requests", get(dev_controls::requests))
            .route(
                "/dev/batches",
                get(dev_controls::batches).post(dev_controls::add_batches),
            )
            .route("/dev/flood", post(dev_controls::flood));
    }
    router
        .fallback(async || not_found())
        .with_state(Arc::clone(shared))
}

/// A route that answers GET only: HEAD is refused too, as recorded.
fn read<H, T>(handler: H) -> MethodRouter<Shared>
where
    H: axum::handler::Handler<T, Shared>,
    T: 'static,
{
    get(handler).head(refuse_get).fallback(refuse_get)
}

/// A route that answers POST only.
fn act<H, T>(handler: H) -> MethodRouter<Shared>
where
    H: axum::handler::Handler<T, Shared>,
    T: 'static,
{
    post(handler).fallback(refuse_post)
}

async fn refuse_get() -> Response<Body> {
    method_not_allowed(Some("GET"))
}

async fn refuse_post() -> Response<Body> {
    method_not_allowed(Some("POST"))
}
