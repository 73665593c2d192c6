//! Building blocks that many views share, each compiled once: buttons, paragraphs, facts, cells and lists.

use leptos::prelude::*;

use super::erased::clicked;

/// A button: `button("Clear", …).testid("clear").view()`.
pub struct Button {
    class: &'static str,
    testid: Option<&'static str>,
    label: Signal<String>,
    name: Option<String>,
    disabled: Option<Signal<bool>>,
    action: Box<dyn Fn()>,
}

/// A button with its words and what it does.
pub fn button(label: impl Into<Signal<String>>, action: impl Fn() + 'static) -> Button {
    Button {
        class: "button",
        testid: None,
        label: label.into(),
        name: None,
        disabled: None,
        action: Box::new(action),
    }
}

impl Button {
    /// Its looks; `button` unless said otherwise.
    pub fn class(self, class: &'static str) -> Self {
        Self { class, ..self }
    }

    /// The name by which tests find it.
    pub fn testid(self, testid: &'static str) -> Self {
        Self {
            testid: Some(testid),
            ..self
        }
    }

    /// What screen readers say where the words alone do not tell.
    pub fn named(self, name: String) -> Self {
        Self {
            name: Some(name),
            ..self
        }
    }

    /// When it does nothing. It keeps the focus and can be read all the same.
    pub fn disabled(self, disabled: impl Into<Signal<bool>>) -> Self {
        Self {
            disabled: Some(disabled.into()),
            ..self
        }
    }

    /// Puts it into the view.
    pub fn view(self) -> AnyView {
        let Self {
            class,
            testid,
            label,
            name,
            disabled,
            action,
        } = self;
        let is_disabled = Signal::derive(move || {
            disabled
                .is_some_and(|disabled| disabled.get())
                .then_some("true")
        });
        let act = clicked(move || {
            if is_disabled.get_untracked().is_none() {
                action();
            }
        });
        view! {
            <button type="button" class=class data-testid=testid aria-label=name aria-disabled=is_disabled on:click=act>
                {label}
            </button>
        }
        .into_any()
    }
}

/// A paragraph whose words may change.
pub fn para(class: &'static str, words: impl Into<Signal<String>>) -> AnyView {
    fn erased(class: &'static str, words: Signal<String>) -> AnyView {
        view! { <p class=class>{words}</p> }.into_any()
    }
    erased(class, words.into())
}

/// A paragraph that a screen reader speaks when it appears.
pub fn status(class: &'static str, words: impl Into<Signal<String>>) -> AnyView {
    fn erased(class: &'static str, words: Signal<String>) -> AnyView {
        view! { <p class=class role="status">{words}</p> }.into_any()
    }
    erased(class, words.into())
}

/// Labels and values, side by side.
pub fn facts(class: &'static str, facts: Vec<(&'static str, String)>) -> AnyView {
    let rows: Vec<AnyView> = facts
        .into_iter()
        .map(|(label, value)| {
            view! { <div><dt>{label}</dt><dd><bdi>{value}</bdi></dd></div> }.into_any()
        })
        .collect();
    view! { <dl class=class>{rows}</dl> }.into_any()
}

/// A cell of a table whose rows become cards on a narrow screen, where `label` stands beside it.
pub fn cell(class: &'static str, label: &'static str, content: AnyView) -> AnyView {
    let label = (!label.is_empty()).then_some(label);
    view! { <td role="cell" class=class data-label=label>{content}</td> }.into_any()
}

/// Text that may run in either direction and holds whatever a stranger typed.
pub fn foreign(text: String) -> AnyView {
    view! { <bdi>{text}</bdi> }.into_any()
}

/// The headings of a table.
pub fn headings(names: &[&'static str]) -> AnyView {
    let cells: Vec<AnyView> = names
        .iter()
        .map(|name| view! { <th role="columnheader" scope="col">{*name}</th> }.into_any())
        .collect();
    view! { <thead role="rowgroup"><tr role="row">{cells}</tr></thead> }.into_any()
}

/// A state in its colour.
pub fn state(code: String, words: String) -> AnyView {
    view! { <span class="state" data-status=code>{words}</span> }.into_any()
}

/// A frame that scrolls sideways where a table does not fit; reachable by keyboard for that.
pub fn frame(
    class: &'static str,
    name: &'static str,
    busy: Memo<bool>,
    content: AnyView,
) -> AnyView {
    let busy = Signal::derive(move || if busy.get() { "true" } else { "false" });
    view! { <div class=class tabindex="0" role="region" aria-label=name aria-busy=busy>{content}</div> }.into_any()
}

/// An option of a choice.
pub fn choice(value: String, label: String, selected: bool) -> AnyView {
    view! { <option value=value selected=selected>{label}</option> }.into_any()
}

/// A list whose items keep their place in the page for as long as their key is there.
pub fn keyed(
    keys: Memo<Vec<String>>,
    item: impl Fn(String) -> AnyView + Send + Sync + 'static,
) -> AnyView {
    fn erased(
        keys: Memo<Vec<String>>,
        item: std::sync::Arc<dyn Fn(String) -> AnyView + Send + Sync>,
    ) -> AnyView {
        view! { <For each=move || keys.get() key=String::clone children=move |key| item(key) /> }
            .into_any()
    }
    erased(keys, std::sync::Arc::new(item))
}

/// A text field or a choice with its label above it.
pub fn labelled(
    class: &'static str,
    id: &'static str,
    label: &'static str,
    control: AnyView,
) -> AnyView {
    view! { <div class=class><label for=id>{label}</label>{control}</div> }.into_any()
}
