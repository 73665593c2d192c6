//! The page stays small: what a browser fetches until the first lead rows stand, compressed.

use super::Outcome;
use crate::browser;
use crate::build::{self, Kind};
use crate::paths;
use crate::problem::{Explain, Result};
use crate::run;
use crate::serve;

/// The specification's limit: 250 KB gzipped.
const LIMIT: u64 = 250 * 1024;
/// Measures in Chromium, with the development backend.
const SCRIPT: &str = "e2e/bench/lib/first-load.mjs";

/// Builds the page, opens it signed in, and weighs what it fetches.
pub fn check() -> Result<Outcome> {
    build::page(Kind::default())?;
    serve::build_backend()?;
    let measured = run::must(
        "first load",
        run::command("node")
            .arg(paths::workspace().join(SCRIPT))
            .env("CHROMIUM", browser::chromium_ready()?)
            .env("DEV_BACKEND", paths::dev_backend())
            .env("DIST", Kind::default().folder()),
    )?;
    let load = FirstLoad::read(&measured.output)
        .explain(|| format!("What {SCRIPT} said cannot be understood"))?;
    println!(
        "  all parts of the module:\n{}",
        lines(&load.parts).trim_end()
    );
    Ok(load.judged())
}

/// A file or an answer with its sizes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Weighed {
    name: String,
    raw: u64,
    gzip: u64,
}

/// What a browser fetched until the first lead rows stood, and all parts of the module.
#[derive(Debug, Default, PartialEq, Eq)]
struct FirstLoad {
    files: Vec<Weighed>,
    answers: Vec<Weighed>,
    /// The first part first.
    parts: Vec<Weighed>,
}

impl FirstLoad {
    /// Reads lines of a kind, raw, gzip and brotli bytes, and a name; `None` where one lacks something, or no file is told.
    fn read(words: &str) -> Option<Self> {
        let mut load = Self::default();
        for line in words.lines() {
            let mut words = line.splitn(5, ' ');
            let list = match words.next()? {
                "file" => &mut load.files,
                "answer" => &mut load.answers,
                "part" => &mut load.parts,
                // What a program says besides.
                _ => continue,
            };
            let raw = words.next()?.parse().ok()?;
            let gzip = words.next()?.parse().ok()?;
            let name = words.nth(1)?.to_owned();
            list.push(Weighed { name, raw, gzip });
        }
        (!load.files.is_empty()).then_some(load)
    }

    /// The later parts that were asked for too early; a part may come packed.
    fn early_parts(&self) -> Vec<&str> {
        let later = self.parts.iter().skip(1);
        later
            .map(|part| part.name.as_str())
            .filter(|part| {
                let fetched = |file: &Weighed| file.name.trim_end_matches(".gz") == *part;
                self.files.iter().any(fetched)
            })
            .collect()
    }

    /// Two rules, and the figures for whoever looks.
    fn judged(&self) -> Outcome {
        let gzip: u64 = self.files.iter().map(|file| file.gzip).sum();
        let early = self.early_parts();
        let mut details = String::new();
        if gzip > LIMIT {
            details.push_str(&format!(
                "{gzip} bytes gzip are fetched until the first lead rows stand, {} too many:\n{}",
                gzip - LIMIT,
                lines(&self.files)
            ));
        }
        if !early.is_empty() {
            details.push_str(&format!(
                "Parts that were asked for before the first lead rows stood: {}\n",
                early.join(", ")
            ));
        }
        let failed = usize::from(gzip > LIMIT) + usize::from(!early.is_empty());
        Outcome {
            passed: 2 - failed,
            failed,
            note: format!(
                "{} files until the first row: {gzip} bytes gzip, limit {LIMIT}; and {} answers: {} bytes, {} gzip",
                self.files.len(),
                self.answers.len(),
                self.answers.iter().map(|answer| answer.raw).sum::<u64>(),
                self.answers.iter().map(|answer| answer.gzip).sum::<u64>()
            ),
            details,
        }
    }
}

fn lines(list: &[Weighed]) -> String {
    list.iter()
        .map(|one| format!("{:>10} {:>9} gzip  {}\n", one.raw, one.gzip, one.name))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const WORDS: &str = "file 300 100 90 index.html\nfile 900 200 180 page-first-1.wasm.gz\n\
        answer 50 20 10 /api/v1/leads\npart 900 200 180 page-first-1.wasm\npart 70 30 20 page-live-2.wasm";

    #[test]
    fn the_measured_lines_are_read() {
        let load = FirstLoad::read(WORDS).unwrap();
        let names =
            |list: &[Weighed]| -> Vec<String> { list.iter().map(|one| one.name.clone()).collect() };
        assert_eq!(names(&load.files), ["index.html", "page-first-1.wasm.gz"]);
        assert_eq!(names(&load.answers), ["/api/v1/leads"]);
        assert_eq!(load.parts[1].gzip, 30);
        assert_eq!(FirstLoad::read("nothing to see"), None);
        assert_eq!(FirstLoad::read(""), None);
    }

    #[test]
    fn what_was_fetched_until_the_rows_stood_is_held_against_the_limit() {
        let outcome = FirstLoad::read(WORDS).unwrap().judged();
        assert_eq!((outcome.passed, outcome.failed), (2, 0));
        assert!(outcome.note.contains(": 300 bytes gzip"));
        let large = WORDS.replace("900 200", "900000 255901");
        let outcome = FirstLoad::read(&large).unwrap().judged();
        assert_eq!((outcome.passed, outcome.failed), (1, 1));
        assert!(outcome.details.contains(", 1 too many"));
    }

    #[test]
    fn a_later_part_may_not_be_asked_for_before_the_rows_stand() {
        for name in ["page-live-2.wasm", "page-live-2.wasm.gz"] {
            let early = format!("{WORDS}\nfile 70 30 20 {name}");
            let outcome = FirstLoad::read(&early).unwrap().judged();
            assert_eq!((outcome.passed, outcome.failed), (1, 1));
            assert!(outcome.details.contains("page-live-2.wasm"));
        }
    }
}
