//! A robust fit of what a lead costs to past batches, and how sure it is.

/// The server's figure counts as much as this part of a batch.
const PRIOR: f64 = 0.03;

/// Residuals of more than so many deviations are bent down. Source: Huber's usual constant.
const BENT: f64 = 1.345;

/// So many deviations from the fit are usual: the range is as wide to each side, and less is no change of prices.
pub(super) const DEVIATIONS: f64 = 2.0;

/// Whoever is nearer than this to the fit is no outlier, however near the others are.
const NO_OUTLIER: f64 = 0.01;

/// One past batch as the fit sees it: cost of a lead, by how the batch is made up.
pub(super) struct Point {
    pub(super) features: [f64; 2],
    pub(super) cost: f64,
    pub(super) weight: f64,
    /// Its weight where it is asked how far batches usually are from the fit.
    pub(super) weight_of_distance: f64,
    /// Whether a change of prices can be seen by it.
    pub(super) alike: bool,
}

pub(super) fn dot(one: [f64; 2], other: [f64; 2]) -> f64 {
    one[0] * other[0] + one[1] * other[1]
}

pub(super) fn relative(point: &Point, fit: [f64; 2]) -> f64 {
    point.cost / dot(point.features, fit).max(f64::MIN_POSITIVE) - 1.0
}

/// Least squares, weighted anew until outliers count little.
pub(super) fn robust_fit(points: &[Point], prior: [f64; 2], rounds: usize) -> [f64; 2] {
    let mut fit = least_squares(points, &vec![1.0; points.len()], prior);
    for _ in 0..rounds {
        let scale = deviation(points, fit).max(NO_OUTLIER);
        let bent: Vec<f64> = (points.iter())
            .map(|point| (BENT * scale / relative(point, fit).abs().max(1e-9)).min(1.0))
            .collect();
        fit = least_squares(points, &bent, prior);
    }
    fit
}

/// Solves the two normal equations, with the prior as a part of a batch of each kind.
fn least_squares(points: &[Point], bent: &[f64], prior: [f64; 2]) -> [f64; 2] {
    let (mut a, mut b, mut c) = (PRIOR, 0.0, PRIOR);
    let mut right = [PRIOR * prior[0], PRIOR * prior[1]];
    for (point, bent) in points.iter().zip(bent) {
        let weight = point.weight * bent;
        let [x, y] = point.features;
        a += weight * x * x;
        b += weight * x * y;
        c += weight * y * y;
        right[0] += weight * x * point.cost;
        right[1] += weight * y * point.cost;
    }
    // Never zero: the prior is added to both.
    let determinant = a * c - b * b;
    [
        (right[0] * c - right[1] * b) / determinant,
        (right[1] * a - right[0] * b) / determinant,
    ]
}

/// How much of the cost of leads that are made up like these comes from the prior: 1 where no past batch had any of them.
pub(super) fn prior_share(points: &[Point], own: [f64; 2]) -> f64 {
    let (mut a, mut b, mut c) = (PRIOR, 0.0, PRIOR);
    for point in points {
        let [x, y] = point.features;
        a += point.weight * x * x;
        b += point.weight * x * y;
        c += point.weight * y * y;
    }
    let [x, y] = own;
    let spread = (c * x * x - 2.0 * b * x * y + a * y * y) / (a * c - b * b);
    PRIOR * spread / dot(own, own)
}

/// How far batches usually are from the fit, as a share of it.
pub(super) fn deviation(points: &[Point], fit: [f64; 2]) -> f64 {
    // 1.4826 makes it comparable to the deviation of a normal distribution.
    1.4826 * weighted_median(points, |point| relative(point, fit).abs())
}

/// The value up to which half of the weight lies. Few points: looked for among them, which needs no sorting in the page.
pub(super) fn weighted_median(points: &[Point], value: impl Fn(&Point) -> f64) -> f64 {
    let weight = |most: f64| -> f64 {
        let below = points.iter().filter(|point| value(point) <= most);
        below.map(|point| point.weight_of_distance).sum()
    };
    let half = weight(f64::INFINITY) / 2.0;
    (points.iter().map(&value))
        .filter(|value| weight(*value) >= half)
        .fold(f64::INFINITY, f64::min)
}
