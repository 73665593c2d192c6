//! `/api/batch/{id}/progress`, as recorded in `ws-progress.*.json`.

use axum::extract::ws::{WebSocketUpgrade, rejection::WebSocketUpgradeRejection};
use axum::extract::{Path, State};
use axum::response::Response;
use serde_json::{Value, json};

use crate::clock;
use crate::http::accounts;
use crate::http::errors::not_found;
use crate::quirks::Quirk;
use crate::sockets::hub::Kind;
use crate::sockets::multiplexed::BAD_TOKEN;
use crate::sockets::refused;
use crate::sockets::session::{self, Incoming, Protocol};
use crate::state::Shared;

/// Accepts a socket for any id, known or not, as recorded.
pub async fn open(
    State(shared): State<Shared>,
    Path(batch_id): Path<String>,
    upgrade: Result<WebSocketUpgrade, WebSocketUpgradeRejection>,
) -> Response {
    let Ok(upgrade) = upgrade else {
        return not_found();
    };
    if shared.hub.troubles().refuse_per_batch {
        return refused();
    }
    upgrade.on_upgrade(move |socket| async move {
        let demands_token = shared.has(Quirk::WsAuthRequired);
        let protocol = PerBatch {
            shared: shared.clone(),
            batch_id: batch_id.clone(),
            is_authenticated: !demands_token,
            is_zombie: false,
        };
        session::serve(
            shared,
            socket,
            Kind::PerBatch(batch_id),
            demands_token,
            protocol,
        )
        .await;
    })
}

struct PerBatch {
    shared: Shared,
    batch_id: String,
    is_authenticated: bool,
    is_zombie: bool,
}

impl Protocol for PerBatch {
    fn is_authenticated(&self) -> bool {
        self.is_authenticated
    }

    async fn handle(&mut self, socket: u64, incoming: Incoming) -> Option<u16> {
        if self.is_zombie {
            return None;
        }
        let trouble = match incoming {
            Incoming::Object(message) => return self.obey(socket, &message).await,
            // The recorded server says nothing to what is not JSON.
            Incoming::Unreadable => return None,
            Incoming::NotAnObject(kind) => format!("'{kind}' object has no attribute 'get'"),
            Incoming::Binary => "'text'".to_owned(),
        };
        self.is_zombie = self.shared.has(Quirk::ZombieSocket);
        self.shared.hub.answer(
            socket,
            &json!({
                "type": "batch_error",
                "batch_id": self.batch_id,
                "timestamp": clock::naive(clock::now()),
                "error_message": format!("Connection error: {trouble}"),
                "error_code": "CONNECTION_ERROR",
            }),
        );
        None
    }
}

impl PerBatch {
    async fn obey(&mut self, socket: u64, message: &Value) -> Option<u16> {
        match message["type"].as_str() {
            Some("auth") => {
                if !accounts::is_good_token(&self.shared, &message["token"]).await {
                    return Some(BAD_TOKEN);
                }
                if !self.is_authenticated {
                    self.is_authenticated = true;
                    self.shared.hub.greet(socket);
                }
                None
            }
            _ if !self.is_authenticated => Some(BAD_TOKEN),
            Some("ping") => {
                session::answer_ping(&self.shared, socket);
                None
            }
            _ => None,
        }
    }
}
