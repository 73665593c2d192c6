//! What a server says and does that nobody expects: frames, answers, changes of what it has.

use serde_json::{Value, json};

use super::random::Random;
use super::{VERSIONS, batch_id};
use crate::server::{Answer, Server};
use crate::world::World;

/// Frames may be late, repeated, foreign or rubbish; only the total of a batch is what it is.
pub(super) fn a_frame(random: &mut Random, world: &World) -> String {
    let id = batch_id(random, world);
    let total = world
        .server
        .batches
        .iter()
        .find(|batch| batch["id"] == id.as_str());
    let total = total
        .and_then(|batch| batch["total_leads"].as_u64())
        .unwrap_or(5);
    let done = random.below(total + 2);
    let seq = random.below(100);
    let frame: Value = match random.below(12) {
        0 => json!({"type": "connection_established"}),
        1 => json!({"type": "auth_required"}),
        2 => json!({"type": "subscribed", "batch_ids": [], "unknown": [id]}),
        3 => json!({"type": "gap", "batch_id": id}),
        4 => {
            json!({"type": "batch_completed", "batch_id": id, "total_leads": total, "successful": done, "failed": 0})
        }
        5 => {
            json!({"type": "batch_error", "batch_id": id, "error_code": "USER_CANCELLED", "error_message": "x"})
        }
        6 => {
            json!({"type": "batch_error", "batch_id": id, "error_code": "BATCH_PROCESSING_ERROR", "error_message": "x"})
        }
        7 => {
            json!({"type": "lead_update", "batch_id": id, "lead_id": "lead-001", "status": "failed", "error_code": "E"})
        }
        8 => {
            json!({"type": "progress_update", "batch_id": id, "processed": 1e99, "total": null, "failed": -3})
        }
        9 => {
            return random
                .of(&["", "{", "[]", "null", r#"{"type":7}"#])
                .to_owned();
        }
        _ => json!({"type": "progress_update", "batch_id": id, "total": total, "processed": done,
            "successful": done, "failed": 0, "seq": seq}),
    };
    frame.to_string()
}

pub(super) fn an_answer(random: &mut Random) -> Answer {
    let detail = json!({"detail": "Internal server error"});
    let answer = match random.below(13) {
        0 => Answer::Http(500, detail),
        1 => Answer::Http(502, detail),
        2 => Answer::Http(503, detail),
        3 => Answer::Http(401, detail),
        4 => Answer::Http(403, detail),
        5 => Answer::Http(404, detail),
        6 => Answer::Http(
            422,
            json!({"detail": [{"loc": ["body", "name"], "msg": "no"}]}),
        ),
        7 => Answer::Limited(random.one_in(2).then_some(2)),
        8 => Answer::LostAfterActing,
        9 => Answer::Lost,
        10 => Answer::Timeout,
        11 => Answer::Offline,
        _ => Answer::Text(
            200,
            random.of(&[
                "",
                "{}",
                "[]",
                "<html>",
                r#"{"leads":[{}],"total_count":1}"#,
            ]),
        ),
    };
    let delay = i64::from(random.small(8_000));
    if random.one_in(2) {
        Answer::Late(delay, Box::new(answer))
    } else {
        answer
    }
}

pub(super) fn the_server_changes(random: &mut Random, world: &mut World) {
    let version = random.of(&VERSIONS).to_owned();
    let server = &mut world.server;
    match random.below(9) {
        0 => server
            .templates
            .retain(|template| template["version"] != version.as_str() || server_keeps(&version)),
        1 => server.templates = Server::default().templates,
        2 => server.price_each = 0.25 * (1 + random.below(4)) as f64,
        3 => server.within_budget = !random.one_in(3),
        4 => {
            server.gone = (0..random.below(3))
                .map(|n| format!("lead-{:03}", n + 1))
                .collect()
        }
        5 => server.good_token = random.of(&["good", "good", "newer"]).into(),
        6 => server.has_multiplexed = !random.one_in(3),
        7 => server.has_per_batch = !random.one_in(3),
        _ => {
            let total = server.batches.len();
            if total > 0 {
                let at = usize::try_from(random.below(total as u64)).unwrap_or_default();
                let leads = server.batches[at]["total_leads"]
                    .as_u64()
                    .unwrap_or_default();
                let id = server.batches[at]["id"]
                    .as_str()
                    .unwrap_or_default()
                    .to_owned();
                let done = u32::try_from(random.below(leads + 1)).unwrap_or_default();
                server.set(
                    &id,
                    random.of(&["running", "running", "completed", "failed", "cancelled"]),
                    done,
                );
            }
        }
    }
}

/// One template always stays, so that something can be started.
fn server_keeps(version: &str) -> bool {
    version == "v1"
}
