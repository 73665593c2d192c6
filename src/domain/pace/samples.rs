//! What has been counted of one batch over time.

use super::Pace;
use crate::domain::time::{Duration, Millis, SECOND};

/// So many samples are kept of a batch; enough for a chart, too.
pub const SAMPLES_KEPT: usize = 60;

/// The rate now is that of so long a time, or of a few gaps between news where they come seldom.
const RATE_OVER: Duration = 15 * SECOND;

/// News are old after so long in any case, and after twice their usual gap where they come seldom.
const STALE_AFTER: Duration = 10 * SECOND;

/// A longer gap than this is no usual one: a lost batch is asked about every 30 s.
const GAP_MAX: Duration = 30 * SECOND;

/// What has been counted of one batch, and when. Thinned evenly, never more than [`SAMPLES_KEPT`].
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Samples {
    /// In order of time, the processed leads never decreasing; the first and the last are never thinned out.
    pub(super) kept: Vec<(Millis, u32)>,
    /// When the count last moved.
    pub(super) moved: Millis,
    pub(super) moves: u32,
    /// How far apart news usually come.
    pub(super) gap: Duration,
}

impl Samples {
    /// Takes down that the server has said so.
    pub fn note(&mut self, at: Millis, processed: u32) {
        let Some((last, before)) = self.kept.last().copied() else {
            self.moved = at;
            self.kept.push((at, processed));
            return;
        };
        // A clock that was set back, or counts that do not fit, tell nothing.
        if at < last || processed < before {
            return;
        }
        let gap = (at - last).min(GAP_MAX);
        self.gap += (gap - self.gap) / 8;
        if processed > before {
            self.moves += 1;
            self.moved = at;
        }
        self.kept.push((at, processed));
        if self.kept.len() > SAMPLES_KEPT {
            self.thin();
        }
    }

    /// Drops the sample whose neighbours are closest together in time: what stays is spread evenly.
    fn thin(&mut self) {
        let span = |place: &usize| self.kept[place + 1].0 - self.kept[place - 1].0;
        let middle = 1..self.kept.len() - 1;
        if let Some(place) = middle.min_by_key(span) {
            self.kept.remove(place);
        }
    }

    /// The points of a chart: seconds since the batch was first seen, and leads processed.
    pub fn series(&self) -> Vec<(f64, u32)> {
        let first = self.kept.first().map_or(Millis(0), |sample| sample.0);
        let point = |sample: &(Millis, u32)| ((sample.0 - first) as f64 / 1e3, sample.1);
        self.kept.iter().map(point).collect()
    }

    /// When news came last.
    fn heard(&self) -> Millis {
        self.kept.last().map_or(Millis(0), |sample| sample.0)
    }

    /// News are due and do not come.
    pub fn is_stale(&self, now: Millis) -> bool {
        now - self.heard() > STALE_AFTER.max(2 * self.gap)
    }

    /// How it goes with `total` leads in all; whether it stalls or has ended is for others to say.
    pub fn pace(&self, total: u32, now: Millis) -> Pace {
        let heard = self.heard();
        let stale = self.is_stale(now);
        let at = if stale { heard } else { now };
        match self.left(total, at) {
            None => Pace::Early,
            Some(left) => {
                let rate = self.rate();
                match stale {
                    true => Pace::Frozen {
                        rate,
                        left,
                        as_of: heard,
                    },
                    false => Pace::Going { rate, left },
                }
            }
        }
    }

    /// Leads per second, lately, as of the last news.
    pub(super) fn rate(&self) -> f64 {
        let heard = self.heard();
        let from = heard + -RATE_OVER.max(4 * self.gap);
        let first = self.kept.iter().position(|sample| sample.0 >= from);
        let first = first.unwrap_or_default().saturating_sub(1);
        match (self.kept.get(first), self.kept.last()) {
            (Some(first), Some(last)) if last.0 > first.0 => {
                f64::from(last.1 - first.1) * 1e3 / (last.0 - first.0) as f64
            }
            _ => 0.0,
        }
    }
}
