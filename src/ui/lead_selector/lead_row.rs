//! A row of the lead table.
//!
//! Rows come and go by the hundred while somebody scrolls, and all of them change when everything is chosen. What a row
//! shows of its lead never changes, so it is plain text and no signal; whether it is chosen is shown by one effect for the
//! whole table.

use std::rc::Rc;

use leptos::html;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{HtmlInputElement, MouseEvent};

use crate::app::lead_selector::exclude::{Marks, reason};
use crate::app::lead_selector::scroll::Row;
use crate::app::{Msg, Slice};
use crate::domain::lead::{Enrichment, Lead, LeadId, LeadSort};
use crate::ui::kit::{Cell, local_date};
use crate::ui::store::{Store, use_store};

/// What all rows of the table have in common.
pub struct RowLayout {
    /// The columns, in order.
    pub columns: Vec<LeadSort>,
    /// The leads that are left out where many are chosen, and why.
    pub excluded: Marks,
}

/// What stands at one place of the list: a lead, or what stands for it.
#[component]
pub fn TableRow(
    /// Its place, and what stands there.
    key: String,
    /// What all rows have in common.
    layout: Rc<RowLayout>,
) -> AnyView {
    let place = key.trim_end_matches('=').split(' ').next();
    let place = place.and_then(|place| place.parse().ok()).unwrap_or(0);
    match use_store().peek(|model| model.leads.row(place)) {
        Row::Lead(lead) => view! { <LeadRow lead place layout /> }.into_any(),
        Row::Waiting => view! { <Placeholder place /> }.into_any(),
        Row::Repeat => {
            view! { <Placeholder place words="This lead stands in another row." /> }.into_any()
        }
    }
}

/// Where a row stands in the whole list, for screen readers, where not all rows are in the document. The headings are
/// the first one.
fn row_index(store: Store, place: u32) -> Option<String> {
    let scrolled = store.peek(|model| model.leads.is_scrolled());
    scrolled.then(|| (place + 2).to_string())
}

/// A lead with its checkbox.
#[component]
fn LeadRow(
    /// The lead.
    lead: Rc<Lead>,
    /// Its place in the list.
    place: u32,
    /// What all rows have in common.
    layout: Rc<RowLayout>,
) -> AnyView {
    let store = use_store();
    let mark = reason(&layout.excluded, &lead.id);
    let cell =
        |column: &LeadSort| view! { <LeadCell lead=lead.clone() column=*column mark /> }.into_any();
    let cells: Vec<_> = layout.columns.iter().map(cell).collect();
    let label = format!("Choose {}", lead.name());
    // Only as it is now: `follow_selection` keeps it in step.
    let chosen = store.peek(|model| model.is_chosen(&lead.id));
    let class = match (chosen, mark.is_some()) {
        (false, false) => "",
        (true, false) => "is-chosen",
        (false, true) => "is-left-out",
        (true, true) => "is-chosen is-left-out",
    };
    let id = lead.id.0.clone();
    // A click and not a change, because it tells whether Shift was held.
    let toggle = move |event: MouseEvent| {
        store.send(Msg::LeadToggled {
            lead: lead.clone(),
            chosen: event_target_checked(&event),
            range: event.shift_key(),
        });
    };
    view! {
        <tr
            role="row"
            data-testid="lead-row"
            data-lead-id=id
            data-row=place.to_string()
            aria-rowindex=row_index(store, place)
            class=class
        >
            <td role="cell" class="cell-check">
                <label class="check">
                    <input
                        type="checkbox"
                        data-testid="lead-checkbox"
                        aria-label=label
                        prop:checked=chosen
                        on:click=toggle
                    />
                </label>
            </td>
            {cells}
        </tr>
    }
    .into_any()
}

/// Keeps the looks and the checkboxes of all rows in step with the choice.
///
/// One effect goes over the rows in the document, in place of readers in every row: those would have to be made and taken
/// down with each row that scrolls by, which costs more than the row itself. A new row is made as the choice is then.
pub fn follow_selection(store: Store, body: NodeRef<html::Tbody>) {
    Effect::new(move |_| {
        let Some(body) = body.get() else { return };
        store.read(&[Slice::Choice, Slice::Route], |model| {
            let mut next = body.first_element_child();
            while let Some(row) = next {
                if let Some(id) = row.get_attribute("data-lead-id") {
                    show_chosen(&row, model.is_chosen(&LeadId(id)));
                }
                next = row.next_element_sibling();
            }
        });
    });
}

