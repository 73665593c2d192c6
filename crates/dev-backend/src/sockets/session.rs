//! The life of one accepted socket, whichever kind it is.

use std::time::Duration;

use axum::extract::ws::{CloseFrame, Message, Utf8Bytes, WebSocket};
use serde_json::{Value, json};
use tokio::sync::mpsc;

use crate::clock;
use crate::quirks::Quirk;
use crate::sockets::hub::{Joined, Kind, Outgoing};
use crate::sockets::multiplexed::BAD_TOKEN;
use crate::state::Shared;

/// How long a socket may be open without the token that is demanded.
const TOKEN_PATIENCE: Duration = Duration::from_secs(10);

/// What the far side said, as far as both kinds of socket understand it.
pub enum Incoming {
    /// A JSON object.
    Object(Value),
    /// JSON, but not an object; the name of its type in the recorded server's language.
    NotAnObject(&'static str),
    /// Not JSON.
    Unreadable,
    /// A binary frame.
    Binary,
}

/// Reads a text frame.
pub fn read(text: &str) -> Incoming {
    match serde_json::from_str::<Value>(text) {
        Err(_) => Incoming::Unreadable,
        Ok(value @ Value::Object(_)) => Incoming::Object(value),
        Ok(Value::Null) => Incoming::NotAnObject("NoneType"),
        Ok(Value::Bool(_)) => Incoming::NotAnObject("bool"),
        Ok(Value::Array(_)) => Incoming::NotAnObject("list"),
        Ok(Value::String(_)) => Incoming::NotAnObject("str"),
        Ok(Value::Number(number)) => {
            Incoming::NotAnObject(if number.is_f64() { "float" } else { "int" })
        }
    }
}

/// What a kind of socket does with what it is told.
pub trait Protocol: Send {
    /// Whether no token is waited for.
    fn is_authenticated(&self) -> bool;

    /// Handles a frame. A returned code closes the socket with it.
    fn handle(
        &mut self,
        socket: u64,
        incoming: Incoming,
    ) -> impl Future<Output = Option<u16>> + Send;
}

/// Serves a socket until either side ends it.
///
/// Where a token is demanded, the protocol greets the socket once it was good.
pub async fn serve(
    shared: Shared,
    mut socket: WebSocket,
    kind: Kind,
    demands_token: bool,
    mut protocol: impl Protocol,
) {
    let Joined {
        id,
        mut outgoing,
        too_soon,
    } = shared.hub.join(kind, demands_token);
    if too_soon && shared.has(Quirk::QuickReconnectDropped) {
        if let Ok(Outgoing::Text(greeting)) = outgoing.try_recv() {
            let _ = socket.send(Message::Text(Utf8Bytes::from(greeting))).await;
        }
        shared.hub.leave(id);
        return;
    }
    let give_up = tokio::time::sleep(TOKEN_PATIENCE);
    let mut give_up = std::pin::pin!(give_up);
    loop {
        tokio::select! {
            () = give_up.as_mut(), if !protocol.is_authenticated() => {
                close(&mut socket, BAD_TOKEN).await;
                break;
            }
            told = outgoing.recv() => match told {
                Some(Outgoing::Text(text)) => {
                    if socket.send(Message::Text(Utf8Bytes::from(text))).await.is_err() {
                        break;
                    }
                }
                Some(Outgoing::Close(code)) => {
                    drain(&mut socket, &mut outgoing).await;
                    close(&mut socket, code).await;
                    break;
                }
                Some(Outgoing::Drop) | None => break,
            },
            frame = socket.recv() => {
                let incoming = match frame {
                    Some(Ok(Message::Text(text))) => read(text.as_str()),
                    Some(Ok(Message::Binary(_))) => Incoming::Binary,
                    Some(Ok(Message::Ping(_) | Message::Pong(_))) => continue,
                    Some(Ok(Message::Close(_)) | Err(_)) | None => break,
                };
                if let Some(code) = protocol.handle(id, incoming).await {
                    drain(&mut socket, &mut outgoing).await;
                    close(&mut socket, code).await;
                    break;
                }
            }
        }
    }
    shared.hub.leave(id);
}

/// Sends what is queued already, so that the last words come before the closing.
async fn drain(socket: &mut WebSocket, outgoing: &mut mpsc::Receiver<Outgoing>) {
    while let Ok(Outgoing::Text(text)) = outgoing.try_recv() {
        if socket
            .send(Message::Text(Utf8Bytes::from(text)))
            .await
            .is_err()
        {
            return;
        }
    }
}

async fn close(socket: &mut WebSocket, code: u16) {
    let frame = CloseFrame {
        code,
        reason: Utf8Bytes::from_static(""),
    };
    if socket.send(Message::Close(Some(frame))).await.is_ok() {
        // Wait for the far side's closing frame, so that it reads the code and not a broken connection.
        let patience = Duration::from_secs(1);
        let _ = tokio::time::timeout(patience, async {
            while let Some(Ok(_)) = socket.recv().await {}
        })
        .await;
    }
}

/// The answer to `{"type":"ping"}`, unless a developer has muted it.
pub fn answer_ping(shared: &Shared, socket: u64) {
    if !shared.hub.troubles().mute_pongs {
        shared.hub.answer(
            socket,
            &json!({ "type": "pong", "timestamp": clock::naive(clock::now()) }),
        );
    }
}
