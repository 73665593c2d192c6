//! Requests to the server's REST endpoints and the reading of their answers.

use std::rc::Rc;

use crate::json::{self, Value, json};

use super::json::Json;
use crate::domain::archive::Scope;
use crate::domain::batch::{Batch, BatchId, BatchStatus, Counts, LeadResult, LeadStatus};
use crate::domain::budget::DailyBudget;
use crate::domain::cost::{CostLine, PriceSubject, ProviderCost, Receipt};
use crate::domain::lead::{Enrichment, Lead, LeadFilter, LeadId, LeadPage, LeadRun, SEARCH_MAX};
use crate::domain::money::Usd;
use crate::domain::plan::Plan;
use crate::domain::template::{Template, TemplateVersion};
use crate::domain::text::escaped;
use crate::domain::time::{Duration, Millis, SECOND};
use crate::error::{Error, Kind, Reason};

/// Everything that the app asks of the server.
#[derive(Clone, Debug, PartialEq)]
pub enum Request {
    Login {
        email: String,
        password: String,
    },
    RefreshToken {
        refresh: String,
    },
    Logout,
    Me,
    Leads(LeadRun),
    /// One lead by its identifier; answered as a run of one.
    Lead(LeadId),
    Templates,
    Preview(PriceSubject),
    /// What may still be spent today, as far as the server's books tell.
    Budget,
    Start(Box<Plan>),
    Batches(BatchQuery),
    /// The server's own totals over so many days, from 1 to 90; today's server fails on it.
    Analytics(u32),
    Status(BatchId),
    Cancel(BatchId),
    /// Per-lead results; today's server has no such route and answers 404.
    BatchLeads {
        id: BatchId,
        skip: u32,
        limit: u32,
    },
}

/// One page of the batch list. The server ignores a filter by status, so none is sent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BatchQuery {
    pub skip: u32,
    /// From 1 to 200.
    pub limit: u32,
    pub created_by: Option<String>,
    pub template: Option<TemplateVersion>,
    pub created_after: Option<Millis>,
    pub created_before: Option<Millis>,
}

impl BatchQuery {
    /// Rows of a scope.
    pub fn of(scope: &Scope, skip: u32, limit: u32) -> Self {
        let scope = scope.clone();
        Self {
            skip,
            limit,
            created_by: scope.created_by,
            template: scope.template,
            created_after: scope.after,
            created_before: scope.before,
        }
    }
}

/// The answer to a [`Request`].
#[derive(Clone, Debug, PartialEq)]
pub enum Reply {
    Session(Tokens),
    Me(User),
    Leads(LeadPage),
    Templates(Vec<Template>),
    Preview(Box<Receipt>),
    Budget(DailyBudget),
    Started(Box<Batch>),
    Batches(BatchPage),
    Analytics(Totals),
    Status(Box<Batch>),
    BatchLeads(BatchLeadPage),
    /// It worked and there is nothing to read.
    Done,
}

/// What signing in yields.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tokens {
    pub access: String,
    pub refresh: Option<String>,
    pub user: Option<User>,
}

/// The person who is signed in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct User {
    pub email: String,
    pub name: Option<String>,
}

/// One page of the batch list.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct BatchPage {
    pub batches: Vec<Batch>,
    pub total: u32,
}

/// What the server's own books say of a period.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Totals {
    pub batches: u32,
    pub spent: Usd,
    /// Leads of a batch that succeeded, on the average.
    pub successful_each: Option<f64>,
}

/// One page of a batch's per-lead results.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct BatchLeadPage {
    pub results: Vec<LeadResult>,
    pub total: u32,
}

/// A request as HTTP.
#[derive(Clone, Debug, PartialEq)]
pub struct Http {
    pub method: Method,
    /// Below the API base, with its query.
    pub path: String,
    /// JSON.
    pub body: Option<String>,
    /// Whether the bearer token goes along.
    pub auth: bool,
    pub time_limit: Duration,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    Get,
    Post,
}

