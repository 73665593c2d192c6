//! What happens to a connection, and what it asks to be done.

use super::channel::Channel;
use crate::domain::batch::BatchId;
use crate::domain::live::{ClientMessage, Frame};
use crate::machine::link::Epoch;
use crate::machine::share::Leader;

/// What happens to the connection.
#[derive(Clone, Debug, PartialEq)]
pub enum Input {
    /// A person is signed in and the app may talk to the server.
    Start,
    /// Signed out.
    Stop,
    /// These batches, and no others, are to be followed.
    Follow(Vec<BatchId>),
    Frame {
        channel: Channel,
        epoch: Epoch,
        frame: Frame,
    },
    /// A message came that was of no use; it still proves that the link lives.
    Noise {
        channel: Channel,
        epoch: Epoch,
    },
    Closed {
        channel: Channel,
        epoch: Epoch,
        code: u16,
    },
    Tick,
    Online(bool),
    Visible(bool),
    RetryNow,
    /// The token that the multiplexed socket may ask for.
    Token(Option<String>),
    /// The browser stops the page, or lets it go on.
    Frozen(bool),
    /// Which tab has the link.
    Shared {
        /// This one.
        leads: bool,
        leader: Option<Leader>,
        /// What peer tabs want news of.
        others: Vec<BatchId>,
    },
}

/// What is to be done.
#[derive(Clone, Debug, PartialEq)]
pub enum Action {
    Open {
        channel: Channel,
        epoch: Epoch,
    },
    Close {
        channel: Channel,
        epoch: Epoch,
    },
    Send {
        channel: Channel,
        epoch: Epoch,
        message: ClientMessage,
    },
    /// Read the status of these batches: something may have been missed.
    CatchUp(Vec<BatchId>),
    /// Read the list too: batches may have been started elsewhere.
    ReadList,
    /// The server does not accept the token: get another one, if that is possible without a person.
    RenewToken,
    /// Something for the debug view.
    Log(String),
}
