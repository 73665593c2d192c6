//! The table of past batches: on a narrow screen each row is a card.

use super::marks::note_hint;
use super::{actual_words, estimate_words};
use crate::app::batch_history::list::PastRow;
use crate::app::batch_history::rerun::RerunWhat;
use crate::app::{Msg, Slice};
use crate::domain::batch::Batch;
use crate::domain::comparison::difference_words;
use crate::domain::history::{HiddenColumns, HistoryColumn};
use crate::domain::listing::Group;
use crate::domain::text::{counted_batches, grouped, shortened};
use crate::domain::time::duration_words;
use crate::ui::dom::{Element, Node, dynamic, el};
use crate::ui::live::{Watched, follow};
use crate::ui::parts::kit::{button, cell, checkbox, foreign, para, sort_heading, state, toggle};
use crate::ui::parts::local_time;
use crate::ui::store::Store;

const READS: &[Slice] = &[Slice::Route, Slice::History, Slice::Batches, Slice::Views];

/// A row and what was noted of it here: whether it is ticked, whether it is pinned, and its note.
type Marked = (PastRow, bool, bool, String);

/// The shown page of past batches.
pub fn history_table(store: Store, busy: Watched<bool>) -> Element {
    let rows = store.watch(READS, |model| {
        let marked = |row| match row {
            PastRow::Batch(batch) => {
                let id = &batch.id;
                let ticked = model.history.ticked.contains(id);
                let marks = &model.views.marks;
                let (pinned, note) = (marks.is_pinned(id), marks.note(id).to_owned());
                (PastRow::Batch(batch), ticked, pinned, note)
            }
            heading => (heading, false, false, String::new()),
        };
        model
            .past_rows()
            .into_iter()
            .map(marked)
            .collect::<Vec<Marked>>()
    });
    let hidden = store.watch(&[Slice::Views, Slice::Route], |model| {
        // What is sorted by is always to be seen.
        let mut hidden = model.views.hidden;
        hidden.show(model.route.history.sort, true);
        hidden.0
    });
    let columns = move || {
        let hidden = HiddenColumns(hidden.get());
        let shown = |column: &HistoryColumn| hidden.shows(*column);
        HistoryColumn::ALL
            .into_iter()
            .filter(shown)
            .collect::<Vec<_>>()
    };
    let headings = dynamic(move || {
        let heading = |column| column_heading(store, column);
        let columns: Vec<_> = columns().into_iter().map(heading).collect();
        let plain = |words: &'static str| {
            let cell = el("th").attr("role", "columnheader").attr("scope", "col");
            cell.child(el("span").class("visually-hidden").child(words))
        };
        let mut all = vec![plain("Compare and pin")];
        all.extend(columns);
        all.push(plain("Actions"));
        all
    });
    let body = dynamic(move || {
        let columns = columns();
        let row = |(row, ticked, pinned, note): Marked| match row {
            PastRow::Heading(group, continued) => group_row(group, continued, columns.len() + 2),
            PastRow::Batch(batch) => batch_row(store, &batch, &columns, (ticked, pinned, &note)),
        };
        rows.get().into_iter().map(row).collect::<Vec<_>>()
    });
    let headings = el("tr").attr("role", "row").child(headings);
    let caption = "Past batches. The first column ticks two to compare and pins.";
    el("table")
        .class("history-table is-sortable")
        .attr("role", "table")
        .class_if("is-loading", busy)
        .attr("hidden", follow(move || rows.with(Vec::is_empty)))
        .child(el("caption").class("visually-hidden").child(caption))
        .child(el("thead").attr("role", "rowgroup").child(headings))
        .child(el("tbody").attr("role", "rowgroup").child(body))
}

fn column_heading(store: Store, column: HistoryColumn) -> Element {
    let direction = store.watch(&[Slice::Route], move |model| {
        let query = &model.route.history;
        match (query.sort == column, query.ascending) {
            (false, _) => "",
            (true, true) => "ascending",
            (true, false) => "descending",
        }
    });
    sort_heading("", column.label(), direction, move || {
        super::filters::change(store, |query| query.sort_by(column));
    })
}

