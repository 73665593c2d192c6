//! What the chosen leads will cost, as the server says.

use leptos::prelude::*;

use super::bill::{Bill, Outlook};
use crate::app::cost_preview::price::PriceView;
use crate::app::requests::Slot;
use crate::app::{Msg, Slice};
use crate::domain::cost::{MAX_LEADS, Quote};
use crate::domain::text::{counted, grouped};
use crate::ui::kit::{ErrorPanel, Status, part};
use crate::ui::selected::{Selected, select};
use crate::ui::store::use_store;

const READS: &[Slice] = &[Slice::Compose, Slice::Choice];

/// Batches that end teach what to expect, and what is approved or ends changes what is left of the budget.
const OUTLOOK: &[Slice] = &[
    Slice::Compose,
    Slice::Choice,
    Slice::Ledger,
    Slice::Batches,
    // The order of the table says which leads are the first.
    Slice::Route,
];

/// Which of its faces the price has.
#[derive(Clone, Copy, Default, PartialEq)]
enum Stage {
    /// Words instead of a price.
    #[default]
    Hint,
    Updating,
    Fresh,
}

/// What the chosen leads will cost.
#[component]
pub fn Price() -> AnyView {
    let store = use_store();
    let price = store.select(READS, |model| model.price_view());
    let outlook = store.select(OUTLOOK, Outlook::of);
    let error = select(move || price.with(error_words));
    let stage = select(move || {
        price.with(|price| match price {
            PriceView::Updating { .. } => Stage::Updating,
            PriceView::Fresh(_) => Stage::Fresh,
            _ => Stage::Hint,
        })
    });
    let quote = select(move || price.with(|price| price.fresh().cloned().unwrap_or_default()));
    let content = move || match stage.get() {
        Stage::Hint => view! { <Hint price /> }.into_any(),
        Stage::Updating => view! { <Updating price /> }.into_any(),
        Stage::Fresh => part(move || view! { <Bill quote=quote.get() outlook /> }.into_any()),
    };
    view! {
        <div class="price" id="price" tabindex="-1">
            {part(content)}
            <ErrorPanel
                of=Slot::Price
                error=error
                on_retry=move || store.send(Msg::PriceRetried)
            />
        </div>
    }
    .into_any()
}

/// Why there is no price.
#[component]
fn Hint(
    /// What is known of the price.
    price: Selected<PriceView>,
) -> AnyView {
    let words = select(move || price.with(hint_words));
    view! {
        <p class="price-hint">{words}</p>
        <Stale price />
    }
    .into_any()
}

/// The server is asked; meanwhile about what it will be, by the last rates.
#[component]
fn Updating(
    /// What is known of the price.
    price: Selected<PriceView>,
) -> AnyView {
    let about = select(move || {
        price.with(|price| match price {
            PriceView::Updating { about, .. } => about.map(|about| about.to_string()),
            _ => None,
        })
    });
    let about = move || match about.get() {
        Some(about) => view! {
            <p class="price-total">
                <span class="price-amount" data-testid="approximate-cost" translate="no">
                    {about}
                </span>
                <span class="muted">" about, by the last rates; the server is asked"</span>
            </p>
        }
        .into_any(),
        None => ().into_any(),
    };
    view! {
        {part(about)}
        <Status class="price-state" text="Asking for the price…" />
        <Stale price />
    }
    .into_any()
}

/// A price that belongs to another choice, told as such.
#[component]
fn Stale(
    /// What is known of the price.
    price: Selected<PriceView>,
) -> AnyView {
    let words = select(move || {
        price.with(|price| match price {
            PriceView::Updating { old, .. } | PriceView::Failed { old, .. } => {
                old.as_ref().map(stale_words)
            }
            _ => None,
        })
    });
    part(move || match words.get() {
        Some(words) => view! { <p class="price-stale">{words}</p> }.into_any(),
        None => ().into_any(),
    })
}

fn hint_words(price: &PriceView) -> String {
    let words = match price {
        PriceView::NothingChosen => {
            "Choose at least one lead in the table: its price appears here."
        }
        PriceView::Gathering => {
            "All matching leads are being read; the price appears here when they are there."
        }
        PriceView::TooMany(count) => {
            return format!(
                "{} are chosen; a batch takes at most {}. Split them into batches, or keep fewer.",
                counted(*count, "lead"),
                grouped(MAX_LEADS as u64),
            );
        }
        PriceView::NoTemplate => "Choose a report template to see the price.",
        PriceView::Failed { .. } => "The price of this choice is not known.",
        PriceView::Updating { .. } | PriceView::Fresh(_) => "",
    };
    words.to_owned()
}

fn stale_words(old: &Quote) -> String {
    let leads = counted(old.leads(), "lead");
    format!("Before the last change: {} for {leads}", old.total())
}

fn error_words(price: &PriceView) -> Option<String> {
    match price {
        PriceView::Failed { error, .. } => Some(format!(
            "{error} Without a price a batch cannot be started."
        )),
        _ => None,
    }
}
