//! Short messages in a corner of the page.

use super::kit::{button, para};
use crate::app::notifications::messages::{Toast, Tone};
use crate::app::{Msg, Slice};
use crate::ui::dom::{Element, el, keyed};
use crate::ui::store::Store;

/// The short messages that are shown now. They are announced elsewhere, so they are not live themselves.
pub fn toasts(store: Store) -> Element {
    let ids = store.watch(&[Slice::Notices], |model| {
        let shown = model.notices.toasts.iter();
        shown.map(|toast| toast.id.to_string()).collect::<Vec<_>>()
    });
    let item = move |id: &str| {
        let toast = store.peek(|model| {
            let mut shown = model.notices.toasts.iter();
            shown.find(|toast| toast.id.to_string() == id).cloned()
        });
        toast.map_or_else(|| el("div"), |toast| toast_view(store, toast))
    };
    el("div")
        .class("toasts")
        .child(keyed(move || ids.get(), item))
}

fn toast_view(store: Store, toast: Toast) -> Element {
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
        button("Undo", move || store.send(Msg::ChoiceUndone))
            .class("button-link")
            .view()
    });
    let dismiss = button("×", move || store.send(Msg::ToastDismissed(id)))
        .class("button-icon")
        .named("Dismiss this message".to_owned());
    let toast = el("div").class(class).testid("toast").child(para("", text));
    toast.child(undo).child(dismiss.view())
}
