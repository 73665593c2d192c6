//! The list of past batches.

use super::receipts::receipts;
use super::{actual_words, estimate_words};
use crate::app::net::Slot;
use crate::app::rerun::RerunWhat;
use crate::app::{Msg, Slice};
use crate::domain::batch::{Batch, BatchStatus};
use crate::domain::template::TemplateVersion;
use crate::domain::text::{grouped, shortened};
use crate::route::HistoryQuery;
use crate::ui::dom::{Element, dynamic, el};
use crate::ui::lead_selector::page_buttons;
use crate::ui::live::follow;
use crate::ui::parts::fault::fault;
use crate::ui::parts::kit::{
    button, cell, checkbox, foreign, frame, headings, para, state, status,
};
use crate::ui::parts::local_time;
use crate::ui::parts::select::Select;
use crate::ui::store::Store;

const HEADINGS: [&str; 9] = [
    "Batch", "Status", "Leads", "Estimate", "Actual", "Template", "Created", "By", "Actions",
];

/// Past batches, newest first, with filters and pages.
pub fn batch_history(store: Store) -> Element {
    const READS: &[Slice] = &[Slice::Route, Slice::History];
    let error = store.watch(READS, |model| {
        model.history.page.error().map(ToString::to_string)
    });
    let loading = store.watch(READS, |model| model.history.page.is_loading());
    let rows = store.watch(&[Slice::Route, Slice::History, Slice::Batches], |model| {
        let matching = model.history.matching(&model.route.history);
        matching
            .into_iter()
            .map(|batch| model.newest_facts(batch))
            .collect::<Vec<_>>()
    });
    let notes = store.watch(READS, |model| {
        let page = &model.history.page;
        let mut notes = Vec::new();
        notes.extend(
            model
                .history
                .partial_words(&model.route.history)
                .map(|words| ("notice", words)),
        );
        if page.value().is_none() && page.error().is_none() {
            notes.push(("muted", "Loading past batches…".to_owned()));
        }
        notes
    });
    let none = store.watch(READS, |model| {
        model.history.page.value().is_some()
            && model.history.matching(&model.route.history).is_empty()
    });
    let total = store.watch(READS, |model| {
        match model.history.page.value().map_or(0, |page| page.total) {
            1 => "1 batch".to_owned(),
            total => format!("{} batches", grouped(total.into())),
        }
    });
    let pages = store.watch(READS, |model| {
        (
            model.route.history.page,
            model.history.page_count(&model.route.history) - 1,
        )
    });
    let go = move |page| change(store, |query| query.page = page);
    let body = dynamic(move || {
        let row = |batch| history_row(store, &batch);
        rows.get().into_iter().map(row).collect::<Vec<_>>()
    });
    let caption = "Past batches, newest first";
    let table = el("table")
        .class("history-table")
        .attr("role", "table")
        .class_if("is-loading", loading)
        .attr("hidden", follow(move || rows.with(Vec::is_empty)))
        .child(el("caption").class("visually-hidden").child(caption))
        .child(headings(&HEADINGS))
        .child(el("tbody").attr("role", "rowgroup").child(body));
    let told = dynamic(move || {
        let note = |(class, words)| status(class, words);
        notes.get().into_iter().map(note).collect::<Vec<_>>()
    });
    let empty = dynamic(move || {
        let words =
            "No batches here. Change the filters, or start the first one under “New batch”.";
        none.get()
            .then(|| el("div").class("empty").child(para("", words)))
    });
    let fault = fault(store, Slot::History, error, move || {
        store.send(Msg::HistoryRetried)
    });
    let pager = el("nav")
        .class("pager")
        .attr("aria-label", "Pages of batches")
        .child(para("pager-range", total))
        .child(page_buttons(pages, go));
    let heading = el("h1").attr("id", "view-heading").attr("tabindex", "-1");
    el("section")
        .class("panel")
        .attr("aria-labelledby", "view-heading")
        .testid("batch-history")
        .child(heading.child("Past batches"))
        .child(filters(store))
        .child([fault, told, empty])
        .child(frame(
            "table-frame table-frame-auto",
            "Past batches",
            loading,
            table,
        ))
        .child(pager)
        .child(receipts(store))
}

/// Changes one thing of the query; everything but the page goes back to the first page.
fn change(store: Store, alter: impl FnOnce(&mut HistoryQuery)) {
    let mut query = store.peek(|model| model.route.history.clone());
    query.page = 0;
    alter(&mut query);
    store.send(Msg::HistoryAsked(query));
}

