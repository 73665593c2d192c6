//! Every frame of the sockets.

use std::collections::BTreeMap;

use batch_runner::domain::batch::BatchId;
use batch_runner::domain::live::Frame;
use batch_runner::wire::ws::read_frame;
use serde_json::Value;

use crate::figures::{assert_time, usd};
use crate::recordings;

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
