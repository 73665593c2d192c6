//! What can be done with the outcomes of a batch: run some of its leads again, see why they failed, take them along.

use crate::app::batch_history::rerun::RerunWhat;
use crate::app::launch::ledger::Receipts;
use crate::app::{Model, Msg, Slice};
use crate::domain::batch::BatchId;
use crate::domain::causes::Cause;
use crate::domain::money::Usd;
use crate::domain::outcomes::Standing;
use crate::domain::text::{counted, grouped, shortened};
use crate::ui::dom::{Element, Node, dynamic, el};
use crate::ui::live::Watched;
use crate::ui::parts::kit::{button, foreign, para, status};
use crate::ui::parts::local_time;
use crate::ui::store::Store;

/// What outcomes depend on. News of running batches change them, too.
const READS: &[Slice] = &[
    Slice::Session,
    Slice::History,
    Slice::Batches,
    Slice::Ledger,
    Slice::Compose,
];

/// Run all of it again, only what failed, or only what a cancel left untouched, and what has changed since.
pub fn reruns(store: Store, id: BatchId) -> Element {
    let for_buttons = id.clone();
    // How many leads each would take; nothing where that is not known, and then only all are offered.
    let counts = store.watch(READS, move |model| {
        let count = |what| model.rerun_leads(&id, &what).map_or(0, |leads| leads.len());
        let notes = model.template_notes(&id);
        (
            count(RerunWhat::Failed),
            count(RerunWhat::NotStarted),
            each(model, &id),
            notes,
        )
    });
    let buttons = dynamic(move || {
        let (failed, untouched, each, notes) = counts.get();
        let rerun = |words: String, what: RerunWhat, testid| {
            let id = for_buttons.clone();
            let ask = move || store.send(Msg::RerunAsked(id.clone(), what.clone()));
            button(words, ask).testid(testid).view()
        };
        let mut buttons = vec![rerun("Run again".to_owned(), RerunWhat::All, "rerun-batch")];
        for (count, words, what, testid) in [
            (failed, "that failed", RerunWhat::Failed, "rerun-failed"),
            (
                untouched,
                "not started",
                RerunWhat::NotStarted,
                "rerun-not-started",
            ),
        ] {
            if count > 0 {
                let words = format!(
                    "Run only the {} {words}{}",
                    grouped(count as u64),
                    cost_words(each, count)
                );
                buttons.push(rerun(words, what, testid));
            }
        }
        let notes = notes.into_iter().map(|note| para("muted", note));
        let row = el("div").class("card-actions").child(buttons);
        std::iter::once(row.into())
            .chain(notes)
            .collect::<Vec<Node>>()
    });
    el("div").child(buttons)
}

/// What a lead of this batch cost on the average.
fn each(model: &Model, id: &BatchId) -> Option<Usd> {
    let details = model.history.details.as_ref();
    let batch = details.filter(|details| details.id == *id)?.batch.value()?;
    let done = f64::from(batch.counts.processed);
    let spent = batch.actual.filter(|_| done > 0.0)?;
    Usd::from_dollars(spent.dollars() / done)
}

/// `, about $6.60 by what they cost here`.
fn cost_words(each: Option<Usd>, leads: usize) -> String {
    let cost = each.and_then(|each| Usd::from_dollars(each.dollars() * leads as f64));
    cost.map_or_else(String::new, |cost| format!(" (about {cost})"))
}

/// Failures by cause, each of which can be run again by itself.
pub fn failures(store: Store, id: BatchId) -> Node {
    let for_causes = id.clone();
    let causes = store.watch(READS, move |model| {
        let (causes, unnamed) = model.causes(&for_causes);
        (causes, unnamed, each(model, &for_causes))
    });
    dynamic(move || {
        let (causes, unnamed, each) = causes.get();
        if causes.is_empty() && unnamed == 0 {
            return None;
        }
        let causes = causes.into_iter();
        let rows: Vec<_> = causes
            .map(|cause| cause_row(store, id.clone(), cause, each))
            .collect();
        let more = (unnamed > 0).then(|| {
            let leads = counted(unnamed as usize, "lead");
            para(
                "muted",
                format!("{leads} failed of which the server does not say why."),
            )
        });
        let heading = el("h2")
            .attr("id", "failures-heading")
            .child("Failures by cause");
        let section = el("section")
            .class("receipt")
            .testid("failures")
            .attr("aria-labelledby", "failures-heading");
        Some(
            section
                .child(heading)
                .child(el("ul").class("causes").child(rows))
                .child(more),
        )
    })
}

