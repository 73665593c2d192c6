//! People, their organisation, badges and report templates.

use rusqlite::{Transaction, params};

use super::{ORGANIZATION_ID, PASSWORD, USERS};
use crate::clock::DAY;
use crate::error::Result;

const USER_IDS: [&str; 3] = [
    "246fc94f-aa06-42a5-8139-57e7cca513c5",
    "8f1d0c4e-52a7-4c1b-9a36-0d3b7a5f4e21",
    "c07be0a9-6d4f-4f0a-8b55-3f2f0e9d7a10",
];

pub(super) const BADGES: [(&str, &str, &str, &str); 3] = [
    (
        "cc3a2c2a-e028-442c-8664-5cf763b1a493",
        "Hot",
        "priority",
        "#dc3545",
    ),
    (
        "e9bd1c84-aa8d-426f-b5d6-dbd11b5a3c89",
        "Qualified",
        "qualified",
        "#198754",
    ),
    (
        "6da190ae-b46e-407d-a046-801aba09b78e",
        "Contacted",
        "contacted",
        "#007bff",
    ),
];

type Template = (
    &'static str,
    &'static str,
    &'static str,
    Option<&'static str>,
    &'static str,
    bool,
);

/// The four recorded templates, one retired (hidden) and one not yet released.
const TEMPLATES: [Template; 6] = [
    (
        "70975997-c284-4b49-85cb-a37f9e943b22",
        "audit_standard",
        "Standard Business Audit",
        Some("Balanced audit for most leads"),
        "v1",
        true,
    ),
    (
        "4d7ae827-eb3c-487d-b024-9f1c25b2ab5e",
        "audit_standard",
        "Standard Business Audit (2.0)",
        Some("Second edition of the audit"),
        "2.0.0",
        true,
    ),
    (
        "3e33954d-756c-4563-8445-a251f3571b93",
        "website_quick",
        "Website Quick Check",
        None,
        "simple",
        true,
    ),
    (
        "645b7761-a5e3-4947-9425-baf5d0990615",
        "growth_deep",
        "Comprehensive Growth Report",
        Some("Everything, with competitor section"),
        "comprehensive",
        true,
    ),
    (
        "0c4b3c38-8a6d-4f6b-9a0e-8c1d6d1e5f01",
        "audit_legacy",
        "Legacy Audit",
        Some("Retired edition"),
        "0.9.0",
        false,
    ),
    (
        "b8a5f0de-4a3e-4d0c-b0c7-2f5b9f8e6a02",
        "audit_standard",
        "Standard Business Audit (3.0 beta)",
        Some("Third edition, not yet released"),
        "3.0.0-beta.1",
        true,
    ),
];

pub(super) fn fill_people(transaction: &Transaction<'_>, now: i64) -> Result<()> {
    let born = now - 90 * DAY;
    for ((email, username, name, member), id) in USERS.iter().zip(USER_IDS) {
        transaction.execute(
            "INSERT INTO users (id, email, username, full_name, password, organization_id, created_at, updated_at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?7)",
            params![id, email, username, name, PASSWORD, member.then_some(ORGANIZATION_ID), born],
        )?;
    }
    for (id, name, kind, color) in BADGES {
        transaction.execute(
            "INSERT INTO badges (id, name, badge_type, color, created_at) VALUES (?1, ?2, ?3, ?4, ?5)",
            params![id, name, kind, color, born],
        )?;
    }
    for (id, name, display_name, description, version, is_active) in TEMPLATES {
        transaction.execute(
            "INSERT INTO templates (id, name, display_name, description, version, is_active)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
            params![id, name, display_name, description, version, is_active],
        )?;
    }
    Ok(())
}
