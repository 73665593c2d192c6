//! How many leads there are of each kind that the price depends on.

use crate::domain::lead::{Enrichment, Lead};

/// How many leads of each kind there are, as far as the price depends on it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Kinds {
    pub leads: u32,
    /// Of which only the identifier is known here, perhaps with a name; they are in none of the other counts.
    pub unknown: u32,
    pub without_email: u32,
    pub with_domain: u32,
    /// Without an e-mail address, and enriched already.
    pub enriched_without_email: u32,
    /// With a domain, and enriched already.
    pub enriched_with_domain: u32,
}

impl Kinds {
    /// Counts leads; one walk over them.
    pub fn of<'a>(leads: impl Iterator<Item = &'a Lead>) -> Self {
        let mut kinds = Self::default();
        for lead in leads {
            kinds.add(lead);
        }
        kinds
    }

    /// Counts one lead more.
    pub fn add(&mut self, lead: &Lead) {
        self.leads += 1;
        // Every lead that the server told has a word for this.
        if lead.enrichment.code().is_empty() {
            self.unknown += 1;
            return;
        }
        let enriched = u32::from(lead.enrichment == Enrichment::Completed);
        let without_email = u32::from(lead.email.is_none());
        let with_domain = u32::from(lead.domain.is_some());
        self.without_email += without_email;
        self.with_domain += with_domain;
        self.enriched_without_email += without_email * enriched;
        self.enriched_with_domain += with_domain * enriched;
    }

    pub(super) fn known(&self) -> u32 {
        self.leads.saturating_sub(self.unknown)
    }

    /// How many of the known leads a provider works on; `None` for a provider of which nothing is known. Source: the
    /// contract's “rates as served”, and the recorded previews for what `enriched` says: whether enriched leads are
    /// priced like others, as the recorded server does.
    pub(super) fn needing(&self, provider: &str, enriched: bool) -> Option<u32> {
        let less = |all: u32, done: u32| all.saturating_sub(if enriched { 0 } else { done });
        Some(match provider {
            "hunter" => less(self.without_email, self.enriched_without_email),
            "dataaxle" => less(self.with_domain, self.enriched_with_domain),
            "openai" => self.known(),
            "semrush" | "pagespeed" | "screenshotone" => self.with_domain,
            _ => return None,
        })
    }
}

/// The providers whose need is known here.
pub(super) const PROVIDERS: [&str; 6] = [
    "hunter",
    "dataaxle",
    "openai",
    "semrush",
    "pagespeed",
    "screenshotone",
];
