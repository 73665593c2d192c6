//! In front of everything: what is about to be bought, and what became of it.

use leptos::prelude::Callback;

use crate::app::launch::warnings::Concern;
use crate::browser::clock;
use crate::domain::plan::Plan;

use super::price::range_words;
use crate::app::requests::{Phase, Slot};
use crate::app::{Msg, Slice};
use crate::domain::batch::BatchId;
use crate::domain::cost::Quote;
use crate::domain::text::counted;
use crate::domain::time::{Millis, duration_words};
use crate::machine::launch::{Launch, Review, Run};
use crate::ui::dom::{Node, dynamic, el};
use crate::ui::live::follow;
use crate::ui::parts::dialog::dialog;
use crate::ui::parts::kit::{button, checkbox, facts, foreign, headings, para, status};
use crate::ui::store::Store;

/// What concerns depend on. They tell of running batches and of time that passes, which news bring along.
const CONCERNED: &[Slice] = &[
    Slice::Compose,
    Slice::Ledger,
    Slice::Others,
    Slice::Batches,
    Slice::Session,
];

/// What decides whether it can be approved.
const BLOCKED_BY: &[Slice] = &[
    Slice::Compose,
    Slice::Ledger,
    Slice::Others,
    Slice::Batches,
    Slice::Session,
    Slice::Net,
];

/// The review of a plan, its sending, and what to do when the answer got lost.
pub fn launch_dialog(store: Store) -> Node {
    let launch = store.watch(&[Slice::Compose], |model| model.compose.launch.clone());
    let open = store.watch(&[Slice::Compose], |model| {
        !matches!(
            model.compose.launch,
            Launch::Draft | Launch::Started { .. } | Launch::Refused { .. } | Launch::Elsewhere(_)
        )
    });
    let close = Callback::new(move |()| store.send(Msg::LaunchDismissed));
    dynamic(move || {
        open.get().then(|| {
            let body = dynamic(move || stage(store, launch.get()));
            dialog("launch-heading", Some(close), body)
        })
    })
}

/// What the dialog shows of a launch.
fn stage(store: Store, launch: Launch) -> Vec<Node> {
    match launch {
        Launch::Reviewing(review) => review_body(store, review),
        Launch::Approved(run) | Launch::Submitting { run, .. } => {
            let words = format!("{}. This takes a moment; it is sent once.", run_words(&run));
            under_way(store, "Starting the batch…", words, &run)
        }
        Launch::Checking(check) => {
            let words = format!(
                "The server’s answer got lost, so it is not known yet whether the batch with {} started. It is not sent \
                 again. The server’s list is being read.",
                run_words(&check.run)
            );
            under_way(store, "Checking whether it started", words, &check.run)
        }
        Launch::NotConfirmed { run, sent } => unsettled(
            store,
            "Not confirmed",
            format!(
                "The batch with {} is not among the newest in the server’s list. It has most likely not started. If you send it again and \
                 the first one appears after all, both are paid for.",
                run_words(&run)
            ),
            sent,
        ),
        Launch::Unknown { run, sent } => unsettled(
            store,
            "Not known whether it started",
            format!(
                "The server’s list could not be read, so nobody can tell yet whether the batch with {} started. Look \
                 again before you send it once more.",
                run_words(&run)
            ),
            sent,
        ),
        Launch::Several { run, batches } => several(store, &run, batches),
        Launch::Draft | Launch::Started { .. } | Launch::Refused { .. } | Launch::Elsewhere(_) => {
            Vec::new()
        }
    }
}

/// A batch on its way; those that wait for it can be held back.
fn under_way(store: Store, title: &'static str, words: String, run: &Run) -> Vec<Node> {
    let mut parts = vec![heading(title), status("", words)];
    if !run.rest.is_empty() {
        let hold = button("Start no more after this one", move || {
            store.send(Msg::RestHeld)
        });
        parts.push(actions(vec![hold.testid("hold-rest").view()]));
    }
    parts
}

fn heading(words: &'static str) -> Node {
    el("h2").attr("id", "launch-heading").child(words).into()
}

fn actions(buttons: Vec<Node>) -> Node {
    el("div").class("dialog-actions").child(buttons).into()
}

