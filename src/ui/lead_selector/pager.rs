//! From page to page.

use leptos::prelude::*;

use crate::app::lead_selector::list::range_words;
use crate::app::{Msg, Slice};
use crate::domain::lead::{NO_PAGES, PAGE_SIZES};
use crate::ui::kit::{PageButtons, When, options};
use crate::ui::store::use_store;

const READS: &[Slice] = &[Slice::Route, Slice::Leads];

/// Which part of the list is shown, how to get to the others, and how many rows a page has.
#[component]
pub fn Pager() -> AnyView {
    let store = use_store();
    let range = store.select(READS, |model| {
        let page = model.leads.page.value();
        page.map(|page| range_words(&model.route.leads, page, model.leads.window()))
            .unwrap_or_default()
    });
    let paged = store.select(READS, |model| !model.leads.is_scrolled());
    let pages = store.select(READS, |model| {
        let size = model.route.leads.page_size;
        let last = model.leads.page.value();
        let last = last.map_or(0, |page| page.page_count(size) - 1);
        (model.route.leads.page, last)
    });
    view! {
        <nav class="pager" aria-label="Pages of leads">
            <p class="pager-range">{range}</p>
            <When so=paged>
                <PageButtons pages on_page=move |page| store.send(Msg::PageChosen(page)) />
            </When>
            <label class="pager-size">"Rows " <PageSize /></label>
        </nav>
    }
    .into_any()
}

/// How many rows a page has, or all of them to scroll through.
#[component]
fn PageSize() -> AnyView {
    let store = use_store();
    let size = store.select(READS, |model| model.route.leads.page_size.to_string());
    let sizes = PAGE_SIZES.into_iter().chain([NO_PAGES]).map(|rows| {
        let label = match rows {
            NO_PAGES => "All, to scroll through".to_owned(),
            rows => format!("{rows} a page"),
        };
        (rows.to_string(), label)
    });
    let choose = move |event| {
        if let Ok(size) = event_target_value(&event).parse() {
            store.send(Msg::PageSizeChosen(size));
        }
    };
    view! {
        <select prop:value=size.signal() on:change=choose>
            {options(sizes.collect(), &size.get_untracked())}
        </select>
    }
    .into_any()
}
