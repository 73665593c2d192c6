//! What this browser noted of its launches: the receipt of a batch, all receipts as a file, and launches in doubt.

use crate::app::launch::ledger::Receipts;
use crate::app::launch::receipts::Doubt;
use crate::app::{Msg, Slice};
use crate::domain::batch::BatchId;
use crate::domain::text::counted;
use crate::ui::dom::{Element, Node, dynamic, el};
use crate::ui::live::follow;
use crate::ui::parts::kit::{button, facts, foreign, para};
use crate::ui::parts::local_time;
use crate::ui::store::Store;

/// Everybody sees their own.
const READS: &[Slice] = &[Slice::Ledger, Slice::Session];
/// So many launches in doubt are listed; the receipts have all.
const DOUBTS_SHOWN: usize = 10;

/// The receipt of a batch, where this browser launched it.
pub fn receipt(store: Store, id: BatchId) -> Node {
    dynamic(move || {
        let receipt = store.read(READS, |model| {
            model.ledger.receipt(&id, model.session.person())
        })?;
        let mut lines = vec![("Approved", local_time(Some(receipt.approved)))];
        lines.extend(receipt.lines);
        let others: Vec<_> = receipt
            .others
            .into_iter()
            .map(|it| open(store, it))
            .collect();
        let others = (!others.is_empty()).then(|| {
            let nav = el("nav").class("card-actions");
            nav.attr("aria-label", "Batches that were approved together")
                .child(others)
        });
        let section = el("section")
            .class("receipt")
            .testid("receipt")
            .attr("aria-labelledby", "receipt-heading")
            .child(el("h2").attr("id", "receipt-heading").child("Receipt"))
            .child(facts("facts facts-wide", lines));
        Some(section.child(others))
    })
}

fn open(store: Store, (words, id): (String, BatchId)) -> Node {
    button(words, move || {
        store.send(Msg::BatchOpened(Some(id.clone())))
    })
    .class("button-link")
    .view()
}

/// How near the figures came, launches in doubt, and the receipts as a file.
pub fn receipts(store: Store) -> Element {
    // News of running batches leave these as they are, and reading them is work.
    let ended = store.watch(&[Slice::Batches], |model| {
        model.batches.ended_revision().to_string()
    });
    let accuracy = dynamic(move || {
        ended.with(|_| ());
        let words = store.read(&[Slice::Ledger], |model| model.accuracy_words());
        words.map(|words| para("", words))
    });
    let none = store.watch(READS, |model| {
        let mut own = model.ledger.entries_of(model.session.person());
        own.next().is_none()
    });
    let words = follow(move || match none.get() {
        true => "No batch was launched from this browser yet, so there are no receipts.".to_owned(),
        false => "Receipts cover launches from this browser only.".to_owned(),
    });
    let export = |label: &'static str, testid, form| {
        let ask = move || store.send(Msg::ReceiptsAsked(form));
        button(label, ask).testid(testid).disabled(none).view()
    };
    let buttons = [
        export("Export receipts as CSV", "receipts-csv", Receipts::Csv),
        export("Export receipts as JSON", "receipts-json", Receipts::Json),
    ];
    let heading = el("h2").attr("id", "receipts-heading").child("Receipts");
    el("section")
        .class("receipt")
        .testid("receipts")
        .attr("aria-labelledby", "receipts-heading")
        .child(heading)
        .child([accuracy, para("muted", words)])
        .child(el("div").class("card-actions").child(buttons))
        .child(dynamic(move || doubts(store)))
}

/// Launches of which no batch is known for certain.
fn doubts(store: Store) -> Option<Element> {
    let all = store.read(READS, |model| model.ledger.doubts(model.session.person()));
    let count = all.len();
    let item = |doubt: Doubt| {
        let may_be = |id: BatchId| open(store, (format!("Batch {}", id.short()), id));
        let batches: Vec<_> = doubt.batches.into_iter().map(may_be).collect();
        el("li")
            .child(format!("{} · ", local_time(Some(doubt.approved))))
            .child(foreign(doubt.words))
            .child(batches)
    };
    let items: Vec<_> = all.into_iter().take(DOUBTS_SHOWN).map(item).collect();
    let more = count.saturating_sub(DOUBTS_SHOWN);
    let more = (more > 0).then(|| format!("{} are in the receipts.", counted(more, "older one")));
    (count > 0).then(|| {
        el("details")
            .class("recent")
            .testid("launches-in-doubt")
            .child(el("summary").child(format!("Launches that need a look ({count})")))
            .child(el("ul").child(items))
            .child(more.map(|words| para("muted", words)))
    })
}
