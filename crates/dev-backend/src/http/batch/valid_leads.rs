//! The leads of a request that exist.

use rusqlite::{Connection, OptionalExtension};

use crate::cost::LeadFacts;
use crate::error::Result;

pub(super) struct KnownLead {
    pub(super) position: i64,
    pub(super) id: String,
    pub(super) facts: LeadFacts,
}

/// The leads that exist, in the order of the request.
pub(super) fn valid_leads(connection: &Connection, ids: &[String]) -> Result<Vec<KnownLead>> {
    let mut find = connection.prepare_cached(
        "SELECT position, id, email IS NOT NULL, domain IS NOT NULL, enrichment_status = 'completed'
         FROM leads WHERE id = ?1 AND NOT is_deleted",
    )?;
    let mut leads = Vec::with_capacity(ids.len());
    for id in ids {
        let lead = find
            .query_row([id], |row| {
                Ok(KnownLead {
                    position: row.get(0)?,
                    id: row.get(1)?,
                    facts: LeadFacts {
                        has_email: row.get(2)?,
                        has_domain: row.get(3)?,
                        is_enriched: row.get(4)?,
                    },
                })
            })
            .optional()?;
        leads.extend(lead);
    }
    Ok(leads)
}
