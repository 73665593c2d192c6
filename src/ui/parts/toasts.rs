//! Short messages in a corner of the page.

use leptos::prelude::*;

use super::kit::{button, keyed, para};
use crate::app::notices::{Toast, Tone};
use crate::app::{Msg, Slice};
use crate::ui::store::Store;

/// The short messages that are shown now. They are announced elsewhere, so they are not live themselves.
#[component]
pub fn Toasts(store: Store) -> impl IntoView {
    let ids = store.memo(&[Slice::Notices], |model| {
        model
            .notices
            .toasts
            .iter()
            .map(|toast| toast.id.to_string())
            .collect::<Vec<_>>()
    });
    let item = move |id: String| {
        let toast = store.peek(|model| {
            model
                .notices
                .toasts
                .iter()
                .find(|toast| toast.id.to_string() == id)
                .cloned()
        });
        toast.map_or_else(|| ().into_any(), |toast| toast_view(store, toast))
    };
    view! { <div class="toasts">{keyed(ids, item)}</div> }
}

fn toast_view(store: Store, toast: Toast) -> AnyView {
    let Toast {
        id,
        tone,
        text,
        undo,
    } = toast;
    let class = match tone {
        Tone::Neutral => "toast",
        Tone::Good => "toast toast-good",
        Tone::Bad => "toast toast-bad",
    };
    let undo = undo.then(|| {
        button("Undo", move || store.send(Msg::ChoiceRestored))
            .class("button-link")
            .view()
    });
    let dismiss = button("×", move || store.send(Msg::ToastDismissed(id)))
        .class("button-icon")
        .named("Dismiss this message".to_owned());
    view! { <div class=class data-testid="toast">{para("", text)} {undo} {dismiss.view()}</div> }
        .into_any()
}
