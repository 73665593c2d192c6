//! What became of a launch after its approval.

use leptos::prelude::*;

use super::dialog::{Actions, Heading};
use crate::app::{Msg, Slice};
use crate::domain::batch::BatchId;
use crate::domain::text::counted;
use crate::domain::time::{Millis, duration_words};
use crate::machine::launch::{Launch, Run};
use crate::ui::kit::{Button, Status, When, part};
use crate::ui::selected::select;
use crate::ui::store::use_store;

/// A batch on its way, or looked for; those that wait for it can be held back.
#[component]
pub fn UnderWay() -> AnyView {
    let store = use_store();
    let told = store.select(&[Slice::Compose], |model| {
        way_of(&model.compose.launch).unwrap_or_default()
    });
    let title = Signal::derive(move || told.with(|way| way.title.to_owned()));
    let words = Signal::derive(move || told.with(|way| way.words.clone()));
    let has_rest = select(move || told.with(|way| way.has_rest));
    view! {
        <Heading text=title />
        <Status text=words />
        <When so=has_rest>
            <Actions>
                <Button
                    label="Start no more after this one"
                    testid="hold-rest"
                    on_press=move || store.send(Msg::RestHeld)
                />
            </Actions>
        </When>
    }
    .into_any()
}

/// How a batch on its way is told.
#[derive(Clone, Default, PartialEq)]
struct Way {
    title: &'static str,
    words: String,
    /// Others wait for it.
    has_rest: bool,
}

fn way_of(launch: &Launch) -> Option<Way> {
    let (run, title, words) = match launch {
        Launch::Approved(run) | Launch::Submitting { run, .. } => (
            run,
            "Starting the batch…",
            format!("{}. This takes a moment; it is sent once.", run_words(run)),
        ),
        Launch::Checking(check) => (
            &check.run,
            "Checking whether it started",
            format!(
                "The server’s answer got lost, so it is not known yet whether the batch with {} started. It is not sent \
                 again. The server’s list is being read.",
                run_words(&check.run)
            ),
        ),
        _ => return None,
    };
    let has_rest = !run.rest.is_empty();
    Some(Way {
        title,
        words,
        has_rest,
    })
}

/// What a person can do about a launch that could not be confirmed.
#[component]
pub fn Unsettled() -> AnyView {
    let store = use_store();
    let told = store.select(&[Slice::Compose], |model| {
        doubt_of(&model.compose.launch).unwrap_or_default()
    });
    let title = Signal::derive(move || told.with(|doubt| doubt.title.to_owned()));
    let words = Signal::derive(move || told.with(|doubt| doubt.words.clone()));
    let age = Signal::derive(move || {
        let sent = told.with(|doubt| doubt.sent);
        format!("Sent {} ago.", duration_words(store.now() - sent))
    });
    view! {
        <Heading text=title />
        <p class="">{words}</p>
        <p class="muted">{age}</p>
        <Actions>
            <Button label="Leave it" on_press=move || store.send(Msg::LaunchDismissed) />
            <Button
                label="Review and send again"
                testid="send-again"
                on_press=move || store.send(Msg::ReviewAsked)
            />
            <Button
                label="Look again"
                class="button button-primary"
                testid="check-again"
                on_press=move || store.send(Msg::LaunchCheckedAgain)
            />
        </Actions>
    }
    .into_any()
}

/// How a launch that could not be confirmed is told.
#[derive(Clone, Default, PartialEq)]
struct Doubt {
    title: &'static str,
    words: String,
    sent: Millis,
}

fn doubt_of(launch: &Launch) -> Option<Doubt> {
    let (sent, title, words) = match launch {
        Launch::NotConfirmed { run, sent } => (
            sent,
            "Not confirmed",
            format!(
                "The batch with {} is not among the newest in the server’s list. It has most likely not started. If you \
                 send it again and the first one appears after all, both are paid for.",
                run_words(run)
            ),
        ),
        Launch::Unknown { run, sent } => (
            sent,
            "Not known whether it started",
            format!(
                "The server’s list could not be read, so nobody can tell yet whether the batch with {} started. Look \
                 again before you send it once more.",
                run_words(run)
            ),
        ),
        _ => return None,
    };
    Some(Doubt {
        title,
        words,
        sent: *sent,
    })
}

/// Several batches may be the one that was launched: a way to each.
#[component]
pub fn Several() -> AnyView {
    let store = use_store();
    let told = store.select(&[Slice::Compose], |model| match &model.compose.launch {
        Launch::Several { run, batches } => (run_words(run), batches.clone()),
        _ => Default::default(),
    });
    let words = Signal::derive(move || {
        let run = told.with(|(run, _)| run.clone());
        format!(
            "The answer for {run} got lost, and the server’s list has several batches like it. Look at them before you \
             start anything again."
        )
    });
    let ways = move || {
        let way = |id| view! { <OpenBatch id /> }.into_any();
        let (_, batches) = told.get();
        let ways: Vec<_> = batches.into_iter().map(way).collect();
        ways.into_any()
    };
    view! {
        <Heading text="More than one batch may be yours" />
        <p class="">{words}</p>
        <Actions>
            <Button label="Close" on_press=move || store.send(Msg::LaunchDismissed) />
            {part(ways)}
        </Actions>
    }
    .into_any()
}

#[component]
fn OpenBatch(
    /// The batch.
    id: BatchId,
) -> AnyView {
    let store = use_store();
    let label = format!("Open batch {}", id.short());
    let open = move || {
        store.send(Msg::LaunchDismissed);
        store.send(Msg::BatchOpened(Some(id.clone())));
    };
    // Not a link: it answers the question of this dialog, too.
    view! { <Button label on_press=open /> }.into_any()
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
