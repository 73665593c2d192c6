//! What is about to be bought, and the button that buys it.

use leptos::prelude::*;

use super::concerns::Concerns;
use super::dialog::{Actions, Heading};
use super::review_facts::{PartRow, Shown};
use crate::app::requests::{Phase, Slot};
use crate::app::{Model, Msg, Slice};
use crate::browser::clock;
use crate::machine::launch::Launch;
use crate::ui::kit::{Button, Facts, Headings, Status, When, part};
use crate::ui::selected::{Selected, select};
use crate::ui::store::use_store;

/// What decides whether it can be approved.
const BLOCKED_BY: &[Slice] = &[
    Slice::Compose,
    Slice::Ledger,
    Slice::Others,
    Slice::Batches,
    Slice::Session,
    Slice::Net,
];

/// A plan under review: what, for how much, what speaks against it, and the approval.
///
/// Its parts read for themselves: a price that is confirmed meanwhile takes no focus away.
#[component]
pub fn Review() -> AnyView {
    let store = use_store();
    let shown = store.select(&[Slice::Compose], |model| {
        Shown::of(model).unwrap_or_default()
    });
    let facts = select(move || shown.with(|shown| shown.facts.clone()));
    let parts = select(move || shown.with(|shown| shown.parts.clone()));
    let words = move |read: fn(&Shown) -> String| Signal::derive(move || shown.with(read));
    let waiting = store.select(&[Slice::Compose, Slice::Net, Slice::Ledger], waits_for);
    let is_blocked = store.select(BLOCKED_BY, |model| !model.can_approve(clock::now()));
    view! {
        <Heading text=words(Shown::title) />
        {part(move || view! { <Facts class="facts review-facts" facts=facts.get() /> }.into_any())}
        <PartsTable parts />
        <p class="review-price">
            <span class="muted">"You approve"</span>
            <strong translate="no">{words(|shown| shown.total.to_string())}</strong>
            <span class="muted">"the server’s estimate"</span>
        </p>
        <Note text=words(Shown::price_change) />
        // What the server warns of comes with the price that is approved.
        <Note text=words(|shown| shown.warnings.clone()) />
        <Note class="budget budget-over" text=words(Shown::risk) />
        <Concerns />
        <Status class="review-state muted" text=waiting />
        <Actions>
            <Button label="Back" on_press=move || store.send(Msg::LaunchDismissed) />
            <Button
                label=words(Shown::start_words)
                class="button button-primary"
                testid="start-batch"
                disabled=is_blocked
                on_press=move || store.send(Msg::Approved)
            />
        </Actions>
    }
    .into_any()
}

/// What is still to come before it can be approved; empty where nothing is.
fn waits_for(model: &Model) -> String {
    let Launch::Reviewing(review) = &model.compose.launch else {
        return String::new();
    };
    let is_slow = |slot| {
        let phase = model.net.phase(&slot);
        matches!(phase, Some(Phase::Retry { .. } | Phase::Network))
    };
    let words = if review.is_ready() {
        model.review_waits_for().unwrap_or_default()
    } else if review.hold_until.is_some() {
        "Look at the new price before you start."
    } else if is_slow(Slot::Price) || is_slow(Slot::Templates) {
        "The server is slow to confirm the price; it is being asked again…"
    } else {
        "Confirming price and template…"
    };
    words.to_owned()
}

/// A line that is there only while it has words; a screen reader speaks it when it appears.
#[component]
fn Note(
    /// Its looks.
    #[prop(default = "budget")]
    class: &'static str,
    /// Its words.
    text: Signal<String>,
) -> AnyView {
    let has_words = select(move || !text.with(String::is_empty));
    view! {
        <When so=has_words>
            <Status class text />
        </When>
    }
    .into_any()
}

/// What each of several batches takes and costs; nothing for a single one.
#[component]
fn PartsTable(
    /// One row a batch.
    parts: Selected<Vec<PartRow>>,
) -> AnyView {
    let row = |row: PartRow| {
        view! {
            <tr>
                <th scope="row">{row.number}</th>
                <td>{row.leads}</td>
                <td>{row.price}</td>
            </tr>
        }
        .into_any()
    };
    part(move || {
        let rows = parts.get();
        if rows.len() < 2 {
            return ().into_any();
        }
        let rows: Vec<_> = rows.into_iter().map(row).collect();
        view! {
            <div data-testid="review-parts">
                <table class="bill" translate="no">
                    <caption>
                        "Started one after the other; trouble with one holds the others back"
                    </caption>
                    <Headings names=&["Batch", "Leads", "Price"] />
                    <tbody>{rows}</tbody>
                </table>
            </div>
        }
        .into_any()
    })
}
