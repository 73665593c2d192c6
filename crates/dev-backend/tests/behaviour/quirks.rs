//! Every quirk that the recordings alone do not show, switched on by name in an otherwise faultless server.

use std::collections::HashSet;
use std::time::{Duration, Instant};

use dev_backend::Config;
use dev_backend::quirks::{Mode, Quirk};
use serde_json::{Value, json};

use crate::support::{Connection, OPERATOR, PATIENCE, Server, Socket, config};

/// Where each quirk is tested. The list must name all of them.
const TESTED: &[(Quirk, &str)] = &[
    (
        Quirk::MalformedJsonHangs,
        "contract: *.bad-json; controls below",
    ),
    (
        Quirk::SameSecondLoginFails,
        "contract: login.twice-in-one-second",
    ),
    (
        Quirk::SameSecondRefreshFails,
        "contract: refresh.same-second",
    ),
    (
        Quirk::LoggedOutTokenWorks,
        "contract: me.after-logout; below",
    ),
    (
        Quirk::RefreshTokenIsBearer,
        "contract: leads.list.refresh-token-as-bearer; below",
    ),
    (Quirk::InternalErrorDropsConnection, "below"),
    (Quirk::StartBlocksConnection, "below"),
    (Quirk::UnstableSort, "below"),
    (Quirk::BadgeFilterCountsPairs, "below"),
    (Quirk::PreviewIgnoresEnrichment, "cost.rs and below"),
    (Quirk::DurationFarTooLong, "below"),
    (Quirk::SpendNeverRecorded, "below"),
    (
        Quirk::UnapprovedStartAccepted,
        "contract: batch-start.cost-not-approved; below",
    ),
    (Quirk::ZeroEstimateReadsNull, "below"),
    (Quirk::MaxConcurrentIgnored, "below"),
    (Quirk::InstantReports, "below"),
    (Quirk::OnlyDeletedLeadsFail, "below"),
    (Quirk::FlatActualCost, "contract: flat prices"),
    (Quirk::CancelDoesNotStop, "contract: ws-progress.cancelled"),
    (Quirk::WrongWebsocketUrl, "below"),
    (Quirk::NoMultiplexedSocket, "contract: ws-batch-ws"),
    (Quirk::NoPerLeadRoute, "contract: batch-leads-path"),
    (
        Quirk::OneSocketPerBatch,
        "contract: ws-progress.two-connections",
    ),
    (Quirk::ErrorSummaryEmpty, "below"),
    (Quirk::UnfinishedResultsFirst, "below"),
    (Quirk::FailedLeadStaysPending, "below"),
    (Quirk::OrphanedAfterRestart, "process"),
    (Quirk::LastProgressMissing, "below"),
    (
        Quirk::ZombieSocket,
        "contract: ws-progress.payload-*; below",
    ),
    (Quirk::QuickReconnectDropped, "below"),
    (Quirk::PreviewRefused, "contract: batch-preview.*"),
    (Quirk::BatchesEndFailed, "contract: ws-progress.session"),
    (
        Quirk::StatusFailsWithFailedLeads,
        "contract: batch-status.with-failed-leads",
    ),
    (Quirk::AnalyticsBroken, "contract: batch-analytics.*"),
    (Quirk::WsAuthRequired, "multiplexed"),
];

#[test]
fn every_quirk_has_a_test() {
    for quirk in Quirk::ALL {
        assert!(
            TESTED.iter().any(|(tested, _)| tested == quirk),
            "{quirk:?}"
        );
    }
}

async fn with(quirk: &str) -> Server {
    let server = Server::start(Config {
        speed: 50.0,
        ..config(Mode::Default)
    })
    .await;
    switch(&server, quirk, true).await;
    server
}

