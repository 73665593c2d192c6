//! Locks by which the tabs of a browser keep from doing the same thing at the same time (Web Locks), where the browser
//! has them for this page.

use std::cell::RefCell;
use std::rc::Rc;

use gloo_timers::callback::Timeout;
use js_sys::{Array, Function, Object, Promise, Reflect};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

use super::page;

/// A start is over, one way or the other, after so many milliseconds: half a minute until its answer is given up, and a
/// while to look for it.
const HELD_AT_MOST: u32 = 50_000;

/// `navigator.locks`, where the browser has it for this page.
pub fn locks() -> Option<JsValue> {
    let locks = Reflect::get(&page::window()?.navigator(), &"locks".into()).ok()?;
    locks.is_object().then_some(locks)
}

/// Asks for a lock with an option set; the browser calls back with it, or with null, and takes it back when the promise
/// that it is answered with is kept.
pub fn request(name: &str, option: &str, value: &JsValue, granted: &Function) -> Option<Promise> {
    let locks = locks()?;
    let options = Object::new();
    Reflect::set(&options, &option.into(), value).ok()?;
    let request: Function = Reflect::get(&locks, &"request".into())
        .ok()?
        .dyn_into()
        .ok()?;
    let arguments = Array::of3(&name.into(), &options, granted);
    request.apply(&locks, &arguments).ok()?.dyn_into().ok()
}

/// The locks that this page has, by name.
#[derive(Default)]
pub struct Held(RefCell<Vec<(String, Function)>>);

impl Held {
    /// Takes a lock; answers whether it is this page's now. With `waits` it waits for as long as another tab has it.
    /// Where there are no locks, whoever asks has it, and whoever waits has it when another tab has long given it back.
    pub async fn take(self: &Rc<Self>, name: String, waits: bool) -> bool {
        let held = self.clone();
        let key = name.clone();
        // Kept once the browser has called back, with whether there was a lock.
        let mut called: Option<Function> = None;
        let answer = Promise::new(&mut |resolve, _| called = Some(resolve));
        let denied = called.clone();
        let granted = Closure::once_into_js(move |lock: JsValue| -> JsValue {
            let is_mine = !lock.is_null();
            let told = called.map(|called| called.call1(&JsValue::NULL, &is_mine.into()));
            drop(told);
            if !is_mine {
                return JsValue::UNDEFINED;
            }
            Promise::new(&mut |resolve, _| held.0.borrow_mut().push((key.clone(), resolve))).into()
        });
        let option = match waits {
            // An option that says nothing: the usual way is to wait.
            true => ("mode", JsValue::from("exclusive")),
            false => ("ifAvailable", JsValue::TRUE),
        };
        let Some(asked) = request(&name, option.0, &option.1, granted.unchecked_ref()) else {
            let passed = Promise::new(&mut |resolve, _| {
                let out = move || drop(resolve.call0(&JsValue::NULL));
                Timeout::new(if waits { HELD_AT_MOST } else { 0 }, out).forget();
            });
            return JsFuture::from(passed).await.is_ok();
        };
        // A page whose storage is blocked is refused every lock: it goes on without, as where there are none.
        wasm_bindgen_futures::spawn_local(async move {
            if JsFuture::from(asked).await.is_err() {
                let _ = denied.map(|denied| denied.call1(&JsValue::NULL, &JsValue::TRUE));
            }
        });
        match JsFuture::from(answer).await {
            Ok(is_mine) => is_mine.is_truthy(),
            Err(_) => true,
        }
    }

    /// Gives a lock back, if this page has it.
    pub fn give_back(&self, name: &str) {
        let place = self.0.borrow().iter().position(|(known, _)| known == name);
        if let Some(place) = place {
            let (_, resolve) = self.0.borrow_mut().swap_remove(place);
            // It is given back by the answer; there is nobody to tell.
            let _ = resolve.call0(&JsValue::NULL);
        }
    }
}
