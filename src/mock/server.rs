//! A small invented server: a few hundred leads, two templates, batches that move with the clock.

use serde_json::{Value, json};

use crate::app::Outcome;
use crate::domain::budget::day_start;
use crate::domain::text::unescaped;
use crate::domain::time::{DAY, Millis, SECOND};
use crate::wire::rest::{Http, Method};

const LEADS: usize = 400;
const PRICE_EACH: f64 = 0.62;
/// Leads that a batch gets done in a second.
const RATE: i64 = 8;

/// What the invented server remembers.
#[derive(Debug, Default)]
pub struct MockServer {
    batches: Vec<MockBatch>,
}

#[derive(Debug)]
struct MockBatch {
    id: String,
    name: Value,
    description: Value,
    template: Value,
    lead_ids: Vec<Value>,
    started: Millis,
    stopped: Option<Millis>,
}

impl MockBatch {
    fn processed(&self, now: Millis) -> i64 {
        let until = self.stopped.unwrap_or(now).min(now);
        ((until - self.started) * RATE / SECOND).clamp(0, self.lead_ids.len() as i64)
    }

    fn status(&self, now: Millis) -> &'static str {
        match (
            self.processed(now) == self.lead_ids.len() as i64,
            self.stopped,
        ) {
            (true, _) => "completed",
            (false, Some(_)) => "cancelled",
            (false, None) => "running",
        }
    }

    fn json(&self, now: Millis) -> Value {
        let (total, done) = (self.lead_ids.len() as i64, self.processed(now));
        let status = self.status(now);
        let ended =
            (status != "running").then(|| (self.started + done * SECOND / RATE).to_utc_text());
        json!({
            "id": self.id, "batch_id": self.id, "name": self.name, "description": self.description, "status": status,
            "total_leads": total, "processed_leads": done, "successful_leads": done - done / 25, "failed_leads": done / 25,
            "estimated_cost_usd": total as f64 * PRICE_EACH,
            "actual_cost_usd": ended.as_ref().map(|_| done as f64 * PRICE_EACH * 0.97),
            "template_version": self.template, "created_at": self.started.to_utc_text(),
            "started_at": self.started.to_utc_text(), "completed_at": ended, "created_by": "demo@example.invalid",
        })
    }

    fn progress(&self, now: Millis) -> Value {
        let (total, done) = (self.lead_ids.len() as i64, self.processed(now));
        json!({
            "type": "progress_update", "batch_id": self.id, "processed": done, "total": total,
            "successful": done - done / 25, "failed": done / 25, "processing_rate_per_second": RATE,
            "estimated_remaining_seconds": (total - done) / RATE,
            "current_lead": self.lead_ids.get(done as usize),
        })
    }
}

impl MockServer {
    /// Answers a request.
    pub fn answer(&mut self, http: &Http, now: Millis) -> Outcome {
        let (path, query) = http.path.split_once('?').unwrap_or((&http.path, ""));
        let body: Value = http
            .body
            .as_deref()
            .and_then(|body| serde_json::from_str(body).ok())
            .unwrap_or_default();
        let parts: Vec<_> = path.trim_matches('/').split('/').collect();
        let (status, answer) = match (http.method, parts.as_slice()) {
            (_, ["v1", "accounts", "login" | "refresh"]) => {
                (200, json!({"access_token": "demo", "user": user()}))
            }
            (_, ["v1", "accounts", "me"]) => (200, user()),
            (_, ["v1", "accounts", "logout"]) => (200, json!({})),
            (_, ["v1", "leads"]) => (200, leads(query)),
            (_, ["template-studio", "templates"]) => (200, templates()),
            (_, ["v1", "gateway", "guardrails", "status"]) => (200, budget(now)),
            (_, ["batch", "preview"]) => (200, preview(&body)),
            (Method::Post, ["batch", "start"]) => (201, self.start(&body, now)),
            (Method::Get, ["batch"]) => (200, self.list(query, now)),
            (Method::Get, ["batch", id, "status"]) => {
                match self.batches.iter().find(|batch| batch.id == *id) {
                    Some(batch) => (200, batch.json(now)),
                    None => (404, json!({"detail": "Batch not found"})),
                }
            }
            (Method::Post, ["batch", id, "cancel"]) => {
                match self.batches.iter_mut().find(|batch| batch.id == *id) {
                    Some(batch) if batch.status(now) == "running" => {
                        batch.stopped = Some(now);
                        (200, json!({"message": "Batch cancelled successfully"}))
                    }
                    _ => (
                        400,
                        json!({"detail": "Batch cannot be cancelled in current status"}),
                    ),
                }
            }
            _ => (404, json!({"detail": "Not Found"})),
        };
        Outcome::Http {
            status,
            retry_after: None,
            body: answer.to_string(),
        }
    }

    /// Progress of everything that runs, as frames of the multiplexed socket.
    pub fn frames(&self, now: Millis) -> Vec<String> {
        let mut frames = Vec::new();
        for batch in &self.batches {
            frames.push(batch.progress(now).to_string());
            if batch.status(now) != "running" {
                let end = json!({"type": "batch_completed", "batch_id": batch.id, "status": batch.status(now)});
                frames.push(end.to_string());
            }
        }
        frames
    }

