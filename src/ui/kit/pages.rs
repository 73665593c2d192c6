//! From one page of a long list to the next.

use leptos::prelude::*;

use super::link::Link;
use crate::domain::text::grouped;
use crate::route::Route;

/// Previous and next, with the page's number between them.
#[component]
pub fn PageLinks(
    /// The present page and the last one, counted from 0.
    #[prop(into)]
    pages: Signal<(u32, u32)>,
    /// The address of another page.
    to: fn(&Route, u32) -> Route,
) -> AnyView {
    let words = Signal::derive(move || {
        let (page, last) = pages.get();
        let [page, last] = [page, last].map(|page| grouped(u64::from(page) + 1));
        format!("Page {page} of {last}")
    });
    let back = move |here: &Route| {
        let (page, last) = pages.get();
        to(here, page.saturating_sub(1).min(last))
    };
    let on = move |here: &Route| {
        let (page, last) = pages.get();
        to(here, (page + 1).min(last))
    };
    let at_start = Signal::derive(move || pages.get().0 == 0);
    let at_end = Signal::derive(move || pages.get().0 >= pages.get().1);
    view! {
        <div class="pager-buttons">
            <Link to=back class="button" disabled=at_start keeps_scroll=true>
                "Previous"
            </Link>
            <span class="pager-page" translate="no">
                {words}
            </span>
            <Link to=on class="button" disabled=at_end keeps_scroll=true>
                "Next"
            </Link>
        </div>
    }
    .into_any()
}
