//! The table of past batches: on a narrow screen each row is a card.

use leptos::prelude::*;

use super::ask;
use super::row::{BatchRow, GroupRow};
use crate::app::batch_history::rows::HistoryRow;
use crate::app::{Model, Slice};
use crate::domain::history::HistoryColumn;
use crate::ui::kit::{Each, SortHeading};
use crate::ui::selected::{Selected, select};
use crate::ui::store::use_store;

const READS: &[Slice] = &[Slice::Route, Slice::History, Slice::Batches, Slice::Views];

/// The shown page of past batches.
#[component]
pub fn HistoryTable(
    /// It is being read.
    #[prop(into)]
    busy: Signal<bool>,
) -> AnyView {
    let store = use_store();
    let rows = store.select(READS, Model::history_rows);
    let is_empty = select(move || rows.with(Vec::is_empty));
    let keys =
        select(move || rows.with(|rows| rows.iter().map(HistoryRow::key).collect::<Vec<_>>()));
    let columns = store.select(&[Slice::Views, Slice::Route], |model| {
        let columns = model.history_columns().into_iter();
        columns
            .map(|column| column.code().to_owned())
            .collect::<Vec<_>>()
    });
    view! {
        <table
            class="history-table is-sortable"
            role="table"
            class:is-loading=busy
            hidden=is_empty
        >
            <caption class="visually-hidden">
                "Past batches. The first column ticks two to compare and pins."
            </caption>
            <thead role="rowgroup">
                <tr role="row">
                    <HiddenHeading words="Compare and pin" />
                    <Each keys=columns row=move |code: String| column_heading(&code) />
                    <HiddenHeading words="Actions" />
                </tr>
            </thead>
            <tbody role="rowgroup">
                <Each keys row=move |key: String| view! { <Row rows key columns /> }.into_any() />
            </tbody>
        </table>
    }
    .into_any()
}

/// A heading for those who listen.
#[component]
fn HiddenHeading(
    /// Its words.
    words: &'static str,
) -> AnyView {
    view! {
        <th role="columnheader" scope="col">
            <span class="visually-hidden">{words}</span>
        </th>
    }
    .into_any()
}

fn column_heading(code: &str) -> AnyView {
    let column = HistoryColumn::from_code(code);
    let heading = column.map(|column| view! { <ColumnHeading column /> }.into_any());
    heading.into_any()
}

/// The heading of a column, by which the list is sorted.
#[component]
fn ColumnHeading(
    /// The column.
    column: HistoryColumn,
) -> AnyView {
    let store = use_store();
    let direction = store.select(&[Slice::Route], move |model| model.history_order(column));
    view! {
        <SortHeading
            label=column.label()
            direction
            on_press=move || ask(store, |query| query.sort_by(column))
        />
    }
    .into_any()
}

/// A row, whichever it is.
#[component]
fn Row(
    /// All rows.
    rows: Selected<Vec<HistoryRow>>,
    /// Which of them it is.
    key: String,
    /// The codes of the shown columns.
    columns: Selected<Vec<String>>,
) -> AnyView {
    let row = select(move || {
        let find = |rows: &Vec<HistoryRow>| rows.iter().find(|row| row.key() == key).cloned();
        rows.with(find)
    });
    match row.get_untracked() {
        Some(HistoryRow::Batch(first)) => {
            let of_batch = move |row: HistoryRow| row.batch().cloned();
            let row = select(move || row.get().and_then(of_batch));
            view! { <BatchRow first=*first row columns /> }.into_any()
        }
        _ => {
            let of_group = move |row: HistoryRow| row.group().cloned();
            let row = select(move || row.get().and_then(of_group).unwrap_or_default());
            view! { <GroupRow row columns /> }.into_any()
        }
    }
}
