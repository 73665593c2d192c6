//! Leads: the businesses that reports are made about.

mod enrichment;
mod filter;
mod query;
mod sort;

pub use enrichment::Enrichment;
pub use filter::{LeadFilter, SEARCH_MAX};
pub use query::{LeadPage, LeadQuery, LeadRun, NO_PAGES, PAGE_SIZES, RUN_MAX};
pub use sort::LeadSort;

use super::time::Millis;

/// The server's identifier of a lead.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LeadId(pub String);

/// One lead as the list shows it.
#[derive(Clone, Debug, PartialEq)]
pub struct Lead {
    pub id: LeadId,
    pub company: Option<String>,
    pub contact: Option<String>,
    pub email: Option<String>,
    pub domain: Option<String>,
    pub enrichment: Enrichment,
    /// Entered by hand rather than imported.
    pub is_manual: bool,
    pub source: Option<String>,
    pub created: Option<Millis>,
}

impl Lead {
    /// A lead of which only this much is known.
    pub fn known_by(id: LeadId, name: &str) -> Self {
        Self {
            id,
            company: (!name.is_empty()).then(|| name.to_owned()),
            contact: None,
            email: None,
            domain: None,
            enrichment: Enrichment::Other(String::new()),
            is_manual: false,
            source: None,
            created: None,
        }
    }

    /// The best name there is: company, contact, e-mail address, domain, or the identifier.
    pub fn name(&self) -> &str {
        [&self.company, &self.contact, &self.email, &self.domain]
            .into_iter()
            .flatten()
            .map(String::as_str)
            .find(|name| !name.trim().is_empty())
            .unwrap_or(&self.id.0)
    }
}

#[cfg(test)]
mod tests;
