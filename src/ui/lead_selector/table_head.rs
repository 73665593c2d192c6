//! The headings of the lead table: the box for the whole page, and columns to sort by.

use leptos::prelude::*;

use super::lead_row::cell_class;
use crate::app::{Msg, Slice};
use crate::domain::lead::LeadSort;
use crate::domain::selection::TriState;
use crate::ui::kit::{Checkbox, SortHeading, part};
use crate::ui::store::use_store;

/// The row of headings.
#[component]
pub fn TableHead() -> AnyView {
    let store = use_store();
    let scrolled = store.select(&[Slice::Leads], |model| model.leads.is_scrolled());
    let columns = store.select(&[Slice::Views], |model| model.views.columns.shown());
    let heading = |column| view! { <ColumnHeading column /> }.into_any();
    let headings = move || columns.get().into_iter().map(heading);
    view! {
        <thead role="rowgroup">
            <tr
                role="row"
                aria-rowindex=Signal::derive(move || scrolled.get().then(|| "1".to_owned()))
            >
                <th role="columnheader" scope="col" class="cell-check">
                    <PageCheckbox />
                </th>
                {part(move || headings().collect::<Vec<_>>().into_any())}
            </tr>
        </thead>
    }
    .into_any()
}

/// Chooses every lead of the page, or none of them.
#[component]
fn PageCheckbox() -> AnyView {
    let store = use_store();
    let state = store.select(&[Slice::Choice, Slice::Leads, Slice::Route], |model| {
        model.page_state()
    });
    let scrolled = store.select(&[Slice::Leads], |model| model.leads.is_scrolled());
    let words = Signal::derive(move || {
        let words = match scrolled.get() {
            true => "Select all that match",
            false => "Select this page",
        };
        words.to_owned()
    });
    view! {
        <label class="check">
            <Checkbox
                checked=Signal::derive(move || state.get() == TriState::All)
                indeterminate=Signal::derive(move || state.get() == TriState::Some)
                testid="select-all"
                on_change=move |chosen| store.send(Msg::PageToggled(chosen))
            />
            <span class="check-all-label">{words}</span>
        </label>
    }
    .into_any()
}

/// The heading of a column; a click sorts by it.
#[component]
fn ColumnHeading(
    /// The column.
    column: LeadSort,
) -> AnyView {
    let store = use_store();
    let direction = store.select(&[Slice::Route], move |model| {
        let query = &model.route.leads;
        match (query.sort == column, query.descending) {
            (false, _) => "",
            (true, true) => "descending",
            (true, false) => "ascending",
        }
    });
    view! {
        <SortHeading
            class=cell_class(column)
            label=column.label()
            direction
            on_press=move || store.send(Msg::SortChosen(column))
        />
    }
    .into_any()
}
