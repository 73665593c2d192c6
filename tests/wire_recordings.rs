//! Every recorded answer and every recorded frame is read as the server meant it.

#[path = "support/recordings.rs"]
mod recordings;

use std::collections::{BTreeMap, BTreeSet};

use batch_runner::domain::batch::{Batch, BatchId};
use batch_runner::domain::budget::DailyBudget;
use batch_runner::domain::cost::{PriceSubject, Receipt};
use batch_runner::domain::lead::{LeadId, LeadPage, LeadQuery};
use batch_runner::domain::live::Frame;
use batch_runner::domain::local_price::{Kinds, approximate};
use batch_runner::domain::money::Usd;
use batch_runner::domain::plan::{ClientReference, Plan};
use batch_runner::domain::template::TemplateVersion;
use batch_runner::domain::time::Millis;
use batch_runner::error::Kind;
use batch_runner::wire::rest::{BatchQuery, Reply, Request};
use batch_runner::wire::ws::read_frame;
use recordings::Recording;
use serde_json::{Value, json};

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

fn subject_of(body: &Value) -> PriceSubject {
    let template = body["template_version"].as_str().unwrap_or("v1");
    PriceSubject::new(ids_of(body), TemplateVersion(template.into()))
}

fn plan_of(body: &Value) -> Plan {
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
fn exchanges() -> Vec<(Recording, Request, u16, String)> {
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

fn recorded(name: &str) -> (Request, u16, String) {
    let all = exchanges();
    let (_, request, status, body) = all
        .into_iter()
        .find(|(recording, ..)| recording.name == name)
        .unwrap_or_else(|| panic!("{name} is missing"));
    (request, status, body)
}

fn usd(dollars: &Value) -> Option<Usd> {
    dollars.as_f64().and_then(Usd::from_dollars)
}

/// Compares a time with the server's text without using the app's own reading: both must write the same second.
fn assert_time(read: Option<Millis>, text: &Value, name: &str) {
    let expected = text.as_str().map(|text| text[..19].to_owned());
    assert_eq!(read.map(Millis::to_utc_text), expected, "{name}");
    if let (Some(read), Some(fraction)) = (read, text.as_str().and_then(|text| text.get(20..23))) {
        let told: i64 = fraction.parse().unwrap();
        assert!(
            (read.0 % 1_000 - told).abs() <= 1,
            "{name}: milliseconds of {text}"
        );
    }
}

fn text(value: &Value) -> Option<String> {
    value
        .as_str()
        .filter(|text| !text.trim().is_empty())
        .map(str::to_owned)
}

fn assert_batch(batch: &Batch, raw: &Value, name: &str) {
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

fn assert_leads(page: &LeadPage, body: &Value, name: &str) {
    assert_eq!(
        u64::from(page.total),
        body["total_count"].as_u64().unwrap(),
        "{name}"
    );
    let rows = body["leads"].as_array().unwrap();
    assert_eq!(
        page.leads.len() + page.left_out as usize,
        rows.len(),
        "{name}: no row is lost in silence"
    );
    let by_id: BTreeMap<_, _> = rows
        .iter()
        .map(|row| (row["id"].as_str().unwrap(), row))
        .collect();
    for lead in &page.leads {
        let row = by_id[lead.id.0.as_str()];
        assert_eq!(lead.company, text(&row["company_name"]), "{name}");
        assert_eq!(lead.contact, text(&row["contact_name"]), "{name}");
        assert_eq!(lead.email, text(&row["email"]), "{name}");
        assert_eq!(lead.domain, text(&row["domain"]), "{name}");
        assert_eq!(lead.source, text(&row["source"]), "{name}");
        assert_eq!(
            lead.enrichment.code(),
            row["enrichment_status"].as_str().unwrap(),
            "{name}"
        );
        assert_eq!(Some(lead.is_manual), row["is_manual"].as_bool(), "{name}");
        assert_time(lead.created, &row["created_at"], name);
    }
}

fn assert_receipt(receipt: &Receipt, body: &Value, asked: &PriceSubject, name: &str) {
    assert_eq!(
        &receipt.subject, asked,
        "{name}: a price belongs to the question"
    );
    assert_eq!(
        Some(receipt.total),
        usd(&body["estimated_cost_usd"]),
        "{name}"
    );
    assert_eq!(receipt.per_lead, usd(&body["cost_per_lead"]), "{name}");
    assert_eq!(
        receipt.duration_minutes.map(u64::from),
        body["estimated_duration_minutes"].as_u64(),
        "{name}"
    );
    assert_eq!(
        receipt.within_budget,
        body["is_within_budget"].as_bool(),
        "{name}"
    );
    assert_eq!(
        receipt.budget_warning,
        text(&body["budget_warning"]),
        "{name}"
    );
    assert_eq!(
        receipt.accuracy_note,
        text(&body["accuracy_note"]),
        "{name}"
    );
    let steps = &body["cost_breakdown"];
    let amounts: Vec<_> = receipt
        .breakdown
        .iter()
        .map(|line| line.amount.dollars())
        .collect();
    let told = [
        "base_cost",
        "provider_costs",
        "volume_discount_amount",
        "overhead_cost",
        "total_cost",
    ];
    let mut told = told.map(|step| steps[step].as_f64().unwrap());
    told[2] = -told[2];
    assert_eq!(amounts.len(), told.len(), "{name}");
    for (amount, told) in amounts.iter().zip(told) {
        assert!(
            (amount - told).abs() < 1e-6,
            "{name}: {amount} is not {told}"
        );
    }
    let sum: f64 = amounts[..4].iter().sum();
    assert!(
        (sum - amounts[4]).abs() < 0.002,
        "{name}: the steps that are shown add up"
    );
    for provider in &receipt.providers {
        let raw = &body["provider_breakdown"][&provider.provider];
        assert_eq!(
            Some(u64::from(provider.leads)),
            raw["leads_processed"].as_u64(),
            "{name}"
        );
        assert_eq!(Some(provider.each), usd(&raw["cost_per_lead"]), "{name}");
        assert_eq!(Some(provider.total), usd(&raw["total_cost"]), "{name}");
    }
    assert_eq!(
        receipt.providers.len(),
        body["provider_breakdown"].as_object().unwrap().len(),
        "{name}"
    );
    let valid: BTreeSet<_> = body["valid_lead_ids"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(Value::as_str)
        .collect();
    let unknown: Vec<_> = asked
        .lead_ids
        .iter()
        .filter(|id| !valid.contains(id.0.as_str()))
        .cloned()
        .collect();
    assert_eq!(receipt.unknown_leads, unknown, "{name}");
}

/// Compares amounts with the server's text without using the app's own reading.
fn assert_budget(budget: &DailyBudget, body: &Value, name: &str) {
    let limits = body["limits"].as_array().unwrap();
    let daily = limits
        .iter()
        .find(|limit| limit["limit_name"] == "global_daily")
        .unwrap();
    let dollars = |field: &str| daily[field].as_str().unwrap().parse::<f64>().unwrap();
    assert_eq!(budget.limit.dollars(), dollars("limit_amount"), "{name}");
    assert_eq!(budget.left.dollars(), dollars("remaining_budget"), "{name}");
    assert_time(budget.ends, &daily["period_end"], name);
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

/// Prevents: a field has another name or type than the reader thinks, and a count, a price or a time is shown wrong.
#[test]
fn every_recorded_success_gives_the_servers_figures() {
    let mut kinds: BTreeMap<&str, u32> = BTreeMap::new();
    for (recording, request, status, body) in
        exchanges().into_iter().filter(|exchange| exchange.2 < 300)
    {
        let name = recording.name.as_str();
        let json: Value = serde_json::from_str(&body).unwrap_or(Value::Null);
        let reply = request
            .read(status, None, &body)
            .unwrap_or_else(|error| panic!("{name}: {error}"));
        *kinds.entry(request.task()).or_default() += 1;
        match (reply, &request) {
            (Reply::Session(tokens), _) => {
                assert_eq!(tokens.access, json["access_token"], "{name}");
                assert_eq!(tokens.refresh, text(&json["refresh_token"]), "{name}");
                let user = tokens
                    .user
                    .unwrap_or_else(|| panic!("{name}: nobody is signed in"));
                assert_eq!(user.email, json["user"]["email"], "{name}");
                assert_eq!(user.name, text(&json["user"]["full_name"]), "{name}");
            }
            (Reply::Me(user), _) => {
                assert_eq!(user.email, json["email"], "{name}");
                assert_eq!(user.name, text(&json["full_name"]), "{name}");
            }
            (Reply::Leads(page), _) => assert_leads(&page, &json, name),
            (Reply::Templates(templates), _) => {
                let rows = json.as_array().unwrap();
                assert_eq!(templates.len(), rows.len(), "{name}");
                for (template, row) in templates.iter().zip(rows) {
                    assert_eq!(template.name, row["name"], "{name}");
                    assert_eq!(template.version.0, row["version"], "{name}");
                    assert_eq!(template.display_name, row["display_name"], "{name}");
                    assert_eq!(template.description, text(&row["description"]), "{name}");
                    assert_eq!(row["is_active"], true, "{name}");
                    assert_eq!(template.git_sha, text(&row["git_sha"]), "{name}");
                    assert_time(template.modified, &row["last_modified"], name);
                }
            }
            (Reply::Analytics(totals), _) => {
                let told = &json["statistics"];
                let batches = told["total_batches"].as_u64();
                assert_eq!(Some(u64::from(totals.batches)), batches, "{name}");
                assert_eq!(Some(totals.spent), usd(&told["total_cost_usd"]), "{name}");
                let each = told["average_successful_leads"].as_f64();
                assert_eq!(totals.successful_each, each, "{name}");
            }
            (Reply::Budget(budget), _) => assert_budget(&budget, &json, name),
            (Reply::Preview(receipt), Request::Preview(asked)) => {
                assert_receipt(&receipt, &json, asked, name)
            }
            (Reply::Started(batch) | Reply::Status(batch), _) => assert_batch(&batch, &json, name),
            (Reply::Batches(page), _) => {
                assert_eq!(
                    u64::from(page.total),
                    json["total_count"].as_u64().unwrap(),
                    "{name}"
                );
                let rows = json["batches"].as_array().unwrap();
                assert_eq!(page.batches.len(), rows.len(), "{name}");
                page.batches
                    .iter()
                    .zip(rows)
                    .for_each(|(batch, row)| assert_batch(batch, row, name));
            }
            (Reply::Done, Request::Logout | Request::Cancel(_)) => {}
            (reply, request) => panic!("{name}: {request:?} was answered by {reply:?}"),
        }
    }
    let least = [
        ("sign in", 1),
        ("renew your session", 1),
        ("sign out", 1),
        ("load your account", 2),
        ("load the leads", 24),
        ("load the templates", 2),
        ("price this choice", 12),
        ("load the budget", 3),
        ("start the batch", 20),
        ("load the batches", 38),
        ("load the state of the batch", 15),
        ("cancel the batch", 3),
    ];
    for (task, count) in least {
        assert!(
            kinds.get(task).is_some_and(|read| *read >= count),
            "{task}: {:?}",
            kinds.get(task)
        );
    }
}

/// Prevents: reader and test share one mistake. These figures were read from the recordings by a person.
#[test]
fn figures_read_by_a_person_are_the_figures_read_by_the_app() {
    let preview = |name: &str| {
        let (request, status, body) = recorded(name);
        let Ok(Reply::Preview(receipt)) = request.read(status, None, &body) else {
            panic!("{name}")
        };
        *receipt
    };
    let receipt = preview("repaired/batch-preview.ok");
    assert_eq!(
        (receipt.total.to_string().as_str(), receipt.duration_minutes),
        ("$6.92", Some(2))
    );
    assert_eq!(receipt.total, Usd::from_dollars(6.924).unwrap());
    assert_eq!(
        receipt.accuracy_note.as_deref(),
        Some("Estimate accurate within ±5%")
    );
    let (request, status, body) = recorded("repaired/budget.guardrails-status-300-spent");
    let budget = DailyBudget {
        limit: Usd::from_dollars(1000.0).unwrap(),
        left: Usd::from_dollars(700.0).unwrap(),
        ends: Some(Millis(1_795_478_400_000)),
    };
    assert_eq!(request.read(status, None, &body), Ok(Reply::Budget(budget)));
    let receipt = preview("repaired/batch-preview.some-unknown");
    assert_eq!(receipt.unknown_leads, [LeadId("nope-1".into())]);
    let receipt = preview("repaired/batch-preview.over-budget");
    assert_eq!(receipt.within_budget, Some(false));
    assert!(
        receipt
            .budget_warning
            .is_some_and(|warning| warning.contains("exceeds remaining daily budget $5.00"))
    );

    let status = |name: &str| {
        let (request, status, body) = recorded(name);
        let Ok(Reply::Status(batch)) = request.read(status, None, &body) else {
            panic!("{name}")
        };
        *batch
    };
    let batch = status("repaired/batch-status.with-failed-leads");
    assert_eq!(
        (
            batch.counts.total,
            batch.counts.successful,
            batch.counts.failed
        ),
        (100, 93, 7)
    );
    assert_eq!(batch.actual, Usd::from_dollars(57.3));
    assert_eq!(
        batch.started,
        Some(Millis(1_795_438_525_145)),
        "UTC, although the server leaves the Z out"
    );
    let batch = status("as-is/batch-status.failed-all-ok");
    assert!(
        batch
            .contradiction()
            .is_some_and(|words| words.starts_with("All 300 leads succeeded"))
    );
    assert_eq!(batch.actual, None, "a cost that is not told is not nothing");
}

/// Prevents: the price is thrown away because one of its facts, the duration, comes in its other form.
#[test]
fn the_duration_is_read_as_a_number_and_as_an_object() {
    let (request, status, body) = recorded("repaired/batch-preview.ok");
    let minutes = |duration: Value| {
        let mut body: Value = serde_json::from_str(&body).unwrap();
        body["estimated_duration_minutes"] = duration;
        let Ok(Reply::Preview(receipt)) = request.read(status, None, &body.to_string()) else {
            panic!()
        };
        assert_eq!(receipt.total, Usd::from_dollars(6.924).unwrap());
        receipt.duration_minutes
    };
    assert_eq!(minutes(json!(34)), Some(34));
    // The form that today's server computes and then refuses to send.
    assert_eq!(
        minutes(json!({"estimated_minutes": 2, "max_concurrent": 5})),
        Some(2)
    );
    for nonsense in [json!(null), json!({}), json!("soon"), json!([2]), json!(-1)] {
        assert_eq!(minutes(nonsense), None);
    }
}

/// The first field that a reason names, and its words, by the server's own conventions.
fn reasons_of(body: &Value, status: u16) -> Vec<(Option<String>, String)> {
    match &body["detail"] {
        Value::Array(reasons) => {
            let read = |reason: &Value| {
                let place: Vec<_> = reason["loc"].as_array().unwrap().iter().skip(1).collect();
                let field = place
                    .iter()
                    .find_map(|part| part.as_str())
                    .map(str::to_owned);
                let words = reason["msg"].as_str().unwrap();
                (
                    field,
                    words
                        .strip_prefix("Value error, ")
                        .unwrap_or(words)
                        .to_owned(),
                )
            };
            reasons.iter().map(read).collect()
        }
        // A validator's dump says nothing to a person; what is said instead has a test of its own.
        Value::String(words) if words.contains("[type=") => {
            let told = "It cannot read what it has worked out itself; tell the server’s makers";
            vec![(None, told.to_owned())]
        }
        Value::String(words) => vec![(None, words.clone())],
        _ => vec![(None, format!("status {status}"))],
    }
}

/// Prevents: a refusal is shown as a broken connection, or as a code that says nothing.
#[test]
fn every_recorded_error_has_its_kind_and_a_readable_sentence() {
    let mut read = 0;
    for (recording, request, status, body) in
        exchanges().into_iter().filter(|exchange| exchange.2 >= 300)
    {
        let name = recording.name.as_str();
        let json: Value = serde_json::from_str(&body).unwrap_or(Value::Null);
        let Err(error) = request.read(status, None, &body) else {
            panic!("{name}: {status} is no success")
        };
        read += 1;
        let words = json["detail"].as_str().unwrap_or_default();
        match (&error.kind, status) {
            (Kind::Unauthorized, 401) => {}
            (Kind::Unauthorized, 403) => assert_eq!(words, "Not authenticated", "{name}"),
            (Kind::Forbidden(told), 403) => assert_eq!(told, words, "{name}"),
            (Kind::NotFound(told), 404) => assert_eq!(told, words, "{name}"),
            (Kind::RateLimited(None), 429) => {}
            (Kind::Server(500, told), 500) => {
                assert!(
                    [words, json["message"].as_str().unwrap_or_default()].contains(&told.as_str()),
                    "{name}"
                );
            }
            (Kind::Refused(reasons), 400 | 405 | 422) => {
                let told: Vec<_> = reasons
                    .iter()
                    .map(|reason| (reason.field.clone(), reason.text.clone()))
                    .collect();
                assert_eq!(told, reasons_of(&json, status), "{name}");
            }
            (kind, status) => panic!("{name}: {status} was read as {kind:?}"),
        }
        let sentence = error.to_string();
        assert!(
            sentence.starts_with(&format!("Could not {}: ", request.task())),
            "{name}: {sentence}"
        );
        assert!(
            sentence.ends_with('.') && !sentence.contains('\n'),
            "{name}: {sentence}"
        );
        assert!(sentence.chars().count() <= 420, "{name}: {sentence}");
        assert!(!sentence.contains("INTERNAL_ERROR"), "{name}: {sentence}");
        assert!(
            !sentence.contains("  ") && !sentence.ends_with(".."),
            "{name}: {sentence}"
        );
    }
    assert!(read >= 75, "only {read} errors were read");
}

/// Prevents: today's server refuses every price with its own stack of types, and a person reads `[type=int_type,
/// input_value={…` as the reason why nothing can be started.
#[test]
fn todays_refusal_to_price_is_told_in_words_not_in_types() {
    for (recording, request, status, body) in exchanges() {
        if !body.contains("1 validation error for BatchPreviewSchema") {
            continue;
        }
        let sentence = request.read(status, None, &body).unwrap_err().to_string();
        for internal in [
            "[type=",
            "input_value",
            "errors.pydantic.dev",
            "{",
            "BatchPreviewSchema",
        ] {
            assert!(
                !sentence.contains(internal),
                "{}: “{internal}” in: {sentence}",
                recording.name
            );
        }
    }
}

/// Prevents: what a person typed is refused, and the reason is not shown at the field where it was typed.
#[test]
fn refusals_of_a_start_name_the_field() {
    for (name, field) in [
        ("as-is/batch-start.name-256", "name"),
        ("as-is/batch-start.max-concurrent-21", "max_concurrent"),
        ("as-is/batch-start.retry-count-6", "retry_count"),
        ("as-is/batch-start.estimate-negative", "estimated_cost_usd"),
        ("as-is/batch-start.no-cost-approved", "cost_approved"),
        ("as-is/batch-start.duplicate-ids", "lead_ids"),
    ] {
        let (request, status, body) = recorded(name);
        let Err(error) = request.read(status, None, &body) else {
            panic!("{name}")
        };
        let Kind::Refused(reasons) = error.kind else {
            panic!("{name}: {:?}", error.kind)
        };
        assert_eq!(reasons[0].field.as_deref(), Some(field), "{name}");
        assert!(
            batch_runner::domain::plan::Field::from_server(field).is_some(),
            "{field} has a place in the form"
        );
    }
}

/// What a frame must be read as, from its type and error code alone.
fn expected_kind(frame: &Value) -> &'static str {
    match (
        frame["type"].as_str().unwrap(),
        frame["error_code"].as_str(),
    ) {
        ("connection_established", _) => "established",
        ("pong", _) => "pong",
        ("progress_update", _) => "news",
        ("batch_completed", _) => "ended",
        ("batch_error", Some("USER_CANCELLED")) => "cancel",
        ("batch_error", Some("CONNECTION_ERROR")) => "gap",
        ("batch_error", _) => "ended",
        (other, _) => panic!("no recording should hold a “{other}”: say here what it means"),
    }
}

fn kind_of(frame: &Frame) -> &'static str {
    match frame {
        Frame::Established => "established",
        Frame::Pong => "pong",
        Frame::News { .. } => "news",
        Frame::Ended { .. } => "ended",
        Frame::CancelAnnounced { .. } => "cancel",
        Frame::Gap(_) => "gap",
        Frame::AuthRequired | Frame::Subscribed { .. } | Frame::Lead { .. } => "multiplexed only",
    }
}

/// Prevents: a known frame is dropped or taken for another, and a finished batch seems to run for ever.
#[test]
fn every_recorded_frame_is_read_as_what_it_is() {
    let mut seen: BTreeMap<&str, u32> = BTreeMap::new();
    for recording in recordings::all() {
        for text in recording.frames() {
            let raw: Value = serde_json::from_str(text).unwrap();
            let frame = read_frame(text, None)
                .unwrap_or_else(|why| panic!("{}: {why:?}: {text}", recording.name));
            let kind = kind_of(&frame);
            assert_eq!(kind, expected_kind(&raw), "{}: {text}", recording.name);
            *seen.entry(kind).or_default() += 1;
            match frame {
                Frame::News { news, .. } => {
                    assert_eq!(news.id.0, raw["batch_id"], "{text}");
                    let counts = [
                        news.counts.total,
                        news.counts.processed,
                        news.counts.successful,
                        news.counts.failed,
                    ];
                    let told = ["total", "processed", "successful", "failed"]
                        .map(|name| raw[name].as_u64().unwrap());
                    assert_eq!(counts.map(u64::from), told, "{text}");
                    assert_eq!(
                        news.rate,
                        raw["processing_rate_per_second"].as_f64(),
                        "{text}"
                    );
                    let remaining = raw["estimated_remaining_seconds"]
                        .as_f64()
                        .map(|seconds| seconds as i64 * 1_000);
                    assert_eq!(news.remaining, remaining, "{text}");
                    assert_eq!(
                        news.recent.len(),
                        usize::from(raw["last_result"].is_object()),
                        "{text}"
                    );
                }
                Frame::Ended { news, .. } if raw["type"] == "batch_completed" => {
                    let [total, good, bad] = ["total_leads", "successful", "failed"]
                        .map(|name| raw[name].as_u64().unwrap());
                    let counts = news.counts;
                    assert_eq!(
                        [counts.total, counts.successful, counts.failed].map(u64::from),
                        [total, good, bad]
                    );
                    assert_eq!(u64::from(counts.processed), good + bad, "{text}");
                    assert_eq!(news.actual, usd(&raw["total_cost"]), "{text}");
                    assert_time(news.completed, &raw["completed_at"], text);
                }
                Frame::Ended { news, .. } => {
                    assert_eq!(news.error.as_deref(), raw["error_message"].as_str())
                }
                Frame::CancelAnnounced { batch, .. } | Frame::Gap(batch) => {
                    assert_eq!(batch.0, raw["batch_id"])
                }
                _ => {}
            }
        }
    }
    for kind in ["established", "pong", "news", "ended", "cancel", "gap"] {
        assert!(seen.contains_key(kind), "no recorded frame is {kind}");
    }
}

/// Prevents: a per-batch socket whose frames leave the batch out tells of nothing.
#[test]
fn frames_without_a_batch_belong_to_the_batch_of_their_socket() {
    let id = BatchId("b-of-the-socket".into());
    for recording in recordings::all() {
        for text in recording.frames() {
            let mut raw: Value = serde_json::from_str(text).unwrap();
            raw.as_object_mut().unwrap().remove("batch_id");
            let frame = read_frame(&raw.to_string(), Some(&id)).unwrap();
            let batch = match &frame {
                Frame::News { news, .. } | Frame::Ended { news, .. } => &news.id,
                Frame::CancelAnnounced { batch, .. } | Frame::Gap(batch) => batch,
                _ => continue,
            };
            assert_eq!(*batch, id, "{text}");
        }
    }
}

fn field_names(body: &Value) -> BTreeSet<&str> {
    body.as_object()
        .into_iter()
        .flat_map(|map| map.keys())
        .map(String::as_str)
        .collect()
}

/// Prevents: a field of ours is misspelt, the server ignores it, and a batch runs with other settings than approved.
#[test]
fn what_the_app_sends_has_the_recorded_fields_and_types() {
    let mut compared = 0;
    for name in [
        "repaired/batch-start.ok",
        "repaired/batch-preview.ok",
        "as-is/batch-start.ok",
    ] {
        let all = recordings::all();
        let recording = all.iter().find(|recording| recording.name == name).unwrap();
        let (request, ..) = recorded(name);
        let http = request.to_http();
        let sent: Value = serde_json::from_str(http.body.as_deref().unwrap()).unwrap();
        let expected = &recording.json["request"]["body"];
        assert_eq!(field_names(&sent), field_names(expected), "{name}");
        for (field, value) in expected.as_object().unwrap() {
            let (sent, told) = (&sent[field], value);
            assert_eq!(
                std::mem::discriminant(sent),
                std::mem::discriminant(told),
                "{name}: {field}"
            );
            if field == "description" {
                let (words, reference) = ClientReference::detach(sent.as_str().unwrap());
                assert_eq!(words.as_deref(), told.as_str());
                assert!(reference.is_some(), "{name}: the launch can be found again");
            } else {
                assert_eq!(sent, told, "{name}: {field}");
            }
        }
        assert_eq!(format!("/api{}", http.path), recording.question().1);
        compared += 1;
    }
    assert_eq!(compared, 3);
}

/// Prevents: `websocket_url` or a slip in a path sends a request to a route that the server does not have.
#[test]
fn every_path_that_the_app_uses_is_a_recorded_one() {
    let bare = |path: &str| {
        let path = path.split('?').next().unwrap_or_default();
        let parts: Vec<_> = path
            .split('/')
            .map(|part| if part.len() == 36 { "id" } else { part })
            .collect();
        parts.join("/")
    };
    let known: BTreeSet<_> = recordings::all()
        .iter()
        .map(|recording| {
            let (method, path) = recording.question();
            (method.to_uppercase(), bare(path))
        })
        .collect();
    let id = BatchId("0032d71d-7a92-468b-b2d3-8c90e870f44f".into());
    for request in [
        Request::Login {
            email: String::new(),
            password: String::new(),
        },
        Request::RefreshToken {
            refresh: String::new(),
        },
        Request::Logout,
        Request::Me,
        Request::Leads(LeadQuery::default().run(0, 50)),
        Request::Templates,
        Request::Preview(subject_of(&Value::Null)),
        Request::Budget,
        Request::Start(Box::new(plan_of(&Value::Null))),
        Request::Batches(BatchQuery::default()),
        Request::Status(id.clone()),
        Request::Cancel(id),
    ] {
        let http = request.to_http();
        let method = format!("{:?}", http.method).to_uppercase();
        let path = bare(&format!("/api{}", http.path));
        assert!(
            known.contains(&(method.clone(), path.clone())),
            "{method} {path}"
        );
        assert!(
            !http.path.contains("/v1/batch"),
            "the server's websocket_url is wrong and never followed"
        );
    }
}

/// A recorded preview as the app reads it, and what its leads were as far as the breakdown tells.
fn previews() -> Vec<(String, Receipt, Kinds)> {
    let mut previews = Vec::new();
    for recording in recordings::all() {
        let Some((200, text)) = recording.answer() else {
            continue;
        };
        // On SQLite the recorded server lists every provider with every lead and charges less: its breakdown does not
        // give the kinds.
        if !recording.name.starts_with("repaired/batch-preview.") {
            continue;
        }
        let mut body: Value = serde_json::from_str(&text).unwrap();
        let count = |body: &Value| u32::try_from(body.as_u64().unwrap()).unwrap();
        let leads = count(&body["lead_count"]);
        let need = |name: &str| count(&body["provider_breakdown"][name]["leads_processed"]);
        // The recorded server prices enriched leads like others, so that how many there were shows nowhere.
        let kinds = Kinds {
            leads,
            without_email: need("hunter"),
            with_domain: need("semrush"),
            ..Kinds::default()
        };
        let template = TemplateVersion(body["template_version"].as_str().unwrap().into());
        // Most recordings keep three identifiers of all.
        body["valid_lead_ids"].take();
        let ids = (0..leads).map(|n| LeadId(format!("{n:04}")));
        let request = Request::Preview(PriceSubject::new(ids, template));
        let Ok(Reply::Preview(receipt)) = request.read(200, None, &body.to_string()) else {
            panic!("{}", recording.name)
        };
        previews.push((recording.name, *receipt, kinds));
    }
    previews
}

/// Prevents: a rule is remembered otherwise than the server has it, and the figure jumps when the real one comes.
#[test]
fn every_recorded_preview_is_predicted_from_every_other() {
    let previews = previews();
    assert!(previews.len() >= 10, "{}", previews.len());
    for (from, receipt, then) in &previews {
        for (name, recorded, next) in &previews {
            for then in [Some(then), None] {
                let template = &recorded.subject.template;
                let told = approximate(receipt, then, next, template).unwrap();
                let off = told.ratio_to(recorded.total).unwrap() - 1.0;
                let right = recorded.total;
                assert!(off.abs() <= 0.01, "{name} from {from}: {told} for {right}");
            }
        }
    }
}
