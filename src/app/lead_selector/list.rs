//! The lead list: search, filters, sort, pages or one list to scroll through, all done by the server.

use std::rc::Rc;

use crate::app::effect::{Effect, Timer};
use crate::app::lead_selector::scroll::{BLOCK, FIRST_READ, Row, Rows, Window};
use crate::app::remote::Remote;
use crate::app::requests::{Slot, unexpected};
use crate::app::{Ctx, Model};
use crate::domain::lead::{Lead, LeadId, LeadPage, LeadQuery, NO_PAGES};
use crate::domain::text::{counted, grouped};
use crate::domain::time::Duration;
use crate::error::Error;
use crate::wire::rest::{Reply, Request};

/// A search is sent when nothing was typed for so long, in milliseconds.
pub const SEARCH_SETTLES: Duration = 250;
/// A list that has not moved for so long rests, in milliseconds.
const RESTS_AFTER: Duration = 150;

/// The lead list.
#[derive(Debug, Default)]
pub struct Leads {
    /// The shown page. Without pages it has no leads of its own, only how the reading goes and how many match.
    pub page: Remote<LeadPage>,
    rows: Rows,
    /// The chosen leads, where only they are shown: as they were when this was asked for, so that a lead that is taken
    /// out stays in its row.
    chosen: Option<Vec<Rc<Lead>>>,
    is_scrolled: bool,
    /// The search as typed; it becomes part of the query when typing pauses.
    pub typed: String,
}

impl Leads {
    /// How many leads there are to show, once known.
    pub fn total(&self) -> Option<u32> {
        self.page.value().map(|page| page.total)
    }

    /// The first leads were read, or it was told why not.
    pub(crate) fn is_answered(&self) -> bool {
        self.page.value().is_some() || self.page.error().is_some()
    }

    /// One list to scroll through instead of pages.
    pub fn is_scrolled(&self) -> bool {
        self.is_scrolled
    }

    /// The rows in view, of a list to scroll through.
    pub fn window(&self) -> Window {
        self.rows.window()
    }

    /// The list moves so fast that the rows beside those in view will not be seen.
    pub fn is_flick(&self) -> bool {
        self.rows.is_flick()
    }

    /// The lead at a place of the page or the list, where it has been read.
    pub fn at(&self, place: u32) -> Option<&Rc<Lead>> {
        match (self.is_scrolled, &self.chosen) {
            (true, Some(chosen)) => chosen.get(place as usize),
            (true, None) => self.rows.at(place),
            (false, _) => self.page.value()?.leads.get(place as usize),
        }
    }

    /// What stands in a row of the page or the list.
    pub fn row(&self, place: u32) -> Row {
        if self.is_scrolled && self.chosen.is_none() {
            return self.rows.row(place);
        }
        self.at(place)
            .map_or(Row::Waiting, |lead| Row::Lead(lead.clone()))
    }

    /// Where a lead stands on the page or in the list.
    pub fn place_of(&self, id: &LeadId) -> Option<u32> {
        if self.is_scrolled && self.chosen.is_none() {
            return self.rows.place_of(id);
        }
        let place = self.loaded().position(|lead| lead.id == *id);
        place.map(|place| place as u32)
    }

    /// The leads that have been read of the page or the list.
    pub fn loaded(&self) -> Box<dyn Iterator<Item = &Rc<Lead>> + '_> {
        match (self.is_scrolled, &self.chosen) {
            (true, Some(chosen)) => Box::new(chosen.iter()),
            (true, None) => Box::new(self.rows.loaded()),
            (false, _) => Box::new(self.page.value().into_iter().flat_map(|page| &page.leads)),
        }
    }

    /// Entries of the server's that could not be shown.
    pub fn left_out(&self) -> u32 {
        let of_page = self.page.value().map_or(0, |page| page.left_out);
        if self.is_scrolled {
            self.rows.left_out
        } else {
            of_page
        }
    }
}

impl Model {
    pub(crate) fn read_leads(&mut self, ctx: &mut Ctx) {
        if !self.session.is_inside() {
            return;
        }
        let query = self.route.leads.clone();
        self.leads.is_scrolled = query.page_size == NO_PAGES;
        self.leads.chosen = None;
        for number in self.blocks_under_way() {
            self.abort(&Slot::Rows(number), ctx);
        }
        if query.only_chosen {
            return self.show_chosen(&query, ctx);
        }
        self.leads.page.load(ctx.now);
        self.leads.rows.renew();
        let run = match self.leads.is_scrolled {
            true => query.run(0, FIRST_READ),
            false => query.page_run(),
        };
        self.send(Slot::Leads, Request::Leads(run), ctx);
    }

