//! Frames of both sockets, see `docs/multiplexed-socket.md`.

use std::collections::BTreeMap;

use serde::Serialize;

use super::json::{self, Json};
use crate::domain::batch::{Batch, BatchId, BatchStatus, Counts, LeadResult, LeadStatus};
use crate::domain::lead::LeadId;
use crate::domain::live::{ClientMessage, Frame};
use crate::domain::time::SECOND;

/// Why a frame was not used; counted in the debug view.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Dropped {
    TooLarge,
    NotJson,
    UnknownType,
    NoBatch,
}

/// Longer frames are not read at all, in bytes.
pub const FRAME_MAX: usize = 256 * 1024;

/// Reads one frame. `socket_batch` is the batch of a per-batch socket, whose frames may leave the identifier out.
///
/// # Errors
/// Why the frame is of no use; nothing else is lost by it.
pub fn read_frame(text: &str, socket_batch: Option<&BatchId>) -> Result<Frame, Dropped> {
    if text.len() > FRAME_MAX {
        return Err(Dropped::TooLarge);
    }
    let value = json::parse(text).ok_or(Dropped::NotJson)?;
    if !value.is_object() {
        return Err(Dropped::NotJson);
    }
    let raw = Json(&value);
    let seq = raw.count("seq").map(u64::from);
    let kind = raw.get("type").0.as_str().unwrap_or_default();
    match kind {
        "connection_established" => return Ok(Frame::Established),
        "auth_required" => return Ok(Frame::AuthRequired),
        "pong" => return Ok(Frame::Pong),
        "subscribed" => {
            let unknown = raw
                .list("unknown")
                .ok()
                .into_iter()
                .flatten()
                .filter_map(Json::as_text)
                .map(BatchId)
                .collect();
            return Ok(Frame::Subscribed { unknown });
        }
        _ => {}
    }
    let batch = raw
        .text("batch_id")
        .map(BatchId)
        .or_else(|| socket_batch.cloned())
        .ok_or(Dropped::NoBatch)?;
    Ok(match kind {
        "gap" => Frame::Gap(batch),
        "progress_update" => {
            let mut news = Batch::unknown(batch);
            news.status = BatchStatus::Running;
            news.counts = counts(raw);
            news.started = raw.time("started_at");
            news.current_lead = raw.text("current_lead").map(LeadId);
            news.rate = raw
                .number("processing_rate_per_second")
                .filter(|rate| *rate >= 0.0);
            news.remaining = raw
                .count("estimated_remaining_seconds")
                .map(|s| i64::from(s) * SECOND);
            news.recent.extend(last_result(raw.get("last_result")));
            Frame::News {
                news: Box::new(news),
                seq,
            }
        }
        "batch_completed" => {
            let mut news = Batch::unknown(batch);
            news.status = raw
                .text("status")
                .map_or(BatchStatus::Completed, |code| BatchStatus::from_code(&code));
            let counts = counts(raw);
            let done = counts.successful.saturating_add(counts.failed);
            news.counts = Counts {
                processed: counts.processed.max(done),
                ..counts
            };
            news.actual = raw.usd("total_cost");
            news.completed = raw.time("completed_at");
            Frame::Ended {
                news: Box::new(news),
                seq,
            }
        }
        "batch_error" => match raw.get("error_code").0.as_str() {
            Some("USER_CANCELLED") => Frame::CancelAnnounced { batch, seq },
            // Trouble of the socket, not of the batch: something was missed, so the status is read.
            Some("CONNECTION_ERROR") => Frame::Gap(batch),
            _ => {
                let mut news = Batch::unknown(batch);
                news.status = BatchStatus::Failed;
                news.error = raw.text("error_message");
                Frame::Ended {
                    news: Box::new(news),
                    seq,
                }
            }
        },
        "lead_update" => {
            let lead = raw.text("lead_id").map(LeadId).ok_or(Dropped::NoBatch)?;
            let error = match (raw.text("error_code"), raw.text("error_message")) {
                (Some(code), Some(message)) => Some(format!("{code}: {message}")),
                (code, message) => message.or(code),
            };
            let result = LeadResult {
                lead,
                status: LeadStatus::from_code(&raw.text("status").unwrap_or_default()),
                error,
                cost: raw.usd("actual_cost_usd"),
                took: None,
                report_url: raw.text("report_url"),
            };
            Frame::Lead { batch, result, seq }
        }
        _ => return Err(Dropped::UnknownType),
    })
}

