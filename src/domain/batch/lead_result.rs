//! What became of one lead of a batch, as the server tells it in passing.

use crate::domain::lead::LeadId;
use crate::domain::money::Usd;
use crate::domain::time::Duration;

/// One finished or unfinished lead as the server tells it in passing.
#[derive(Clone, Debug, PartialEq)]
pub struct LeadResult {
    pub lead: LeadId,
    pub status: LeadStatus,
    /// The server's words where it failed.
    pub error: Option<String>,
    pub cost: Option<Usd>,
    pub took: Option<Duration>,
    pub report_url: Option<String>,
}

impl LeadResult {
    /// The address of its report, where that is a page: a server's words are no reason to run anything.
    pub fn report_link(&self) -> Option<&str> {
        let url = self.report_url.as_deref()?;
        let is_local = url.starts_with('/') && !url.starts_with("//");
        let is_page = is_local || url.starts_with("https://") || url.starts_with("http://");
        is_page.then_some(url)
    }
}

/// Where one lead of a batch stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LeadStatus {
    Pending,
    Processing,
    Completed,
    Failed,
    /// Left out because the batch was cancelled.
    Skipped,
    Other(String),
}

impl LeadStatus {
    /// From the server's word.
    pub fn from_code(code: &str) -> Self {
        match code {
            "pending" => Self::Pending,
            "processing" | "running" | "in_progress" => Self::Processing,
            "completed" | "success" => Self::Completed,
            "failed" | "error" => Self::Failed,
            "skipped" | "cancelled" => Self::Skipped,
            other => Self::Other(other.to_owned()),
        }
    }

    /// What people read.
    pub fn label(&self) -> &str {
        match self {
            Self::Pending => "Waiting",
            Self::Processing => "In progress",
            Self::Completed => "Done",
            Self::Failed => "Failed",
            Self::Skipped => "Not started",
            Self::Other(word) => word,
        }
    }

    /// The lead's outcome stands.
    pub fn is_outcome(&self) -> bool {
        matches!(self, Self::Completed | Self::Failed)
    }
}
