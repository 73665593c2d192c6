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
    let outcome = Outcome::of_cargo_test(&finished);
    if options.fast || !options.more.is_empty() {
        return Ok(outcome);
    }
    // Once more as the released page is: what comes later is there only a moment after it is needed.
    let split = run::watched(
        "cargo test: journeys of the page in parts",
        run::cargo()
            .args(["test", "--no-fail-fast", "--package", "batch-runner"])
            .args(["--test", "*_journeys"])
            .env("JOURNEYS_IN_PARTS", "1"),
    )?;
    Ok(outcome.and(Outcome::of_cargo_test(&split)))
}