fn counts(raw: Json) -> Counts {
    Counts {
        total: raw.count("total").or(raw.count("total_leads")).unwrap_or(0),
        processed: raw.count("processed").unwrap_or(0),
        successful: raw.count("successful").unwrap_or(0),
        failed: raw.count("failed").unwrap_or(0),
    }
}

fn last_result(raw: Json) -> Option<LeadResult> {
    let status = if raw.flag("success")? {
        LeadStatus::Completed
    } else {
        LeadStatus::Failed
    };
    let lead = LeadId(raw.text("lead_id")?);
    Some(LeadResult {
        lead,
        status,
        error: raw.text("error"),
        cost: None,
        took: None,
        report_url: None,
    })
}

/// What the page says. Each batch is named twice: in a list, and by itself for servers that take one batch a message.
#[derive(Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
enum Said<'a> {
    Ping,
    Subscribe {
        batch_ids: [&'a str; 1],
        batch_id: &'a str,
        /// By batch, the last message that was seen.
        #[serde(skip_serializing_if = "BTreeMap::is_empty")]
        since: BTreeMap<&'a str, u64>,
    },
    Unsubscribe {
        batch_ids: [&'a str; 1],
        batch_id: &'a str,
    },
    Auth {
        token: &'a str,
    },
}

/// Writes what the page says, one message for each batch.
pub fn write_messages(message: &ClientMessage) -> Vec<String> {
    let subscribe = |(BatchId(id), seq): &'_ (BatchId, Option<u64>)| {
        json::write(&Said::Subscribe {
            batch_ids: [id],
            batch_id: id,
            since: seq.iter().map(|seq| (id.as_str(), *seq)).collect(),
        })
    };
    let unsubscribe = |BatchId(id): &BatchId| {
        json::write(&Said::Unsubscribe {
            batch_ids: [id],
            batch_id: id,
        })
    };
    match message {
        ClientMessage::Ping => vec![json::write(&Said::Ping)],
        ClientMessage::Subscribe(batches) => batches.iter().map(subscribe).collect(),
        ClientMessage::Unsubscribe(batches) => batches.iter().map(unsubscribe).collect(),
        ClientMessage::Auth(token) => vec![json::write(&Said::Auth { token })],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frames_of_no_use_are_named_not_feared() {
        let large = format!(r#"{{"type":"pong","x":"{}"}}"#, "y".repeat(FRAME_MAX));
        for (text, why) in [
            ("not json", Dropped::NotJson),
            ("[1,2]", Dropped::NotJson),
            ("null", Dropped::NotJson),
            (r#"{"type":"weather","batch_id":"b"}"#, Dropped::UnknownType),
            (r#"{"batch_id":"b"}"#, Dropped::UnknownType),
            (r#"{"type":"progress_update"}"#, Dropped::NoBatch),
            (large.as_str(), Dropped::TooLarge),
        ] {
            assert_eq!(read_frame(text, None), Err(why));
        }
    }

    #[test]
    fn huge_negative_and_missing_numbers_count_as_nothing() {
        let text = r#"{"type":"progress_update","batch_id":"b","processed":1e99,"total":-4,"failed":null,"successful":"x"}"#;
        let Ok(Frame::News { news, .. }) = read_frame(text, None) else {
            panic!("{text}")
        };
        assert_eq!(news.counts, Counts::default());
    }

    #[test]
    fn a_connection_error_is_no_failure_of_the_batch() {
        let text = r#"{"type":"batch_error","batch_id":"b","error_code":"CONNECTION_ERROR","error_message":"x"}"#;
        assert_eq!(read_frame(text, None), Ok(Frame::Gap(BatchId("b".into()))));
    }

    #[test]
    fn a_subscription_asks_for_missed_messages_where_it_can() {
        let [a, b] = ["a", "b"].map(|id| BatchId(id.into()));
        let written = write_messages(&ClientMessage::Subscribe(vec![(a, None), (b, Some(7))]));
        assert_eq!(
            written,
            [
                r#"{"type":"subscribe","batch_ids":["a"],"batch_id":"a"}"#,
                r#"{"type":"subscribe","batch_ids":["b"],"batch_id":"b","since":{"b":7}}"#,
            ]
        );
        let unsubscribe = ClientMessage::Unsubscribe(vec![BatchId("a".into())]);
        for (message, text) in [
            (ClientMessage::Ping, r#"{"type":"ping"}"#),
            (
                unsubscribe,
                r#"{"type":"unsubscribe","batch_ids":["a"],"batch_id":"a"}"#,
            ),
            (
                ClientMessage::Auth("t\"".into()),
                r#"{"type":"auth","token":"t\""}"#,
            ),
        ] {
            assert_eq!(write_messages(&message), [text]);
        }
    }
}
