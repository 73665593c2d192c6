//! Tests of the app in a real browser and on the host, with counters, and the share of its lines that ran.
//!
//! The compiler's LLVM writes the counters, so the programs that read them must be of the same version. The profile of
//! a wasm program cannot be mapped to its source directly: its LLVM code is compiled once more for the host, only to
//! have an object that the report understands.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::browser;
use crate::checks::Outcome;
use crate::llvm::{self, Llvm};
use crate::paths;
use crate::problem::{Explain, Problem, Result};
use crate::run::{self, Finished};
use crate::source::{self, Source};
use crate::toolchain::{self, TARGET, WasmToolchain};

/// The specification's limit.
const LIMIT_PERCENT: f64 = 80.0;
/// Newer ones write a profile that LLVM 22's programs refuse.
const MINICOV: &str = "0.3.8";
/// Files that mount the app and do nothing else.
const NOT_COUNTED: [&str; 1] = ["main.rs"];
/// How many of the least covered files are shown.
const WORST: usize = 8;

/// How much of a file ran.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Lines {
    covered: usize,
    total: usize,
}

impl Lines {
    fn percent(self) -> f64 {
        if self.total == 0 {
            return 0.0;
        }
        self.covered as f64 * 100.0 / self.total as f64
    }

    fn missed(self) -> usize {
        self.total - self.covered
    }
}

/// Runs the app's tests with counters, in the browser and on the host, and checks the share of lines.
pub fn run() -> Result<Outcome> {
    let toolchain = WasmToolchain::ready()?;
    let llvm = llvm::ready(toolchain.llvm()?)?;
    check_minicov()?;
    forget_older_builds()?;
    let profiles = fresh_folder("profiles")?;

    let in_browser = run::watched(
        "browser tests",
        &mut browser_tests(&toolchain, &llvm, &profiles)?,
    )?;
    let on_host = run::watched(
        "host tests with counters",
        &mut host_tests(&toolchain, &profiles)?,
    )?;
    let browser_counts = Outcome::of_cargo_test(&in_browser);
    let browser_tests = browser_counts.passed;
    // The same tests ran before without counters, so here only a failure is worth counting.
    let host_counts = Outcome {
        passed: 0,
        ..Outcome::of_cargo_test(&on_host)
    };
    let outcome = browser_counts.and(host_counts);
    if outcome.failed > 0 {
        return Ok(outcome);
    }

    let files = measure(&llvm, &profiles, &on_host)?;
    let all = files.values().fold(Lines::default(), |sum, lines| Lines {
        covered: sum.covered + lines.covered,
        total: sum.total + lines.total,
    });
    write_summary(&files, all)?;
    print_worst(&files);
    let enough = all.percent() >= LIMIT_PERCENT;
    Ok(outcome.and(Outcome {
        passed: usize::from(enough),
        failed: usize::from(!enough),
        note: format!(
            "{browser_tests} tests in the browser; {:.1} % of {} lines, at least {LIMIT_PERCENT} % wanted",
            all.percent(),
            all.total
        ),
        details: String::new(),
    }))
}

/// Where the figures of the last run are.
pub fn summary_file() -> PathBuf {
    paths::coverage_target().join("summary.json")
}

fn browser_tests(toolchain: &WasmToolchain, llvm: &Llvm, profiles: &Path) -> Result<Command> {
    let mut command = toolchain.command("cargo")?;
    let path = command
        .get_envs()
        .find(|(name, _)| *name == "PATH")
        .and_then(|(_, value)| value.map(ToOwned::to_owned))
        .unwrap_or_default();
    let mut folders = vec![llvm.plain_names()?];
    folders.extend(std::env::split_paths(&path));
    let path = std::env::join_paths(folders)
        .explain(|| "A folder's name does not fit into PATH".to_owned())?;
    with_counters(&mut command)
        .args(["--package", "batch-runner", "--target", TARGET])
        .env("PATH", path)
        // The counters' flags for a target without a profiler runtime are not stable yet.
        .env("RUSTC_BOOTSTRAP", "1")
        .env(
            "RUSTFLAGS",
            "--cfg=wasm_bindgen_unstable_test_coverage -Clink-args=--no-gc-sections",
        )
        .env(
            "CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER",
            "wasm-bindgen-test-runner",
        )
        // In seconds, for all tests together; the runner's own 20 are short for a busy machine.
        .env("WASM_BINDGEN_TEST_TIMEOUT", "180")
        .env("CHROMEDRIVER", browser::chromedriver_ready()?)
        .env("LLVM_PROFILE_FILE", profiles.join("browser-%p.profraw"));
    Ok(command)
}

fn host_tests(toolchain: &WasmToolchain, profiles: &Path) -> Result<Command> {
    let active = WasmToolchain::Active.llvm().ok();
    let same = active == Some(toolchain.llvm()?);
    let mut command = if same {
        run::cargo()
    } else {
        // Profiles of another LLVM cannot be merged, so the page's compiler runs the host's tests too.
        let mut command = toolchain.command("cargo")?;
        command.env_remove(toolchain::BUILD_STD);
        command
    };
    with_counters(&mut command)
        .args(["--package", "batch-runner", "--lib", "--tests"])
        .env("LLVM_PROFILE_FILE", profiles.join("host-%p-%m.profraw"));
    Ok(command)
}

