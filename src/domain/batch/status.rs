//! Where a batch stands.

/// Where a batch stands, in the server's words.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum BatchStatus {
    Pending,
    Running,
    Completed,
    Failed,
    Cancelled,
    /// A word that this version of the app does not know; shown as it is and taken as not finished.
    Other(String),
}

impl BatchStatus {
    /// The states that can be filtered by.
    pub const KNOWN: [Self; 5] = [
        Self::Pending,
        Self::Running,
        Self::Completed,
        Self::Failed,
        Self::Cancelled,
    ];

    /// The server's word.
    pub fn code(&self) -> &str {
        match self {
            Self::Pending => "pending",
            Self::Running => "running",
            Self::Completed => "completed",
            Self::Failed => "failed",
            Self::Cancelled => "cancelled",
            Self::Other(word) => word,
        }
    }

    /// From the server's word.
    pub fn from_code(code: &str) -> Self {
        Self::KNOWN
            .into_iter()
            .find(|known| known.code() == code)
            .unwrap_or_else(|| Self::Other(code.to_owned()))
    }

    /// What people read.
    pub fn label(&self) -> &str {
        match self {
            Self::Pending => "Waiting to start",
            Self::Running => "Running",
            Self::Completed => "Completed",
            Self::Failed => "Failed",
            Self::Cancelled => "Cancelled",
            Self::Other(word) => word,
        }
    }

    /// Nothing more is expected to happen.
    pub fn is_terminal(&self) -> bool {
        matches!(self, Self::Completed | Self::Failed | Self::Cancelled)
    }
}
