//! A batch as the server told it.

use batch_runner::domain::batch::Batch;
use serde_json::Value;

use crate::figures::{assert_time, text, usd};

pub fn assert_batch(batch: &Batch, raw: &Value, name: &str) {
    let id = raw
        .get("id")
        .or(raw.get("batch_id"))
        .and_then(Value::as_str)
        .unwrap();
    assert_eq!(batch.id.0, id, "{name}");
    assert_eq!(
        batch.status.code(),
        raw["status"].as_str().unwrap(),
        "{name}"
    );
    let counts = [
        batch.counts.total,
        batch.counts.processed,
        batch.counts.successful,
        batch.counts.failed,
    ];
    let fields = [
        "total_leads",
        "processed_leads",
        "successful_leads",
        "failed_leads",
    ];
    assert_eq!(
        counts.map(u64::from),
        fields.map(|field| raw[field].as_u64().unwrap()),
        "{name}"
    );
    let percent = raw["progress_percentage"].as_f64().unwrap();
    assert!(
        (batch.counts.percent() - percent).abs() < 0.01,
        "{name}: {percent} %"
    );
    assert_eq!(batch.estimated, usd(&raw["estimated_cost_usd"]), "{name}");
    assert_eq!(batch.actual, usd(&raw["actual_cost_usd"]), "{name}");
    assert_eq!(batch.name, text(&raw["name"]), "{name}");
    assert_eq!(batch.description, text(&raw["description"]), "{name}");
    assert_eq!(batch.created_by, text(&raw["created_by"]), "{name}");
    assert_eq!(batch.error, text(&raw["error_message"]), "{name}");
    assert_eq!(
        batch.template.clone().map(|version| version.0),
        text(&raw["template_version"]),
        "{name}"
    );
    assert_time(batch.created, &raw["created_at"], name);
    assert_time(batch.started, &raw["started_at"], name);
    assert_time(batch.completed, &raw["completed_at"], name);
    assert_eq!(
        batch.current_lead.clone().map(|lead| lead.0),
        text(&raw["current_lead_id"]),
        "{name}"
    );
    let recent = raw["recent_results"].as_array().map_or(0, Vec::len);
    assert_eq!(batch.recent.len(), recent, "{name}");
    for (read, raw) in batch
        .recent
        .iter()
        .zip(raw["recent_results"].as_array().into_iter().flatten())
    {
        assert_eq!(read.lead.0, raw["lead_id"].as_str().unwrap(), "{name}");
        assert_eq!(read.took, raw["processing_duration_ms"].as_i64(), "{name}");
        assert_eq!(read.error, text(&raw["error_message"]), "{name}");
    }
}
