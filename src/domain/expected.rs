//! What a batch will really cost, learned from batches that have ended.
//!
//! The server's estimate is off by how many of the leads are enriched already: it charges less for those than it
//! estimates, and more for others. So the cost of one lead of each kind is fitted to past batches, by weighted least
//! squares with Huber's weights against outliers (P. J. Huber, *Robust Estimation of a Location Parameter*, 1964),
//! newer batches counting more, and drawn to the server's figure as ridge regression draws to zero, so that little
//! history changes little. The range comes from how far past batches were from such a fit (median absolute deviation).

use super::money::Usd;

/// A batch that has ended.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Past {
    pub leads: u32,
    /// How many of them were enriched when it was started; `None` where nobody noted it.
    pub enriched: Option<u32>,
    pub estimate: Usd,
    pub actual: Usd,
}

/// A batch that is to be bought.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Next {
    pub leads: u32,
    pub enriched: Option<u32>,
    pub estimate: Usd,
}

/// What it will cost, as far as past batches tell.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Expected {
    pub figure: Usd,
    pub low: Usd,
    pub high: Usd,
    /// How many past batches this was learned from.
    pub learned_from: usize,
}

/// Batches that are bought together.
impl std::ops::Add for Expected {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self {
            figure: self.figure + other.figure,
            low: self.low + other.low,
            high: self.high + other.high,
            learned_from: self.learned_from.min(other.learned_from),
        }
    }
}

/// Fewer past batches tell nothing.
pub const LEAST: usize = 3;
/// More than these, the newest, are not looked at.
const MOST: usize = 40;
/// A batch counts so much less than the one after it.
const FADING: f64 = 0.85;
/// The server's figure counts as much as this part of a batch.
const PRIOR: f64 = 0.03;
/// Residuals of more than so many deviations are bent down. Source: Huber's usual constant.
const BENT: f64 = 1.345;
/// A range is at least so wide to each side: small histories look more certain than they are.
const NARROWEST: f64 = 0.02;
/// Deviations to each side of the range.
const DEVIATIONS: f64 = 2.0;
const ROUNDS: usize = 8;
/// Whoever is nearer than this to the fit is no outlier, however near the others are.
const NO_OUTLIER: f64 = 0.01;
/// The newest batches, two at least, that are all off by more than this to one side tell that prices have changed.
const JUMP: f64 = 0.07;

/// One past batch as the fit sees it: cost of a lead, by how the batch is made up.
struct Point {
    features: [f64; 2],
    cost: f64,
    weight: f64,
}

/// What the next batch will cost; `past` has the oldest first. `None` where too few batches have ended.
pub fn expected(past: &[Past], next: Next) -> Option<Expected> {
    let known =
        |past: &&Past| past.leads > 0 && past.estimate > Usd::ZERO && past.actual > Usd::ZERO;
    let usable: Vec<&Past> = past.iter().filter(known).collect();
    let by_kind: Vec<&Past> = (usable.iter().copied())
        .filter(|past| past.enriched.is_some())
        .collect();
    let kinds = next.enriched.is_some() && by_kind.len() >= LEAST;
    let chosen = if kinds { by_kind } else { usable };
    if chosen.len() < LEAST || next.leads == 0 || next.estimate <= Usd::ZERO {
        return None;
    }
    let newest = &chosen[chosen.len().saturating_sub(MOST)..];
    // By kind: cost of an enriched lead and of another. Else: a share of the server's figure and a fixed cost of a lead.
    let features = |leads: u32, enriched: Option<u32>, estimate: Usd| match enriched {
        Some(enriched) if kinds => {
            let share = f64::from(enriched.min(leads)) / f64::from(leads);
            [share, 1.0 - share]
        }
        _ => [estimate.dollars() / f64::from(leads), 1.0],
    };
    let mut points = Vec::new();
    let mut weight = 1.0;
    for past in newest.iter().rev() {
        points.push(Point {
            features: features(past.leads, past.enriched, past.estimate),
            cost: past.actual.dollars() / f64::from(past.leads),
            weight,
        });
        weight *= FADING;
    }
    let each = next.estimate.dollars() / f64::from(next.leads);
    let prior = if kinds { [each, each] } else { [1.0, 0.0] };
    let fit = robust_fit(&points, prior);
    let fit = match rescale(&mut points, fit) {
        true => robust_fit(&points, prior),
        false => fit,
    };
    let own = features(next.leads, next.enriched, next.estimate);
    let cost = dot(own, fit) * f64::from(next.leads);
    let spread = deviation(&points, fit) * DEVIATIONS;
    // Few batches say little of how far others stray.
    let small = 1.0 + 2.0 / newest.len() as f64;
    let aside = (spread * small).max(NARROWEST);
    Some(Expected {
        figure: Usd::from_dollars(cost.max(0.0))?,
        low: Usd::from_dollars((cost * (1.0 - aside)).max(0.0))?,
        high: Usd::from_dollars(cost * (1.0 + aside))?,
        learned_from: newest.len(),
    })
}

fn dot(one: [f64; 2], other: [f64; 2]) -> f64 {
    one[0] * other[0] + one[1] * other[1]
}

fn relative(point: &Point, fit: [f64; 2]) -> f64 {
    point.cost / dot(point.features, fit).max(f64::MIN_POSITIVE) - 1.0
}

