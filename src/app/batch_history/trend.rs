//! Cost and success over time: the server's own totals where it tells them, and the days from what was read.

use crate::app::remote::Remote;
use crate::app::requests::{Slot, unexpected};
use crate::app::{Ctx, Model};
use crate::domain::comparison::success_words;
use crate::domain::day::Day;
use crate::domain::text::{counted_batches, decimal, grouped};
use crate::domain::time::Millis;
use crate::domain::trend::{TrendDay, sum, trend};
use crate::error::Error;
use crate::route::View;
use crate::wire::rest::{Reply, Request};

impl Model {
    pub(crate) fn trend_asked(&mut self, days: Option<u32>, ctx: &mut Ctx) {
        self.route.trend = days;
        self.navigate(true, ctx);
        self.load_what_is_shown(ctx);
    }

    /// Asks for the server's totals of the period in the address.
    pub(crate) fn read_trend(&mut self, ctx: &mut Ctx) {
        let Some(days) = self
            .route
            .trend
            .filter(|_| self.route.view == View::History)
        else {
            return;
        };
        let known = self.history.totals.as_ref();
        if self.session.is_inside() && known.is_none_or(|(of, _)| *of != days) {
            let mut totals = Remote::default();
            totals.load(ctx.now);
            self.history.totals = Some((days, totals));
            self.send(Slot::Analytics, Request::Analytics(days), ctx);
        }
    }

    pub(crate) fn totals_answered(&mut self, result: Result<Reply, Error>, ctx: &mut Ctx) {
        let result = result.and_then(|reply| match reply {
            Reply::Analytics(totals) => Ok(totals),
            _ => Err(unexpected("load the server’s totals")),
        });
        if let Some((_, totals)) = &mut self.history.totals {
            totals.settle(result, ctx.now);
        }
    }

    /// Every day of the period in the address, and in words what they are of; nothing while they are read.
    pub fn trend_days(&self, now: Millis) -> Option<Vec<TrendDay>> {
        let archive = &self.history.archive;
        let days = self.route.trend.filter(|_| !self.is_archive_busy())?;
        archive.total()?;
        let today = Day::of(now, self.local_offset);
        Some(trend(archive.batches(), today, days, self.local_offset))
    }

    /// Where the figures come from: the server's own books, or only what was read here.
    pub fn trend_words(&self, days: &[TrendDay]) -> Vec<String> {
        let all = sum(days);
        let success = success_words(all.successful, all.processed);
        let success = success.map_or_else(String::new, |words| {
            format!(", {words} of their leads succeeded")
        });
        let here = format!(
            "Worked out here from the {} of these days that were read: {}{success}.",
            counted_batches(all.batches as usize),
            all.spent.words(all.batches)
        );
        let read = &self.history.archive;
        let gap =
            (read.is_cut() || read.is_short()).then(|| format!("Read were {}.", read.words()));
        let told = self
            .history
            .totals
            .as_ref()
            .map(|(_, totals)| (totals.value(), totals.error()));
        let server = match told {
            Some((Some(totals), _)) => format!(
                "The server’s own books say for the last {} days: {}, {} spent{}.",
                days.len(),
                counted_batches(totals.batches as usize),
                totals.spent,
                totals
                    .successful_each
                    .map_or_else(String::new, |each| format!(
                        ", {} leads of a batch succeeded on average",
                        decimal(each, 1)
                    ))
            ),
            Some((None, Some(_))) => "The server does not tell its own totals.".to_owned(),
            _ => "Asking the server for its own totals…".to_owned(),
        };
        [Some(server), Some(here), gap]
            .into_iter()
            .flatten()
            .collect()
    }

    /// How far the reading of the period is.
    pub fn trend_progress(&self) -> String {
        self.archive_failure()
            .or_else(|| self.archive_progress())
            .unwrap_or_else(|| format!("Read {}…", grouped(0)))
    }
}
