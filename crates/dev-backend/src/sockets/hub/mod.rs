//! Who follows which batch, the numbering of messages, and the troubles that a developer can order.

mod socket;

use std::collections::{HashMap, HashSet, VecDeque};
use std::sync::Mutex;
use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use tokio::sync::mpsc;

use crate::state::lock;
use socket::{Socket, greeting};

/// Messages of a batch that are kept for a client that missed them.
pub const REPLAY_CAPACITY: usize = 512;
/// Feeds that are kept after their batch has ended.
const FEEDS_KEPT: usize = 400;
/// Messages that may wait for one slow socket before it is closed with 1013.
const QUEUE: usize = 8192;
/// How soon after its end a per-batch socket is too soon for the next (quirk).
const QUICK_RECONNECT: Duration = Duration::from_millis(250);

/// What a socket's task is told to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outgoing {
    /// Send this text frame.
    Text(String),
    /// Close with this code.
    Close(u16),
    /// Let go of the connection without a closing handshake.
    Drop,
}

/// Who gets a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Audience {
    /// Followers on both kinds of socket.
    Everyone,
    /// Followers on the multiplexed socket.
    Multiplexed,
}

/// The kinds of socket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kind {
    /// `/api/batch/{id}/progress`.
    PerBatch(String),
    /// `/api/batch/ws`.
    Multiplexed,
}

/// Troubles that `POST /dev/sockets` switches.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Troubles {
    /// The multiplexed handshake is refused with 403.
    pub refuse_multiplexed: bool,
    /// The per-batch handshake is refused with 403.
    pub refuse_per_batch: bool,
    /// Pings are not answered.
    pub mute_pongs: bool,
    /// Sockets open and stay open, and nothing is sent on them.
    pub stall: bool,
    /// Every message of a batch is sent twice.
    pub duplicate: bool,
    /// Every two messages of a batch are swapped.
    pub reorder: bool,
    /// Every third message of a batch is replaced by something unreadable.
    pub garble: bool,
}

#[derive(Debug, Default)]
struct Feed {
    seq: u64,
    recent: VecDeque<(u64, String)>,
}

#[derive(Debug, Default)]
struct Inner {
    next_socket: u64,
    sockets: HashMap<u64, Socket>,
    feeds: HashMap<String, Feed>,
    feed_order: VecDeque<String>,
    /// Under the quirk `one_socket_per_batch`: who gets a batch's messages.
    owners: HashMap<String, u64>,
    last_closed: HashMap<String, Instant>,
    troubles: Troubles,
    opened_per_batch: u64,
    opened_multiplexed: u64,
}

/// See the module.
#[derive(Debug, Default)]
pub struct Hub {
    inner: Mutex<Inner>,
}

/// What a per-batch connection is told at its beginning.
#[derive(Debug)]
pub struct Joined {
    /// Names the socket towards the hub.
    pub id: u64,
    /// What the socket's task has to send.
    pub outgoing: mpsc::Receiver<Outgoing>,
    /// The quirk `quick_reconnect_dropped` strikes.
    pub too_soon: bool,
}

impl Hub {
    /// The present troubles.
    pub fn troubles(&self) -> Troubles {
        lock(&self.inner).troubles
    }

    /// Changes the troubles and returns the new ones.
    pub fn change_troubles(&self, change: impl FnOnce(&mut Troubles)) -> Troubles {
        let mut inner = lock(&self.inner);
        change(&mut inner.troubles);
        inner.troubles
    }

