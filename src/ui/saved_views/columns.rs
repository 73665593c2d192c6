//! The columns of the lead table: which are shown, in which order, and how low its rows are.

use leptos::prelude::*;

use crate::app::lead_selector::views::ColumnChange;
use crate::app::{Msg, Slice};
use crate::domain::lead::LeadSort;
use crate::ui::kit::{Button, Checkbox, part};
use crate::ui::store::use_store;

/// The columns, each with its checkbox and a way to move it.
#[component]
pub fn ColumnList() -> AnyView {
    let store = use_store();
    let order = store.select(&[Slice::Views], |model| model.views.columns.order.clone());
    let dense = store.select(&[Slice::Views], |model| model.views.columns.is_dense);
    let change = move |change| store.send(Msg::ColumnsChanged(change));
    let rows = move || {
        let columns = order.get().into_iter().enumerate();
        let row = |(place, (column, shown))| view! { <ColumnRow place column shown /> }.into_any();
        columns.map(row).collect::<Vec<_>>().into_any()
    };
    view! {
        <div>
            <ul class="view-list column-list" data-testid="column-list">
                {part(rows)}
            </ul>
            <label class="check check-inline">
                <Checkbox
                    checked=dense
                    testid="dense-rows"
                    on_change=move |dense| change(ColumnChange::Dense(dense))
                />
                <span>"Low rows"</span>
            </label>
            <p>
                <Button label="As at first" on_press=move || change(ColumnChange::Reset) />
            </p>
        </div>
    }
    .into_any()
}

/// A column: whether it is shown, and a way to move it. The company always is.
#[component]
fn ColumnRow(
    /// Its place among them.
    place: usize,
    /// The column.
    column: LeadSort,
    /// Whether it is shown.
    shown: bool,
) -> AnyView {
    let store = use_store();
    let change = move |change| store.send(Msg::ColumnsChanged(change));
    let label = column.label();
    view! {
        <li>
            <label class="check check-inline">
                <Checkbox
                    checked=shown
                    disabled=column == LeadSort::Company
                    on_change=move |shown| change(ColumnChange::Show(place, shown))
                />
                <span>{label}</span>
            </label>
            <Button
                label="↑"
                name=format!("Move {label} towards the beginning")
                disabled=place == 0
                on_press=move || change(ColumnChange::Move(place))
            />
        </li>
    }
    .into_any()
}
