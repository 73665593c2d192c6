//! Style sheets, TypeScript and JSON: formatted as Prettier does it, the TypeScript without type errors, the design
//! tokens in the style sheets as they are in their source; and the tests of the scripts that build and measure.

use std::fs;
use std::path::PathBuf;

use super::Outcome;
use crate::paths;
use crate::problem::Result;
use crate::run;

/// What Prettier looks after; recordings and lock files stay as they were written.
const FORMATTED: [&str; 5] = [
    "style/**/*.{css,mjs,json}",
    "e2e/**/*.{ts,mjs,json}",
    "crates/xtask/page/*.mjs",
    "webdriver.json",
    ".github/**/*.yml",
];

/// Folders of scripts with tests beside them.
const TESTED: [&str; 2] = ["crates/xtask/page", "e2e/bench/lib"];

/// Checks all four.
pub fn check() -> Result<Outcome> {
    let programs = paths::workspace().join("e2e/node_modules/.bin");
    let formatted = run::watched(
        "prettier",
        run::command(programs.join("prettier"))
            .args([
                "--check",
                "--no-error-on-unmatched-pattern",
                "--log-level",
                "warn",
            ])
            .args(FORMATTED),
    )?;
    let typed = run::watched(
        "tsc",
        run::command(programs.join("tsc")).args(["--noEmit", "--project", "e2e"]),
    )?;
    let tokens = run::watched(
        "tokens",
        run::command("node").args(["style/generate_tokens.mjs", "--check"]),
    )?;
    let tested = run::watched(
        "node tests",
        run::command("node").arg("--test").args(test_files()),
    )?;
    Ok(Outcome::of(&formatted)
        .and(Outcome::of(&typed))
        .and(Outcome::of(&tokens))
        .and(Outcome::of(&tested)))
}

/// One by one, because versions of Node.js understand folders and patterns differently.
fn test_files() -> Vec<PathBuf> {
    TESTED
        .iter()
        .filter_map(|folder| fs::read_dir(paths::workspace().join(folder)).ok())
        .flat_map(|entries| entries.flatten().map(|entry| entry.path()))
        .filter(|path| path.to_string_lossy().ends_with(".test.mjs"))
        .collect()
}
