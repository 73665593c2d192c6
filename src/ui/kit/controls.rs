//! What is typed into, ticked and chosen from.

use leptos::prelude::*;

use super::part::{Content, part};

/// A control with its label above it.
#[component]
pub fn Labelled(
    /// Its looks.
    #[prop(default = "field")]
    class: &'static str,
    /// The identifier of the control.
    id: &'static str,
    /// Its words.
    label: &'static str,
    /// The control, and what stands below it.
    children: Content,
) -> AnyView {
    view! {
        <div class=class>
            <label for=id>{label}</label>
            {children.run()}
        </div>
    }
    .into_any()
}

/// A checkbox that reports whether it is checked.
#[component]
pub fn Checkbox(
    /// Whether it is checked now.
    #[prop(into)]
    checked: Signal<bool>,
    /// The name by which tests find it.
    #[prop(optional)]
    testid: Option<&'static str>,
    /// What screen readers say where no label stands around it.
    #[prop(optional, into)]
    name: Option<String>,
    /// Whether some of what it stands for is chosen and some is not.
    #[prop(optional, into)]
    indeterminate: Signal<bool>,
    /// When it can be seen but not be changed.
    #[prop(optional)]
    disabled: bool,
    /// What is done when it is ticked or unticked.
    #[prop(into)]
    on_change: UnsyncCallback<bool>,
) -> AnyView {
    view! {
        <input
            type="checkbox"
            data-testid=testid
            aria-label=name
            disabled=disabled
            prop:checked=checked
            prop:indeterminate=indeterminate
            on:change=move |event| {
                on_change.try_run(event_target_checked(&event));
            }
        />
    }
    .into_any()
}

/// A labelled choice among a few, as the browser offers it.
#[component]
pub fn Select(
    /// Identifier of the control in the page.
    id: &'static str,
    /// The name by which tests find it.
    #[prop(optional)]
    testid: Option<&'static str>,
    /// Its words.
    label: &'static str,
    /// Values and labels, in order.
    #[prop(into)]
    options: Signal<Vec<(String, String)>>,
    /// The value that is chosen now.
    #[prop(into)]
    value: Signal<String>,
    /// What is done with another value.
    #[prop(into)]
    on_change: UnsyncCallback<String>,
) -> AnyView {
    view! {
        <Labelled id label>
            <select
                id=id
                data-testid=testid
                prop:value=value
                on:change=move |event| {
                    on_change.try_run(event_target_value(&event));
                }
            >
                {part(move || self::options(options.get(), &value.get_untracked()))}
            </select>
        </Labelled>
    }
    .into_any()
}

/// The options of a choice: values with their labels, and which one is chosen.
pub fn options(options: Vec<(String, String)>, chosen: &str) -> AnyView {
    let options: Vec<_> = options
        .into_iter()
        .map(|(value, label)| {
            let selected = value == chosen;
            view! {
                <option value=value selected=selected>
                    {label}
                </option>
            }
            .into_any()
        })
        .collect();
    options.into_any()
}
