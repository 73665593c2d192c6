//! `/dev`.

use std::time::{Duration, Instant};

use dev_backend::Config;
use dev_backend::quirks::Mode;
use serde_json::{Value, json};

use crate::support::{Connection, OPERATOR, Server, Socket, config, eventually};

#[tokio::test(flavor = "multi_thread")]
async fn without_the_argument_there_are_no_controls() {
    let server = Server::start(Config {
        dev_controls: false,
        ..config(Mode::Default)
    })
    .await;
    for (method, path) in [
        ("GET", "/dev/state"),
        ("POST", "/dev/reset"),
        ("POST", "/dev/faults"),
        ("GET", "/dev"),
    ] {
        assert_eq!(
            server.send(method, path, &[], None).await.status,
            404,
            "{path}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_fault_with_a_status_answers_in_the_real_shape_without_acting() {
    let server = Server::fast().await;
    for (status, expected) in [
        (
            429,
            json!({ "error": "Rate limit exceeded: 10 per 1 second" }),
        ),
        (
            500,
            json!({ "error": "INTERNAL_ERROR", "message": "An unexpected error occurred" }),
        ),
        (
            401,
            json!({ "detail": "Invalid authentication credentials" }),
        ),
        (404, json!({ "detail": "Not Found" })),
    ] {
        server
            .dev(
                "faults",
                json!({ "method": "POST", "path": "/api/batch/start", "status": status }),
            )
            .await;
        let body = json!({ "lead_ids": server.lead_ids(1).await, "estimated_cost_usd": 1, "cost_approved": true });
        let answer = server.post("/api/batch/start", &body).await;
        assert_eq!(answer.status, status);
        assert_eq!(answer.json(), expected);
        assert!(answer.header("retry-after").is_none());
    }
    assert_eq!(
        server.get("/api/batch?limit=1").await.json()["total_count"],
        40
    );
    server
        .dev("faults", json!({ "path": "/api/health", "status": 503 }))
        .await;
    let answer = server.get("/api/health").await;
    assert_eq!(
        (answer.status.as_u16(), answer.header("content-type")),
        (503, Some("text/html"))
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn faults_match_count_carry_headers_and_bodies_and_are_removed() {
    let server = Server::fast().await;
    let fault = json!({ "path": "/api/*/nothing", "status": 418 });
    server.dev("faults", fault).await;
    assert_eq!(server.get("/api/health").await.status, 200);
    let fault = json!({
        "method": "get", "path": "/api/hea*", "times": 2, "status": 429,
        "headers": { "Retry-After": "7" }, "body": { "error": "slow down" },
    });
    let id = server.dev("faults", fault).await["id"].clone();
    assert!(id.is_u64());
    for _ in 0..2 {
        let answer = server.get("/api/health").await;
        assert_eq!(
            (answer.status.as_u16(), answer.header("retry-after")),
            (429, Some("7"))
        );
        assert_eq!(answer.json(), json!({ "error": "slow down" }));
    }
    assert_eq!(server.get("/api/health").await.status, 200);
    let endless = server
        .dev(
            "faults",
            json!({ "path": "/api/health", "times": 0, "body": "<html>not json" }),
        )
        .await;
    for _ in 0..3 {
        assert_eq!(server.get("/api/health").await.bytes, "<html>not json");
    }
    let path = format!("/dev/faults/{}", endless["id"]);
    assert_eq!(
        server.send("DELETE", &path, &[], None).await.json(),
        json!({ "removed": 1 })
    );
    assert_eq!(server.get("/api/health").await.status, 200);
    assert_eq!(
        server.send("DELETE", "/dev/faults", &[], None).await.json(),
        json!({ "removed": 1 })
    );
    for bad in [
        json!({ "status": 500 }),
        json!({ "path": "/x", "status": 9 }),
        json!({ "path": "/x", "colour": 1 }),
    ] {
        assert_eq!(server.post("/dev/faults", &bad).await.status, 422, "{bad}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn faults_delay_before_or_after_acting() {
    let server = Server::fast().await;
    for field in ["delay_ms", "delay_after_ms"] {
        server
            .dev("faults", json!({ "path": "/api/health", field: 150 }))
            .await;
        let begun = Instant::now();
        assert_eq!(server.get("/api/health").await.status, 200);
        assert!(begun.elapsed() >= Duration::from_millis(150), "{field}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn cuts_happen_before_after_or_in_the_middle() {
    let server = Server::fast().await;
    let body = json!({
        "lead_ids": server.lead_ids(2).await, "estimated_cost_usd": 1, "cost_approved": true, "name": "cut",
    });
    let count = async || {
        server.get("/api/batch?limit=1").await.json()["total_count"]
            .as_i64()
            .expect("a count")
    };
    let before = count().await;
    for (cut, acts) in [("before", 0), ("after", 1), ("mid_body", 1)] {
        let had = count().await;
        server
            .dev(
                "faults",
                json!({ "method": "POST", "path": "/api/batch/start", "cut": cut }),
            )
            .await;
        let outcome = server
            .try_send(
                "POST",
                "/api/batch/start",
                &[],
                Some(body.to_string().into()),
            )
            .await;
        assert!(outcome.is_err(), "{cut}: {outcome:?}");
        assert_eq!(
            outcome.is_err_and(|error| error.starts_with("body")),
            cut == "mid_body"
        );
        assert_eq!(count().await - had, acts, "{cut}");
    }
    assert_eq!(count().await, before + 2);
}

/// A browser silently resends what was cut on a kept-alive connection, a POST too, and would start two
/// batches where a test wants to see the cut.
#[tokio::test(flavor = "multi_thread")]
async fn planting_a_cut_retires_kept_alive_connections() {
    let server = Server::fast().await;
    let mut kept = Connection::open(server.address()).await;
    assert!(kept.try_send("GET", "/api/health", &[], None).await.is_ok());
    server
        .dev(
            "faults",
            json!({ "path": "/api/batch/start", "cut": "after" }),
        )
        .await;
    eventually("the idle connection is closed", async || {
        kept.try_send("GET", "/api/health", &[], None)
            .await
            .is_err()
    })
    .await;
    assert_eq!(
        server.get("/api/health").await.header("connection"),
        Some("close")
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn handshakes_are_refused_on_request() {
    let server = Server::fast().await;
    server
        .dev(
            "sockets",
            json!({ "refuse_multiplexed": true, "refuse_per_batch": true }),
        )
        .await;
    assert_eq!(
        Socket::open(server.address(), "/api/batch/ws").await.err(),
        Some(403)
    );
    assert_eq!(
        Socket::open(server.address(), "/api/batch/x/progress")
            .await
            .err(),
        Some(403)
    );
    // What is not mentioned keeps its value.
    let state = server
        .dev("sockets", json!({ "refuse_per_batch": false }))
        .await;
    assert_eq!(
        (&state["refuse_multiplexed"], &state["refuse_per_batch"]),
        (&json!(true), &json!(false))
    );
    server.dev("reset", json!({})).await;
    server.multiplexed().await.is_quiet().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn pongs_are_muted_and_sockets_stalled_on_request() {
    let server = Server::fast().await;
    let mut socket = server.multiplexed().await;
    server.dev("sockets", json!({ "mute_pongs": true })).await;
    socket.say(json!({ "type": "ping" })).await;
    socket.is_silent().await;
    server
        .dev("sockets", json!({ "mute_pongs": false, "stall": true }))
        .await;
    let mut stalled = server.socket("/api/batch/ws").await;
    stalled.say(json!({ "type": "ping" })).await;
    stalled.is_silent().await;
    server.dev("sockets", json!({ "stall": false })).await;
    stalled.is_quiet().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn messages_are_duplicated_swapped_and_garbled_on_request() {
    let server = Server::fast().await;
    for (trouble, expected) in [
        ("duplicate", vec![1, 1, 2, 2, 3, 3, 4, 4]),
        ("reorder", vec![2, 1, 4, 3, 6, 5]),
    ] {
        let id = server
            .dev(
                "batches",
                json!({ "count": 1, "leads": 30, "status": "running", "processing": false }),
            )
            .await;
        let id = id["ids"][0].as_str().expect("an id").to_owned();
        let mut socket = server.multiplexed().await;
        socket
            .say(json!({ "type": "subscribe", "batch_ids": [id] }))
            .await;
        socket.next_of("subscribed").await;
        server.dev("sockets", json!({ trouble: true })).await;
        for processed in 1..=6 {
            let message =
                json!({ "type": "progress_update", "batch_id": id, "processed": processed });
            dev_backend::worker::publish(
                &server.running.shared,
                &id,
                &message,
                dev_backend::sockets::hub::Audience::Everyone,
            );
        }
        let mut seen = Vec::new();
        while seen.len() < expected.len() {
            seen.push(socket.next().await["seq"].as_i64().expect("a number"));
        }
        assert_eq!(seen, expected, "{trouble}");
        server.dev("reset", json!({})).await;
    }
    let id = server.start_batch(60, json!({})).await;
    server.dev("sockets", json!({ "garble": true })).await;
    let mut socket = server.multiplexed().await;
    socket
        .say(json!({ "type": "subscribe", "batch_ids": [id] }))
        .await;
    let (mut odd, mut good) = (0, 0);
    for _ in 0..15 {
        let text = socket.next_text().await.expect("a frame");
        let is_good = serde_json::from_str::<Value>(&text).is_ok_and(|message| {
            matches!(
                message["type"].as_str(),
                Some("lead_update" | "subscribed" | "progress_update")
            ) && message["total"] != json!(-1e300)
        });
        if is_good { good += 1 } else { odd += 1 }
    }
    assert!((4..=5).contains(&odd), "{odd} {good}");
}

#[tokio::test(flavor = "multi_thread")]
async fn open_sockets_are_dropped_or_closed_with_a_code() {
    let server = Server::fast().await;
    let (mut one, mut two) = (
        server.multiplexed().await,
        server.socket("/api/batch/x/progress").await,
    );
    two.next().await;
    assert_eq!(
        server.dev("sockets", json!({ "drop": true })).await["ended"],
        2
    );
    assert_eq!(one.next_text().await, Err(None));
    assert_eq!(two.next_text().await, Err(None));
    let mut three = server.multiplexed().await;
    server.dev("sockets", json!({ "close_code": 1012 })).await;
    assert_eq!(three.next_text().await, Err(Some(1012)));
    eventually("they are forgotten", async || {
        let counts = server.get("/dev/sockets").await.json();
        assert_eq!(
            (
                &counts["multiplexed"]["opened"],
                &counts["per_batch"]["opened"]
            ),
            (&json!(2), &json!(1))
        );
        counts["multiplexed"]["open"] == 0 && counts["per_batch"]["open"] == 0
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn templates_prices_tokens_speed_and_budget_change() {
    let server = Server::fast().await;
    let versions = async || {
        server
            .get("/api/template-studio/templates")
            .await
            .json()
            .as_array()
            .map_or(0, Vec::len)
    };
    assert_eq!(
        server
            .dev(
                "templates",
                json!({ "version": "2.0.0", "is_active": false })
            )
            .await["changed"],
        1
    );
    assert_eq!(versions().await, 4);
    server
        .dev(
            "templates",
            json!({ "version": "2.0.0", "is_active": true }),
        )
        .await;
    assert_eq!(versions().await, 5);

    let body = json!({ "lead_ids": server.lead_ids(5).await });
    let price = async || {
        server.post("/api/batch/preview", &body).await.json()["estimated_cost_usd"]
            .as_f64()
            .expect("a price")
    };
    let before = price().await;
    server.dev("prices", json!({ "factor": 2.0 })).await;
    assert!((price().await - 2.0 * before).abs() < 1e-6);
    server
        .dev("prices", json!({ "factor": 1, "openai": 1.25 }))
        .await;
    assert!((price().await - before - 5.0 * 1.25).abs() < 1e-6);
    assert_eq!(
        server
            .post("/dev/prices", &json!({ "nobody": 1 }))
            .await
            .status,
        422
    );

    let tokens = server.login(OPERATOR).await;
    let bearer = format!(
        "Bearer {}",
        tokens["access_token"].as_str().expect("a token")
    );
    server.dev("tokens/expire", json!({})).await;
    let me = server
        .send(
            "GET",
            "/api/v1/accounts/me",
            &[("authorization", &bearer)],
            None,
        )
        .await;
    assert_eq!(me.status, 401);
    let refresh = json!({ "refresh_token": tokens["refresh_token"] });
    assert_eq!(
        server
            .post("/api/v1/accounts/refresh", &refresh)
            .await
            .status,
        200
    );
    server
        .dev("tokens/expire", json!({ "refresh": true }))
        .await;
    assert_eq!(
        server
            .post("/api/v1/accounts/refresh", &refresh)
            .await
            .status,
        401
    );

    server.dev("speed", json!({ "speed": 3.5 })).await;
    server.dev("quirks", json!({ "zombie_socket": true })).await;
    let state = server.get("/dev/state").await.json();
    assert_eq!(state["speed"], 3.5);
    assert_eq!(state["quirks"]["zombie_socket"], true);
    assert_eq!(
        server
            .post("/dev/speed", &json!({ "speed": 0 }))
            .await
            .status,
        422
    );
    assert_eq!(
        server
            .post("/dev/quirks", &json!({ "no_such": true }))
            .await
            .status,
        422
    );

    server
        .dev("budget", json!({ "spent_today_usd": 999.0 }))
        .await;
    let preview = server.post("/api/batch/preview", &body).await.json();
    assert_eq!(preview["is_within_budget"], false);
    assert!(
        preview["budget_warning"]
            .as_str()
            .is_some_and(|text| text.ends_with("exceeds remaining daily budget $1.00"))
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn leads_come_and_go() {
    let server = Server::fast().await;
    let name = "<img src=x onerror=alert(1)>".to_owned() + &"x".repeat(10_000);
    let id = server
        .dev(
            "leads",
            json!({ "company_name": name, "domain": "a.example" }),
        )
        .await["id"]
        .clone();
    let path = format!("/api/v1/leads/{}", id.as_str().expect("an id"));
    assert_eq!(
        server.get_signed_in(&path).await.json()["company_name"],
        name
    );
    let newest = server.get_signed_in("/api/v1/leads?limit=1").await.json();
    assert_eq!(newest["leads"][0]["id"], id);
    assert_eq!(
        server
            .dev("leads/delete", json!({ "ids": [id, "nope"] }))
            .await["deleted"],
        1
    );
    assert_eq!(server.get_signed_in(&path).await.status, 404);
}

#[tokio::test(flavor = "multi_thread")]
async fn requests_are_counted() {
    let server = Server::fast().await;
    let id = server.start_batch(1, json!({})).await;
    server.status(&id).await;
    server
        .dev("faults", json!({ "path": "/api/health", "cut": "before" }))
        .await;
    assert!(
        server
            .try_send("GET", "/api/health", &[], None)
            .await
            .is_err()
    );
    let log = server
        .get("/dev/requests?method=POST&path=/api/batch/start")
        .await
        .json();
    assert_eq!(log["count"], 1);
    assert_eq!(log["requests"][0]["status"], 201);
    assert!(log["requests"][0]["at"].is_string());
    assert_eq!(
        server
            .get("/dev/requests?path=/api/batch/*/status")
            .await
            .json()["count"],
        1
    );
    assert_eq!(
        server.get("/dev/requests?path=/api/health").await.json()["requests"][0]["status"],
        Value::Null
    );
    assert_eq!(
        server.get("/dev/requests?path=/dev/*").await.json()["count"],
        0
    );
    server.dev("reset", json!({})).await;
    assert_eq!(server.get("/dev/requests").await.json()["count"], 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn batches_are_inserted_in_every_state() {
    let server = Server::fast().await;
    for status in ["completed", "failed", "cancelled"] {
        let ids = server
            .dev(
                "batches",
                json!({ "count": 3, "leads": 50, "status": status }),
            )
            .await["ids"]
            .clone();
        let facts = server.facts(ids[0].as_str().expect("an id")).await;
        assert_eq!(facts["status"], status);
        assert_eq!(facts["lead_ids"].as_array().map(Vec::len), Some(50));
    }
    let stalled = server
        .dev(
            "batches",
            json!({ "count": 1, "leads": 50, "status": "running", "processing": false }),
        )
        .await;
    let stalled = stalled["ids"][0].as_str().expect("an id").to_owned();
    let facts = server.facts(&stalled).await;
    assert_eq!(
        (
            &facts["status"],
            &facts["processed_leads"],
            &facts["processing"]
        ),
        (&json!("running"), &json!(20), &json!(false))
    );
    // It can be cancelled, and that is its end.
    assert_eq!(
        server
            .post(&format!("/api/batch/{stalled}/cancel"), &Value::Null)
            .await
            .status,
        200
    );
    assert_eq!(server.status(&stalled).await["status"], "cancelled");
    let working = server
        .dev(
            "batches",
            json!({ "count": 1, "leads": 20, "status": "running" }),
        )
        .await;
    let working = working["ids"][0].as_str().expect("an id").to_owned();
    server.ended(&working).await;
    assert_eq!(server.status(&working).await["processed_leads"], 20);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_flood_has_its_rate_its_counts_and_an_end() {
    let server = Server::fast().await;
    let mut socket = server.multiplexed().await;
    let begun = Instant::now();
    let ids = server
        .dev(
            "flood",
            json!({ "messages_per_second": 400, "batches": 4, "seconds": 1 }),
        )
        .await["ids"]
        .clone();
    socket
        .say(json!({ "type": "subscribe", "batch_ids": ids }))
        .await;
    let (mut ended, mut seen) = (0, std::collections::HashSet::new());
    while ended < 4 {
        let message = socket.next().await;
        match message["type"].as_str() {
            Some("progress_update") => {
                assert!(message["sent_at_ms"].as_f64().is_some_and(|at| at > 1e12));
                assert!(seen.insert((
                    message["batch_id"].to_string(),
                    message["processed"].as_i64()
                )));
            }
            Some("batch_completed") => ended += 1,
            _ => {}
        }
    }
    assert_eq!(seen.len(), 400);
    assert!(begun.elapsed() >= Duration::from_secs(1));
    assert_eq!(
        server.status(ids[0].as_str().expect("an id")).await["status"],
        "completed"
    );
    assert_eq!(
        server
            .post(
                "/dev/flood",
                &json!({ "messages_per_second": -1, "batches": 1, "seconds": 1 })
            )
            .await
            .status,
        422
    );
}