impl Request {
    /// What is being done, to be read behind "Could not".
    pub fn task(&self) -> &'static str {
        match self {
            Self::Login { .. } => "sign in",
            Self::RefreshToken { .. } => "renew your session",
            Self::Logout => "sign out",
            Self::Me => "load your account",
            Self::Leads(_) | Self::Lead(_) => "load the leads",
            Self::Templates => "load the templates",
            Self::Preview(_) => "price this choice",
            Self::Budget => "load the budget",
            Self::Start(_) => "start the batch",
            Self::Batches(_) => "load the batches",
            Self::Analytics(_) => "load the server’s totals",
            Self::Status(_) => "load the state of the batch",
            Self::Cancel(_) => "cancel the batch",
            Self::BatchLeads { .. } => "load the results of the batch",
        }
    }

    /// Repeating it does no harm: everything but what spends money or signs in.
    pub fn is_repeatable(&self) -> bool {
        !matches!(
            self,
            Self::Start(_) | Self::Login { .. } | Self::RefreshToken { .. }
        )
    }

    /// As HTTP. Reads of a batch and cancels have short time limits: the real server answers the next request on a
    /// connection that started a batch only when that batch has ended, and an aborted one frees the way.
    pub fn to_http(&self) -> Http {
        use Method::{Get, Post};
        let (method, path, body, auth, seconds) = match self {
            Self::Login { email, password } => (
                Post,
                "/v1/accounts/login".into(),
                Some(json!({"email": email, "password": password})),
                false,
                15,
            ),
            Self::RefreshToken { refresh } => (
                Post,
                "/v1/accounts/refresh".into(),
                Some(json!({"refresh_token": refresh})),
                false,
                15,
            ),
            Self::Logout => (Post, "/v1/accounts/logout".into(), None, true, 5),
            Self::Me => (Get, "/v1/accounts/me".into(), None, true, 10),
            Self::Leads(query) => (Get, leads_path(query), None, true, 10),
            Self::Lead(id) => (Get, format!("/v1/leads/{}", escaped(&id.0)), None, true, 10),
            Self::Templates => (Get, "/template-studio/templates".into(), None, true, 10),
            Self::Preview(subject) => (
                Post,
                "/batch/preview".into(),
                Some(preview_body(subject)),
                true,
                10,
            ),
            Self::Budget => (Get, "/v1/gateway/guardrails/status".into(), None, true, 5),
            Self::Start(plan) => (
                Post,
                "/batch/start".into(),
                Some(start_body(plan)),
                true,
                30,
            ),
            Self::Batches(query) => (Get, batches_path(query), None, true, 3),
            Self::Analytics(days) => (Get, format!("/batch/analytics?days={days}"), None, true, 5),
            Self::Status(id) => (
                Get,
                format!("/batch/{}/status", escaped(&id.0)),
                None,
                true,
                3,
            ),
            Self::Cancel(id) => (
                Post,
                format!("/batch/{}/cancel", escaped(&id.0)),
                None,
                true,
                3,
            ),
            Self::BatchLeads { id, skip, limit } => (
                Get,
                format!("/batch/{}/leads?skip={skip}&limit={limit}", escaped(&id.0)),
                None,
                true,
                5,
            ),
        };
        Http {
            method,
            path,
            body: body.map(|body| body.to_string()),
            auth,
            time_limit: seconds * SECOND,
        }
    }

    /// Reads an answer.
    ///
    /// # Errors
    /// What the status or an unreadable body mean, with the server's own words.
    pub fn read(&self, status: u16, retry_after: Option<&str>, body: &str) -> Result<Reply, Error> {
        let error = |kind| Error {
            kind,
            task: self.task(),
        };
        if !(200..300).contains(&status) {
            return Err(error(read_failure(status, retry_after, body)));
        }
        self.read_success(body)
            .map_err(|what| error(Kind::Unreadable(what)))
    }

    pub(crate) fn read_success(&self, body: &str) -> Result<Reply, String> {
        if matches!(self, Self::Logout | Self::Cancel(_)) {
            return Ok(Reply::Done);
        }
        let value: Value = json::from_str(body).map_err(|_| "not JSON")?;
        let json = Json(&value);
        Ok(match self {
            Self::Login { .. } | Self::RefreshToken { .. } => Reply::Session(read_tokens(json)?),
            Self::Me => Reply::Me(read_user(json).ok_or("no field “email”")?),
            Self::Logout | Self::Cancel(_) => Reply::Done,
            Self::Leads(_) => Reply::Leads(read_leads(json)?),
            Self::Lead(_) => {
                let leads: Vec<_> = read_lead(json).map(Rc::new).into_iter().collect();
                Reply::Leads(LeadPage {
                    total: leads.len() as u32,
                    leads,
                    left_out: 0,
                })
            }
            Self::Templates => {
                let templates = json.items().ok_or("no list of templates")?;
                Reply::Templates(templates.filter_map(read_template).collect())
            }
            Self::Preview(subject) => Reply::Preview(Box::new(read_receipt(json, subject)?)),
            Self::Budget => Reply::Budget(read_budget(json)?),
            Self::Start(_) => Reply::Started(Box::new(read_batch(json)?)),
            Self::Batches(_) => {
                let batches = json
                    .list("batches")?
                    .filter_map(|raw| read_batch(raw).ok())
                    .collect();
                Reply::Batches(BatchPage {
                    batches,
                    total: read_total(json)?,
                })
            }
            Self::Analytics(_) => {
                let told = json.get("statistics");
                Reply::Analytics(Totals {
                    batches: told
                        .count("total_batches")
                        .ok_or("no field “total_batches”")?,
                    spent: told
                        .usd("total_cost_usd")
                        .ok_or("no field “total_cost_usd”")?,
                    successful_each: told.number("average_successful_leads"),
                })
            }
            Self::Status(_) => Reply::Status(Box::new(read_batch(json)?)),
            Self::BatchLeads { .. } => {
                let results = json.list("leads")?.filter_map(read_result).collect();
                Reply::BatchLeads(BatchLeadPage {
                    results,
                    total: read_total(json)?,
                })
            }
        })
    }
}

