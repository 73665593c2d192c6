//! The list of past batches: a page of the server's, or the app's own over everything that was read.

use crate::app::batch_history::archive::Reading;
use crate::app::batch_history::details::History;
use crate::app::effect::{Effect, StoreKey, Timer};
use crate::app::parts::{Part, Task};
use crate::app::remote::Remote;
use crate::app::requests::{Slot, unexpected};
use crate::app::{Ctx, Model};
use crate::domain::batch::{Batch, Source};
use crate::domain::history::{HistoryColumn, HistoryQuery, SEARCH_MAX};
use crate::domain::listing::{Group, Listing, Viewer};
use crate::domain::template::TemplateVersion;
use crate::domain::text::{counted_batches, grouped};
use crate::domain::time::Duration;
use crate::error::Error;
use crate::route::View;
use crate::wire::rest::{BatchPage, BatchQuery, Reply, Request};

/// Batches on a page of the history.
pub const PAGE_SIZE: u32 = 25;
/// A search is begun when nothing was typed for so long.
const SEARCH_SETTLES: Duration = 250;

/// A row of the list.
#[derive(Clone, Debug, PartialEq)]
pub enum PastRow {
    /// What the rows below have in common; whether the group goes on from the page before.
    Heading(Group, bool),
    Batch(Box<Batch>),
}

impl Model {
    /// The rows of the shown page, with the newest that is known of each batch.
    pub fn past_rows(&self) -> Vec<PastRow> {
        let row = |batch: &Batch| PastRow::Batch(Box::new(self.newest_facts(batch)));
        let query = &self.route.history;
        if !query.needs_all() {
            let page = self.history.page.value();
            return page.map_or_else(Vec::new, |page| page.batches.iter().map(row).collect());
        }
        let Listing { order, groups } = &self.history.listing;
        let first = query.page.min(self.past_page_count() - 1) * PAGE_SIZE;
        let shown = (first..).zip(order.iter().skip(first as usize));
        let mut rows = Vec::new();
        for (at, place) in shown.take(PAGE_SIZE as usize) {
            let group = groups.iter().rev().find(|group| group.first <= at);
            let group = group.filter(|group| group.first == at || at == first);
            rows.extend(group.map(|group| PastRow::Heading(group.clone(), group.first < at)));
            rows.extend(self.history.archive.batches().get(*place as usize).map(row));
        }
        rows
    }

    /// How many batches are listed, on all pages; nothing before that is known.
    pub fn past_count(&self) -> Option<u32> {
        let History { archive, page, .. } = &*self.history;
        if !self.route.history.needs_all() {
            return page.value().map(|page| page.total);
        }
        let is_known = archive.total().is_some() && !self.list_waits() && !self.waits_for_person();
        is_known.then(|| self.history.listing.order.len() as u32)
    }

    /// The same in words, which say where more may be found.
    pub fn past_total(&self) -> String {
        let total = counted_batches(self.past_count().unwrap_or(0) as usize);
        match self.route.history.needs_all() && self.is_archive_busy() {
            true => total + " so far",
            false => total,
        }
    }

    /// In parts, only what the server's own order adds at the end makes sense: sorted rows would jump with each page.
    fn list_waits(&self) -> bool {
        self.route.history.is_arranged() && self.is_archive_busy()
    }

    /// How many pages there are; at least one.
    pub fn past_page_count(&self) -> u32 {
        self.past_count().unwrap_or(0).div_ceil(PAGE_SIZE).max(1)
    }

    /// What is shown is being read.
    pub fn is_past_busy(&self) -> bool {
        match self.route.history.needs_all() && !self.history.page.is_loading() {
            true => self.is_archive_busy(),
            false => self.history.page.is_loading(),
        }
    }

    /// Why what is shown could not be read.
    pub fn past_error(&self) -> Option<&Error> {
        let needs_all = self.route.history.needs_all();
        let of_archive = self.archive_error().filter(|_| needs_all);
        self.history.page.error().or(of_archive)
    }

    /// The template versions that can be chosen among: those on offer, and those of past batches as far as they were read.
    pub fn past_templates(&self) -> Vec<TemplateVersion> {
        let offered = self.compose.templates.value().map(Vec::as_slice);
        let offered = offered.unwrap_or_default().iter().map(|it| &it.version);
        let page = self
            .history
            .page
            .value()
            .map(|page| page.batches.as_slice());
        let listed = page.unwrap_or_default().iter();
        let listed = listed.chain(self.history.archive.batches());
        let past = listed.filter_map(|batch| batch.template.as_ref());
        let mut versions: Vec<TemplateVersion> = Vec::new();
        for version in offered.chain(&self.route.history.template).chain(past) {
            if !versions.contains(version) {
                versions.push(version.clone());
            }
        }
        versions
    }

