//! The batches that ran the same leads.

use leptos::prelude::*;

use crate::app::{Msg, Slice};
use crate::domain::batch::BatchId;
use crate::ui::kit::{Button, Each, Status, When};
use crate::ui::selected::select;
use crate::ui::store::use_store;

const READS: &[Slice] = &[
    Slice::Session,
    Slice::History,
    Slice::Batches,
    Slice::Ledger,
];

/// The attempts at the leads of a batch, and the best outcome over all of them; nothing where there was but one.
#[component]
pub fn Attempts(
    /// The batch.
    id: BatchId,
) -> AnyView {
    let for_view = id.clone();
    let told = use_store().select(READS, move |model| model.attempt_view(&for_view));
    let are_several = select(move || told.with(Option::is_some));
    let batches = select(move || {
        let told = told.get().unwrap_or_default().attempts.into_iter();
        told.map(|(batch, _)| batch.0).collect::<Vec<_>>()
    });
    let words_of = move |batch: &BatchId| {
        let told = told.get().unwrap_or_default().attempts.into_iter();
        let found = told.into_iter().find(|(other, _)| other == batch);
        found.map(|(_, words)| words).unwrap_or_default()
    };
    let in_all = select(move || told.get().unwrap_or_default().words);
    view! {
        <When so=are_several>
            <section class="receipt" data-testid="attempts" aria-labelledby="attempts-heading">
                <h2 id="attempts-heading">"Attempts"</h2>
                <ol>
                    <Each
                        keys=batches
                        row={
                            let own = id.clone();
                            move |batch: String| {
                                let batch = BatchId(batch);
                                let is_own = batch == own;
                                let for_words = batch.clone();
                                let words = Signal::derive(move || words_of(&for_words));
                                view! { <Attempt batch is_own words /> }.into_any()
                            }
                        }
                    />
                </ol>
                <Status text=in_all />
            </section>
        </When>
    }
    .into_any()
}

/// One of them.
#[component]
fn Attempt(
    /// Its batch.
    batch: BatchId,
    /// It is the one whose page this is.
    is_own: bool,
    /// Its number, and when it was.
    words: Signal<String>,
) -> AnyView {
    let store = use_store();
    // link
    let open = move || store.send(Msg::BatchOpened(Some(batch.clone())));
    match is_own {
        true => view! { <li><strong>{words}</strong>" (this one)"</li> }.into_any(),
        false => {
            view! { <li><Button label=words class="button-link" on_press=open /></li> }.into_any()
        }
    }
}
