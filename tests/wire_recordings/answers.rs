//! Every answer that says it worked.

use std::collections::BTreeMap;

use batch_runner::domain::budget::DailyBudget;
use batch_runner::domain::lead::LeadId;
use batch_runner::domain::money::Usd;
use batch_runner::domain::time::Millis;
use batch_runner::wire::rest::{Reply, Request};
use serde_json::Value;

use crate::batches::assert_batch;
use crate::figures::{assert_time, text, usd};
use crate::leads::assert_leads;
use crate::pricing::{assert_budget, assert_receipt};
use crate::requests::{exchanges, recorded};

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
