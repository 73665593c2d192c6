//! State machines without input or output of their own: `step(input, now)` returns what is to be done.

pub mod connection;
pub mod launch;
pub mod link;
pub mod retry;
pub mod share;
