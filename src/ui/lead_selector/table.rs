//! The table of leads: native rows and checkboxes; on a narrow screen each row is a card.

use leptos::html;
use leptos::prelude::*;

use crate::app::{Msg, Slice};
use crate::domain::lead::{Enrichment, Lead, LeadSort};
use crate::domain::selection::TriState;
use crate::ui::parts::erased::{changed, clicked, dynamic, follow};
use crate::ui::parts::kit::{button, cell, foreign, frame, para, status};
use crate::ui::parts::local_date;
use crate::ui::store::Store;

/// The shown page of leads.
#[component]
pub fn LeadTable(store: Store) -> impl IntoView {
    const READS: &[Slice] = &[Slice::Leads];
    let leads = store.watch(READS, |model| {
        model
            .leads
            .page
            .value()
            .map(|page| page.leads.clone())
            .unwrap_or_default()
    });
    let loading = store.memo(READS, |model| model.leads.page.is_loading());
    let first_load = store.memo(READS, |model| {
        model.leads.page.value().is_none() && model.leads.page.error().is_none()
    });
    let none = store.memo(READS, |model| {
        model
            .leads
            .page
            .value()
            .is_some_and(|page| page.leads.is_empty())
    });
    let left_out = store.watch(READS, |model| {
        model.leads.page.value().map_or(0, |page| page.left_out)
    });
    let table = view! {
        <table class="lead-table" data-testid="lead-table" role="table" class:is-loading=loading>
            <caption class="visually-hidden">"Leads. The first column chooses a lead for the batch."</caption>
            <thead role="rowgroup">
                <tr role="row">
                    <th role="columnheader" scope="col" class="cell-check"><PageCheckbox store /></th>
                    {LeadSort::ALL.into_iter().map(|sort| sort_header(store, sort)).collect::<Vec<_>>()}
                </tr>
            </thead>
            <tbody role="rowgroup">
                {dynamic(move || leads.get().into_iter().map(|lead| lead_row(store, lead)).collect::<Vec<_>>())}
                {dynamic(move || {
                    let count = if first_load.get() { 10 } else { 0 };
                    (0..count).map(|_| placeholder_row()).collect::<Vec<_>>()
                })}
            </tbody>
        </table>
        {dynamic(move || none.get().then(|| no_leads(store)))}
    };
    view! {
        {frame("table-frame", "Leads", loading, table.into_any())}
        {dynamic(move || {
            let count = left_out.get();
            (count > 0).then(|| status("notice", format!(
                "{count} of the server’s entries for this page could not be shown: they repeat another or lack an identifier."
            )))
        })}
    }
}

/// Chooses every lead of the page, or none of them.
#[component]
fn PageCheckbox(store: Store) -> impl IntoView {
    let node = NodeRef::<html::Input>::new();
    let state = store.watch(&[Slice::Choice, Slice::Leads], |model| model.page_state());
    Effect::new(move |_| {
        let state = state.get();
        if let Some(input) = node.get() {
            input.set_indeterminate(state == TriState::Some);
            input.set_checked(state == TriState::All);
        }
    });
    view! {
        <label class="check">
            <input
                node_ref=node
                type="checkbox"
                data-testid="select-all"
                on:change=changed(move |event| store.send(Msg::PageToggled(event_target_checked(&event))))
            />
            <span class="check-all-label">"Select this page"</span>
        </label>
    }
}

fn sort_header(store: Store, sort: LeadSort) -> AnyView {
    let direction = store.memo(&[Slice::Route], move |model| {
        match (model.route.leads.sort == sort, model.route.leads.descending) {
            (false, _) => "",
            (true, true) => "descending",
            (true, false) => "ascending",
        }
    });
    let mark = follow(move || match direction.get() {
        "descending" => "▼",
        "ascending" => "▲",
        _ => "",
    });
    let words = follow(move || Some(direction.get()).filter(|words| !words.is_empty()));
    let label = view! { {sort.label()} <span class="sort-mark" aria-hidden="true">{mark}</span> };
    view! {
        <th role="columnheader" scope="col" aria-sort=words class=format!("cell-{}", sort.code())>
            <button type="button" class="sort" on:click=clicked(move || store.send(Msg::SortChosen(sort)))>{label}</button>
        </th>
    }
    .into_any()
}

fn lead_row(store: Store, lead: Lead) -> AnyView {
    let id = lead.id.clone();
    let chosen = store.memo(&[Slice::Choice], move |model| {
        model.choice.selection.contains(&id)
    });
    let text = |value: &Option<String>| foreign(value.clone().unwrap_or_else(|| "–".to_owned()));
    let name = view! {
        <bdi class="lead-name">{lead.company.clone().unwrap_or_else(|| "–".to_owned())}</bdi>
        <bdi class="lead-domain">{lead.domain.clone()}</bdi>
    };
    let mut source = lead.source.clone().unwrap_or_else(|| "–".to_owned());
    if lead.is_manual {
        source += " · by hand";
    }
    let badge = view! { <span class=badge_class(&lead.enrichment)>{lead.enrichment.label().to_owned()}</span> };
    let cells = vec![
        cell("cell-company_name", "", name.into_any()),
        cell("cell-contact_name", "Contact", text(&lead.contact)),
        cell("cell-email", "E-mail", text(&lead.email)),
        cell("cell-enrichment_status", "Enrichment", badge.into_any()),
        cell("cell-source", "Source", foreign(source)),
        cell(
            "cell-created_at",
            "Added",
            foreign(local_date(lead.created)),
        ),
    ];
    let label = format!("Choose {}", lead.name());
    let data_id = lead.id.0.clone();
    let toggle = move |event| {
        let chosen = event_target_checked(&event);
        store.send(Msg::LeadToggled {
            lead: Box::new(lead.clone()),
            chosen,
        });
    };
    view! {
        <tr role="row" data-testid="lead-row" data-lead-id=data_id class:is-chosen=chosen>
            <td role="cell" class="cell-check">
                <label class="check">
                    <input type="checkbox" data-testid="lead-checkbox" aria-label=label prop:checked=chosen on:change=changed(toggle) />
                </label>
            </td>
            {cells}
        </tr>
    }
    .into_any()
}

fn badge_class(state: &Enrichment) -> &'static str {
    match state {
        Enrichment::Completed => "badge badge-good",
        Enrichment::Failed => "badge badge-bad",
        Enrichment::InProgress => "badge badge-active",
        Enrichment::Pending | Enrichment::Other(_) => "badge",
    }
}

fn placeholder_row() -> AnyView {
    view! {
        <tr role="row" class="placeholder" aria-hidden="true">
            <td role="cell" colspan="7"><span class="placeholder-bar"></span></td>
        </tr>
    }
    .into_any()
}

fn no_leads(store: Store) -> AnyView {
    let filtered = store.peek(|model| !model.route.leads.filter.is_empty());
    let (words, way_out) = if filtered {
        let remove = button("Remove search and filters", move || {
            store.send(Msg::LeadFilterChanged(Default::default()))
        });
        (
            "No leads match this search and these filters.",
            Some(remove.view()),
        )
    } else {
        (
            "There are no leads yet. Import some in the lead explorer.",
            None,
        )
    };
    view! { <div class="empty">{para("", words)} {way_out}</div> }.into_any()
}
