//! Running a batch again, or a part of it.

use leptos::prelude::*;

use crate::app::batch_history::rerun::RerunWhat;
use crate::app::{Msg, Slice};
use crate::domain::batch::BatchId;
use crate::ui::kit::{Button, When, part};
use crate::ui::selected::{Selected, select};
use crate::ui::store::use_store;

/// News of running batches change it, too.
const READS: &[Slice] = &[
    Slice::Session,
    Slice::History,
    Slice::Batches,
    Slice::Ledger,
    Slice::Compose,
];

/// Run all of it again, only what failed, or only what a cancel left untouched, and what has changed since.
#[component]
pub fn Reruns(
    /// The batch.
    id: BatchId,
) -> AnyView {
    let for_offers = id.clone();
    let offers = use_store().select(READS, move |model| model.rerun_offers(&for_offers));
    let failed = select(move || offers.get().failed);
    let not_started = select(move || offers.get().not_started);
    let notes = select(move || offers.get().notes);
    let [for_failed, for_not_started] = [id.clone(), id.clone()];
    let all = Signal::derive(|| Some("Run again".to_owned()));
    view! {
        <div>
            <div class="card-actions">
                <Rerun id what=RerunWhat::All testid="rerun-batch" words=all />
                <Rerun
                    id=for_failed
                    what=RerunWhat::Failed
                    testid="rerun-failed"
                    words=failed
                />
                <Rerun
                    id=for_not_started
                    what=RerunWhat::NotStarted
                    testid="rerun-not-started"
                    words=not_started
                />
            </div>
            <Notes notes />
        </div>
    }
    .into_any()
}

/// One of these buttons; nothing where it is not offered.
#[component]
fn Rerun(
    /// The batch.
    id: BatchId,
    /// Which of its leads.
    what: RerunWhat,
    /// The name by which tests find it.
    testid: &'static str,
    /// Its words, where it is offered.
    #[prop(into)]
    words: Signal<Option<String>>,
) -> AnyView {
    let store = use_store();
    let is_offered = select(move || words.get().is_some());
    let label = Signal::derive(move || words.get().unwrap_or_default());
    let ask = UnsyncCallback::new(move |()| {
        store.send(Msg::RerunAsked(id.clone(), what.clone()));
    });
    view! {
        <When so=is_offered>
            <Button label testid on_press=ask />
        </When>
    }
    .into_any()
}

/// What has changed about the template since.
#[component]
fn Notes(
    /// As sentences.
    notes: Selected<Vec<String>>,
) -> AnyView {
    part(move || {
        let notes = notes.get().into_iter();
        let note = |note| view! { <p class="muted">{note}</p> }.into_any();
        notes.map(note).collect::<Vec<_>>().into_any()
    })
}
