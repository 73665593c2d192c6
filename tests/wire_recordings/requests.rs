//! The app's request that a recorded exchange stands for.

use std::collections::BTreeSet;

use batch_runner::domain::batch::BatchId;
use batch_runner::domain::cost::PriceSubject;
use batch_runner::domain::lead::{LeadId, LeadQuery};
use batch_runner::domain::money::Usd;
use batch_runner::domain::plan::{ClientReference, Plan};
use batch_runner::domain::template::TemplateVersion;
use batch_runner::wire::rest::{BatchQuery, Request};
use serde_json::Value;

use crate::recordings::{self, Recording};

/// Recordings that no request of the app can meet, with the reason; a star stands for any ending.
const LEFT_OUT: [(&str, &str); 22] = [
    ("badges.*", "the app shows no badges"),
    (
        "batch-get.by-id",
        "there is no such route, and the app does not ask for it",
    ),
    (
        "batch-list.trailing-slash",
        "a redirection, which the browser follows by itself",
    ),
    (
        "batch-preview.bad-json",
        "never answered: the time limit is the driver's",
    ),
    (
        "batch-start.bad-json",
        "never answered: the time limit is the driver's",
    ),
    (
        "batch-start.form-body",
        "never answered, and the app sends JSON only",
    ),
    (
        "login.bad-json",
        "never answered: the time limit is the driver's",
    ),
    (
        "budget.alerts-*",
        "alarms and monthly limits; a batch comes under the daily one",
    ),
    (
        "budget.costs-*",
        "batches write no spend, so it tells nothing of them",
    ),
    (
        "budget.guardrails-budget*",
        "sums the limits of single providers, which batches do not come under",
    ),
    (
        "budget.guardrails-limits",
        "tells limits without what is left of them",
    ),
    ("cors.preflight", "browsers ask this themselves"),
    (
        "cors.simple",
        "the app does not ask for the server's health",
    ),
    (
        "cost.estimate-vs-actual",
        "a table made from several exchanges",
    ),
    ("head.request", "the app sends no HEAD"),
    ("health.*", "the app does not ask for the server's health"),
    ("lead.*", "the app reads leads in lists only"),
    ("leads.badges-path", "the app shows no badges"),
    (
        "leads.search.*",
        "allowed five times a minute, therefore not used",
    ),
    ("not-found.*", "paths and methods that the app does not use"),
    ("page.*", "the product's own pages, read by the browser"),
    ("static.*", "files, read by the browser"),
];

fn is_left_out(recording: &Recording) -> Option<&'static str> {
    let matches = |pattern: &str| match pattern.strip_suffix('*') {
        Some(beginning) => recording.stem().starts_with(beginning),
        None => recording.stem() == pattern,
    };
    LEFT_OUT
        .iter()
        .map(|(pattern, _)| *pattern)
        .find(|pattern| matches(pattern))
}

fn ids_of(body: &Value) -> Vec<LeadId> {
    let ids = body["lead_ids"].as_array().into_iter().flatten();
    ids.filter_map(Value::as_str)
        .map(|id| LeadId(id.into()))
        .collect()
}

pub fn subject_of(body: &Value) -> PriceSubject {
    let template = body["template_version"].as_str().unwrap_or("v1");
    PriceSubject::new(ids_of(body), TemplateVersion(template.into()))
}

pub fn plan_of(body: &Value) -> Plan {
    let text = |name: &str| body[name].as_str().map(str::to_owned);
    let small = |name: &str, usual| {
        body[name]
            .as_u64()
            .and_then(|n| u8::try_from(n).ok())
            .unwrap_or(usual)
    };
    Plan {
        subject: subject_of(body),
        price: body["estimated_cost_usd"]
            .as_f64()
            .and_then(Usd::from_dollars)
            .unwrap_or_default(),
        name: text("name"),
        description: text("description"),
        max_concurrent: small("max_concurrent", 5),
        retry_count: small("retry_count", 3),
        created_by: text("created_by"),
        reference: ClientReference::from_random(7),
    }
}

/// The app's request that a recorded one stands for.
fn request_of(recording: &Recording) -> Option<Request> {
    let body = &recording.json["request"]["body"];
    let batch = |path: &str, end: &str| -> Option<BatchId> {
        let id = path.strip_prefix("/api/batch/")?.strip_suffix(end)?;
        (!id.contains('/')).then(|| BatchId(id.into()))
    };
    Some(match recording.question() {
        ("POST", "/api/v1/accounts/login") => Request::Login {
            email: "olive@example".into(),
            password: "secret".into(),
        },
        ("POST", "/api/v1/accounts/refresh") => Request::RefreshToken {
            refresh: "token".into(),
        },
        ("POST", "/api/v1/accounts/logout") => Request::Logout,
        ("GET", "/api/v1/accounts/me") => Request::Me,
        ("GET", "/api/v1/leads") => Request::Leads(LeadQuery::default().run(0, 50)),
        ("GET", "/api/template-studio/templates") => Request::Templates,
        ("GET", "/api/v1/gateway/guardrails/status") => Request::Budget,
        ("POST", "/api/batch/preview") => Request::Preview(subject_of(body)),
        ("POST", "/api/batch/start") => Request::Start(Box::new(plan_of(body))),
        ("GET", "/api/batch") => Request::Batches(BatchQuery {
            limit: 50,
            ..BatchQuery::default()
        }),
        ("GET", "/api/batch/analytics") => Request::Analytics(7),
        ("GET", path) if path.ends_with("/status") => Request::Status(batch(path, "/status")?),
        ("POST", path) if path.ends_with("/cancel") => Request::Cancel(batch(path, "/cancel")?),
        ("GET", path) if path.ends_with("/leads") => Request::BatchLeads {
            id: batch(path, "/leads")?,
            skip: 0,
            limit: 200,
        },
        // The route is not the app's; its answer is how this server says "fewer requests" on any route.
        ("PUT", _) if recording.stem() == "rate-limit.429" => Request::Templates,
        _ => return None,
    })
}

/// Recorded exchanges with the app's request, status and body.
pub fn exchanges() -> Vec<(Recording, Request, u16, String)> {
    let read = |recording: Recording| {
        if is_left_out(&recording).is_some() {
            return None;
        }
        let request = request_of(&recording)?;
        let (status, body) = recording
            .answer()
            .unwrap_or_else(|| panic!("{}: no answer", recording.name));
        Some((recording, request, status, body))
    };
    recordings::all().into_iter().filter_map(read).collect()
}

pub fn recorded(name: &str) -> (Request, u16, String) {
    let all = exchanges();
    let (_, request, status, body) = all
        .into_iter()
        .find(|(recording, ..)| recording.name == name)
        .unwrap_or_else(|| panic!("{name} is missing"));
    (request, status, body)
}

/// Prevents: a recording is added for a new answer of the server, and nobody sees that the app never reads it.
#[test]
fn every_recording_is_read_or_left_out_for_a_reason() {
    let mut used = BTreeSet::new();
    for recording in recordings::all() {
        let is_socket = recording.stem().starts_with("ws-") && !recording.sessions().is_empty();
        let is_read = is_socket || request_of(&recording).is_some();
        match is_left_out(&recording) {
            Some(pattern) => drop(used.insert(pattern)),
            None => assert!(is_read, "{} is neither read nor left out", recording.name),
        }
    }
    for (pattern, reason) in LEFT_OUT {
        assert!(
            used.contains(pattern),
            "“{pattern}” ({reason}) leaves nothing out any more"
        );
    }
}
