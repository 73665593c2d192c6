//! A page of leads as the server told it.

use std::collections::BTreeMap;

use batch_runner::domain::lead::LeadPage;
use serde_json::Value;

use crate::figures::{assert_time, text};

pub fn assert_leads(page: &LeadPage, body: &Value, name: &str) {
    assert_eq!(
        u64::from(page.total),
        body["total_count"].as_u64().unwrap(),
        "{name}"
    );
    let rows = body["leads"].as_array().unwrap();
    assert_eq!(
        page.leads.len() + page.left_out as usize,
        rows.len(),
        "{name}: no row is lost in silence"
    );
    let by_id: BTreeMap<_, _> = rows
        .iter()
        .map(|row| (row["id"].as_str().unwrap(), row))
        .collect();
    for lead in &page.leads {
        let row = by_id[lead.id.0.as_str()];
        assert_eq!(lead.company, text(&row["company_name"]), "{name}");
        assert_eq!(lead.contact, text(&row["contact_name"]), "{name}");
        assert_eq!(lead.email, text(&row["email"]), "{name}");
        assert_eq!(lead.domain, text(&row["domain"]), "{name}");
        assert_eq!(lead.source, text(&row["source"]), "{name}");
        assert_eq!(
            lead.enrichment.code(),
            row["enrichment_status"].as_str().unwrap(),
            "{name}"
        );
        assert_eq!(Some(lead.is_manual), row["is_manual"].as_bool(), "{name}");
        assert_time(lead.created, &row["created_at"], name);
    }
}
