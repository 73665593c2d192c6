//! What a batch will really cost, learned from batches that have ended.
//!
//! The server's estimate is off by how many of the leads are enriched already: it charges less for those than it
//! estimates, and more for others. So the cost of one lead of each kind is fitted to past batches, by weighted least
//! squares with Huber's weights against outliers (P. J. Huber, *Robust Estimation of a Location Parameter*, 1964),
//! newer batches counting more, and drawn to the server's figure as ridge regression draws to zero, so that little
//! history changes little. The range comes from how far past batches were from such a fit (median absolute deviation).
//!
//! Templates may be charged differently, and nobody says whether they are. Batches of the same template version count in
//! full; as soon as there is one of them, those of others count little, and less the older they are among themselves: a
//! few of the same outweigh any number of others, and until then others fill in what those few do not tell, as what an
//! enriched lead costs where none had any. A change of prices is looked for among batches of the same template only, for
//! a dearer template would look like one. A template that is new here is taken to be like all others. What past batches do
//! not tell of leads that are made up so makes the range wide.

mod accuracy;
mod fit;
mod price_change;

pub use accuracy::{Accuracy, accuracy};

use super::money::Usd;
use fit::{DEVIATIONS, Point, deviation, dot, prior_share, robust_fit};
use price_change::rescale;

/// A batch that has ended.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Past<'a> {
    /// Its template version; `None` where the server did not say.
    pub template: Option<&'a str>,
    pub leads: u32,
    /// How many of them were enriched when it was started; `None` where nobody noted it.
    pub enriched: Option<u32>,
    pub estimate: Usd,
    pub actual: Usd,
}

impl Past<'_> {
    fn is_usable(&self) -> bool {
        self.leads > 0 && self.estimate > Usd::ZERO && self.actual > Usd::ZERO
    }
}

/// A batch that is to be bought.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Next<'a> {
    pub template: Option<&'a str>,
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
    /// How many of them had the same template version.
    pub alike: usize,
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
            alike: self.alike.min(other.alike),
        }
    }
}

/// Fewer past batches tell nothing.
pub const LEAST: usize = 3;
/// More than these of the same template, the newest, are not looked at, nor more of others.
const MOST: usize = 40;
/// A batch counts so much less than the one after it.
const FADING: f64 = 0.85;
/// A batch of another template counts so much less than one of the same, once there is one. All others together then
/// count at most a third of the newest batch of the same (FADING makes 6.7 of any number), so that templates that are
/// charged a fifth differently cost the fit 5 % with one batch of the same and 2 % with three.
const OTHER: f64 = 0.05;
/// A range is at least so wide to each side: small histories look more certain than they are.
const NARROWEST: f64 = 0.02;
const ROUNDS: usize = 16;
/// How far the server's figure may be off where nothing else is known: as far as it was seen to be, for one lead that was
/// not enriched (1.72 times; `tests/recordings/repaired/cost.estimate-vs-actual.json`).
const PRIOR_OFF: f64 = 0.75;

/// What the next batch will cost; `past` has the oldest first. `None` where too few batches have ended.
pub fn expected(past: &[Past], next: Next) -> Option<Expected> {
    let of_same = |past: &Past| past.template == next.template;
    let count = |counts: &dyn Fn(&Past) -> bool| {
        let usable = past.iter().filter(|past| past.is_usable());
        usable.filter(|past| counts(past)).count()
    };
    let noted = |past: &Past| past.enriched.is_some();
    // Kinds tell more than other templates do; but not where batches of the same template have none.
    let kinds = next.enriched.is_some()
        && count(&noted) >= LEAST
        && (count(&|past| noted(past) && of_same(past)) >= LEAST || count(&of_same) < LEAST);
    // By kind: cost of an enriched lead and of another. Else: a share of the server's figure and a fixed cost of a lead.
    let features = |leads: u32, enriched: Option<u32>, estimate: Usd| match enriched {
        Some(enriched) if kinds => {
            let share = f64::from(enriched.min(leads)) / f64::from(leads);
            [share, 1.0 - share]
        }
        _ => [estimate.dollars() / f64::from(leads), 1.0],
    };
    let takes = |past: &Past| !kinds || noted(past);
    let any_alike = count(&|past| takes(past) && of_same(past)) > 0;
    let mut points = Vec::new();
    let (mut alike, mut others) = (0, 0);
    let (mut weight, mut weight_of_other) = (1.0, OTHER);
    for past in past
        .iter()
        .rev()
        .filter(|past| past.is_usable() && takes(past))
    {
        let is_alike = !any_alike || of_same(past);
        let (count, weight) = match is_alike {
            true => (&mut alike, &mut weight),
            false => (&mut others, &mut weight_of_other),
        };
        if *count == MOST {
            continue;
        }
        points.push(Point {
            features: features(past.leads, past.enriched, past.estimate),
            cost: past.actual.dollars() / f64::from(past.leads),
            weight: *weight,
            weight_of_distance: *weight,
            alike: is_alike,
        });
        *count += 1;
        *weight *= FADING;
    }
    if points.len() < LEAST || next.leads == 0 || next.estimate <= Usd::ZERO {
        return None;
    }
    // A fit to one or two batches lies close to them, whatever the next will cost: others tell what is far.
    let few = alike < LEAST;
    for point in points.iter_mut().filter(|point| few && !point.alike) {
        point.weight_of_distance /= OTHER;
    }
    let each = next.estimate.dollars() / f64::from(next.leads);
    let prior = if kinds { [each, each] } else { [1.0, 0.0] };
    rescale(&mut points, prior);
    let fit = robust_fit(&points, prior, ROUNDS);
    let own = features(next.leads, next.enriched, next.estimate);
    let cost = dot(own, fit) * f64::from(next.leads);
    let aside = match few {
        // How far templates lie apart, not how far batches of one stray.
        true => deviation(&points, fit),
        // Few batches say little of how far others stray.
        false => {
            let small = 1.0 + 2.0 / (alike as f64 + OTHER * others as f64);
            deviation(&points, fit) * DEVIATIONS * small
        }
    };
    // What past batches do not tell of such leads is told by the server's figure only.
    let aside = aside.max(NARROWEST) + PRIOR_OFF * prior_share(&points, own);
    Some(Expected {
        figure: Usd::from_dollars(cost.max(0.0))?,
        low: Usd::from_dollars((cost * (1.0 - aside)).max(0.0))?,
        high: Usd::from_dollars(cost * (1.0 + aside))?,
        learned_from: points.len(),
        alike: if any_alike { alike } else { 0 },
    })
}

#[cfg(test)]
mod tests;
