//! A modal dialog on the browser's own element: it keeps the focus inside and hides the rest from assistive technology.

use leptos::html;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

use super::part::Content;

/// A modal dialog, open for as long as it is there.
#[component]
pub fn Dialog(
    /// The identifier of the heading that names it.
    labelled_by: &'static str,
    /// What Esc does; without it Esc does nothing.
    #[prop(optional, into)]
    on_close: Option<UnsyncCallback<()>>,
    /// What stands in it.
    children: Content,
) -> AnyView {
    give_the_focus_back();
    let dialog = NodeRef::<html::Dialog>::new();
    dialog.on_load(|dialog| {
        if dialog.is_connected() && !dialog.open() {
            let _ = dialog.show_modal();
        }
    });
    let cancel = move |event: web_sys::Event| {
        event.prevent_default();
        if let Some(close) = on_close {
            close.try_run(());
        }
    };
    view! {
        <dialog class="dialog" aria-labelledby=labelled_by node_ref=dialog on:cancel=cancel>
            {children.run()}
        </dialog>
    }
    .into_any()
}

/// The browser gives the focus back only to a dialog that is closed, not to one that is taken away.
fn give_the_focus_back() {
    let focused = || document().active_element();
    let opener = focused().and_then(|element| element.dyn_into::<HtmlElement>().ok());
    let opener = StoredValue::new_local(opener);
    on_cleanup(move || {
        let opener = opener.try_get_value().flatten();
        gloo_timers::callback::Timeout::new(0, move || {
            // Whatever took the focus meanwhile, such as what is to be mended, keeps it.
            let lost = focused().is_none_or(|element| element.tag_name() == "BODY");
            if let Some(opener) = opener.filter(|_| lost) {
                let _ = opener.focus();
            }
        })
        .forget();
    });
}