/// `cargo test` of instrumented code; more arguments may follow.
fn with_counters(command: &mut Command) -> &mut Command {
    command
        .args(["test", "--no-fail-fast"])
        .args(run::UNOPTIMISED)
        .env("CARGO_TARGET_DIR", paths::coverage_target())
        .env("CARGO_INCREMENTAL", "0")
        .env(
            "RUSTC_WORKSPACE_WRAPPER",
            paths::workspace().join("crates/xtask/scripts/instrument-rustc.sh"),
        )
}

fn check_minicov() -> Result<()> {
    let lock = fs::read_to_string(paths::workspace().join("Cargo.lock")).unwrap_or_default();
    match locked_version(&lock, "minicov") {
        None => Err(Problem::new(
            "There are no browser tests to count: Cargo.lock has no wasm-bindgen-test",
        )),
        Some(MINICOV) => Ok(()),
        Some(other) => Err(Problem::new(format!(
            "minicov {other} in Cargo.lock writes a profile that the report cannot read: run `cargo update -p minicov \
             --precise {MINICOV}`"
        ))),
    }
}

fn locked_version<'lock>(lock: &'lock str, name: &str) -> Option<&'lock str> {
    let after = lock
        .split_once(&format!("name = \"{name}\"\nversion = \""))?
        .1;
    Some(after.split_once('"')?.0)
}

/// Objects of tests and dependencies that no longer exist would count as never run.
fn forget_older_builds() -> Result<()> {
    let root = paths::workspace();
    let mut made_of = String::new();
    for name in [
        "Cargo.toml",
        "Cargo.lock",
        "crates/xtask/scripts/instrument-rustc.sh",
    ] {
        made_of.push_str(&fs::read_to_string(root.join(name)).unwrap_or_default());
    }
    made_of.push_str(&run::ask(run::command("rustc").arg("-vV")).unwrap_or_default());
    made_of.push_str(&WasmToolchain::ready()?.name());
    for file in files_in(&root.join("tests"), "rs") {
        made_of.push_str(&file.to_string_lossy());
    }
    let note = paths::coverage_target().join("made-of");
    if fs::read_to_string(&note).is_ok_and(|before| before == made_of) {
        return Ok(());
    }
    fs::create_dir_all(paths::coverage_target())
        .explain(|| "The folder target/coverage cannot be made".to_owned())?;
    let clean = |more: &[&str]| {
        run::ask(
            run::cargo()
                .args(["clean", "--package", "batch-runner"])
                .args(more)
                .env("CARGO_TARGET_DIR", paths::coverage_target()),
        )
    };
    // Nothing to clean is as good as clean.
    let _ = clean(&[]);
    let _ = clean(&["--target", TARGET]);
    for file in files_in(&wasm_objects(), "ll") {
        let _ = fs::remove_file(file);
    }
    fs::write(&note, made_of).explain(|| format!("{} cannot be written", note.display()))
}

fn fresh_folder(name: &str) -> Result<PathBuf> {
    let folder = paths::coverage_target().join(name);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder)
        .explain(|| format!("The folder {} cannot be made", folder.display()))?;
    Ok(folder)
}

fn wasm_objects() -> PathBuf {
    paths::coverage_target().join(TARGET).join("debug/deps")
}

fn files_in(folder: &Path, extension: &str) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(folder) else {
        return Vec::new();
    };
    let mut files: Vec<PathBuf> = entries
        .flatten()
        .map(|entry| entry.path())
        .filter(|path| path.extension().is_some_and(|other| other == extension))
        .collect();
    files.sort();
    files
}

fn measure(llvm: &Llvm, profiles: &Path, on_host: &Finished) -> Result<BTreeMap<PathBuf, Lines>> {
    let mut objects = host_programs(&on_host.output);
    let compiled = fresh_folder("objects")?;
    for code in files_in(&wasm_objects(), "ll") {
        let object = compiled.join(code.with_extension("o").file_name().unwrap_or_default());
        // For the host on purpose: the report reads no wasm objects.
        run::must(
            "mapping the browser's counters",
            run::command(&llvm.clang)
                .args(["-Wno-override-module", "-c"])
                .arg(&code)
                .arg("-o")
                .arg(&object),
        )?;
        objects.push(object);
    }
    let merged = paths::coverage_target().join("merged.profdata");
    run::must(
        "merging the counters",
        run::command(&llvm.profdata)
            .args(["merge", "-sparse", "-o"])
            .arg(&merged)
            .args(files_in(profiles, "profraw")),
    )?;
    let mut export = run::command(&llvm.cov);
    export
        .args(["export", "--format=lcov", "--instr-profile"])
        .arg(&merged);
    for object in &objects {
        export.arg("--object").arg(object);
    }
    let finished = run::must("reading the counters", &mut export)?;
    Ok(lines_of(&finished.output, &source::of_the_app()?))
}

