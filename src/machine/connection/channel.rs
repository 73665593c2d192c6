//! The sockets that a connection may have, by what they are for.

use crate::domain::batch::BatchId;
use crate::domain::time::Duration;

/// Which socket is meant.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Channel {
    Multiplexed,
    Batch(BatchId),
}

impl Channel {
    /// The batch that a per-batch socket is for.
    pub fn batch(&self) -> Option<&BatchId> {
        match self {
            Self::Multiplexed => None,
            Self::Batch(id) => Some(id),
        }
    }

    /// What the log and the debug view call it.
    pub(super) fn name(&self) -> String {
        match self {
            Self::Multiplexed => "the multiplexed socket".into(),
            Self::Batch(id) => format!("the socket of batch {}", id.short()),
        }
    }
}

/// The real server drops a socket that is dialled sooner after the last one of the same batch was closed.
const REDIAL_PAUSE: Duration = 300;

/// How long to wait before the driver opens a socket of one batch after it closed one of the same.
pub fn redial_pause(channel: &Channel) -> Duration {
    match channel {
        Channel::Multiplexed => 0,
        Channel::Batch(_) => REDIAL_PAUSE,
    }
}
