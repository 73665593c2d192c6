//! Search and filters, all carried out by the server.

use leptos::prelude::*;

use crate::app::{Msg, Slice};
use crate::domain::lead::{Enrichment, LeadFilter, SEARCH_MAX};
use crate::ui::parts::erased::{changed, follow};
use crate::ui::parts::kit::labelled;
use crate::ui::parts::select::Select;
use crate::ui::store::Store;

/// Search and filters.
#[component]
pub fn Filters(store: Store) -> impl IntoView {
    let filter = store.watch(&[Slice::Route], |model| model.route.leads.filter.clone());
    let typed = store.memo(&[Slice::Leads], |model| model.leads.typed.clone());
    let search = view! {
        <input
            id="lead-search"
            data-testid="lead-search"
            type="search"
            placeholder="Company, contact, e-mail or domain"
            maxlength=SEARCH_MAX.to_string()
            autocomplete="off"
            prop:value=typed
            on:input=changed(move |event| store.send(Msg::SearchTyped(event_target_value(&event))))
        />
    };
    let enrichment = Select {
        id: "filter-enrichment",
        testid: Some("lead-filter-status"),
        label: "Enrichment",
        options: follow(|| {
            let mut options = vec![(String::new(), "Any".to_owned())];
            options.extend(
                Enrichment::KNOWN.map(|state| (state.code().to_owned(), state.label().to_owned())),
            );
            options
        }),
        value: follow(move || {
            filter
                .get()
                .enrichment
                .map(|state| state.code().to_owned())
                .unwrap_or_default()
        }),
        on_change: Box::new(move |code| {
            let state = (!code.is_empty()).then(|| Enrichment::from_code(&code));
            change(store, move |filter| filter.enrichment = state);
        }),
    };
    let manual = Select {
        id: "filter-manual",
        testid: Some("lead-filter-manual"),
        label: "Origin",
        options: follow(|| any_of("Entered by hand", "Imported")),
        value: follow(move || code(filter.get().is_manual)),
        on_change: Box::new(move |code| {
            change(store, move |filter| filter.is_manual = flag(&code))
        }),
    };
    let badges = Select {
        id: "filter-badges",
        testid: Some("lead-filter-badges"),
        label: "Badges",
        options: follow(|| any_of("With badges", "Without badges")),
        value: follow(move || code(filter.get().has_badges)),
        on_change: Box::new(move |code| {
            change(store, move |filter| filter.has_badges = flag(&code))
        }),
    };
    view! {
        <div class="filters" role="search">
            {labelled("field filter-search", "lead-search", "Search", search.into_any())}
            {enrichment.view()}
            {manual.view()}
            {badges.view()}
        </div>
    }
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
