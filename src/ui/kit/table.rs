//! Tables whose rows become cards on a narrow screen, and lists of labelled values.

use leptos::prelude::*;

use super::part::Content;
use super::text::{Foreign, true_or_false};

/// A frame that scrolls sideways where a table does not fit; reachable by keyboard for that.
#[component]
pub fn Frame(
    /// Its looks.
    #[prop(default = "table-frame")]
    class: &'static str,
    /// What it is called.
    name: &'static str,
    /// Whether what it holds is being read.
    #[prop(optional, into)]
    busy: Signal<bool>,
    /// What scrolls.
    children: Content,
) -> AnyView {
    view! {
        <div class=class tabindex="0" role="region" aria-label=name aria-busy=true_or_false(busy)>
            {children.run()}
        </div>
    }
    .into_any()
}

/// The headings of a table.
#[component]
pub fn Headings(
    /// Their words.
    names: &'static [&'static str],
) -> AnyView {
    let cells: Vec<_> = names
        .iter()
        .map(|name| {
            view! {
                <th role="columnheader" scope="col">
                    {*name}
                </th>
            }
            .into_any()
        })
        .collect();
    view! {
        <thead role="rowgroup">
            <tr role="row">{cells}</tr>
        </thead>
    }
    .into_any()
}

/// A heading by which a table is sorted.
#[component]
pub fn SortHeading(
    /// The looks of its column.
    #[prop(default = "")]
    class: &'static str,
    /// Its words.
    label: &'static str,
    /// `ascending`, `descending` or nothing.
    #[prop(into)]
    direction: Signal<&'static str>,
    /// What is done on a click.
    #[prop(into)]
    on_press: UnsyncCallback<()>,
) -> AnyView {
    let sorted = Signal::derive(move || match direction.get() {
        "" => None,
        direction => Some(direction.to_owned()),
    });
    let mark = Signal::derive(move || {
        let mark = match direction.get() {
            "descending" => "▼",
            "ascending" => "▲",
            _ => "",
        };
        mark.to_owned()
    });
    view! {
        <th role="columnheader" scope="col" class=class aria-sort=sorted>
            <button
                type="button"
                class="sort"
                on:click=move |_| {
                    on_press.try_run(());
                }
            >
                {label}
                " "
                <span class="sort-mark" aria-hidden="true">
                    {mark}
                </span>
            </button>
        </th>
    }
    .into_any()
}

/// A cell of a table.
#[component]
pub fn Cell(
    /// The looks of its column.
    #[prop(default = "")]
    class: &'static str,
    /// What stands beside it where the row is a card.
    #[prop(optional)]
    label: Option<&'static str>,
    /// What it holds.
    children: Content,
) -> AnyView {
    view! {
        <td role="cell" class=class data-label=label>
            {children.run()}
        </td>
    }
    .into_any()
}

/// Labels and values, side by side.
#[component]
pub fn Facts(
    /// Its looks.
    #[prop(default = "facts")]
    class: &'static str,
    /// Each label with its value, in order.
    facts: Vec<(&'static str, String)>,
) -> AnyView {
    let rows: Vec<_> = facts
        .into_iter()
        .map(|(label, value)| {
            view! {
                <div>
                    <dt>{label}</dt>
                    <dd>
                        <Foreign text=value />
                    </dd>
                </div>
            }
            .into_any()
        })
        .collect();
    view! { <dl class=class>{rows}</dl> }.into_any()
}
