//! Who is signed in.

pub mod account;
mod person;
