//! What happens to the sharing of a link, and what it asks to be done.

use crate::domain::batch::BatchId;
use crate::domain::live::{Health, Transport, Word};

/// What happens to the sharing.
#[derive(Clone, Debug, PartialEq)]
pub enum Input {
    /// A link is wanted: somebody is signed in and the page is not frozen.
    Want(bool),
    Visible(bool),
    /// What this tab follows.
    Follow(Vec<BatchId>),
    /// What became of this tab's own link.
    Link(Health, Transport),
    /// The lock is this tab's.
    Granted,
    /// Another tab took the lock away.
    Lost,
    /// The browser has no locks for this page.
    Unable,
    Heard(Word),
    /// A person wants a link at once.
    RetryNow,
    Tick,
}

/// What is to be done.
#[derive(Clone, Debug, PartialEq)]
pub enum Action {
    /// Ask for the lock; `steal` takes it away from whoever has it.
    Claim {
        steal: bool,
    },
    /// Give the lock back, or wait for it no more.
    Release,
    Say(Word),
}
