//! What server and page tell each other about running batches, whatever carries it.

use super::batch::{Batch, BatchId, LeadResult};

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
