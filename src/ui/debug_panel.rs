//! What the live connection does, for development and for help (`BATCH_RUNNER_WS_DEBUG`).

use super::dom::{Element, dynamic, el};
use super::live::follow;
use super::parts::kit::button;
use super::store::Store;
use crate::app::{Msg, Slice};

/// So many events are shown; more are in the copy.
const EVENTS_SHOWN: usize = 60;

/// States and counts, then the newest events first; everything can be copied as JSON.
pub fn debug_panel(store: Store) -> Element {
    let facts = move || {
        let facts = store.read(&[Slice::Link], |model| model.link.facts());
        let rows = facts.into_iter().map(|(name, value)| {
            el("div")
                .child(el("dt").child(name))
                .child(el("dd").child(value))
        });
        rows.collect::<Vec<_>>()
    };
    let log = move || {
        store.read(&[Slice::Link], |model| {
            let lines = model.link.log.iter().rev().take(EVENTS_SHOWN);
            let lines: Vec<_> = lines
                .map(|(at, text)| format!("{} {text}", &at.to_utc_text()[11..]))
                .collect();
            lines.join("\n")
        })
    };
    let copy = button("Copy as JSON", move || store.send(Msg::LinkReportAsked))
        .testid("ws-debug-copy")
        .view();
    let log = el("pre")
        .attr("tabindex", "0")
        .testid("ws-debug")
        .child(follow(log));
    el("section")
        .class("debug")
        .attr("aria-label", "Events of the live connection")
        .child(el("h2").child("Live connection"))
        .child(el("dl").class("facts").child(dynamic(facts)))
        .child(copy)
        .child(log)
}
