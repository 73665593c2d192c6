//! The database: one file, one writing thread, and a reading thread beside it.
//!
//! SQLite calls block, so they never run on the threads that serve connections. With a file, reads
//! have their own connection (WAL lets them run beside a write); in memory both are one.

use std::path::PathBuf;
use std::sync::mpsc;

use rusqlite::Connection;
use tokio::sync::oneshot;

use crate::error::{Error, Result};

type Job = Box<dyn FnOnce(&mut Connection) + Send>;

/// Where the data lives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Location {
    /// In memory: gone when the process ends.
    Memory,
    /// In one file (and its `-wal` and `-shm` companions).
    File(PathBuf),
}

/// A handle to the database threads. Clones share them; they end when the last handle is gone.
#[derive(Debug, Clone)]
pub struct Db {
    writer: mpsc::Sender<Job>,
    reader: mpsc::Sender<Job>,
}

impl Db {
    /// Opens or creates the database and its tables.
    ///
    /// # Errors
    /// When the file cannot be opened or holds something else.
    pub fn open(location: &Location) -> Result<Self> {
        match location {
            Location::Memory => {
                let connection = Connection::open_in_memory()?;
                prepare(&connection, "memory")?;
                let both = spawn(connection, "db")?;
                Ok(Self {
                    writer: both.clone(),
                    reader: both,
                })
            }
            Location::File(path) => {
                let writing = Connection::open(path)?;
                writing.busy_timeout(std::time::Duration::from_secs(5))?;
                prepare(&writing, &path.display().to_string())?;
                // NORMAL survives the death of the process, which is what the tests inflict; only a
                // power cut can lose the last commits, and development data can bear that.
                writing.execute_batch("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;")?;
                let reading = Connection::open(path)?;
                reading.busy_timeout(std::time::Duration::from_secs(5))?;
                reading.execute_batch("PRAGMA query_only = ON;")?;
                Ok(Self {
                    writer: spawn(writing, "db-write")?,
                    reader: spawn(reading, "db-read")?,
                })
            }
        }
    }

