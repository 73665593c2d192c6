//! The table of leads: native rows and checkboxes; on a narrow screen each row is a card.

use std::rc::Rc;

use leptos::prelude::{Effect, event_target_checked};
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::Closure;

use super::keys::key_in_table;
use super::rows::{FRAME, OVERSCAN, report, to_the_top};
use crate::app::lead_selector::exclude::{Marks, reason};
use crate::app::lead_selector::scroll::Row;
use crate::app::{Model, Msg, Slice};
use crate::domain::lead::{Enrichment, Lead, LeadSort};
use crate::domain::selection::TriState;
use crate::ui::dom::{Element, Node, dynamic, el, keyed};
use crate::ui::live::follow;
use crate::ui::parts::kit::{button, cell, checkbox, foreign, frame, para, sort_heading, status};
use crate::ui::parts::local_date;
use crate::ui::store::Store;

const LEADS: &[Slice] = &[Slice::Leads];

/// The leads: one page of them, or a window of the list to scroll through.
pub fn lead_table(store: Store) -> [Node; 2] {
    let loading = store.watch(LEADS, |model| model.leads.page.is_loading());
    let first_load = store.watch(LEADS, |model| {
        model.leads.page.value().is_none() && model.leads.page.error().is_none()
    });
    let none = store.watch(LEADS, |model| model.leads.total() == Some(0));
    let left_out = store.watch(LEADS, |model| model.leads.left_out());
    let scrolled = store.watch(LEADS, |model| model.leads.is_scrolled());
    let columns = store.watch(&[Slice::Views], |model| model.views.columns.clone());
    let marks = store.watch(&[Slice::Route, Slice::Compose, Slice::Batches], |model| {
        model.left_out()
    });
    // The headings count as a row.
    let row_count = store.watch(LEADS, |model| {
        let total = model.leads.total().filter(|_| model.leads.is_scrolled());
        total.map(|total| (total + 1).to_string())
    });
    let headings = el("tr")
        .attr("role", "row")
        .attr(
            "aria-rowindex",
            follow(move || scrolled.get().then_some("1")),
        )
        .child(heading("cell-check").child(page_checkbox(store)))
        .child(dynamic(move || {
            let header = |sort| sort_header(store, sort);
            columns
                .get()
                .shown()
                .into_iter()
                .map(header)
                .collect::<Vec<_>>()
        }));
    let placeholders = dynamic(move || {
        let count = if first_load.get() { 10 } else { 0 };
        (0..count)
            .map(|_| placeholder_row(None))
            .collect::<Vec<_>>()
    });
    let caption = "Leads. The first column chooses a lead for the batch.";
    let body = el("tbody")
        .attr("role", "rowgroup")
        .child(spacer(store, |shown| shown.above))
        .child(dynamic(move || {
            // Both change rarely: the rows are made anew then.
            let (columns, marks) = (columns.get().shown(), marks.get());
            keyed(shown_keys(store), move |key| {
                row_of(store, key, &columns, &marks)
            })
        }))
        .child(placeholders)
        .child(spacer(store, |shown| shown.below));
    let table = el("table")
        .class("lead-table")
        .testid("lead-table")
        .attr("role", "table")
        .attr("aria-rowcount", follow(move || row_count.get()))
        .class_if("is-loading", loading)
        .class_if("is-scrolled", scrolled)
        .class_if(
            "is-dense",
            follow(move || columns.with(|columns| columns.is_dense)),
        )
        .child(el("caption").class("visually-hidden").child(caption))
        .child(el("thead").attr("role", "rowgroup").child(headings))
        .child(body);
    let empty = dynamic(move || none.get().then(|| no_leads(store)));
    let partial = dynamic(move || {
        let count = left_out.get();
        (count > 0).then(|| status("notice", format!(
            "{count} of the server’s entries for this page could not be shown: they repeat another or lack an identifier."
        )))
    });
    let frame = frame(
        "table-frame lead-frame",
        "Leads",
        loading,
        [table.into(), empty],
    )
    .attr("id", FRAME)
    .class_if("is-scrolled", scrolled)
    .on("scroll", move |_| report(store))
    .on("keydown", move |event| key_in_table(store, &event))
    .mounted(move |frame| watch_size(store, &frame));
    back_to_the_top(store);
    [frame.into(), partial]
}

