//! The multiplexed socket, as `docs/multiplexed-socket.md` describes it.

use dev_backend::Config;
use dev_backend::quirks::Mode;
use serde_json::{Value, json};

use crate::support::{Server, Socket, config};

async fn follow(socket: &mut Socket, ids: &[&str], since: Value) -> Value {
    socket
        .say(json!({ "type": "subscribe", "batch_ids": ids, "since": since }))
        .await;
    socket.next_of("subscribed").await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_subscription_tells_known_from_unknown_and_numbers_every_message() {
    let server = Server::start(Config {
        speed: 20.0,
        ..config(Mode::Default)
    })
    .await;
    let id = server.start_batch(40, json!({})).await;
    let mut socket = server.multiplexed().await;
    let answer = follow(&mut socket, &[&id, "nope", &id], json!({ id.as_str(): 0 })).await;
    assert_eq!(
        answer,
        json!({ "type": "subscribed", "batch_ids": [id], "unknown": ["nope"] })
    );
    let messages = socket
        .until(|message| message["type"] == "batch_completed")
        .await;
    for (index, message) in messages.iter().enumerate() {
        assert_eq!(message["batch_id"], id.as_str());
        assert_eq!(message["seq"], index + 1, "{message}");
    }
    let updates = messages
        .iter()
        .filter(|message| message["type"] == "lead_update")
        .count();
    assert_eq!(updates, 40);
    assert_eq!(messages[0]["status"], "started");
}

#[tokio::test(flavor = "multi_thread")]
async fn many_connections_follow_many_batches() {
    let server = Server::start(Config {
        speed: 10.0,
        ..config(Mode::Default)
    })
    .await;
    let (one, two) = (
        server.start_batch(20, json!({})).await,
        server.start_batch(20, json!({})).await,
    );
    let (mut both, mut second) = (server.multiplexed().await, server.multiplexed().await);
    let mut single = server.socket(&format!("/api/batch/{two}/progress")).await;
    follow(
        &mut both,
        &[&one, &two],
        json!({ one.as_str(): 0, two.as_str(): 0 }),
    )
    .await;
    follow(&mut second, &[&two], json!({ two.as_str(): 0 })).await;
    let mut ended = Vec::new();
    while ended.len() < 2 {
        ended.push(both.next_of("batch_completed").await["batch_id"].clone());
    }
    assert!(ended.contains(&json!(one)) && ended.contains(&json!(two)));
    let of_second = second
        .until(|message| message["type"] == "batch_completed")
        .await;
    assert!(
        of_second
            .iter()
            .all(|message| message["batch_id"] == two.as_str())
    );
    // The per-batch socket gets the same news without numbers and without single leads.
    let of_single = single
        .until(|message| message["type"] == "batch_completed")
        .await;
    assert!(
        of_single
            .iter()
            .all(|message| message.get("seq").is_none() && message["type"] != "lead_update")
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_missed_is_sent_again_without_holes_or_repetitions() {
    let server = Server::start(Config {
        speed: 10.0,
        ..config(Mode::Default)
    })
    .await;
    let id = server.start_batch(60, json!({})).await;
    let mut socket = server.multiplexed().await;
    follow(&mut socket, &[&id], json!({ id.as_str(): 0 })).await;
    let mut seen = Vec::new();
    while seen.len() < 10 {
        seen.push(socket.next().await["seq"].as_u64().expect("a number"));
    }
    server.dev("sockets", json!({ "drop": true })).await;
    let mut socket = server.multiplexed().await;
    follow(&mut socket, &[&id], json!({ id.as_str(): seen.last() })).await;
    loop {
        let message = socket.next().await;
        seen.push(message["seq"].as_u64().expect("a number"));
        if message["type"] == "batch_completed" {
            break;
        }
    }
    let expected: Vec<u64> = (1..=seen.len() as u64).collect();
    assert_eq!(seen, expected);
    // Nothing is left to send, and nothing is missing.
    follow(&mut socket, &[&id], json!({ id.as_str(): seen.len() })).await;
    socket.is_quiet().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hole_that_cannot_be_filled_is_called_a_gap() {
    let server = Server::start(Config {
        speed: 500.0,
        ..config(Mode::Default)
    })
    .await;
    let id = server
        .start_batch(700, json!({ "max_concurrent": 20 }))
        .await;
    server.ended(&id).await;
    let mut socket = server.multiplexed().await;
    // More messages than are kept, a number that the server never gave, and a batch without messages.
    let past = server
        .dev("batches", json!({ "count": 1, "leads": 3 }))
        .await["ids"][0]
        .clone();
    let past = past.as_str().expect("an id");
    for (batch, since) in [(id.as_str(), 1), (id.as_str(), 1_000_000), (past, 7)] {
        follow(&mut socket, &[batch], json!({ batch: since })).await;
        let gap = socket.next().await;
        assert_eq!(
            (&gap["type"], &gap["batch_id"]),
            (&json!("gap"), &json!(batch)),
            "{since}"
        );
        socket.is_quiet().await;
    }
    follow(&mut socket, &[past], json!({ past: 0 })).await;
    socket.is_quiet().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn after_unsubscribing_nothing_comes() {
    let server = Server::start(Config {
        speed: 10.0,
        ..config(Mode::Default)
    })
    .await;
    let id = server.start_batch(100, json!({})).await;
    let mut socket = server.multiplexed().await;
    follow(&mut socket, &[&id], json!({})).await;
    socket.next_of("lead_update").await;
    socket
        .say(json!({ "type": "unsubscribe", "batch_ids": [id] }))
        .await;
    assert_eq!(
        socket.next_of("unsubscribed").await["batch_ids"],
        json!([id])
    );
    socket.is_silent().await;
    socket.is_quiet().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn mistakes_are_answered_and_the_socket_lives_on() {
    let server = Server::fast().await;
    let mut socket = server.multiplexed().await;
    for (text, code) in [
        ("not json", "NOT_JSON"),
        ("[]", "NOT_AN_OBJECT"),
        ("null", "NOT_AN_OBJECT"),
        (r#"{"type":"dance"}"#, "UNKNOWN_TYPE"),
        ("{}", "UNKNOWN_TYPE"),
        (r#"{"type":"subscribe"}"#, "BAD_BATCH_IDS"),
        (r#"{"type":"subscribe","batch_ids":[1]}"#, "BAD_BATCH_IDS"),
        (r#"{"type":"unsubscribe","batch_ids":"x"}"#, "BAD_BATCH_IDS"),
    ] {
        socket.say_text(text).await;
        let answer = socket.next().await;
        assert_eq!(
            (&answer["type"], &answer["error_code"]),
            (&json!("error"), &json!(code)),
            "{text}"
        );
    }
    socket.say_bytes(b"{}").await;
    assert_eq!(socket.next().await["error_code"], "BINARY_FRAME");
    socket.is_quiet().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn where_a_token_is_demanded_only_a_good_one_opens_the_way() {
    let server = Server::fast().await;
    server
        .dev("sockets", json!({ "auth_required": true }))
        .await;
    let token = server.token().await;
    for path in ["/api/batch/ws", "/api/batch/x/progress"] {
        let mut good = server.socket(path).await;
        assert_eq!(good.next().await, json!({ "type": "auth_required" }));
        good.say(json!({ "type": "auth", "token": token })).await;
        assert_eq!(good.next().await["type"], "connection_established");
        good.is_quiet().await;
        for first in [
            json!({ "type": "auth", "token": "junk" }),
            json!({ "type": "auth" }),
            json!({ "type": "ping" }),
            json!({ "type": "subscribe", "batch_ids": [] }),
        ] {
            let mut socket = server.socket(path).await;
            socket.next().await;
            socket.say(first).await;
            assert_eq!(socket.next_text().await, Err(Some(4401)));
        }
    }
    // A token that has expired is no good either.
    server.dev("tokens/expire", json!({})).await;
    let mut expired = server.socket("/api/batch/ws").await;
    expired.next().await;
    expired.say(json!({ "type": "auth", "token": token })).await;
    assert_eq!(expired.next_text().await, Err(Some(4401)));
}

#[tokio::test(flavor = "multi_thread")]
async fn without_an_upgrade_the_path_does_not_exist() {
    let server = Server::fast().await;
    assert_eq!(server.get("/api/batch/ws").await.status, 404);
    assert_eq!(server.get("/api/batch/x/progress").await.status, 404);
}
