//! Sees a change of prices in the newest batches.

use super::fit::{DEVIATIONS, Point, deviation, relative, robust_fit, weighted_median};

/// Enough to see a change of prices.
const ROUGHLY: usize = 4;

/// The newest batches, two at least, that are all off by more than this to one side, and by more than batches usually
/// are, tell that prices have changed.
const JUMP: f64 = 0.07;

/// A change is looked for behind so many of the newest; what is older counts little by then.
const CHANGE_SEEN: usize = 12;

/// So many batches at least must be known from before a change.
const CHANGED_AFTER: usize = 4;

/// Where prices have changed, older batches are told in the new ones. The newest batches are
/// held against a fit to those before them, which knows nothing of a change; of all that tell one the most are taken.
pub(super) fn rescale(points: &mut [Point], prior: [f64; 2]) {
    let places = points.iter().enumerate();
    let alike: Vec<usize> = places
        .filter(|(_, it)| it.alike)
        .map(|(at, _)| at)
        .collect();
    let most = alike.len().saturating_sub(CHANGED_AFTER).min(CHANGE_SEEN);
    for newer in (2..=most).rev() {
        let (new, old) = points.split_at_mut(alike[newer - 1] + 1);
        let fit = robust_fit(old, prior, ROUGHLY);
        let off = |point: &Point| relative(point, fit);
        let jump = JUMP.max(DEVIATIONS * deviation(old, fit));
        let side = new
            .iter()
            .find(|it| it.alike)
            .map_or(0.0, |newest| off(newest).signum());
        if new
            .iter()
            .filter(|it| it.alike)
            .all(|point| off(point) * side > jump)
        {
            let factor = 1.0 + side * weighted_median(new, |point| off(point) * side);
            for point in old {
                point.cost *= factor;
            }
            return;
        }
    }
}