/// Reports the rows in view whenever the frame has another size.
fn watch_size(store: Store, frame: &web_sys::HtmlElement) {
    let closure = Closure::<dyn Fn()>::new(move || report(store));
    if let Ok(observer) = web_sys::ResizeObserver::new(closure.as_ref().unchecked_ref()) {
        observer.observe(frame);
    }
    // The observer lives as long as the frame, and needs it as long.
    closure.forget();
}

/// Another question is answered from its first row on; then what is in view is looked at again.
fn back_to_the_top(store: Store) {
    let question = store.watch(&[Slice::Route], |model| {
        let query = &model.route.leads;
        (
            query.filter.clone(),
            query.sort,
            query.descending,
            query.only_chosen,
        )
    });
    let total = store.watch(LEADS, |model| model.leads.total());
    Effect::new(move |_| {
        question.with(|_| to_the_top());
    });
    Effect::new(move |_| {
        total.get();
        report(store);
    });
}

/// Rows in the document, and how many stand above and below them.
#[derive(Clone, Copy, Default, PartialEq)]
struct Shown {
    above: u32,
    below: u32,
}

/// The first and the last row in the document, the last excluded.
fn shown_rows(model: &Model) -> (u32, u32) {
    let leads = &model.leads;
    if !leads.is_scrolled() {
        return (0, leads.loaded().count() as u32);
    }
    let (window, total) = (leads.window(), leads.total().unwrap_or(0));
    let beside = if leads.is_flick() { 0 } else { OVERSCAN };
    let first = window.first.saturating_sub(beside).min(total);
    (first, (window.last + 1 + beside).clamp(first, total))
}

/// Each row in the document by its place and what stands there.
fn shown_keys(store: Store) -> impl Fn() -> Vec<String> {
    let keys = store.watch(LEADS, |model| {
        let (first, end) = shown_rows(model);
        let key = |place| match model.leads.row(place) {
            Row::Lead(lead) => format!("{place} {}", lead.id.0),
            Row::Waiting => place.to_string(),
            Row::Repeat => format!("{place}="),
        };
        (first..end).map(key).collect::<Vec<_>>()
    });
    move || keys.get()
}

/// Stands for the rows that are not in the document, so that the scrollbar tells the truth.
fn spacer(store: Store, of: fn(Shown) -> u32) -> Node {
    let shown = store.watch(LEADS, |model| {
        let (first, end) = shown_rows(model);
        let total = model.leads.total().filter(|_| model.leads.is_scrolled());
        Shown {
            above: first,
            below: total.map_or(0, |total| total - end),
        }
    });
    dynamic(move || {
        let rows = of(shown.get());
        (rows > 0).then(|| {
            let cell = el("td").attr("role", "cell");
            el("tr")
                .class("spacer")
                .attr("aria-hidden", "true")
                .style("height", format!("calc({rows} * var(--row))"))
                .child(cell)
        })
    })
}

fn row_of(store: Store, key: &str, columns: &[LeadSort], marks: &Marks) -> Element {
    let place = key.trim_end_matches('=').split(' ').next();
    let place = place.and_then(|place| place.parse().ok()).unwrap_or(0);
    let scrolled = store.peek(|model| model.leads.is_scrolled());
    let row = match store.peek(|model| model.leads.row(place)) {
        Row::Lead(lead) => lead_row(store, lead, columns, marks),
        Row::Waiting => placeholder_row(None),
        Row::Repeat => placeholder_row(Some("This lead stands in another row.")),
    };
    let index = scrolled.then(|| (place + 2).to_string());
    row.attr("data-row", place.to_string())
        .attr("aria-rowindex", index)
}

fn heading(class: &'static str) -> Element {
    let cell = el("th").attr("role", "columnheader").attr("scope", "col");
    cell.class(class)
}

/// Chooses every lead of the page, or none of them.
fn page_checkbox(store: Store) -> Element {
    let state = store.watch(&[Slice::Choice, Slice::Leads, Slice::Route], |model| {
        model.page_state()
    });
    let all = follow(move || state.get() == TriState::All);
    let some = follow(move || state.get() == TriState::Some);
    let input = checkbox(all, move |chosen| store.send(Msg::PageToggled(chosen)))
        .testid("select-all")
        .prop("indeterminate", some);
    let scrolled = store.watch(LEADS, |model| model.leads.is_scrolled());
    let words = follow(move || match scrolled.get() {
        true => "Select all that match",
        false => "Select this page",
    });
    let words = el("span").class("check-all-label").child(words);
    el("label").class("check").child(input).child(words)
}

