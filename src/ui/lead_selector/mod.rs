//! LeadSelector: find leads and choose them.

mod filter_chips;
mod filters;
mod keyboard;
mod lead_row;
mod oversize;
mod pager;
mod scrolling;
mod selection_bar;
mod selection_tools;
mod table;
mod table_head;
mod view_chips;

use leptos::prelude::*;

use self::filter_chips::FilterChips;
use self::filters::Filters;
use self::keyboard::listen_everywhere;
use self::pager::Pager;
use self::selection_bar::SelectionBar;
use self::selection_tools::SelectionTools;
use self::table::LeadTable;
use self::view_chips::ViewChips;
use crate::app::requests::Slot;
use crate::app::{Msg, Slice};
use crate::ui::kit::{Button, ErrorPanel, When};
use crate::ui::later::{Later, LaterView};
use crate::ui::store::use_store;

/// Find leads and choose them.
#[component]
pub fn LeadSelector() -> AnyView {
    let store = use_store();
    let error = store.select(&[Slice::Leads], |model| {
        model.leads.page.error().map(ToString::to_string)
    });
    let unfolded = RwSignal::new(false);
    listen_everywhere(store);
    view! {
        <section
            class="panel lead-selector"
            class:is-unfolded=unfolded
            aria-labelledby="leads-heading"
        >
            <h2 id="leads-heading">"Choose leads"</h2>
            <ViewChips />
            <Filters unfolded />
            <FilterChips />
            <ErrorPanel of=Slot::Leads error on_retry=move || store.send(Msg::LeadsRetried) />
            <SelectionBar />
            <SelectionTools />
            <LeadTable />
            <Pager />
            <Button
                label="Keyboard shortcuts"
                class="button-link shortcuts-link"
                on_press=move || store.send(Msg::ShortcutsAsked(true))
            />
            <InFront />
        </section>
    }
    .into_any()
}

/// What opens in front of the list when it is asked for. Its code is loaded then.
#[component]
fn InFront() -> AnyView {
    let store = use_store();
    let shortcuts = store.select(&[Slice::Notices], |model| model.notices.shortcuts);
    let import = store.select(&[Slice::Choice], |model| model.choice.bring.is_some());
    let views = store.select(&[Slice::Views], |model| model.views.is_open);
    view! {
        <When so=shortcuts>
            <Later view=LaterView::ShortcutsSheet />
        </When>
        <When so=import>
            <Later view=LaterView::ImportDialog />
        </When>
        <When so=views>
            <Later view=LaterView::ViewsDialog />
        </When>
    }
    .into_any()
}
