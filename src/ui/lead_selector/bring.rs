//! The dialog that takes a list: pasted, dropped or from a file, looked up, told line by line, and added.

use js_sys::{Function, Promise, Reflect};
use leptos::prelude::Callback;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::Event;

use crate::app::lead_import::import::{Bring, Lookup, Stage};
use crate::app::requests::Slot;
use crate::app::{Msg, Slice};
use crate::domain::list::{Fate, LINES_MAX, List};
use crate::domain::text::{counted, escaped, grouped, shortened};
use crate::ui::dom::{Node, dynamic, el};
use crate::ui::live::follow;
use crate::ui::parts::dialog::dialog;
use crate::ui::parts::fault::fault;
use crate::ui::parts::kit::{button, foreign, headings, labelled, para, status, typed};
use crate::ui::parts::select::Select;
use crate::ui::store::Store;

/// So many lines of a report are shown; all are in its export.
const LINES_SHOWN: usize = 100;
const BRING: &[Slice] = &[Slice::Choice];

/// The dialog, while it is open.
pub fn bring_dialog(store: Store) -> Node {
    let open = store.watch(BRING, |model| model.choice.bring.is_some());
    dynamic(move || open.get().then(|| content(store)))
}

fn content(store: Store) -> Node {
    let stage = store.watch(BRING, |model| match &model.choice.bring {
        Some(Bring {
            stage: Stage::Done(_),
            ..
        }) => 2_u8,
        Some(Bring {
            stage: Stage::Reading(_),
            ..
        }) => 1,
        _ => 0,
    });
    let body = dynamic(move || match stage.get() {
        0 => editing(store),
        1 => reading(store),
        _ => report(store),
    });
    let heading = el("h2").attr("id", "bring-heading").child("Bring a list");
    let close = Callback::new(move |()| store.send(Msg::BringOpened(false)));
    dialog("bring-heading", Some(close), [heading.into(), body])
}

fn actions(buttons: Vec<Node>) -> Node {
    el("div").class("dialog-actions").child(buttons).into()
}

fn close(store: Store) -> Node {
    button("Close", move || store.send(Msg::BringOpened(false))).view()
}

fn editing(store: Store) -> Vec<Node> {
    let words = format!(
        "Identifiers, e-mail addresses or domains, one a line, or a CSV table with a column of them; up to {} lines.",
        grouped(LINES_MAX as u64)
    );
    let text = store.watch(BRING, |model| {
        model
            .choice
            .bring
            .as_ref()
            .map(|bring| bring.text.clone())
            .unwrap_or_default()
    });
    let area = el("textarea")
        .attr("id", "bring-text")
        .testid("bring-text")
        .attr("rows", "8")
        .prop("value", text)
        .on("input", typed(move |text| store.send(Msg::ListTyped(text))))
        .on("dragover", |event| event.prevent_default())
        .on("drop", move |event| {
            event.prevent_default();
            let files = Reflect::get(&event, &"dataTransfer".into());
            read_file(
                store,
                files.and_then(|from| Reflect::get(&from, &"files".into())),
            );
        });
    let file = el("input")
        .attr("id", "bring-file")
        .testid("bring-file")
        .attr("type", "file")
        .attr("accept", ".csv,.txt,.tsv,text/plain,text/csv")
        .on("change", move |event: Event| {
            let input = event.target().map(JsValue::from).unwrap_or_default();
            read_file(store, Reflect::get(&input, &"files".into()));
        });
    let columns = store.watch(BRING, |model| {
        let table = model
            .choice
            .bring
            .as_ref()
            .map(|bring| bring.table.as_slice());
        let table = table.unwrap_or_default();
        let width = table.iter().map(Vec::len).max().unwrap_or(0);
        let first = |column: usize| table.first().and_then(|row| row.get(column));
        let name = |column: usize| {
            let sample = shortened(first(column).map_or("", String::as_str), 40);
            (column.to_string(), format!("{}: {sample}", column + 1))
        };
        (0..width).map(name).collect::<Vec<_>>()
    });
    let column = store.watch(BRING, |model| {
        model
            .choice
            .bring
            .as_ref()
            .map_or(0, |bring| bring.column)
            .to_string()
    });
    let chooser = dynamic(move || {
        let several = columns.with(Vec::len) > 1;
        several.then(|| {
            let select = Select {
                id: "bring-column",
                testid: Some("bring-column"),
                label: "Column",
                options: columns.into(),
                value: column.into(),
                on_change: Box::new(move |column| {
                    if let Ok(column) = column.parse() {
                        store.send(Msg::ColumnChosen(column));
                    }
                }),
            };
            select.view()
        })
    });
    let empty = follow(move || columns.with(Vec::is_empty));
    let look = button("Look them up", move || store.send(Msg::LookupAsked))
        .class("button button-primary")
        .testid("bring-look-up")
        .disabled(empty);
    vec![
        para("", words),
        labelled("field", "bring-text", "The list", area),
        labelled("field", "bring-file", "Or a file", file),
        chooser,
        actions(vec![close(store), look.view()]),
    ]
}

