//! Short messages in a corner of the page.

use leptos::prelude::*;

use super::button::Button;
use super::each::Each;
use crate::app::notifications::messages::{Toast, Tone};
use crate::app::{Msg, Slice};
use crate::ui::store::use_store;

/// The short messages that are shown now. They are announced elsewhere, so they are not live themselves.
#[component]
pub fn Toasts() -> AnyView {
    let store = use_store();
    let ids = store.select(&[Slice::Notices], |model| {
        let shown = model.notices.toasts.iter();
        shown.map(|toast| toast.id.to_string()).collect::<Vec<_>>()
    });
    let row = move |id: String| {
        let toast = store.peek(|model| {
            let mut shown = model.notices.toasts.iter();
            shown.find(|toast| toast.id.to_string() == id).cloned()
        });
        toast
            .map(|toast| view! { <ToastView toast /> }.into_any())
            .into_any()
    };
    view! {
        <div class="toasts">
            <Each keys=ids row />
        </div>
    }
    .into_any()
}

/// One of them, with a way to put it away.
#[component]
fn ToastView(
    /// The message.
    toast: Toast,
) -> AnyView {
    let store = use_store();
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
        let undo = move || store.send(Msg::ChoiceUndone);
        view! { <Button label="Undo" class="button-link" on_press=undo /> }.into_any()
    });
    view! {
        <div class=class data-testid="toast">
            <p class="">{text}</p>
            {undo}
            <Button
                label="×"
                class="button-icon"
                name="Dismiss this message"
                on_press=move || store.send(Msg::ToastDismissed(id))
            />
        </div>
    }
    .into_any()
}
