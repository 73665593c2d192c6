//! Two batches side by side.

use crate::app::requests::Slot;
use crate::app::{Model, Msg, Slice};
use crate::domain::batch::{Batch, BatchId};
use crate::domain::comparison::{Line, comparison};
use crate::domain::text::shortened;
use crate::ui::dom::{Element, Node, dynamic, el};
use crate::ui::live::watch;
use crate::ui::parts::fault::fault;
use crate::ui::parts::kit::{button, foreign, frame, para, status};
use crate::ui::parts::local_time;
use crate::ui::store::Store;

const READS: &[Slice] = &[
    Slice::Route,
    Slice::History,
    Slice::Batches,
    Slice::Ledger,
    Slice::Session,
];

/// Everything that can be told of both, and in what they differ.
pub fn batch_comparison(store: Store, both: [BatchId; 2]) -> Element {
    let never = watch(|| false);
    let wanted = both.clone();
    let part = dynamic(move || -> Vec<Node> {
        let [one, other] = both.each_ref();
        let (one, other, common) = store.read(READS, |model| {
            (
                model.compared(one),
                model.compared(other),
                model.common_words(&both),
            )
        });
        let (Some(one), Some(other)) = (one, other) else {
            let words = store.read(READS, Model::missing_words);
            return match words.is_empty() {
                true => Vec::new(),
                false => vec![status("notice", words)],
            };
        };
        let lines = comparison([&one, &other], |at| local_time(Some(at)));
        let count = lines.iter().filter(|line| line.differs()).count();
        let words = format!(
            "{count} of {} lines differ; they are marked “≠”.",
            lines.len()
        );
        let table = table(store, [&one, &other], lines);
        vec![
            para("", words),
            frame("table-frame", "Comparison", never, table).into(),
            para("", common),
        ]
    });
    let error = store.watch(READS, move |model| {
        let is_missing = wanted.iter().any(|id| model.compared(id).is_none());
        model.archive_failure().filter(|_| is_missing)
    });
    let retry = move || store.send(Msg::HistoryRetried);
    let back = button("← Back", move || store.send(Msg::ComparisonAsked(None)));
    let heading = el("h1").attr("id", "view-heading").attr("tabindex", "-1");
    el("article")
        .class("panel details")
        .testid("batch-comparison")
        .child(back.class("button-link").view())
        .child(heading.child("Two batches side by side"))
        .child(fault(store, Slot::Archive, error, retry))
        .child(part)
}

fn table(store: Store, both: [&Batch; 2], lines: Vec<Line>) -> Element {
    let head = |scope: &'static str| el("th").attr("scope", scope);
    let titles = both.map(|batch| {
        let id = batch.id.clone();
        let open = button(shortened(&batch.title(), 80), move || {
            store.send(Msg::BatchOpened(Some(id.clone())))
        });
        let open = el("bdi").child(open.class("button-link").view());
        head("col").child(open)
    });
    let row = |line: Line| {
        let mark = line.differs().then(|| {
            let words = el("span").class("visually-hidden").child("differs");
            [el("span").attr("aria-hidden", "true").child("≠"), words]
        });
        let mark = mark.map(Vec::from).unwrap_or_default();
        let class = line.differs().then_some("is-different");
        let values = line.values.map(|value| el("td").child(foreign(value)));
        el("tr")
            .attr("class", class)
            .child(head("row").child(line.label))
            .child(values)
            .child(el("td").child(mark))
    };
    let rows: Vec<_> = lines.into_iter().map(row).collect();
    let marks = el("span").class("visually-hidden").child("Differs");
    let first = el("span").class("visually-hidden").child("What");
    let headings = el("tr")
        .child(head("col").child(first))
        .child(titles)
        .child(head("col").child(marks));
    el("table")
        .class("comparison")
        .child(el("thead").child(headings))
        .child(el("tbody").child(rows))
}
