//! What people see of a connection.

use super::schedule::{LIST_EVERY, POLL_EVERY};
use super::{Channel, Connection};
use crate::domain::live::{Health, Transport};
use crate::machine::link::{Link, LinkState};

impl Connection {
    /// What people see of the connection.
    pub fn health(&self) -> Health {
        if let Some(why) = &self.stopped {
            return Health::Stopped(why.clone());
        }
        if !self.online {
            return Health::Offline;
        }
        if !self.leads {
            return (self.leader.as_ref()).map_or(Health::Connecting, |it| it.health.clone());
        }
        let links: Vec<LinkState> = match self.transport {
            Transport::Multiplexed => vec![self.multiplexed.state()],
            Transport::PerBatch if self.per_batch.is_empty() => return Health::Polling(LIST_EVERY),
            Transport::PerBatch => self
                .per_batch
                .iter()
                .map(|(_, link)| link.state())
                .collect(),
            Transport::Polling if self.followed.is_empty() => return Health::Polling(LIST_EVERY),
            Transport::Polling => return Health::Polling(POLL_EVERY),
        };
        let soonest = links.iter().filter_map(|state| match state {
            LinkState::Waiting { until } => Some(*until),
            _ => None,
        });
        if links
            .iter()
            .all(|state| matches!(state, LinkState::Open { .. }))
        {
            Health::Live
        } else if let Some(until) = soonest.min() {
            Health::Waiting(until)
        } else {
            Health::Connecting
        }
    }

    /// Every socket that there is or is to be, with its name, for the debug view.
    pub fn links(&self) -> Vec<(String, &Link)> {
        let all =
            (self.per_batch.iter()).map(|(id, link)| (Channel::Batch(id.clone()).name(), link));
        std::iter::once((Channel::Multiplexed.name(), &self.multiplexed))
            .chain(all)
            .collect()
    }
}
