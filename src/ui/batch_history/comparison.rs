//! Two batches side by side.

use leptos::prelude::*;

use crate::app::batch_history::comparison::ComparisonView;
use crate::app::requests::Slot;
use crate::app::{Model, Msg, Slice};
use crate::domain::batch::BatchId;
use crate::domain::comparison::Line;
use crate::ui::kit::{Button, ErrorPanel, Foreign, Frame, Status, When, part};
use crate::ui::selected::{Selected, select};
use crate::ui::store::use_store;

const READS: &[Slice] = &[
    Slice::Route,
    Slice::History,
    Slice::Batches,
    Slice::Ledger,
    Slice::Session,
];

/// Everything that can be told of both, and in what they differ.
#[component]
pub fn BatchComparison(
    /// The batches.
    both: [BatchId; 2],
) -> AnyView {
    let store = use_store();
    let (for_view, for_error) = (both.clone(), both.clone());
    let found = store.select(READS, move |model| model.comparison_view(&for_view));
    let are_known = select(move || found.with(Option::is_some));
    let view = select(move || found.get().unwrap_or_default());
    let missing = store.select(READS, Model::missing_words);
    let error = store.select(READS, move |model| model.comparison_failure(&for_error));
    let otherwise = move || {
        part(move || match missing.get() {
            words if words.is_empty() => ().into_any(),
            text => view! { <Status class="notice" text /> }.into_any(),
        })
    };
    view! {
        <article class="panel details" data-testid="batch-comparison">
            // link
            <Button
                label="← Back"
                class="button-link"
                on_press=move || store.send(Msg::ComparisonAsked(None))
            />
            <h1 id="view-heading" tabindex="-1">
                "Two batches side by side"
            </h1>
            <ErrorPanel
                of=Slot::Archive
                error
                on_retry=move || store.send(Msg::HistoryRetried)
            />
            <When so=are_known otherwise>
                <SideBySide view both=both.clone() />
            </When>
        </article>
    }
    .into_any()
}

/// Both, once they are known.
#[component]
fn SideBySide(
    /// What is told of them.
    view: Selected<ComparisonView>,
    /// The batches.
    both: [BatchId; 2],
) -> AnyView {
    let words = select(move || view.with(|view| view.words.clone()));
    let common = select(move || view.with(|view| view.common.clone()));
    let lines = select(move || view.with(|view| view.lines.clone()));
    let titles: Vec<_> = (0..)
        .zip(both)
        .map(|(place, id)| {
            let title = Signal::derive(move || view.get().titles.into_iter().nth(place));
            let title = Signal::derive(move || title.get().unwrap_or_default());
            view! { <TitleHeading title id /> }.into_any()
        })
        .collect();
    let rows = move || -> Vec<AnyView> {
        let lines = lines.get().into_iter();
        lines
            .map(|line| view! { <ComparisonLine line /> }.into_any())
            .collect()
    };
    view! {
        <p>{words}</p>
        <Frame name="Comparison">
            <table class="comparison">
                <thead>
                    <tr>
                        <th scope="col">
                            <span class="visually-hidden">"What"</span>
                        </th>
                        {titles}
                        <th scope="col">
                            <span class="visually-hidden">"Differs"</span>
                        </th>
                    </tr>
                </thead>
                <tbody>{part(move || rows().into_any())}</tbody>
            </table>
        </Frame>
        <p>{common}</p>
    }
    .into_any()
}

/// The heading of a batch, which leads to it.
#[component]
fn TitleHeading(
    /// Its name.
    title: Signal<String>,
    /// The batch.
    id: BatchId,
) -> AnyView {
    let store = use_store();
    // link
    let open = move || store.send(Msg::BatchOpened(Some(id.clone())));
    view! {
        <th scope="col">
            <bdi>
                <Button label=title class="button-link" on_press=open />
            </bdi>
        </th>
    }
    .into_any()
}

/// One thing of both; that they differ in it is told by more than a colour.
#[component]
fn ComparisonLine(
    /// The thing.
    line: Line,
) -> AnyView {
    let differs = line.differs();
    let mark = differs.then(|| {
        view! {
            <span aria-hidden="true">"≠"</span>
            <span class="visually-hidden">"differs"</span>
        }
        .into_any()
    });
    let [one, other] = line.values;
    view! {
        <tr class=differs.then_some("is-different")>
            <th scope="row">{line.label}</th>
            <td translate="no">
                <Foreign text=one />
            </td>
            <td translate="no">
                <Foreign text=other />
            </td>
            <td>{mark}</td>
        </tr>
    }
    .into_any()
}
