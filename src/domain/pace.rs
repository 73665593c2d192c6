//! How fast a batch goes, and how long the rest of it takes, as a range.
//!
//! Method: what has been processed is cut into steps of equally many leads, because a pause then makes one step long
//! instead of leaving many empty. The time per lead is fitted over those steps as a straight line: Bayesian linear
//! regression (Bishop, *Pattern Recognition and Machine Learning*, section 3.3), with a prior that draws the slope to
//! none, and with older steps counting less (exponential forgetting; Haykin, *Adaptive Filter Theory*, chapter 10), so
//! that a change of speed is followed. The line is continued through what is left. The range is that of the prediction:
//! uncertainty of the line, unevenness of the steps still to come, and a drift of the speed that grows with the share
//! left. `cargo run --release --example eta_bench` judges it, also as a group of `cargo xtask bench`.

use super::time::{Duration, Millis, SECOND};

/// So many samples are kept of a batch; enough for a chart, too.
pub const SAMPLES_KEPT: usize = 60;
/// No time left is told before so long a watch: the server reports about every 2 s, so that is five reports.
const WATCHED_FOR: Duration = 10 * SECOND;
/// Nor before the counts have moved so often: fewer steps tell no unevenness.
const MOVES_NEEDED: u32 = 4;
/// A fit is made of at most so many steps.
const STEPS: usize = 12;
/// A step takes so long at least, on the average: two of the server's reports, so that where they fall matters little.
const STEP_LENGTH: Duration = 4 * SECOND;
/// The weight of a step against the next newer one, where there are [`STEPS`]: the oldest counts less than half.
const FORGETTING: f64 = 0.93;
/// How far the time per lead may change over a whole batch, as a share of itself (one deviation). Wide: a batch that
/// slows down to a third of its speed is told in time.
const SLOPE_EXPECTED: f64 = 1.4;
/// How uneven steps are expected to be, as a share, and how many steps that expectation is worth.
const UNEVEN_EXPECTED: (f64, f64) = (0.08, 1.0);
/// How far the speed drifts over a whole batch for no reason that can be seen, as a share (one deviation).
const DRIFT: f64 = 0.22;
/// Half the range in deviations. The last four figures are fitted with `eta_bench`: the narrowest range that holds the
/// truth in four fifths of the time for batches that are steady, noisy, slowing down or speeding up.
const RANGE: f64 = 1.2;
/// No range is narrower: where a report falls shifts everything by so much.
const NARROWEST: f64 = 2_000.0;
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
    kept: Vec<(Millis, u32)>,
    /// When the count last moved.
    moved: Millis,
    moves: u32,
    /// How far apart news usually come.
    gap: Duration,
}

/// How a batch goes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Pace {
    /// Too little was seen to say how long the rest takes.
    Early,
    /// News are fresh.
    Going { rate: f64, left: Left },
    /// No news since `as_of`; rate and time left are those of then.
    Frozen {
        rate: f64,
        left: Left,
        as_of: Millis,
    },
    /// News come, and nothing has moved since then.
    Stalled { since: Millis },
    /// Nothing is left to wait for.
    Ended,
}

/// The time that is left, from and to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Left {
    pub low: Duration,
    pub high: Duration,
}

impl Pace {
    /// Leads per second, lately.
    pub fn rate(&self) -> Option<f64> {
        match self {
            Self::Going { rate, .. } | Self::Frozen { rate, .. } => Some(*rate),
            _ => None,
        }
    }

