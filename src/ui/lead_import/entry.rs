//! The first step of an import: the list itself.

use js_sys::{Function, Promise, Reflect};
use leptos::prelude::*;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

use super::{CloseButton, IMPORT};
use crate::app::lead_import::import::Bring;
use crate::app::{Model, Msg};
use crate::domain::list::LINES_MAX;
use crate::domain::text::{grouped, shortened};
use crate::ui::kit::{Button, Labelled, Select, When};
use crate::ui::selected::select;
use crate::ui::store::{Store, use_store};

/// A list is pasted, dropped or read from a file, and the column that tells the leads is chosen.
#[component]
pub fn Entry() -> AnyView {
    let store = use_store();
    let help = format!(
        "Identifiers, e-mail addresses or domains, one a line, or a CSV table with a column of them; up to {} lines.",
        grouped(LINES_MAX as u64)
    );
    let columns = store.select(IMPORT, columns);
    let several = select(move || columns.with(Vec::len) > 1);
    view! {
        <p class="">{help}</p>
        <Text />
        <File />
        <When so=several>
            <ColumnChoice columns=columns.signal() />
        </When>
        <div class="dialog-actions">
            <CloseButton />
            <Button
                label="Look them up"
                class="button button-primary"
                testid="bring-look-up"
                disabled=Signal::derive(move || columns.with(Vec::is_empty))
                on_press=move || store.send(Msg::LookupAsked)
            />
        </div>
    }
    .into_any()
}

/// The text of the list.
#[component]
fn Text() -> AnyView {
    let store = use_store();
    let text = store.select(IMPORT, |model| {
        let import = model.choice.bring.as_ref();
        import.map(|import| import.text.clone()).unwrap_or_default()
    });
    let drop = move |event: web_sys::DragEvent| {
        event.prevent_default();
        let files = Reflect::get(&event, &"dataTransfer".into())
            .and_then(|from| Reflect::get(&from, &"files".into()));
        read_file(store, files);
    };
    view! {
        <Labelled id="bring-text" label="The list">
            <textarea
                id="bring-text"
                data-testid="bring-text"
                rows="8"
                prop:value=text.signal()
                on:input=move |event| store.send(Msg::ListTyped(event_target_value(&event)))
                on:dragover=|event| event.prevent_default()
                on:drop=drop
            ></textarea>
        </Labelled>
    }
    .into_any()
}

/// A file in place of typed text.
#[component]
fn File() -> AnyView {
    let store = use_store();
    let choose = move |event: web_sys::Event| {
        let input = event.target().map(JsValue::from).unwrap_or_default();
        read_file(store, Reflect::get(&input, &"files".into()));
    };
    view! {
        <Labelled id="bring-file" label="Or a file">
            <input
                id="bring-file"
                data-testid="bring-file"
                type="file"
                accept=".csv,.txt,.tsv,text/plain,text/csv"
                on:change=choose
            />
        </Labelled>
    }
    .into_any()
}

/// Which column of a table tells the leads.
#[component]
fn ColumnChoice(
    /// Each column by its number, with a sample of what is in it.
    columns: Signal<Vec<(String, String)>>,
) -> AnyView {
    let store = use_store();
    let chosen = store.select(IMPORT, |model| {
        let import = model.choice.bring.as_ref();
        import.map_or(0, |import| import.column).to_string()
    });
    let choose = move |column: String| {
        if let Ok(column) = column.parse() {
            store.send(Msg::ColumnChosen(column));
        }
    };
    view! {
        <Select
            id="bring-column"
            testid="bring-column"
            label="Column"
            options=columns
            value=chosen
            on_change=choose
        />
    }
    .into_any()
}

/// The columns of the list, each by its number and with a sample of what is in it.
fn columns(model: &Model) -> Vec<(String, String)> {
    let table = match &model.choice.bring {
        Some(Bring { table, .. }) => table.as_slice(),
        None => &[],
    };
    let width = table.iter().map(Vec::len).max().unwrap_or(0);
    let first = |column: usize| table.first().and_then(|row| row.get(column));
    let option = |column: usize| {
        let sample = shortened(first(column).map_or("", String::as_str), 40);
        (column.to_string(), format!("{}: {sample}", column + 1))
    };
    (0..width).map(option).collect()
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
            let text = JsFuture::from(promise).await.ok();
            if let Some(text) = text.and_then(|text| text.as_string()) {
                store.send(Msg::ListTyped(text));
            }
        });
    }
}