fn show_chosen(row: &web_sys::Element, chosen: bool) {
    let _ = row.class_list().toggle_with_force("is-chosen", chosen);
    let input = row.query_selector("input").ok().flatten();
    if let Some(input) = input.and_then(|input| input.dyn_into::<HtmlInputElement>().ok()) {
        input.set_checked(chosen);
    }
}

/// A cell of a row.
#[component]
fn LeadCell(
    /// The lead.
    lead: Rc<Lead>,
    /// What of it is shown.
    column: LeadSort,
    /// Why the lead is left out where many are chosen, if it is.
    mark: Option<&'static str>,
) -> AnyView {
    let or_dash = |value: &Option<String>| value.clone().unwrap_or_else(|| "–".to_owned());
    let (label, text) = match column {
        LeadSort::Company => {
            let (name, domain) = (or_dash(&lead.company), lead.domain.clone());
            return view! { <CompanyCell name domain=domain.unwrap_or_default() mark /> }
                .into_any();
        }
        LeadSort::Enrichment => {
            let class = badge_class(&lead.enrichment);
            let words = lead.enrichment.label().to_owned();
            return view! {
                <Cell class=cell_class(column) label="Enrichment">
                    <span class=class>{words}</span>
                </Cell>
            }
            .into_any();
        }
        LeadSort::Contact => ("Contact", or_dash(&lead.contact)),
        LeadSort::Email => ("E-mail", or_dash(&lead.email)),
        LeadSort::Source if lead.is_manual => ("Source", or_dash(&lead.source) + " · by hand"),
        LeadSort::Source => ("Source", or_dash(&lead.source)),
        LeadSort::Created | LeadSort::Id => ("Added", local_date(lead.created)),
    };
    view! {
        <Cell class=cell_class(column) label>
            <bdi>{text}</bdi>
        </Cell>
    }
    .into_any()
}

/// The company of a lead, and why the lead is left out where many are chosen.
#[component]
fn CompanyCell(
    /// The company's name.
    name: String,
    /// Its domain.
    domain: String,
    /// Why the lead is left out, if it is.
    mark: Option<&'static str>,
) -> AnyView {
    let mark = mark.map(|words| view! { <span class="badge lead-mark">{words}</span> }.into_any());
    view! {
        <Cell class=cell_class(LeadSort::Company)>
            <bdi class="lead-name">{name}</bdi>
            <bdi class="lead-domain">{domain}</bdi>
            {mark}
        </Cell>
    }
    .into_any()
}

/// The class by which style sheets know a column.
pub fn cell_class(column: LeadSort) -> &'static str {
    match column {
        LeadSort::Company => "cell-company_name",
        LeadSort::Contact => "cell-contact_name",
        LeadSort::Email => "cell-email",
        LeadSort::Enrichment => "cell-enrichment_status",
        LeadSort::Source => "cell-source",
        LeadSort::Created => "cell-created_at",
        LeadSort::Id => "",
    }
}

fn badge_class(state: &Enrichment) -> &'static str {
    match state {
        Enrichment::Completed => "badge badge-good",
        Enrichment::Failed => "badge badge-bad",
        Enrichment::InProgress => "badge badge-active",
        Enrichment::Pending | Enrichment::Other(_) => "badge",
    }
}

/// Stands for a lead that is still being read, or that has no row of its own.
#[component]
pub fn Placeholder(
    /// Its place in the list, where it stands for one.
    #[prop(optional)]
    place: Option<u32>,
    /// Why no lead will stand here.
    #[prop(optional)]
    words: Option<&'static str>,
) -> AnyView {
    let store = use_store();
    let content = match words {
        Some(words) => view! { <span class="muted">{words}</span> }.into_any(),
        None => view! { <span class="placeholder-bar"></span> }.into_any(),
    };
    // No more columns than are always there: others are hidden where there is little room.
    view! {
        <tr
            role="row"
            class="placeholder"
            aria-hidden=words.is_none().then_some("true")
            data-row=place.map(|place| place.to_string())
            aria-rowindex=place.and_then(|place| row_index(store, place))
        >
            <td role="cell" colspan="5">
                {content}
            </td>
        </tr>
    }
    .into_any()
}
