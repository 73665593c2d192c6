//! Whole journeys through the built page, with Playwright and the development backend.

use super::{Options, Outcome};
use crate::browser;
use crate::build::{self, Kind};
use crate::paths;
use crate::problem::Result;
use crate::run;
use crate::serve;

/// Builds page and backend, and runs the journeys.
pub fn run(options: &Options) -> Result<Outcome> {
    build::page(Kind::default())?;
    serve::build_backend()?;
    let folder = paths::workspace().join("e2e");
    let finished = run::watched(
        "playwright",
        run::command(folder.join("node_modules/.bin/playwright"))
            .current_dir(&folder)
            .arg("test")
            .args(&options.more)
            .env("CHROMIUM", browser::chromium_ready()?)
            .env("DEV_BACKEND", paths::dev_backend())
            .env("DIST", Kind::default().folder())
            .env("FORCE_COLOR", "0")
            .env_remove("NO_COLOR"),
    )?;
    let (passed, mut failed) = counts(&finished.output);
    if !finished.ok && failed == 0 {
        failed = 1;
    }
    Ok(Outcome {
        passed,
        failed,
        note: String::new(),
        details: if finished.ok {
            String::new()
        } else {
            finished.tail()
        },
    })
}

/// Reads the last lines of Playwright's list: `  12 passed (3.4s)`, `  1 failed`; a flaky test counts as failed.
fn counts(output: &str) -> (usize, usize) {
    let mut sums = (0, 0);
    for line in output.lines().filter(|line| line.starts_with("  ")) {
        let mut words = line.split_whitespace();
        let Some(number) = words.next().and_then(|word| word.parse::<usize>().ok()) else {
            continue;
        };
        match words.next() {
            Some("passed") => sums.0 += number,
            Some("failed" | "flaky" | "interrupted") => sums.1 += number,
            Some("did") => sums.1 += number,
            _ => {}
        }
    }
    sums
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_counts_are_read_from_the_last_lines() {
        let output = "  ✓  1 a.spec.ts:3:1 › opens (1.2s)\n\n  1 failed\n    a.spec.ts:9:1\n  2 did not run\n  12 passed (3.4s)\n";
        assert_eq!(counts(output), (12, 3));
    }
}
