//! The leads to choose from.

use std::rc::Rc;

use super::answer::read_total;
use super::{Answer, Http, Reply, Request};
use crate::domain::lead::{Enrichment, Lead, LeadFilter, LeadId, LeadPage, LeadRun, SEARCH_MAX};
use crate::domain::text::escaped;
use crate::error::Error;
use crate::wire::json::Json;

/// A run of the list.
pub(super) fn run(run: &LeadRun) -> Http {
    Http::get(run_path(run), 10)
}

/// One lead.
pub(super) fn one(id: &LeadId) -> Http {
    Http::get(format!("/v1/leads/{}", escaped(&id.0)), 10)
}

/// Leads as the server takes them.
pub(super) fn texts_of(ids: &[LeadId]) -> Vec<&str> {
    ids.iter().map(|id| id.0.as_str()).collect()
}

/// Empty parameters are refused by the server, so they are left out; a longer search than it takes is cut.
fn run_path(run: &LeadRun) -> String {
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

/// Reads an answer with leads; `None` where something else was asked.
pub fn read(request: &Request, answer: &Answer) -> Option<Result<Reply, Error>> {
    let reader = match request {
        Request::Leads(_) => read_run,
        Request::Lead(_) => read_one,
        _ => return None,
    };
    Some(answer.read(request.task(), &reader))
}

fn read_one(json: Json) -> Result<Reply, String> {
    let leads: Vec<_> = read_lead(json).map(Rc::new).into_iter().collect();
    Ok(Reply::Leads(LeadPage {
        total: leads.len() as u32,
        leads,
        left_out: 0,
    }))
}

fn read_run(json: Json) -> Result<Reply, String> {
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
    Ok(Reply::Leads(page))
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::lead::LeadQuery;

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
}
