//! Times as people read them.

use crate::browser::clock::local_offset;
use crate::domain::time::{Millis, duration_words};

/// A time in the person's own zone, or a dash.
pub fn local_time(at: Option<Millis>) -> String {
    at.map_or_else(|| "–".to_owned(), |at| at.to_local_text(local_offset(at)))
}

/// A day in the person's own zone, or a dash.
pub fn local_date(at: Option<Millis>) -> String {
    at.map_or_else(|| "–".to_owned(), |at| at.to_local_date(local_offset(at)))
}

/// `just now`, `12 s ago`, `3 min ago`.
pub fn ago(at: Millis, now: Millis) -> String {
    match now - at {
        ..3_000 => "just now".to_owned(),
        age => format!("{} ago", duration_words(age)),
    }
}
