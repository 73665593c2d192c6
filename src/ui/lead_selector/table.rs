//! The table of leads: native rows and checkboxes; on a narrow screen each row is a card.

use crate::app::{Msg, Slice};
use crate::domain::lead::{Enrichment, Lead, LeadSort};
use crate::domain::selection::TriState;
use crate::ui::dom::{Element, Node, dynamic, el};
use crate::ui::live::follow;
use crate::ui::parts::kit::{button, cell, checkbox, foreign, frame, para, status};
use crate::ui::parts::local_date;
use crate::ui::store::Store;

/// The shown page of leads.
pub fn lead_table(store: Store) -> [Node; 2] {
    const READS: &[Slice] = &[Slice::Leads];
    let leads = store.watch(READS, |model| {
        model
            .leads
            .page
            .value()
            .map(|page| page.leads.clone())
            .unwrap_or_default()
    });
    let loading = store.watch(READS, |model| model.leads.page.is_loading());
    let first_load = store.watch(READS, |model| {
        model.leads.page.value().is_none() && model.leads.page.error().is_none()
    });
    let none = store.watch(READS, |model| {
        model
            .leads
            .page
            .value()
            .is_some_and(|page| page.leads.is_empty())
    });
    let left_out = store.watch(READS, |model| {
        model.leads.page.value().map_or(0, |page| page.left_out)
    });
    let headings = el("tr")
        .attr("role", "row")
        .add(heading("cell-check").add(page_checkbox(store)))
        .add(LeadSort::ALL.map(|sort| sort_header(store, sort)));
    let rows = dynamic(move || {
        let row = |lead| lead_row(store, lead);
        leads.get().into_iter().map(row).collect::<Vec<_>>()
    });
    let placeholders = dynamic(move || {
        let count = if first_load.get() { 10 } else { 0 };
        (0..count).map(|_| placeholder_row()).collect::<Vec<_>>()
    });
    let caption = "Leads. The first column chooses a lead for the batch.";
    let table = el("table")
        .class("lead-table")
        .testid("lead-table")
        .attr("role", "table")
        .class_if("is-loading", loading)
        .add(el("caption").class("visually-hidden").add(caption))
        .add(el("thead").attr("role", "rowgroup").add(headings))
        .add(
            el("tbody")
                .attr("role", "rowgroup")
                .add([rows, placeholders]),
        );
    let empty = dynamic(move || none.get().then(|| no_leads(store)));
    let partial = dynamic(move || {
        let count = left_out.get();
        (count > 0).then(|| status("notice", format!(
            "{count} of the server’s entries for this page could not be shown: they repeat another or lack an identifier."
        )))
    });
    let frame = frame("table-frame", "Leads", loading, [table.into(), empty]);
    [frame.into(), partial]
}

fn heading(class: &'static str) -> Element {
    let cell = el("th").attr("role", "columnheader").attr("scope", "col");
    cell.class(class)
}

/// Chooses every lead of the page, or none of them.
fn page_checkbox(store: Store) -> Element {
    let state = store.watch(&[Slice::Choice, Slice::Leads], |model| model.page_state());
    let all = follow(move || state.get() == TriState::All);
    let some = follow(move || state.get() == TriState::Some);
    let input = checkbox(all, move |chosen| store.send(Msg::PageToggled(chosen)))
        .testid("select-all")
        .prop("indeterminate", some);
    let words = el("span").class("check-all-label").add("Select this page");
    el("label").class("check").add(input).add(words)
}

fn sort_header(store: Store, sort: LeadSort) -> Element {
    let direction = store.watch(&[Slice::Route], move |model| {
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
    let mark = el("span")
        .class("sort-mark")
        .attr("aria-hidden", "true")
        .add(mark);
    let button = el("button")
        .attr("type", "button")
        .class("sort")
        .on_click(move || store.send(Msg::SortChosen(sort)))
        .add([sort.label(), " "])
        .add(mark);
    heading(cell_class(sort))
        .attr("aria-sort", words)
        .add(button)
}

fn lead_row(store: Store, lead: Lead) -> Element {
    let id = lead.id.clone();
    let chosen = store.watch(&[Slice::Choice], move |model| {
        model.choice.selection.contains(&id)
    });
    let text = |value: &Option<String>| foreign(value.clone().unwrap_or_else(|| "–".to_owned()));
    let name = [
        (
            "lead-name",
            lead.company.clone().unwrap_or_else(|| "–".to_owned()),
        ),
        ("lead-domain", lead.domain.clone().unwrap_or_default()),
    ]
    .map(|(class, text)| el("bdi").class(class).add(text));
    let mut source = lead.source.clone().unwrap_or_else(|| "–".to_owned());
    if lead.is_manual {
        source += " · by hand";
    }
    let badge = el("span").class(badge_class(&lead.enrichment));
    let badge = badge.add(lead.enrichment.label().to_owned());
    let class = cell_class;
    let cells = [
        cell(class(LeadSort::Company), "", name),
        cell(class(LeadSort::Contact), "Contact", text(&lead.contact)),
        cell(class(LeadSort::Email), "E-mail", text(&lead.email)),
        cell(class(LeadSort::Enrichment), "Enrichment", badge),
        cell(class(LeadSort::Source), "Source", foreign(source)),
        cell(
            class(LeadSort::Created),
            "Added",
            foreign(local_date(lead.created)),
        ),
    ];
    let label = format!("Choose {}", lead.name());
    let id = lead.id.0.clone();
    let toggle = move |chosen| {
        store.send(Msg::LeadToggled {
            lead: Box::new(lead.clone()),
            chosen,
        });
    };
    let input = checkbox(chosen, toggle)
        .testid("lead-checkbox")
        .attr("aria-label", label);
    let check = el("label").class("check").add(input);
    el("tr")
        .attr("role", "row")
        .testid("lead-row")
        .attr("data-lead-id", id)
        .class_if("is-chosen", chosen)
        .add(el("td").attr("role", "cell").class("cell-check").add(check))
        .add(cells)
}

fn cell_class(sort: LeadSort) -> &'static str {
    match sort {
        LeadSort::Company => "cell-company_name",
        LeadSort::Contact => "cell-contact_name",
        LeadSort::Email => "cell-email",
        LeadSort::Enrichment => "cell-enrichment_status",
        LeadSort::Source => "cell-source",
        LeadSort::Created => "cell-created_at",
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

fn placeholder_row() -> Element {
    let bar = el("span").class("placeholder-bar");
    let cell = el("td").attr("role", "cell").attr("colspan", "7").add(bar);
    el("tr")
        .attr("role", "row")
        .class("placeholder")
        .attr("aria-hidden", "true")
        .add(cell)
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
    el("div").class("empty").add(para("", words)).add(way_out)
}
