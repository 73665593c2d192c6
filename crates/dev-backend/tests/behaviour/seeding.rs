//! The invented data.

use std::collections::HashSet;

use dev_backend::Config;
use dev_backend::db::Location;
use dev_backend::quirks::Mode;
use dev_backend::seed::Seed;
use serde_json::Value;

use crate::support::{Server, config};

#[tokio::test(flavor = "multi_thread")]
async fn the_same_seed_invents_the_same_leads() {
    let ids = async |number| {
        let server = Server::start(Config {
            seed: Seed { leads: 300, number },
            ..config(Mode::Default)
        })
        .await;
        server.lead_ids(300).await
    };
    let (first, again, other) = (ids(5).await, ids(5).await, ids(6).await);
    assert_eq!(first, again);
    assert_ne!(first, other);
}

#[tokio::test(flavor = "multi_thread")]
async fn leads_are_of_every_kind() {
    let server = Server::fast().await;
    let mut leads: Vec<Value> = Vec::new();
    for skip in [0, 1000, 2000] {
        let page = server
            .get_signed_in(&format!(
                "/api/v1/leads?limit=1000&skip={skip}&sort_by=id&sort_order=asc"
            ))
            .await
            .json();
        leads.extend(page["leads"].as_array().expect("a list").iter().cloned());
    }
    let distinct: HashSet<&str> = leads
        .iter()
        .filter_map(|lead| lead["id"].as_str())
        .collect();
    assert_eq!(distinct.len(), 2500);
    let count = |is: fn(&Value) -> bool| leads.iter().filter(|lead| is(lead)).count();
    for (what, found, expected) in [
        (
            "without a domain",
            count(|lead| lead["domain"].is_null()),
            100..350,
        ),
        (
            "without an email",
            count(|lead| lead["email"].is_null()),
            350..700,
        ),
        (
            "completed",
            count(|lead| lead["enrichment_status"] == "completed"),
            1000..1500,
        ),
        (
            "failed",
            count(|lead| lead["enrichment_status"] == "failed"),
            200..400,
        ),
        (
            "in progress",
            count(|lead| lead["enrichment_status"] == "in_progress"),
            100..350,
        ),
        ("manual", count(|lead| lead["is_manual"] == true), 300..550),
        (
            "without a source",
            count(|lead| lead["source"].is_null()),
            200..500,
        ),
        (
            "with markup",
            count(|lead| {
                lead["company_name"]
                    .as_str()
                    .is_some_and(|name| name.contains("<b>"))
            }),
            1..2,
        ),
        (
            "very long",
            count(|lead| {
                lead["company_name"]
                    .as_str()
                    .is_some_and(|name| name.len() > 500)
            }),
            1..2,
        ),
    ] {
        assert!(expected.contains(&found), "{what}: {found}");
    }
    let instants: HashSet<&str> = leads
        .iter()
        .filter_map(|lead| lead["created_at"].as_str())
        .collect();
    assert!((2300..2500).contains(&instants.len()), "{}", instants.len());
}

#[tokio::test(flavor = "multi_thread")]
async fn two_weeks_of_batches_have_their_results() {
    let server = Server::fast().await;
    let page = server.get("/api/batch?limit=200").await.json();
    let batches = page["batches"].as_array().expect("a list");
    assert_eq!(batches.len(), 40);
    let distinct = |field: &str| {
        batches
            .iter()
            .map(|batch| batch[field].to_string())
            .collect::<HashSet<_>>()
    };
    assert_eq!(distinct("created_by").len(), 2);
    assert!(distinct("template_version").len() >= 4);
    assert_eq!(distinct("status").len(), 2);
    assert!(
        batches
            .iter()
            .any(|batch| batch["failed_leads"].as_i64() > Some(0))
    );
    for batch in batches.iter().take(10) {
        let id = batch["id"].as_str().expect("an id");
        let leads = server
            .get(&format!("/api/batch/{id}/leads?limit=1000"))
            .await
            .json();
        assert_eq!(leads["total_count"], batch["total_leads"]);
        let sum: f64 = leads["leads"]
            .as_array()
            .expect("a list")
            .iter()
            .filter_map(|lead| lead["actual_cost_usd"].as_f64())
            .sum();
        assert!((sum - batch["actual_cost_usd"].as_f64().expect("a cost")).abs() < 1e-6);
    }
}

