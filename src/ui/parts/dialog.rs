//! A modal dialog on the browser's own element: it keeps the focus inside and hides the rest from assistive technology.

use leptos::html;
use leptos::prelude::*;
use wasm_bindgen::JsCast;

/// A modal dialog, open for as long as it is mounted.
#[component]
pub fn Dialog(
    /// Identifier of the heading that names it.
    labelled_by: &'static str,
    /// Esc was pressed; `None` where it must not be closed that way.
    #[prop(optional)]
    on_close: Option<Callback<()>>,
    children: Children,
) -> impl IntoView {
    let node = NodeRef::<html::Dialog>::new();
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
    Effect::new(move |_| {
        if let Some(dialog) = node.get()
            && !dialog.open()
        {
            let _ = dialog.show_modal();
        }
    });
    view! {
        <dialog
            node_ref=node
            class="dialog"
            aria-labelledby=labelled_by
            on:cancel=move |event: leptos::ev::Event| {
                event.prevent_default();
                if let Some(close) = on_close {
                    close.run(());
                }
            }
        >
            {children()}
        </dialog>
    }
}