    fn start(&mut self, body: &Value, now: Millis) -> Value {
        let batch = MockBatch {
            id: format!("demo-{:04}", self.batches.len() + 1),
            name: body["name"].clone(),
            description: body["description"].clone(),
            template: body["template_version"].clone(),
            lead_ids: body["lead_ids"].as_array().cloned().unwrap_or_default(),
            started: now,
            stopped: None,
        };
        let answer = batch.json(now);
        self.batches.insert(0, batch);
        answer
    }

    fn list(&self, query: &str, now: Millis) -> Value {
        let (skip, limit) = (number(query, "skip", 0), number(query, "limit", 50));
        let page: Vec<_> = self
            .batches
            .iter()
            .skip(skip)
            .take(limit)
            .map(|batch| batch.json(now))
            .collect();
        json!({"batches": page, "total_count": self.batches.len()})
    }
}

fn user() -> Value {
    json!({"email": "demo@example.invalid", "full_name": "Demo Person"})
}

fn templates() -> Value {
    json!([
        {"name": "audit", "display_name": "Business Audit", "version": "2.0.0", "is_active": true,
         "description": "Built-in example data: nothing is bought."},
        {"name": "quick", "display_name": "Quick Check", "version": "1.0.0", "is_active": true},
    ])
}

fn budget(now: Millis) -> Value {
    let ends = (day_start(now) + DAY).to_utc_text();
    json!({"limits": [{"limit_name": "global_daily", "limit_amount": "1000.0", "remaining_budget": "1000.00",
        "period_end": ends}]})
}

fn preview(body: &Value) -> Value {
    let count = body["lead_ids"].as_array().map_or(0, Vec::len);
    json!({
        "estimated_cost_usd": count as f64 * PRICE_EACH, "cost_per_lead": PRICE_EACH, "is_within_budget": true,
        "valid_lead_ids": body["lead_ids"], "estimated_duration_minutes": count / 480 + 1,
    })
}

fn leads(query: &str) -> Value {
    let (skip, limit) = (number(query, "skip", 0), number(query, "limit", 100));
    let search = parameter(query, "search")
        .map(|text| unescaped(text).to_lowercase())
        .unwrap_or_default();
    let all: Vec<_> = (0..LEADS)
        .map(lead)
        .filter(|lead| lead.to_string().to_lowercase().contains(&search))
        .collect();
    let total = all.len();
    let page: Vec<_> = all.into_iter().skip(skip).take(limit).collect();
    json!({"leads": page, "total_count": total})
}

fn lead(n: usize) -> Value {
    const TOWNS: [&str; 7] = [
        "Harbor", "Cedar", "Cobalt", "Amber", "Prairie", "Golden", "Juniper",
    ];
    const TRADES: [&str; 5] = ["Dental", "Roofing", "Florist", "Plumbing", "Tutoring"];
    let (town, trade) = (
        TOWNS[n % TOWNS.len()],
        TRADES[n / TOWNS.len() % TRADES.len()],
    );
    let domain = format!("{}{}{n}.example", town.to_lowercase(), trade.to_lowercase());
    json!({
        "id": format!("demo-lead-{n:04}"), "company_name": format!("{town} {trade} #{n}"),
        "email": format!("hello@{domain}"), "domain": domain, "is_manual": n.is_multiple_of(9), "source": "demo",
        "enrichment_status": if n.is_multiple_of(3) { "pending" } else { "completed" },
    })
}

fn parameter<'a>(query: &'a str, name: &str) -> Option<&'a str> {
    query
        .split('&')
        .filter_map(|part| part.split_once('='))
        .find(|(key, _)| *key == name)
        .map(|(_, value)| value)
}

fn number(query: &str, name: &str, default: usize) -> usize {
    parameter(query, name)
        .and_then(|value| value.parse().ok())
        .unwrap_or(default)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::lead::LeadQuery;
    use crate::wire::rest::{BatchQuery, Reply, Request};

    fn ask(server: &mut MockServer, request: &Request, now: Millis) -> Reply {
        let Outcome::Http { status, body, .. } = server.answer(&request.to_http(), now) else {
            panic!()
        };
        request.read(status, None, &body).unwrap()
    }

    #[test]
    fn the_app_reads_what_the_invented_server_says() {
        let mut server = MockServer::default();
        let Reply::Leads(page) = ask(
            &mut server,
            &Request::Leads(LeadQuery::default().run(0, 50)),
            Millis(0),
        ) else {
            panic!()
        };
        assert_eq!(
            (page.leads.len(), page.total as usize, page.left_out),
            (50, LEADS, 0)
        );
        assert!(
            matches!(ask(&mut server, &Request::Templates, Millis(0)), Reply::Templates(list) if list.len() == 2)
        );
        let list = Request::Batches(BatchQuery {
            limit: 10,
            ..BatchQuery::default()
        });
        assert!(
            matches!(ask(&mut server, &list, Millis(0)), Reply::Batches(page) if page.total == 0)
        );
    }
}
