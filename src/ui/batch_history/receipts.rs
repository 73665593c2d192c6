//! What this browser noted of its launches: the receipt of a batch, all receipts as a file, and launches in doubt.

use leptos::prelude::*;

use crate::app::launch::ledger::Receipts as Form;
use crate::app::launch::receipts::{Doubt, Receipt as Told};
use crate::app::{Msg, Slice};
use crate::domain::batch::BatchId;
use crate::domain::text::counted;
use crate::ui::kit::{Button, Facts, Foreign, When, local_time, part};
use crate::ui::selected::select;
use crate::ui::store::use_store;

/// Everybody sees their own.
const READS: &[Slice] = &[Slice::Ledger, Slice::Session];
/// So many launches in doubt are listed; the receipts have all.
const DOUBTS_SHOWN: usize = 10;

/// The receipt of a batch; nothing where this browser did not launch it.
#[component]
pub fn Receipt(
    /// The batch.
    id: BatchId,
) -> AnyView {
    let receipt = use_store().select(READS, move |model| {
        model.ledger.receipt(&id, model.session.person())
    });
    part(move || {
        let receipt = receipt.get();
        receipt
            .map(|told| view! { <ReceiptOf told /> }.into_any())
            .into_any()
    })
}

#[component]
fn ReceiptOf(
    /// What was noted.
    told: Told,
) -> AnyView {
    let mut facts = vec![("Approved", local_time(Some(told.approved)))];
    facts.extend(told.lines);
    let others = told.others.into_iter();
    let others: Vec<_> = others
        .map(|(words, id)| view! { <OpenBatch words id /> }.into_any())
        .collect();
    let others = (!others.is_empty()).then(|| {
        view! {
            <nav class="card-actions" aria-label="Batches that were approved together">
                {others}
            </nav>
        }
        .into_any()
    });
    view! {
        <section class="receipt" data-testid="receipt" aria-labelledby="receipt-heading">
            <h2 id="receipt-heading">"Receipt"</h2>
            <Facts class="facts facts-wide" facts />
            {others}
        </section>
    }
    .into_any()
}

/// Leads to another batch.
#[component]
fn OpenBatch(
    /// Its words.
    words: String,
    /// The batch.
    id: BatchId,
) -> AnyView {
    let store = use_store();
    // link
    let open = move || store.send(Msg::BatchOpened(Some(id.clone())));
    view! { <Button label=words class="button-link" on_press=open /> }.into_any()
}

/// How near the figures came, launches in doubt, and the receipts as a file.
#[component]
pub fn Receipts() -> AnyView {
    let store = use_store();
    let none = store.select(READS, |model| {
        let mut own = model.ledger.entries_of(model.session.person());
        own.next().is_none()
    });
    let words = Signal::derive(move || match none.get() {
        true => "No batch was launched from this browser yet, so there are no receipts.".to_owned(),
        false => "Receipts cover launches from this browser only.".to_owned(),
    });
    view! {
        <section class="receipt" data-testid="receipts" aria-labelledby="receipts-heading">
            <h2 id="receipts-heading">"Receipts"</h2>
            <Accuracy />
            <p class="muted">{words}</p>
            <div class="card-actions">
                <Button
                    label="Export receipts as CSV"
                    testid="receipts-csv"
                    disabled=none
                    on_press=move || store.send(Msg::ReceiptsAsked(Form::Csv))
                />
                <Button
                    label="Export receipts as JSON"
                    testid="receipts-json"
                    disabled=none
                    on_press=move || store.send(Msg::ReceiptsAsked(Form::Json))
                />
            </div>
            <Doubts />
        </section>
    }
    .into_any()
}

/// How near estimates and expected costs came.
#[component]
fn Accuracy() -> AnyView {
    let store = use_store();
    // News of running batches leave these as they are, and reading them is work.
    let ended = store.select(&[Slice::Batches], |model| model.batches.ended_revision());
    let words = select(move || {
        ended.with(|_| ());
        store.read(&[Slice::Ledger], |model| model.accuracy_words())
    });
    part(move || {
        let words = words.get();
        words
            .map(|words| view! { <p>{words}</p> }.into_any())
            .into_any()
    })
}

/// Launches of which no batch is known for certain.
#[component]
fn Doubts() -> AnyView {
    let doubts = use_store().select(READS, |model| model.ledger.doubts(model.session.person()));
    let are_some = select(move || doubts.with(|doubts| !doubts.is_empty()));
    let heading = select(move || {
        let count = doubts.with(Vec::len);
        format!("Launches that need a look ({count})")
    });
    let items = move || -> Vec<AnyView> {
        let doubts = doubts.get().into_iter().take(DOUBTS_SHOWN);
        doubts
            .map(|doubt| view! { <DoubtItem doubt /> }.into_any())
            .collect()
    };
    let more = select(move || {
        let more = doubts.with(Vec::len).saturating_sub(DOUBTS_SHOWN);
        (more > 0).then(|| format!("{} are in the receipts.", counted(more, "older one")))
    });
    view! {
        <When so=are_some>
            <details class="recent" data-testid="launches-in-doubt">
                <summary>{heading}</summary>
                <ul>{part(move || items().into_any())}</ul>
                {part(move || {
                    let words = |words: String| view! { <p class="muted">{words}</p> }.into_any();
                    more.get().map(words).into_any()
                })}
            </details>
        </When>
    }
    .into_any()
}

/// One of them, with the batches that may be it.
#[component]
fn DoubtItem(
    /// What is known of it.
    doubt: Doubt,
) -> AnyView {
    let batches = doubt.batches.into_iter();
    let batches: Vec<_> = batches
        .map(|id| {
            let words = format!("Batch {}", id.short());
            view! { <OpenBatch words id /> }.into_any()
        })
        .collect();
    view! {
        <li>
            {local_time(Some(doubt.approved))}
            " · "
            <Foreign text=doubt.words />
            {batches}
        </li>
    }
    .into_any()
}