/// The test programs that cargo says it ran: `Running tests/a.rs (target/…/a-0123)`.
fn host_programs(output: &str) -> Vec<PathBuf> {
    output
        .lines()
        .filter_map(|line| line.trim().strip_prefix("Running "))
        .filter_map(|line| line.rsplit_once('(')?.1.strip_suffix(')'))
        .map(|path| paths::workspace().join(path))
        .collect()
}

/// Adds up the report's lines `SF:path`, `DA:line,count`; a line that ran anywhere ran.
fn lines_of(report: &str, sources: &[Source]) -> BTreeMap<PathBuf, Lines> {
    let root = paths::workspace().join("src");
    let mut counts: BTreeMap<PathBuf, BTreeMap<usize, bool>> = BTreeMap::new();
    let mut current: Option<&Source> = None;
    for line in report.lines() {
        if let Some(path) = line.strip_prefix("SF:") {
            let path = Path::new(path);
            let below = path
                .strip_prefix(&root)
                .or_else(|_| path.strip_prefix("src"));
            current = sources
                .iter()
                .find(|source| below.as_deref() == Ok(source.path.as_path()))
                .filter(|source| {
                    !NOT_COUNTED
                        .iter()
                        .any(|name| source.path == Path::new(name))
                });
        }
        let (Some(source), Some(entry)) = (current, line.strip_prefix("DA:")) else {
            continue;
        };
        let mut numbers = entry.split(',').map(str::parse::<usize>);
        let (Some(Ok(number)), Some(Ok(count))) = (numbers.next(), numbers.next()) else {
            continue;
        };
        let is_test = source.is_test_line.get(number.saturating_sub(1)).copied();
        if is_test == Some(false) {
            let ran = counts
                .entry(source.path.clone())
                .or_default()
                .entry(number)
                .or_default();
            *ran |= count > 0;
        }
    }
    counts
        .into_iter()
        .map(|(path, lines)| {
            let covered = lines.values().filter(|ran| **ran).count();
            (
                path,
                Lines {
                    covered,
                    total: lines.len(),
                },
            )
        })
        .collect()
}

fn write_summary(files: &BTreeMap<PathBuf, Lines>, all: Lines) -> Result<()> {
    let entries: Vec<String> = files
        .iter()
        .map(|(path, lines)| {
            format!(
                "    {{\"path\": \"src/{}\", \"lines_covered\": {}, \"lines_total\": {}}}",
                path.display(),
                lines.covered,
                lines.total
            )
        })
        .collect();
    let text = format!(
        "{{\n  \"lines_percent\": {:.2},\n  \"lines_covered\": {},\n  \"lines_total\": {},\n  \"files\": [\n{}\n  ]\n}}\n",
        all.percent(),
        all.covered,
        all.total,
        entries.join(",\n")
    );
    let file = summary_file();
    fs::write(&file, text).explain(|| format!("{} cannot be written", file.display()))
}

fn print_worst(files: &BTreeMap<PathBuf, Lines>) {
    let mut worst: Vec<_> = files
        .iter()
        .filter(|(_, lines)| lines.missed() > 0)
        .collect();
    worst.sort_by_key(|(_, lines)| std::cmp::Reverse(lines.missed()));
    for (path, lines) in worst.into_iter().take(WORST) {
        println!(
            "  {:>5.1} %  {:>4} of {:>4} lines not run  src/{}",
            lines.percent(),
            lines.missed(),
            lines.total,
            path.display()
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_locked_version_is_read() {
        let lock = "[[package]]\nname = \"minicov\"\nversion = \"0.3.8\"\n";
        assert_eq!(locked_version(lock, "minicov"), Some("0.3.8"));
        assert_eq!(locked_version(lock, "mini"), None);
    }

    #[test]
    fn a_line_that_ran_in_one_place_counts_as_run_and_test_lines_do_not_count() {
        let sources = [
            Source::new(
                "domain/lead.rs".into(),
                "a\nb\n#[cfg(test)]\nmod tests {}\n",
            ),
            Source::new("main.rs".into(), "a\n"),
        ];
        let report = "SF:src/domain/lead.rs\nDA:1,0\nDA:2,0\nDA:4,9\nend_of_record\n\
            SF:src/domain/lead.rs\nDA:1,3\nend_of_record\n\
            SF:src/main.rs\nDA:1,0\nend_of_record\nSF:/elsewhere/leptos.rs\nDA:1,0\n";
        let lines = lines_of(report, &sources);
        assert_eq!(lines.len(), 1);
        assert_eq!(
            lines[Path::new("domain/lead.rs")],
            Lines {
                covered: 1,
                total: 2
            }
        );
    }

    #[test]
    fn the_programs_that_ran_are_read_from_cargos_words() {
        let output =
            "     Running unittests src/lib.rs (target/coverage/debug/deps/batch_runner-1)\n";
        let found = host_programs(output);
        assert!(found[0].ends_with("target/coverage/debug/deps/batch_runner-1"));
    }
}
