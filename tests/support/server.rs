//! A small server that answers as the real one does, with faults on request.

use std::collections::{BTreeMap, VecDeque};

use batch_runner::app::Outcome;
use batch_runner::wire::rest::{Http, Method};
use serde_json::{Value, json};

/// What one request is met with.
#[derive(Clone, Debug)]
pub enum Answer {
    /// As the server answers on a good day.
    Usual,
    Http(u16, Value),
    Text(u16, &'static str),
    /// 429 with the seconds to wait.
    Limited(Option<u32>),
    /// The server acts, but its answer gets lost.
    LostAfterActing,
    /// The server acts, but something before it answers this.
    ActedYet(u16, Value),
    /// The server never sees it.
    Lost,
    Timeout,
    Offline,
    /// The same, but so many milliseconds later.
    Late(i64, Box<Answer>),
}

struct Rule {
    method: Method,
    part: &'static str,
    answers: VecDeque<Answer>,
    always: Option<Answer>,
}

/// One price that was told, for exactly which question.
#[derive(Clone, Debug, PartialEq)]
pub struct Told {
    pub leads: Vec<String>,
    pub template: String,
    pub dollars: f64,
}

/// The server's state; tests change it at will.
pub struct Server {
    pub leads: Vec<Value>,
    pub templates: Vec<Value>,
    /// Newest first.
    pub batches: Vec<Value>,
    /// Per-lead results by batch; the route is missing where there are none.
    pub results: BTreeMap<String, Value>,
    pub good_token: String,
    /// Who signs in, or has the token.
    pub person: String,
    pub price_each: f64,
    pub within_budget: bool,
    /// Identifiers that the preview does not know any more.
    pub gone: Vec<String>,
    pub has_multiplexed: bool,
    pub has_per_batch: bool,
    /// Prices that were told.
    pub told: Vec<Told>,
    rules: Vec<Rule>,
    started: u32,
}

impl Default for Server {
    fn default() -> Self {
        let lead = |n: u32| {
            json!({"id": format!("lead-{n:03}"), "company_name": format!("Company {n}"),
                "enrichment_status": "completed", "is_manual": false, "created_at": "2026-11-20T10:00:00"})
        };
        let template = |version: &str| json!({"name": "audit", "display_name": version, "version": version, "is_active": true});
        Self {
            leads: (1..=120).map(lead).collect(),
            templates: vec![template("v1"), template("2.0.0"), template("simple")],
            batches: Vec::new(),
            results: BTreeMap::new(),
            person: "olive@example".into(),
            good_token: "good".into(),
            price_each: 0.5,
            within_budget: true,
            gone: Vec::new(),
            has_multiplexed: true,
            has_per_batch: true,
            told: Vec::new(),
            rules: Vec::new(),
            started: 0,
        }
    }
}

impl Server {
    /// The next request whose path contains `part` is met so; several are used up in order.
    pub fn once(
        &mut self,
        method: Method,
        part: &'static str,
        answers: impl IntoIterator<Item = Answer>,
    ) {
        self.rules.push(Rule {
            method,
            part,
            answers: answers.into_iter().collect(),
            always: None,
        });
    }

    /// From now on every request whose path contains `part` is met so.
    pub fn always(&mut self, method: Method, part: &'static str, answer: Answer) {
        self.rules.push(Rule {
            method,
            part,
            answers: VecDeque::new(),
            always: Some(answer),
        });
    }

    /// No faults any more.
    pub fn mend(&mut self) {
        self.rules.clear();
    }

    /// A batch as the list tells it.
    pub fn batch(id: &str, status: &str, total: u32, done: u32) -> Value {
        json!({"id": id, "batch_id": id, "name": format!("Batch {id}"), "status": status, "total_leads": total,
            "processed_leads": done, "successful_leads": done, "failed_leads": 0, "template_version": "v1",
            "created_at": "2026-11-23T12:00:00", "created_by": "olive@example", "recent_results": []})
    }