fn group_row(group: Group, continued: bool, columns: usize) -> Element {
    let more = if continued { " (continued)" } else { "" };
    let words = format!(
        " · {}, {}{more}",
        counted_batches(group.count as usize),
        group.spent.words(group.count)
    );
    let head = el("th")
        .attr("role", "rowheader")
        .attr("scope", "rowgroup")
        .attr("colspan", columns.to_string());
    let head = head
        .child(foreign(shortened(&group.label, 80)))
        .child(words);
    el("tr")
        .attr("role", "row")
        .class("group-row")
        .testid("history-group")
        .child(head)
}

/// How a pin looks, apart from any colour.
pub fn star(pinned: bool) -> &'static str {
    if pinned { "★" } else { "☆" }
}

fn batch_row(
    store: Store,
    batch: &Batch,
    columns: &[HistoryColumn],
    (ticked, pinned, note): (bool, bool, &str),
) -> Element {
    let title = shortened(&batch.title(), 120);
    let [for_tick, for_pin, for_rerun] = [0; 3].map(|_| batch.id.clone());
    let tick = checkbox(ticked, move |ticked| {
        store.send(Msg::BatchTicked(for_tick.clone(), ticked))
    });
    let tick = tick.attr("aria-label", format!("Compare: {title}"));
    let pin = toggle("pin", pinned, move || {
        store.send(Msg::BatchPinned(for_pin.clone(), !pinned))
    });
    let pin = pin
        .attr("aria-label", format!("Pin: {title}"))
        .child(star(pinned));
    let first = el("div")
        .class("row-marks")
        .child(el("label").class("check").child(tick.testid("tick-batch")))
        .child(pin.testid("pin-batch"));
    let rerun = button("Run again", move || {
        store.send(Msg::RerunAsked(for_rerun.clone(), RerunWhat::All))
    })
    .testid("rerun-batch")
    .named(format!("Run again: {title}"));
    let mut cells = vec![cell("cell-marks", "", first)];
    for column in columns {
        let label = column.label();
        let content = match column {
            HistoryColumn::Name => {
                cells.push(cell("cell-batch", "", name(store, batch, &title, note)));
                continue;
            }
            _ => column_content(batch, *column),
        };
        let is_words = column.ascends_first();
        cells.push(cell(
            if is_words {
                "cell-words"
            } else {
                "cell-figure"
            },
            label,
            content,
        ));
    }
    cells.push(cell("cell-actions", "", rerun.view()));
    el("tr")
        .attr("role", "row")
        .testid("history-row")
        .attr("data-batch-id", batch.id.0.clone())
        .attr("data-status", batch.status.code().to_owned())
        .child(cells)
}

fn name(store: Store, batch: &Batch, title: &str, note: &str) -> Vec<Node> {
    let id = batch.id.clone();
    let open = button(title.to_owned(), move || {
        store.send(Msg::BatchOpened(Some(id.clone())))
    })
    .class("button-link")
    .named(format!("{title}: open"));
    let trouble = batch.contradiction();
    let trouble = trouble.map(|words| para("card-trouble", words));
    let open = el("bdi").child(open.view()).into();
    let parts = [Some(open), note_hint(note), trouble];
    parts.into_iter().flatten().collect()
}

fn column_content(batch: &Batch, column: HistoryColumn) -> Node {
    let text = |value: Option<String>| foreign(value.unwrap_or_else(|| "–".to_owned()));
    match column {
        HistoryColumn::Status => state(
            batch.status.code().to_owned(),
            batch.status.label().to_owned(),
        ),
        HistoryColumn::Leads => {
            let counts = batch.counts;
            let mut leads = format!(
                "{} of {}",
                grouped(counts.processed.into()),
                grouped(counts.total.into())
            );
            if counts.failed > 0 {
                leads += &format!(", {} failed", grouped(counts.failed.into()));
            }
            foreign(leads)
        }
        HistoryColumn::Estimate => foreign(estimate_words(batch)),
        HistoryColumn::Actual => foreign(actual_words(batch)),
        HistoryColumn::Difference => text(difference_words(batch)),
        HistoryColumn::Template => text(batch.template.as_ref().map(|it| it.0.clone())),
        HistoryColumn::Created => foreign(local_time(batch.created)),
        HistoryColumn::Duration => text(batch.duration().map(duration_words)),
        HistoryColumn::Creator | HistoryColumn::Name => text(batch.created_by.clone()),
    }
}
