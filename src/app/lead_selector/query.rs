//! What the lead list is asked for: search, filters, order, and pages or one list.

use crate::app::effect::{Effect, StoreKey, Timer};
use crate::app::lead_selector::list::SEARCH_SETTLES;
use crate::app::{Ctx, Model};
use crate::domain::lead::{LeadFilter, LeadQuery, LeadSort, NO_PAGES, PAGE_SIZES};

impl Model {
    /// Changes the query, goes back to its first page unless only the page changed, and reads.
    pub(crate) fn requery(
        &mut self,
        change: impl FnOnce(&mut LeadQuery),
        replace: bool,
        ctx: &mut Ctx,
    ) {
        let mut query = self.route.leads.clone();
        let page = query.page;
        change(&mut query);
        if query.page == page {
            query.page = 0;
        }
        if query == self.route.leads {
            return;
        }
        self.route.leads = query;
        self.navigate(replace, ctx);
        self.read_leads(ctx);
    }

    pub(crate) fn search_typed(&mut self, text: String, ctx: &mut Ctx) {
        self.leads.typed = text;
        ctx.emit(Effect::SetTimer(Timer::Search, ctx.now + SEARCH_SETTLES));
    }

    pub(crate) fn search_settled(&mut self, ctx: &mut Ctx) {
        let search = self.leads.typed.trim().to_owned();
        self.requery(|query| query.filter.search = search, true, ctx);
    }

    pub(crate) fn filter_changed(&mut self, filter: LeadFilter, ctx: &mut Ctx) {
        self.leads.typed.clone_from(&filter.search);
        ctx.emit(Effect::ClearTimer(Timer::Search));
        self.requery(|query| query.filter = filter, true, ctx);
    }

    pub(crate) fn sort_chosen(&mut self, sort: LeadSort, ctx: &mut Ctx) {
        self.requery(
            |query| {
                query.descending = query.sort == sort && !query.descending;
                query.sort = sort;
            },
            true,
            ctx,
        );
    }

    pub(crate) fn page_chosen(&mut self, page: u32, ctx: &mut Ctx) {
        let last = self.leads.page.value().map_or(page, |shown| {
            shown.page_count(self.route.leads.page_size) - 1
        });
        self.requery(|query| query.page = page.min(last), false, ctx);
    }

    /// Pages of another size, or one list to scroll through; kept for the next visit.
    pub(crate) fn page_size_chosen(&mut self, size: u32, ctx: &mut Ctx) {
        if size == NO_PAGES || PAGE_SIZES.contains(&size) {
            self.route.usual_page_size = size;
            ctx.emit(Effect::Store(StoreKey::PageSize, Some(size.to_string())));
            self.requery(|query| query.page_size = size, true, ctx);
        }
    }

    /// Leaves leads out, or not, where many are chosen at once.
    pub(crate) fn leave_out_asked(&mut self, reported: bool, running: bool, ctx: &mut Ctx) {
        // What is listed stays the same, so nothing is read.
        self.route.leads.not_reported = reported;
        self.route.leads.not_running = running;
        self.navigate(true, ctx);
    }

    /// Shows only the chosen leads, or again all that match.
    pub(crate) fn only_chosen_asked(&mut self, only: bool, ctx: &mut Ctx) {
        self.requery(|query| query.only_chosen = only, false, ctx);
    }
}