fn cause_row(store: Store, id: BatchId, cause: Cause, each: Option<Usd>) -> Element {
    let count = cause.leads.len();
    let what = RerunWhat::Cause(cause.words.clone());
    let words = shortened(&cause.words, 200);
    let example = cause.example.filter(|example| *example != cause.words);
    let example = example.map(|example| {
        let example = format!("For example: {}", shortened(&example, 240));
        el("p").class("muted").child(foreign(example))
    });
    let again = button(
        format!(
            "Run these {} again{}",
            grouped(count as u64),
            cost_words(each, count)
        ),
        move || store.send(Msg::RerunAsked(id.clone(), what.clone())),
    );
    let head = el("p")
        .child(el("strong").child(counted(count, "lead")))
        .child(": ");
    el("li")
        .testid("cause")
        .child(head.child(foreign(words)))
        .child(example)
        .child(again.testid("rerun-cause").view())
}

/// The outcome of every lead as a file.
pub fn exports(store: Store, id: BatchId) -> Element {
    let export = |label: &'static str, testid, form| {
        let id = id.clone();
        let ask = move || store.send(Msg::OutcomesAsked(id.clone(), form));
        button(label, ask).testid(testid).view()
    };
    el("div").class("card-actions").child([
        export("Export outcomes as CSV", "outcomes-csv", Receipts::Csv),
        export("Export outcomes as JSON", "outcomes-json", Receipts::Json),
    ])
}

/// The batches that ran the same leads, and the best outcome over all of them.
pub fn attempts(store: Store, id: BatchId) -> Node {
    type Told = (Vec<(BatchId, String)>, String);
    let for_words = id.clone();
    let told: Watched<Option<Told>> = store.watch(READS, move |model| {
        let attempts = model.attempts(&for_words);
        if attempts.len() < 2 {
            return None;
        }
        let list = (attempts.iter().enumerate()).map(|(place, attempt)| {
            let at = attempt.entry.map(|entry| local_time(Some(entry.approved)));
            // One that another browser launched is known by its number alone.
            let at = at.map_or_else(String::new, |at| format!(", {at}"));
            (attempt.batch.clone(), format!("Attempt {}{at}", place + 1))
        });
        let best = model.best_outcomes(&for_words);
        let count = |standing| {
            best.iter()
                .filter(|one| one.outcome.standing == standing)
                .count()
        };
        let words = format!(
            "Over all attempts: {} succeeded, {} failed, {} open.",
            grouped(count(Standing::Completed) as u64),
            grouped(count(Standing::Failed) as u64),
            grouped((best.len() - count(Standing::Completed) - count(Standing::Failed)) as u64)
        );
        Some((list.collect(), words))
    });
    dynamic(move || {
        told.get().map(|(list, words)| {
            let own = id.clone();
            let item = |(batch, words): (BatchId, String)| match batch == own {
                true => el("li")
                    .child(el("strong").child(words))
                    .child(" (this one)"),
                false => {
                    let open = move || store.send(Msg::BatchOpened(Some(batch.clone())));
                    el("li").child(button(words, open).class("button-link").view())
                }
            };
            let items: Vec<_> = list.into_iter().map(item).collect();
            let heading = el("h2").attr("id", "attempts-heading").child("Attempts");
            el("section")
                .class("receipt")
                .testid("attempts")
                .attr("aria-labelledby", "attempts-heading")
                .child(heading)
                .child(el("ol").child(items))
                .child(status("", words))
        })
    })
}
