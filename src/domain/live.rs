//! What server, page and the browser's other tabs tell each other about running batches, whatever carries it.

use std::sync::Arc;

use super::batch::{Batch, BatchId, LeadResult};
use super::lead::LeadId;
use super::money::Usd;
use super::time::{Duration, Millis};

/// What the server says.
#[derive(Clone, Debug, PartialEq)]
pub enum Frame {
    /// The server is ready on this socket.
    Established,
    /// The server asks for the token before anything else.
    AuthRequired,
    /// These batches are followed from now on; the others are not known.
    Subscribed {
        unknown: Vec<BatchId>,
    },
    Pong,
    /// Messages of this batch were missed and are gone: read its status.
    Gap(BatchId),
    /// News of one batch.
    News {
        news: Box<Batch>,
        seq: Option<u64>,
    },
    /// News of one lead of one batch.
    Lead {
        batch: BatchId,
        result: LeadResult,
        seq: Option<u64>,
    },
    /// The batch has ended, or so this socket says; its status is to be read.
    Ended {
        news: Box<Batch>,
        seq: Option<u64>,
    },
    /// The server stops this batch because somebody cancelled it; it may yet finish some leads.
    CancelAnnounced {
        batch: BatchId,
        seq: Option<u64>,
    },
}

/// What the page says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ClientMessage {
    /// Asks for a sign of life.
    Ping,
    /// Asks to follow batches; of those with a number, the messages after it that were missed are asked for too.
    Subscribe(Vec<(BatchId, Option<u64>)>),
    /// Asks not to be told of batches any more.
    Unsubscribe(Vec<BatchId>),
    /// The token, where the server asks for it.
    Auth(String),
}

/// The way in which news comes now.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Transport {
    #[default]
    Multiplexed,
    PerBatch,
    Polling,
}

impl Transport {
    /// The word by which it is kept and told.
    pub fn code(self) -> &'static str {
        match self {
            Self::Multiplexed => "multiplexed",
            Self::PerBatch => "per_batch",
            Self::Polling => "polling",
        }
    }

    /// From its word; what is not known is the best one, which will be tried.
    pub fn from_code(code: &str) -> Self {
        match code {
            "per_batch" => Self::PerBatch,
            "polling" => Self::Polling,
            _ => Self::Multiplexed,
        }
    }

    /// For the debug view.
    pub fn words(self) -> &'static str {
        match self {
            Self::Multiplexed => "one socket for all",
            Self::PerBatch => "one socket a batch",
            Self::Polling => "polling",
        }
    }
}

/// What people see of the connection.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Health {
    Live,
    #[default]
    Connecting,
    /// Reconnecting at this time.
    Waiting(Millis),
    /// No socket can be had; the server is asked every so often.
    Polling(Duration),
    Offline,
    Stopped(String),
}

impl Health {
    /// The word for `data-state`.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Live => "live",
            Self::Connecting => "connecting",
            Self::Waiting(_) => "waiting",
            Self::Polling(_) => "polling",
            Self::Offline => "offline",
            Self::Stopped(_) => "stopped",
        }
    }
}

/// What a tab has under review.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OtherReview {
    /// The name by which tabs know that they are about to buy the same.
    pub plan: String,
    /// The upper end of what it may cost.
    pub high: Usd,
    /// In ascending order.
    pub leads: Arc<[LeadId]>,
}

/// What tabs tell each other.
#[derive(Clone, Debug, PartialEq)]
pub enum Word {
    /// This tab follows and wants news of these batches; a leader answers it.
    Wants { tab: u32, batches: Vec<BatchId> },
    /// This tab follows no more.
    Gone { tab: u32 },
    /// This tab is looked at and wants to dial itself, unless the link is live.
    Yield,
    /// A batch was started from this tab.
    Started,
    /// The batches of this approval are being cancelled: no further one is started.
    Held { code: String },
    /// This tab has this under review, or nothing any more.
    Reviews {
        tab: u32,
        review: Option<OtherReview>,
    },
    /// This tab leads.
    Leads {
        tab: u32,
        health: Health,
        transport: Transport,
        /// It is hidden and has no link, so it will dial none.
        sleeps: bool,
    },
}
