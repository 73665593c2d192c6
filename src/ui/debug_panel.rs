//! What the live connection does, for development and for help (`BATCH_RUNNER_WS_DEBUG`).

use leptos::prelude::*;

use super::kit::{Button, part};
use super::store::use_store;
use crate::app::{Msg, Slice};

/// So many events are shown; more are in the copy.
const EVENTS_SHOWN: usize = 60;

/// States and counts, then the newest events first; everything can be copied as JSON.
#[component]
pub fn DebugPanel() -> AnyView {
    let store = use_store();
    let facts = part(move || {
        let facts = store.read(&[Slice::Link], |model| model.link.facts());
        let rows = facts.into_iter().map(|(name, value)| {
            view! {
                <div>
                    <dt>{name}</dt>
                    <dd>{value}</dd>
                </div>
            }
            .into_any()
        });
        rows.collect::<Vec<_>>().into_any()
    });
    let log = Signal::derive(move || {
        store.read(&[Slice::Link], |model| {
            let lines = model.link.log.iter().rev().take(EVENTS_SHOWN);
            let lines: Vec<_> = lines
                .map(|(at, text)| format!("{} {text}", &at.to_utc_text()[11..]))
                .collect();
            lines.join("\n")
        })
    });
    view! {
        <section class="debug" aria-label="Events of the live connection">
            <h2>"Live connection"</h2>
            <dl class="facts">{facts}</dl>
            <Button
                label="Copy as JSON"
                testid="ws-debug-copy"
                on_press=move || store.send(Msg::LinkReportAsked)
            />
            <pre tabindex="0" data-testid="ws-debug">
                {log}
            </pre>
        </section>
    }
    .into_any()
}
