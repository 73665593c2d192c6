//! Tests that need no browser: the app's rules, the backend's contract, the task runner itself.

use super::{Options, Outcome};
use crate::problem::Result;
use crate::run;

/// Runs them; only the app's own with `--fast`.
pub fn run(options: &Options) -> Result<Outcome> {
    let scope: &[&str] = if options.fast {
        &["--package", "batch-runner"]
    } else {
        &["--workspace"]
    };
    let finished = run::watched(
        "cargo test",
        run::cargo()
            .args(["test", "--no-fail-fast"])
            .args(scope)
            .arg("--")
            .args(&options.more),
    )?;
    Ok(Outcome::of_cargo_test(&finished))
}