    /// Shows the chosen leads, which are all here, in the order of the table.
    fn show_chosen(&mut self, query: &LeadQuery, ctx: &mut Ctx) {
        self.abort(&Slot::Leads, ctx);
        let mut leads: Vec<_> = self.choice.selection.iter().cloned().collect();
        query.sort.sort(&mut leads, query.descending);
        let mut page = LeadPage {
            total: leads.len() as u32,
            ..LeadPage::default()
        };
        if self.leads.is_scrolled {
            self.leads.chosen = Some(leads);
        } else {
            let (size, skip) = (query.page_size as usize, query.page_run().skip as usize);
            page.leads = leads.into_iter().skip(skip).take(size).collect();
        }
        self.leads.page.settle(Ok(page), ctx.now);
    }

    /// The list does not move any more: the rows beside those in view are made ready too.
    pub(crate) fn rows_rest(&mut self, ctx: &mut Ctx) {
        self.leads.rows.rest();
        self.read_rows(ctx);
    }

    /// Other rows came into view.
    pub(crate) fn rows_shown(&mut self, window: Window, ctx: &mut Ctx) {
        self.leads.rows.show(window);
        if self.leads.is_flick() {
            ctx.emit(Effect::SetTimer(Timer::Rest, ctx.now + RESTS_AFTER));
        }
        self.read_rows(ctx);
    }

    fn blocks_under_way(&self) -> Vec<u32> {
        let slots = self.net.slots();
        let block = |slot: &Slot| match slot {
            Slot::Rows(number) => Some(*number),
            _ => None,
        };
        slots.filter_map(block).collect()
    }

    /// Asks for the blocks in view and those that come next.
    fn read_rows(&mut self, ctx: &mut Ctx) {
        if !self.leads.is_scrolled
            || self.leads.chosen.is_some()
            || self.leads.page.error().is_some()
        {
            return;
        }
        let (new, idle) = self.leads.rows.reads(&self.blocks_under_way());
        for number in idle {
            self.abort(&Slot::Rows(number), ctx);
        }
        for number in new {
            let run = self.route.leads.run(number * BLOCK, BLOCK);
            self.send(Slot::Rows(number), Request::Leads(run), ctx);
        }
    }

    pub(crate) fn rows_answered(
        &mut self,
        number: u32,
        result: Result<Reply, Error>,
        ctx: &mut Ctx,
    ) {
        match read_page(result) {
            Ok(mut page) => {
                let leads = page.leads.into_iter().map(|lead| self.shared(lead));
                page.leads = leads.collect();
                let status = LeadPage {
                    total: page.total,
                    ..LeadPage::default()
                };
                self.leads.page.settle(Ok(status), ctx.now);
                self.leads.rows.take(number, page, true);
                self.read_rows(ctx);
            }
            Err(error) => self.leads.page.settle(Err(error), ctx.now),
        }
    }

    /// Reads again what could not be read.
    pub(crate) fn leads_retried(&mut self, ctx: &mut Ctx) {
        let known = self.leads.page.value().cloned();
        match known.filter(|_| self.leads.is_scrolled && self.leads.rows.total().is_some()) {
            Some(page) => {
                self.leads.page.settle(Ok(page), ctx.now);
                self.read_rows(ctx);
            }
            None => self.read_leads(ctx),
        }
    }

    pub(crate) fn leads_answered(&mut self, result: Result<Reply, Error>, ctx: &mut Ctx) {
        let result = read_page(result);
        let query = self.route.leads.clone();
        let is_scrolled = self.leads.is_scrolled;
        if let Ok(page) = &result {
            // Rows may have gone since: a page beyond the end would show nothing without need.
            let last = page.page_count(query.page_size).saturating_sub(1);
            if !is_scrolled && page.leads.is_empty() && query.page > last {
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
        let result = result.map(|mut page| {
            if is_scrolled {
                let status = LeadPage {
                    leads: std::mem::take(&mut page.leads),
                    ..page.clone()
                };
                self.leads.rows.take(0, status, false);
            }
            page
        });
        self.leads.page.settle(result, ctx.now);
        match is_scrolled && self.leads.rows.stand() {
            // What comes next waits until these are painted.
            true => ctx.emit(Effect::SetTimer(Timer::Rest, ctx.now + RESTS_AFTER)),
            false => self.read_rows(ctx),
        }
    }
}

fn read_page(result: Result<Reply, Error>) -> Result<LeadPage, Error> {
    match result? {
        Reply::Leads(page) => Ok(page),
        _ => Err(unexpected("load the leads")),
    }
}

/// `51–100 of 10,000`, for the page that is shown.
pub fn range_words(query: &LeadQuery, page: &LeadPage, window: Window) -> String {
    if query.page_size == NO_PAGES && page.total > 0 {
        let last = u64::from(window.last.min(page.total - 1)) + 1;
        return format!(
            "{}–{} of {}",
            grouped(u64::from(window.first) + 1),
            grouped(last),
            grouped(page.total.into())
        );
    }
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
