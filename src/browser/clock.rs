//! Time and randomness of the browser.

use crate::domain::time::Millis;

/// The wall clock.
pub fn now() -> Millis {
    Millis(js_sys::Date::now() as i64)
}

/// When what was changed just now has been painted, or would have been: a hidden page paints nothing.
#[cfg(feature = "split")]
pub async fn after_paint() {
    let painted = js_sys::Promise::new(&mut |resolve, _| {
        if let Some(window) = web_sys::window() {
            let _ = window.request_animation_frame(&resolve);
            let _ = window.set_timeout_with_callback_and_timeout_and_arguments_0(&resolve, 250);
        }
    });
    let _ = wasm_bindgen_futures::JsFuture::from(painted).await;
    gloo_timers::future::TimeoutFuture::new(0).await;
}

/// Minutes by which local time is ahead of UTC at that moment, daylight saving included.
pub fn local_offset(at: Millis) -> i32 {
    let date = js_sys::Date::new(&(at.0 as f64).into());
    -(date.get_timezone_offset() as i32)
}

/// 64 random bits from the browser's strong source, or from its weak one where that is missing.
pub fn random_bits() -> u64 {
    let mut bytes = [0u8; 8];
    let strong = web_sys::window().and_then(|window| window.crypto().ok());
    if strong.is_some_and(|crypto| crypto.get_random_values_with_u8_array(&mut bytes).is_ok()) {
        return u64::from_le_bytes(bytes);
    }
    (js_sys::Math::random() * 2f64.powi(53)) as u64
}
