//! A choice among a few, as the browser offers it.

use leptos::prelude::*;

use super::erased::{changed, dynamic};
use super::kit::{choice, labelled};

/// A labelled choice.
pub struct Select {
    /// Identifier of the control in the page.
    pub id: &'static str,
    pub testid: Option<&'static str>,
    pub label: &'static str,
    /// Values and labels, in order.
    pub options: Signal<Vec<(String, String)>>,
    pub value: Signal<String>,
    pub on_change: Box<dyn Fn(String)>,
}

impl Select {
    /// Puts it into the view.
    pub fn view(self) -> AnyView {
        let Self {
            id,
            testid,
            label,
            options,
            value,
            on_change,
        } = self;
        let control = view! {
            <select id=id data-testid=testid prop:value=value on:change=changed(move |event| on_change(event_target_value(&event)))>
                {dynamic(move || {
                    let now = value.get_untracked();
                    let option = |(value, label): (String, String)| {
                        let selected = value == now;
                        choice(value, label, selected)
                    };
                    options.get().into_iter().map(option).collect::<Vec<_>>()
                })}
            </select>
        };
        labelled("field", id, label, control.into_any())
    }
}
