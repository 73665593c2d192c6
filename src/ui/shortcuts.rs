//! The sheet of keyboard shortcuts. What the keys do is the lead selector's.

use leptos::prelude::*;

use crate::app::Msg;
use crate::ui::kit::{Button, Dialog};
use crate::ui::store::use_store;

/// Keys, and what they do.
const SHORTCUTS: [(&str, &str); 10] = [
    ("/", "Search"),
    ("↑ ↓", "Go from lead to lead"),
    ("Page Up, Page Down, Home, End", "Go further at once"),
    ("Space", "Choose a lead, or take it out"),
    (
        "Shift + Space, Shift + click",
        "All leads from the last one to here",
    ),
    (
        "Ctrl + A",
        "The whole page; once more: everything that matches",
    ),
    ("Ctrl + Z", "Take the last step back"),
    ("Ctrl + Shift + Z", "Make it again"),
    ("Esc, in the table", "Choose nothing"),
    ("?", "This sheet"),
];

/// The keyboard shortcuts, in a dialog.
#[component]
pub fn ShortcutsSheet() -> AnyView {
    let store = use_store();
    let close = move || store.send(Msg::ShortcutsAsked(false));
    let lines: Vec<_> = SHORTCUTS
        .iter()
        .map(|(keys, words)| {
            view! {
                <div>
                    <dt>
                        <kbd>{*keys}</kbd>
                    </dt>
                    <dd>{*words}</dd>
                </div>
            }
            .into_any()
        })
        .collect();
    view! {
        <Dialog labelled_by="shortcuts-heading" on_close=close>
            <h2 id="shortcuts-heading">"Keyboard shortcuts"</h2>
            <dl class="shortcuts">{lines}</dl>
            <div class="dialog-actions">
                <Button label="Close" on_press=close />
            </div>
        </Dialog>
    }
    .into_any()
}