/// Empty parameters are refused by the server, so they are left out; a longer search than it takes is cut.
fn leads_path(run: &LeadRun) -> String {
    let LeadFilter {
        search,
        enrichment,
        is_manual,
        has_badges,
    } = &run.filter;
    let sort = run.sort.code();
    let order = if run.descending { "desc" } else { "asc" };
    let LeadRun { skip, limit, .. } = run;
    let mut path = format!("/v1/leads?skip={skip}&limit={limit}&sort_by={sort}&sort_order={order}");
    let search: String = search.trim().chars().take(SEARCH_MAX).collect();
    if !search.is_empty() {
        path += &format!("&search={}", escaped(&search));
    }
    if let Some(state) = enrichment {
        path += &format!("&enrichment_status={}", escaped(state.code()));
    }
    for (name, flag) in [("is_manual", is_manual), ("has_badges", has_badges)] {
        if let Some(flag) = flag {
            path += &format!("&{name}={flag}");
        }
    }
    path
}

fn batches_path(query: &BatchQuery) -> String {
    let mut path = format!(
        "/batch?skip={}&limit={}",
        query.skip,
        query.limit.clamp(1, 200)
    );
    let texts = [
        ("created_by", query.created_by.clone()),
        (
            "template_version",
            query.template.as_ref().map(|version| version.0.clone()),
        ),
        (
            "created_after",
            query.created_after.map(Millis::to_utc_text),
        ),
        (
            "created_before",
            query.created_before.map(Millis::to_utc_text),
        ),
    ];
    for (name, value) in texts {
        if let Some(value) = value.filter(|value| !value.is_empty()) {
            path += &format!("&{name}={}", escaped(&value));
        }
    }
    path
}

fn preview_body(subject: &PriceSubject) -> Value {
    let ids: Vec<_> = subject.lead_ids.iter().map(|id| id.0.as_str()).collect();
    json!({"lead_ids": ids, "template_version": subject.template.0})
}

fn start_body(plan: &Plan) -> Value {
    let mut body = preview_body(&plan.subject);
    body["name"] = json!(plan.name);
    body["description"] = json!(plan.reference.attach(plan.description.as_deref()));
    body["estimated_cost_usd"] = json!(plan.price.dollars());
    body["cost_approved"] = json!(true);
    body["max_concurrent"] = json!(plan.max_concurrent);
    body["retry_failed"] = json!(plan.retry_count > 0);
    body["retry_count"] = json!(plan.retry_count);
    body["created_by"] = json!(plan.created_by);
    body
}

