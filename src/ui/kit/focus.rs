//! Moving to another place of the page.

use leptos::prelude::*;
use wasm_bindgen::JsCast;

/// Moves the focus to an element, and unfolds what it is folded away in.
pub fn go_to(id: &str) {
    let element = document().get_element_by_id(id);
    if let Some(element) =
        element.and_then(|element| element.dyn_into::<web_sys::HtmlElement>().ok())
    {
        if let Ok(Some(folded)) = element.closest("details") {
            let _ = folded.set_attribute("open", "");
        }
        let _ = element.focus();
    }
}