    /// How far a list that the app itself makes is read, or how many were found among how many.
    pub fn past_words(&self) -> Option<String> {
        let query = &self.route.history;
        let archive = &self.history.archive;
        if !query.needs_all() || archive.total().is_none() || self.waits_for_person() {
            return None;
        }
        if let Some(words) = self.archive_progress() {
            let later = if query.is_arranged() {
                " They are put in order when all are there."
            } else {
                ""
            };
            return Some(format!("{words}{later}"));
        }
        let found = grouped(self.history.listing.order.len() as u64);
        Some(format!("{found} found among {}.", archive.words()))
    }

    /// Says what came of a person's question, once it is answered.
    pub(crate) fn announce_past(&mut self) {
        let is_list = self.route.batch.is_none() && self.route.compare.is_none();
        let waits =
            self.is_past_busy() || self.past_error().is_some() || self.past_count().is_none();
        let is_refreshed = matches!(self.history.reading, Reading::Newest { .. });
        if is_list && !waits && !(is_refreshed && self.route.history.needs_all()) {
            let words = self.past_words().unwrap_or_else(|| self.past_total());
            self.notices.announce(words);
        }
    }

    /// Nothing that the present query needs has been asked for.
    pub(crate) fn is_history_unread(&self) -> bool {
        self.history.page.is_idle() && (!self.route.history.needs_all() || self.is_archive_new())
    }

    /// Reads what is to be shown, or lists what was read; whoever asks gets the newest order.
    pub(crate) fn read_history(&mut self, ctx: &mut Ctx) {
        if !self.session.is_inside() {
            return;
        }
        self.history.is_outdated = false;
        self.history.is_quiet = false;
        self.abort(&Slot::History, ctx);
        self.sync_archive(ctx);
        if self.waits_for_person() {
            // Never everybody's batches under “only mine”: whose they are is asked first.
            self.history.page = Remote::Idle;
            self.history.page.load(ctx.now);
            self.history.listing = Listing::default();
            return self.send_if_free(Slot::Me, Request::Me, ctx);
        }
        if self.route.history.needs_all() {
            self.history.page = Remote::Idle;
            self.list_past(false);
            return self.announce_past();
        }
        self.read_page(ctx);
    }

    /// Only a person's own batches are wanted, and nobody knows yet who that is.
    fn waits_for_person(&self) -> bool {
        self.route.history.mine && self.session.user.is_none()
    }

    /// It is known now whose batches “only mine” are, or why not.
    pub(crate) fn person_answered(&mut self, error: Option<Error>, ctx: &mut Ctx) {
        let page = &self.history.page;
        let is_shown = match self.route.history.needs_all() {
            // The app's own list keeps no page; without a person its reading goes no further.
            true => page.is_idle() && (error.is_none() || self.is_archive_new()),
            false => page.is_idle() || page.value().is_some(),
        };
        if !self.route.history.mine || is_shown {
            return;
        }
        match error {
            Some(error) => self.history.page.settle(Err(error), ctx.now),
            None => self.read_history(ctx),
        }
    }

    fn read_page(&mut self, ctx: &mut Ctx) {
        let query = &self.route.history;
        let scope = self.past_scope(query);
        let skip = query.page.saturating_mul(PAGE_SIZE);
        let query = BatchQuery::of(&scope, skip, PAGE_SIZE);
        self.history.page.load(ctx.now);
        self.send(Slot::History, Request::Batches(query), ctx);
    }

    pub(crate) fn history_answered(&mut self, result: Result<Reply, Error>, ctx: &mut Ctx) {
        let result = result.and_then(|reply| match reply {
            Reply::Batches(page) => Ok(page),
            _ => Err(unexpected("load the batches")),
        });
        let listed = result
            .as_ref()
            .map_or_else(|_| Vec::new(), |page| page.batches.clone());
        let is_quiet = std::mem::take(&mut self.history.is_quiet);
        if let Ok(page) = &result
            && page.batches.is_empty()
            && let Some(last) = page.total.checked_sub(1).map(|last| last / PAGE_SIZE)
            && self.route.history.page > last
        {
            // An address may lead beyond the last page.
            self.route.history.page = last;
            self.navigate(true, ctx);
            return self.read_page(ctx);
        }
        if !self.is_page_of_query() {
            // Rows of another filter are no answer, not even where this one could not be read.
            self.history.page = Remote::Idle;
        }
        let old = self.history.page.value().filter(|_| is_quiet).cloned();
        let result = match (result, old) {
            (Ok(page), Some(old)) => Ok(self.in_place(old, page)),
            (result, _) => result,
        };
        self.history.page_of.clone_from(&self.route.history);
        self.history.page.settle(result, ctx.now);
        if !is_quiet {
            self.announce_past();
        }
        self.news_listed(&listed, ctx);
        self.details_listed(&listed);
    }

    /// The rows that are there are those of what is asked for now.
    fn is_page_of_query(&self) -> bool {
        self.history.page_of == self.route.history
    }