/// `1,000 leads for $680.00, batch 2 of 3`.
fn run_words(run: &Run) -> String {
    let plan = &run.plan;
    let part = plan.reference.as_part();
    let part = part.map(|part| format!(", batch {} of {}", part.number, part.of));
    format!(
        "{} for {}{}",
        counted(plan.subject.lead_ids.len(), "lead"),
        plan.price,
        part.unwrap_or_default()
    )
}

fn review_body(store: Store, review: Review) -> Vec<Node> {
    let ready = review.is_ready();
    let held = review.hold_until.is_some();
    let total = review.total();
    let leads = counted(review.leads(), "lead");
    let Review {
        plans,
        price_before,
        again,
        ..
    } = review;
    let Some(plan) = plans.first() else {
        return Vec::new();
    };
    let template = store.peek(|model| {
        let template = model.compose.chosen_template();
        template.map_or_else(
            || plan.subject.template.0.clone(),
            |t| format!("{} – {}", t.display_name, t.version.0),
        )
    });
    let count = plans.len();
    let batches = match plan.reference.as_part() {
        Some(part) if part.number > 1 => {
            format!("{count}, the last of {} that belong together", part.of)
        }
        _ => count.to_string(),
    };
    let waiting = store.watch(&[Slice::Net, Slice::Ledger], move |model| {
        let asked = model.review_waits_for();
        let waits = |slot| {
            matches!(
                model.net.phase(&slot),
                Some(Phase::Retry { .. } | Phase::Network)
            )
        };
        if ready {
            asked.unwrap_or_default()
        } else if held {
            "Look at the new price before you start."
        } else if waits(Slot::Price) || waits(Slot::Templates) {
            "The server is slow to confirm the price; it is being asked again…"
        } else {
            "Confirming price and template…"
        }
        .to_owned()
    });
    let mut lines = vec![("Leads", leads), ("Report", template)];
    if plan.reference.as_part().is_some() {
        lines.push(("Batches", batches));
    }
    let expected = store.peek(|model| model.expected_cost(model.compose.quote.as_ref()?));
    lines.extend(expected.map(|expected| ("Expected to cost", range_words(expected))));
    let again_of = store.peek(|model| model.rerun_comparison());
    lines.extend(again_of.map(|comparison| ("Runs again", comparison.title)));
    // Each of several batches has its number behind the name.
    let name = plan.name.as_deref();
    let name = name.map(|name| match plan.reference.as_part() {
        Some(_) => name.rsplit_once(" (").map_or(name, |(common, _)| common),
        None => name,
    });
    lines.extend(name.map(|name| ("Name", name.to_owned())));
    lines.extend(plan.description.clone().map(|text| ("Description", text)));
    lines.push(("At once", counted(plan.max_concurrent.into(), "lead")));
    lines.push((
        "Tries again",
        format!("up to {} times per lead", plan.retry_count),
    ));
    let price = el("p")
        .class("review-price")
        .child(el("span").class("muted").child("You approve"))
        .child(el("strong").child(total.to_string()))
        .child(el("span").class("muted").child("the server’s estimate"));
    let mut parts = vec![
        heading(match count {
            1 => "Review this batch",
            _ => "Review these batches",
        }),
        facts("facts review-facts", lines),
    ];
    parts.extend((count > 1).then(|| parts_table(&plans)));
    parts.push(price.into());
    if let Some(before) = price_before {
        parts.push(status(
            "budget",
            format!("The price has changed from {before} to {total}."),
        ));
    }
    let warnings = store.peek(|model| {
        let told = model.compose.quote.as_ref().map(Quote::warnings);
        told.unwrap_or_default().join(". ")
    });
    // What the server warns of comes with the price that is approved.
    parts.extend((!warnings.is_empty()).then(|| status("budget", warnings)));
    if again {
        let words =
            "An earlier attempt was not confirmed. If it did start after all, you pay for both.";
        parts.push(status("budget budget-over", words));
    }
    parts.push(concerns(store));
    parts.push(status("review-state muted", waiting));
    let words = match count {
        1 => format!("Start for {total}"),
        _ => format!("Start {count} batches for {total} in total"),
    };
    let blocked = store.watch(BLOCKED_BY, |model| !model.can_approve(clock::now()));
    let start = button(words, move || store.send(Msg::Approved))
        .class("button button-primary")
        .testid("start-batch")
        .disabled(follow(move || blocked.get()));
    parts.push(actions(vec![
        button("Back", move || store.send(Msg::LaunchDismissed)).view(),
        start.view(),
    ]));
    parts
}

