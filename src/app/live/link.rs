//! The live connection as a slice: what people see of it, and the way between its machine and the rest.

use std::collections::VecDeque;

use crate::app::effect::{Effect, StoreKey, Timer};
use crate::app::live::share::Shared;
use crate::app::message::{SocketEvent, StartFacts};
use crate::app::{Ctx, Model};
use crate::domain::batch::{BatchStatus, LeadStatus};
use crate::domain::live::{Frame, Health, Transport};
use crate::domain::time::Millis;
use crate::machine::connection::{Action, Channel, Connection, Input};
use crate::machine::link::Epoch;
use crate::machine::share::Share;
use crate::wire::ws::{Dropped, read_frame, write_messages};

/// Frames that another tab passed on belong to no socket of this one.
const RELAYED: Epoch = Epoch(0);
/// How many events the debug view keeps.
const LOG_KEPT: usize = 200;

/// The live connection.
#[derive(Debug, Default)]
pub struct LinkSlice {
    pub connection: Connection,
    /// Newest last; kept only with `BATCH_RUNNER_WS_DEBUG`.
    pub log: VecDeque<(Millis, String)>,
    /// Frames that were of no use, by reason.
    pub dropped: Vec<(&'static str, u32)>,
    /// Frames that were taken over.
    pub merged: u32,
    /// Those of them that another tab passed on.
    pub relayed: u32,
    /// Sockets that were dialled.
    pub dials: u32,
    /// Which tab has the link.
    pub share: Share,
    pub(crate) shared: Shared,
    timer: Option<Millis>,
    transport: Transport,
}

impl LinkSlice {
    /// What people see of the connection.
    pub fn health(&self) -> Health {
        self.connection.health()
    }
}

impl Model {
    pub(crate) fn restore_link(&mut self, facts: &StartFacts) {
        let transport = Transport::from_code(facts.transport.as_deref().unwrap_or_default());
        self.link.connection = Connection::new(transport);
        self.link.transport = transport;
        self.restore_share(facts);
        // No time passes between these and the start: nothing is dialled by them.
        self.link
            .connection
            .step(Input::Online(facts.online), Millis(0), 0.0);
        self.link
            .connection
            .step(Input::Visible(facts.visible), Millis(0), 0.0);
    }

    pub(crate) fn socket_events(&mut self, events: Vec<SocketEvent>, ctx: &mut Ctx) {
        for event in events {
            match event {
                SocketEvent::Message {
                    channel,
                    epoch,
                    text,
                } => self.socket_said(channel, epoch, &text, ctx),
                SocketEvent::Relayed { batch, text } => {
                    let channel = batch.map_or(Channel::Multiplexed, Channel::Batch);
                    self.link.relayed = self.link.relayed.wrapping_add(1);
                    self.socket_said(channel, RELAYED, &text, ctx);
                    self.link.share.relayed(ctx.now);
                }
                SocketEvent::Binary { channel, epoch } => {
                    self.frame_dropped(channel, epoch, "not text", ctx)
                }
                SocketEvent::Closed {
                    channel,
                    epoch,
                    code,
                } => {
                    self.link_input(
                        Input::Closed {
                            channel,
                            epoch,
                            code,
                        },
                        ctx,
                    );
                }
            }
        }
    }

    fn socket_said(&mut self, channel: Channel, epoch: Epoch, text: &str, ctx: &mut Ctx) {
        match read_frame(text, channel.batch()) {
            Ok(frame) => {
                self.log_event(
                    || format!("← {}", crate::domain::text::shortened(text, 160)),
                    ctx,
                );
                self.link.merged = self.link.merged.wrapping_add(1);
                self.take_frame(&frame, ctx);
                self.link_input(
                    Input::Frame {
                        channel,
                        epoch,
                        frame,
                    },
                    ctx,
                );
            }
            Err(why) => self.frame_dropped(channel, epoch, dropped_word(why), ctx),
        }
    }

    fn frame_dropped(&mut self, channel: Channel, epoch: Epoch, word: &'static str, ctx: &mut Ctx) {
        let dropped = &mut self.link.dropped;
        match dropped.iter_mut().find(|(known, _)| *known == word) {
            Some((_, count)) => *count += 1,
            None => dropped.push((word, 1)),
        }
        self.log_event(|| format!("dropped a frame: {word}"), ctx);
        self.link_input(Input::Noise { channel, epoch }, ctx);
    }

