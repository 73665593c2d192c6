//! `cargo xtask test`: every check and test, one part after the other, with counts at the end.

mod bundle_size;
mod format;
mod host_tests;
mod house;
mod journeys;
mod lint;
mod web_files;

use std::ffi::OsString;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use crate::coverage;
use crate::problem::{Problem, Result};
use crate::run::Finished;
use crate::setup::{self, Purpose};

/// What a person may choose about the tests.
#[derive(Debug, Default)]
pub struct Options {
    /// Only what answers within seconds of an edit.
    pub fast: bool,
    /// Only these parts, by name; all when empty.
    pub only: Vec<String>,
    /// Further arguments for the parts that run a test runner.
    pub more: Vec<OsString>,
}

/// What a part found.
#[derive(Debug, Default)]
pub struct Outcome {
    /// How many tests or rules were met.
    pub passed: usize,
    /// How many were not.
    pub failed: usize,
    /// A few words or figures for the summary.
    pub note: String,
    /// What a person needs to see when something failed.
    pub details: String,
}

impl Outcome {
    /// One check that is the end of one program.
    fn of(finished: &Finished) -> Self {
        Self {
            passed: usize::from(finished.ok),
            failed: usize::from(!finished.ok),
            note: String::new(),
            details: if finished.ok {
                String::new()
            } else {
                finished.tail()
            },
        }
    }

    /// The counts of one of cargo's test runs; an end with an error is at least one failure.
    pub fn of_cargo_test(finished: &Finished) -> Self {
        let (passed, mut failed) = counts_of_cargo(&finished.output);
        if !finished.ok && failed == 0 {
            failed = 1;
        }
        Self {
            passed,
            failed,
            note: String::new(),
            details: if finished.ok {
                String::new()
            } else {
                finished.tail()
            },
        }
    }

    /// Both together.
    pub fn and(mut self, other: Self) -> Self {
        self.passed += other.passed;
        self.failed += other.failed;
        for (mine, its, between) in [
            (&mut self.note, other.note, "; "),
            (&mut self.details, other.details, "\n"),
        ] {
            if !mine.is_empty() && !its.is_empty() {
                mine.push_str(between);
            }
            mine.push_str(&its);
        }
        self
    }

    /// Something that kept a part from running.
    fn stopped_by(problem: &Problem) -> Self {
        Self {
            failed: 1,
            details: format!("{problem}."),
            ..Self::default()
        }
    }
}

struct Part {
    name: &'static str,
    title: &'static str,
    /// Whether it belongs to `--fast`.
    fast: bool,
    run: fn(&Options) -> Result<Outcome>,
}

/// The cheap ones first: what they find is found soonest.
const PARTS: [Part; 9] = [
    Part {
        name: "format",
        title: "Rust is formatted",
        fast: true,
        run: |_| format::check(),
    },
    Part {
        name: "lint",
        title: "clippy, host",
        fast: true,
        run: |_| lint::host(),
    },
    Part {
        name: "lint-page",
        title: "clippy, page",
        fast: false,
        run: |_| lint::page(),
    },
    Part {
        name: "web-files",
        title: "CSS and TypeScript",
        fast: false,
        run: |_| web_files::check(),
    },
    Part {
        name: "house",
        title: "house rules",
        fast: true,
        run: |_| house::check(),
    },
    Part {
        name: "host-tests",
        title: "tests on the host",
        fast: true,
        run: host_tests::run,
    },
    Part {
        name: "bundle",
        title: "size of the page",
        fast: false,
        run: |_| bundle_size::check(),
    },
    Part {
        name: "coverage",
        title: "tests in a browser, coverage",
        fast: false,
        run: |_| coverage::run(),
    },
    Part {
        name: "journeys",
        title: "journeys in a browser",
        fast: false,
        run: journeys::run,
    },
];

/// The parts' names, for help.
pub fn names() -> Vec<&'static str> {
    PARTS.iter().map(|part| part.name).collect()
}

/// Runs the chosen parts, all of them even when one fails, and tells the sum.
pub fn run(options: &Options) -> Result<ExitCode> {
    if let Some(unknown) = options
        .only
        .iter()
        .find(|name| !names().contains(&name.as_str()))
    {
        return Err(Problem::new(format!(
            "There is no part `{unknown}`; the parts are {}",
            names().join(", ")
        )));
    }
    let chosen: Vec<&Part> = PARTS
        .iter()
        .filter(|part| part.fast || !options.fast)
        .filter(|part| options.only.is_empty() || options.only.iter().any(|name| name == part.name))
        .collect();
    if chosen.iter().any(|part| !part.fast) {
        // A part that misses something says so itself; the others can still run.
        if let Err(problem) = setup::prepare(Purpose::Test) {
            eprintln!("{problem}.");
        }
    }
    let mut done = Vec::new();
    for part in chosen {
        println!("— {} ({})", part.title, part.name);
        let started = Instant::now();
        let outcome = (part.run)(options).unwrap_or_else(|problem| Outcome::stopped_by(&problem));
        if !outcome.details.is_empty() {
            println!("{}", outcome.details.trim_end());
        }
        let line = summary(part, &outcome, started.elapsed());
        println!("{line}");
        done.push((line, outcome));
    }
    Ok(report(&done))
}

fn summary(part: &Part, outcome: &Outcome, took: Duration) -> String {
    let verdict = if outcome.failed == 0 {
        "ok    "
    } else {
        "FAILED"
    };
    let counts = format!("{} of {}", outcome.passed, outcome.passed + outcome.failed);
    let line = format!(
        "  {verdict} {:<11} {counts:>12} {:>7.1} s  {}",
        part.name,
        took.as_secs_f64(),
        outcome.note
    );
    line.trim_end().to_owned()
}

fn report(done: &[(String, Outcome)]) -> ExitCode {
    println!("\nSummary");
    for (line, _) in done {
        println!("{line}");
    }
    let passed: usize = done.iter().map(|(_, outcome)| outcome.passed).sum();
    let failed: usize = done.iter().map(|(_, outcome)| outcome.failed).sum();
    println!("\n{passed} passed, {failed} failed");
    if failed == 0 {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

/// Adds up lines like `test result: ok. 12 passed; 0 failed; 0 ignored; …`.
fn counts_of_cargo(output: &str) -> (usize, usize) {
    let mut sums = (0, 0);
    for line in output.lines().filter(|line| line.contains("test result:")) {
        for part in line.split([';', '.']) {
            let mut words = part.split_whitespace();
            let number = words.next().and_then(|word| word.parse::<usize>().ok());
            match (number, words.next()) {
                (Some(number), Some("passed")) => sums.0 += number,
                (Some(number), Some("failed")) => sums.1 += number,
                _ => {}
            }
        }
    }
    sums
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_counts_of_all_test_programs_are_added_up() {
        let output = "test result: ok. 12 passed; 0 failed; 1 ignored; finished in 0.01s\n\
            noise 4 passed\ntest result: FAILED. 3 passed; 2 failed; 0 ignored";
        assert_eq!(counts_of_cargo(output), (15, 2));
    }
}
