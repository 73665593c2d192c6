//! One batch, everything that is known of it.

use leptos::prelude::{Get, RwSignal, Set};

use super::marks::marks;
use super::outcomes::{attempts, exports, failures, reruns};
use super::receipts::receipt;
use super::{actual_words, estimate_words};
use crate::app::batch_history::details::Details;
use crate::app::{Msg, Slice};
use crate::domain::batch::{Batch, BatchId, LeadResult, LeadStatus};
use crate::domain::plan::ClientReference;
use crate::domain::text::{counted, decimal, grouped, lowered, shortened};
use crate::domain::time::Millis;
use crate::error::Kind;
use crate::ui::dom::{Element, Node, dynamic, el};
use crate::ui::live::{Watched, follow, watch};
use crate::ui::parts::kit::{
    button, cell, choice, facts, foreign, frame, headings, labelled, para, state, status, typed,
};
use crate::ui::parts::local_time;
use crate::ui::progress_tracker::{is_live, live_batch};
use crate::ui::store::Store;

/// One batch, everything that is known of it.
pub fn batch_details(store: Store, id: BatchId) -> Element {
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
    let for_title = id.clone();
    let moments = watch(move || {
        let told = |batch: Batch| {
            store.read(&[Slice::Ledger, Slice::Session], |model| {
                model.timeline(&batch)
            })
        };
        batch.get().map(told).unwrap_or_default()
    });
    let parts = [
        timeline(moments),
        marks(store, id.clone()).into(),
        reruns(store, id.clone()).into(),
        attempts(store, id.clone()),
        receipt(store, id.clone()),
        failures(store, id.clone()),
    ];
    let exports = exports(store, id.clone());
    let for_live = id.clone();
    let title = follow(move || {
        batch.get().map_or_else(
            || format!("Batch {}", for_title.short()),
            |batch| shortened(&batch.title(), 200),
        )
    });
    let trouble = move || {
        error.get().map(|text| {
            let words = match batch.get() {
                Some(_) => format!("{text} What is shown was read before."),
                None => text,
            };
            let retry = move || store.send(Msg::HistoryRetried);
            let fault = el("div").class("fault").attr("role", "alert");
            fault
                .child(para("", words))
                .child(button("Try again", retry).view())
        })
    };
    let live = is_live(store, for_live.clone());
    let known = move || match batch.get() {
        Some(batch) => batch_facts(&batch, live.get()),
        None if error.get().is_none() => vec![status("muted", "Loading the batch…")],
        None => Vec::new(),
    };
    let back = button("← Back", move || store.send(Msg::BatchOpened(None))).class("button-link");
    let heading = el("h1").attr("id", "view-heading").attr("tabindex", "-1");
    el("article")
        .class("panel details")
        .testid("batch-details")
        .child(back.view())
        .child(heading.child(foreign(title)))
        .child(dynamic(trouble))
        .child(live_batch(store, for_live))
        .child(dynamic(known))
        .child(parts)
        .child(el("h2").child("Leads"))
        .child(exports)
        .child(results(store))
}

