//! `/dev/sockets`: troubles of the live sockets.

use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use serde::Deserialize;
use serde_json::{Value, json};

use super::{Answer, parse};
use crate::quirks::Quirk;
use crate::sockets::hub::Troubles;
use crate::state::Shared;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct SocketChange {
    refuse_multiplexed: Option<bool>,
    refuse_per_batch: Option<bool>,
    mute_pongs: Option<bool>,
    stall: Option<bool>,
    duplicate: Option<bool>,
    reorder: Option<bool>,
    garble: Option<bool>,
    auth_required: Option<bool>,
    drop: Option<bool>,
    close_code: Option<u16>,
}

pub(super) fn troubles_json(shared: &Shared, troubles: Troubles) -> Value {
    let mut json = json!(troubles);
    json["auth_required"] = json!(shared.has(Quirk::WsAuthRequired));
    json
}

/// `POST /dev/sockets`: fields that are absent keep their value.
pub async fn change_sockets(State(shared): State<Shared>, body: Bytes) -> Answer {
    let change: SocketChange = parse(&body)?;
    let troubles = shared.hub.change_troubles(|troubles| {
        for (field, value) in [
            (&mut troubles.refuse_multiplexed, change.refuse_multiplexed),
            (&mut troubles.refuse_per_batch, change.refuse_per_batch),
            (&mut troubles.mute_pongs, change.mute_pongs),
            (&mut troubles.stall, change.stall),
            (&mut troubles.duplicate, change.duplicate),
            (&mut troubles.reorder, change.reorder),
            (&mut troubles.garble, change.garble),
        ] {
            *field = value.unwrap_or(*field);
        }
    });
    if let Some(required) = change.auth_required {
        shared.quirks.set(Quirk::WsAuthRequired, required);
    }
    let ended = match (change.drop, change.close_code) {
        (_, Some(code)) => shared.hub.end_all(Some(code)),
        (Some(true), None) => shared.hub.end_all(None),
        _ => 0,
    };
    let mut answer = troubles_json(&shared, troubles);
    answer["ended"] = json!(ended);
    Ok(Json(answer))
}

/// `GET /dev/sockets`.
pub async fn sockets(State(shared): State<Shared>) -> Json<Value> {
    Json(shared.hub.counts())
}
