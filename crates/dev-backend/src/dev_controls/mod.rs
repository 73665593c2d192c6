//! `/dev`: what a developer or a test can do to the server. Exists only with `--dev-controls`.

mod batches;
mod faults;
mod leads;
mod settings;
mod sockets;

pub use batches::{add_batches, batches};
pub use faults::{list_faults, plant_fault, remove_fault, remove_faults};
pub use leads::{add_lead, delete_leads};
pub use settings::{budget, expire_tokens, prices, quirks, speed, template};
pub use sockets::{change_sockets, sockets};

use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{StatusCode, Uri};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};

use crate::cost::PROVIDERS;
use crate::flood;
use crate::http::errors::ApiError;
use crate::http::validation::Query;
use crate::quirks::Quirk;
use crate::sockets::hub::Troubles;
use crate::state::Shared;
use sockets::troubles_json;

type Answer = Result<Json<Value>, ApiError>;

fn parse<T: DeserializeOwned>(body: &Bytes) -> Result<T, ApiError> {
    let text: &[u8] = if body.is_empty() { b"{}" } else { body };
    serde_json::from_slice(text).map_err(|error| refusal(error.to_string()))
}

fn refusal(text: impl Into<String>) -> ApiError {
    ApiError::detail(StatusCode::UNPROCESSABLE_ENTITY, text)
}

/// `GET /dev/state`.
pub async fn state(State(shared): State<Shared>) -> Json<Value> {
    let quirks: Map<String, Value> = Quirk::ALL
        .iter()
        .map(|quirk| (quirk.name().to_owned(), json!(shared.has(*quirk))))
        .collect();
    let about: Map<String, Value> = Quirk::ALL
        .iter()
        .map(|quirk| (quirk.name().to_owned(), json!(quirk.description())))
        .collect();
    let prices = shared.prices();
    Json(json!({
        "speed": shared.speed(),
        "quirks": quirks,
        "quirk_descriptions": about,
        "sockets": troubles_json(&shared, shared.hub.troubles()),
        "faults": shared.faults.list(),
        "prices": {
            "base": prices.base,
            "factor": prices.factor,
            "providers": PROVIDERS.iter().zip(prices.providers).collect::<std::collections::BTreeMap<_, _>>(),
        },
    }))
}

/// `POST /dev/reset`: faults, socket troubles and the request log; not data.
pub async fn reset(State(shared): State<Shared>) -> Json<Value> {
    shared.faults.remove(None);
    shared
        .hub
        .change_troubles(|troubles| *troubles = Troubles::default());
    shared.quirks.set(Quirk::WsAuthRequired, false);
    shared.requests.clear();
    Json(json!({ "reset": true }))
}

/// `GET /dev/requests?method=&path=`; the path may be a glob.
pub async fn requests(State(shared): State<Shared>, uri: Uri) -> Json<Value> {
    let query = Query::of(&uri);
    let text = |name| query.text(name).filter(|text| !text.is_empty());
    Json(shared.requests.matching(text("method"), text("path")))
}

/// `POST /dev/flood`.
pub async fn flood(State(shared): State<Shared>, body: Bytes) -> Answer {
    let flood: flood::Flood = parse(&body)?;
    let ids = flood::begin(&shared, flood).await?.map_err(refusal)?;
    Ok(Json(json!({ "ids": ids })))
}