fn sort_header(store: Store, sort: LeadSort) -> Element {
    let direction = store.watch(&[Slice::Route], move |model| {
        match (model.route.leads.sort == sort, model.route.leads.descending) {
            (false, _) => "",
            (true, true) => "descending",
            (true, false) => "ascending",
        }
    });
    sort_heading(cell_class(sort), sort.label(), direction, move || {
        store.send(Msg::SortChosen(sort))
    })
}

fn lead_row(store: Store, lead: Rc<Lead>, columns: &[LeadSort], marks: &Marks) -> Element {
    const READS: &[Slice] = &[Slice::Choice, Slice::Route];
    let mark = reason(marks, &lead.id);
    let cells = columns.iter().map(|column| lead_cell(&lead, *column, mark));
    let cells: Vec<_> = cells.collect();
    // Read straight from the model: a row comes and goes too often for a value that is remembered.
    let for_class = lead.id.clone();
    let class = follow(move || {
        let chosen = store.read(READS, |model| model.is_chosen(&for_class));
        match (chosen, mark.is_some()) {
            (false, false) => "",
            (true, false) => "is-chosen",
            (false, true) => "is-left-out",
            (true, true) => "is-chosen is-left-out",
        }
    });
    let for_box = lead.id.clone();
    let chosen = follow(move || store.read(READS, |model| model.is_chosen(&for_box)));
    let label = format!("Choose {}", lead.name());
    let id = lead.id.0.clone();
    // A click and not a change, because it tells whether Shift was held.
    let toggle = move |event: web_sys::Event| {
        let range = (event.dyn_ref::<web_sys::MouseEvent>()).is_some_and(|click| click.shift_key());
        store.send(Msg::LeadToggled {
            lead: lead.clone(),
            chosen: event_target_checked(&event),
            range,
        });
    };
    let input = el("input")
        .attr("type", "checkbox")
        .testid("lead-checkbox")
        .attr("aria-label", label)
        .prop("checked", chosen)
        .on("click", toggle);
    let check = el("label").class("check").child(input);
    el("tr")
        .attr("role", "row")
        .testid("lead-row")
        .attr("data-lead-id", id)
        .class(class)
        .child(
            el("td")
                .attr("role", "cell")
                .class("cell-check")
                .child(check),
        )
        .child(cells)
}

/// A cell of a row; the company's also says why the lead is left out where many are chosen.
fn lead_cell(lead: &Lead, column: LeadSort, mark: Option<&'static str>) -> Node {
    let class = cell_class(column);
    let text = |value: &Option<String>| foreign(value.clone().unwrap_or_else(|| "–".to_owned()));
    match column {
        LeadSort::Company => {
            let company = lead.company.clone().unwrap_or_else(|| "–".to_owned());
            let name = el("bdi").class("lead-name").child(company);
            let domain = lead.domain.clone().unwrap_or_default();
            let domain = el("bdi").class("lead-domain").child(domain);
            let mark = mark.map(|words| el("span").class("badge lead-mark").child(words));
            let content = [Some(name), Some(domain), mark];
            cell(class, "", Vec::from(content))
        }
        LeadSort::Contact => cell(class, "Contact", text(&lead.contact)),
        LeadSort::Email => cell(class, "E-mail", text(&lead.email)),
        LeadSort::Enrichment => {
            let badge = el("span").class(badge_class(&lead.enrichment));
            cell(
                class,
                "Enrichment",
                badge.child(lead.enrichment.label().to_owned()),
            )
        }
        LeadSort::Source => {
            let mut source = lead.source.clone().unwrap_or_else(|| "–".to_owned());
            if lead.is_manual {
                source += " · by hand";
            }
            cell(class, "Source", foreign(source))
        }
        LeadSort::Created | LeadSort::Id => cell(class, "Added", foreign(local_date(lead.created))),
    }
}

fn cell_class(sort: LeadSort) -> &'static str {
    match sort {
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

fn placeholder_row(words: Option<&'static str>) -> Element {
    let content = match words {
        Some(words) => el("span").class("muted").child(words),
        None => el("span").class("placeholder-bar"),
    };
    // No more columns than are always there: others are hidden where there is little room.
    let cell = el("td")
        .attr("role", "cell")
        .attr("colspan", "5")
        .child(content);
    el("tr")
        .attr("role", "row")
        .class("placeholder")
        .attr("aria-hidden", words.is_none().then_some("true"))
        .child(cell)
}

fn no_leads(store: Store) -> Element {
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
    el("div")
        .class("empty")
        .child(para("", words))
        .child(way_out)
}
