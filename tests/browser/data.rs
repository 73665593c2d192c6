//! Answers as the server gives them.

use serde_json::{Value, json};

pub fn lead(n: u32) -> Value {
    json!({"id": format!("lead-{n:03}"), "company_name": format!("Company {n}"), "contact_name": format!("Contact {n}"),
        "email": format!("c{n}@example"), "domain": format!("c{n}.example"), "source": "fair",
        "enrichment_status": "completed", "is_manual": false, "created_at": "2026-11-20T10:00:00"})
}

/// The first of so many leads, at most a page of them.
pub fn leads(total: u32) -> Value {
    let page: Vec<_> = (1..=total.min(50)).map(lead).collect();
    json!({"leads": page, "total_count": total})
}

pub fn templates() -> Value {
    json!([
        {"name": "audit", "display_name": "Audit", "version": "v1", "is_active": true},
        {"name": "deep", "display_name": "Deep audit", "version": "2.0.0", "is_active": true,
            "description": "With competitors."},
    ])
}

/// A price for the leads with these numbers.
pub fn price(numbers: &[u32], dollars: f64) -> Value {
    let ids: Vec<_> = numbers.iter().map(|n| format!("lead-{n:03}")).collect();
    json!({"estimated_cost_usd": dollars, "valid_lead_ids": ids, "lead_count": ids.len(), "is_within_budget": true})
}

pub fn batch(id: &str, status: &str, total: u32, done: u32) -> Value {
    json!({"id": id, "name": format!("Batch {id}"), "status": status, "total_leads": total, "processed_leads": done,
        "successful_leads": done, "failed_leads": 0, "template_version": "v1", "created_at": "2026-11-23T12:00:00",
        "created_by": "olive@example", "recent_results": []})
}

/// The same with other fields.
pub fn with(mut value: Value, fields: Value) -> Value {
    for (name, field) in fields.as_object().into_iter().flatten() {
        value[name] = field.clone();
    }
    value
}

pub fn batches(batches: &[Value]) -> Value {
    json!({"batches": batches, "total_count": batches.len()})
}

pub fn me() -> Value {
    json!({"email": "olive@example", "full_name": "Olive"})
}

pub fn session() -> Value {
    json!({"access_token": "t2", "refresh_token": "r2", "expires_in": 1800, "user": me()})
}
