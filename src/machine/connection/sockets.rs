//! Dials, drives and closes the sockets of a connection, each by its own [`Link`].

use super::{Action, Channel, Connection};
use crate::domain::live::{ClientMessage, Transport};
use crate::domain::time::Millis;
use crate::machine::link::{Link, LinkAction, LinkInput, LinkState};

impl Connection {
    /// Brings links and schedules in line with what is wanted.
    pub(super) fn settle(&mut self, now: Millis, random: f64, out: &mut Vec<Action>) {
        let link = self.may_link();
        // A hidden page keeps a link that it has, but dials none.
        let dial = link && self.visible;
        let multiplexed = self.transport == Transport::Multiplexed || self.probing;
        self.want(
            &Channel::Multiplexed,
            link && multiplexed,
            dial,
            now,
            random,
            out,
        );
        let per_batch = link && self.transport == Transport::PerBatch;
        let carried = self.carried();
        if per_batch {
            for id in &carried {
                if !self.per_batch.iter().any(|(known, _)| known == id) {
                    self.per_batch.push((id.clone(), Link::default()));
                }
            }
        }
        for id in self
            .per_batch
            .iter()
            .map(|(id, _)| id.clone())
            .collect::<Vec<_>>()
        {
            let wanted = per_batch && carried.contains(&id);
            self.want(&Channel::Batch(id.clone()), wanted, dial, now, random, out);
            if !wanted {
                self.per_batch.retain(|(known, _)| *known != id);
            }
        }
        self.schedule(now);
    }

    fn want(
        &mut self,
        channel: &Channel,
        wanted: bool,
        dial: bool,
        now: Millis,
        random: f64,
        out: &mut Vec<Action>,
    ) {
        let idle = self
            .link(channel)
            .is_some_and(|link| link.state() == LinkState::Idle);
        match (wanted, idle) {
            (true, true) if dial => self.drive(channel, LinkInput::Want, now, random, out),
            (false, false) => self.drive(channel, LinkInput::Unwant, now, random, out),
            _ => {}
        }
    }

    pub(super) fn retry_waiting(&mut self, now: Millis, random: f64, out: &mut Vec<Action>) {
        for channel in self.channels() {
            if self.may_link() && self.visible {
                self.drive(&channel, LinkInput::RetryNow, now, random, out);
            }
        }
    }

    pub(super) fn link(&mut self, channel: &Channel) -> Option<&mut Link> {
        match channel {
            Channel::Multiplexed => Some(&mut self.multiplexed),
            Channel::Batch(id) => self
                .per_batch
                .iter_mut()
                .find(|(known, _)| known == id)
                .map(|(_, link)| link),
        }
    }

    /// Every socket that there is or is to be.
    pub(super) fn channels(&self) -> Vec<Channel> {
        let batches = self.per_batch.iter();
        let batches = batches.map(|(id, _)| Channel::Batch(id.clone()));
        std::iter::once(Channel::Multiplexed)
            .chain(batches)
            .collect()
    }

    /// Feeds one link and turns its wishes into actions.
    pub(super) fn drive(
        &mut self,
        channel: &Channel,
        input: LinkInput,
        now: Millis,
        random: f64,
        out: &mut Vec<Action>,
    ) {
        let Some(link) = self.link(channel) else {
            return;
        };
        let actions = link.step(input, now, random);
        let failures = link.failures();
        for action in actions {
            let channel = channel.clone();
            match action {
                LinkAction::Open(epoch) => out.push(Action::Open { channel, epoch }),
                LinkAction::Close(epoch) => out.push(Action::Close { channel, epoch }),
                LinkAction::Ping(epoch) => out.push(Action::Send {
                    channel,
                    epoch,
                    message: ClientMessage::Ping,
                }),
                LinkAction::Ready(epoch) => self.ready(channel, epoch, out),
                LinkAction::Lost { was_open } => self.lost(&channel, was_open, failures, out),
            }
        }
    }
}
