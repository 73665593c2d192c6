//! One batch, everything that is known of it.

use leptos::prelude::*;

use super::{actual_words, estimate_words};
use crate::app::history::Details;
use crate::app::{Msg, Slice};
use crate::domain::batch::{Batch, BatchId, LeadResult, LeadStatus};
use crate::domain::plan::ClientReference;
use crate::domain::text::{decimal, grouped, shortened};
use crate::domain::time::duration_words;
use crate::error::Kind;
use crate::ui::parts::erased::{dynamic, follow};
use crate::ui::parts::kit::{button, cell, facts, foreign, frame, headings, para, state, status};
use crate::ui::parts::local_time;
use crate::ui::store::Store;

/// One batch, everything that is known of it.
pub fn batch_details(store: Store, id: BatchId) -> AnyView {
    const READS: &[Slice] = &[Slice::History, Slice::Batches];
    let for_batch = id.clone();
    let batch = store.watch(READS, move |model| {
        let details = model
            .history
            .details
            .as_ref()
            .filter(|details| details.id == for_batch);
        let read = details.and_then(|details| details.batch.value().cloned());
        read.map(|batch| model.newest_facts(&batch))
            .or_else(|| model.batches.get(&for_batch).map(|t| t.batch.clone()))
    });
    let error = store.watch(READS, |model| {
        model
            .history
            .details
            .as_ref()
            .and_then(|details| details.batch.error())
            .map(ToString::to_string)
    });
    let (for_title, for_rerun) = (id.clone(), id.clone());
    let title = follow(move || {
        batch.get().map_or_else(
            || format!("Batch {}", for_title.short()),
            |batch| shortened(&batch.title(), 200),
        )
    });
    let trouble = move || {
        let id = id.clone();
        error.get().map(|text| {
            let words = if batch.get().is_some() { format!("{text} What is shown was read before.") } else { text };
            let retry = move || {
                store.send(Msg::BatchOpened(None));
                store.send(Msg::BatchOpened(Some(id.clone())));
            };
            view! { <div class="fault" role="alert">{para("", words)} {button("Try again", retry).view()}</div> }.into_any()
        })
    };
    let known = move || match batch.get() {
        Some(batch) => batch_facts(&batch),
        None if error.get().is_none() => vec![status("muted", "Loading the batch…")],
        None => Vec::new(),
    };
    let back = button("← Back", move || store.send(Msg::BatchOpened(None))).class("button-link");
    let rerun = button("Run again", move || {
        store.send(Msg::RerunAsked(for_rerun.clone()))
    })
    .testid("rerun-batch");
    view! {
        <article class="panel details" data-testid="batch-details">
            {back.view()}
            <h1 id="view-heading" tabindex="-1"><bdi>{title}</bdi></h1>
            {dynamic(trouble)}
            {dynamic(known)}
            <div class="card-actions">{rerun.view()}</div>
            <h2>"Leads"</h2>
            {results(store)}
        </article>
    }
    .into_any()
}

fn batch_facts(batch: &Batch) -> Vec<AnyView> {
    let counts = batch.counts;
    let (description, _) = batch
        .description
        .as_deref()
        .map(ClientReference::detach)
        .unwrap_or_default();
    let mut lines = vec![
        ("Status", batch.status.label().to_owned()),
        (
            "Leads",
            format!(
                "{} of {} processed",
                grouped(counts.processed.into()),
                grouped(counts.total.into())
            ),
        ),
        ("Succeeded", grouped(counts.successful.into())),
        ("Failed", grouped(counts.failed.into())),
        ("Estimate", estimate_words(batch)),
        ("Actual cost", actual_words(batch)),
        ("Created", local_time(batch.created)),
        ("Started", local_time(batch.started)),
        ("Ended", local_time(batch.completed)),
    ];
    lines.extend(
        batch
            .duration()
            .map(|length| ("Took", duration_words(length))),
    );
    lines.extend(
        batch
            .template
            .clone()
            .map(|version| ("Template version", version.0)),
    );
    lines.extend(batch.created_by.clone().map(|by| ("Started by", by)));
    lines.extend(description.map(|text| ("Description", text)));
    lines.extend(
        batch
            .error
            .clone()
            .map(|error| ("The server says", shortened(&error, 400))),
    );
    lines.push(("Identifier", batch.id.0.clone()));
    let contradiction = batch.contradiction().map(|words| status("notice", words));
    contradiction
        .into_iter()
        .chain([facts("facts facts-wide", lines)])
        .collect()
}

/// What became of each lead, where the server tells.
fn results(store: Store) -> AnyView {
    let view = store.watch(&[Slice::History], |model| {
        model.history.details.as_ref().map(results_view)
    });
    let never = Memo::new(|_| false);
    dynamic(move || match view.get() {
        Some(ResultsView::Loaded { results, total }) => {
            let rows: Vec<_> = results.iter().map(result_row).collect();
            let table = view! {
                <table class="history-table" role="table">
                    <caption class="visually-hidden">"Leads of this batch"</caption>
                    {headings(&["Lead", "State", "Cost", "Took", "What went wrong"])}
                    <tbody role="rowgroup">{rows}</tbody>
                </table>
            };
            let mut parts = vec![frame(
                "table-frame table-frame-auto",
                "Leads of this batch",
                never,
                table.into_any(),
            )];
            if total as usize > results.len() {
                let words = format!(
                    "The first {} of {} leads.",
                    grouped(results.len() as u64),
                    grouped(total.into())
                );
                parts.push(para("muted", words));
            }
            parts
        }
        Some(ResultsView::NotOffered) => vec![para(
            "muted",
            "This server does not tell what became of each lead of a batch; only the counts above are known.",
        )],
        Some(ResultsView::Failed(text)) => vec![status("fault", text)],
        Some(ResultsView::Loading) | None => vec![status("muted", "Loading the leads…")],
    })
}

#[derive(Clone, PartialEq)]
enum ResultsView {
    Loading,
    Loaded {
        results: Vec<LeadResult>,
        total: u32,
    },
    NotOffered,
    Failed(String),
}

fn results_view(details: &Details) -> ResultsView {
    match (details.results.value(), details.results.error()) {
        (_, Some(error)) if matches!(error.kind, Kind::NotFound(_)) => ResultsView::NotOffered,
        (_, Some(error)) => ResultsView::Failed(error.to_string()),
        (Some(page), None) => ResultsView::Loaded {
            results: page.results.clone(),
            total: page.total,
        },
        (None, None) => ResultsView::Loading,
    }
}

fn result_row(result: &LeadResult) -> AnyView {
    let code = match result.status {
        LeadStatus::Completed => "completed",
        LeadStatus::Failed => "failed",
        _ => "pending",
    };
    let text = |value: Option<String>| foreign(value.unwrap_or_else(|| "–".to_owned()));
    let cells = vec![
        cell("", "", foreign(shortened(&result.lead.0, 40))),
        cell(
            "",
            "State",
            state(code.to_owned(), result.status.label().to_owned()),
        ),
        cell("", "Cost", text(result.cost.map(|cost| cost.to_string()))),
        cell(
            "",
            "Took",
            text(
                result
                    .took
                    .map(|took| format!("{} s", decimal(took as f64 / 1000.0, 1))),
            ),
        ),
        cell(
            "",
            "What went wrong",
            text(result.error.as_ref().map(|error| shortened(error, 200))),
        ),
    ];
    view! { <tr role="row">{cells}</tr> }.into_any()
}
