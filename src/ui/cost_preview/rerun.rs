//! What is chosen, held against the batch that it runs again.

use leptos::prelude::*;

use crate::app::Slice;
use crate::app::cost_preview::rerun::Comparison;
use crate::route::Route;
use crate::ui::kit::{Facts, Link, part};
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
    let Comparison {
        title,
        batch,
        lines,
        notes,
    } = comparison;
    let to = move |here: &Route| here.at_batch(Some(batch.clone()));
    let note = |note: String| view! { <p class="muted">{note}</p> }.into_any();
    let notes: Vec<_> = notes.into_iter().map(note).collect();
    view! {
        <section class="receipt" data-testid="rerun-comparison" aria-labelledby="rerun-heading">
            <h3 id="rerun-heading">
                "Runs again "
                <bdi>
                    <Link to>{title}</Link>
                </bdi>
            </h3>
            <Facts facts=lines />
            {notes}
        </section>
    }
    .into_any()
}
