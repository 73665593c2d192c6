//! Choosing without a mouse: what keys do in the table and everywhere. The sheet that lists them is `ui::shortcuts`.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::KeyboardEvent;

use super::scrolling::{focused, go_to_row};
use crate::app::Msg;
use crate::domain::selection::TriState;
use crate::ui::kit::go_to;
use crate::ui::store::Store;

/// What a key does while the table has the focus.
pub fn key_in_table(store: Store, key: &KeyboardEvent) {
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
        key.prevent_default();
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
            key.prevent_default();
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
            key.prevent_default();
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
pub fn listen_everywhere(store: Store) {
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
