//! Clippy, with every warning an error: once for the host, once for the page.

use super::Outcome;
use crate::problem::Result;
use crate::run;
use crate::toolchain::{TARGET, WasmToolchain};

/// Lints all packages for the host.
pub fn host() -> Result<Outcome> {
    let finished = run::watched(
        "clippy host",
        run::cargo().args(["clippy", "--workspace", "--all-targets", "--", "-Dwarnings"]),
    )?;
    Ok(Outcome::of(&finished))
}

/// Lints the app for the browser, with the compiler that builds it.
pub fn page() -> Result<Outcome> {
    let finished = run::watched(
        "clippy page",
        WasmToolchain::ready()?
            .command("cargo")?
            .arg("clippy")
            .args(run::UNOPTIMISED)
            .args(["--package", "batch-runner", "--target", TARGET])
            .args(["--all-targets", "--", "-Dwarnings"]),
    )?;
    Ok(Outcome::of(&finished))
}
