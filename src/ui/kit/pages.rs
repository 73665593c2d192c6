//! From one page of a long list to the next.

use leptos::prelude::*;

use super::button::Button;
use crate::domain::text::grouped;

/// Previous and next, with the page's number between them.
#[component]
pub fn PageButtons(
    /// The present page and the last one, counted from 0.
    #[prop(into)]
    pages: Signal<(u32, u32)>,
    /// What is done to show another page.
    #[prop(into)]
    on_page: UnsyncCallback<u32>,
) -> AnyView {
    let words = Signal::derive(move || {
        let (page, last) = pages.get();
        let [page, last] = [page, last].map(|page| grouped(u64::from(page) + 1));
        format!("Page {page} of {last}")
    });
    let back = move || {
        let (page, last) = pages.get_untracked();
        on_page.try_run(page.saturating_sub(1).min(last));
    };
    let on = move || {
        let (page, last) = pages.get_untracked();
        on_page.try_run((page + 1).min(last));
    };
    let at_start = Signal::derive(move || pages.get().0 == 0);
    let at_end = Signal::derive(move || pages.get().0 >= pages.get().1);
    view! {
        <div class="pager-buttons">
            <Button label="Previous" disabled=at_start on_press=back />
            <span class="pager-page">{words}</span>
            <Button label="Next" disabled=at_end on_press=on />
        </div>
    }
    .into_any()
}
