//! What the list is narrowed down to, each condition with a way to drop it.

use leptos::prelude::*;

use crate::app::{Msg, Slice};
use crate::domain::lead::LeadFilter;
use crate::ui::kit::{Button, part};
use crate::ui::store::use_store;

/// A button for each filter in use, which drops it.
#[component]
pub fn FilterChips() -> AnyView {
    let store = use_store();
    let filters = store.select(&[Slice::Route], |model| model.route.leads.filter.chips());
    let chip = move |(without, words): (LeadFilter, String)| {
        let drop = move || store.send(Msg::LeadFilterChanged(without.clone()));
        view! {
            <li>
                <Button
                    label=format!("{words} ×")
                    name=format!("Remove the filter {words}")
                    class="chip"
                    on_press=drop
                />
            </li>
        }
        .into_any()
    };
    let chips = move || filters.get().into_iter().map(chip);
    view! {
        <ul
            class="chips"
            aria-label="Filters in use"
            hidden=Signal::derive(move || filters.with(Vec::is_empty))
        >
            {part(move || chips().collect::<Vec<_>>().into_any())}
        </ul>
    }
    .into_any()
}
