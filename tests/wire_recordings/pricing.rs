//! Prices and the budget as the server told them.

use std::collections::BTreeSet;

use batch_runner::domain::budget::DailyBudget;
use batch_runner::domain::cost::{PriceSubject, Receipt};
use batch_runner::domain::lead::LeadId;
use batch_runner::domain::local_price::{Kinds, approximate};
use batch_runner::domain::money::Usd;
use batch_runner::domain::template::TemplateVersion;
use batch_runner::wire::rest::{Reply, Request};
use serde_json::{Value, json};

use crate::figures::{assert_time, text, usd};
use crate::recordings;
use crate::requests::recorded;

pub fn assert_receipt(receipt: &Receipt, body: &Value, asked: &PriceSubject, name: &str) {
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
pub fn assert_budget(budget: &DailyBudget, body: &Value, name: &str) {
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
