//! Events of the live connection, for development (`BATCH_RUNNER_WS_DEBUG`).

use super::dom::{Element, el};
use super::live::follow;
use super::parts::kit::para;
use super::store::Store;
use crate::app::Slice;

/// The newest events first, with counts of what was taken over and what was dropped.
pub fn debug_panel(store: Store) -> Element {
    let counts = move || {
        store.read(&[Slice::Link], |model| {
            let dropped: Vec<_> = model
                .link
                .dropped
                .iter()
                .map(|(why, count)| format!("{why}: {count}"))
                .collect();
            let dropped = if dropped.is_empty() {
                "none".to_owned()
            } else {
                dropped.join(", ")
            };
            format!(
                "{}; frames merged: {}; dropped: {dropped}",
                model.link.connection.transport().words(),
                model.link.merged
            )
        })
    };
    let log = move || {
        store.read(&[Slice::Link], |model| {
            let lines = model.link.log.iter().rev().take(60);
            let lines: Vec<_> = lines
                .map(|(at, text)| format!("{} {text}", &at.to_utc_text()[11..]))
                .collect();
            lines.join("\n")
        })
    };
    let log = el("pre")
        .attr("tabindex", "0")
        .testid("ws-debug")
        .child(follow(log));
    el("section")
        .class("debug")
        .attr("aria-label", "Events of the live connection")
        .child(el("h2").child("Live connection"))
        .child(para("", follow(counts)))
        .child(log)
}
