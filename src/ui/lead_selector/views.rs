//! The dialog in which views are saved and columns arranged.

use leptos::prelude::{Callback, document};
use wasm_bindgen::JsCast;
use web_sys::HtmlInputElement;

use crate::app::lead_selector::views::{ColumnChange, ViewChange};
use crate::app::{Msg, Slice};
use crate::domain::lead::LeadSort;
use crate::domain::table::SavedView;
use crate::ui::dom::{Element, Node, dynamic, el};
use crate::ui::live::follow;
use crate::ui::parts::dialog::dialog;
use crate::ui::parts::kit::{button, checkbox, labelled, para};
use crate::ui::store::Store;

const VIEWS: &[Slice] = &[Slice::Views];
const NAME: &str = "view-name";

/// The dialog, while it is open.
pub fn views_dialog(store: Store) -> Node {
    let open = store.watch(VIEWS, |model| model.views.is_open);
    dynamic(move || open.get().then(|| content(store)))
}

fn content(store: Store) -> Node {
    let close = move || store.send(Msg::ViewsOpened(false));
    let name = el("input")
        .attr("id", NAME)
        .testid(NAME)
        .attr("type", "text")
        .attr("maxlength", "60")
        .attr("autocomplete", "off");
    let save = button("Save", move || {
        store.send(Msg::ViewChanged(ViewChange::Save(entered(NAME))));
    });
    let saved = store.watch(VIEWS, |model| model.views.saved.clone());
    let rows = dynamic(move || {
        let views = saved.get().into_iter().enumerate();
        let rows = views.map(|(place, view)| view_row(store, place, view));
        rows.collect::<Vec<_>>()
    });
    let none = dynamic(move || {
        let words = "No views are saved yet. A view is the search, the filters and the order that are set now.";
        saved.with(Vec::is_empty).then(|| para("muted", words))
    });
    let heading = |words: &'static str| el("h3").child(words);
    let save = el("div")
        .class("view-save")
        .child(labelled("field", NAME, "Save what is set now as", name))
        .child(save.testid("view-save").view());
    let done = button("Done", close).class("button button-primary");
    let on_close = Callback::new(move |()| close());
    let content: Vec<Node> = vec![
        el("h2")
            .attr("id", "views-heading")
            .child("Views and columns")
            .into(),
        heading("Views").into(),
        none,
        el("ul").class("view-list").child(rows).into(),
        save.into(),
        heading("Columns").into(),
        columns(store).into(),
        el("div").class("dialog-actions").child(done.view()).into(),
    ];
    dialog("views-heading", Some(on_close), content)
}

fn entered(id: &str) -> String {
    let input = document().get_element_by_id(id);
    let input = input.and_then(|input| input.dyn_into::<HtmlInputElement>().ok());
    input.map(|input| input.value()).unwrap_or_default()
}

fn view_row(store: Store, place: usize, view: SavedView) -> Element {
    let change = move |change: ViewChange| store.send(Msg::ViewChanged(change));
    let SavedView {
        name, is_default, ..
    } = view;
    let id = format!("view-{place}");
    let input = el("input")
        .attr("id", id.clone())
        .attr("type", "text")
        .attr("maxlength", "60")
        .attr("aria-label", format!("Name of the view {name}"))
        .attr("value", name.clone())
        .on("change", move |_| {
            change(ViewChange::Rename(place, entered(&id)))
        });
    let apply = button("Show", move || change(ViewChange::Apply(place)));
    let (words, spoken) = match is_default {
        true => ("Default ✓", "No longer the default"),
        false => ("Make default", "Default"),
    };
    let default = button(words, move || change(ViewChange::Default(place)));
    let delete = button("Delete", move || change(ViewChange::Delete(place)));
    el("li").testid("saved-view").child(input).child([
        apply.named(format!("Show the view {name}")).view(),
        default.named(format!("{spoken} view: {name}")).view(),
        delete.named(format!("Delete the view {name}")).view(),
    ])
}

fn columns(store: Store) -> Element {
    let order = store.watch(VIEWS, |model| model.views.columns.order.clone());
    let dense = store.watch(VIEWS, |model| model.views.columns.is_dense);
    let change = move |change| store.send(Msg::ColumnsChanged(change));
    let rows = dynamic(move || {
        let row = |(place, (column, shown)): (usize, (LeadSort, bool))| {
            let label = column.label();
            let input = checkbox(shown, move |shown| change(ColumnChange::Show(place, shown)));
            let fixed = column == LeadSort::Company;
            let input = input.attr("disabled", fixed);
            let shown = el("label").class("check check-inline").child(input);
            let shown = shown.child(el("span").child(label));
            let up = button("↑", move || change(ColumnChange::Move(place)))
                .named(format!("Move {label} towards the beginning"))
                .disabled(place == 0);
            el("li").child(shown).child(up.view())
        };
        order
            .get()
            .into_iter()
            .enumerate()
            .map(row)
            .collect::<Vec<_>>()
    });
    let dense =
        checkbox(dense, move |dense| change(ColumnChange::Dense(dense))).testid("dense-rows");
    let dense = el("label").class("check check-inline").child(dense);
    let reset = button("As at first", move || change(ColumnChange::Reset));
    el("div")
        .child(
            el("ul")
                .class("view-list column-list")
                .testid("column-list")
                .child(rows),
        )
        .child(dense.child(el("span").child("Low rows")))
        .child(el("p").child(reset.view()))
}

/// Views as buttons beside the filters: one click shows one.
pub fn view_chips(store: Store) -> Element {
    let saved = store.watch(VIEWS, |model| model.views.saved.clone());
    let items = dynamic(move || {
        let chip = |(place, view): (usize, SavedView)| {
            let show = button(view.name.clone(), move || {
                store.send(Msg::ViewChanged(ViewChange::Apply(place)));
            });
            let show = show
                .class("chip")
                .named(format!("Show the view {}", view.name));
            el("li").child(show.view())
        };
        saved
            .get()
            .into_iter()
            .enumerate()
            .map(chip)
            .collect::<Vec<_>>()
    });
    el("ul")
        .class("chips view-chips")
        .attr("aria-label", "Saved views")
        .attr("hidden", follow(move || saved.with(Vec::is_empty)))
        .child(items)
}
