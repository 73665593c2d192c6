//! Reading the whole list of past batches, a page after the other, and keeping it up to date.

use crate::app::batch_history::details::History;
use crate::app::requests::{Slot, unexpected};
use crate::app::{Ctx, Model};
use crate::domain::archive::{Archive, READ_MAX, RUN, Scope};
use crate::domain::batch::BatchId;
use crate::domain::day::Day;
use crate::domain::history::HistoryQuery;
use crate::domain::listing::Listing;
use crate::domain::text::grouped;
use crate::domain::time::{Duration, Millis, SECOND};
use crate::error::{Error, Kind};
use crate::route::View;
use crate::wire::rest::{BatchQuery, Reply, Request};

/// What was read in full is taken as new for so long.
const FRESH: Duration = 20 * SECOND;

/// How far the reading is.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Reading {
    /// Not begun, or left.
    #[default]
    Idle,
    /// The next page is asked for.
    Pages,
    /// Everything was read; the newest are asked for again.
    Newest {
        quietly: bool,
    },
    Complete(Millis),
    Failed(Error),
}

impl Model {
    pub(crate) fn is_archive_new(&self) -> bool {
        self.history.reading == Reading::Idle && !self.history.archive.is_through()
    }

    pub(crate) fn is_archive_busy(&self) -> bool {
        self.history.reading == Reading::Pages
    }

    pub(crate) fn archive_error(&self) -> Option<&Error> {
        match &self.history.reading {
            Reading::Failed(error) => Some(error),
            _ => None,
        }
    }

    /// Why everything could not be read, in words.
    pub fn archive_failure(&self) -> Option<String> {
        self.archive_error().map(ToString::to_string)
    }

    /// `Read 1,200 of 5,000…`, while it is so.
    pub fn archive_progress(&self) -> Option<String> {
        let archive = &self.history.archive;
        let total = archive.total()?;
        self.is_archive_busy().then(|| {
            let bound = match archive.is_cut() {
                true => format!(
                    " No more than the newest {} are read.",
                    grouped(READ_MAX.into())
                ),
                false => String::new(),
            };
            let read = archive.batches().len() as u64;
            format!(
                "Read {} of {}…{bound}",
                grouped(read),
                grouped(total.into())
            )
        })
    }

    /// What of a query the server filters by.
    pub(crate) fn past_scope(&self, query: &HistoryQuery) -> Scope {
        let me = self.session.user.as_ref().map(|user| user.email.as_str());
        query.scope(me, self.local_offset)
    }

    /// What must be read in full for everything that is shown now.
    fn wanted_scope(&self, now: Millis) -> Option<Scope> {
        let route = &self.route;
        let query = &route.history;
        if route.view != View::History {
            return None;
        }
        if route.batch.is_some() {
            return self.needs_list_for_details().then(Scope::default);
        }
        if let Some(both) = &route.compare {
            let is_unknown = |id: &BatchId| {
                self.history.archive.get(id).is_none()
                    && self.known_batch(id).is_none_or(|it| it.created.is_none())
            };
            return both.iter().any(is_unknown).then(Scope::default);
        }
        let is_known = !query.mine || self.session.user.is_some();
        let list = (query.needs_all() && is_known).then(|| self.past_scope(query));
        let trend = route.trend.map(|days| {
            let first = Day::of(now, self.local_offset).plus(1 - i64::from(days));
            Scope {
                after: Some(first.start(self.local_offset)),
                ..Scope::default()
            }
        });
        match (list, trend) {
            (Some(list), Some(trend)) => Some(list.with(trend)),
            (list, trend) => list.or(trend),
        }
    }

    /// The open batch is none of the newest, and only the list tells its name and when it was made.
    fn needs_list_for_details(&self) -> bool {
        let Some(details) = &self.history.details else {
            return false;
        };
        let batch = &details.batch;
        let is_told = batch.value().is_some_and(|batch| batch.created.is_some())
            || self.history.archive.get(&details.id).is_some();
        let is_gone = |error: &Error| matches!(error.kind, Kind::NotFound(_));
        let waits = batch.is_loading() || self.net.is_busy(&Slot::BatchList);
        !is_told && !waits && !batch.error().is_some_and(is_gone)
    }