    /// The time left, where it can be told.
    pub fn left(&self) -> Option<Left> {
        match self {
            Self::Going { left, .. } | Self::Frozen { left, .. } => Some(*left),
            _ => None,
        }
    }
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
    fn rate(&self) -> f64 {
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

    fn left(&self, total: u32, now: Millis) -> Option<Left> {
        let (_, done) = *self.kept.last()?;
        // What was waited for the first lead says nothing of the speed.
        let first = self.kept.first()?.1;
        let begin = self.kept.iter().rposition(|sample| sample.1 == first)?;
        let (begun, _) = self.kept[begin];
        let watched = self.moved - begun;
        if self.moves < MOVES_NEEDED || watched < WATCHED_FOR {
            return None;
        }
        let rest = f64::from(total.saturating_sub(done));
        let fit = self.fit(begin, total)?;
        let middle = fit.mean * rest;
        // While nothing moves it is not known to come any nearer, beyond what lies between two moves.
        let waited = (now - self.moved) as f64;
        let usual = (1.5 * fit.now).max(1.5 * self.gap as f64);
        let middle = (middle - waited.min(usual)).max(0.0);
        let half = (RANGE * fit.deviation * rest).max(NARROWEST / 2.0);
        let ratio = 1.0 + half / middle.max(1.0);
        Some(Left {
            low: (middle / ratio) as Duration,
            high: (middle * ratio) as Duration,
        })
    }

    /// When the count passed `leads`, between the samples in a straight line.
    fn passed(&self, leads: f64) -> f64 {
        let mut earlier = (0.0, 0.0);
        for (at, processed) in &self.kept {
            let (at, processed) = (at.0 as f64, f64::from(*processed));
            if processed >= leads {
                if processed <= earlier.1 || earlier.0 == 0.0 {
                    return at;
                }
                return earlier.0
                    + (at - earlier.0) * (leads - earlier.1) / (processed - earlier.1);
            }
            earlier = (at, processed);
        }
        earlier.0
    }

    /// Fits the time per lead, in milliseconds, and continues it to the end.
    fn fit(&self, begin: usize, total: u32) -> Option<Fit> {
        let (begun, first) = *self.kept.get(begin)?;
        let (_, done) = *self.kept.last()?;
        let seen = done - first;
        let steps = ((self.moved - begun) / STEP_LENGTH).clamp(3, STEPS as Duration);
        let steps = (steps as usize).min(seen as usize).min(self.moves as usize);
        let size = f64::from(seen) / steps as f64;
        let all = f64::from(total.max(1));
        let mut paces = [0.0; STEPS];
        let mut earlier = begun.0 as f64;
        for (step, pace) in paces.iter_mut().enumerate().take(steps) {
            let passed = self.passed(f64::from(first) + size * (step + 1) as f64);
            *pace = (passed - earlier) / size;
            earlier = passed;
        }
        let paces = &paces[..steps];
        let step_share = size / all;
        // The middle of a step, seen from now, as a share of the batch.
        let place = |step: usize| -(((steps - step) as f64) - 0.5) * step_share;
        // Fewer steps are each a larger part of what was seen, and are forgotten faster.
        let forgetting = 1.0 - (1.0 - FORGETTING) * STEPS as f64 / steps.max(6) as f64;
        let typical = paces.iter().sum::<f64>() / steps as f64;
        let (expected, worth) = UNEVEN_EXPECTED;
        let mut unevenness = (expected * typical) * (expected * typical);
        let mut fit = Line::default();
        let spread = (SLOPE_EXPECTED * typical) * (SLOPE_EXPECTED * typical);
        // How uneven the steps are is known only beside a line, and the line only by how uneven they are.
        for _ in 0..2 {
            fit = Line::through(paces, place, forgetting, unevenness / spread.max(1e-9));
            let (mut squares, mut weights, mut weight) = (0.0, 0.0, 1.0);
            for (step, pace) in paces.iter().enumerate().rev() {
                let off = pace - fit.at(place(step));
                squares += weight * off * off;
                weights += weight;
                weight *= forgetting;
            }
            let prior = worth * (expected * typical) * (expected * typical);
            unevenness = (squares + prior) / (weights * (1.0 - 1.0 / steps as f64) + worth);
        }
        let share_left = f64::from(total.saturating_sub(done)) / all;
        let ahead = share_left / 2.0;
        let mean = fit.at(ahead).max(typical / 5.0);
        let of_line = fit.variance(ahead) * unevenness;
        let of_steps = unevenness * (step_share / share_left.max(step_share));
        let of_drift = DRIFT * DRIFT * mean * mean * share_left;
        Some(Fit {
            mean,
            now: fit.at(0.0).max(0.0),
            deviation: (of_line + of_steps + of_drift).sqrt(),
        })
    }
}

/// What a fit says of the leads that are left, in milliseconds per lead.
struct Fit {
    mean: f64,
    now: f64,
    deviation: f64,
}

/// A straight line, and the inverse of its normal equations.
#[derive(Default)]
struct Line {
    level: f64,
    slope: f64,
    inverse: [f64; 3],
}

impl Line {
    /// Weighted least squares with a prior on the slope around 0.
    fn through(paces: &[f64], place: impl Fn(usize) -> f64, forgetting: f64, prior: f64) -> Self {
        let (mut a, mut b, mut c) = (0.0, 0.0, prior);
        let (mut d, mut e) = (0.0, 0.0);
        let mut weight = 1.0;
        for (step, pace) in paces.iter().enumerate().rev() {
            let x = place(step);
            a += weight;
            b += weight * x;
            c += weight * x * x;
            d += weight * pace;
            e += weight * x * pace;
            weight *= forgetting;
        }
        let determinant = a * c - b * b;
        if determinant <= 0.0 {
            return Self {
                level: d / a.max(1e-9),
                ..Self::default()
            };
        }
        Self {
            level: (d * c - e * b) / determinant,
            slope: (a * e - b * d) / determinant,
            inverse: [c / determinant, -b / determinant, a / determinant],
        }
    }

