//! Which batches a connection carries, for this tab and for its peers, and what the server is told of it.

use super::{Action, Channel, Connection};
use crate::domain::batch::BatchId;
use crate::domain::live::{ClientMessage, Health};
use crate::machine::link::LinkState;
use crate::machine::share::Leader;

impl Connection {
    /// The batches whose news this tab's sockets carry: its own and those of its peers.
    pub(super) fn carried(&self) -> Vec<BatchId> {
        let peers = self.wanted_by_peers.iter();
        let peers = peers.filter(|id| !self.followed.contains(id));
        self.followed.iter().chain(peers).cloned().collect()
    }

    /// Tells the multiplexed socket what it is to carry now.
    pub(super) fn subscribe_anew(&mut self, before: &[BatchId], out: &mut Vec<Action>) {
        let carried = self.carried();
        let gone: Vec<_> = (before.iter().filter(|id| !carried.contains(id)))
            .cloned()
            .collect();
        let new: Vec<_> = (carried.into_iter().filter(|id| !before.contains(id)))
            .map(|id| (id, None))
            .collect();
        self.heard.retain(|(id, _)| !gone.contains(id));
        if let LinkState::Open { epoch, .. } = self.multiplexed.state() {
            let send = |message| Action::Send {
                channel: Channel::Multiplexed,
                epoch,
                message,
            };
            if !gone.is_empty() {
                out.push(send(ClientMessage::Unsubscribe(gone)));
            }
            if !new.is_empty() {
                out.push(send(ClientMessage::Subscribe(new)));
            }
        }
    }

    /// Another tab has the link, or this one, or its peers want something else of it.
    pub(super) fn shared(
        &mut self,
        leads: bool,
        leader: Option<Leader>,
        others: Vec<BatchId>,
        out: &mut Vec<Action>,
    ) {
        let before = self.carried();
        let who = |leader: &Option<Leader>| leader.as_ref().map(|leader| leader.tab);
        let news = (self.leads, self.leader_is_live(), who(&self.leader))
            != (
                leads,
                leader.as_ref().is_some_and(|it| it.health == Health::Live),
                who(&leader),
            );
        if let Some(leader) = &leader {
            self.transport = leader.transport;
        }
        (self.leads, self.leader, self.wanted_by_peers) = (leads, leader, others);
        self.subscribe_anew(&before, out);
        // Something may have been missed while nobody had a link.
        if news && !self.leads && self.leader_is_live() && !self.followed.is_empty() {
            out.push(Action::CatchUp(self.followed.clone()));
        }
    }

    pub(super) fn leader_is_live(&self) -> bool {
        (self.leader.as_ref()).is_some_and(|leader| leader.health == Health::Live)
    }
}
