//! Rust sources are formatted as rustfmt does it.

use super::Outcome;
use crate::problem::Result;
use crate::run;

/// Checks all packages.
pub fn check() -> Result<Outcome> {
    let finished = run::watched("cargo fmt", run::cargo().args(["fmt", "--all", "--check"]))?;
    Ok(Outcome::of(&finished))
}
