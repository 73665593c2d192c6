//! Serves the built page with the development backend, and rebuilds it when asked to.

use std::ffi::OsString;
use std::fs;
use std::net::TcpStream;
use std::path::PathBuf;
use std::process::{Command, ExitCode, Stdio};
use std::thread::sleep;
use std::time::Duration;

use crate::build::{self, Kind};
use crate::freshness::newest_input;
use crate::paths;
use crate::problem::{Explain, Problem, Result};
use crate::run;

/// Where the page is found unless a person says otherwise.
pub const DEFAULT_PORT: u16 = 8173;
/// Where the server has the page.
const PAGE: &str = "/static/batch_runner/index.html";

/// What a person may choose about serving.
#[derive(Debug)]
pub struct Options {
    /// The port on 127.0.0.1; 0 takes any free one.
    pub port: u16,
    /// The number of leads in a new database.
    pub leads: Option<u32>,
    /// Whether to open the page in the browser.
    pub open: bool,
    /// A real server, to which the backend passes on every request but those for the page.
    pub backend: Option<String>,
    /// The page to serve.
    pub kind: Kind,
    /// Rebuild when a file changes.
    pub watch: bool,
    /// Further arguments for the backend.
    pub more: Vec<OsString>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            port: DEFAULT_PORT,
            leads: None,
            open: false,
            backend: None,
            kind: Kind::default(),
            watch: false,
            more: Vec::new(),
        }
    }
}

/// Builds what is missing, then becomes the backend.
pub fn serve(options: &Options) -> Result<ExitCode> {
    build::page(options.kind)?;
    build_backend()?;
    let mut backend = backend(options)?;
    let address = format!("http://127.0.0.1:{}{PAGE}", options.port);
    if options.port != 0 {
        println!("The page: {address}  (Ctrl-C stops)");
    }
    if options.open {
        companion(&["open", &options.port.to_string(), &address])?;
    }
    if options.watch {
        companion(if options.kind.mock {
            &["watch", "mock"]
        } else {
            &["watch"]
        })?;
    }
    become_program(&mut backend)
}

/// Builds the development backend.
pub fn build_backend() -> Result<()> {
    run::must(
        "Building the development backend",
        run::cargo().args(["build", "--package", "dev-backend"]),
    )?;
    Ok(())
}

/// Rebuilds the page whenever a file changes, for as long as the backend lives.
pub fn watch(kind: Kind) -> Result<ExitCode> {
    let parent = parent();
    let mut seen = newest_input();
    while parent == self::parent() {
        sleep(Duration::from_millis(400));
        let newest = newest_input();
        if newest == seen {
            continue;
        }
        // Editors and tools write several files at once: wait until they are done.
        sleep(Duration::from_millis(150));
        seen = newest_input();
        match build::page(kind) {
            Ok(_) => println!("Reload the page to see the change."),
            Err(problem) => eprintln!("{problem}."),
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// Waits until the port answers, then opens the page.
pub fn open(port: u16, address: &str) -> Result<ExitCode> {
    for _ in 0..100 {
        if TcpStream::connect(("127.0.0.1", port)).is_ok() {
            let program = if cfg!(target_os = "macos") {
                "open"
            } else {
                "xdg-open"
            };
            let mut command = run::command(program);
            command
                .arg(address)
                .stdout(Stdio::null())
                .stderr(Stdio::null());
            command
                .spawn()
                .explain(|| format!("No browser could be opened; open {address} by hand"))?;
            return Ok(ExitCode::SUCCESS);
        }
        sleep(Duration::from_millis(200));
    }
    Err(Problem::new(format!(
        "The backend does not answer; open {address} by hand when it does"
    )))
}

fn backend(options: &Options) -> Result<Command> {
    let data = paths::host_target().join("dev-backend");
    fs::create_dir_all(&data)
        .explain(|| format!("The folder {} cannot be made", data.display()))?;
    let mut command = run::command(paths::dev_backend());
    command
        .args(["--port", &options.port.to_string(), "--dist"])
        .arg(options.kind.folder());
    if let Some(leads) = options.leads {
        command.args(["--leads", &leads.to_string()]);
    }
    if let Some(server) = &options.backend {
        command.args(["--proxy", server]);
    }
    let chooses_database = options
        .more
        .iter()
        .any(|argument| argument == "--memory" || argument == "--db");
    if !chooses_database {
        command.arg("--db").arg(database(&data, options.leads));
    }
    command.args(&options.more);
    Ok(command)
}

/// One database for each number of leads, because the number only matters when a database is made.
fn database(folder: &std::path::Path, leads: Option<u32>) -> PathBuf {
    match leads {
        Some(leads) => folder.join(format!("data-{leads}.sqlite")),
        None => folder.join("data.sqlite"),
    }
}

/// Starts this program once more beside the backend; it ends by itself when its parent does.
fn companion(arguments: &[&str]) -> Result<()> {
    let program = std::env::current_exe()
        .explain(|| "The task runner's own program cannot be found".to_owned())?;
    let mut command = Command::new(program);
    command
        .arg("companion")
        .args(arguments)
        .stdin(Stdio::null());
    command.spawn().explain(|| run::could_not_start(&command))?;
    Ok(())
}

/// Replaces this process, so that whoever stops `cargo xtask serve` stops the backend itself.
#[cfg(unix)]
fn become_program(command: &mut Command) -> Result<ExitCode> {
    use std::os::unix::process::CommandExt;
    let cause = command.exec();
    Err(Problem::new(format!(
        "{}: {cause}",
        run::could_not_start(command)
    )))
}

#[cfg(not(unix))]
fn become_program(command: &mut Command) -> Result<ExitCode> {
    let status = command.status().explain(|| run::could_not_start(command))?;
    Ok(if status.success() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

#[cfg(unix)]
fn parent() -> u32 {
    std::os::unix::process::parent_id()
}

#[cfg(not(unix))]
fn parent() -> u32 {
    0
}
