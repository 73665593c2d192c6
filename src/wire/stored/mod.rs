//! What is kept in the browser's storage: the chosen leads, the launch form, how the lead table is looked at, and what
//! was noted of past batches.
//!
//! These are shapes of ours, and what earlier versions kept stays readable: names and places are never given another
//! meaning.

mod draft;
mod marks;
mod selection;
mod views;

pub use draft::{read_draft, write_draft};
pub use marks::{read_marks, write_marks};
pub use selection::{Kept, Rule, read_selection, write_selection};
pub use views::{read_columns, read_views, write_columns, write_views};
