//! A modal dialog on the browser's own element: it keeps the focus inside and hides the rest from assistive technology.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::HtmlDialogElement;

use crate::ui::dom::{IntoNodes, Node, el};

/// A modal dialog, open for as long as it is there. `labelled_by` is the identifier of the heading that names it;
/// `on_close` is what Esc does, and without it Esc does nothing.
pub fn dialog(
    labelled_by: &'static str,
    on_close: Option<Callback<()>>,
    content: impl IntoNodes,
) -> Node {
    // The browser gives the focus back only to a dialog that is closed, not to one that is taken away.
    let opener = document()
        .active_element()
        .and_then(|element| element.dyn_into::<web_sys::HtmlElement>().ok());
    let opener = StoredValue::new_local(opener);
    on_cleanup(move || {
        let opener = opener.try_get_value().flatten();
        gloo_timers::callback::Timeout::new(0, move || {
            // Whatever took the focus meanwhile, such as what is to be mended, keeps it.
            let lost = document()
                .active_element()
                .is_none_or(|element| element.tag_name() == "BODY");
            if let Some(opener) = opener.filter(|_| lost) {
                let _ = opener.focus();
            }
        })
        .forget();
    });
    el("dialog")
        .class("dialog")
        .attr("aria-labelledby", labelled_by)
        .on("cancel", move |event| {
            event.prevent_default();
            if let Some(close) = on_close {
                close.run(());
            }
        })
        .mounted(|element| {
            let dialog: HtmlDialogElement = element.unchecked_into();
            if dialog.is_connected() && !dialog.open() {
                let _ = dialog.show_modal();
            }
        })
        .child(content)
        .into()
}
