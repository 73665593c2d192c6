//! The batches that one approval started, as one.

use leptos::prelude::*;

use super::Extent;
use super::bar::{ProgressBar, counts_words};
use super::card::{BatchCard, NAME_SHOWN};
use super::figures::LiveFacts;
use crate::app::progress_tracker::groups::Group;
use crate::app::{Msg, Slice};
use crate::domain::batch::BatchId;
use crate::domain::text::shortened;
use crate::ui::kit::{Button, Each, Foreign, part};
use crate::ui::selected::{Selected, select};
use crate::ui::store::use_store;

/// Of more batches than this the cards are folded away at first.
const CARDS_SHOWN: u32 = 3;

/// One heading and one bar over the batches of one approval, and their cards below.
#[component]
pub fn GroupCard(
    /// What they have in common.
    code: String,
    /// How much is told of each batch.
    extent: Extent,
) -> AnyView {
    let store = use_store();
    let (for_bar, for_words) = (code.clone(), code.clone());
    let told = select(move || {
        store.beat();
        store.peek(|model| model.group(&for_words))
    });
    // The bar moves with every message; what is read in words waits for the beat.
    let done = store.select(&[Slice::Batches, Slice::Compose], move |model| {
        model.group_counts(&for_bar)
    });
    let words = move |read: fn(&Group) -> String| Signal::derive(move || told.with(read));
    let counts = select(move || told.with(|group| counts_words(group.counts)));
    let figures = (extent == Extent::Full).then(|| {
        let figures = select(move || told.with(spent_and_approved));
        view! { <LiveFacts facts=figures /> }.into_any()
    });
    view! {
        <section class="group" data-testid="batch-group" aria-label=words(title)>
            <header class="card-head">
                <h3 class="card-title" translate="no">
                    <Foreign text=words(title) />
                </h3>
                <span class="muted">{words(|group| group.states.clone())}</span>
            </header>
            <ProgressBar
                label=words(|group| format!("Progress of all: {}", title(group)))
                words=counts
                counts=done
            />
            <p class="card-counts" translate="no">
                {counts}
            </p>
            <GroupState told />
            {figures}
            <GroupActions code=code.clone() told />
            <GroupCards code told extent />
        </section>
    }
    .into_any()
}

/// How many have started, and why others have not.
#[component]
fn GroupState(
    /// The group.
    told: Selected<Group>,
) -> AnyView {
    let lines = select(move || {
        told.with(|group| {
            // Without a name the heading says it.
            let started = group.name.as_ref().map(|_| group.started_words());
            (started, group.trouble.clone())
        })
    });
    part(move || {
        let (started, trouble) = lines.get();
        let started = started.map(|words| view! { <p class="muted">{words}</p> }.into_any());
        let trouble = trouble.map(|words| view! { <p class="card-trouble">{words}</p> }.into_any());
        view! {
            {started}
            {trouble}
        }
        .into_any()
    })
}

/// What can be done with all of them at once.
#[component]
fn GroupActions(
    /// What they have in common.
    code: String,
    /// The group.
    told: Selected<Group>,
) -> AnyView {
    let store = use_store();
    let state = select(move || told.with(|group| (group.can_cancel, group.is_ended, title(group))));
    let actions = move || {
        let (can_cancel, is_ended, title) = state.get();
        let (for_cancel, for_dismiss) = (code.clone(), code.clone());
        let cancel = can_cancel.then(|| {
            let ask = move || store.send(Msg::GroupCancelAsked(for_cancel.clone()));
            let name = format!("Cancel all that still run of {title}");
            let label = "Cancel all that still run";
            view! { <Button label name testid="cancel-group" on_press=ask /> }.into_any()
        });
        let dismiss = is_ended.then(|| {
            let put_away = move || store.send(Msg::GroupDismissed(for_dismiss.clone()));
            let name = format!("Put all away: {title}");
            view! { <Button label="Put all away" name on_press=put_away /> }.into_any()
        });
        view! {
            {cancel}
            {dismiss}
        }
        .into_any()
    };
    view! { <div class="card-actions">{part(actions)}</div> }.into_any()
}

/// The cards of its batches; folded away where they are many.
#[component]
fn GroupCards(
    /// What they have in common.
    code: String,
    /// The group.
    told: Selected<Group>,
    /// How much is told of each batch.
    extent: Extent,
) -> AnyView {
    let store = use_store();
    let ids = store.select(&[Slice::Batches], move |model| model.batches.cards(&code));
    let are_many = select(move || told.with(|group| group.of > CARDS_SHOWN));
    let summary = Signal::derive(move || {
        told.with(|group| format!("{} of {} batches", group.started, group.of))
    });
    let class = match extent {
        Extent::Glance => "cards cards-compact",
        Extent::Full | Extent::Page => "cards",
    };
    let card = move |id: String| {
        view! {
            <li>
                <BatchCard id=BatchId(id) extent in_group=true />
            </li>
        }
        .into_any()
    };
    part(move || {
        let cards = view! {
            <ul class=class>
                <Each keys=ids row=card />
            </ul>
        }
        .into_any();
        match are_many.get() {
            false => cards,
            true => view! {
                <details>
                    <summary>{summary}</summary>
                    {cards}
                </details>
            }
            .into_any(),
        }
    })
}

fn title(group: &Group) -> String {
    shortened(&group.title(), NAME_SHOWN)
}

fn spent_and_approved(group: &Group) -> Vec<(&'static str, String)> {
    let lines = [
        ("Approved in all", group.approved.clone()),
        ("Spent in all", group.spent.clone()),
    ];
    let known = |(label, value): (&'static str, Option<String>)| Some((label, value?));
    lines.into_iter().filter_map(known).collect()
}
