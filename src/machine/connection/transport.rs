//! Which transport is used: what a socket that works or is refused says of what the server has.

use super::{Action, Channel, Connection};
use crate::domain::batch::BatchId;
use crate::domain::live::{ClientMessage, Transport};
use crate::machine::link::Epoch;

impl Connection {
    pub(super) fn ready(&mut self, channel: Channel, epoch: Epoch, out: &mut Vec<Action>) {
        out.push(Action::Log(format!("{} is ready", channel.name())));
        self.renewed = false;
        let missed = match &channel {
            Channel::Multiplexed => {
                self.multiplexed_known = true;
                self.transport = Transport::Multiplexed;
                self.probing = false;
                self.followed.clone()
            }
            Channel::Batch(id) => {
                self.per_batch_known = true;
                vec![id.clone()]
            }
        };
        let carried = self.carried();
        if channel == Channel::Multiplexed && !carried.is_empty() {
            let heard = |id: &BatchId| {
                self.heard
                    .iter()
                    .find(|(known, _)| known == id)
                    .map(|(_, seq)| *seq)
            };
            let since = carried.iter().map(|id| (id.clone(), heard(id))).collect();
            out.push(Action::Send {
                channel,
                epoch,
                message: ClientMessage::Subscribe(since),
            });
        }
        if !missed.is_empty() {
            out.push(Action::CatchUp(missed));
        }
    }

    /// A socket that was refused before it ever worked means that the server does not have it: the next best way is
    /// taken. One that has worked is waited for.
    pub(super) fn lost(
        &mut self,
        channel: &Channel,
        was_open: bool,
        failures: u32,
        out: &mut Vec<Action>,
    ) {
        let (known, next) = match channel {
            Channel::Multiplexed => (self.multiplexed_known, Transport::PerBatch),
            Channel::Batch(_) => (self.per_batch_known, Transport::Polling),
        };
        let patience = if *channel == Channel::Multiplexed {
            1
        } else {
            2
        };
        if was_open || known || failures < patience {
            return;
        }
        out.push(Action::Log(format!("{} is refused", channel.name())));
        if *channel == Channel::Multiplexed {
            self.probing = false;
        }
        if *channel != Channel::Multiplexed || self.transport == Transport::Multiplexed {
            self.transport = next;
        }
    }
}
