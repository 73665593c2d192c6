//! What can be done with the rows that are ticked, and with an order that is older than the figures.

use leptos::prelude::*;

use crate::app::{Model, Msg, Slice};
use crate::ui::kit::{Button, Status, When, part};
use crate::ui::selected::select;
use crate::ui::store::use_store;

const READS: &[Slice] = &[Slice::Route, Slice::History, Slice::Batches];

/// It stands below the rows, so that none of them moves when it comes.
#[component]
pub fn ListBar() -> AnyView {
    let store = use_store();
    let is_outdated = store.select(READS, |model| model.history.is_outdated);
    let are_ticked = store.select(READS, |model| !model.history.ticked.is_empty());
    let is_there = select(move || is_outdated.get() || are_ticked.get());
    view! {
        <When so=is_there>
            <div class="history-bar">
                <When so=is_outdated>
                    <Status text="The list has changed since it was put in order." />
                    <Button
                        label="Sort again"
                        testid="sort-again"
                        on_press=move || store.send(Msg::HistoryRetried)
                    />
                </When>
                <When so=are_ticked>
                    <Compare />
                    <Button
                        label="Clear ticks"
                        on_press=move || store.send(Msg::TicksCleared)
                    />
                </When>
            </div>
        </When>
    }
    .into_any()
}

/// Compares the two that are ticked, or asks for the second.
#[component]
fn Compare() -> AnyView {
    let store = use_store();
    let words = store.select(READS, Model::tick_words);
    let offer = store.select(READS, Model::comparison_offer);
    let can_compare = select(move || offer.with(Option::is_some));
    let label = Signal::derive(move || offer.get().map(|(_, words)| words).unwrap_or_default());
    // link
    let compare = move || {
        let both = offer.get_untracked().map(|(both, _)| both);
        if both.is_some() {
            store.send(Msg::ComparisonAsked(both));
        }
    };
    view! {
        {part(move || {
            let status = |text: String| view! { <Status text /> }.into_any();
            words.get().map(status).into_any()
        })}
        <When so=can_compare>
            <Button
                label
                class="button button-primary"
                testid="compare"
                on_press=compare
            />
        </When>
    }
    .into_any()
}
