//! How many leads are chosen, and what can be done with all of them.

use leptos::prelude::*;

use crate::app::cost_preview::price::PriceView;
use crate::app::{Msg, Slice};
use crate::domain::text::counted;
use crate::ui::kit::{Button, When, go_to};
use crate::ui::store::use_store;

const CHOICE: &[Slice] = &[Slice::Choice, Slice::Leads, Slice::Route];

/// The count, the way to the price, all at once and none.
#[component]
pub fn SelectionBar() -> AnyView {
    let store = use_store();
    let words = store.select(CHOICE, |model| model.choice_words());
    let some = store.select(&[Slice::Choice], |model| !model.choice.selection.is_empty());
    let origin = store.select(CHOICE, |model| model.provenance_words());
    let has_origin = Signal::derive(move || !origin.with(String::is_empty));
    view! {
        <div class="choice-bar">
            <div class="choice-told">
                <p class="choice-count" data-testid="selection-count">
                    {words}
                </p>
                <When so=has_origin>
                    <p class="choice-origin muted" data-testid="choice-origin">
                        {origin}
                    </p>
                </When>
            </div>
            <When so=some>
                <ToPrice />
            </When>
            <SelectAll />
            <When so=some>
                <Button
                    label="Clear"
                    testid="clear-selection"
                    on_press=move || store.send(Msg::ChoiceCleared)
                />
            </When>
        </div>
    }
    .into_any()
}

/// The way to the price. Beside the table the price is in view anyway; below it, on a narrow screen, it is a long way off.
#[component]
fn ToPrice() -> AnyView {
    let label = use_store().select(&[Slice::Choice, Slice::Compose], |model| {
        match model.price_view() {
            PriceView::Fresh(quote) => format!("Price: {}", quote.total()),
            PriceView::NothingChosen => String::new(),
            _ => "Price".to_owned(),
        }
    });
    view! { <Button label class="button button-primary to-price" on_press=|| go_to("price") /> }
        .into_any()
}

/// Chooses every lead that matches, on whatever page.
#[component]
fn SelectAll() -> AnyView {
    let store = use_store();
    // While other leads are being read, the old count would be a wrong one.
    let counting = store.select(&[Slice::Leads], |model| model.leads.page.is_loading());
    let total = store.select(&[Slice::Leads], |model| model.leads.total().unwrap_or(0));
    let filtered = store.select(&[Slice::Route], |model| {
        !model.route.leads.filter.is_empty()
    });
    let only_chosen = store.select(&[Slice::Route], |model| model.route.leads.only_chosen);
    let busy = store.select(&[Slice::Choice], |model| model.choice.gathering.is_some());
    let label = Signal::derive(move || {
        let noun = match filtered.get() {
            true => "matching lead",
            false => "lead",
        };
        match (busy.get(), counting.get()) {
            (true, _) => "Choosing…".to_owned(),
            (_, true) => "Counting…".to_owned(),
            _ => format!("Select all {}", counted(total.get() as usize, noun)),
        }
    });
    let idle = Signal::derive(move || {
        busy.get() || counting.get() || only_chosen.get() || total.get() == 0
    });
    view! {
        <Button
            label
            testid="select-all-matching"
            disabled=idle
            on_press=move || store.send(Msg::AllMatchingAsked)
        />
    }
    .into_any()
}
