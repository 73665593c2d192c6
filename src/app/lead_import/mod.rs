//! Lists that are pasted, dropped or opened: looked up line by line and added to the selection.

pub mod import;