fn filters(store: Store) -> Element {
    let query = store.watch(&[Slice::Route], |model| model.route.history.clone());
    let any = || (String::new(), "Any".to_owned());
    let statuses = Select {
        id: "history-status",
        testid: Some("history-filter-status"),
        label: "Status",
        options: follow(move || {
            let known = BatchStatus::KNOWN
                .map(|status| (status.code().to_owned(), status.label().to_owned()));
            std::iter::once(any()).chain(known).collect()
        }),
        value: follow(move || {
            query
                .get()
                .status
                .map(|status| status.code().to_owned())
                .unwrap_or_default()
        }),
        on_change: Box::new(move |code| {
            let status = (!code.is_empty()).then(|| BatchStatus::from_code(&code));
            change(store, |query| query.status = status);
        }),
    };
    let versions = store.watch(&[Slice::Compose, Slice::Route], move |model| {
        let offered = model
            .compose
            .templates
            .value()
            .map(Vec::as_slice)
            .unwrap_or_default();
        let mut versions: Vec<_> = offered
            .iter()
            .map(|template| template.version.0.clone())
            .collect();
        let chosen = model
            .route
            .history
            .template
            .as_ref()
            .map(|version| version.0.clone());
        versions.extend(chosen.filter(|chosen| !versions.contains(chosen)));
        std::iter::once(any())
            .chain(versions.into_iter().map(|v| (v.clone(), v)))
            .collect::<Vec<_>>()
    });
    let templates = Select {
        id: "history-template",
        testid: Some("history-filter-template"),
        label: "Template version",
        options: versions.into(),
        value: follow(move || {
            query
                .get()
                .template
                .map(|version| version.0)
                .unwrap_or_default()
        }),
        on_change: Box::new(move |version| {
            change(store, |query| {
                query.template = (!version.is_empty()).then_some(TemplateVersion(version))
            });
        }),
    };
    let mine = checkbox(follow(move || query.get().mine), move |mine| {
        change(store, |query| query.mine = mine);
    });
    let mine = el("label").class("check check-inline").child(mine);
    el("div")
        .class("filters")
        .child([statuses.view(), templates.view()])
        .child(mine.child(el("span").child("Only mine")))
}

fn history_row(store: Store, batch: &Batch) -> Element {
    let title = shortened(&batch.title(), 120);
    let (for_open, for_rerun) = (batch.id.clone(), batch.id.clone());
    let counts = batch.counts;
    let mut leads = format!(
        "{} of {}",
        grouped(counts.processed.into()),
        grouped(counts.total.into())
    );
    if counts.failed > 0 {
        leads += &format!(", {} failed", grouped(counts.failed.into()));
    }
    let text = |value: Option<String>| foreign(value.unwrap_or_else(|| "–".to_owned()));
    let open = button(title.clone(), move || {
        store.send(Msg::BatchOpened(Some(for_open.clone())))
    })
    .class("button-link")
    .named(format!("{title}: open"));
    let rerun = button("Run again", move || {
        store.send(Msg::RerunAsked(for_rerun.clone(), RerunWhat::All))
    })
    .testid("rerun-batch")
    .named(format!("Run again: {title}"));
    let trouble = batch
        .contradiction()
        .map(|words| para("card-trouble", words));
    let code = batch.status.code().to_owned();
    let open = el("bdi").child(open.view());
    let cells = [
        cell(
            "cell-batch",
            "",
            std::iter::once(open.into())
                .chain(trouble)
                .collect::<Vec<_>>(),
        ),
        cell(
            "",
            "Status",
            state(code.clone(), batch.status.label().to_owned()),
        ),
        cell("cell-figure", "Leads", foreign(leads)),
        cell("cell-figure", "Estimate", foreign(estimate_words(batch))),
        cell("cell-figure", "Actual", foreign(actual_words(batch))),
        cell(
            "",
            "Template",
            text(batch.template.clone().map(|version| version.0)),
        ),
        cell("cell-figure", "Created", foreign(local_time(batch.created))),
        cell("", "By", text(batch.created_by.clone())),
        cell("cell-actions", "", rerun.view()),
    ];
    el("tr")
        .attr("role", "row")
        .testid("history-row")
        .attr("data-batch-id", batch.id.0.clone())
        .attr("data-status", code)
        .child(cells)
}
