//! What became of each lead of a batch, where the server tells, and the same as a file.

use leptos::prelude::*;

use crate::app::batch_history::results::{
    OUTCOME_FILTERS, ROWS_SHOWN, ResultQuery, ResultRow, ResultTable, ResultsView,
};
use crate::app::launch::ledger::Receipts;
use crate::app::{Model, Msg, Slice};
use crate::domain::batch::BatchId;
use crate::ui::kit::{
    Button, Cell, Foreign, Frame, Headings, Labelled, Select, StateBadge, Status, When, part,
};
use crate::ui::selected::{Selected, select};
use crate::ui::store::use_store;

const NOT_OFFERED: &str = "This server does not tell what became of each lead of a batch; only the counts above are known.";

const COLUMNS: &[&str] = &["Lead", "State", "Cost", "Took", "What went wrong"];

/// The outcome of every lead as a file.
#[component]
pub fn OutcomeExports(
    /// The batch.
    id: BatchId,
) -> AnyView {
    let store = use_store();
    let other = id.clone();
    view! {
        <div class="card-actions">
            <Button
                label="Export outcomes as CSV"
                testid="outcomes-csv"
                on_press=move || store.send(Msg::OutcomesAsked(id.clone(), Receipts::Csv))
            />
            <Button
                label="Export outcomes as JSON"
                testid="outcomes-json"
                on_press=move || store.send(Msg::OutcomesAsked(other.clone(), Receipts::Json))
            />
        </div>
    }
    .into_any()
}

/// The leads of the batch that is looked at, to be searched and filtered.
#[component]
pub fn Results() -> AnyView {
    const READS: &[Slice] = &[Slice::History];
    let store = use_store();
    let query = RwSignal::new(ResultQuery {
        room: ROWS_SHOWN,
        ..ResultQuery::default()
    });
    let can_be_asked = store.select(READS, Model::has_results);
    let view = select(move || {
        let query = query.get();
        store.read(READS, |model| model.results_view(&query))
    });
    let is_loaded = select(move || view.with(|view| matches!(view, ResultsView::Loaded(_))));
    let table = select(move || match view.get() {
        ResultsView::Loaded(table) => table,
        _ => ResultTable::default(),
    });
    let otherwise = move || {
        part(move || match view.get() {
            ResultsView::Loading => {
                view! { <Status class="muted" text="Loading the leads…" /> }.into_any()
            }
            ResultsView::NotOffered => view! { <p class="muted">{NOT_OFFERED}</p> }.into_any(),
            ResultsView::Failed(text) => view! { <Status class="fault" text /> }.into_any(),
            ResultsView::Loaded(_) => ().into_any(),
        })
    };
    view! {
        <div>
            <When so=can_be_asked>
                <ResultTools query />
            </When>
            <When so=is_loaded otherwise>
                <ResultRows table query />
            </When>
        </div>
    }
    .into_any()
}

/// Which leads are wanted.
#[component]
fn ResultTools(
    /// What is asked for; it is changed here.
    query: RwSignal<ResultQuery>,
) -> AnyView {
    let outcomes = OUTCOME_FILTERS.map(|(code, label)| (code.to_owned(), label.to_owned()));
    let search = move |event| query.update(|query| query.search = event_target_value(&event));
    view! {
        <div class="result-tools">
            <Labelled id="result-search" label="Search lead or error">
                <input
                    type="search"
                    id="result-search"
                    data-testid="result-search"
                    prop:value=Signal::derive(move || query.get().search)
                    on:input=search
                />
            </Labelled>
            <Select
                id="result-filter"
                testid="result-filter"
                label="Outcome"
                options=Signal::derive(move || outcomes.to_vec())
                value=Signal::derive(move || query.get().outcome)
                on_change=move |outcome: String| query.update(|query| query.outcome = outcome)
            />
        </div>
    }
    .into_any()
}

/// The leads that are wanted, a part at a time.
#[component]
fn ResultRows(
    /// What is shown.
    table: Selected<ResultTable>,
    /// What is asked for; more rows are asked for here.
    query: RwSignal<ResultQuery>,
) -> AnyView {
    let rows = select(move || table.get().rows);
    let body = move || -> Vec<AnyView> {
        let rows = rows.get().into_iter();
        rows.map(|row| view! { <Result row /> }.into_any())
            .collect()
    };
    let shown = select(move || table.with(|table| table.shown.clone()));
    let has_more = select(move || table.with(|table| table.has_more));
    let cut = select(move || table.with(|table| table.cut.clone()));
    view! {
        <Frame class="table-frame table-frame-auto" name="Leads of this batch">
            <table class="history-table" role="table">
                <caption class="visually-hidden">"Leads of this batch"</caption>
                <Headings names=COLUMNS />
                <tbody role="rowgroup">{part(move || body().into_any())}</tbody>
            </table>
        </Frame>
        {part(move || {
            let status = |text: String| view! { <Status class="muted" text /> }.into_any();
            shown.get().map(status).into_any()
        })}
        <When so=has_more>
            <Button
                label=format!("Show {ROWS_SHOWN} more")
                testid="more-results"
                on_press=move || query.update(|query| query.room += ROWS_SHOWN)
            />
        </When>
        {part(move || {
            let words = |text: String| view! { <p class="muted">{text}</p> }.into_any();
            cut.get().map(words).into_any()
        })}
    }
    .into_any()
}

/// One lead.
#[component]
fn Result(
    /// What is told of it.
    row: ResultRow,
) -> AnyView {
    let report = row.report.map(|(url, name)| {
        view! {
            " "
            <a href=url target="_blank" rel="noopener noreferrer" aria-label=name>
                "Report"
            </a>
        }
        .into_any()
    });
    view! {
        <tr role="row">
            <Cell>
                <Foreign text=row.lead />
            </Cell>
            <Cell class="cell-state" label="State">
                <StateBadge code=row.code text=row.state />
                {report}
            </Cell>
            <Cell label="Cost">
                <Foreign text=row.cost />
            </Cell>
            <Cell label="Took">
                <Foreign text=row.took />
            </Cell>
            <Cell label="What went wrong">
                <Foreign text=row.error />
            </Cell>
        </tr>
    }
    .into_any()
}
