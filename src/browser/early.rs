//! Reads that `index.html` began while the module was still coming in.

use js_sys::{Map, Promise, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

/// The answer to a read of this address with this token, if it was begun before the app was there. Each is handed out once.
pub async fn answer(
    address: &str,
    token: Option<&str>,
) -> Option<Result<web_sys::Response, JsValue>> {
    let key = JsValue::from_str(&format!("{} {address}", token?));
    let reads = begun()?;
    let answer: Promise = reads.get(&key).dyn_into().ok()?;
    reads.delete(&key);
    let answer = JsFuture::from(answer).await;
    Some(answer.and_then(|answer| answer.dyn_into()))
}

fn begun() -> Option<Map> {
    let start = Reflect::get(web_sys::window()?.as_ref(), &"pageStart".into()).ok()?;
    Reflect::get(&start, &"reads".into()).ok()?.dyn_into().ok()
}
