//! One batch, everything that is known of it.

use leptos::prelude::*;

use super::annotations::Annotations;
use super::attempts::Attempts;
use super::failures::Failures;
use super::receipts::Receipt;
use super::reruns::Reruns;
use super::results::{OutcomeExports, Results};
use crate::app::batch_history::words::facts;
use crate::app::{Msg, Slice};
use crate::domain::batch::{Batch, BatchId};
use crate::ui::kit::{Button, Facts, Foreign, Status, When, local_time, part};
use crate::ui::later::{Later, LaterView};
use crate::ui::selected::{Selected, select};
use crate::ui::store::use_store;

const READS: &[Slice] = &[Slice::History, Slice::Batches];

/// One batch, everything that is known of it.
#[component]
pub fn BatchDetails(
    /// The batch.
    id: BatchId,
) -> AnyView {
    let store = use_store();
    let (for_batch, for_title, for_live) = (id.clone(), id.clone(), id.clone());
    let batch = store.select(READS, move |model| model.detailed(&for_batch));
    let title = store.select(READS, move |model| model.details_title(&for_title));
    view! {
        <article class="panel details" data-testid="batch-details">
            // link
            <Button
                label="← Back"
                class="button-link"
                on_press=move || store.send(Msg::BatchOpened(None))
            />
            <h1 id="view-heading" tabindex="-1" translate="no">
                <Foreign text=title />
            </h1>
            <Failure id=id.clone() />
            <Later view=LaterView::LiveBatch(for_live) />
            <Known id=id.clone() batch />
            <Timeline batch />
            <Annotations id=id.clone() />
            <Reruns id=id.clone() />
            <Attempts id=id.clone() />
            <Receipt id=id.clone() />
            <Failures id=id.clone() />
            <h2>"Leads"</h2>
            <OutcomeExports id />
            <Results />
        </article>
    }
    .into_any()
}

/// Why it could not be read, and a way to try again.
#[component]
fn Failure(
    /// The batch.
    id: BatchId,
) -> AnyView {
    let store = use_store();
    let failure = store.select(READS, move |model| model.details_failure(&id));
    let has_failed = select(move || failure.with(Option::is_some));
    let words = select(move || failure.get().unwrap_or_default());
    view! {
        <When so=has_failed>
            <div class="fault" role="alert">
                <p>{words}</p>
                <Button
                    label="Try again"
                    on_press=move || store.send(Msg::HistoryRetried)
                />
            </div>
        </When>
    }
    .into_any()
}

/// Its facts, or that they are being read.
#[component]
fn Known(
    /// The batch.
    id: BatchId,
    /// As far as it is known.
    batch: Selected<Option<Batch>>,
) -> AnyView {
    let store = use_store();
    let for_failure = id.clone();
    let has_card = store.select(&[Slice::Batches], move |model| model.is_followed(&id));
    let has_failed = store.select(READS, move |model| {
        model.details_failure(&for_failure).is_some()
    });
    let is_known = select(move || batch.with(Option::is_some));
    let is_awaited = select(move || !has_failed.get());
    let contradiction = select(move || batch.with(|it| it.as_ref()?.contradiction()));
    let facts = select(move || {
        let has_card = has_card.get();
        batch.with(|batch| batch.as_ref().map(|batch| facts(batch, has_card)))
    });
    let otherwise = move || {
        view! {
            <When so=is_awaited>
                <Status class="muted" text="Loading the batch…" />
            </When>
        }
        .into_any()
    };
    view! {
        <When so=is_known otherwise>
            {part(move || {
                let notice = |text: String| view! { <Status class="notice" text /> }.into_any();
                contradiction.get().map(notice).into_any()
            })}
            {part(move || {
                let facts = facts.get().unwrap_or_default();
                view! { <Facts class="facts facts-wide" facts /> }.into_any()
            })}
        </When>
    }
    .into_any()
}

/// When what happened.
#[component]
fn Timeline(
    /// The batch, as far as it is known.
    batch: Selected<Option<Batch>>,
) -> AnyView {
    let store = use_store();
    let moments = select(move || {
        let batch = batch.get();
        let told = |batch: Batch| {
            store.read(&[Slice::Ledger, Slice::Session], |model| {
                model.timeline(&batch)
            })
        };
        batch.map(told).unwrap_or_default()
    });
    part(move || {
        let moments = moments.get().into_iter();
        let items: Vec<_> = moments
            .map(|(at, words)| {
                view! {
                    <li>
                        <span class="muted">{local_time(Some(at))}</span>
                        " "
                        {words}
                    </li>
                }
                .into_any()
            })
            .collect();
        match items.is_empty() {
            true => ().into_any(),
            false => view! {
                <ol class="timeline" aria-label="Timeline">
                    {items}
                </ol>
            }
            .into_any(),
        }
    })
}
