//! What can go wrong inside the server. Refusals that are part of the contract live in `http::errors`.

use std::fmt;

/// A failure of the server itself.
#[derive(Debug)]
pub enum Error {
    /// SQLite refused or could not finish a statement.
    Database(rusqlite::Error),
    /// The database thread has ended; the server is shutting down.
    DatabaseClosed,
    /// A file, a socket or a signal handler.
    Io {
        /// What was being done.
        what: String,
        /// Why it failed.
        source: std::io::Error,
    },
    /// An argument or the content of the database that makes no sense together.
    Config(String),
}

/// The result of everything that can fail inside the server.
pub type Result<T, E = Error> = std::result::Result<T, E>;

impl fmt::Display for Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Database(source) => write!(formatter, "database: {source}"),
            Self::DatabaseClosed => write!(formatter, "the database thread has ended"),
            Self::Io { what, source } => write!(formatter, "{what}: {source}"),
            Self::Config(text) => write!(formatter, "{text}"),
        }
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Database(source) => Some(source),
            Self::Io { source, .. } => Some(source),
            Self::DatabaseClosed | Self::Config(_) => None,
        }
    }
}

impl From<rusqlite::Error> for Error {
    fn from(source: rusqlite::Error) -> Self {
        Self::Database(source)
    }
}

impl Error {
    /// Wraps an input or output failure with what was being done.
    pub fn io(what: impl Into<String>) -> impl FnOnce(std::io::Error) -> Self {
        let what = what.into();
        move |source| Self::Io { what, source }
    }
}
