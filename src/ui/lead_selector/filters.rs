//! Search and filters, all carried out by the server.

use leptos::prelude::RwSignal;

use crate::app::{Msg, Slice};
use crate::domain::lead::{Enrichment, LeadFilter, SEARCH_MAX};
use crate::ui::dom::{Element, dynamic, el};
use crate::ui::live::follow;
use crate::ui::parts::kit::{button, checkbox, labelled, typed, unfold};
use crate::ui::parts::select::Select;
use crate::ui::store::Store;

/// Search and filters; on small screens everything but the search is folded away until it is asked for.
pub fn filters(store: Store, unfolded: RwSignal<bool>) -> [Element; 3] {
    let filter = store.watch(&[Slice::Route], |model| model.route.leads.filter.clone());
    let entered = store.watch(&[Slice::Leads], |model| model.leads.typed.clone());
    let search = el("input")
        .attr("id", "lead-search")
        .testid("lead-search")
        .attr("type", "search")
        .attr("placeholder", "Company, contact, e-mail or domain")
        .attr("maxlength", SEARCH_MAX.to_string())
        .attr("autocomplete", "off")
        .prop("value", entered)
        .on(
            "input",
            typed(move |text| store.send(Msg::SearchTyped(text))),
        );
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
    let fields = el("div")
        .class("filters")
        .attr("role", "search")
        .child(labelled(
            "field filter-search",
            "lead-search",
            "Search",
            search,
        ))
        .child(unfold(unfolded))
        .child([enrichment.view(), manual.view(), badges.view()]);
    [fields, leave_out(store), chips(store)]
}

/// What is left out where many leads are chosen at once, and the way to views and columns.
fn leave_out(store: Store) -> Element {
    let query = store.watch(&[Slice::Route], |model| {
        (
            model.route.leads.not_reported,
            model.route.leads.not_running,
        )
    });
    let reported = checkbox(follow(move || query.get().0), move |reported| {
        let running = query.get_untracked().1;
        store.send(Msg::LeaveOutAsked { reported, running });
    });
    let running = checkbox(follow(move || query.get().1), move |running| {
        let reported = query.get_untracked().0;
        store.send(Msg::LeaveOutAsked { reported, running });
    });
    let label = |input: Element, words: &'static str| {
        let label = el("label").class("check check-inline").child(input);
        label.child(el("span").child(words))
    };
    let views = button("Views and columns", move || {
        store.send(Msg::ViewsOpened(true))
    });
    el("div")
        .class("leave-out")
        .attr("role", "group")
        .attr("aria-label", "Leave out where many are chosen at once")
        .child(label(
            reported.testid("leave-out-reported"),
            "Not reported yet with this template",
        ))
        .child(label(
            running.testid("leave-out-running"),
            "Not in a running batch",
        ))
        .child(views.testid("views").view())
}

/// What the list is narrowed down to, each condition with a way to drop it.
fn chips(store: Store) -> Element {
    let chips = store.watch(&[Slice::Route], |model| model.route.leads.filter.chips());
    let items = dynamic(move || {
        let chip = |(without, words): (LeadFilter, String)| {
            let drop = button(format!("{words} ×"), move || {
                store.send(Msg::LeadFilterChanged(without.clone()))
            });
            let drop = drop
                .class("chip")
                .named(format!("Remove the filter {words}"));
            el("li").child(drop.view())
        };
        chips.get().into_iter().map(chip).collect::<Vec<_>>()
    });
    el("ul")
        .class("chips")
        .attr("aria-label", "Filters in use")
        .attr("hidden", follow(move || chips.with(Vec::is_empty)))
        .child(items)
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
