//! The time that is left, by a line through the time per lead of the latest steps.

use super::line::Line;
use super::{Left, Samples};
use crate::domain::time::{Duration, Millis, SECOND};

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

impl Samples {
    /// How long the rest of `total` leads takes; `None` where too little was seen.
    pub(super) fn left(&self, total: u32, now: Millis) -> Option<Left> {
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
