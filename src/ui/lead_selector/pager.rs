//! From page to page.

use leptos::prelude::*;

use crate::app::leads::range_words;
use crate::app::{Msg, Slice};
use crate::domain::lead::PAGE_SIZES;
use crate::domain::text::grouped;
use crate::ui::parts::erased::{changed, follow};
use crate::ui::parts::kit::{button, choice, para};
use crate::ui::store::{Store, Watched};

/// Which part of the list is shown, how to get to the others, and how many rows a page has.
#[component]
pub fn Pager(store: Store) -> impl IntoView {
    const READS: &[Slice] = &[Slice::Route, Slice::Leads];
    let size = store.memo(READS, |model| model.route.leads.page_size.to_string());
    let range = store.memo(READS, |model| {
        model
            .leads
            .page
            .value()
            .map(|page| range_words(&model.route.leads, page))
            .unwrap_or_default()
    });
    let pages = store.watch(READS, |model| {
        let last = model
            .leads
            .page
            .value()
            .map_or(0, |page| page.page_count(model.route.leads.page_size) - 1);
        (model.route.leads.page, last)
    });
    let choose_size = move |event| {
        if let Ok(size) = event_target_value(&event).parse() {
            store.send(Msg::PageSizeChosen(size));
        }
    };
    view! {
        <nav class="pager" aria-label="Pages of leads">
            {para("pager-range", range)}
            <PageButtons pages on_page=Callback::new(move |page| store.send(Msg::PageChosen(page))) />
            <label class="pager-size">
                "Rows "
                <select prop:value=size on:change=changed(choose_size)>
                    {PAGE_SIZES.map(|rows| choice(rows.to_string(), rows.to_string(), rows.to_string() == size.get_untracked()))}
                </select>
            </label>
        </nav>
    }
}

/// Previous and next, with the page's number between them.
#[component]
pub fn PageButtons(
    /// The present page and the last one, counted from 0.
    pages: Watched<(u32, u32)>,
    on_page: Callback<u32>,
) -> impl IntoView {
    let step = move |by: i64| {
        let (page, last) = pages.get_untracked();
        let target = i64::from(page) + by;
        if (0..=i64::from(last)).contains(&target) {
            on_page.run(target as u32);
        }
    };
    let words = follow(move || {
        let (page, last) = pages.get();
        format!(
            "Page {} of {}",
            grouped(u64::from(page) + 1),
            grouped(u64::from(last) + 1)
        )
    });
    view! {
        <div class="pager-buttons">
            {button("Previous", move || step(-1)).disabled(follow(move || pages.get().0 == 0)).view()}
            <span class="pager-page">{words}</span>
            {button("Next", move || step(1)).disabled(follow(move || pages.get().0 >= pages.get().1)).view()}
        </div>
    }
}
