//! What is chosen, held against the batch that it runs again.

use leptos::prelude::*;

use crate::app::batch_history::rerun::Comparison;
use crate::app::{Msg, Slice};
use crate::ui::kit::{Button, Facts, part};
use crate::ui::store::use_store;

const READS: &[Slice] = &[
    Slice::Session,
    Slice::Choice,
    Slice::Compose,
    Slice::Ledger,
    Slice::Batches,
    Slice::History,
];

/// Leads, template and price then and now; nothing where no batch is run again.
#[component]
pub fn RerunComparison() -> AnyView {
    let comparison = use_store().select(READS, |model| model.rerun_comparison());
    part(move || match comparison.get() {
        Some(comparison) => view! { <Compared comparison /> }.into_any(),
        None => ().into_any(),
    })
}

#[component]
fn Compared(
    /// Then and now.
    comparison: Comparison,
) -> AnyView {
    let store = use_store();
    let Comparison {
        title,
        batch,
        lines,
        notes,
    } = comparison;
    let open = move || store.send(Msg::BatchOpened(Some(batch.clone())));
    let note = |note: String| view! { <p class="muted">{note}</p> }.into_any();
    let notes: Vec<_> = notes.into_iter().map(note).collect();
    // link
    view! {
        <section class="receipt" data-testid="rerun-comparison" aria-labelledby="rerun-heading">
            <h3 id="rerun-heading">
                "Runs again "
                <bdi>
                    <Button label=title class="button-link" on_press=open />
                </bdi>
            </h3>
            <Facts facts=lines />
            {notes}
        </section>
    }
    .into_any()
}