/// Reads the four kinds of error bodies that the server has.
fn read_failure(status: u16, retry_after: Option<&str>, body: &str) -> Kind {
    let json: Value = json::from_str(body).unwrap_or(Value::Null);
    let told = ["detail", "message", "error"]
        .iter()
        .find_map(|name| json[name].as_str());
    let words = told.map_or_else(|| format!("status {status}"), plain_words);
    match status {
        401 => Kind::Unauthorized,
        // The server's answer to a request without any token.
        403 if words == "Not authenticated" => Kind::Unauthorized,
        403 => Kind::Forbidden(words),
        404 => Kind::NotFound(words),
        429 => Kind::RateLimited(retry_after.and_then(|seconds| seconds.trim().parse().ok())),
        502..=504 => Kind::Unavailable {
            status,
            told: told.is_some(),
        },
        500.. => Kind::Server(status, words),
        _ => Kind::Refused(match json["detail"].as_array() {
            Some(reasons) => reasons.iter().map(read_reason).collect(),
            None => vec![Reason {
                field: None,
                text: words,
            }],
        }),
    }
}

/// The server's words, unless they are its internals: a validator's dump says nothing to a person.
fn plain_words(words: &str) -> String {
    if words.contains("[type=") {
        return "It cannot read what it has worked out itself; tell the server’s makers".to_owned();
    }
    words.to_owned()
}

fn read_reason(raw: &Value) -> Reason {
    let place = raw["loc"].as_array().map(Vec::as_slice).unwrap_or_default();
    let field = place
        .iter()
        .filter_map(Value::as_str)
        .find(|name| !matches!(*name, "body" | "query" | "path"));
    let text = raw["msg"].as_str().unwrap_or("no reason given");
    Reason {
        field: field.map(str::to_owned),
        text: text
            .strip_prefix("Value error, ")
            .unwrap_or(text)
            .to_owned(),
    }
}

fn read_total(json: Json) -> Result<u32, String> {
    json.count("total_count")
        .ok_or_else(|| "no field “total_count”".to_owned())
}

fn read_tokens(json: Json) -> Result<Tokens, String> {
    Ok(Tokens {
        access: json.text("access_token").ok_or("no field “access_token”")?,
        refresh: json.text("refresh_token"),
        user: read_user(json.get("user")),
    })
}

fn read_user(json: Json) -> Option<User> {
    Some(User {
        email: json.text("email")?,
        name: json.text("full_name"),
    })
}

fn read_leads(json: Json) -> Result<LeadPage, String> {
    let mut page = LeadPage {
        total: read_total(json)?,
        ..LeadPage::default()
    };
    let mut seen: Vec<LeadId> = Vec::new();
    for raw in json.list("leads")? {
        let lead = read_lead(raw);
        let place = lead.as_ref().map(|lead| seen.binary_search(&lead.id));
        match (lead, place) {
            (Some(lead), Some(Err(place))) => {
                seen.insert(place, lead.id.clone());
                page.leads.push(Rc::new(lead));
            }
            _ => page.left_out += 1,
        }
    }
    Ok(page)
}

fn read_lead(raw: Json) -> Option<Lead> {
    if raw.flag("is_deleted") == Some(true) {
        return None;
    }
    Some(Lead {
        id: LeadId(raw.text("id")?),
        company: raw.text("company_name"),
        contact: raw.text("contact_name"),
        email: raw.text("email"),
        domain: raw.text("domain"),
        enrichment: Enrichment::from_code(
            &raw.text("enrichment_status")
                .unwrap_or_else(|| "unknown".into()),
        ),
        is_manual: raw.flag("is_manual").unwrap_or(false),
        source: raw.text("source"),
        created: raw.time("created_at"),
    })
}

fn read_template(raw: Json) -> Option<Template> {
    if raw.flag("is_active") == Some(false) {
        // Not offered any more.
        return None;
    }
    let version = raw.text("version")?;
    let name = raw.text("name").unwrap_or_else(|| version.clone());
    Some(Template {
        display_name: raw.text("display_name").unwrap_or_else(|| name.clone()),
        name,
        description: raw.text("description"),
        version: TemplateVersion(version),
        git_sha: raw.text("git_sha"),
        modified: raw.time("last_modified"),
    })
}

/// The entry of the server's list of limits that all batches of a day come under; its amounts are written in strings.
const DAILY_LIMIT: &str = "global_daily";