/// The server as it stands has never finished a batch otherwise.
#[tokio::test(flavor = "multi_thread")]
async fn the_past_of_the_server_as_it_stands_is_all_failures() {
    let server = Server::of(Mode::AsIs).await;
    let page = server.get("/api/batch?limit=200").await.json();
    for batch in page["batches"].as_array().expect("a list") {
        assert_eq!(batch["status"], "failed");
        assert!(batch["actual_cost_usd"].is_null());
        assert_eq!(batch["error_message"], dev_backend::worker::SETTER_MESSAGE);
    }
}

/// A file of another program, or of an older version, is not touched.
#[tokio::test(flavor = "multi_thread")]
async fn a_foreign_database_is_left_alone() {
    let file =
        std::env::temp_dir().join(format!("dev-backend-foreign-{}.sqlite", std::process::id()));
    let foreign = rusqlite::Connection::open(&file).expect("a file");
    foreign
        .execute_batch("CREATE TABLE diary (entry TEXT)")
        .expect("a table");
    let config = Config {
        location: Location::File(file.clone()),
        ..config(Mode::Default)
    };
    let error = dev_backend::start(config)
        .await
        .expect_err("it must refuse")
        .to_string();
    assert!(error.contains("delete it"), "{error}");
    let tables: i64 = foreign
        .query_row("SELECT COUNT(*) FROM sqlite_schema", [], |row| row.get(0))
        .expect("a count");
    assert_eq!(tables, 1);
    for suffix in ["", "-wal", "-shm"] {
        let _ = std::fs::remove_file(format!("{}{suffix}", file.display()));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn leads_are_replaced_only_on_an_explicit_wish() {
    let file =
        std::env::temp_dir().join(format!("dev-backend-reseed-{}.sqlite", std::process::id()));
    let with = async |leads, replace_leads| {
        let server = Server::start(Config {
            seed: Seed { leads, number: 1 },
            location: Location::File(file.clone()),
            replace_leads,
            ..config(Mode::Default)
        })
        .await;
        let page = server.get_signed_in("/api/v1/leads?limit=1").await.json();
        (
            page["total_count"].as_i64().expect("a count"),
            server.running.notices.clone(),
        )
    };
    assert_eq!(with(50, true).await, (50, vec![]));
    assert_eq!(with(80, false).await, (50, vec![]));
    let (count, notices) = with(80, true).await;
    assert_eq!(count, 80);
    assert_eq!(notices, ["replaced 50 seeded leads by 80"]);
    assert_eq!(with(80, true).await, (80, vec![]));
    for suffix in ["", "-wal", "-shm"] {
        let _ = std::fs::remove_file(format!("{}{suffix}", file.display()));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_of_a_sorted_list_neither_overlap_nor_miss_rows() {
    let server = Server::fast().await;
    for sort in ["enrichment_status", "created_at", "company_name", "source"] {
        let mut seen = HashSet::new();
        for skip in (0..2500).step_by(500) {
            let page = server
                .get_signed_in(&format!(
                    "/api/v1/leads?limit=500&skip={skip}&sort_by={sort}"
                ))
                .await
                .json();
            seen.extend(
                page["leads"]
                    .as_array()
                    .expect("a list")
                    .iter()
                    .map(|lead| lead["id"].to_string()),
            );
        }
        assert_eq!(seen.len(), 2500, "{sort}");
    }
    let badged = server
        .get_signed_in("/api/v1/leads?has_badges=true&limit=1000")
        .await
        .json();
    assert_eq!(
        badged["total_count"],
        badged["leads"].as_array().map_or(0, Vec::len)
    );
}
