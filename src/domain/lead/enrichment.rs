//! How far the server has got with finding out more about a lead.

/// How far the server has got with finding out more about a lead.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Enrichment {
    Pending,
    InProgress,
    Completed,
    Failed,
    /// A word that this version of the app does not know; shown as it is.
    Other(String),
}

impl Enrichment {
    /// The states that the server can be asked to filter by.
    pub const KNOWN: [Self; 4] = [
        Self::Pending,
        Self::InProgress,
        Self::Completed,
        Self::Failed,
    ];

    /// The server's word.
    pub fn code(&self) -> &str {
        match self {
            Self::Pending => "pending",
            Self::InProgress => "in_progress",
            Self::Completed => "completed",
            Self::Failed => "failed",
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
            Self::Pending => "Not enriched yet",
            Self::InProgress => "Being enriched",
            Self::Completed => "Enriched",
            Self::Failed => "Enrichment failed",
            Self::Other(word) => word,
        }
    }
}
