//! The last step of an import: what was found, line by line, and the way to add it.

use leptos::prelude::*;

use super::CloseButton;
use crate::app::lead_import::import::{Bring, Stage};
use crate::app::{Model, Msg};
use crate::domain::list::{Fate, Line, List};
use crate::domain::text::{counted, escaped, grouped, shortened};
use crate::ui::kit::{Button, Foreign, Headings};
use crate::ui::store::use_store;

/// So many lines of a report are shown; all are in its export.
const LINES_SHOWN: usize = 100;
/// So many leads of a line are named.
const LEADS_NAMED: usize = 3;

/// What became of the lines, and what can be done with the leads that were found.
#[component]
pub fn Report() -> AnyView {
    let store = use_store();
    let list = store.peek(looked_up);
    let found = list.leads(Fate::Matched).len();
    let several = list.leads(Fate::Ambiguous).len();
    let also = RwSignal::new(false);
    let add = move || {
        store.send(Msg::ListAdded {
            also_ambiguous: also.get_untracked(),
        });
    };
    let export = format!("data:text/csv;charset=utf-8,{}", escaped(&list.to_csv()));
    view! {
        <Counts list=list.clone() />
        <Lines list />
        {(several > 0).then(|| view! { <AlsoAmbiguous count=several also /> }.into_any())}
        <div class="dialog-actions">
            <CloseButton />
            <Button
                label="Change the list"
                on_press=move || store.send(Msg::LookupStopped)
            />
            <a class="button" data-testid="bring-export" download="list-report.csv" href=export>
                "Export as CSV"
            </a>
            <Button
                label=format!("Add {}", counted(found, "lead"))
                class="button button-primary"
                testid="bring-add"
                disabled=found + several == 0
                on_press=add
            />
        </div>
    }
    .into_any()
}

/// How many lines came to what.
#[component]
fn Counts(
    /// The list, looked up.
    list: List,
) -> AnyView {
    let counts = Fate::ALL.map(|fate| (fate, list.count(fate)));
    let counts = counts.into_iter().filter(|(_, count)| *count > 0);
    let lines: Vec<_> = counts
        .map(|(fate, count)| {
            view! {
                <div>
                    <dt>{fate.label()}</dt>
                    <dd>{grouped(count as u64)}</dd>
                </div>
            }
            .into_any()
        })
        .collect();
    view! {
        <dl class="facts" data-testid="bring-report">
            {lines}
        </dl>
    }
    .into_any()
}

/// The first lines, each with what came of it.
#[component]
fn Lines(
    /// The list, looked up.
    list: List,
) -> AnyView {
    let all = counted(list.lines.len(), "line");
    let caption = match list.lines.len() > LINES_SHOWN {
        true => format!("The first {LINES_SHOWN} of {all}"),
        false => all,
    };
    let lines = list.lines.iter().take(LINES_SHOWN);
    let rows: Vec<_> = lines
        .map(|line| {
            view! {
                <tr>
                    <td>
                        <Foreign text=shortened(&line.text, 60) />
                    </td>
                    <td>
                        <Foreign text=line.fate().label() />
                    </td>
                    <td>
                        <Foreign text=leads_of(line) />
                    </td>
                </tr>
            }
            .into_any()
        })
        .collect();
    view! {
        <div
            class="table-frame bring-lines"
            tabindex="0"
            role="region"
            aria-label="Lines of the list"
        >
            <table class="bill">
                <caption>{caption}</caption>
                <Headings names=&["Line", "Result", "Lead"] />
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
    .into_any()
}

/// Whether leads of lines that several have are added too.
#[component]
fn AlsoAmbiguous(
    /// How many leads those are.
    count: usize,
    /// Whether they are added.
    also: RwSignal<bool>,
) -> AnyView {
    let leads = counted(count, "lead");
    view! {
        <label class="check check-inline">
            <input
                type="checkbox"
                id="bring-also"
                data-testid="bring-also"
                on:change=move |event| also.set(event_target_checked(&event))
            />
            <span>{format!("Also all {leads} of lines that several leads have")}</span>
        </label>
    }
    .into_any()
}

/// The leads of a line, the first of them by name.
fn leads_of(line: &Line) -> String {
    let named = line.leads.iter().take(LEADS_NAMED);
    let names: Vec<_> = named.map(|lead| lead.name()).collect();
    let more = match line.leads.len() > LEADS_NAMED {
        true => ", …",
        false => "",
    };
    shortened(&format!("{}{more}", names.join(", ")), 90)
}

fn looked_up(model: &Model) -> List {
    match &model.choice.bring {
        Some(Bring {
            stage: Stage::Done(list),
            ..
        }) => list.clone(),
        _ => List::default(),
    }
}
