//! `/api/batch/ws`: all updates over one connection. The protocol is written down for server makers
//! in `docs/multiplexed-socket.md`.

use std::collections::HashMap;

use axum::extract::State;
use axum::extract::ws::{WebSocketUpgrade, rejection::WebSocketUpgradeRejection};
use axum::response::Response;
use serde_json::{Value, json};

use crate::clock;
use crate::http::accounts;
use crate::http::errors::not_found;
use crate::quirks::Quirk;
use crate::sockets::hub::Kind;
use crate::sockets::refused;
use crate::sockets::session::{self, Incoming, Protocol};
use crate::state::Shared;

/// The closing code for a token that is missing or not good.
pub const BAD_TOKEN: u16 = 4401;
/// Batches that one message may name.
const MAX_IDS: usize = 1000;

/// Accepts a socket.
pub async fn open(
    State(shared): State<Shared>,
    upgrade: Result<WebSocketUpgrade, WebSocketUpgradeRejection>,
) -> Response {
    let Ok(upgrade) = upgrade else {
        return not_found();
    };
    if shared.has(Quirk::NoMultiplexedSocket) || shared.hub.troubles().refuse_multiplexed {
        return refused();
    }
    upgrade.on_upgrade(move |socket| async move {
        let demands_token = shared.has(Quirk::WsAuthRequired);
        let protocol = Multiplexed {
            shared: shared.clone(),
            is_authenticated: !demands_token,
        };
        session::serve(shared, socket, Kind::Multiplexed, demands_token, protocol).await;
    })
}

struct Multiplexed {
    shared: Shared,
    is_authenticated: bool,
}

impl Protocol for Multiplexed {
    fn is_authenticated(&self) -> bool {
        self.is_authenticated
    }

    async fn handle(&mut self, socket: u64, incoming: Incoming) -> Option<u16> {
        match incoming {
            Incoming::Object(message) => self.obey(socket, &message).await,
            Incoming::Unreadable => self.complain(socket, "NOT_JSON", "A message must be JSON."),
            Incoming::NotAnObject(_) => {
                self.complain(socket, "NOT_AN_OBJECT", "A message must be a JSON object.")
            }
            Incoming::Binary => {
                self.complain(socket, "BINARY_FRAME", "A message must be a text frame.")
            }
        }
    }
}

impl Multiplexed {
    async fn obey(&mut self, socket: u64, message: &Value) -> Option<u16> {
        let kind = message["type"].as_str();
        if kind == Some("auth") {
            if !accounts::is_good_token(&self.shared, &message["token"]).await {
                return Some(BAD_TOKEN);
            }
            if !self.is_authenticated {
                self.is_authenticated = true;
                self.shared.hub.greet(socket);
            }
            return None;
        }
        if !self.is_authenticated {
            return Some(BAD_TOKEN);
        }
        match kind {
            Some("ping") => {
                session::answer_ping(&self.shared, socket);
                None
            }
            Some("subscribe") => self.subscribe(socket, message).await,
            Some("unsubscribe") => match ids(message) {
                Some(batch_ids) => {
                    self.shared.hub.unsubscribe(socket, &batch_ids);
                    None
                }
                None => self.complain_about_ids(socket),
            },
            _ => self.complain(
                socket,
                "UNKNOWN_TYPE",
                "The type of the message is not known.",
            ),
        }
    }

    async fn subscribe(&self, socket: u64, message: &Value) -> Option<u16> {
        let Some(batch_ids) = ids(message) else {
            return self.complain_about_ids(socket);
        };
        let since: HashMap<String, u64> = message["since"]
            .as_object()
            .into_iter()
            .flatten()
            .filter_map(|(batch_id, seq)| Some((batch_id.clone(), seq.as_u64()?)))
            .collect();
        let asked = batch_ids.clone();
        let known = self
            .shared
            .db
            .read(move |connection| {
                let mut exists =
                    connection.prepare_cached("SELECT 1 FROM batches WHERE id = ?1")?;
                asked
                    .iter()
                    .map(|id| Ok(exists.exists([id])?))
                    .collect::<crate::error::Result<Vec<bool>>>()
            })
            .await;
        let Ok(known) = known else {
            return self.complain(
                socket,
                "INTERNAL_ERROR",
                "The subscription could not be looked up.",
            );
        };
        let (mut found, mut unknown) = (Vec::new(), Vec::new());
        for (id, is_known) in batch_ids.into_iter().zip(known) {
            if is_known {
                found.push(id)
            } else {
                unknown.push(id)
            }
        }
        self.shared.hub.subscribe(socket, &found, &unknown, &since);
        None
    }

    fn complain_about_ids(&self, socket: u64) -> Option<u16> {
        self.complain(
            socket,
            "BAD_BATCH_IDS",
            "batch_ids must be a list of at most 1000 texts.",
        )
    }

    /// Answers a mistake; the connection lives on.
    fn complain(&self, socket: u64, code: &str, message: &str) -> Option<u16> {
        self.shared.hub.answer(
            socket,
            &json!({
                "type": "error",
                "error_code": code,
                "error_message": message,
                "timestamp": clock::naive(clock::now()),
            }),
        );
        None
    }
}

fn ids(message: &Value) -> Option<Vec<String>> {
    let ids = message["batch_ids"].as_array()?;
    if ids.len() > MAX_IDS {
        return None;
    }
    let mut seen = std::collections::HashSet::new();
    ids.iter()
        .map(|id| id.as_str().map(str::to_owned))
        .filter(|id| id.as_ref().is_none_or(|id| seen.insert(id.clone())))
        .collect()
}