async fn switch(server: &Server, quirk: &str, on: bool) {
    server.dev("quirks", json!({ quirk: on })).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn tokens_are_taken_seriously_by_default_only() {
    let server = Server::fast().await;
    let tokens = server.login(OPERATOR).await;
    let bearer = |token: &Value| format!("Bearer {}", token.as_str().expect("a token"));
    let me = async |bearer: &str| {
        server
            .send(
                "GET",
                "/api/v1/accounts/me",
                &[("authorization", bearer)],
                None,
            )
            .await
            .status
    };
    let (access, refresh) = (
        bearer(&tokens["access_token"]),
        bearer(&tokens["refresh_token"]),
    );
    assert_eq!(me(&refresh).await, 401);
    switch(&server, "refresh_token_is_bearer", true).await;
    assert_eq!(me(&refresh).await, 200);
    let logout = async || {
        server
            .send(
                "POST",
                "/api/v1/accounts/logout",
                &[("authorization", &access)],
                None,
            )
            .await
    };
    switch(&server, "logged_out_token_works", true).await;
    assert_eq!(logout().await.status, 200);
    assert_eq!(me(&access).await, 200);
    switch(&server, "logged_out_token_works", false).await;
    assert_eq!(logout().await.status, 200);
    assert_eq!(me(&access).await, 401);
}

#[tokio::test(flavor = "multi_thread")]
async fn signing_in_often_is_no_mistake_by_default() {
    let server = Server::fast().await;
    for _ in 0..5 {
        let tokens = server.login(OPERATOR).await;
        let answer = server
            .post(
                "/api/v1/accounts/refresh",
                &json!({ "refresh_token": tokens["refresh_token"] }),
            )
            .await;
        assert_eq!(answer.status, 200);
        assert_ne!(answer.json()["access_token"], tokens["access_token"]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn malformed_json_is_refused_by_default() {
    let server = Server::fast().await;
    let send = || server.try_send("POST", "/api/batch/start", &[], Some("{".into()));
    let answer = send().await.expect("an answer");
    assert_eq!(answer.status, 422);
    assert_eq!(answer.json()["detail"][0]["type"], "json_invalid");
    switch(&server, "malformed_json_hangs", true).await;
    assert!(
        tokio::time::timeout(Duration::from_millis(200), send())
            .await
            .is_err()
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn an_internal_error_drops_the_connection() {
    let server = Server::fast().await;
    for is_dropped in [false, true] {
        switch(&server, "internal_error_drops_connection", is_dropped).await;
        let mut connection = Connection::open(server.address()).await;
        let answer = connection
            .try_send("GET", "/api/batch?limit=0", &[], None)
            .await
            .expect("an answer");
        assert_eq!(answer.status, 500);
        let deadline = Instant::now()
            + if is_dropped {
                PATIENCE
            } else {
                Duration::from_millis(200)
            };
        let mut failed = false;
        while Instant::now() < deadline && !failed {
            failed = connection
                .try_send("GET", "/api/health", &[], None)
                .await
                .is_err();
        }
        assert_eq!(failed, is_dropped);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_start_blocks_its_connection_until_the_batch_has_ended() {
    let server = Server::start(Config {
        speed: 2.0,
        ..config(Mode::Default)
    })
    .await;
    let body = json!({ "lead_ids": server.lead_ids(6).await, "estimated_cost_usd": 5, "cost_approved": true });
    for blocks in [false, true] {
        switch(&server, "start_blocks_connection", blocks).await;
        let mut connection = Connection::open(server.address()).await;
        let started = connection
            .try_send(
                "POST",
                "/api/batch/start",
                &[],
                Some(body.to_string().into()),
            )
            .await
            .expect("an answer")
            .json();
        let path = format!(
            "/api/batch/{}/status",
            started["id"].as_str().expect("an id")
        );
        // On a fresh connection there is no waiting.
        assert_ne!(server.get(&path).await.json()["status"], "completed");
        let status = connection
            .try_send("GET", &path, &[], None)
            .await
            .expect("an answer")
            .json();
        assert_eq!(status["status"] == "completed", blocks);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_overlap_when_sorting_by_equal_values() {
    let server = with("unstable_sort").await;
    let mut seen = HashSet::new();
    for skip in (0..2500).step_by(100) {
        let path = format!("/api/v1/leads?limit=100&skip={skip}&sort_by=enrichment_status");
        let page = server.get_signed_in(&path).await.json();
        seen.extend(
            page["leads"]
                .as_array()
                .expect("a list")
                .iter()
                .map(|lead| lead["id"].to_string()),
        );
    }
    assert!((500..2490).contains(&seen.len()), "{}", seen.len());
}

#[tokio::test(flavor = "multi_thread")]
async fn filtering_by_badges_counts_pairs() {
    let server = with("badge_filter_counts_pairs").await;
    let page = server
        .get_signed_in("/api/v1/leads?has_badges=true&limit=1000")
        .await
        .json();
    let rows = page["leads"].as_array().expect("a list").len();
    let total = usize::try_from(page["total_count"].as_u64().expect("a count")).expect("small");
    assert!(total > rows + 20, "{total} {rows}");
}

#[tokio::test(flavor = "multi_thread")]
async fn previews_ignore_enrichment_and_tell_minutes() {
    let server = Server::start(Config {
        ..config(Mode::Default)
    })
    .await;
    let body = json!({ "lead_ids": server.lead_ids(120).await });
    let preview = async || server.post("/api/batch/preview", &body).await.json();
    let fair = preview().await;
    assert_eq!(fair["estimated_duration_minutes"], 1);
    switch(&server, "preview_ignores_enrichment", true).await;
    switch(&server, "duration_far_too_long", true).await;
    let recorded = preview().await;
    assert_eq!(recorded["estimated_duration_minutes"], 34);
    assert!(recorded["estimated_cost_usd"].as_f64() > fair["estimated_cost_usd"].as_f64());
    assert_eq!(
        recorded["provider_breakdown"]["dataaxle"]["leads_processed"],
        120
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn spend_is_never_recorded() {
    let server = with("spend_never_recorded").await;
    let id = server.start_batch(30, json!({})).await;
    server.ended(&id).await;
    let status = server.get("/api/v1/gateway/guardrails/status").await.json();
    assert_eq!(status["limits"][0]["current_spend"], "0.00");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_start_is_checked_by_default_only() {
    let server = Server::fast().await;
    let body = json!({ "lead_ids": server.lead_ids(1).await, "estimated_cost_usd": 0, "cost_approved": false });
    let refused = server.post("/api/batch/start", &body).await;
    assert_eq!(refused.status, 422);
    assert_eq!(
        refused.json()["detail"][0]["loc"],
        json!(["body", "cost_approved"])
    );
    switch(&server, "unapproved_start_accepted", true).await;
    let accepted = server.post("/api/batch/start", &body).await;
    assert_eq!(
        (
            accepted.status.as_u16(),
            &accepted.json()["estimated_cost_usd"]
        ),
        (201, &json!(0.0))
    );
    switch(&server, "zero_estimate_reads_null", true).await;
    assert_eq!(
        server.post("/api/batch/start", &body).await.json()["estimated_cost_usd"],
        Value::Null
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn the_recorded_server_works_five_at_a_time_a_tenth_of_a_second_each() {
    let server = Server::of(Mode::Default).await;
    switch(&server, "max_concurrent_ignored", true).await;
    switch(&server, "instant_reports", true).await;
    switch(&server, "only_deleted_leads_fail", true).await;
    let id = server
        .start_batch(50, json!({ "max_concurrent": 20 }))
        .await;
    server.ended(&id).await;
    let page = server.get(&format!("/api/batch/{id}/leads")).await.json();
    for lead in page["leads"].as_array().expect("a list") {
        assert!(
            lead["processing_duration_ms"]
                .as_i64()
                .is_some_and(|took| (100..110).contains(&took))
        );
        assert_eq!(lead["status"], "completed");
    }
    let end = server.facts(&id).await;
    let instant = |name: &str| {
        dev_backend::clock::parse_datetime(end[name].as_str().expect("a date")).expect("a date")
    };
    // Ten rounds of a tenth of a second.
    assert!(instant("completed_at") - instant("started_at") >= 1_000_000);
}

#[tokio::test(flavor = "multi_thread")]
async fn bodies_name_the_wrong_socket() {
    let server = Server::fast().await;
    let id = server.start_batch(1, json!({})).await;
    assert_eq!(
        server.status(&id).await["websocket_url"],
        format!("/api/batch/{id}/progress")
    );
    switch(&server, "wrong_websocket_url", true).await;
    let url = server.status(&id).await["websocket_url"]
        .as_str()
        .expect("a path")
        .to_owned();
    assert_eq!(url, format!("/api/v1/batch/{id}/progress"));
    assert_eq!(Socket::open(server.address(), &url).await.err(), Some(403));
}

#[tokio::test(flavor = "multi_thread")]
async fn failures_are_hidden() {
    let server = Server::start(Config {
        speed: 500.0,
        ..config(Mode::Default)
    })
    .await;
    switch(&server, "failed_lead_stays_pending", true).await;
    let id = server
        .start_batch(300, json!({ "max_concurrent": 20 }))
        .await;
    server.ended(&id).await;
    let failed = server.status(&id).await["failed_leads"].clone();
    assert!(failed.as_i64() > Some(0));
    assert_eq!(server.facts(&id).await["lead_statuses"]["pending"], failed);
    switch(&server, "unfinished_results_first", true).await;
    assert_eq!(
        server.status(&id).await["recent_results"][0]["status"],
        "pending"
    );
    switch(&server, "failed_lead_stays_pending", false).await;
    let id = server
        .start_batch(300, json!({ "max_concurrent": 20 }))
        .await;
    server.ended(&id).await;
    assert_ne!(server.status(&id).await["error_summary"], json!({}));
    switch(&server, "error_summary_empty", true).await;
    assert_eq!(server.status(&id).await["error_summary"], json!({}));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_last_progress_is_missing() {
    let server = with("last_progress_missing").await;
    let id = server.start_batch(40, json!({})).await;
    let mut socket = server.multiplexed().await;
    socket
        .say(json!({ "type": "subscribe", "batch_ids": [id], "since": { id.as_str(): 0 } }))
        .await;
    let messages = socket
        .until(|message| message["type"] == "batch_completed")
        .await;
    let progress: Vec<_> = messages
        .iter()
        .filter(|message| message["type"] == "progress_update" && message["status"] != "started")
        .collect();
    assert_eq!(progress.len(), 1);
    assert!(progress[0]["processed"].as_i64() < Some(40));
}

#[tokio::test(flavor = "multi_thread")]
async fn sockets_survive_odd_frames_by_default() {
    let server = Server::fast().await;
    let mut socket = server.socket("/api/batch/x/progress").await;
    socket.next().await;
    for frame in ["[]", "null", "1", "\"text\"", "true", "1.5"] {
        socket.say_text(frame).await;
        assert_eq!(
            socket.next().await["error_code"],
            "CONNECTION_ERROR",
            "{frame}"
        );
    }
    socket.is_quiet().await;
    switch(&server, "zombie_socket", true).await;
    socket.say_text("[]").await;
    socket.next().await;
    socket.say(json!({ "type": "ping" })).await;
    socket.is_silent().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_quick_reconnect_is_dropped_after_its_greeting() {
    let server = Server::fast().await;
    let path = "/api/batch/quick/progress";
    for is_dropped in [false, true] {
        switch(&server, "quick_reconnect_dropped", is_dropped).await;
        let mut first = server.socket(path).await;
        first.next().await;
        first.close().await;
        let mut second = server.socket(path).await;
        assert_eq!(second.next().await["type"], "connection_established");
        if is_dropped {
            assert_eq!(second.next_text().await, Err(None));
            // After a quarter of a second it is welcome.
            tokio::time::sleep(Duration::from_millis(260)).await;
            let mut third = server.socket(path).await;
            third.next().await;
            third.is_quiet().await;
        } else {
            second.is_quiet().await;
            second.close().await;
            tokio::time::sleep(Duration::from_millis(260)).await;
        }
    }
}
