//! Child processes: quiet ones with a log and a sign of life, and short questions.

use std::fs::{self, File};
use std::io::{IsTerminal, Read, Seek, SeekFrom, Write, stderr};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use crate::paths;
use crate::problem::{Explain, Problem, Result};

/// How often a quiet step says that it is alive when nobody watches at a terminal.
const HEARTBEAT: Duration = Duration::from_secs(20);
/// How many of a log's last lines are shown when a step fails.
const TAIL_LINES: usize = 150;

/// A step that ran to its end.
pub struct Finished {
    /// Whether the program ended well.
    pub ok: bool,
    /// All that it wrote to both outputs.
    pub output: String,
    /// Where the output lies.
    pub log: PathBuf,
}

impl Finished {
    /// The end of the output, with the name of the whole log.
    pub fn tail(&self) -> String {
        let lines: Vec<&str> = self.output.lines().collect();
        let skipped = lines.len().saturating_sub(TAIL_LINES);
        let mut text = lines[skipped..].join("\n");
        if skipped > 0 {
            text = format!(
                "… {skipped} lines before, in {}\n{text}",
                self.log.display()
            );
        }
        text
    }
}

/// A program for the host's toolchain, started in the workspace.
///
/// What `cargo run` sets for the task runner itself is taken away, so that a build started from here has the same
/// fingerprint as one that a person starts by hand.
pub fn command(program: impl AsRef<std::ffi::OsStr>) -> Command {
    let mut command = Command::new(program);
    command
        .current_dir(paths::workspace())
        .stdin(Stdio::null())
        .env("CARGO_TARGET_DIR", paths::host_target());
    forget_cargo_run(&mut command);
    command
}

/// For builds that run for seconds at most: optimising the dependencies, procedural macros among them, would take longer
/// than it saves.
pub const UNOPTIMISED: [&str; 2] = ["--config", "profile.dev.package.\"*\".opt-level=0"];

/// `cargo` of the host's toolchain.
pub fn cargo() -> Command {
    command("cargo")
}

fn forget_cargo_run(command: &mut Command) {
    for (name, _) in std::env::vars_os() {
        let Some(text) = name.to_str() else { continue };
        if text == "CARGO" || text.starts_with("CARGO_PKG_") || text.starts_with("CARGO_MANIFEST_")
        {
            command.env_remove(text);
        }
    }
}

/// Runs a program with its output in a log, showing that it is alive; an end with an error is not a `Problem` yet.
pub fn watched(label: &str, command: &mut Command) -> Result<Finished> {
    watched_within(label, command, None)
}

/// Like [`watched`], ended after `limit`.
pub fn watched_within(
    label: &str,
    command: &mut Command,
    limit: Option<Duration>,
) -> Result<Finished> {
    let (mut file, log) = open_log(label)?;
    let second = file
        .try_clone()
        .explain(|| format!("The log {} cannot be written", log.display()))?;
    let both = file
        .try_clone()
        .explain(|| format!("The log {} cannot be written", log.display()))?;
    let mut child = command
        .stdout(second)
        .stderr(both)
        .spawn()
        .explain(|| could_not_start(command))?;
    let started = Instant::now();
    let mut progress = Progress::new(label);
    let status: ExitStatus = loop {
        let ended = child
            .try_wait()
            .explain(|| format!("{label} cannot be followed"))?;
        if let Some(status) = ended {
            break status;
        }
        if limit.is_some_and(|limit| started.elapsed() > limit) {
            // It may have ended in this very moment, which is as good.
            let _ = child.kill();
            let _ = child.wait();
            progress.clear();
            return Err(Problem::new(format!(
                "{label} was ended after {} s without an answer",
                started.elapsed().as_secs()
            )));
        }
        progress.tick(started.elapsed(), &log);
        sleep(Duration::from_millis(50));
    };
    progress.clear();
    let mut bytes = Vec::new();
    file.seek(SeekFrom::Start(0))
        .and_then(|_| file.read_to_end(&mut bytes))
        .explain(|| format!("The log {} cannot be read", log.display()))?;
    Ok(Finished {
        ok: status.success(),
        output: String::from_utf8_lossy(&bytes).into_owned(),
        log,
    })
}