/// Everything that is known of it; what the live card tells is left to it.
fn batch_facts(batch: &Batch, is_live: bool) -> Vec<Node> {
    let counts = batch.counts;
    let (description, _) = batch
        .description
        .as_deref()
        .map(ClientReference::detach)
        .unwrap_or_default();
    let told = vec![
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
        ("Actual cost", actual_words(batch)),
    ];
    let mut lines = if is_live { Vec::new() } else { told };
    lines.push(("Estimate", estimate_words(batch)));
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

/// When what happened.
fn timeline(moments: Watched<Vec<(Millis, String)>>) -> Node {
    let moment = |(at, words): (Millis, String)| {
        let time = el("span").class("muted").child(local_time(Some(at)));
        el("li").child(time).child(" ").child(words)
    };
    dynamic(move || {
        let items: Vec<_> = moments.get().into_iter().map(moment).collect();
        (!items.is_empty()).then(|| {
            el("ol")
                .class("timeline")
                .attr("aria-label", "Timeline")
                .child(items)
        })
    })
}

/// What became of each lead, where the server tells.
fn results(store: Store) -> Node {
    let view = store.watch(&[Slice::History], |model| {
        model.history.details.as_ref().map(results_view)
    });
    let never = watch(|| false);
    let search = RwSignal::new(String::new());
    let only = RwSignal::new(String::new());
    let room = RwSignal::new(ROWS_SHOWN);
    let asked = store.watch(&[Slice::History], |model| {
        let details = model.history.details.as_ref();
        details.is_some_and(|details| details.results.value().is_some())
    });
    let tools = dynamic(move || {
        asked.get().then(|| {
            let input = el("input")
                .attr("type", "search")
                .attr("id", "result-search")
                .testid("result-search")
                .on("input", typed(move |text| search.set(text)));
            let input = labelled("field", "result-search", "Search lead or error", input);
            let option =
                |(value, label): (&str, &str)| choice(value.to_owned(), label.to_owned(), false);
            let select = el("select")
                .attr("id", "result-filter")
                .testid("result-filter")
                .on("change", typed(move |text| only.set(text)))
                .child(RESULT_FILTERS.map(option));
            let select = labelled("field", "result-filter", "Outcome", select);
            el("div").class("result-tools").child([input, select])
        })
    });
    let table = dynamic(move || match view.get() {
        Some(ResultsView::Loaded { results, total }) => {
            let (text, only) = (lowered(search.get().trim()), only.get());
            let is_wanted = |result: &&LeadResult| {
                let error = result.error.as_deref().unwrap_or_default();
                (only.is_empty() || standing_code(result) == only)
                    && (text.is_empty()
                        || lowered(&result.lead.0).contains(&text)
                        || lowered(error).contains(&text))
            };
            let wanted: Vec<_> = results.iter().filter(is_wanted).collect();
            let room_now = room.get();
            let rows: Vec<_> = (wanted.iter().take(room_now))
                .map(|it| result_row(it))
                .collect();
            let caption = el("caption").class("visually-hidden");
            let table = el("table")
                .class("history-table")
                .attr("role", "table")
                .child(caption.child("Leads of this batch"))
                .child(headings(&[
                    "Lead",
                    "State",
                    "Cost",
                    "Took",
                    "What went wrong",
                ]))
                .child(el("tbody").attr("role", "rowgroup").child(rows));
            let class = "table-frame table-frame-auto";
            let mut parts = vec![frame(class, "Leads of this batch", never, table).into()];
            if wanted.len() > room_now || wanted.len() < results.len() {
                let words = format!(
                    "{} of {} are shown; the export has all.",
                    grouped(wanted.len().min(room_now) as u64),
                    counted(results.len(), "lead")
                );
                parts.push(status("muted", words));
            }
            if wanted.len() > room_now {
                let words = format!("Show {ROWS_SHOWN} more");
                let more = button(words, move || room.set(room_now + ROWS_SHOWN));
                parts.push(more.testid("more-results").view());
            }
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
    });
    el("div").child([tools, table]).into()
}

/// So many leads are shown at first, and with each further step: on a phone each is a card.
const ROWS_SHOWN: usize = 50;

const RESULT_FILTERS: [(&str, &str); 4] = [
    ("", "Any"),
    ("completed", "Done"),
    ("failed", "Failed"),
    ("pending", "Not done"),
];

fn standing_code(result: &LeadResult) -> &'static str {
    match result.status {
        LeadStatus::Completed => "completed",
        LeadStatus::Failed => "failed",
        _ => "pending",
    }
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

fn result_row(result: &LeadResult) -> Element {
    let code = standing_code(result);
    let text = |value: Option<String>| foreign(value.unwrap_or_else(|| "–".to_owned()));
    let report = result.report_link().map(|url| {
        el("a")
            .attr("href", url.to_owned())
            .attr("target", "_blank")
            .attr("rel", "noopener noreferrer")
            .attr("aria-label", format!("Report on lead {}", result.lead.0))
            .child("Report")
    });
    let standing = state(code.to_owned(), result.status.label().to_owned());
    let report = report.map(|link| [Node::Text(" ".into()), link.into()]);
    let standing = std::iter::once(standing).chain(report.into_iter().flatten());
    let cells = [
        cell("", "", foreign(shortened(&result.lead.0, 40))),
        cell("cell-state", "State", standing.collect::<Vec<_>>()),
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
    el("tr").attr("role", "row").child(cells)
}
