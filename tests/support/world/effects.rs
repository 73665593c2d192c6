//! Carries out what the app wants done, in the browser's place.

use batch_runner::app::launch::ledger::Records;
use batch_runner::app::parts::{self, Part, PartCode};
use batch_runner::app::{Effect, Msg, SocketEvent};
use batch_runner::machine::connection::Channel;
use batch_runner::machine::link::Epoch;
use serde_json::{Value, json};

use super::{Event, Sent, Socket, World};

/// A part of the page is there after so long.
const PART_COMES_AFTER: i64 = 30;

fn code_of(part: Part) -> PartCode {
    match part {
        Part::Live => parts::live::CODE,
        Part::History => parts::history::CODE,
        Part::Extras => parts::extras::CODE,
    }
}

impl World {
    pub(super) fn run_effect(&mut self, effect: Effect) {
        match effect {
            Effect::Send {
                ticket,
                http,
                token,
            } => {
                let (delay, outcome) = self.server.answer(&http, token.as_deref());
                self.sent.push(Sent {
                    at: self.now,
                    http,
                    token,
                });
                self.plan(delay, Event::Answer(ticket, outcome));
            }
            Effect::LoadPart(part) => match &mut self.held_parts {
                Some(held) => held.push(part),
                None => self.plan(
                    PART_COMES_AFTER,
                    Event::Fact(Msg::PartLoaded(part, code_of(part))),
                ),
            },
            // An aborted request may have been answered already: its answer comes all the same.
            Effect::Abort(_) => {}
            Effect::SetTimer(timer, at) => drop(self.timers.insert(timer, at)),
            Effect::ClearTimer(timer) => drop(self.timers.remove(&timer)),
            Effect::OpenSocket {
                channel,
                epoch,
                path,
            } => {
                let welcome = match channel {
                    Channel::Multiplexed => self.server.has_multiplexed,
                    Channel::Batch(_) => self.server.has_per_batch,
                };
                self.sockets.push(Socket {
                    channel: channel.clone(),
                    epoch,
                    path,
                    open: true,
                    frames: Vec::new(),
                });
                let event = if welcome {
                    let text = json!({"type": "connection_established"}).to_string();
                    SocketEvent::Message {
                        channel,
                        epoch,
                        text,
                    }
                } else {
                    SocketEvent::Closed {
                        channel,
                        epoch,
                        code: 1006,
                    }
                };
                self.plan(5, Event::Socket(event));
            }
            Effect::CloseSocket { channel, epoch } => self.shut(&channel, epoch),
            // There is one tab here; several are the link's own journeys.
            Effect::ClaimLink { .. }
            | Effect::ReleaseLink
            | Effect::TellTabs(_)
            | Effect::Relay(_) => {}
            Effect::SendFrame {
                channel,
                epoch,
                text,
            } => {
                let frame: Value = serde_json::from_str(&text).expect("the app writes JSON");
                if frame["type"] == "ping" {
                    let text = json!({"type": "pong"}).to_string();
                    self.plan(
                        5,
                        Event::Socket(SocketEvent::Message {
                            channel: channel.clone(),
                            epoch,
                            text,
                        }),
                    );
                }
                for socket in self
                    .sockets
                    .iter_mut()
                    .filter(|s| s.channel == channel && s.epoch == epoch)
                {
                    socket.frames.push(frame.clone());
                }
            }
            Effect::Secure {
                lock,
                record,
                text,
                alike,
                known,
            } => {
                let is_new = |name: &String| name.starts_with(&alike) && !known.contains(name);
                let elsewhere = self.locked.contains(&lock) || self.records.keys().any(is_new);
                if !elsewhere {
                    self.records.insert(record.clone(), text);
                }
                let secured = Msg::PlanSecured {
                    lock,
                    record,
                    elsewhere,
                };
                self.plan(1, Event::Fact(secured));
            }
            Effect::AwaitLock { lock, record } => {
                if !self.locked.contains(&lock) {
                    let granted = Msg::LockGranted {
                        lock,
                        record: Ok(self.records.get(&record).cloned()),
                        name: record,
                    };
                    self.plan(1, Event::Fact(granted));
                }
            }
            Effect::Record(name, Some(text)) => drop(self.records.insert(name, text)),
            Effect::Record(name, None) => drop(self.records.remove(&name)),
            Effect::ReadRecords => self.read_records(),
            Effect::Unlock(_) | Effect::Download { .. } => {}
            Effect::Store(key, Some(value)) => drop(self.stored.insert(key, value)),
            Effect::Store(key, None) => drop(self.stored.remove(&key)),
            // Another tab may have left its own there.
            Effect::ForgetOwn(_) => {}
            Effect::Navigate { .. }
            | Effect::SetTitle(_)
            | Effect::SetIcon(_)
            | Effect::AskNotices
            | Effect::Notify(_)
            | Effect::Chime
            | Effect::Copy(..)
            | Effect::Focus(_) => {}
        }
    }

    /// A part that was on its way has come.
    #[allow(dead_code, reason = "only the journeys of parts hold parts back")]
    pub fn part_comes(&mut self, part: Part) {
        if let Some(held) = &mut self.held_parts {
            held.retain(|it| *it != part);
        }
        self.tell(Msg::PartLoaded(part, code_of(part)));
    }

    fn read_records(&mut self) {
        let records = Records {
            names: self.records.keys().cloned().collect(),
            texts: self.records.values().cloned().collect(),
        };
        self.plan(1, Event::Fact(Msg::RecordsRead(records)));
    }

    pub(super) fn shut(&mut self, channel: &Channel, epoch: Epoch) {
        let same = |socket: &&mut Socket| socket.channel == *channel && socket.epoch == epoch;
        self.sockets
            .iter_mut()
            .filter(same)
            .for_each(|socket| socket.open = false);
    }
}