    /// Registers a socket and queues its greeting, or the demand for a token that comes before it.
    pub fn join(&self, kind: Kind, demands_token: bool) -> Joined {
        let (sender, outgoing) = mpsc::channel(QUEUE);
        let mut inner = lock(&self.inner);
        inner.next_socket += 1;
        let id = inner.next_socket;
        let mut too_soon = false;
        match &kind {
            Kind::PerBatch(batch_id) => {
                inner.opened_per_batch += 1;
                inner.owners.insert(batch_id.clone(), id);
                too_soon = inner
                    .last_closed
                    .get(batch_id)
                    .is_some_and(|at| at.elapsed() < QUICK_RECONNECT);
            }
            Kind::Multiplexed => inner.opened_multiplexed += 1,
        }
        let first = if demands_token {
            json!({ "type": "auth_required" })
        } else {
            greeting(&kind)
        };
        if !inner.troubles.stall {
            // The queue is empty, so there is room.
            let _ = sender.try_send(Outgoing::Text(first.to_string()));
        }
        inner.sockets.insert(
            id,
            Socket {
                kind,
                follows: HashSet::new(),
                sender,
                held_back: None,
                sent: 0,
            },
        );
        Joined {
            id,
            outgoing,
            too_soon,
        }
    }

    /// Greets a socket whose token was good.
    pub fn greet(&self, id: u64) {
        let mut inner = lock(&self.inner);
        let stall = inner.troubles.stall;
        if let Some(socket) = inner.sockets.get_mut(&id).filter(|_| !stall) {
            socket.queue(greeting(&socket.kind).to_string());
        }
    }

    /// Forgets a socket that has ended.
    pub fn leave(&self, id: u64) {
        let mut inner = lock(&self.inner);
        if let Some(Socket {
            kind: Kind::PerBatch(batch_id),
            ..
        }) = inner.sockets.remove(&id)
        {
            // Under the quirk the recorded server forgets whoever is registered, not only the leaver.
            inner.owners.remove(&batch_id);
            inner.last_closed.insert(batch_id, Instant::now());
            if inner.last_closed.len() > 1000 {
                inner
                    .last_closed
                    .retain(|_, at| at.elapsed() < QUICK_RECONNECT);
            }
        }
    }

    /// Sends an answer to one socket.
    pub fn answer(&self, id: u64, message: &Value) {
        let mut inner = lock(&self.inner);
        if !inner.troubles.stall
            && let Some(socket) = inner.sockets.get_mut(&id)
        {
            socket.queue(message.to_string());
        }
    }

    /// Lets a multiplexed socket follow batches that are known to exist, and answers it: first
    /// `subscribed`, then for every batch with a `since` what was missed, or `gap`.
    pub fn subscribe(
        &self,
        id: u64,
        known: &[String],
        unknown: &[String],
        since: &HashMap<String, u64>,
    ) {
        let mut inner = lock(&self.inner);
        let Inner {
            sockets,
            feeds,
            troubles,
            ..
        } = &mut *inner;
        let Some(socket) = sockets.get_mut(&id) else {
            return;
        };
        let stall = troubles.stall;
        let mut queue = |text: String| {
            if !stall {
                socket.queue(text);
            }
        };
        queue(json!({ "type": "subscribed", "batch_ids": known, "unknown": unknown }).to_string());
        for batch_id in known {
            let Some(since) = since.get(batch_id).copied() else {
                continue;
            };
            let missed: Option<Vec<&String>> = match feeds.get(batch_id) {
                None if since == 0 => Some(Vec::new()),
                None => None,
                Some(feed) => {
                    let first = feed.recent.front().map_or(feed.seq + 1, |(seq, _)| *seq);
                    (since <= feed.seq && first <= since + 1).then(|| {
                        feed.recent
                            .iter()
                            .filter(|(seq, _)| *seq > since)
                            .map(|(_, text)| text)
                            .collect()
                    })
                }
            };
            match missed {
                Some(missed) => missed.into_iter().for_each(|text| queue(text.clone())),
                None => {
                    let seq = feeds.get(batch_id).map(|feed| feed.seq);
                    queue(json!({ "type": "gap", "batch_id": batch_id, "seq": seq }).to_string());
                }
            }
        }
        socket.follows.extend(known.iter().cloned());
    }