    /// More is known of the batch that is looked at, or is not.
    pub(crate) fn sync_details(&mut self, ctx: &mut Ctx) {
        if self.history.details.is_some() {
            self.sync_archive(ctx);
        }
    }

    /// Begins, goes on with, refreshes or leaves the reading, as what is shown needs it.
    pub(crate) fn sync_archive(&mut self, ctx: &mut Ctx) {
        if !self.session.is_inside() {
            return;
        }
        let wanted = self.wanted_scope(ctx.now);
        let history = &mut *self.history;
        let Some(wanted) = wanted else {
            // What was read is kept, and gone on with when it is wanted again.
            if matches!(history.reading, Reading::Pages | Reading::Newest { .. }) {
                history.reading = Reading::Idle;
                self.abort(&Slot::Archive, ctx);
            }
            return;
        };
        let is_empty = history.archive.total().is_none() && history.reading != Reading::Pages;
        if is_empty || !history.archive.covers(&wanted) {
            history.archive = Archive::new(wanted);
            history.reading = Reading::Idle;
            // Its places are those of the batches that were read before.
            history.listing = Listing::default();
        }
        match &mut history.reading {
            Reading::Newest { quietly } => *quietly = false,
            Reading::Pages => {}
            Reading::Complete(at) if ctx.now - *at < FRESH => {
                // What was listed went with an archive before this one.
                if history.listing.order.is_empty() {
                    self.list_past(false);
                }
            }
            _ => self.read_archive(false, ctx),
        }
    }

    /// Asks for the next page, or, where all are there, for the newest.
    fn read_archive(&mut self, quietly: bool, ctx: &mut Ctx) {
        let History {
            archive, reading, ..
        } = &mut *self.history;
        *reading = match archive.is_through() {
            true => Reading::Newest { quietly },
            false => Reading::Pages,
        };
        let query = BatchQuery::of(archive.scope(), archive.skip(), RUN);
        self.send(Slot::Archive, Request::Batches(query), ctx);
    }

    pub(crate) fn archive_answered(&mut self, result: Result<Reply, Error>, ctx: &mut Ctx) {
        let result = result.and_then(|reply| match reply {
            Reply::Batches(page) => Ok(page),
            _ => Err(unexpected("load the batches")),
        });
        let was = self.history.reading.clone();
        let page = match result {
            Ok(page) => page,
            Err(error) => {
                self.history.reading = Reading::Failed(error);
                return self.list_past(was == Reading::Newest { quietly: true });
            }
        };
        let listed = page.batches.clone();
        self.history.archive.take(page.batches, page.total);
        let quietly = was == Reading::Newest { quietly: true };
        let is_wanted = was != Reading::Pages || self.wanted_scope(ctx.now).is_some();
        if self.history.archive.goes_on() && is_wanted {
            self.read_archive(quietly, ctx);
            self.list_past(quietly);
        } else {
            self.history.reading = match self.history.archive.goes_on() {
                true => Reading::Idle,
                false => Reading::Complete(ctx.now),
            };
            self.list_past(quietly);
            if !quietly && self.route.history.needs_all() {
                self.announce_past();
            }
        }
        self.news_listed(&listed, ctx);
        self.details_listed(&listed);
    }

    /// A batch has ended: the newest are read again, at once where they are shown.
    pub(crate) fn archive_outdated(&mut self, ctx: &mut Ctx) {
        if !matches!(self.history.reading, Reading::Complete(_)) {
            return;
        }
        match self.wanted_scope(ctx.now) {
            Some(_) => self.read_archive(true, ctx),
            None => self.history.reading = Reading::Idle,
        }
    }
}
