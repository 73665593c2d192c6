//! One socket as the hub sees it: what it follows, what waits for it, and what troubles do to it.

use std::collections::HashSet;

use serde_json::{Value, json};
use tokio::sync::mpsc;

use super::{Kind, Outgoing, Troubles};
use crate::clock;

#[derive(Debug)]
pub(super) struct Socket {
    pub(super) kind: Kind,
    pub(super) follows: HashSet<String>,
    pub(super) sender: mpsc::Sender<Outgoing>,
    pub(super) held_back: Option<String>,
    pub(super) sent: u64,
}

impl Socket {
    pub(super) fn queue(&mut self, text: String) {
        if let Err(mpsc::error::TrySendError::Full(_)) = self.sender.try_send(Outgoing::Text(text))
        {
            // The reader is hopelessly behind. Its task closes with 1013 when it finds the flag; the
            // client reconnects and asks for what it missed.
            self.follows.clear();
            let sender = self.sender.clone();
            tokio::spawn(async move {
                let _ = sender.send(Outgoing::Close(1013)).await;
            });
        }
    }

    pub(super) fn send_troubled(&mut self, text: &str, troubles: Troubles) {
        self.sent += 1;
        let mut text = text.to_owned();
        if troubles.garble && self.sent.is_multiple_of(3) {
            text = garbled(&text, self.sent / 3);
        }
        if troubles.reorder {
            match self.held_back.take() {
                None => {
                    self.held_back = Some(text);
                    return;
                }
                Some(earlier) => {
                    self.queue(text);
                    text = earlier;
                }
            }
        } else if let Some(earlier) = self.held_back.take() {
            self.queue(earlier);
        }
        if troubles.duplicate {
            self.queue(text.clone());
        }
        self.queue(text);
    }
}

pub(super) fn greeting(kind: &Kind) -> Value {
    let timestamp = clock::naive(clock::now());
    match kind {
        Kind::PerBatch(batch_id) => json!({
            "type": "connection_established",
            "batch_id": batch_id,
            "timestamp": timestamp,
            "message": "Connected to batch progress updates",
        }),
        Kind::Multiplexed => json!({
            "type": "connection_established",
            "timestamp": timestamp,
            "message": "Connected to batch updates",
        }),
    }
}

/// Something that no client can make sense of, of a different kind each time.
fn garbled(text: &str, turn: u64) -> String {
    match turn % 5 {
        0 => text.chars().take(text.chars().count() / 2).collect(),
        1 => "\u{0}\u{fffd}not json".to_owned(),
        2 => "[1, 2, 3]".to_owned(),
        3 => json!({ "type": "no_such_type", "batch_id": 42 }).to_string(),
        _ => json!({ "type": "progress_update", "batch_id": null, "processed": "many", "total": -1e300 }).to_string(),
    }
}
