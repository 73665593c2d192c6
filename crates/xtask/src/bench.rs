//! `cargo xtask bench`: figures of the built page, measured in Chromium.

use std::process::{ExitCode, Stdio};

use crate::browser;
use crate::build::{self, Kind};
use crate::coverage;
use crate::paths;
use crate::problem::{Explain, Result};
use crate::run;
use crate::serve;
use crate::setup::{self, Purpose};
use crate::tools;

/// Builds what is missing and runs the measurements.
pub fn run(more: &[std::ffi::OsString]) -> Result<ExitCode> {
    setup::prepare(Purpose::Bench)?;
    build::page(Kind::default())?;
    serve::build_backend()?;
    let mut command = run::command("node");
    command
        .arg("e2e/bench/run.mjs")
        .args(more)
        .stdout(Stdio::inherit())
        .stderr(Stdio::inherit())
        .env("CHROMIUM", browser::chromium_ready()?)
        .env("DEV_BACKEND", paths::dev_backend())
        .env("DIST", Kind::default().folder())
        .env("PARTS", Kind::default().kept_parts())
        .env("WASM_OPT", tools::wasm_opt()?)
        .env("COVERAGE_SUMMARY", coverage::summary_file())
        .env("RESULTS", paths::host_target().join("bench/results.json"));
    let status = command
        .status()
        .explain(|| run::could_not_start(&command))?;
    Ok(if status.success() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}
