//! In front of everything: what is about to be bought, and what became of it.

use leptos::prelude::Callback;

use super::price::range_words;
use crate::app::net::{Phase, Slot};
use crate::app::{Msg, Slice};
use crate::domain::batch::BatchId;
use crate::domain::plan::Plan;
use crate::domain::text::counted;
use crate::domain::time::{Millis, duration_words};
use crate::machine::launch::{Launch, Review};
use crate::ui::dom::{Node, dynamic, el};
use crate::ui::live::follow;
use crate::ui::parts::dialog::dialog;
use crate::ui::parts::kit::{button, facts, para, status};
use crate::ui::store::Store;

/// The review of a plan, its sending, and what to do when the answer got lost.
pub fn launch_dialog(store: Store) -> Node {
    let launch = store.watch(&[Slice::Compose], |model| model.compose.launch.clone());
    let open = store.watch(&[Slice::Compose], |model| {
        !matches!(
            model.compose.launch,
            Launch::Draft | Launch::Started { .. } | Launch::Refused { .. }
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
        Launch::Submitting { plan, .. } => vec![
            heading("Starting the batch…"),
            status(
                "",
                format!(
                    "{}. This takes a moment; it is sent once.",
                    plan_words(&plan)
                ),
            ),
        ],
        Launch::Checking(check) => vec![
            heading("Checking whether it started"),
            status(
                "",
                format!(
                    "The server’s answer got lost, so it is not known yet whether the batch with {} started. It is not \
                     sent again. The server’s list is being read.",
                    plan_words(&check.plan)
                ),
            ),
        ],
        Launch::NotConfirmed { plan, sent } => unsettled(
            store,
            "Not confirmed",
            format!(
                "The batch with {} is not in the server’s list. It has most likely not started. If you send it again and \
                 the first one appears after all, both are paid for.",
                plan_words(&plan)
            ),
            sent,
        ),
        Launch::Unknown { plan, sent } => unsettled(
            store,
            "Not known whether it started",
            format!(
                "The server’s list could not be read, so nobody can tell yet whether the batch with {} started. Look \
                 again before you send it once more.",
                plan_words(&plan)
            ),
            sent,
        ),
        Launch::Several { plan, batches } => several(store, &plan, batches),
        Launch::Draft | Launch::Started { .. } | Launch::Refused { .. } => Vec::new(),
    }
}

fn heading(words: &'static str) -> Node {
    el("h2").attr("id", "launch-heading").child(words).into()
}

fn actions(buttons: Vec<Node>) -> Node {
    el("div").class("dialog-actions").child(buttons).into()
}

fn plan_words(plan: &Plan) -> String {
    format!(
        "{} for {}",
        counted(plan.subject.lead_ids.len(), "lead"),
        plan.price
    )
}

fn review_body(store: Store, review: Review) -> Vec<Node> {
    let ready = review.is_ready();
    let held = review.hold_until.is_some();
    let Review {
        plan,
        price_before,
        again,
        ..
    } = review;
    let template = store.peek(|model| {
        let template = model.compose.chosen_template();
        template.map_or_else(
            || plan.subject.template.0.clone(),
            |t| format!("{} – {}", t.display_name, t.version.0),
        )
    });
    let waiting = store.watch(&[Slice::Net], move |model| {
        let waits = |slot| {
            matches!(
                model.net.phase(&slot),
                Some(Phase::Retry { .. } | Phase::Network)
            )
        };
        if ready {
            ""
        } else if held {
            "Look at the new price before you start."
        } else if waits(Slot::Price) || waits(Slot::Templates) {
            "The server is slow to confirm the price; it is being asked again…"
        } else {
            "Confirming price and template…"
        }
        .to_owned()
    });
    let mut lines = vec![
        ("Leads", counted(plan.subject.lead_ids.len(), "lead")),
        ("Report", template),
    ];
    let expected = store.peek(|model| {
        let receipt = model.compose.receipt.as_ref()?;
        model.expected_cost(receipt)
    });
    lines.extend(expected.map(|expected| ("Expected to cost", range_words(expected))));
    lines.extend(plan.name.clone().map(|name| ("Name", name)));
    lines.extend(plan.description.clone().map(|text| ("Description", text)));
    lines.push(("At once", counted(plan.max_concurrent.into(), "lead")));
    lines.push((
        "Tries again",
        format!("up to {} per lead", plan.retry_count),
    ));
    let price = el("p")
        .class("review-price")
        .child(el("span").class("muted").child("You approve"))
        .child(el("strong").child(plan.price.to_string()))
        .child(el("span").class("muted").child("the server’s estimate"));
    let mut parts = vec![
        heading("Review this batch"),
        facts("facts review-facts", lines),
        price.into(),
    ];
    if let Some(before) = price_before {
        parts.push(status(
            "budget",
            format!("The price has changed from {before} to {}.", plan.price),
        ));
    }
    if again {
        let words =
            "An earlier attempt was not confirmed. If it did start after all, you pay for both.";
        parts.push(status("budget budget-over", words));
    }
    parts.push(status("review-state muted", waiting));
    let start = button(format!("Start for {}", plan.price), move || {
        store.send(Msg::Approved)
    })
    .class("button button-primary")
    .testid("start-batch")
    .disabled(!ready);
    parts.push(actions(vec![
        button("Back", move || store.send(Msg::LaunchDismissed)).view(),
        start.view(),
    ]));
    parts
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

fn several(store: Store, plan: &Plan, batches: Vec<BatchId>) -> Vec<Node> {
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
        plan_words(plan)
    );
    let mut buttons = vec![button("Close", move || store.send(Msg::LaunchDismissed)).view()];
    buttons.extend(batches.into_iter().map(open));
    vec![
        heading("More than one batch may be yours"),
        para("", words),
        actions(buttons),
    ]
}
