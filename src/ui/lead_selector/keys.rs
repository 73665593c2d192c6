//! Choosing without a mouse: what keys do in the table and everywhere, and the sheet that tells it.

use crate::ui::bridge::embed;
use crate::ui::later::{Later, LaterView};
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Event, KeyboardEvent};

use super::rows::{focused, go_to_row};
use crate::app::{Msg, Slice};
use crate::domain::selection::TriState;
use crate::ui::dom::{Element, Node, dynamic, el};
use crate::ui::parts::dialog::dialog;
use crate::ui::parts::focus::go_to;
use crate::ui::parts::kit::button;
use crate::ui::store::Store;

/// What the sheet says.
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

/// What a key does while the table has the focus.
pub fn key_in_table(store: Store, event: &Event) {
    let Some(key) = event.dyn_ref::<KeyboardEvent>() else {
        return;
    };
    let (window, total, page) = store.peek(|model| {
        let rows = match model.leads.is_scrolled() {
            true => model.leads.total().unwrap_or(0),
            false => model.leads.loaded().count() as u32,
        };
        (model.leads.window(), rows, model.page_state())
    });
    let step = window.last.saturating_sub(window.first).max(1);
    let with_ctrl = key.ctrl_key() || key.meta_key();
    let here = focused();
    let row = here.unwrap_or(window.first);
    let go = |row: u32| {
        event.prevent_default();
        if total > 0 {
            go_to_row(store, row.min(total - 1));
        }
    };
    match key.key().as_str() {
        "ArrowDown" => go(here.map_or(row, |row| row + 1)),
        "ArrowUp" => go(row.saturating_sub(1)),
        "PageDown" => go(row + step),
        "PageUp" => go(row.saturating_sub(step)),
        "Home" => go(0),
        "End" => go(u32::MAX),
        " " if key.shift_key() => {
            event.prevent_default();
            let lead = here.and_then(|row| store.peek(|model| model.leads.at(row).cloned()));
            if let Some(lead) = lead {
                let chosen = !store.peek(|model| model.is_chosen(&lead.id));
                store.send(Msg::LeadToggled {
                    lead,
                    chosen,
                    range: true,
                });
            }
        }
        "a" | "A" if with_ctrl => {
            event.prevent_default();
            store.send(match page {
                TriState::All => Msg::AllMatchingAsked,
                _ => Msg::PageToggled(true),
            });
        }
        "Escape" => store.send(Msg::ChoiceCleared),
        _ => {}
    }
}

/// What keys do wherever nothing is being typed, for as long as the lead table is there.
pub fn keys_everywhere(store: Store) {
    let handle = window_event_listener_untyped("keydown", move |event| {
        let Some(key) = event.dyn_ref::<KeyboardEvent>() else {
            return;
        };
        if key.default_prevented() || is_typing() {
            return;
        }
        let with_ctrl = key.ctrl_key() || key.meta_key();
        let msg = match (key.key().as_str(), with_ctrl) {
            ("/", false) => {
                event.prevent_default();
                return go_to("lead-search");
            }
            ("?", false) => Msg::ShortcutsAsked(true),
            ("z" | "Z", true) if key.shift_key() => Msg::ChoiceRedone,
            ("z" | "Z", true) => Msg::ChoiceUndone,
            ("y" | "Y", true) => Msg::ChoiceRedone,
            _ => return,
        };
        event.prevent_default();
        store.send(msg);
    });
    on_cleanup(move || handle.remove());
}

/// A text is being typed, or a dialog wants an answer.
fn is_typing() -> bool {
    let Some(element) = document().active_element() else {
        return false;
    };
    let is_text = match element.tag_name().as_str() {
        "TEXTAREA" | "SELECT" => true,
        "INPUT" => element.get_attribute("type").as_deref() != Some("checkbox"),
        _ => false,
    };
    is_text
        || document()
            .query_selector("dialog[open]")
            .ok()
            .flatten()
            .is_some()
}

/// The way to the sheet, and the sheet.
pub fn shortcuts(store: Store) -> [Node; 2] {
    let show = button("Keyboard shortcuts", move || {
        store.send(Msg::ShortcutsAsked(true))
    })
    .class("button-link shortcuts-link");
    let sheet = embed(|| view! { <Later view=LaterView::ShortcutsSheet /> }.into_any());
    [show.view(), sheet]
}

/// The sheet, while it is open.
pub fn shortcuts_sheet(store: Store) -> Node {
    let open = store.watch(&[Slice::Notices], |model| model.notices.shortcuts);
    dynamic(move || open.get().then(|| sheet(store)))
}

fn sheet(store: Store) -> Node {
    let line = |(keys, words): (&'static str, &'static str)| -> Element {
        let keys = el("dt").child(el("kbd").child(keys));
        el("div").child(keys).child(el("dd").child(words))
    };
    let close = Callback::new(move |()| store.send(Msg::ShortcutsAsked(false)));
    let content = [
        el("h2")
            .attr("id", "shortcuts-heading")
            .child("Keyboard shortcuts"),
        el("dl").class("shortcuts").child(SHORTCUTS.map(line)),
        el("div")
            .class("dialog-actions")
            .child(button("Close", move || close.run(())).view()),
    ];
    dialog("shortcuts-heading", Some(close), content)
}
