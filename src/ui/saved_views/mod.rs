//! The dialog in which views are saved and columns arranged.

mod columns;

use leptos::html;
use leptos::prelude::*;

use self::columns::ColumnList;
use crate::app::lead_selector::views::ViewChange;
use crate::app::{Msg, Slice};
use crate::domain::table::SavedView;
use crate::ui::kit::{Button, Dialog, Labelled, When, part};
use crate::ui::store::use_store;

/// Saved views, and the columns of the lead table.
#[component]
pub fn ViewsDialog() -> AnyView {
    let store = use_store();
    let close = move || store.send(Msg::ViewsOpened(false));
    view! {
        <Dialog labelled_by="views-heading" on_close=close>
            <h2 id="views-heading">"Views and columns"</h2>
            <h3>"Views"</h3>
            <ViewList />
            <SaveView />
            <h3>"Columns"</h3>
            <ColumnList />
            <div class="dialog-actions">
                <Button label="Done" class="button button-primary" on_press=close />
            </div>
        </Dialog>
    }
    .into_any()
}

/// The views that are saved.
#[component]
fn ViewList() -> AnyView {
    let store = use_store();
    let saved = store.select(&[Slice::Views], |model| model.views.saved.clone());
    let rows = move || {
        let views = saved.get().into_iter().enumerate();
        let rows = views.map(|(place, view)| view! { <ViewRow place view /> }.into_any());
        rows.collect::<Vec<_>>().into_any()
    };
    view! {
        <When so=Signal::derive(move || saved.with(Vec::is_empty))>
            <p class="muted">
                "No views are saved yet. A view is the search, the filters and the order that are set now."
            </p>
        </When>
        <ul class="view-list">{part(rows)}</ul>
    }
    .into_any()
}

/// A saved view: its name, to be changed, and what can be done with it.
#[component]
fn ViewRow(
    /// Its place among them.
    place: usize,
    /// The view.
    view: SavedView,
) -> AnyView {
    let store = use_store();
    let change = move |change: ViewChange| store.send(Msg::ViewChanged(change));
    let SavedView {
        name, is_default, ..
    } = view;
    let (words, spoken) = match is_default {
        true => ("Default ✓", "No longer the default"),
        false => ("Make default", "Default"),
    };
    let rename = move |event| change(ViewChange::Rename(place, event_target_value(&event)));
    view! {
        <li data-testid="saved-view">
            <input
                id=format!("view-{place}")
                type="text"
                maxlength="60"
                aria-label=format!("Name of the view {name}")
                value=name.clone()
                on:change=rename
            />
            <Button
                label="Show"
                name=format!("Show the view {name}")
                on_press=move || change(ViewChange::Apply(place))
            />
            <Button
                label=words
                name=format!("{spoken} view: {name}")
                on_press=move || change(ViewChange::Default(place))
            />
            <Button
                label="Delete"
                name=format!("Delete the view {name}")
                on_press=move || change(ViewChange::Delete(place))
            />
        </li>
    }
    .into_any()
}

/// Saves what is set now under a name.
#[component]
fn SaveView() -> AnyView {
    let store = use_store();
    let name = NodeRef::<html::Input>::new();
    let save = move || {
        let name = name.get_untracked().map(|input| input.value());
        let change = ViewChange::Save(name.unwrap_or_default());
        store.send(Msg::ViewChanged(change));
    };
    view! {
        <div class="view-save">
            <Labelled id="view-name" label="Save what is set now as">
                <input
                    id="view-name"
                    data-testid="view-name"
                    type="text"
                    maxlength="60"
                    autocomplete="off"
                    node_ref=name
                />
            </Labelled>
            <Button label="Save" testid="view-save" on_press=save />
        </div>
    }
    .into_any()
}
