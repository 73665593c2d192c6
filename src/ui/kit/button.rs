//! What is pressed.

use leptos::prelude::*;

use super::part::Content;
use super::text::{true_or_absent, true_or_false};

/// A button with words. While it is disabled a click does nothing, but it keeps the focus and can be read all the same.
#[component]
pub fn Button(
    /// Its words.
    #[prop(into)]
    label: Signal<String>,
    /// Its looks.
    #[prop(default = "button")]
    class: &'static str,
    /// The name by which tests find it.
    #[prop(optional)]
    testid: Option<&'static str>,
    /// What screen readers say where the words alone do not tell.
    #[prop(optional, into)]
    name: Option<String>,
    /// When it does nothing.
    #[prop(optional, into)]
    disabled: Signal<bool>,
    /// What is done on a click.
    #[prop(into)]
    on_press: UnsyncCallback<()>,
) -> AnyView {
    let press = move |_| {
        if !disabled.get_untracked() {
            on_press.try_run(());
        }
    };
    view! {
        <button
            type="button"
            class=class
            data-testid=testid
            aria-label=name
            aria-disabled=true_or_absent(disabled)
            on:click=press
        >
            {label}
        </button>
    }
    .into_any()
}

/// A button that stays pressed, as a screen reader hears it too. Its children are its words.
#[component]
pub fn Toggle(
    /// Whether it is pressed now.
    #[prop(into)]
    pressed: Signal<bool>,
    /// Its looks.
    #[prop(default = "button")]
    class: &'static str,
    /// The name by which tests find it.
    #[prop(optional)]
    testid: Option<&'static str>,
    /// What screen readers say where the words alone do not tell.
    #[prop(optional, into)]
    name: Option<String>,
    /// What is done on a click.
    #[prop(into)]
    on_press: UnsyncCallback<()>,
    /// Its words.
    children: Content,
) -> AnyView {
    view! {
        <button
            type="button"
            class=class
            data-testid=testid
            aria-label=name
            aria-pressed=true_or_false(pressed)
            on:click=move |_| {
                on_press.try_run(());
            }
        >
            {children.run()}
        </button>
    }
    .into_any()
}

/// The button that shows filters and order where a phone has no room for them.
#[component]
pub fn UnfoldFilters(
    /// Whether they are shown; the button turns it round.
    unfolded: RwSignal<bool>,
) -> AnyView {
    view! {
        <button
            class="button filters-unfold"
            type="button"
            aria-expanded=true_or_false(unfolded.into())
            data-testid="unfold-filters"
            on:click=move |_| unfolded.update(|is| *is = !*is)
        >
            "Filters and sorting"
        </button>
    }
    .into_any()
}