/// Runs a step that must end well; its output is shown only when it does not.
pub fn must(label: &str, command: &mut Command) -> Result<Finished> {
    let finished = watched(label, command)?;
    if finished.ok {
        return Ok(finished);
    }
    Err(Problem::new(format!(
        "{}\n{label} failed; its output is above",
        finished.tail()
    )))
}

/// Asks a program something short; `None` when it is not there or ends with an error.
pub fn ask(command: &mut Command) -> Option<String> {
    let answer = command
        .stdin(Stdio::null())
        .stderr(Stdio::null())
        .output()
        .ok()?;
    answer
        .status
        .success()
        .then(|| String::from_utf8_lossy(&answer.stdout).trim().to_owned())
}

/// The sentence for a program that could not be started at all.
pub fn could_not_start(command: &Command) -> String {
    format!(
        "{} could not be started",
        command.get_program().to_string_lossy()
    )
}

fn open_log(label: &str) -> Result<(File, PathBuf)> {
    let folder = paths::logs();
    fs::create_dir_all(&folder)
        .explain(|| format!("The folder {} cannot be made", folder.display()))?;
    let name: String = label
        .to_lowercase()
        .chars()
        .map(|letter| {
            if letter.is_ascii_alphanumeric() {
                letter
            } else {
                '-'
            }
        })
        .collect();
    let log = folder.join(format!("{name}.log"));
    // Appending, so that the program's two outputs, which share the file, never write over each other.
    fs::write(&log, "").explain(|| format!("The log {} cannot be written", log.display()))?;
    let file = File::options()
        .append(true)
        .read(true)
        .open(&log)
        .explain(|| format!("The log {} cannot be written", log.display()))?;
    Ok((file, log))
}

/// The line that shows that a step is alive.
struct Progress<'label> {
    label: &'label str,
    at_terminal: bool,
    last: Duration,
    shown: bool,
}

impl<'label> Progress<'label> {
    fn new(label: &'label str) -> Self {
        Self {
            label,
            at_terminal: stderr().is_terminal(),
            last: Duration::ZERO,
            shown: false,
        }
    }

    fn tick(&mut self, elapsed: Duration, log: &Path) {
        let pause = if self.at_terminal {
            Duration::from_secs(1)
        } else {
            HEARTBEAT
        };
        if elapsed - self.last < pause {
            return;
        }
        self.last = elapsed;
        let seconds = elapsed.as_secs();
        let newest: String = last_line(log).chars().take(48).collect();
        let line = format!("  … {}: still running, {seconds} s  {newest}", self.label);
        if self.at_terminal {
            eprint!("\r\x1b[2K{line}");
            let _ = stderr().flush();
            self.shown = true;
        } else {
            eprintln!("{}", line.trim_end());
        }
    }

    fn clear(&mut self) {
        if self.shown {
            eprint!("\r\x1b[2K");
            let _ = stderr().flush();
        }
    }
}

/// The last line of a log that is still being written; empty when there is none.
fn last_line(log: &Path) -> String {
    let Ok(mut file) = File::open(log) else {
        return String::new();
    };
    let length = file.metadata().map(|data| data.len()).unwrap_or(0);
    let mut bytes = Vec::new();
    let read = file
        .seek(SeekFrom::Start(length.saturating_sub(400)))
        .and_then(|_| file.read_to_end(&mut bytes));
    if read.is_err() {
        return String::new();
    }
    String::from_utf8_lossy(&bytes)
        .lines()
        .rev()
        .map(str::trim)
        .find(|line| !line.is_empty())
        .unwrap_or_default()
        .to_owned()
}
