//! LeadSelector: find leads and choose them.

mod filters;
mod pager;
mod table;

use self::filters::filters;
use self::pager::pager;
use self::table::lead_table;
use super::dom::{Element, dynamic, el};
use super::live::follow;
use super::parts::fault::fault;
use super::parts::focus::go_to;
use super::parts::kit::button;
use super::store::Store;
use crate::app::compose::PriceView;
use crate::app::net::Slot;
use crate::app::{Msg, Slice};
use crate::domain::cost::MAX_LEADS;
use crate::domain::text::{counted, grouped};

pub use self::pager::page_buttons;

/// Find leads and choose them.
pub fn lead_selector(store: Store) -> Element {
    let error = store.watch(&[Slice::Leads], |model| {
        model.leads.page.error().map(ToString::to_string)
    });
    el("section")
        .class("panel lead-selector")
        .attr("aria-labelledby", "leads-heading")
        .add(el("h2").attr("id", "leads-heading").add("Choose leads"))
        .add(filters(store))
        .add(fault(store, Slot::Leads, error, move || {
            store.send(Msg::LeadsRetried)
        }))
        .add(choice_bar(store))
        .add(lead_table(store))
        .add(pager(store))
}

/// How many leads are chosen, and what can be done with all of them.
fn choice_bar(store: Store) -> Element {
    let words = store.watch(&[Slice::Choice, Slice::Leads], |model| model.choice_words());
    let empty = store.watch(&[Slice::Choice], |model| model.choice.selection.is_empty());
    // While other leads are being read, the old count would be a wrong one.
    let counting = store.watch(&[Slice::Leads], |model| model.leads.page.is_loading());
    let total = store.watch(&[Slice::Leads], |model| model.leads.total().unwrap_or(0));
    let filtered = store.watch(&[Slice::Route], |model| {
        !model.route.leads.filter.is_empty()
    });
    let busy = store.watch(&[Slice::Net], |model| model.net.is_busy(&Slot::AllMatching));
    let all_label = follow(move || {
        let total = total.get() as usize;
        let noun = if filtered.get() {
            "matching lead"
        } else {
            "lead"
        };
        match (busy.get(), total > MAX_LEADS) {
            (true, _) => "Choosing…".to_owned(),
            _ if counting.get() => "Counting…".to_owned(),
            (false, true) => format!(
                "Select the first {} of {}",
                grouped(MAX_LEADS as u64),
                counted(total, noun)
            ),
            (false, false) => format!("Select all {}", counted(total, noun)),
        }
    });
    let all = button(all_label, move || store.send(Msg::AllMatchingAsked))
        .testid("select-all-matching")
        .disabled(follow(move || {
            busy.get() || counting.get() || total.get() == 0
        }));
    // Beside the table the price is in view anyway; below it, on a narrow screen, it is a long way off.
    let price = store.watch(&[Slice::Choice, Slice::Compose], |model| {
        match model.price_view() {
            PriceView::Fresh(receipt) => format!("Price: {}", receipt.total),
            PriceView::NothingChosen => String::new(),
            _ => "Price".to_owned(),
        }
    });
    let to_price = dynamic(move || {
        let to_price = || {
            button(price, || go_to("price"))
                .class("button button-primary to-price")
                .view()
        };
        (!empty.get()).then(to_price)
    });
    let clear = dynamic(move || {
        let clear = || {
            button("Clear", move || store.send(Msg::ChoiceCleared))
                .testid("clear-selection")
                .view()
        };
        (!empty.get()).then(clear)
    });
    el("div")
        .class("choice-bar")
        .add(
            el("p")
                .class("choice-count")
                .testid("selection-count")
                .add(words),
        )
        .add([to_price, all.view(), clear])
}
