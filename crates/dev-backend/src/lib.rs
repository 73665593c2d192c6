//! The embedded backend: a real HTTP and WebSocket server on SQLite that stands in for the product's.
//!
//! It shares no types with the page. Both are held to the recorded exchanges in `tests/recordings`.

#![warn(missing_docs)]

pub mod clock;
pub mod cost;
pub mod db;
pub mod dev_controls;
pub mod error;
pub mod faults;
pub mod flood;
pub mod http;
pub mod outcome;
pub mod proxy;
pub mod quirks;
pub mod random;
pub mod request_log;
pub mod seed;
pub mod server;
pub mod sockets;
pub mod spend;
pub mod state;
pub mod worker;

use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::sync::Arc;

use tokio::net::TcpListener;
use tokio::task::JoinHandle;

use crate::db::{Db, Location};
use crate::error::{Error, Result};
use crate::proxy::Proxy;
use crate::quirks::{Mode, Quirks};
use crate::seed::Seed;
use crate::server::Server;
use crate::state::{Shared, State};

/// Everything that can be chosen at the start.
#[derive(Debug, Clone)]
pub struct Config {
    /// The port on 127.0.0.1; 0 for any that is free.
    pub port: u16,
    /// The folder of the built bundle.
    pub dist: Option<PathBuf>,
    /// Where the data lives.
    pub location: Location,
    /// What is invented when the database is new.
    pub seed: Seed,
    /// Whether seeded leads are replaced when their number differs.
    pub replace_leads: bool,
    /// How many times faster than real time leads are processed.
    pub speed: f64,
    /// Whether `/dev` exists.
    pub dev_controls: bool,
    /// Which server this one behaves like.
    pub mode: Mode,
    /// The server that `/api` is forwarded to.
    pub proxy: Option<String>,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            port: 0,
            dist: None,
            location: Location::Memory,
            seed: Seed {
                leads: 10_000,
                number: 1,
            },
            replace_leads: false,
            speed: 1.0,
            dev_controls: false,
            mode: Mode::Default,
            proxy: None,
        }
    }
}

/// A server that is accepting connections.
#[derive(Debug)]
pub struct Running {
    /// Where it listens.
    pub address: SocketAddr,
    /// What it shares; for tests.
    pub shared: Shared,
    /// Sentences for whoever started it.
    pub notices: Vec<String>,
    task: JoinHandle<std::convert::Infallible>,
}

impl Running {
    /// Stops accepting. Open connections end with the runtime.
    pub fn stop(&self) {
        self.task.abort();
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.stop();
    }
}

/// Opens the database, seeds it, takes up unfinished batches and starts to listen.
///
/// # Errors
/// When the arguments make no sense, the database cannot be used, or the port is taken.
pub async fn start(config: Config) -> Result<Running> {
    if !(config.speed.is_finite() && config.speed > 0.0) {
        return Err(Error::Config(
            "the speed must be a positive number".to_owned(),
        ));
    }
    if config.seed.leads > 200_000 {
        return Err(Error::Config(
            "at most 200000 leads can be seeded".to_owned(),
        ));
    }
    let proxy = config.proxy.as_deref().map(Proxy::to).transpose()?;
    let mut notices = Vec::new();
    let db = Db::open(&config.location)?;
    let (seed, replace) = (config.seed, config.replace_leads);
    let is_as_is = config.mode == Mode::AsIs;
    notices.extend(
        db.write(move |connection| seed::fill(connection, seed, replace, is_as_is))
            .await?,
    );
    let quirks = Quirks::of_mode(config.mode);
    let shared: Shared = Arc::new(State::new(
        db,
        quirks,
        config.seed.number,
        config.speed,
        config.dist,
        config.dev_controls,
    ));
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, config.port));
    let listener = TcpListener::bind(address)
        .await
        .map_err(Error::io(format!("listening on {address}")))?;
    let address = listener
        .local_addr()
        .map_err(Error::io("asking for the port"))?;
    let resumed = worker::resume(&shared).await?;
    if resumed > 0 {
        notices.push(format!("resumed {resumed} unfinished batches"));
    }
    let task = tokio::spawn(Server::new(Arc::clone(&shared), proxy).run(listener));
    Ok(Running {
        address,
        shared,
        notices,
        task,
    })
}