    fn take_frame(&mut self, frame: &Frame, ctx: &mut Ctx) {
        match frame {
            Frame::Ended { news, .. } => {
                // The counts are taken over; that it has ended, and how, is for the status to say.
                let mut news = (**news).clone();
                news.status = BatchStatus::Running;
                news.error = None;
                self.take_live_news(news, ctx);
            }
            Frame::News { news, .. } => self.take_live_news((**news).clone(), ctx),
            Frame::Lead { batch, result, .. } if result.status != LeadStatus::Pending => {
                self.take_lead_result(batch, result.clone(), ctx);
            }
            Frame::CancelAnnounced { batch, .. } => self.cancel_announced(batch),
            _ => {}
        }
    }

    pub(crate) fn link_input(&mut self, input: Input, ctx: &mut Ctx) {
        let random = ctx.random();
        let actions = self.link.connection.step(input, ctx.now, random);
        for action in actions {
            match action {
                Action::Open { channel, epoch } => {
                    let path = match &channel {
                        Channel::Multiplexed => self.config.socket_path.clone(),
                        Channel::Batch(id) => {
                            let id = crate::domain::text::escaped(&id.0);
                            format!("{}/batch/{id}/progress", self.config.api_base)
                        }
                    };
                    self.link.dials = self.link.dials.wrapping_add(1);
                    self.log_event(|| format!("dialling {path}"), ctx);
                    ctx.emit(Effect::OpenSocket {
                        channel,
                        epoch,
                        path,
                    });
                }
                Action::Close { channel, epoch } => {
                    self.log_event(|| format!("closing socket {}", epoch.0), ctx);
                    ctx.emit(Effect::CloseSocket { channel, epoch });
                }
                Action::Send {
                    channel,
                    epoch,
                    message,
                } => {
                    for text in write_messages(&message) {
                        self.log_event(
                            || format!("→ {}", crate::domain::text::shortened(&text, 160)),
                            ctx,
                        );
                        ctx.emit(Effect::SendFrame {
                            channel: channel.clone(),
                            epoch,
                            text,
                        });
                    }
                }
                Action::CatchUp(ids) => self.catch_up(ids, ctx),
                Action::ReadList => self.read_batch_list(ctx),
                Action::RenewToken => self.renew_token(ctx),
                Action::Log(text) => self.log_event(|| text, ctx),
            }
        }
    }

    /// Follows what runs, keeps the one timer of the connection right, and remembers the transport that works.
    pub(crate) fn sync_link(&mut self, ctx: &mut Ctx) {
        let wanted = self.batches.to_follow(ctx.now);
        if wanted != *self.link.connection.followed() {
            self.link_input(Input::Follow(wanted), ctx);
        }
        self.sync_share(ctx);
        let deadlines = [self.link.connection.deadline(), self.link.share.deadline()];
        let deadline = deadlines.into_iter().flatten().min();
        // With every message the deadline moves on; a timer that comes too early just sets itself again.
        let comes_in_time = match (self.link.timer, deadline) {
            (Some(set), Some(due)) => set > ctx.now && set <= due,
            (set, due) => set == due,
        };
        if !comes_in_time {
            self.link.timer = deadline;
            ctx.emit(match deadline {
                Some(at) => Effect::SetTimer(Timer::Link, at),
                None => Effect::ClearTimer(Timer::Link),
            });
        }
        let transport = self.link.connection.transport();
        if transport != self.link.transport {
            self.link.transport = transport;
            let code = transport.code().to_owned();
            ctx.emit(Effect::Store(StoreKey::Transport, Some(code)));
        }
    }

    pub(crate) fn link_tick(&mut self, ctx: &mut Ctx) {
        self.link.timer = None;
        self.link_input(Input::Tick, ctx);
        self.share_input(crate::machine::share::Input::Tick, ctx);
    }

    pub(crate) fn log_event(&mut self, text: impl FnOnce() -> String, ctx: &Ctx) {
        if self.config.ws_debug {
            self.link.log.push_back((ctx.now, text()));
            if self.link.log.len() > LOG_KEPT {
                self.link.log.pop_front();
            }
        }
    }
}

fn dropped_word(why: Dropped) -> &'static str {
    match why {
        Dropped::TooLarge => "too large",
        Dropped::NotJson => "not JSON",
        Dropped::UnknownType => "unknown type",
        Dropped::NoBatch => "no batch named",
    }
}
