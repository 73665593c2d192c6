//! LeadSelector: find leads and choose them.

mod filters;
mod pager;
mod table;

use leptos::prelude::*;

use self::filters::Filters;
use self::pager::Pager;
use self::table::LeadTable;
use super::parts::erased::{dynamic, follow};
use super::parts::fault::Fault;
use super::parts::focus::go_to;
use super::parts::kit::button;
use super::store::Store;
use crate::app::compose::PriceView;
use crate::app::net::Slot;
use crate::app::{Msg, Slice};
use crate::domain::cost::MAX_LEADS;
use crate::domain::text::{counted, grouped};

pub use self::pager::PageButtons;

/// Find leads and choose them.
#[component]
pub fn LeadSelector(store: Store) -> impl IntoView {
    let error = store.watch(&[Slice::Leads], |model| {
        model.leads.page.error().map(ToString::to_string)
    });
    view! {
        <section class="panel lead-selector" aria-labelledby="leads-heading">
            <h2 id="leads-heading">"Choose leads"</h2>
            <Filters store />
            <Fault store of=Slot::Leads error on_retry=move |()| store.send(Msg::LeadsRetried) />
            <ChoiceBar store />
            <LeadTable store />
            <Pager store />
        </section>
    }
}

/// How many leads are chosen, and what can be done with all of them.
#[component]
fn ChoiceBar(store: Store) -> impl IntoView {
    let words = store.memo(&[Slice::Choice, Slice::Leads], |model| model.choice_words());
    let empty = store.memo(&[Slice::Choice], |model| model.choice.selection.is_empty());
    let total = store.watch(&[Slice::Leads], |model| model.leads.total().unwrap_or(0));
    let filtered = store.memo(&[Slice::Route], |model| {
        !model.route.leads.filter.is_empty()
    });
    let busy = store.memo(&[Slice::Net], |model| model.net.is_busy(&Slot::AllMatching));
    let all_label = follow(move || {
        let total = total.get() as usize;
        let noun = if filtered.get() {
            "matching lead"
        } else {
            "lead"
        };
        match (busy.get(), total > MAX_LEADS) {
            (true, _) => "Choosing…".to_owned(),
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
        .disabled(follow(move || busy.get() || total.get() == 0));
    // Beside the table the price is in view anyway; below it, on a narrow screen, it is a long way off.
    let price = store.memo(&[Slice::Choice, Slice::Compose], |model| {
        match model.price_view() {
            PriceView::Fresh(receipt) => format!("Price: {}", receipt.total),
            PriceView::NothingChosen => String::new(),
            _ => "Price".to_owned(),
        }
    });
    view! {
        <div class="choice-bar">
            <p class="choice-count" data-testid="selection-count">{words}</p>
            {dynamic(move || {
                let to_price = || button(price, || go_to("price")).class("button button-primary to-price").view();
                (!empty.get()).then(to_price)
            })}
            {all.view()}
            {dynamic(move || {
                let clear = || button("Clear", move || store.send(Msg::ChoiceCleared)).testid("clear-selection").view();
                (!empty.get()).then(clear)
            })}
        </div>
    }
}
