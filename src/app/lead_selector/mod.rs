//! Choosing leads: the list, what is selected of it, and how this person likes to look at it.

pub mod exclude;
pub mod list;
pub mod rerun_of;
pub mod scroll;
pub mod select_all;
pub mod selection;
pub mod split;
pub mod undo;
pub mod views;
