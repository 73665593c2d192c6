//! Words, and attributes that say yes or no.

use leptos::prelude::*;

/// Text that may run in either direction and holds whatever a stranger typed.
#[component]
pub fn Foreign(
    /// The text.
    #[prop(into)]
    text: Signal<String>,
) -> AnyView {
    view! { <bdi>{text}</bdi> }.into_any()
}

/// A paragraph that a screen reader speaks when it appears.
#[component]
pub fn Status(
    /// Its looks.
    #[prop(default = "")]
    class: &'static str,
    /// Its words.
    #[prop(into)]
    text: Signal<String>,
) -> AnyView {
    view! {
        <p class=class role="status">
            {text}
        </p>
    }
    .into_any()
}

/// A state in its colour.
#[component]
pub fn StateBadge(
    /// The state as style sheets know it.
    #[prop(into)]
    code: Signal<String>,
    /// The state in words.
    #[prop(into)]
    text: Signal<String>,
) -> AnyView {
    view! {
        <span class="state" data-status=code>
            {text}
        </span>
    }
    .into_any()
}

/// For attributes that say `true` or are not there, such as `aria-disabled`.
pub fn true_or_absent(so: Signal<bool>) -> Signal<Option<String>> {
    Signal::derive(move || so.get().then(|| "true".to_owned()))
}

/// For attributes that say `true` or `false`, such as `aria-pressed`.
pub fn true_or_false(so: Signal<bool>) -> Signal<String> {
    Signal::derive(move || so.get().to_string())
}
