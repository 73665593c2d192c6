//! Notices that the browser shows outside of the page. Read by their names: not every browser has them.

use js_sys::{Array, Function, Object, Promise, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

use super::page;
use crate::app::notifications::background::Permission;

fn notification() -> Option<Function> {
    let found = Reflect::get(&page::window()?.into(), &"Notification".into()).ok()?;
    found.dyn_into().ok()
}

/// Whether the browser shows notices of this page.
pub fn permission() -> Permission {
    let told = notification().and_then(|it| Reflect::get(&it, &"permission".into()).ok());
    match told.and_then(|told| told.as_string()).as_deref() {
        Some("granted") => Permission::Granted,
        Some("default") => Permission::Open,
        _ => Permission::Denied,
    }
}

/// Lets the browser ask the person.
pub async fn ask() -> Permission {
    let asked = notification().and_then(|it| {
        let ask: Function = Reflect::get(&it, &"requestPermission".into())
            .ok()?
            .dyn_into()
            .ok()?;
        ask.call0(&it).ok()?.dyn_into::<Promise>().ok()
    });
    if let Some(asked) = asked {
        // What the person said is read below.
        let _ = JsFuture::from(asked).await;
    }
    permission()
}

/// Shows a notice. The same words from several tabs are one.
pub fn show(words: &str) {
    let options = Object::new();
    let _ = Reflect::set(&options, &"body".into(), &words.into());
    let _ = Reflect::set(&options, &"tag".into(), &words.into());
    let arguments = Array::of2(&"Batch Runner".into(), &JsValue::from(options));
    if let Some(notification) = notification() {
        // Some browsers allow notices to service workers only; the summary tells it later.
        let _ = Reflect::construct(&notification, &arguments);
    }
}
