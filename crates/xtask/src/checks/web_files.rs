//! Style sheets, TypeScript and JSON: formatted as Prettier does it, the TypeScript without type errors, and the
//! design tokens in the style sheets as they are in their source.

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

/// Checks all three.
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
    Ok(Outcome::of(&formatted)
        .and(Outcome::of(&typed))
        .and(Outcome::of(&tokens)))
}