    /// Changes one batch that the server knows.
    pub fn set(&mut self, id: &str, status: &str, done: u32) {
        for batch in self.batches.iter_mut().filter(|batch| batch["id"] == id) {
            batch["status"] = json!(status);
            batch["processed_leads"] = json!(done);
            batch["successful_leads"] = json!(done);
        }
    }

    /// Answers one request; the delay is in milliseconds.
    pub fn answer(&mut self, http: &Http, token: Option<&str>) -> (i64, Outcome) {
        let rule = self.rules.iter_mut().find(|rule| {
            rule.method == http.method
                && http.path.contains(rule.part)
                && (rule.always.is_some() || !rule.answers.is_empty())
        });
        let answer = rule.and_then(|rule| rule.answers.pop_front().or_else(|| rule.always.clone()));
        self.meet(answer.unwrap_or(Answer::Usual), http, token)
    }

    fn meet(&mut self, answer: Answer, http: &Http, token: Option<&str>) -> (i64, Outcome) {
        let body = |status, retry_after, body| {
            (
                20,
                Outcome::Http {
                    status,
                    retry_after,
                    body,
                },
            )
        };
        match answer {
            Answer::Usual => {
                let (status, json) = self.usual(http, token);
                body(status, None, json.to_string())
            }
            Answer::Http(status, json) => body(status, None, json.to_string()),
            Answer::Text(status, text) => body(status, None, text.into()),
            Answer::Limited(seconds) => {
                let json = json!({"error": "Rate limit exceeded: 10 per 1 second"});
                body(
                    429,
                    seconds.map(|seconds| seconds.to_string()),
                    json.to_string(),
                )
            }
            Answer::LostAfterActing => {
                self.usual(http, token);
                (20, Outcome::Network)
            }
            Answer::ActedYet(status, json) => {
                self.usual(http, token);
                body(status, None, json.to_string())
            }
            Answer::Lost => (20, Outcome::Network),
            Answer::Timeout => (http.time_limit, Outcome::Timeout),
            Answer::Offline => (1, Outcome::Offline),
            Answer::Late(delay, answer) => {
                let (usual, outcome) = self.meet(*answer, http, token);
                (usual + delay, outcome)
            }
        }
    }

    fn usual(&mut self, http: &Http, token: Option<&str>) -> (u16, Value) {
        let path = http.path.split('?').next().unwrap_or_default();
        let body: Value = http
            .body
            .as_deref()
            .and_then(|body| serde_json::from_str(body).ok())
            .unwrap_or_default();
        let needs_token = path.starts_with("/v1/leads") || path == "/v1/accounts/me";
        if needs_token && token != Some(&self.good_token) {
            return (401, json!({"detail": "Invalid authentication credentials"}));
        }
        let parts: Vec<_> = path.trim_start_matches('/').split('/').collect();
        match parts[..] {
            ["v1", "accounts", "login" | "refresh"] => (200, self.session()),
            ["v1", "accounts", "logout"] => (200, json!({"message": "Logged out"})),
            ["v1", "accounts", "me"] => (200, json!({"email": self.person, "full_name": "Olive"})),
            ["v1", "leads"] => (200, self.lead_page(&http.path)),
            ["template-studio", "templates"] => (200, json!(self.templates)),
            ["batch", "preview"] => self.preview(&body),
            ["batch", "start"] => self.start(&body),
            ["batch"] => {
                let limit = number(&http.path, "limit=").unwrap_or(50);
                let time = |name| {
                    let rest = http.path.split(name).nth(1)?;
                    Some(rest.split('&').next()?.replace("%3A", ":"))
                };
                let (after, before) = (time("created_after="), time("created_before="));
                let is_within = |batch: &&Value| {
                    let created = batch["created_at"].as_str().unwrap_or_default();
                    after.as_deref().is_none_or(|after| created >= after)
                        && before.as_deref().is_none_or(|before| created <= before)
                };
                let page: Vec<_> = self
                    .batches
                    .iter()
                    .filter(is_within)
                    .skip(number(&http.path, "skip=").unwrap_or(0))
                    .take(limit)
                    .collect();
                (
                    200,
                    json!({"batches": page, "total_count": self.batches.len()}),
                )
            }
            ["batch", id, "status"] => self.find(id),
            ["batch", id, "leads"] => match self.results.get(id) {
                Some(results) => (200, results.clone()),
                None if self.results.is_empty() => (404, json!({"detail": "Not Found"})),
                None => (404, json!({"detail": "Batch not found"})),
            },
            ["batch", id, "cancel"] => match self.find(id) {
                (200, batch) if matches!(batch["status"].as_str(), Some("pending" | "running")) => {
                    let done = batch["processed_leads"].as_u64().unwrap_or_default();
                    self.set(id, "cancelled", u32::try_from(done).unwrap_or_default());
                    (200, json!({"message": "Batch cancelled successfully"}))
                }
                (200, _) => (
                    400,
                    json!({"detail": "Batch cannot be cancelled in current status"}),
                ),
                missing => missing,
            },
            _ => (404, json!({"detail": "Not Found"})),
        }
    }

