//! Batches: starting one, its state and results, and the list of all.

use serde::Serialize;

use super::answer::read_total;
use super::leads::texts_of;
use super::{Answer, Http, Reply, Request};
use crate::domain::archive::Scope;
use crate::domain::batch::{Batch, BatchId, BatchStatus, Counts, LeadResult, LeadStatus};
use crate::domain::lead::LeadId;
use crate::domain::money::Usd;
use crate::domain::plan::Plan;
use crate::domain::template::TemplateVersion;
use crate::domain::text::escaped;
use crate::domain::time::Millis;
use crate::error::Error;
use crate::wire::json::Json;

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

#[derive(Serialize)]
struct Start<'a> {
    lead_ids: Vec<&'a str>,
    template_version: &'a str,
    name: Option<&'a str>,
    description: String,
    estimated_cost_usd: f64,
    cost_approved: bool,
    max_concurrent: u8,
    retry_failed: bool,
    retry_count: u8,
    created_by: Option<&'a str>,
}

pub(super) fn start(plan: &Plan) -> Http {
    Http::post("/batch/start".into(), 30).with(&Start {
        lead_ids: texts_of(&plan.subject.lead_ids),
        template_version: &plan.subject.template.0,
        name: plan.name.as_deref(),
        description: plan.reference.attach(plan.description.as_deref()),
        estimated_cost_usd: plan.price.dollars(),
        cost_approved: true,
        max_concurrent: plan.max_concurrent,
        retry_failed: plan.retry_count > 0,
        retry_count: plan.retry_count,
        created_by: plan.created_by.as_deref(),
    })
}

// Reads of a batch and cancels have short time limits: the real server answers the next request on a connection that
// started a batch only when that batch has ended, and an aborted one frees the way.

pub(super) fn list(query: &BatchQuery) -> Http {
    Http::get(list_path(query), 3)
}

pub(super) fn analytics(days: u32) -> Http {
    Http::get(format!("/batch/analytics?days={days}"), 5)
}

pub(super) fn status(id: &BatchId) -> Http {
    Http::get(format!("/batch/{}/status", escaped(&id.0)), 3)
}

pub(super) fn cancel(id: &BatchId) -> Http {
    Http::post(format!("/batch/{}/cancel", escaped(&id.0)), 3)
}

pub(super) fn results(id: &BatchId, skip: u32, limit: u32) -> Http {
    let id = escaped(&id.0);
    Http::get(format!("/batch/{id}/leads?skip={skip}&limit={limit}"), 5)
}

fn list_path(query: &BatchQuery) -> String {
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

/// Reads an answer about batches; `None` where something else was asked.
pub fn read(request: &Request, answer: &Answer) -> Option<Result<Reply, Error>> {
    let task = request.task();
    Some(match request {
        Request::Start(_) => answer.read(task, &|json| {
            Ok(Reply::Started(Box::new(read_batch(json)?)))
        }),
        Request::Status(_) => {
            answer.read(task, &|json| Ok(Reply::Status(Box::new(read_batch(json)?))))
        }
        Request::Cancel(_) => answer.done(task),
        Request::Batches(_) => answer.read(task, &read_list),
        Request::Analytics(_) => answer.read(task, &read_totals),
        Request::BatchLeads { .. } => answer.read(task, &read_results),
        _ => return None,
    })
}

fn read_list(json: Json) -> Result<Reply, String> {
    let batches = json.list("batches")?;
    Ok(Reply::Batches(BatchPage {
        batches: batches.filter_map(|raw| read_batch(raw).ok()).collect(),
        total: read_total(json)?,
    }))
}

fn read_totals(json: Json) -> Result<Reply, String> {
    let told = json.get("statistics");
    Ok(Reply::Analytics(Totals {
        batches: told
            .count("total_batches")
            .ok_or("no field “total_batches”")?,
        spent: told
            .usd("total_cost_usd")
            .ok_or("no field “total_cost_usd”")?,
        successful_each: told.number("average_successful_leads"),
    }))
}

fn read_results(json: Json) -> Result<Reply, String> {
    let results = json.list("leads")?;
    Ok(Reply::BatchLeads(BatchLeadPage {
        results: results.filter_map(read_result).collect(),
        total: read_total(json)?,
    }))
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