fn read_budget(json: Json) -> Result<DailyBudget, String> {
    let mut limits = json.list("limits")?;
    let is_daily = |limit: &Json| limit.get("limit_name").0.as_str() == Some(DAILY_LIMIT);
    let daily = limits
        .find(is_daily)
        .ok_or_else(|| format!("no limit “{DAILY_LIMIT}”"))?;
    let amount = |name: &str| {
        let amount = daily.written_usd(name);
        amount.ok_or_else(|| format!("no amount “{name}” in “{DAILY_LIMIT}”"))
    };
    Ok(DailyBudget {
        limit: amount("limit_amount")?,
        left: amount("remaining_budget")?,
        ends: daily.time("period_end"),
    })
}

/// The steps of the server's calculation in its own order, and what people read for them.
const BREAKDOWN: [(&str, &str); 5] = [
    ("base_cost", CostLine::REPORTS),
    ("provider_costs", CostLine::PROVIDERS),
    ("volume_discount_amount", CostLine::DISCOUNT),
    ("overhead_cost", CostLine::OVERHEAD),
    ("total_cost", CostLine::TOTAL),
];

fn read_receipt(json: Json, subject: &PriceSubject) -> Result<Receipt, String> {
    let total = json
        .usd("estimated_cost_usd")
        .ok_or("no field “estimated_cost_usd”")?;
    let steps = json.get("cost_breakdown");
    let breakdown = BREAKDOWN
        .iter()
        .filter_map(|&(name, label)| {
            let sign = if name == "volume_discount_amount" {
                -1.0
            } else {
                1.0
            };
            let amount = steps
                .number(name)
                .and_then(|dollars| Usd::from_dollars(sign * dollars))?;
            Some(CostLine { label, amount })
        })
        .collect();
    let providers = json
        .get("provider_breakdown")
        .0
        .as_object()
        .into_iter()
        .flatten()
        .filter_map(|(name, raw)| {
            let raw = Json(raw);
            Some(ProviderCost {
                provider: name.clone(),
                leads: raw.count("leads_processed")?,
                each: raw.usd("cost_per_lead")?,
                total: raw.usd("total_cost")?,
            })
        })
        .collect();
    let duration = json.get("estimated_duration_minutes");
    let unknown_leads = match json.list("valid_lead_ids") {
        Ok(valid) => {
            let mut known: Vec<_> = valid.filter_map(Json::as_text).collect();
            known.sort_unstable();
            subject
                .lead_ids
                .iter()
                .filter(|id| known.binary_search(&id.0).is_err())
                .cloned()
                .collect()
        }
        Err(_) => Vec::new(),
    };
    Ok(Receipt {
        subject: subject.clone(),
        total,
        per_lead: json.usd("cost_per_lead"),
        breakdown,
        providers,
        duration_minutes: duration
            .as_count()
            .or_else(|| duration.count("estimated_minutes")),
        within_budget: json.flag("is_within_budget"),
        budget_warning: json.text("budget_warning"),
        accuracy_note: json.text("accuracy_note"),
        unknown_leads,
    })
}

/// A batch in the list, after its start, and in its status; the latter names it `batch_id`.
fn read_batch(raw: Json) -> Result<Batch, String> {
    let id = raw
        .text("id")
        .or_else(|| raw.text("batch_id"))
        .ok_or("no field “id”")?;
    let count = |name| raw.count(name).unwrap_or(0);
    Ok(Batch {
        id: BatchId(id),
        name: raw.text("name"),
        description: raw.text("description"),
        status: BatchStatus::from_code(&raw.text("status").ok_or("no field “status”")?),
        counts: Counts {
            total: count("total_leads"),
            processed: count("processed_leads"),
            successful: count("successful_leads"),
            failed: count("failed_leads"),
        },
        estimated: raw.usd("estimated_cost_usd"),
        actual: raw.usd("actual_cost_usd"),
        template: raw.text("template_version").map(TemplateVersion),
        created: raw.time("created_at"),
        started: raw.time("started_at"),
        completed: raw.time("completed_at"),
        created_by: raw.text("created_by"),
        error: raw.text("error_message"),
        recent: raw
            .list("recent_results")
            .ok()
            .into_iter()
            .flatten()
            .filter_map(read_result)
            .collect(),
        current_lead: raw.text("current_lead_id").map(LeadId),
        rate: None,
        remaining: None,
    })
}

