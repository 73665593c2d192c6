//! What a connection does at set times: polls, sweeps, reads of the list, attempts at a better transport.

use super::{Action, Connection};
use crate::domain::batch::BatchId;
use crate::domain::live::Transport;
use crate::domain::time::{Duration, Millis, SECOND};
use crate::machine::link::{Link, LinkInput, LinkState};

/// While no socket carries a running batch, it is read so often. Source: the product's specification.
pub const POLL_EVERY: Duration = 2 * SECOND;

/// A healthy link is not believed blindly: everything followed is read so often.
pub const SWEEP_EVERY: Duration = 30 * SECOND;

/// The batch list is read so often where no multiplexed socket could tell of other people's batches.
pub const LIST_EVERY: Duration = 15 * SECOND;

/// A better transport that was refused is tried again so often.
pub const UPGRADE_EVERY: Duration = 60 * SECOND;

impl Connection {
    /// When [`Input::Tick`] is due next.
    pub fn deadline(&self) -> Option<Millis> {
        let links =
            std::iter::once(&self.multiplexed).chain(self.per_batch.iter().map(|(_, link)| link));
        let own = [
            self.next_poll,
            self.next_sweep,
            self.next_list,
            self.next_upgrade,
        ];
        // A hidden page dials nothing, so nothing is due of a link that waits.
        links
            .filter(|link| self.visible || !matches!(link.state(), LinkState::Waiting { .. }))
            .filter_map(Link::deadline)
            .chain(own.into_iter().flatten())
            .min()
    }

    pub(super) fn schedule(&mut self, now: Millis) {
        let talk = self.may_talk();
        let busy = talk && !self.followed.is_empty();
        let plan = |slot: &mut Option<Millis>, wanted: bool, every: Duration| {
            *slot = wanted.then(|| slot.unwrap_or(now + every).min(now + every));
        };
        let uncovered = busy && self.visible && !self.uncovered().is_empty();
        plan(&mut self.next_poll, uncovered, POLL_EVERY);
        plan(&mut self.next_sweep, busy, SWEEP_EVERY);
        plan(&mut self.next_list, talk && self.visible, LIST_EVERY);
        let improvable =
            self.may_link() && self.visible && self.transport != Transport::Multiplexed;
        plan(&mut self.next_upgrade, improvable, UPGRADE_EVERY);
    }

    pub(super) fn tick(&mut self, now: Millis, random: f64, out: &mut Vec<Action>) {
        for channel in self.channels() {
            // A hidden page dials nothing; its waiting links are dialled when it is seen again.
            let waiting = self
                .link(&channel)
                .is_some_and(|link| matches!(link.state(), LinkState::Waiting { .. }));
            if self.visible || !waiting {
                self.drive(&channel, LinkInput::Tick, now, random, out);
            }
        }
        let due = |slot: &mut Option<Millis>| slot.take_if(|at| *at <= now).is_some();
        if due(&mut self.next_sweep) {
            out.push(Action::CatchUp(self.followed.clone()));
            self.next_poll = None;
        } else if due(&mut self.next_poll) {
            out.push(Action::CatchUp(self.uncovered()));
        }
        if due(&mut self.next_list) {
            out.push(Action::ReadList);
        }
        if due(&mut self.next_upgrade) {
            out.push(Action::Log("trying the multiplexed socket again".into()));
            self.probing = true;
            if self.transport == Transport::Polling {
                self.transport = Transport::PerBatch;
            }
        }
    }

    /// Followed batches whose news no open socket carries.
    fn uncovered(&self) -> Vec<BatchId> {
        let open = |link: &Link| matches!(link.state(), LinkState::Open { .. });
        if !self.leads && self.leader_is_live() {
            return Vec::new();
        }
        match self.transport {
            Transport::Multiplexed if open(&self.multiplexed) => Vec::new(),
            Transport::PerBatch => {
                let covered = |id: &BatchId| {
                    self.per_batch
                        .iter()
                        .any(|(known, link)| known == id && open(link))
                };
                self.followed
                    .iter()
                    .filter(|id| !covered(id))
                    .cloned()
                    .collect()
            }
            _ => self.followed.clone(),
        }
    }
}