    fn session(&self) -> Value {
        json!({"access_token": self.good_token, "refresh_token": "refresh-2", "expires_in": 1800,
            "user": {"email": self.person, "full_name": "Olive"}})
    }

    fn lead_page(&self, path: &str) -> Value {
        let search = path
            .split("search=")
            .nth(1)
            .map(|rest| rest.split('&').next().unwrap_or_default().to_lowercase());
        let name = |lead: &Value| {
            lead["company_name"]
                .as_str()
                .unwrap_or_default()
                .to_lowercase()
                .replace(' ', "%20")
        };
        let matches = |lead: &&Value| {
            search
                .as_ref()
                .is_none_or(|search| name(lead).contains(search))
        };
        let all: Vec<_> = self.leads.iter().filter(matches).collect();
        let skip = number(path, "skip=").unwrap_or(0);
        let page: Vec<_> = all
            .iter()
            .skip(skip)
            .take(number(path, "limit=").unwrap_or(50))
            .collect();
        json!({"leads": page, "total_count": all.len()})
    }

    fn preview(&mut self, body: &Value) -> (u16, Value) {
        let ids: Vec<String> = serde_json::from_value(body["lead_ids"].clone()).unwrap_or_default();
        let template = body["template_version"]
            .as_str()
            .unwrap_or_default()
            .to_owned();
        let valid: Vec<_> = ids
            .iter()
            .rev()
            .filter(|id| !self.gone.contains(id))
            .cloned()
            .collect();
        if valid.is_empty() {
            return (422, json!({"detail": "No valid leads found"}));
        }
        // Every template and every number of leads has a price of its own, so that none passes for another.
        let factor = if template == "2.0.0" { 2.0 } else { 1.0 };
        let dollars = (self.price_each * factor * valid.len() as f64 * 1e6).round() / 1e6;
        self.told.push(Told {
            leads: ids,
            template,
            dollars,
        });
        let warning = (!self.within_budget)
            .then_some("Batch cost $9.00 exceeds remaining daily budget $5.00");
        let told = json!({"estimated_cost_usd": dollars, "valid_lead_ids": valid, "lead_count": valid.len(),
            "is_within_budget": self.within_budget, "budget_warning": warning, "estimated_duration_minutes": 2});
        (200, told)
    }

    fn start(&mut self, body: &Value) -> (u16, Value) {
        self.started += 1;
        let id = format!("batch-{}", self.started);
        let total = body["lead_ids"].as_array().map_or(0, Vec::len);
        let mut batch = Self::batch(&id, "pending", u32::try_from(total).unwrap_or_default(), 0);
        for field in [
            "name",
            "description",
            "template_version",
            "created_by",
            "estimated_cost_usd",
        ] {
            batch[field] = body[field].clone();
        }
        self.batches.insert(0, batch.clone());
        (201, batch)
    }

    fn find(&self, id: &str) -> (u16, Value) {
        match self.batches.iter().find(|batch| batch["id"] == id) {
            Some(batch) => (200, batch.clone()),
            None => (404, json!({"detail": "Batch not found"})),
        }
    }
}

fn number(path: &str, name: &str) -> Option<usize> {
    let (_, rest) = path.split_once(name)?;
    rest.split('&').next()?.parse().ok()
}
