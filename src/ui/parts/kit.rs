//! Building blocks that many views share: buttons, paragraphs, facts, cells and controls.

use leptos::prelude::{Get, RwSignal, Update, event_target_checked, event_target_value};
use web_sys::Event;

use crate::ui::call::Read;
use crate::ui::dom::{Element, IntoNodes, Node, Value, el};
use crate::ui::live::{Live, Watched, follow};

/// A button: `button("Clear", …).testid("clear").view()`.
pub struct Button {
    class: &'static str,
    testid: Option<&'static str>,
    label: Live<String>,
    name: Option<String>,
    disabled: Option<Live<bool>>,
    action: Box<dyn Read<()>>,
}

/// A button with its words and what it does.
pub fn button(label: impl Into<Live<String>>, action: impl Fn() + 'static) -> Button {
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
    pub fn disabled(self, disabled: impl Into<Live<bool>>) -> Self {
        Self {
            disabled: Some(disabled.into()),
            ..self
        }
    }

    /// Puts it into the view.
    pub fn view(self) -> Node {
        let Self {
            class,
            testid,
            label,
            name,
            disabled,
            action,
        } = self;
        let is_disabled = follow(move || disabled.as_ref().is_some_and(Live::get));
        let idle = is_disabled.clone();
        el("button")
            .attr("type", "button")
            .class(class)
            .testid(testid)
            .attr("aria-label", name)
            .attr("aria-disabled", truth(is_disabled))
            .on_click(move || {
                if !idle.get_untracked() {
                    action.read();
                }
            })
            .child(label)
            .into()
    }
}

/// For attributes that say `true` or are not there.
pub fn truth(so: impl Into<Live<bool>>) -> Live<Option<&'static str>> {
    let so = so.into();
    follow(move || so.get().then_some("true"))
}

/// A paragraph whose words may change.
pub fn para(class: &'static str, words: impl Into<Live<String>>) -> Node {
    el("p").class(class).child(words.into()).into()
}

/// A paragraph that a screen reader speaks when it appears.
pub fn status(class: &'static str, words: impl Into<Live<String>>) -> Node {
    let status = el("p").class(class).attr("role", "status");
    status.child(words.into()).into()
}

/// Labels and values, side by side.
pub fn facts(class: &'static str, facts: Vec<(&'static str, String)>) -> Node {
    let row = |(label, value): (&'static str, String)| {
        let value = el("dd").child(foreign(value));
        el("div").child(el("dt").child(label)).child(value)
    };
    let rows: Vec<Element> = facts.into_iter().map(row).collect();
    el("dl").class(class).child(rows).into()
}

/// A cell of a table whose rows become cards on a narrow screen, where `label` stands beside it.
pub fn cell(class: &'static str, label: &'static str, content: impl IntoNodes) -> Node {
    let label = (!label.is_empty()).then_some(label);
    let cell = el("td").attr("role", "cell").class(class);
    cell.attr("data-label", label).child(content).into()
}

/// Text that may run in either direction and holds whatever a stranger typed.
pub fn foreign(text: impl Into<Value>) -> Node {
    el("bdi").child(Node::Text(text.into())).into()
}

/// The headings of a table.
pub fn headings(names: &[&'static str]) -> Node {
    let heading = |name: &&'static str| {
        let cell = el("th").attr("role", "columnheader").attr("scope", "col");
        cell.child(*name)
    };
    let cells: Vec<Element> = names.iter().map(heading).collect();
    let row = el("tr").attr("role", "row").child(cells);
    el("thead").attr("role", "rowgroup").child(row).into()
}

/// A heading by which a table is sorted. `direction` is `ascending`, `descending` or nothing.
pub fn sort_heading(
    class: &'static str,
    label: &'static str,
    direction: Watched<&'static str>,
    action: impl Fn() + 'static,
) -> Element {
    let mark = follow(move || match direction.get() {
        "descending" => "▼",
        "ascending" => "▲",
        _ => "",
    });
    let words = follow(move || Some(direction.get()).filter(|words| !words.is_empty()));
    let mark = el("span")
        .class("sort-mark")
        .attr("aria-hidden", "true")
        .child(mark);
    let button = el("button")
        .attr("type", "button")
        .class("sort")
        .on_click(action)
        .child([label, " "])
        .child(mark);
    el("th")
        .attr("role", "columnheader")
        .attr("scope", "col")
        .class(class)
        .attr("aria-sort", words)
        .child(button)
}

/// A button that stays pressed, as a screen reader hears it too.
pub fn toggle(
    class: &'static str,
    pressed: impl Into<Live<bool>>,
    action: impl Fn() + 'static,
) -> Element {
    let pressed = pressed.into();
    let words = follow(move || if pressed.get() { "true" } else { "false" });
    el("button")
        .attr("type", "button")
        .class(class)
        .attr("aria-pressed", words)
        .on_click(action)
}

/// A state in its colour.
pub fn state(code: impl Into<Value>, words: impl Into<Value>) -> Node {
    let state = el("span").class("state").attr("data-status", code);
    state.child(Node::Text(words.into())).into()
}

/// A frame that scrolls sideways where a table does not fit; reachable by keyboard for that.
pub fn frame(
    class: &'static str,
    name: &'static str,
    busy: Watched<bool>,
    content: impl IntoNodes,
) -> Element {
    let busy = follow(move || if busy.get() { "true" } else { "false" });
    el("div")
        .class(class)
        .attr("tabindex", "0")
        .attr("role", "region")
        .attr("aria-label", name)
        .attr("aria-busy", busy)
        .child(content)
}

/// An option of a choice.
pub fn choice(value: String, label: String, selected: bool) -> Node {
    let option = el("option").attr("value", value).attr("selected", selected);
    option.child(label).into()
}

/// A text field or a choice with its label above it.
pub fn labelled(
    class: &'static str,
    id: &'static str,
    label: &'static str,
    control: impl IntoNodes,
) -> Node {
    let label = el("label").attr("for", id).child(label);
    el("div").class(class).child(label).child(control).into()
}

/// A checkbox that reports whether it is checked.
pub fn checkbox(checked: impl Into<Value>, on_change: impl Fn(bool) + 'static) -> Element {
    el("input")
        .attr("type", "checkbox")
        .prop("checked", checked)
        .on("change", move |event| {
            on_change(event_target_checked(&event))
        })
}

/// For a control that reports its words.
pub fn typed(action: impl Fn(String) + 'static) -> impl Fn(Event) + 'static {
    move |event| action(event_target_value(&event))
}

/// The button that shows filters and order where a phone has no room for them.
pub fn unfold(unfolded: RwSignal<bool>) -> Element {
    el("button")
        .class("button filters-unfold")
        .attr("type", "button")
        .attr("aria-expanded", follow(move || unfolded.get().to_string()))
        .testid("unfold-filters")
        .on_click(move || unfolded.update(|is| *is = !*is))
        .child("Filters and sorting")
}
