//! Arguments, start and end of the embedded backend.

use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use clap::Parser;
use dev_backend::db::Location;
use dev_backend::error::{Error, Result};
use dev_backend::http::shell::PAGE;
use dev_backend::quirks::Mode;
use dev_backend::seed::{PASSWORD, Seed, USERS};
use dev_backend::{Config, start};

/// A real HTTP and WebSocket server with invented data, for developing and testing the page.
#[derive(Debug, Parser)]
#[command(version)]
struct Arguments {
    /// The port on 127.0.0.1; 0 for any that is free.
    #[arg(long, default_value_t = 8173)]
    port: u16,
    /// The folder of the built page.
    #[arg(long)]
    dist: Option<PathBuf>,
    /// The database file, created when it is missing.
    #[arg(long, conflicts_with = "memory", default_value = "dev-backend.sqlite")]
    db: PathBuf,
    /// Keep everything in memory.
    #[arg(long)]
    memory: bool,
    /// How many leads to invent, up to 200000. Given explicitly, seeded leads of another number are replaced.
    #[arg(long)]
    leads: Option<usize>,
    /// The number that all invented data comes from.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// How many times faster than real time leads are processed.
    #[arg(long, default_value_t = 1.0)]
    speed: f64,
    /// Offer /dev: faults, socket troubles, quirks.
    #[arg(long)]
    dev_controls: bool,
    /// Behave like the recorded server as it stands.
    #[arg(long, conflicts_with = "repaired")]
    as_is: bool,
    /// Behave like the recorded server after its three repairs.
    #[arg(long)]
    repaired: bool,
    /// Serve the page here and forward /api to this server.
    #[arg(long)]
    proxy: Option<String>,
}

impl Arguments {
    fn config(self) -> Config {
        Config {
            port: self.port,
            dist: self.dist,
            location: if self.memory {
                Location::Memory
            } else {
                Location::File(self.db)
            },
            seed: Seed {
                leads: self.leads.unwrap_or(10_000),
                number: self.seed,
            },
            replace_leads: self.leads.is_some(),
            speed: self.speed,
            dev_controls: self.dev_controls,
            mode: match (self.as_is, self.repaired) {
                (true, _) => Mode::AsIs,
                (false, true) => Mode::Repaired,
                (false, false) => Mode::Default,
            },
            proxy: self.proxy,
        }
    }
}

fn main() -> ExitCode {
    match run(Arguments::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("dev-backend: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: Arguments) -> Result<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(Error::io("starting the runtime"))?;
    let result = runtime.block_on(async {
        let server = start(arguments.config()).await?;
        // Whoever started it may have stopped reading; that is no reason to end.
        let _ = announce(&server);
        until_told().await
    });
    // At once, also with open sockets: what matters is committed already.
    runtime.shutdown_timeout(Duration::from_millis(100));
    result
}

fn announce(server: &dev_backend::Running) -> std::io::Result<()> {
    let mut out = std::io::stdout().lock();
    writeln!(out, "listening on http://{}", server.address)?;
    writeln!(
        out,
        "page http://{}{PAGE} (sign in as {} with {PASSWORD})",
        server.address, USERS[0].0
    )?;
    for notice in &server.notices {
        writeln!(out, "{notice}")?;
    }
    out.flush()
}

/// Waits for ctrl-c or SIGTERM.
async fn until_told() -> Result<()> {
    let interrupt = async {
        tokio::signal::ctrl_c()
            .await
            .map_err(Error::io("waiting for ctrl-c"))
    };
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        let mut terminate =
            signal(SignalKind::terminate()).map_err(Error::io("waiting for SIGTERM"))?;
        tokio::select! {
            told = interrupt => told,
            _ = terminate.recv() => Ok(()),
        }
    }
    #[cfg(not(unix))]
    interrupt.await
}
