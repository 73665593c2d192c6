//! A plan: what a person approves and what is then bought, once.

mod fingerprint;
mod reference;
mod settings;

pub use reference::{ClientReference, Part};
pub use settings::{
    CONCURRENCY, Complaint, DESCRIPTION_MAX, Field, NAME_MAX, RETRIES, Settings, check_lead_count,
    check_settings, clean_text,
};

use super::cost::PriceSubject;
use super::lead::LeadSort;
use super::money::Usd;

/// So many batches can be started by one approval.
pub const BATCHES_MAX: usize = 20;

/// An approved purchase: exactly what is sent to the server.
#[derive(Clone, Debug, PartialEq)]
pub struct Plan {
    pub subject: PriceSubject,
    pub price: Usd,
    pub name: Option<String>,
    pub description: Option<String>,
    pub max_concurrent: u8,
    pub retry_count: u8,
    pub created_by: Option<String>,
    /// Random words by which this very launch is found again in the server's list.
    pub reference: ClientReference,
}

impl Plan {
    /// The name of its lock: equal leads with an equal template are started by one tab at a time.
    pub fn lock(&self) -> String {
        format!("batch-runner-plan-{:016x}", self.subject.hash())
    }

    /// The name of its record: of all approvals of the same leads and template it begins alike.
    pub fn record(&self) -> String {
        format!("{}{}", self.records(), self.reference.0)
    }

    /// What the records' names of all approvals of these leads and this template begin with.
    pub fn records(&self) -> String {
        format!("{:016x} ", self.subject.hash())
    }
}

/// How leads that are too many for one batch are divided among several.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SplitOrder {
    pub sort: LeadSort,
    pub descending: bool,
    /// What its batches have in common, and the number of the last one that was started.
    pub begun: Option<(ClientReference, u32)>,
}

#[cfg(test)]
mod tests;
