//! Which columns the table of past batches has.

use leptos::prelude::*;

use crate::app::{Msg, Slice};
use crate::domain::history::HistoryColumn;
use crate::ui::kit::Checkbox;
use crate::ui::store::use_store;

/// Every column but the name, which is always there.
#[component]
pub fn ColumnChoice() -> AnyView {
    let others = HistoryColumn::ALL.into_iter().skip(1);
    let items: Vec<_> = others
        .map(|column| view! { <ColumnItem column /> }.into_any())
        .collect();
    view! {
        <details class="history-columns" data-testid="history-columns">
            <summary>"Columns"</summary>
            <ul>{items}</ul>
        </details>
    }
    .into_any()
}

/// Shows a column, or hides it.
#[component]
fn ColumnItem(
    /// The column.
    column: HistoryColumn,
) -> AnyView {
    let store = use_store();
    let checked = store.select(&[Slice::Views], move |model| {
        model.views.hidden.shows(column)
    });
    view! {
        <li>
            <label class="check check-inline">
                <Checkbox
                    checked
                    on_change=move |shown: bool| {
                        store.send(Msg::HistoryColumnShown(column, shown))
                    }
                />
                <span>{column.label()}</span>
            </label>
        </li>
    }
    .into_any()
}