    fn at(&self, x: f64) -> f64 {
        self.level + self.slope * x
    }

    /// The variance of the line at `x`, in units of the unevenness.
    fn variance(&self, x: f64) -> f64 {
        let [level, both, slope] = self.inverse;
        level + 2.0 * both * x + slope * x * x
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const START: Millis = Millis(1_795_438_400_000);

    /// Reports of what is processed, each so many seconds after the start.
    fn watched(reports: impl IntoIterator<Item = (i64, u32)>) -> Samples {
        let mut samples = Samples::default();
        for (second, processed) in reports {
            samples.note(START + second * SECOND, processed);
        }
        samples
    }

    /// One report every 2 s, two leads each, for so long.
    fn steady(seconds: i64) -> Samples {
        watched((0..=seconds / 2).map(|n| (2 * n, 2 * n as u32)))
    }

    fn left(pace: Pace) -> (Duration, Duration) {
        let left = pace.left().unwrap();
        (left.low / SECOND, left.high / SECOND)
    }

    /// Prevents: the first two reports of a batch of an hour say that it ends in a minute.
    #[test]
    fn nothing_is_told_before_enough_was_seen() {
        for (reports, why) in [
            (vec![], "no news"),
            (vec![(0, 5)], "met in the middle"),
            (
                vec![(0, 0), (2, 10), (4, 20), (6, 30), (8, 40)],
                "too short a watch",
            ),
            (vec![(0, 0), (30, 10), (60, 20), (90, 30)], "too few moves"),
            (vec![(0, 7), (20, 7), (40, 7), (60, 7)], "nothing moves"),
        ] {
            let now = START + reports.last().map_or(0, |last| last.0) * SECOND;
            assert_eq!(watched(reports).pace(300, now), Pace::Early, "{why}");
        }
        assert_ne!(steady(10).pace(300, START + 10 * SECOND), Pace::Early);
    }

    #[test]
    fn a_steady_batch_has_its_true_end_in_a_narrow_range() {
        let samples = steady(100);
        let pace = samples.pace(300, START + 100 * SECOND);
        let (low, high) = left(pace);
        assert!(
            low < 200 && 200 < high && high - low < 120,
            "{low} to {high}"
        );
        let rate = pace.rate().unwrap();
        assert!((0.95..1.05).contains(&rate), "{rate}");
    }

    /// Prevents: what a batch did before the page was opened, or its wait for the first lead, counts as its speed.
    #[test]
    fn only_what_was_watched_counts() {
        let met = watched((0..=50).map(|n| (2 * n, 1_000 + 2 * n as u32)));
        let (low, high) = left(met.pace(1_300, START + 100 * SECOND));
        assert!(low < 200 && 200 < high, "{low} to {high}");
        let waited = watched((0..=50).map(|n| (2 * n, (2 * n as u32).saturating_sub(50))));
        let (low, high) = left(waited.pace(150, START + 100 * SECOND));
        assert!(low < 100 && 100 < high && high < 180, "{low} to {high}");
    }

    /// Prevents: the time left runs down to none while the link is cut.
    #[test]
    fn old_news_freeze_the_range_as_of_then() {
        let samples = steady(100);
        let fresh = samples.pace(300, START + 109 * SECOND);
        assert!(matches!(fresh, Pace::Going { .. }));
        let frozen = samples.pace(300, START + 500 * SECOND);
        let Pace::Frozen { as_of, left, .. } = frozen else {
            panic!("{frozen:?}")
        };
        assert_eq!(as_of, START + 100 * SECOND);
        assert_eq!(Some(left), samples.pace(300, as_of).left());
    }

    /// Prevents: a server that reports every 30 s is called stale most of the time.
    #[test]
    fn news_that_come_seldom_are_fresh_for_longer() {
        let samples = watched((0..20).map(|n| (30 * n, 30 * n as u32)));
        let heard = START + 570 * SECOND;
        assert!(!samples.is_stale(heard + 29 * SECOND));
        assert!(samples.is_stale(heard + 90 * SECOND));
    }

    /// Prevents: during a pause the time left counts down, and the batch is late again and again.
    #[test]
    fn a_pause_holds_the_time_left() {
        let reports = (0..=50).map(|n| (2 * n, 2 * n as u32));
        let samples = watched(reports.chain((51..=65).map(|n| (2 * n, 100))));
        let before = left(steady(100).pace(300, START + 100 * SECOND));
        let paused = left(samples.pace(300, START + 130 * SECOND));
        assert!(before.0 - paused.0 <= 4, "{before:?} {paused:?}");
        assert_eq!(samples.rate(), 0.0);
    }

    /// Prevents: ten frames a second fill the memory, or push out what tells the speed.
    #[test]
    fn what_is_kept_is_bounded_and_spread_evenly() {
        let mut samples = Samples::default();
        for n in 0..20_000 {
            samples.note(START + n * 100, n as u32 / 10);
        }
        let series = samples.series();
        assert_eq!(series.len(), SAMPLES_KEPT);
        assert_eq!((series[0], series[59].1), ((0.0, 0), 1_999));
        let widest = series.windows(2).map(|pair| pair[1].0 - pair[0].0);
        assert!(widest.fold(0.0, f64::max) < 100.0);
        let (low, high) = left(samples.pace(4_000, START + 2_000 * SECOND));
        assert!(low < 2_000 && 2_000 < high, "{low} to {high}");
    }

    /// Prevents: a clock that was set back, counts out of order or none at all end in nonsense.
    #[test]
    fn strange_input_is_harmless() {
        let mut samples = steady(60);
        let before = samples.clone();
        samples.note(START, 1);
        samples.note(START + 90 * SECOND, 3);
        assert_eq!(samples, before);
        for total in [0, 1, 60, u32::MAX] {
            let Some(Left { low, high }) = samples.pace(total, START + 61 * SECOND).left() else {
                continue;
            };
            assert!(0 <= low && low <= high, "{total}: {low} to {high}");
        }
        samples.note(Millis(i64::MAX), u32::MAX);
        samples.pace(u32::MAX, Millis(i64::MAX));
    }
}
