//! The table of leads: native rows and checkboxes; on a narrow screen each row is a card.

use std::rc::Rc;

use leptos::html;
use leptos::prelude::*;

use super::keyboard::key_in_table;
use super::lead_row::{Placeholder, RowLayout, TableRow, follow_selection};
use super::scrolling::{FRAME, report, report_on_resize, rows_in_document, start_at_the_top};
use super::table_head::TableHead;
use crate::app::lead_selector::scroll::Row;
use crate::app::{Msg, Slice};
use crate::ui::kit::{Button, Each, Status, When, part, true_or_false};
use crate::ui::store::use_store;

const LEADS: &[Slice] = &[Slice::Leads];
/// So many rows stand for the leads before any has been read.
const PLACEHOLDERS: usize = 10;

/// The leads: one page of them, or a window of the list to scroll through.
#[component]
pub fn LeadTable() -> AnyView {
    let store = use_store();
    let loading = store.select(LEADS, |model| model.leads.page.is_loading());
    let scrolled = store.select(LEADS, |model| model.leads.is_scrolled());
    let dense = store.select(&[Slice::Views], |model| model.views.columns.is_dense);
    let none = store.select(LEADS, |model| model.leads.total() == Some(0));
    // The headings count as a row.
    let row_count = store.select(LEADS, |model| {
        let total = model.leads.total().filter(|_| model.leads.is_scrolled());
        total.map(|total| (total + 1).to_string())
    });
    let frame = NodeRef::<html::Div>::new();
    frame.on_load(move |frame| report_on_resize(store, &frame));
    start_at_the_top(store);
    let body = NodeRef::<html::Tbody>::new();
    follow_selection(store, body);
    view! {
        <div
            id=FRAME
            class="table-frame lead-frame"
            class:is-scrolled=scrolled.signal()
            tabindex="0"
            role="region"
            aria-label="Leads"
            aria-busy=true_or_false(loading.signal())
            node_ref=frame
            on:scroll=move |_| report(store)
            on:keydown=move |event| key_in_table(store, &event)
        >
            <table
                class="lead-table"
                class:is-loading=loading.signal()
                class:is-scrolled=scrolled.signal()
                class:is-dense=dense.signal()
                data-testid="lead-table"
                role="table"
                aria-rowcount=row_count
            >
                <caption class="visually-hidden">
                    "Leads. The first column chooses a lead for the batch."
                </caption>
                <TableHead />
                <tbody role="rowgroup" node_ref=body>
                    <Spacer side=Side::Above />
                    <Rows />
                    <Spacer side=Side::Below />
                </tbody>
            </table>
            <When so=none>
                <NoLeads />
            </When>
        </div>
        <NotShown />
    }
    .into_any()
}

/// The rows that are in the document, or what stands for them until the first leads have been read.
#[component]
fn Rows() -> AnyView {
    let store = use_store();
    let first_load = store.select(LEADS, |model| {
        model.leads.page.value().is_none() && model.leads.page.error().is_none()
    });
    // By its place and what stands there.
    let keys = store.select(LEADS, |model| {
        let (first, end) = rows_in_document(model);
        let key = |place| match model.leads.row(place) {
            Row::Lead(lead) => format!("{place} {}", lead.id.0),
            Row::Waiting => place.to_string(),
            Row::Repeat => format!("{place}="),
        };
        (first..end).map(key).collect::<Vec<_>>()
    });
    let columns = store.select(&[Slice::Views], |model| model.views.columns.shown());
    let excluded = store.select(&[Slice::Route, Slice::Compose, Slice::Batches], |model| {
        model.left_out()
    });
    let rows = move || {
        // Both change rarely: the rows are made anew then.
        let layout = Rc::new(RowLayout {
            columns: columns.get(),
            excluded: excluded.get(),
        });
        let row = move |key: String| view! { <TableRow key layout=layout.clone() /> }.into_any();
        view! { <Each keys row /> }.into_any()
    };
    let placeholders = || (0..PLACEHOLDERS).map(|_| view! { <Placeholder /> }.into_any());
    view! {
        {part(rows)}
        <When so=first_load>{placeholders().collect::<Vec<_>>()}</When>
    }
    .into_any()
}

/// One end of the rows in the document.
#[derive(Clone, Copy)]
enum Side {
    Above,
    Below,
}

/// Stands for the rows that are not in the document, so that the scrollbar tells the truth.
#[component]
fn Spacer(
    /// On which side of the rows it stands.
    side: Side,
) -> AnyView {
    let rows = use_store().select(LEADS, move |model| {
        let (first, end) = rows_in_document(model);
        let total = model.leads.total().filter(|_| model.leads.is_scrolled());
        match side {
            Side::Above => first,
            Side::Below => total.map_or(0, |total| total - end),
        }
    });
    let some = Signal::derive(move || rows.get() > 0);
    let height = Signal::derive(move || format!("calc({} * var(--row))", rows.get()));
    view! {
        <When so=some>
            <tr class="spacer" aria-hidden="true" style:height=height>
                <td role="cell"></td>
            </tr>
        </When>
    }
    .into_any()
}

/// Why the table is empty, and the way out.
#[component]
fn NoLeads() -> AnyView {
    let store = use_store();
    if store.peek(|model| model.route.leads.filter.is_empty()) {
        return view! {
            <div class="empty">
                <p class="">"There are no leads yet. Import some in the lead explorer."</p>
            </div>
        }
        .into_any();
    }
    let remove = move || store.send(Msg::LeadFilterChanged(Default::default()));
    view! {
        <div class="empty">
            <p class="">"No leads match this search and these filters."</p>
            <Button label="Remove search and filters" on_press=remove />
        </div>
    }
    .into_any()
}

/// How many of the server's entries could not be shown.
#[component]
fn NotShown() -> AnyView {
    let count = use_store().select(LEADS, |model| model.leads.left_out());
    let some = Signal::derive(move || count.get() > 0);
    let words = Signal::derive(move || {
        format!(
            "{} of the server’s entries for this page could not be shown: they repeat another or lack an identifier.",
            count.get()
        )
    });
    view! {
        <When so=some>
            <Status class="notice" text=words />
        </When>
    }
    .into_any()
}
