//! Batches are really processed.

use std::collections::BTreeMap;

use dev_backend::Config;
use dev_backend::quirks::Mode;
use serde_json::{Value, json};

use crate::support::{Server, config, eventually};

fn micros(dollars: &Value) -> i64 {
    #[allow(clippy::cast_possible_truncation)]
    let micros = (dollars.as_f64().expect("an amount") * 1e6).round() as i64;
    micros
}

async fn results(server: &Server, id: &str) -> Vec<Value> {
    let page = server
        .get(&format!("/api/batch/{id}/leads?limit=1000"))
        .await
        .json();
    page["leads"].as_array().expect("a list").clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn every_lead_is_accounted_for_and_the_costs_add_up() {
    let server = Server::start(Config {
        speed: 200.0,
        ..config(Mode::Default)
    })
    .await;
    let id = server
        .start_batch(600, json!({ "max_concurrent": 20 }))
        .await;
    server.ended(&id).await;
    let status = server.status(&id).await;
    assert_eq!(status["status"], "completed");
    assert_eq!(status["processed_leads"], 600);
    assert_eq!(status["progress_percentage"], 100.0);
    let results = results(&server, &id).await;
    assert_eq!(results.len(), 600);
    let failed = results
        .iter()
        .filter(|lead| lead["status"] == "failed")
        .count();
    assert_eq!(status["failed_leads"], failed);
    assert_eq!(status["successful_leads"], 600 - failed);
    assert!((6..60).contains(&failed), "{failed}");
    let sum: i64 = results
        .iter()
        .map(|lead| micros(&lead["actual_cost_usd"]))
        .sum();
    assert_eq!(micros(&status["actual_cost_usd"]), sum);
    let mut codes: BTreeMap<String, u64> = BTreeMap::new();
    for lead in results.iter().filter(|lead| lead["status"] == "failed") {
        *codes
            .entry(lead["error_code"].as_str().expect("a code").to_owned())
            .or_default() += 1;
        assert!(lead["error_message"].is_string() && lead["report_url"].is_null());
    }
    assert_eq!(status["error_summary"], json!(codes));
    // The estimate is near, as a model that knows the leads should be.
    let preview = server
        .post(
            "/api/batch/preview",
            &json!({ "lead_ids": server.lead_ids(600).await }),
        )
        .await
        .json();
    let ratio = status["actual_cost_usd"].as_f64().expect("a cost")
        / preview["estimated_cost_usd"].as_f64().expect("a cost");
    assert!((0.9..1.05).contains(&ratio), "{ratio}");
}

#[tokio::test(flavor = "multi_thread")]
async fn failed_results_can_be_listed_alone_and_in_pages() {
    let server = Server::start(Config {
        speed: 200.0,
        ..config(Mode::Default)
    })
    .await;
    let id = server
        .start_batch(300, json!({ "max_concurrent": 20 }))
        .await;
    server.ended(&id).await;
    let failed = server
        .get(&format!("/api/batch/{id}/leads?status=failed"))
        .await
        .json();
    assert_eq!(
        failed["total_count"],
        server.status(&id).await["failed_leads"]
    );
    assert!(
        failed["leads"]
            .as_array()
            .expect("a list")
            .iter()
            .all(|lead| lead["status"] == "failed")
    );
    let page = server
        .get(&format!("/api/batch/{id}/leads?skip=290&limit=100"))
        .await
        .json();
    assert_eq!(page["leads"].as_array().map(Vec::len), Some(10));
    assert_eq!(page["page_info"]["has_next"], false);
    assert_eq!(server.get("/api/batch/nope/leads").await.status, 404);
    assert_eq!(
        server
            .get(&format!("/api/batch/{id}/leads?limit=1001"))
            .await
            .status,
        422
    );
    assert_eq!(
        server
            .get(&format!("/api/batch/{id}/leads?status=odd"))
            .await
            .status,
        422
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn retries_mend_what_may_pass() {
    let server = Server::start(Config {
        speed: 500.0,
        ..config(Mode::Default)
    })
    .await;
    let without = server
        .start_batch(1000, json!({ "max_concurrent": 20, "retry_failed": false }))
        .await;
    server.ended(&without).await;
    let with = server
        .start_batch(1000, json!({ "max_concurrent": 20, "retry_count": 5 }))
        .await;
    server.ended(&with).await;
    let failures = async |id: &str| {
        server.status(id).await["failed_leads"]
            .as_i64()
            .expect("a count")
    };
    let (without_count, with_count) = (failures(&without).await, failures(&with).await);
    assert!(
        without_count > with_count + 15,
        "{without_count} {with_count}"
    );
    let attempts = |leads: &[Value]| {
        leads
            .iter()
            .filter_map(|lead| lead["attempts"].as_i64())
            .max()
    };
    assert_eq!(attempts(&results(&server, &without).await), Some(1));
    assert_eq!(attempts(&results(&server, &with).await), Some(6));
}

#[tokio::test(flavor = "multi_thread")]
async fn no_more_leads_are_in_flight_than_asked() {
    let server = Server::of(Mode::Default).await;
    for wanted in [1, 7] {
        let id = server
            .start_batch(60, json!({ "max_concurrent": wanted }))
            .await;
        eventually("as many are in flight as asked", async || {
            let in_flight = server.facts(&id).await["lead_statuses"]["processing"]
                .as_i64()
                .unwrap_or(0);
            assert!(in_flight <= wanted, "{in_flight}");
            in_flight == wanted
        })
        .await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn cancel_really_stops() {
    let server = Server::start(Config {
        speed: 4.0,
        ..config(Mode::Default)
    })
    .await;
    let id = server
        .start_batch(500, json!({ "max_concurrent": 5 }))
        .await;
    let mut socket = server.multiplexed().await;
    socket
        .say(json!({ "type": "subscribe", "batch_ids": [id], "since": { id.as_str(): 0 } }))
        .await;
    for _ in 0..8 {
        socket.next_of("lead_update").await;
    }
    let path = format!("/api/batch/{id}/cancel");
    let answer = server.post(&path, &Value::Null).await;
    assert_eq!(
        answer.json(),
        json!({ "message": "Batch cancelled successfully" })
    );
    assert_eq!(server.post(&path, &Value::Null).await.status, 400);
    // The cancel is told at once, the end with the final counts afterwards.
    let told = socket
        .until(|message| message["type"] == "batch_error")
        .await
        .pop()
        .expect("a message");
    assert_eq!(told["error_code"], "USER_CANCELLED");
    let rest = socket
        .until(|message| message["type"] == "batch_completed")
        .await;
    let end = rest.last().expect("the end");
    assert_eq!(end["status"], "cancelled");
    let late = rest
        .iter()
        .filter(|message| message["type"] == "lead_update")
        .count();
    assert!(late <= 5, "{late} leads ended after the cancel");
    let status = server.status(&id).await;
    assert_eq!(status["status"], "cancelled");
    assert_eq!(status["successful_leads"], end["successful"]);
    assert_eq!(
        micros(&status["actual_cost_usd"]),
        micros(&end["total_cost"])
    );
    let results = results(&server, &id).await;
    let skipped = results
        .iter()
        .filter(|lead| lead["status"] == "skipped")
        .count();
    assert_eq!(
        skipped
            + usize::try_from(status["processed_leads"].as_u64().expect("a count")).expect("small"),
        500
    );
    let billed: i64 = results
        .iter()
        .filter(|lead| !lead["actual_cost_usd"].is_null())
        .map(|lead| micros(&lead["actual_cost_usd"]))
        .sum();
    assert_eq!(billed, micros(&status["actual_cost_usd"]));
    assert_eq!(server.post(&path, &Value::Null).await.status, 400);
    assert_eq!(
        server
            .post("/api/batch/nope/cancel", &Value::Null)
            .await
            .status,
        404
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn spend_counts_against_the_budget_of_the_day() {
    let server = Server::start(Config {
        speed: 500.0,
        ..config(Mode::Default)
    })
    .await;
    server
        .dev("budget", json!({ "spent_today_usd": 900.0 }))
        .await;
    let ids = server.lead_ids(200).await;
    let preview = async || {
        server
            .post("/api/batch/preview", &json!({ "lead_ids": ids }))
            .await
            .json()
    };
    let before = preview().await;
    let needed = before["estimated_cost_usd"].as_f64().expect("a cost");
    assert_eq!(before["is_within_budget"], needed <= 100.0);
    assert!((60.0..200.0).contains(&needed), "{needed}");
    let id = server
        .start_batch(200, json!({ "max_concurrent": 20 }))
        .await;
    server.ended(&id).await;
    let spent = 900.0
        + server.status(&id).await["actual_cost_usd"]
            .as_f64()
            .expect("a cost");
    let after = preview().await;
    assert_eq!(after["is_within_budget"], false);
    let expected = format!(
        "Batch cost ${needed:.2} exceeds remaining daily budget ${:.2}",
        (1000.0 - spent).max(0.0)
    );
    assert_eq!(after["budget_warning"], json!(expected));
    let limits = server.get("/api/v1/gateway/guardrails/status").await.json();
    let current: f64 = limits["limits"][0]["current_spend"]
        .as_str()
        .expect("a text")
        .parse()
        .expect("a number");
    assert!((current - spent).abs() < 0.001);
}

#[tokio::test(flavor = "multi_thread")]
async fn everything_announced_is_in_the_database_already() {
    let server = Server::start(Config {
        speed: 20.0,
        ..config(Mode::Default)
    })
    .await;
    let id = server.start_batch(60, json!({})).await;
    let mut socket = server.multiplexed().await;
    socket
        .say(json!({ "type": "subscribe", "batch_ids": [id], "since": { id.as_str(): 0 } }))
        .await;
    loop {
        let message = socket.next().await;
        match message["type"].as_str() {
            Some("lead_update") => {
                let lead = message["lead_id"].as_str().expect("an id");
                let results = results(&server, &id).await;
                let stored = results
                    .iter()
                    .find(|result| result["lead_id"] == lead)
                    .expect("the lead");
                assert_eq!(stored["status"], message["status"]);
                assert_eq!(stored["actual_cost_usd"], message["actual_cost_usd"]);
            }
            Some("progress_update") if message["status"] != "started" => {
                assert!(
                    server.status(&id).await["processed_leads"].as_i64()
                        >= message["processed"].as_i64()
                );
            }
            Some("batch_completed") => {
                assert_eq!(server.status(&id).await["status"], "completed");
                break;
            }
            _ => {}
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn progress_comes_every_two_seconds_at_most_and_ends_at_the_end() {
    let server = Server::of(Mode::Default).await;
    let id = server.start_batch(30, json!({ "max_concurrent": 8 })).await;
    let mut socket = server.socket(&format!("/api/batch/{id}/progress")).await;
    let mut times = Vec::new();
    let mut last = Value::Null;
    loop {
        let message = socket.next().await;
        if message["type"] == "batch_completed" {
            break;
        }
        if message["type"] == "progress_update" && message["status"] != "started" {
            times.push(std::time::Instant::now());
            last = message;
        }
    }
    assert_eq!(last["processed"], 30);
    assert_eq!(last["progress_percentage"], 100.0);
    // The final one may follow at once.
    times.pop();
    assert!(
        times
            .windows(2)
            .all(|pair| (pair[1] - pair[0]).as_millis() > 1900)
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn hidden_and_early_templates_are_seeded() {
    let server = Server::fast().await;
    let templates = server.get("/api/template-studio/templates").await.json();
    let versions: Vec<&str> = templates
        .as_array()
        .expect("a list")
        .iter()
        .filter_map(|template| template["version"].as_str())
        .collect();
    assert_eq!(
        versions,
        ["v1", "2.0.0", "simple", "comprehensive", "3.0.0-beta.1"]
    );
}
