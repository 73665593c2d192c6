//! Leads: the businesses that reports are made about.

use super::time::Millis;

/// The server's identifier of a lead.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LeadId(pub String);

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

/// Columns that the server can sort leads by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum LeadSort {
    Company,
    Contact,
    Email,
    Enrichment,
    Source,
    #[default]
    Created,
}

impl LeadSort {
    /// In the order of the table's columns.
    pub const ALL: [Self; 6] = [
        Self::Company,
        Self::Contact,
        Self::Email,
        Self::Enrichment,
        Self::Source,
        Self::Created,
    ];

    /// The server's name of the column.
    pub fn code(self) -> &'static str {
        match self {
            Self::Company => "company_name",
            Self::Contact => "contact_name",
            Self::Email => "email",
            Self::Enrichment => "enrichment_status",
            Self::Source => "source",
            Self::Created => "created_at",
        }
    }

    /// From the server's name.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|sort| sort.code() == code)
    }

    /// The column's heading.
    pub fn label(self) -> &'static str {
        match self {
            Self::Company => "Company",
            Self::Contact => "Contact",
            Self::Email => "E-mail",
            Self::Enrichment => "Enrichment",
            Self::Source => "Source",
            Self::Created => "Added",
        }
    }
}

/// Which leads are meant; everything here is done by the server.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct LeadFilter {
    /// At most [`SEARCH_MAX`] characters reach the server, which fails on more.
    pub search: String,
    pub enrichment: Option<Enrichment>,
    pub is_manual: Option<bool>,
    pub has_badges: Option<bool>,
}

/// The longest search that the server answers; longer ones are 500 there.
pub const SEARCH_MAX: usize = 500;

impl LeadFilter {
    /// True where every lead matches.
    pub fn is_empty(&self) -> bool {
        self == &Self::default()
    }
}

/// One page of the lead list, as asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LeadQuery {
    pub filter: LeadFilter,
    pub sort: LeadSort,
    pub descending: bool,
    /// Counted from 0.
    pub page: u32,
    pub page_size: u32,
}

/// Page sizes on offer.
pub const PAGE_SIZES: [u32; 3] = [25, 50, 100];

impl Default for LeadQuery {
    fn default() -> Self {
        Self {
            filter: LeadFilter::default(),
            sort: LeadSort::Created,
            descending: true,
            page: 0,
            page_size: 50,
        }
    }
}

/// One page of the lead list, as answered.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct LeadPage {
    pub leads: Vec<Lead>,
    /// How many leads match, as the server counts. With `has_badges` it counts lead-badge pairs instead.
    pub total: u32,
    /// Entries that could not be read, or that repeated a lead of the same answer. They are left out and told.
    pub left_out: u32,
}

impl LeadPage {
    /// How many pages of `page_size` there are; at least one.
    pub fn page_count(&self, page_size: u32) -> u32 {
        self.total.div_ceil(page_size.max(1)).max(1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_and_states_agree() {
        for state in Enrichment::KNOWN {
            assert_eq!(Enrichment::from_code(state.code()), state);
        }
        assert_eq!(Enrichment::from_code("queued").label(), "queued");
        for sort in LeadSort::ALL {
            assert_eq!(LeadSort::from_code(sort.code()), Some(sort));
        }
    }

    #[test]
    fn a_lead_without_company_still_has_a_name() {
        let lead = Lead {
            id: LeadId("x1".into()),
            company: Some("  ".into()),
            contact: None,
            email: Some("a@b.example".into()),
            domain: None,
            enrichment: Enrichment::Pending,
            is_manual: false,
            source: None,
            created: None,
        };
        assert_eq!(lead.name(), "a@b.example");
    }

    #[test]
    fn there_is_always_a_page() {
        assert_eq!(LeadPage::default().page_count(50), 1);
        assert_eq!(
            LeadPage {
                total: 101,
                ..LeadPage::default()
            }
            .page_count(50),
            3
        );
    }
}