/// Least squares, weighted anew until outliers count little.
fn robust_fit(points: &[Point], prior: [f64; 2]) -> [f64; 2] {
    let mut fit = least_squares(points, &vec![1.0; points.len()], prior);
    for _ in 0..ROUNDS {
        let scale = deviation(points, fit).max(NO_OUTLIER);
        let bent: Vec<f64> = (points.iter())
            .map(|point| (BENT * scale / relative(point, fit).abs().max(1e-9)).min(1.0))
            .collect();
        fit = least_squares(points, &bent, prior);
    }
    fit
}

/// Where prices have changed, older batches are told in the new ones; says whether that was so.
fn rescale(points: &mut [Point], fit: [f64; 2]) -> bool {
    let off = |point: &Point| relative(point, fit);
    let side = points.first().map_or(0.0, |newest| off(newest).signum());
    let far = |point: &&Point| off(point) * side > JUMP;
    let newer = points.iter().take_while(far).count();
    if newer < 2 || newer == points.len() {
        return false;
    }
    let jump = side * weighted_median(&points[..newer], |point| off(point) * side);
    let factor = 1.0 + jump;
    for point in &mut points[newer..] {
        point.cost *= factor;
    }
    true
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

/// How far batches usually are from the fit, as a share of it.
fn deviation(points: &[Point], fit: [f64; 2]) -> f64 {
    // 1.4826 makes it comparable to the deviation of a normal distribution.
    1.4826 * weighted_median(points, |point| relative(point, fit).abs())
}

/// The value up to which half of the weight lies. Few points: looked for among them, which needs no sorting in the page.
fn weighted_median(points: &[Point], value: impl Fn(&Point) -> f64) -> f64 {
    let weight = |most: f64| -> f64 {
        let below = points.iter().filter(|point| value(point) <= most);
        below.map(|point| point.weight).sum()
    };
    let half = weight(f64::INFINITY) / 2.0;
    (points.iter().map(&value))
        .filter(|value| weight(*value) >= half)
        .fold(f64::INFINITY, f64::min)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn usd(dollars: f64) -> Usd {
        Usd::from_dollars(dollars).unwrap()
    }

    /// As the recorded server charges, whatever it estimates.
    fn charged(leads: u32, enriched: u32) -> Usd {
        usd(0.55 * f64::from(enriched) + 0.70 * f64::from(leads - enriched))
    }

    fn past(leads: u32, enriched: u32, estimate: f64) -> Past {
        Past {
            leads,
            enriched: Some(enriched),
            estimate: usd(estimate),
            actual: charged(leads, enriched),
        }
    }

    fn within(expected: Usd, actual: Usd, share: f64) -> bool {
        (expected.dollars() / actual.dollars() - 1.0).abs() <= share
    }

    #[test]
    fn without_history_nothing_is_expected() {
        let next = Next {
            leads: 10,
            enriched: Some(5),
            estimate: usd(7.0),
        };
        assert_eq!(expected(&[], next), None);
        assert_eq!(expected(&[past(10, 5, 7.0); LEAST - 1], next), None);
    }

    #[test]
    fn what_each_kind_of_lead_costs_is_learned() {
        let history = [
            past(10, 3, 7.2),
            past(60, 60, 42.0),
            past(20, 0, 13.4),
            past(120, 40, 84.0),
            past(40, 35, 27.0),
        ];
        for (leads, enriched, estimate) in [(50, 50, 35.0), (50, 0, 33.0), (80, 20, 56.0)] {
            let next = Next {
                leads,
                enriched: Some(enriched),
                estimate: usd(estimate),
            };
            let told = expected(&history, next).unwrap();
            let actual = charged(leads, enriched);
            assert!(within(told.figure, actual, 0.05), "{told:?} for {actual}");
            assert!(
                told.low <= actual && actual <= told.high,
                "{told:?} for {actual}"
            );
        }
    }

    #[test]
    fn without_kinds_a_line_from_the_servers_figure_is_learned() {
        let history: Vec<Past> = (1..=6)
            .map(|n| Past {
                leads: 10 * n,
                enriched: None,
                estimate: usd(f64::from(10 * n)),
                actual: usd(f64::from(8 * n)),
            })
            .collect();
        let next = Next {
            leads: 100,
            enriched: None,
            estimate: usd(100.0),
        };
        let told = expected(&history, next).unwrap();
        assert!(within(told.figure, usd(80.0), 0.05), "{told:?}");
    }

    #[test]
    fn one_batch_that_went_wrong_changes_little() {
        let mut history = vec![past(40, 20, 27.0); 8];
        history[6].actual = usd(90.0);
        let next = Next {
            leads: 40,
            enriched: Some(20),
            estimate: usd(27.0),
        };
        let told = expected(&history, next).unwrap();
        assert!(within(told.figure, charged(40, 20), 0.05), "{told:?}");
    }

    #[test]
    fn batches_without_a_cost_are_passed_over() {
        let mut history = vec![past(40, 20, 27.0); 4];
        history[0].actual = Usd::ZERO;
        history[1].leads = 0;
        let next = Next {
            leads: 40,
            enriched: Some(20),
            estimate: usd(27.0),
        };
        assert_eq!(expected(&history, next), None);
    }
}
