//! Batches: what is known of one, and how new knowledge is merged without ever running backwards.

mod contradiction;
mod counts;
mod lead_result;
mod merge;
mod status;

pub use counts::Counts;
pub use lead_result::{LeadResult, LeadStatus};
pub use merge::Source;
pub use status::BatchStatus;

use super::lead::LeadId;
use super::money::Usd;
use super::plan::ClientReference;
use super::template::TemplateVersion;
use super::time::{Duration, Millis, SECOND};

/// The server's identifier of a batch.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct BatchId(pub String);

impl BatchId {
    /// The first eight characters: enough to tell batches without a name apart.
    pub fn short(&self) -> String {
        self.0.chars().take(8).collect()
    }
}

/// Everything known of one batch.
#[derive(Clone, Debug, PartialEq)]
pub struct Batch {
    pub id: BatchId,
    pub name: Option<String>,
    pub description: Option<String>,
    pub status: BatchStatus,
    pub counts: Counts,
    pub estimated: Option<Usd>,
    pub actual: Option<Usd>,
    pub template: Option<TemplateVersion>,
    pub created: Option<Millis>,
    pub started: Option<Millis>,
    pub completed: Option<Millis>,
    pub created_by: Option<String>,
    /// The server's words where something went wrong.
    pub error: Option<String>,
    /// Leads that are worked on now or were finished last, newest first.
    pub recent: Vec<LeadResult>,
    pub current_lead: Option<LeadId>,
    /// Leads per second, as the server says.
    pub rate: Option<f64>,
    /// How long the rest takes, as the server says.
    pub remaining: Option<Duration>,
}

impl Batch {
    /// The reference of the approval that started it, from its description.
    pub fn reference(&self) -> Option<ClientReference> {
        ClientReference::detach(self.description.as_deref()?).1
    }

    /// A batch of which nothing but its identifier is known.
    pub fn unknown(id: BatchId) -> Self {
        Self {
            id,
            name: None,
            description: None,
            status: BatchStatus::Other("unknown".into()),
            counts: Counts::default(),
            estimated: None,
            actual: None,
            template: None,
            created: None,
            started: None,
            completed: None,
            created_by: None,
            error: None,
            recent: Vec::new(),
            current_lead: None,
            rate: None,
            remaining: None,
        }
    }

    /// The name given by a person, or the beginning of the identifier.
    pub fn title(&self) -> String {
        match self.name.as_deref().map(str::trim) {
            Some(name) if !name.is_empty() => name.to_owned(),
            _ => format!("Batch {}", self.id.short()),
        }
    }

    /// How much more it cost than was estimated, or less.
    pub fn difference(&self) -> Option<Usd> {
        Some(self.actual? - self.estimated?)
    }

    /// The time from start to end, where both are known.
    pub fn duration(&self) -> Option<Duration> {
        Some(self.completed? - self.started?)
    }
}

/// After so long without any movement a running batch is called stalled.
pub const STALLED_AFTER: Duration = 90 * SECOND;

#[cfg(test)]
mod tests;
