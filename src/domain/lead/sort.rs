//! The orders in which leads are listed.

use std::cmp::Ordering;
use std::rc::Rc;

use super::Lead;

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
    /// No column of the table: the only order in which the server's pages neither overlap nor miss a lead.
    Id,
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
            Self::Id => "id",
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
            Self::Id => "Identifier",
        }
    }

    /// The way in which leads are ordered, in words.
    pub fn way(self, descending: bool) -> &'static str {
        match (self, descending) {
            (Self::Created, true) => "newest first",
            (Self::Created, false) => "oldest first",
            (_, true) => "Z to A",
            (_, false) => "A to Z",
        }
    }

    /// How two leads are ordered; nothing comes behind everything, as the server has it.
    fn compare(self, one: &Lead, other: &Lead) -> Ordering {
        let text = |of: fn(&Lead) -> Option<&String>| match (of(one), of(other)) {
            (Some(one), Some(other)) => one.cmp(other),
            (one, other) => one.is_none().cmp(&other.is_none()),
        };
        match self {
            Self::Company => text(|lead| lead.company.as_ref()),
            Self::Contact => text(|lead| lead.contact.as_ref()),
            Self::Email => text(|lead| lead.email.as_ref()),
            Self::Enrichment => one.enrichment.code().cmp(other.enrichment.code()),
            Self::Source => text(|lead| lead.source.as_ref()),
            Self::Created => one.created.cmp(&other.created),
            Self::Id => Ordering::Equal,
        }
    }

    /// Puts leads into this order; equal ones by identifier.
    pub fn sort(self, leads: &mut [Rc<Lead>], descending: bool) {
        leads.sort_unstable_by(|one, other| {
            let order = self.compare(one, other);
            let order = if descending { order.reverse() } else { order };
            order.then_with(|| one.id.cmp(&other.id))
        });
    }
}