fn read_result(raw: Json) -> Option<LeadResult> {
    Some(LeadResult {
        lead: LeadId(raw.text("lead_id")?),
        status: LeadStatus::from_code(&raw.text("status").unwrap_or_default()),
        error: raw.text("error_message").or_else(|| raw.text("error_code")),
        cost: raw.usd("actual_cost_usd"),
        took: raw.count("processing_duration_ms").map(i64::from),
        report_url: raw.text("report_url"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::lead::LeadQuery;

    fn failure(status: u16, body: &str) -> Kind {
        Request::Templates
            .read(status, None, body)
            .unwrap_err()
            .kind
    }

    #[test]
    fn all_four_error_bodies_are_read() {
        assert_eq!(
            failure(404, r#"{"detail":"Batch not found"}"#),
            Kind::NotFound("Batch not found".into())
        );
        let array = r#"{"detail":[{"type":"x","loc":["body","lead_ids",0],"msg":"Value error, no","input":1}]}"#;
        let reason = Reason {
            field: Some("lead_ids".into()),
            text: "no".into(),
        };
        assert_eq!(failure(422, array), Kind::Refused(vec![reason]));
        let internal = r#"{"error":"INTERNAL_ERROR","message":"An unexpected error occurred"}"#;
        assert_eq!(
            failure(500, internal),
            Kind::Server(500, "An unexpected error occurred".into())
        );
        assert_eq!(
            failure(429, r#"{"error":"Rate limit exceeded: 10 per 1 second"}"#),
            Kind::RateLimited(None)
        );
    }

    #[test]
    fn a_body_that_is_not_json_is_still_an_answer_in_words() {
        assert_eq!(
            failure(500, "<html>"),
            Kind::Server(500, "status 500".into())
        );
        for (body, told) in [("", false), (r#"{"detail":"busy"}"#, true)] {
            let unavailable = Kind::Unavailable { status: 503, told };
            assert_eq!(failure(503, body), unavailable);
        }
        let read = Request::Templates.read(200, None, "<html>").unwrap_err();
        assert_eq!(
            read.to_string(),
            "Could not load the templates: the server’s answer could not be read (not JSON)."
        );
    }

    #[test]
    fn retry_after_is_honoured_where_it_is_a_number() {
        let read = |header| Request::Templates.read(429, header, "{}").unwrap_err().kind;
        assert_eq!(read(Some("7")), Kind::RateLimited(Some(7)));
        assert_eq!(
            read(Some("Wed, 21 Oct 2026 07:28:00 GMT")),
            Kind::RateLimited(None)
        );
    }

    #[test]
    fn empty_filters_are_left_out_and_words_are_escaped() {
        let mut query = LeadQuery {
            page_size: 50,
            ..LeadQuery::default()
        };
        assert_eq!(
            Request::Leads(query.page_run()).to_http().path,
            "/v1/leads?skip=0&limit=50&sort_by=created_at&sort_order=desc"
        );
        query.filter = LeadFilter {
            search: " a&b=ü ".into(),
            enrichment: Some(Enrichment::InProgress),
            is_manual: Some(false),
            has_badges: Some(true),
        };
        query.page = 2;
        assert!(Request::Leads(query.page_run()).to_http().path.ends_with(
            "skip=100&limit=50&sort_by=created_at&sort_order=desc&search=a%26b%3D%C3%BC&enrichment_status=in_progress&is_manual=false&has_badges=true"
        ));
    }

    #[test]
    fn a_search_is_cut_to_what_the_server_answers() {
        let filter = LeadFilter {
            search: "x".repeat(600),
            ..LeadFilter::default()
        };
        let query = LeadQuery {
            filter,
            ..LeadQuery::default()
        };
        let path = Request::Leads(query.run(0, 10)).to_http().path;
        assert_eq!(path.matches('x').count(), SEARCH_MAX);
    }

    #[test]
    fn repeated_leads_within_a_page_are_shown_once_and_counted() {
        let body = r#"{"leads":[{"id":"a"},{"id":"b"},{"id":"a"},{"id":null},{"id":"c","is_deleted":true}],"total_count":5}"#;
        let request = Request::Leads(LeadQuery::default().run(0, 10));
        let Ok(Reply::Leads(page)) = request.read(200, None, body) else {
            panic!()
        };
        assert_eq!((page.leads.len(), page.total, page.left_out), (2, 5, 3));
    }

    #[test]
    fn a_preview_names_the_leads_that_are_gone() {
        let id = |id: &str| LeadId(id.into());
        let subject = PriceSubject::new([id("a"), id("b")], TemplateVersion("v1".into()));
        let body = r#"{"estimated_cost_usd":1.5,"valid_lead_ids":["b"],"estimated_duration_minutes":{"estimated_minutes":3}}"#;
        let Ok(Reply::Preview(receipt)) = Request::Preview(subject).read(200, None, body) else {
            panic!()
        };
        assert_eq!(receipt.unknown_leads, [id("a")]);
        assert_eq!(receipt.duration_minutes, Some(3));
        assert_eq!(receipt.within_budget, None);
    }

    /// Prevents: a limit that is missing or written in another way is taken for no money, or for money without end.
    #[test]
    fn a_budget_is_read_exactly_or_refused_in_words() {
        let usd = |dollars| Usd::from_dollars(dollars).unwrap();
        let daily =
            |fields: &str| format!(r#"{{"limits":[7,{{"limit_name":"global_daily",{fields}}}]}}"#);
        let money = |limit: &str, left: &str| {
            daily(&format!(
                r#""limit_amount":{limit},"remaining_budget":{left}"#
            ))
        };
        let read = |body: &str| match Request::Budget.read(200, None, body) {
            Ok(Reply::Budget(budget)) => Ok((budget.limit, budget.left)),
            Ok(other) => panic!("{other:?}"),
            Err(error) => Err(error.to_string()),
        };
        let good = [
            (r#""1000.0""#, r#""700.0000""#, 1000.0, 700.0),
            ("1000", "1000.0", 1000.0, 1000.0),
            (r#""0""#, r#""-12.5""#, 0.0, -12.5),
        ];
        for (limit, left, limit_read, left_read) in good {
            let told = read(&money(limit, left));
            assert_eq!(
                told,
                Ok((usd(limit_read), usd(left_read))),
                "{limit} {left}"
            );
        }
        let bad = [
            ("null".into(), "no list “limits”"),
            ("[]".into(), "no list “limits”"),
            (r#"{"limits":null}"#.into(), "no list “limits”"),
            (r#"{"limits":[]}"#.into(), "no limit “global_daily”"),
            (
                r#"{"limits":[{"limit_name":"openai_daily","limit_amount":"1","remaining_budget":"1"}]}"#.into(),
                "no limit “global_daily”",
            ),
            (daily(r#""limit_amount":"1000.0""#), "no amount “remaining_budget”"),
            (money("null", r#""1.0""#), "no amount “limit_amount”"),
            (money(r#""1.0""#, "null"), "no amount “remaining_budget”"),
            (money(r#""1,000""#, r#""1.0""#), "no amount “limit_amount”"),
            (money(r#""1.0""#, r#""NaN""#), "no amount “remaining_budget”"),
            (money(r#""1.0""#, "1e300"), "no amount “remaining_budget”"),
            (money(r#""1.0""#, "true"), "no amount “remaining_budget”"),
            (money(r#""1.0""#, r#"["1.0"]"#), "no amount “remaining_budget”"),
        ];
        for (body, words) in bad {
            let told = read(&body).unwrap_err();
            assert!(told.starts_with("Could not load the budget: "), "{told}");
            assert!(told.contains(words), "{body}: {told}");
        }
        // The end of the day is a help, not a need.
        let times = [
            ("null", None),
            (r#""tomorrow""#, None),
            (
                r#""2026-11-24T00:00:00""#,
                Millis::parse_utc("2026-11-24T00:00:00Z"),
            ),
        ];
        for (end, read) in times {
            let fields = format!(r#""limit_amount":"1","remaining_budget":"1","period_end":{end}"#);
            let Ok(Reply::Budget(budget)) = Request::Budget.read(200, None, &daily(&fields)) else {
                panic!("{end}")
            };
            assert_eq!(budget.ends, read, "{end}");
        }
    }

    #[test]
    fn a_price_that_is_missing_is_not_nothing() {
        let subject = PriceSubject::new([], TemplateVersion("v1".into()));
        for body in [
            "{}",
            r#"{"estimated_cost_usd":null}"#,
            r#"{"estimated_cost_usd":"free"}"#,
        ] {
            let read = Request::Preview(subject.clone()).read(200, None, body);
            assert!(matches!(read.unwrap_err().kind, Kind::Unreadable(_)));
        }
    }
}