    /// Lets a multiplexed socket stop following batches, and confirms it.
    pub fn unsubscribe(&self, id: u64, batch_ids: &[String]) {
        let mut inner = lock(&self.inner);
        let stall = inner.troubles.stall;
        if let Some(socket) = inner.sockets.get_mut(&id) {
            for batch_id in batch_ids {
                socket.follows.remove(batch_id);
            }
            if !stall {
                socket.queue(json!({ "type": "unsubscribed", "batch_ids": batch_ids }).to_string());
            }
        }
    }

    /// Lets the numbers of a batch that is older than this process go on above `seq`.
    pub fn continue_feed(&self, batch_id: &str, seq: u64) {
        lock(&self.inner).feed(batch_id).seq = seq;
    }

    /// Announces a message of a batch. What it says must be committed already.
    ///
    /// `only_owner` is the quirk `one_socket_per_batch`.
    pub fn publish(&self, batch_id: &str, message: &Value, audience: Audience, only_owner: bool) {
        let mut inner = lock(&self.inner);
        let feed = inner.feed(batch_id);
        feed.seq += 1;
        let plain = message.to_string();
        let mut numbered = message.clone();
        numbered["seq"] = json!(feed.seq);
        let numbered = numbered.to_string();
        if feed.recent.len() == REPLAY_CAPACITY {
            feed.recent.pop_front();
        }
        feed.recent.push_back((feed.seq, numbered.clone()));
        let Inner {
            sockets,
            owners,
            troubles,
            ..
        } = &mut *inner;
        if troubles.stall {
            return;
        }
        let owner = owners.get(batch_id).copied();
        for (id, socket) in sockets.iter_mut() {
            let text = match &socket.kind {
                Kind::Multiplexed if socket.follows.contains(batch_id) => &numbered,
                Kind::PerBatch(batch)
                    if batch == batch_id
                        && audience == Audience::Everyone
                        && (!only_owner || owner == Some(*id)) =>
                {
                    &plain
                }
                _ => continue,
            };
            socket.send_troubled(text, *troubles);
        }
    }

    /// Ends every open socket: with a closing code, or abruptly without one. Returns how many.
    pub fn end_all(&self, code: Option<u16>) -> usize {
        let inner = lock(&self.inner);
        for socket in inner.sockets.values() {
            let _ = socket
                .sender
                .try_send(code.map_or(Outgoing::Drop, Outgoing::Close));
        }
        inner.sockets.len()
    }

    /// How many sockets of each kind are open, and how many ever were.
    pub fn counts(&self) -> Value {
        let inner = lock(&self.inner);
        let multiplexed = inner
            .sockets
            .values()
            .filter(|socket| socket.kind == Kind::Multiplexed)
            .count();
        let mut followed: Vec<&String> = inner
            .sockets
            .values()
            .flat_map(|socket| &socket.follows)
            .collect();
        followed.sort_unstable();
        followed.dedup();
        let mut per_batch: Vec<&String> = inner
            .sockets
            .values()
            .filter_map(|socket| match &socket.kind {
                Kind::PerBatch(batch_id) => Some(batch_id),
                Kind::Multiplexed => None,
            })
            .collect();
        per_batch.sort_unstable();
        json!({
            "multiplexed": {
                "open": multiplexed,
                "opened": inner.opened_multiplexed,
                "followed": followed,
            },
            "per_batch": {
                "open": inner.sockets.len() - multiplexed,
                "opened": inner.opened_per_batch,
                "batch_ids": per_batch,
            },
        })
    }

    /// How many sockets are open.
    pub fn open(&self) -> usize {
        lock(&self.inner).sockets.len()
    }
}

impl Inner {
    fn feed(&mut self, batch_id: &str) -> &mut Feed {
        if !self.feeds.contains_key(batch_id) {
            self.feed_order.push_back(batch_id.to_owned());
            if self.feed_order.len() > FEEDS_KEPT
                && let Some(oldest) = self.feed_order.pop_front()
            {
                self.feeds.remove(&oldest);
            }
        }
        self.feeds.entry(batch_id.to_owned()).or_default()
    }
}
