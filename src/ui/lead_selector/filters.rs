//! Search and filters, all carried out by the server.

use leptos::prelude::*;

use crate::app::{Msg, Slice};
use crate::domain::lead::{Enrichment, LeadFilter, SEARCH_MAX};
use crate::ui::kit::{Button, Checkbox, Labelled, Select, UnfoldFilters};
use crate::ui::store::{Store, use_store};

/// Search and filters; on small screens everything but the search is folded away until it is asked for.
#[component]
pub fn Filters(
    /// Whether they are shown where there is little room.
    unfolded: RwSignal<bool>,
) -> AnyView {
    let store = use_store();
    let filter = store.select(&[Slice::Route], |model| model.route.leads.filter.clone());
    let enrichment = Signal::derive(move || {
        let state = filter.get().enrichment;
        state
            .map(|state| state.code().to_owned())
            .unwrap_or_default()
    });
    let set_enrichment = move |code: String| {
        let state = (!code.is_empty()).then(|| Enrichment::from_code(&code));
        change(store, move |filter| filter.enrichment = state);
    };
    let set_manual = move |code: String| change(store, |filter| filter.is_manual = flag(&code));
    let set_badges = move |code: String| change(store, |filter| filter.has_badges = flag(&code));
    view! {
        <div class="filters" role="search">
            <Search />
            <UnfoldFilters unfolded />
            <Select
                id="filter-enrichment"
                testid="lead-filter-status"
                label="Enrichment"
                options=enrichment_options()
                value=enrichment
                on_change=set_enrichment
            />
            <Select
                id="filter-manual"
                testid="lead-filter-manual"
                label="Origin"
                options=any_of("Entered by hand", "Imported")
                value=Signal::derive(move || code(filter.get().is_manual))
                on_change=set_manual
            />
            <Select
                id="filter-badges"
                testid="lead-filter-badges"
                label="Badges"
                options=any_of("With badges", "Without badges")
                value=Signal::derive(move || code(filter.get().has_badges))
                on_change=set_badges
            />
        </div>
        <Exclusions />
    }
    .into_any()
}

/// The words that leads are searched for.
#[component]
fn Search() -> AnyView {
    let store = use_store();
    let typed = store.select(&[Slice::Leads], |model| model.leads.typed.clone());
    view! {
        <Labelled class="field filter-search" id="lead-search" label="Search">
            <input
                id="lead-search"
                data-testid="lead-search"
                type="search"
                placeholder="Company, contact, e-mail or domain"
                maxlength=SEARCH_MAX.to_string()
                autocomplete="off"
                prop:value=typed.signal()
                on:input=move |event| store.send(Msg::SearchTyped(event_target_value(&event)))
            />
        </Labelled>
    }
    .into_any()
}

/// What is left out where many leads are chosen at once, and the way to views and columns.
#[component]
fn Exclusions() -> AnyView {
    let store = use_store();
    let reported = store.select(&[Slice::Route], |model| model.route.leads.not_reported);
    let running = store.select(&[Slice::Route], |model| model.route.leads.not_running);
    let set_reported = move |reported| {
        let running = running.get_untracked();
        store.send(Msg::LeaveOutAsked { reported, running });
    };
    let set_running = move |running| {
        let reported = reported.get_untracked();
        store.send(Msg::LeaveOutAsked { reported, running });
    };
    view! {
        <div
            class="leave-out"
            role="group"
            aria-label="Leave out where many are chosen at once"
        >
            <label class="check check-inline">
                <Checkbox checked=reported testid="leave-out-reported" on_change=set_reported />
                <span>"Not reported yet with this template"</span>
            </label>
            <label class="check check-inline">
                <Checkbox checked=running testid="leave-out-running" on_change=set_running />
                <span>"Not in a running batch"</span>
            </label>
            <Button
                label="Views and columns"
                testid="views"
                on_press=move || store.send(Msg::ViewsOpened(true))
            />
        </div>
    }
    .into_any()
}

/// Changes one filter; what has been typed into the search so far counts too.
fn change(store: Store, alter: impl FnOnce(&mut LeadFilter)) {
    let mut filter = store.peek(|model| LeadFilter {
        search: model.leads.typed.trim().to_owned(),
        ..model.route.leads.filter.clone()
    });
    alter(&mut filter);
    store.send(Msg::LeadFilterChanged(filter));
}

fn enrichment_options() -> Vec<(String, String)> {
    let any = (String::new(), "Any".to_owned());
    let known = Enrichment::KNOWN.map(|state| (state.code().to_owned(), state.label().to_owned()));
    [any].into_iter().chain(known).collect()
}

fn any_of(yes: &str, no: &str) -> Vec<(String, String)> {
    [("", "Any"), ("1", yes), ("0", no)]
        .map(|(value, label)| (value.to_owned(), label.to_owned()))
        .into()
}

fn code(flag: Option<bool>) -> String {
    match flag {
        None => "",
        Some(true) => "1",
        Some(false) => "0",
    }
    .to_owned()
}

fn flag(code: &str) -> Option<bool> {
    match code {
        "1" => Some(true),
        "0" => Some(false),
        _ => None,
    }
}