/// Reads the first of some files; a file that cannot be read leaves everything as it is.
fn read_file(store: Store, files: Result<JsValue, JsValue>) {
    let text = files
        .and_then(|files| Reflect::get_u32(&files, 0))
        .and_then(|file| Ok((Reflect::get(&file, &"text".into())?, file)))
        .and_then(|(read, file)| read.dyn_into::<Function>()?.call0(&file))
        .and_then(|promise| promise.dyn_into::<Promise>());
    if let Ok(promise) = text {
        wasm_bindgen_futures::spawn_local(async move {
            if let Some(text) = JsFuture::from(promise)
                .await
                .ok()
                .and_then(|text| text.as_string())
            {
                store.send(Msg::ListTyped(text));
            }
        });
    }
}

fn reading(store: Store) -> Vec<Node> {
    let lookup = |read: fn(&Lookup) -> String| {
        store.watch(BRING, move |model| match &model.choice.bring {
            Some(Bring {
                stage: Stage::Reading(lookup),
                ..
            }) => read(lookup),
            _ => String::new(),
        })
    };
    let words = lookup(|lookup| match lookup.total {
        0 => "Looking them up…".to_owned(),
        total => format!(
            "Looking them up: {} of {}.",
            grouped(lookup.done.into()),
            grouped(total.into())
        ),
    });
    let error = store.watch(BRING, |model| match &model.choice.bring {
        Some(Bring {
            stage: Stage::Reading(lookup),
            ..
        }) => lookup.error.clone(),
        _ => None,
    });
    let retry = move || store.send(Msg::LookupRetried);
    let stop = button("Stop", move || store.send(Msg::LookupStopped)).testid("bring-stop");
    vec![
        status("", words),
        fault(store, Slot::Bring, error, retry),
        actions(vec![stop.view()]),
    ]
}

fn report(store: Store) -> Vec<Node> {
    let list = store.peek(|model| match &model.choice.bring {
        Some(Bring {
            stage: Stage::Done(list),
            ..
        }) => list.clone(),
        _ => List::default(),
    });
    let counts = Fate::ALL.map(|fate| (fate, list.count(fate)));
    let lines = counts
        .iter()
        .filter(|(_, count)| *count > 0)
        .map(|(fate, count)| {
            let count = el("dd").child(grouped(*count as u64));
            el("div").child(el("dt").child(fate.label())).child(count)
        });
    let summary = el("dl")
        .class("facts")
        .testid("bring-report")
        .child(lines.collect::<Vec<_>>());
    let row = |line: &crate::domain::list::Line| {
        let names: Vec<_> = line.leads.iter().take(3).map(|lead| lead.name()).collect();
        let more = if line.leads.len() > 3 { ", …" } else { "" };
        let leads = format!("{}{more}", names.join(", "));
        let cells = [
            shortened(&line.text, 60),
            line.fate().label().to_owned(),
            shortened(&leads, 90),
        ];
        el("tr").child(cells.map(|text| el("td").child(foreign(text))))
    };
    let rows: Vec<_> = list.lines.iter().take(LINES_SHOWN).map(row).collect();
    let table = el("table")
        .class("bill")
        .child(el("caption").child(match list.lines.len() {
            count if count > LINES_SHOWN => {
                format!("The first {LINES_SHOWN} of {}", counted(count, "line"))
            }
            count => counted(count, "line"),
        }))
        .child(headings(&["Line", "Result", "Lead"]))
        .child(el("tbody").child(rows));
    let lines = el("div")
        .class("table-frame bring-lines")
        .attr("tabindex", "0");
    let lines = lines
        .attr("role", "region")
        .attr("aria-label", "Lines of the list")
        .child(table);
    let (found, several) = (
        list.leads(Fate::Matched).len(),
        list.leads(Fate::Ambiguous).len(),
    );
    let also = (several > 0).then(|| {
        let input = el("input")
            .attr("type", "checkbox")
            .attr("id", "bring-also")
            .testid("bring-also");
        let words = format!(
            "Also all {} of lines that several leads have",
            counted(several, "lead")
        );
        let label = el("label").class("check check-inline").child(input);
        Node::from(label.child(el("span").child(words)))
    });
    let add = button(format!("Add {}", counted(found, "lead")), move || {
        let also = leptos::prelude::document().get_element_by_id("bring-also");
        let also = also.and_then(|input| input.dyn_into::<web_sys::HtmlInputElement>().ok());
        store.send(Msg::ListAdded {
            also_ambiguous: also.is_some_and(|input| input.checked()),
        });
    })
    .class("button button-primary")
    .testid("bring-add")
    .disabled(found + several == 0);
    let export = el("a")
        .class("button")
        .testid("bring-export")
        .attr("download", "list-report.csv")
        .attr(
            "href",
            format!("data:text/csv;charset=utf-8,{}", escaped(&list.to_csv())),
        )
        .child("Export as CSV");
    let back = button("Change the list", move || store.send(Msg::LookupStopped));
    let mut nodes = vec![Node::from(summary), lines.into()];
    nodes.extend(also);
    nodes.push(actions(vec![
        close(store),
        back.view(),
        export.into(),
        add.view(),
    ]));
    nodes
}
