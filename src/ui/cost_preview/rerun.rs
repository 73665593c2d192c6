//! What is chosen, held against the batch that it runs again.

use crate::app::{Msg, Slice};
use crate::ui::dom::{Node, dynamic, el};
use crate::ui::parts::kit::{button, facts, para};
use crate::ui::store::Store;

const READS: &[Slice] = &[
    Slice::Session,
    Slice::Choice,
    Slice::Compose,
    Slice::Ledger,
    Slice::Batches,
    Slice::History,
];

/// Leads, template and price then and now; nothing where no batch is run again.
pub fn rerun_comparison(store: Store) -> Node {
    let comparison = store.watch(READS, |model| model.rerun_comparison());
    dynamic(move || {
        let comparison = comparison.get()?;
        let open = move || store.send(Msg::BatchOpened(Some(comparison.batch.clone())));
        let title = button(comparison.title, open).class("button-link").view();
        let heading = el("h3").attr("id", "rerun-heading").child("Runs again ");
        let notes = comparison.notes.into_iter().map(|note| para("muted", note));
        let section = el("section")
            .class("receipt")
            .testid("rerun-comparison")
            .attr("aria-labelledby", "rerun-heading")
            .child(heading.child(el("bdi").child(title)))
            .child(facts("facts", comparison.lines));
        Some(section.child(notes.collect::<Vec<_>>()))
    })
}
