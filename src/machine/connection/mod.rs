//! How batches are followed: the multiplexed socket, else one socket a batch, else polling.
//!
//! What the rest of the app sees is the same in all three: news of batches, and the request to read a batch's status
//! whenever something may have been missed.

mod channel;
mod close_codes;
mod frames;
mod health;
mod messages;
mod schedule;
mod sockets;
mod subscriptions;
mod transport;

pub use channel::{Channel, redial_pause};
pub use messages::{Action, Input};
pub use schedule::{LIST_EVERY, POLL_EVERY, SWEEP_EVERY, UPGRADE_EVERY};

use super::link::{Link, LinkInput};
use super::share::Leader;
use crate::domain::batch::BatchId;
use crate::domain::live::Transport;
use crate::domain::time::Millis;
use close_codes::{fatal, is_unauthorized};

/// The connection of one page.
#[derive(Clone, Debug)]
pub struct Connection {
    started: bool,
    online: bool,
    visible: bool,
    frozen: bool,
    /// Why no socket is dialled any more.
    stopped: Option<String>,
    /// This tab has the link of the browser.
    leads: bool,
    /// The last message of the tab that has it.
    leader: Option<Leader>,
    /// What peer tabs want news of.
    wanted_by_peers: Vec<BatchId>,
    transport: Transport,
    multiplexed: Link,
    /// The multiplexed socket has worked since the page was loaded.
    multiplexed_known: bool,
    per_batch: Vec<(BatchId, Link)>,
    per_batch_known: bool,
    followed: Vec<BatchId>,
    /// The last sequence number heard of each followed batch on the multiplexed socket.
    heard: Vec<(BatchId, u64)>,
    next_poll: Option<Millis>,
    next_sweep: Option<Millis>,
    next_list: Option<Millis>,
    next_upgrade: Option<Millis>,
    /// The multiplexed socket is dialled beside the present transport, to see whether the server has it by now.
    probing: bool,
    token: Option<String>,
    /// Another token was asked for since a socket last worked.
    renewed: bool,
}

impl Default for Connection {
    fn default() -> Self {
        Self::new(Transport::Multiplexed)
    }
}

impl Connection {
    /// Starts with the transport that worked last in this session.
    pub fn new(transport: Transport) -> Self {
        Self {
            started: false,
            online: true,
            visible: true,
            frozen: false,
            stopped: None,
            leads: true,
            leader: None,
            wanted_by_peers: Vec::new(),
            transport,
            multiplexed: Link::default(),
            multiplexed_known: false,
            per_batch: Vec::new(),
            per_batch_known: false,
            followed: Vec::new(),
            heard: Vec::new(),
            next_poll: None,
            next_sweep: None,
            next_list: None,
            next_upgrade: None,
            probing: false,
            token: None,
            renewed: false,
        }
    }

    /// The way in which news comes now.
    pub fn transport(&self) -> Transport {
        self.transport
    }

    /// A link is wanted, of this tab or of another one.
    pub fn is_wanted(&self) -> bool {
        self.started && !self.frozen
    }

    /// The batches that are followed.
    pub fn followed(&self) -> &[BatchId] {
        &self.followed
    }

    /// Takes one input and returns what is to be done, in order. `random` is from 0 up to 1.
    pub fn step(&mut self, input: Input, now: Millis, random: f64) -> Vec<Action> {
        let mut out = Vec::new();
        match input {
            Input::Start => {
                self.started = true;
                self.stopped = None;
            }
            Input::Stop => {
                self.started = false;
                self.followed.clear();
                self.heard.clear();
            }
            Input::Token(token) => {
                if token.is_some() && token != self.token {
                    self.stopped = None;
                }
                self.token = token;
            }
            Input::Follow(wanted) => {
                let before = self.carried();
                let is_new = |id: &&BatchId| !self.followed.contains(id);
                let new: Vec<_> = wanted.iter().filter(is_new).cloned().collect();
                self.followed = wanted;
                self.subscribe_anew(&before, &mut out);
                if !new.is_empty() {
                    out.push(Action::CatchUp(new));
                }
            }
            Input::Frozen(frozen) => {
                let back = self.frozen && !frozen;
                self.frozen = frozen;
                if back {
                    self.next_sweep = Some(now);
                    self.next_list = Some(now);
                }
            }
            Input::Shared {
                leads,
                leader,
                others,
            } => self.shared(leads, leader, others, &mut out),
            Input::Frame {
                channel,
                epoch,
                frame,
            } => self.frame(&channel, epoch, frame, now, random, &mut out),
            Input::Noise { channel, epoch } => {
                self.drive(&channel, LinkInput::Message(epoch), now, random, &mut out)
            }
            Input::Closed {
                channel,
                epoch,
                code,
            } => {
                out.push(Action::Log(format!(
                    "{} closed with {code}",
                    channel.name()
                )));
                let is_present = (self.link(&channel)).is_some_and(|link| link.is_at(epoch));
                if let Some(why) = fatal(code).filter(|_| is_present) {
                    self.stopped = Some(why.into());
                    if is_unauthorized(code) && !std::mem::replace(&mut self.renewed, true) {
                        out.push(Action::RenewToken);
                    }
                }
                self.drive(&channel, LinkInput::Closed(epoch), now, random, &mut out);
            }
            Input::Tick => self.tick(now, random, &mut out),
            Input::Online(online) => {
                let back = online && !self.online;
                self.online = online;
                if back {
                    self.retry_waiting(now, random, &mut out);
                    out.push(Action::ReadList);
                }
            }
            Input::Visible(visible) => {
                let back = visible && !self.visible;
                self.visible = visible;
                if back {
                    self.retry_waiting(now, random, &mut out);
                    self.next_sweep = Some(now);
                }
            }
            Input::RetryNow => {
                self.stopped = None;
                self.retry_waiting(now, random, &mut out);
                self.next_poll = Some(now);
            }
        }
        self.settle(now, random, &mut out);
        out
    }

    /// Whether the server may be asked at all.
    fn may_talk(&self) -> bool {
        self.started && self.online && !self.frozen
    }

    /// Whether this tab may have sockets.
    fn may_link(&self) -> bool {
        self.may_talk() && self.leads && self.stopped.is_none()
    }
}

#[cfg(test)]
mod tests;
