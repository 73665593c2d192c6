//! The lead list: search, filters, sort and paging, all done by the server.

use super::effect::{Effect, Timer};
use super::net::{Slot, unexpected};
use super::remote::Remote;
use super::{Ctx, Model};
use crate::domain::lead::{LeadFilter, LeadPage, LeadQuery, LeadSort, PAGE_SIZES};
use crate::domain::text::{counted, grouped};
use crate::domain::time::Duration;
use crate::error::Error;
use crate::wire::rest::{Reply, Request};

/// A search is sent when nothing was typed for so long, in milliseconds.
pub const SEARCH_SETTLES: Duration = 250;

/// The lead list.
#[derive(Debug, Default)]
pub struct Leads {
    pub page: Remote<LeadPage>,
    /// The search as typed; it becomes part of the query when typing pauses.
    pub typed: String,
}

impl Leads {
    /// How many leads match, once the server has said.
    pub fn total(&self) -> Option<u32> {
        self.page.value().map(|page| page.total)
    }
}

impl Model {
    pub(crate) fn read_leads(&mut self, ctx: &mut Ctx) {
        if !self.session.is_inside() {
            return;
        }
        self.leads.page.load(ctx.now);
        let query = self.route.leads.clone();
        self.send(Slot::Leads, Request::Leads(query), ctx);
    }

    pub(crate) fn leads_answered(&mut self, result: Result<Reply, Error>, ctx: &mut Ctx) {
        let result = result.and_then(|reply| match reply {
            Reply::Leads(page) => Ok(page),
            _ => Err(unexpected("load the leads")),
        });
        let query = self.route.leads.clone();
        if let Ok(page) = &result {
            // Rows may have gone since: a page beyond the end would show nothing without need.
            let last = page.page_count(query.page_size) - 1;
            if page.leads.is_empty() && query.page > last {
                self.route.leads.page = last;
                self.navigate(true, ctx);
                return self.read_leads(ctx);
            }
            let words = match page.total {
                0 => "No leads match.".to_owned(),
                total => format!("{} match.", counted(total as usize, "lead")),
            };
            self.notices.announce(words);
        }
        self.leads.page.settle(result, ctx.now);
    }

    /// Changes the query, goes back to its first page unless only the page changed, and reads.
    fn requery(&mut self, change: impl FnOnce(&mut LeadQuery), replace: bool, ctx: &mut Ctx) {
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

    pub(crate) fn page_size_chosen(&mut self, size: u32, ctx: &mut Ctx) {
        if PAGE_SIZES.contains(&size) {
            self.requery(|query| query.page_size = size, true, ctx);
        }
    }
}

/// `51–100 of 10,000`, for the page that is shown.
pub fn range_words(query: &LeadQuery, page: &LeadPage) -> String {
    if page.leads.is_empty() {
        return "0 leads".to_owned();
    }
    let first = u64::from(query.page) * u64::from(query.page_size) + 1;
    let last = first + page.leads.len() as u64 - 1;
    format!(
        "{}–{} of {}",
        grouped(first),
        grouped(last),
        grouped(page.total.into())
    )
}
