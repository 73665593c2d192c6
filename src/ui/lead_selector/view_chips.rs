//! Saved views as buttons above the filters: one click shows one.

use leptos::prelude::*;

use crate::app::lead_selector::views::ViewChange;
use crate::app::{Msg, Slice};
use crate::ui::kit::{Button, part};
use crate::ui::store::use_store;

/// A button for each saved view.
#[component]
pub fn ViewChips() -> AnyView {
    let store = use_store();
    let names = store.select(&[Slice::Views], |model| {
        let saved = model.views.saved.iter();
        saved.map(|view| view.name.clone()).collect::<Vec<_>>()
    });
    let chip = move |(place, name): (usize, String)| {
        let show = move || store.send(Msg::ViewChanged(ViewChange::Apply(place)));
        view! {
            <li>
                <Button
                    name=format!("Show the view {name}")
                    label=name
                    class="chip"
                    on_press=show
                />
            </li>
        }
        .into_any()
    };
    let chips = move || names.get().into_iter().enumerate().map(chip);
    view! {
        <ul
            class="chips view-chips"
            aria-label="Saved views"
            hidden=Signal::derive(move || names.with(Vec::is_empty))
        >
            {part(move || chips().collect::<Vec<_>>().into_any())}
        </ul>
    }
    .into_any()
}