/// What each of several batches takes and costs.
fn parts_table(plans: &[Plan]) -> Node {
    let row = |plan: &Plan| {
        let number = plan.reference.as_part().map_or(1, |part| part.number);
        let heading = el("th").attr("scope", "row").child(number.to_string());
        let cells = [
            counted(plan.subject.lead_ids.len(), "lead"),
            plan.price.to_string(),
        ];
        el("tr")
            .child(heading)
            .child(cells.map(|text| el("td").child(text)))
    };
    let rows: Vec<_> = plans.iter().map(row).collect();
    let table = el("table")
        .class("bill")
        .child(
            el("caption")
                .child("Started one after the other; trouble with one holds the others back"),
        )
        .child(headings(&["Batch", "Leads", "Price"]))
        .child(el("tbody").child(rows));
    el("div").testid("review-parts").child(table).into()
}

/// What speaks against it, and the box by which a person says that it is meant so.
fn concerns(store: Store) -> Node {
    let concerns = store.watch(CONCERNED, |model| model.concerns(clock::now()));
    let accepted = store.watch(CONCERNED, |model| {
        let concerns = model.concerns(clock::now());
        model.is_accepted(&concerns)
    });
    let concern = move |Concern {
                            words, leave_out, ..
                        }: Concern| {
        let count = leave_out.len();
        let button = (count > 0).then(|| {
            let label = format!("Leave {} out", counted(count, "lead"));
            let action = move || store.send(Msg::OverlapLeftOut(leave_out.clone()));
            button(label, action).testid("leave-overlap-out").view()
        });
        el("li").child(el("p").child(foreign(words))).child(button)
    };
    dynamic(move || {
        let all = concerns.get();
        (!all.is_empty()).then(|| {
            let list = el("ul").child(all.into_iter().map(concern).collect::<Vec<_>>());
            let tick = checkbox(accepted.get(), move |accepted| {
                store.send(Msg::ConcernAccepted(accepted))
            });
            let label = el("label").class("check check-inline");
            let label = label.child(tick.testid("accept-concerns"));
            el("div")
                .class("budget budget-over concerns")
                .attr("role", "status")
                .testid("concerns")
                .child(list)
                .child(label.child(el("span").child("I know, and want it all the same")))
        })
    })
}

/// What a person can do about a launch that could not be confirmed.
fn unsettled(store: Store, title: &'static str, words: String, sent: Millis) -> Vec<Node> {
    let age = follow(move || format!("Sent {} ago.", duration_words(store.now() - sent)));
    let leave = button("Leave it", move || store.send(Msg::LaunchDismissed));
    let again = button("Review and send again", move || {
        store.send(Msg::ReviewAsked)
    })
    .testid("send-again");
    let look = button("Look again", move || store.send(Msg::LaunchCheckedAgain))
        .class("button button-primary")
        .testid("check-again");
    vec![
        heading(title),
        para("", words),
        para("muted", age),
        actions(vec![leave.view(), again.view(), look.view()]),
    ]
}

fn several(store: Store, run: &Run, batches: Vec<BatchId>) -> Vec<Node> {
    let open = |id: BatchId| {
        let words = format!("Open batch {}", id.short());
        let action = move || {
            store.send(Msg::LaunchDismissed);
            store.send(Msg::BatchOpened(Some(id.clone())));
        };
        button(words, action).view()
    };
    let words = format!(
        "The answer for {} got lost, and the server’s list has several batches like it. Look at them before you start \
         anything again.",
        run_words(run)
    );
    let mut buttons = vec![button("Close", move || store.send(Msg::LaunchDismissed)).view()];
    buttons.extend(batches.into_iter().map(open));
    vec![
        heading("More than one batch may be yours"),
        para("", words),
        actions(buttons),
    ]
}
