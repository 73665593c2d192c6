//! The list of past batches.

use leptos::prelude::*;

use super::{actual_words, estimate_words};
use crate::app::net::Slot;
use crate::app::{Msg, Slice};
use crate::domain::batch::{Batch, BatchStatus};
use crate::domain::template::TemplateVersion;
use crate::domain::text::{grouped, shortened};
use crate::route::HistoryQuery;
use crate::ui::lead_selector::PageButtons;
use crate::ui::parts::erased::{changed, dynamic, follow};
use crate::ui::parts::fault::Fault;
use crate::ui::parts::kit::{button, cell, foreign, frame, headings, para, state, status};
use crate::ui::parts::local_time;
use crate::ui::parts::select::Select;
use crate::ui::store::Store;

const HEADINGS: [&str; 9] = [
    "Batch", "Status", "Leads", "Estimate", "Actual", "Template", "Created", "By", "Actions",
];

/// Past batches, newest first, with filters and pages.
#[component]
pub fn BatchHistory(store: Store) -> impl IntoView {
    const READS: &[Slice] = &[Slice::Route, Slice::History];
    let error = store.watch(READS, |model| {
        model.history.page.error().map(ToString::to_string)
    });
    let loading = store.memo(READS, |model| model.history.page.is_loading());
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
    let none = store.memo(READS, |model| {
        model.history.page.value().is_some()
            && model.history.matching(&model.route.history).is_empty()
    });
    let total = store.memo(READS, |model| {
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
    let go = Callback::new(move |page| change(store, |query| query.page = page));
    let hidden = follow(move || rows.get().is_empty());
    let table = view! {
        <table class="history-table" role="table" class:is-loading=loading hidden=hidden>
            <caption class="visually-hidden">"Past batches, newest first"</caption>
            {headings(&HEADINGS)}
            <tbody role="rowgroup">
                {dynamic(move || rows.get().into_iter().map(|batch| history_row(store, &batch)).collect::<Vec<_>>())}
            </tbody>
        </table>
    };
    let empty = || {
        let words =
            "No batches here. Change the filters, or start the first one under “New batch”.";
        view! { <div class="empty">{para("", words)}</div> }.into_any()
    };
    view! {
        <section class="panel" aria-labelledby="view-heading" data-testid="batch-history">
            <h1 id="view-heading" tabindex="-1">"Past batches"</h1>
            <HistoryFilters store />
            <Fault store of=Slot::History error on_retry=move |()| store.send(Msg::HistoryRetried) />
            {dynamic(move || notes.get().into_iter().map(|(class, words)| status(class, words)).collect::<Vec<_>>())}
            {dynamic(move || none.get().then(empty))}
            {frame("table-frame table-frame-auto", "Past batches", loading, table.into_any())}
            <nav class="pager" aria-label="Pages of batches">
                {para("pager-range", total)}
                <PageButtons pages on_page=go />
            </nav>
        </section>
    }
}

/// Changes one thing of the query; everything but the page goes back to the first page.
fn change(store: Store, alter: impl FnOnce(&mut HistoryQuery)) {
    let mut query = store.peek(|model| model.route.history.clone());
    query.page = 0;
    alter(&mut query);
    store.send(Msg::HistoryAsked(query));
}

#[component]
fn HistoryFilters(store: Store) -> impl IntoView {
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
    let versions = store.memo(&[Slice::Compose, Slice::Route], move |model| {
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
    let mine = follow(move || query.get().mine);
    let choose_mine = move |event| {
        let mine = event_target_checked(&event);
        change(store, |query| query.mine = mine);
    };
    view! {
        <div class="filters">
            {statuses.view()}
            {templates.view()}
            <label class="check check-inline">
                <input type="checkbox" prop:checked=mine on:change=changed(choose_mine) />
                <span>"Only mine"</span>
            </label>
        </div>
    }
}

fn history_row(store: Store, batch: &Batch) -> AnyView {
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
        store.send(Msg::RerunAsked(for_rerun.clone()))
    })
    .testid("rerun-batch")
    .named(format!("Run again: {title}"));
    let trouble = batch
        .contradiction()
        .map(|words| para("card-trouble", words));
    let code = batch.status.code().to_owned();
    let name = view! { <bdi>{open.view()}</bdi> {trouble} };
    let cells = vec![
        cell("cell-batch", "", name.into_any()),
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
    let id = batch.id.0.clone();
    view! { <tr role="row" data-testid="history-row" data-batch-id=id data-status=code>{cells}</tr> }.into_any()
}