    /// Nobody asked for another page: what it tells is taken in place, and it is said that rows would stand elsewhere.
    fn in_place(&mut self, mut old: BatchPage, new: BatchPage) -> BatchPage {
        let ids = |page: &BatchPage| -> Vec<_> {
            page.batches.iter().map(|batch| batch.id.clone()).collect()
        };
        if ids(&old) == ids(&new) {
            return new;
        }
        self.history.is_outdated = true;
        for batch in new.batches {
            if let Some(known) = old.batches.iter_mut().find(|known| known.id == batch.id) {
                known.merge(batch, Source::Rest);
            }
        }
        old
    }

    /// What a list tells of batches that are watched is news.
    pub(crate) fn news_listed(&mut self, listed: &[Batch], ctx: &mut Ctx) {
        for batch in listed {
            if self.batches.get(&batch.id).is_some() {
                self.ask(Part::Live, Task::News(Box::new(batch.clone())), ctx);
            }
        }
    }

    /// Lists what was read. `quietly` leaves the order as it is and only tells whether it would be another.
    pub(crate) fn list_past(&mut self, quietly: bool) {
        let query = &self.route.history;
        if !query.needs_all() || self.waits_for_person() {
            return;
        }
        for tracking in self.batches.shown() {
            self.history.archive.learn(&tracking.batch);
        }
        let marks = &self.views.marks;
        let viewer = Viewer {
            query,
            me: self.session.user.as_ref().map(|user| user.email.as_str()),
            is_pinned: &|id| marks.is_pinned(id),
            offset: self.local_offset,
        };
        let listing = match self.list_waits() {
            true => Listing::default(),
            false => viewer.list(self.history.archive.batches()),
        };
        if quietly && listing.order != self.history.listing.order {
            self.history.is_outdated = true;
        } else {
            // In the same order, only what the groups come to is new.
            self.history.listing = listing;
        }
    }

    /// A batch has ended: what the history shows is older than that.
    pub(crate) fn history_outdated(&mut self, ctx: &mut Ctx) {
        self.archive_outdated(ctx);
        self.history.totals = None;
        self.read_trend(ctx);
        match self.route.view {
            View::History if self.route.history.needs_all() => {}
            // Nobody asked: rows that are there already stay where they are.
            View::History
                if self.history.page.value().is_some()
                    && self.is_page_of_query()
                    && !self.waits_for_person()
                    && (self.history.is_quiet || !self.history.page.is_loading()) =>
            {
                self.history.is_quiet = true;
                self.read_page(ctx);
            }
            View::History => self.read_history(ctx),
            _ => self.history.page = Remote::Idle,
        }
    }

    pub(crate) fn history_asked(&mut self, mut query: HistoryQuery, ctx: &mut Ctx) {
        if !self.is_searched() && query.search == self.route.history.search {
            // Something else was asked for before the words just typed had settled.
            query.search = self.typed_search();
            query.page = 0;
        } else {
            self.history.typed.clone_from(&query.search);
        }
        ctx.emit(Effect::ClearTimer(Timer::PastSearch));
        self.ask_history(query, false, ctx);
    }

    pub(crate) fn filters_removed(&mut self, ctx: &mut Ctx) {
        self.history.typed.clear();
        self.history_asked(self.route.history.unfiltered(), ctx);
        // The button is gone with the filters.
        ctx.emit(Effect::Focus("view-heading"));
    }

    fn typed_search(&self) -> String {
        self.history.typed.trim().to_owned()
    }

    /// What was typed is what was searched for.
    fn is_searched(&self) -> bool {
        self.history.typed.trim() == self.route.history.search
    }

    fn ask_history(&mut self, query: HistoryQuery, replace: bool, ctx: &mut Ctx) {
        let old = self.route.history.clone();
        if query == old {
            return;
        }
        self.route.history = query;
        self.navigate(replace, ctx);
        if !self.route.history.is_listed_with(&old) {
            self.read_history(ctx);
        }
    }

    pub(crate) fn past_search_typed(&mut self, text: String, ctx: &mut Ctx) {
        self.history.typed = text.chars().take(SEARCH_MAX).collect();
        ctx.emit(Effect::SetTimer(
            Timer::PastSearch,
            ctx.now + SEARCH_SETTLES,
        ));
    }

    pub(crate) fn past_search_settled(&mut self, ctx: &mut Ctx) {
        if self.is_searched() {
            return;
        }
        let query = HistoryQuery {
            search: self.typed_search(),
            page: 0,
            ..self.route.history.clone()
        };
        self.ask_history(query, true, ctx);
    }

    pub(crate) fn history_column_shown(
        &mut self,
        column: HistoryColumn,
        shown: bool,
        ctx: &mut Ctx,
    ) {
        self.views.hidden.show(column, shown);
        let kept = self.views.hidden.to_text();
        ctx.emit(Effect::Store(StoreKey::HistoryColumns, Some(kept)));
    }
}
