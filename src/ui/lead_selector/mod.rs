//! LeadSelector: find leads and choose them.

mod bring;
mod choice_bar;
mod filters;
mod keys;
mod pager;
mod rows;
mod table;
mod views;

use leptos::prelude::*;

use self::choice_bar::{choice_bar, choice_tools};
use self::filters::filters;
use self::keys::{keys_everywhere, shortcuts};
use self::pager::pager;
use self::table::lead_table;
use self::views::view_chips;
use super::bridge::embed;
use super::dom::{Element, Node, el};
use super::later::{Later, LaterView};
use super::live::follow;
use super::parts::fault::fault;
use super::store::Store;
use crate::app::requests::Slot;
use crate::app::{Msg, Slice};

pub use self::bring::bring_dialog;
pub use self::keys::shortcuts_sheet;
pub use self::pager::page_buttons;
pub use self::views::views_dialog;

fn later(view: LaterView) -> Node {
    embed(move || view! { <Later view /> }.into_any())
}

/// Find leads and choose them.
pub fn lead_selector(store: Store) -> Element {
    let error = store.watch(&[Slice::Leads], |model| {
        model.leads.page.error().map(ToString::to_string)
    });
    keys_everywhere(store);
    let unfolded = RwSignal::new(false);
    let fault = fault(store, Slot::Leads, error, move || {
        store.send(Msg::LeadsRetried)
    });
    el("section")
        .class("panel lead-selector")
        .class_if("is-unfolded", follow(move || unfolded.get()))
        .attr("aria-labelledby", "leads-heading")
        .child(el("h2").attr("id", "leads-heading").child("Choose leads"))
        .child(view_chips(store))
        .child(filters(store, unfolded))
        .child(fault)
        .child(choice_bar(store))
        .child(choice_tools(store))
        .child(lead_table(store))
        .child(pager(store))
        .child(shortcuts(store))
        .child([LaterView::ImportDialog, LaterView::ViewsDialog].map(later))
}
