//! How batches are written.

use rusqlite::Row;
use serde_json::{Value, json};

use crate::clock;
use crate::cost;
use crate::quirks::Quirk;
use crate::state::Shared;

/// How batches are written, which a quirk changes.
#[derive(Clone, Copy)]
pub(super) struct BatchView {
    prefix: &'static str,
}

impl BatchView {
    pub(super) fn of(shared: &Shared) -> Self {
        Self {
            prefix: if shared.has(Quirk::WrongWebsocketUrl) {
                "/api/v1"
            } else {
                "/api"
            },
        }
    }

    pub(super) fn batch(self, row: &Row<'_>) -> rusqlite::Result<Value> {
        let id: String = row.get("id")?;
        let (total, processed) = (row.get("total_leads")?, row.get("processed_leads")?);
        let url = format!("{}/batch/{id}/progress", self.prefix);
        Ok(json!({
            "id": id,
            "name": row.get::<_, Option<String>>("name")?,
            "description": row.get::<_, Option<String>>("description")?,
            "status": row.get::<_, String>("status")?,
            "total_leads": total,
            "processed_leads": processed,
            "successful_leads": row.get::<_, i64>("successful_leads")?,
            "failed_leads": row.get::<_, i64>("failed_leads")?,
            "progress_percentage": percentage(processed, total),
            "estimated_cost_usd": row.get::<_, Option<i64>>("estimated_cost")?.map(cost::dollars),
            "actual_cost_usd": row.get::<_, Option<i64>>("actual_cost")?.map(cost::dollars),
            "template_version": row.get::<_, String>("template_version")?,
            "websocket_url": url,
            "created_at": clock::naive(row.get("created_at")?),
            "started_at": row.get::<_, Option<i64>>("started_at")?.map(clock::naive),
            "completed_at": row.get::<_, Option<i64>>("completed_at")?.map(clock::naive),
            "created_by": row.get::<_, Option<String>>("created_by")?,
            "error_message": row.get::<_, Option<String>>("error_message")?,
        }))
    }
}

/// Per cent with two digits, as recorded.
pub(super) fn percentage(processed: i64, total: i64) -> f64 {
    #[allow(clippy::cast_precision_loss)]
    let share = processed as f64 / total.max(1) as f64;
    (share * 10_000.0).round() / 100.0
}
