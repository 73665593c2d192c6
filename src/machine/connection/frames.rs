//! What a connection does with the server's messages.

use super::{Action, Channel, Connection};
use crate::domain::live::{ClientMessage, Frame};
use crate::domain::time::Millis;
use crate::machine::link::{Epoch, LinkInput};

impl Connection {
    pub(super) fn frame(
        &mut self,
        channel: &Channel,
        epoch: Epoch,
        frame: Frame,
        now: Millis,
        random: f64,
        out: &mut Vec<Action>,
    ) {
        let seq = match &frame {
            Frame::News { news, seq } | Frame::Ended { news, seq } => {
                seq.map(|seq| (news.id.clone(), seq))
            }
            Frame::Lead { batch, seq, .. } | Frame::CancelAnnounced { batch, seq } => {
                seq.map(|seq| (batch.clone(), seq))
            }
            _ => None,
        };
        if let Some((id, seq)) = seq
            && (self.followed.contains(&id) || self.wanted_by_peers.contains(&id))
        {
            match self.heard.iter_mut().find(|(known, _)| *known == id) {
                Some((_, last)) => *last = (*last).max(seq),
                None => self.heard.push((id, seq)),
            }
        }
        match frame {
            Frame::Established => {
                return self.drive(channel, LinkInput::Established(epoch), now, random, out);
            }
            Frame::AuthRequired => {
                if let Some(token) = &self.token {
                    let message = ClientMessage::Auth(token.clone());
                    out.push(Action::Send {
                        channel: channel.clone(),
                        epoch,
                        message,
                    });
                }
            }
            Frame::Gap(id) => {
                self.heard.retain(|(known, _)| *known != id);
                out.push(Action::CatchUp(vec![id]));
            }
            // Terminal words of a socket are confirmed by the server's list and status before they are believed.
            Frame::Ended { news, .. } => out.push(Action::CatchUp(vec![news.id.clone()])),
            Frame::CancelAnnounced { batch, .. } => out.push(Action::CatchUp(vec![batch])),
            Frame::Subscribed { unknown } if !unknown.is_empty() => {
                out.push(Action::CatchUp(unknown))
            }
            _ => {}
        }
        self.drive(channel, LinkInput::Message(epoch), now, random, out);
    }
}
