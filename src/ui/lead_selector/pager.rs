//! From page to page.

use crate::app::lead_selector::list::range_words;
use crate::app::{Msg, Slice};
use crate::domain::lead::{NO_PAGES, PAGE_SIZES};
use crate::domain::text::grouped;
use crate::ui::dom::{Element, dynamic, el};
use crate::ui::live::{Watched, follow};
use crate::ui::parts::kit::{button, choice, para, typed};
use crate::ui::store::Store;

/// Which part of the list is shown, how to get to the others, and how many rows a page has.
pub fn pager(store: Store) -> Element {
    const READS: &[Slice] = &[Slice::Route, Slice::Leads];
    let size = store.watch(READS, |model| model.route.leads.page_size.to_string());
    let range = store.watch(READS, |model| {
        let page = model.leads.page.value();
        page.map(|page| range_words(&model.route.leads, page, model.leads.window()))
            .unwrap_or_default()
    });
    let scrolled = store.watch(READS, |model| model.leads.is_scrolled());
    let pages = store.watch(READS, |model| {
        let last = model
            .leads
            .page
            .value()
            .map_or(0, |page| page.page_count(model.route.leads.page_size) - 1);
        (model.route.leads.page, last)
    });
    let now = size.get_untracked();
    let sizes = PAGE_SIZES.into_iter().chain([NO_PAGES]).map(|rows| {
        let label = match rows {
            NO_PAGES => "All, to scroll through".to_owned(),
            rows => format!("{rows} a page"),
        };
        let rows = rows.to_string();
        choice(rows.clone(), label, rows == now)
    });
    let sizes: Vec<_> = sizes.collect();
    let sizes = el("select")
        .prop("value", size)
        .on(
            "change",
            typed(move |size| {
                if let Ok(size) = size.parse() {
                    store.send(Msg::PageSizeChosen(size));
                }
            }),
        )
        .child(sizes);
    let buttons = dynamic(move || {
        let go = move |page| store.send(Msg::PageChosen(page));
        (!scrolled.get()).then(|| page_buttons(pages, go))
    });
    el("nav")
        .class("pager")
        .attr("aria-label", "Pages of leads")
        .child(para("pager-range", range))
        .child(buttons)
        .child(el("label").class("pager-size").child("Rows ").child(sizes))
}

/// Previous and next, with the page's number between them. `pages` are the present page and the last one, counted
/// from 0.
pub fn page_buttons(pages: Watched<(u32, u32)>, on_page: impl Fn(u32) + 'static) -> Element {
    let on_page = std::rc::Rc::new(on_page);
    let step = move |by: i64| {
        let on_page = on_page.clone();
        move || {
            let (page, last) = pages.get_untracked();
            let target = i64::from(page) + by;
            if (0..=i64::from(last)).contains(&target) {
                on_page(target as u32);
            }
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
    let at_start = follow(move || pages.get().0 == 0);
    let at_end = follow(move || pages.get().0 >= pages.get().1);
    el("div")
        .class("pager-buttons")
        .child(button("Previous", step(-1)).disabled(at_start).view())
        .child(el("span").class("pager-page").child(words))
        .child(button("Next", step(1)).disabled(at_end).view())
}
