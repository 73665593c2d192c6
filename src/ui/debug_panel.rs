//! Events of the live connection, for development (`BATCH_RUNNER_WS_DEBUG`).

use leptos::prelude::*;

use super::parts::erased::follow;
use super::parts::kit::para;
use super::store::Store;
use crate::app::Slice;

/// The newest events first, with counts of what was taken over and what was dropped.
#[component]
pub fn DebugPanel(store: Store) -> impl IntoView {
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
    view! {
        <section class="debug" aria-label="Events of the live connection">
            <h2>"Live connection"</h2>
            {para("", follow(counts))}
            <pre tabindex="0" data-testid="ws-debug">{follow(log)}</pre>
        </section>
    }
}
