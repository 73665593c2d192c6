//! Choosing leads: the list, what is selected of it, and how this person likes to look at it.

pub mod exclude;
mod kept;
pub mod list;
mod query;
pub mod rerun_of;
pub mod scroll;
pub mod select_all;
pub mod selection;
pub mod split;
mod summary;
pub mod undo;
pub mod views;