    /// Runs `job` where it may write, after every write before it.
    ///
    /// # Errors
    /// Those of `job`, and [`Error::DatabaseClosed`] during shutdown.
    pub async fn write<T, F>(&self, job: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnOnce(&mut Connection) -> Result<T> + Send + 'static,
    {
        run(&self.writer, job).await
    }

    /// Runs `job` where it may only read. It sees every write whose future has resolved.
    ///
    /// # Errors
    /// Those of `job`, and [`Error::DatabaseClosed`] during shutdown.
    pub async fn read<T, F>(&self, job: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnOnce(&mut Connection) -> Result<T> + Send + 'static,
    {
        run(&self.reader, job).await
    }
}

/// Counts the changes of [`SCHEMA`].
const SCHEMA_VERSION: i64 = 2;

/// Creates the tables of a new database. One of another version, or of somebody else, is left alone.
fn prepare(connection: &Connection, name: &str) -> Result<()> {
    let version: i64 = connection.query_row("PRAGMA user_version", [], |row| row.get(0))?;
    let tables: i64 =
        connection.query_row("SELECT COUNT(*) FROM sqlite_schema", [], |row| row.get(0))?;
    if version == SCHEMA_VERSION {
        return Ok(());
    }
    if tables > 0 {
        return Err(Error::Config(format!(
            "{name} was made by another version of this server or by something else: delete it, or name another file"
        )));
    }
    connection.execute_batch(SCHEMA)?;
    connection.execute_batch(&format!("PRAGMA user_version = {SCHEMA_VERSION};"))?;
    Ok(())
}

async fn run<T, F>(to: &mpsc::Sender<Job>, job: F) -> Result<T>
where
    T: Send + 'static,
    F: FnOnce(&mut Connection) -> Result<T> + Send + 'static,
{
    let (answer, answered) = oneshot::channel();
    to.send(Box::new(move |connection| {
        // The asker may have gone; its write still counts.
        let _ = answer.send(job(connection));
    }))
    .map_err(|_| Error::DatabaseClosed)?;
    answered.await.map_err(|_| Error::DatabaseClosed)?
}

fn spawn(mut connection: Connection, name: &str) -> Result<mpsc::Sender<Job>> {
    connection.set_prepared_statement_cache_capacity(64);
    let (sender, jobs) = mpsc::channel::<Job>();
    std::thread::Builder::new()
        .name(name.to_owned())
        .spawn(move || {
            for job in jobs {
                job(&mut connection);
            }
        })
        .map_err(Error::io("starting the database thread"))?;
    Ok(sender)
}

/// Amounts of money are whole millionths of a dollar, so that sums are exact; instants are
/// microseconds since the epoch, UTC.
const SCHEMA: &str = "
CREATE TABLE facts (
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL
);
CREATE TABLE users (
    id TEXT PRIMARY KEY,
    email TEXT NOT NULL UNIQUE,
    username TEXT NOT NULL,
    full_name TEXT NOT NULL,
    password TEXT NOT NULL,
    organization_id TEXT,
    last_login_at INTEGER,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL
);
CREATE TABLE tokens (
    token TEXT PRIMARY KEY,
    user_id TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('access', 'refresh')),
    issued_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    revoked INTEGER NOT NULL DEFAULT 0
);
CREATE TABLE badges (
    position INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    badge_type TEXT NOT NULL,
    color TEXT NOT NULL,
    created_at INTEGER NOT NULL
);
CREATE TABLE leads (
    position INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    email TEXT,
    domain TEXT,
    company_name TEXT,
    contact_name TEXT,
    enrichment_status TEXT NOT NULL,
    enrichment_task_id TEXT,
    enrichment_error TEXT,
    is_manual INTEGER NOT NULL,
    source TEXT,
    is_deleted INTEGER NOT NULL DEFAULT 0,
    deleted_at INTEGER,
    created_by TEXT
);
CREATE INDEX leads_by_age ON leads (created_at);
CREATE TABLE lead_badges (
    id TEXT NOT NULL,
    lead_id TEXT NOT NULL,
    badge_id TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (lead_id, badge_id)
) WITHOUT ROWID;
CREATE TABLE templates (
    position INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    display_name TEXT NOT NULL,
    description TEXT,
    version TEXT NOT NULL,
    is_active INTEGER NOT NULL
);
CREATE TABLE batches (
    position INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    name TEXT,
    description TEXT,
    template_version TEXT NOT NULL,
    status TEXT NOT NULL,
    total_leads INTEGER NOT NULL,
    processed_leads INTEGER NOT NULL DEFAULT 0,
    successful_leads INTEGER NOT NULL DEFAULT 0,
    failed_leads INTEGER NOT NULL DEFAULT 0,
    estimated_cost INTEGER,
    actual_cost INTEGER,
    cost_approved INTEGER NOT NULL DEFAULT 1,
    max_concurrent INTEGER NOT NULL DEFAULT 5,
    retry_failed INTEGER NOT NULL DEFAULT 1,
    retry_count INTEGER NOT NULL DEFAULT 3,
    created_by TEXT,
    current_lead_id TEXT,
    error_message TEXT,
    cancel_requested_at INTEGER,
    is_processed INTEGER NOT NULL DEFAULT 1,
    first_seq INTEGER NOT NULL DEFAULT 0,
    created_at INTEGER NOT NULL,
    started_at INTEGER,
    completed_at INTEGER
);
CREATE INDEX batches_by_age ON batches (created_at);
CREATE TABLE batch_leads (
    batch_id TEXT NOT NULL,
    position INTEGER NOT NULL,
    lead_id TEXT NOT NULL,
    status TEXT NOT NULL DEFAULT 'pending',
    attempts INTEGER NOT NULL DEFAULT 0,
    actual_cost INTEGER,
    error_code TEXT,
    error_message TEXT,
    report_url TEXT,
    duration_ms INTEGER,
    completed_at INTEGER,
    PRIMARY KEY (batch_id, position)
) WITHOUT ROWID;
CREATE TABLE spend (
    day TEXT NOT NULL,
    provider TEXT NOT NULL,
    operation TEXT NOT NULL,
    total INTEGER NOT NULL,
    requests INTEGER NOT NULL,
    PRIMARY KEY (day, provider, operation)
) WITHOUT ROWID;
";
