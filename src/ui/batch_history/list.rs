//! The list of past batches with everything around it.

use leptos::prelude::*;

use super::ask;
use super::filters::Filters;
use super::list_bar::ListBar;
use super::receipts::Receipts;
use super::table::HistoryTable;
use super::trend::Trend;
use crate::app::requests::Slot;
use crate::app::{Model, Msg, Slice};
use crate::ui::kit::{ErrorPanel, Frame, PageButtons, When};
use crate::ui::store::use_store;

const READS: &[Slice] = &[Slice::Route, Slice::History];

/// Past batches, with filters and pages.
#[component]
pub fn BatchHistory() -> AnyView {
    let store = use_store();
    let busy = store.select(READS, Model::is_past_busy);
    let words = store.select(READS, Model::history_words);
    let is_empty = store.select(READS, Model::is_history_empty);
    view! {
        <section class="panel" aria-labelledby="view-heading" data-testid="batch-history">
            <h1 id="view-heading" tabindex="-1">
                "Past batches"
            </h1>
            <Filters />
            <Failures />
            <p class="history-told" translate="no">{words}</p>
            <When so=is_empty>
                <div class="empty">
                    <p>
                        "No batches here. Change the filters, or start the first one under “New batch”."
                    </p>
                </div>
            </When>
            <Frame class="table-frame table-frame-auto" name="Past batches" busy>
                <HistoryTable busy />
            </Frame>
            <ListBar />
            <Pager />
            <Trend />
            <Receipts />
        </section>
    }
    .into_any()
}

/// What went wrong with the reading of a page, or of everything. Whose error it is, is told once.
#[component]
fn Failures() -> AnyView {
    let store = use_store();
    let error = store.select(READS, |model| model.past_error().map(ToString::to_string));
    let none = Signal::derive(|| None::<String>);
    let retry = move || store.send(Msg::HistoryRetried);
    view! {
        <ErrorPanel of=Slot::History error on_retry=retry />
        <ErrorPanel of=Slot::Archive error=none on_retry=retry />
    }
    .into_any()
}

/// From page to page. Nobody knows how many there are before they were read.
#[component]
fn Pager() -> AnyView {
    let store = use_store();
    let is_unknown = store.select(READS, |model| model.past_count().is_none());
    let total = store.select(READS, Model::past_total);
    let pages = store.select(READS, Model::past_pages);
    // link
    let go = move |page| ask(store, |query| query.page = page);
    view! {
        <nav class="pager" hidden=is_unknown aria-label="Pages of batches">
            <p class="pager-range" translate="no">{total}</p>
            <PageButtons pages on_page=go />
        </nav>
    }
    .into_any()
}
