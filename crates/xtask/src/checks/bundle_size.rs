//! The page stays small: everything that opening it loads, compressed.

use super::Outcome;
use crate::build::{self, Kind};
use crate::problem::Result;

/// The specification's limit: 250 KB gzipped.
const LIMIT: u64 = 250 * 1024;

/// Builds the page and weighs it.
pub fn check() -> Result<Outcome> {
    let bundle = build::page(Kind::default())?;
    let sizes = bundle.sizes()?;
    let fits = sizes.gzip <= LIMIT;
    Ok(Outcome {
        passed: usize::from(fits),
        failed: usize::from(!fits),
        note: format!(
            "{} files: {} bytes gzip, {} brotli, {} raw; limit {LIMIT} gzip",
            bundle.count(),
            sizes.gzip,
            sizes.brotli,
            sizes.raw
        ),
        details: String::new(),
    })
}
