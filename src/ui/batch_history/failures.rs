//! Why leads of a batch failed.

use leptos::prelude::*;

use crate::app::batch_history::rerun::RerunWhat;
use crate::app::batch_history::rerun_offers::CauseRow;
use crate::app::{Msg, Slice};
use crate::domain::batch::BatchId;
use crate::ui::kit::{Button, Each, Foreign, When, part};
use crate::ui::selected::{Selected, select};
use crate::ui::store::use_store;

const READS: &[Slice] = &[
    Slice::Session,
    Slice::History,
    Slice::Batches,
    Slice::Ledger,
];

/// Failures by cause; nothing where no lead has failed.
#[component]
pub fn Failures(
    /// The batch.
    id: BatchId,
) -> AnyView {
    let for_view = id.clone();
    let told = use_store().select(READS, move |model| model.failure_view(&for_view));
    let are_some =
        select(move || told.with(|told| !told.causes.is_empty() || told.unnamed.is_some()));
    let causes = select(move || {
        let told = told.get().causes.into_iter();
        told.map(|row| row.cause).collect::<Vec<_>>()
    });
    let unnamed = select(move || told.with(|told| told.unnamed.clone()));
    let more = move || {
        let more = unnamed.get();
        more.map(|words| view! { <p class="muted">{words}</p> }.into_any())
    };
    view! {
        <When so=are_some>
            <section class="receipt" data-testid="failures" aria-labelledby="failures-heading">
                <h2 id="failures-heading">"Failures by cause"</h2>
                <ul class="causes">
                    <Each
                        keys=causes
                        row={
                            let id = id.clone();
                            move |cause: String| {
                                let (id, what) = (id.clone(), RerunWhat::Cause(cause.clone()));
                                let row = select(move || {
                                    let rows = told.get().causes.into_iter();
                                    let mut rows = rows.filter(|row| row.cause == cause);
                                    rows.next().unwrap_or_default()
                                });
                                view! { <FailureCause id what row /> }.into_any()
                            }
                        }
                    />
                </ul>
                {part(move || more().into_any())}
            </section>
        </When>
    }
    .into_any()
}

/// Leads that failed for one reason, and a way to run them again.
#[component]
fn FailureCause(
    /// The batch.
    id: BatchId,
    /// These leads.
    what: RerunWhat,
    /// What is told of them.
    row: Selected<CauseRow>,
) -> AnyView {
    let store = use_store();
    let leads = Signal::derive(move || row.get().leads);
    let text = Signal::derive(move || row.get().text);
    let rerun = Signal::derive(move || row.get().rerun);
    let example = select(move || row.get().example);
    let example = move || {
        let example = example.get();
        example.map(|text| view! { <p class="muted"><Foreign text /></p> }.into_any())
    };
    view! {
        <li data-testid="cause">
            <p>
                <strong translate="no">{leads}</strong>
                ": "
                <Foreign text />
            </p>
            {part(move || example().into_any())}
            <Button
                label=rerun
                testid="rerun-cause"
                on_press=move || store.send(Msg::RerunAsked(id.clone(), what.clone()))
            />
        </li>
    }
    .into_any()
}
