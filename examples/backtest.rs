//! How often the expected cost comes within 5 % of what a batch really cost, beside the server's plain estimate.
//!
//! `cargo run --release --example backtest`

#[path = "../tests/support/random.rs"]
mod random;

use batch_runner::domain::expected::{Next, Past, expected};
use batch_runner::domain::money::Usd;
use random::Random;

/// So many batches each history has; the expectation is judged from the eleventh on.
const BATCHES: usize = 40;
const JUDGED_FROM: usize = 10;
const HISTORIES: u64 = 200;
const NEAR: f64 = 0.05;

/// What a server charges for one batch after another.
struct World {
    name: &'static str,
    /// Relative noise of a batch's cost.
    noise: f64,
    /// Change of all prices from one batch to the next.
    drift: f64,
    /// The batch at which prices rise by a fifth.
    rise: Option<usize>,
    /// The share of batches that cost twice as much as they should.
    outliers: f64,
    /// Whether anybody noted what kinds of leads a batch had.
    noted: bool,
    templates: &'static [TemplateUse],
}

/// A template, the share of batches that take it, and how its leads are charged beside others.
type TemplateUse = (&'static str, f64, f64);

const ONE: &[TemplateUse] = &[("v1", 1.0, 1.0)];

const WORLDS: [World; 10] = [
    World {
        name: "steady",
        noise: 0.01,
        drift: 0.0,
        rise: None,
        outliers: 0.0,
        noted: true,
        templates: ONE,
    },
    World {
        name: "noise 3 %",
        noise: 0.03,
        drift: 0.0,
        rise: None,
        outliers: 0.0,
        noted: true,
        templates: ONE,
    },
    World {
        name: "drift 0.5 % a batch",
        noise: 0.01,
        drift: 0.005,
        rise: None,
        outliers: 0.0,
        noted: true,
        templates: ONE,
    },
    World {
        name: "prices rise by 20 %",
        noise: 0.01,
        drift: 0.0,
        rise: Some(20),
        outliers: 0.0,
        noted: true,
        templates: ONE,
    },
    World {
        name: "10 % outliers",
        noise: 0.01,
        drift: 0.0,
        rise: None,
        outliers: 0.1,
        noted: true,
        templates: ONE,
    },
    World {
        name: "kinds not noted",
        noise: 0.01,
        drift: 0.0,
        rise: None,
        outliers: 0.0,
        noted: false,
        templates: ONE,
    },
    World {
        name: "everything at once",
        noise: 0.02,
        drift: 0.002,
        rise: Some(20),
        outliers: 0.05,
        noted: true,
        templates: ONE,
    },
    World {
        name: "template does not matter",
        noise: 0.01,
        drift: 0.0,
        rise: None,
        outliers: 0.0,
        noted: true,
        templates: &[("v1", 0.6, 1.0), ("2.0.0", 0.4, 1.0)],
    },
    World {
        name: "two templates differ",
        noise: 0.01,
        drift: 0.0,
        rise: None,
        outliers: 0.0,
        noted: true,
        templates: &[("v1", 0.6, 1.0), ("2.0.0", 0.4, 1.25)],
    },
    World {
        name: "one of them is rare",
        noise: 0.01,
        drift: 0.0,
        rise: None,
        outliers: 0.0,
        noted: true,
        templates: &[("v1", 0.9, 1.0), ("2.0.0", 0.1, 1.25)],
    },
];

/// Normally distributed around 0 with deviation 1.
fn normal(random: &mut Random) -> f64 {
    (0..12).map(|_| random.next()).sum::<f64>() - 6.0
}

fn usd(dollars: f64) -> Usd {
    Usd::from_dollars(dollars).unwrap_or_default()
}

/// The server's estimate: its rates, with its discount for many leads and its overhead on the undiscounted sum.
fn estimate(leads: u32, enriched: u32) -> f64 {
    let sum = f64::from(leads) * 0.455 + f64::from(leads - enriched) * 0.20;
    let factor = match leads {
        500.. => 0.80,
        100.. => 0.85,
        50.. => 0.90,
        10.. => 0.95,
        _ => 1.0,
    };
    sum * factor + sum * 0.25
}

/// Takes one of the templates by chance of its own, so that worlds with one template stay what they were.
fn pick(templates: &[TemplateUse], random: &mut Random) -> TemplateUse {
    let mut left = random.next();
    for template in templates {
        left -= template.1;
        if left < 0.0 {
            return *template;
        }
    }
    ONE[0]
}

/// Batches, each with what it would have cost without noise and mistakes.
fn history(world: &World, seed: u64) -> (Vec<Past<'static>>, Vec<f64>) {
    let mut random = Random(seed);
    let mut chance = Random(seed + HISTORIES);
    (0..BATCHES)
        .map(|at| {
            let leads = (10.0_f64.powf(random.next() * 2.5) as u32).clamp(1, 1_000);
            let enriched = (f64::from(leads) * random.next()) as u32;
            let level = (1.0 + world.drift).powi(at as i32)
                * if world.rise.is_some_and(|rise| at >= rise) {
                    1.2
                } else {
                    1.0
                };
            let (template, _, factor) = pick(world.templates, &mut chance);
            let charged =
                (0.55 * f64::from(enriched) + 0.70 * f64::from(leads - enriched)) * level * factor;
            let wrong = if random.next() < world.outliers {
                2.0
            } else {
                1.0
            };
            let past = Past {
                template: Some(template),
                leads,
                enriched: world.noted.then_some(enriched),
                estimate: usd(estimate(leads, enriched)),
                actual: usd(charged * wrong * (1.0 + world.noise * normal(&mut random))),
            };
            (past, charged)
        })
        .unzip()
}

/// Recorded from the real server (`tests/recordings/repaired/cost.estimate-vs-actual.json`): template, leads, enriched
/// among them, estimate and actual cost in dollars. How mixed batches were made up was not written down, and follows from
/// their cost: $0.55 for an enriched lead, $0.70 for another.
const RECORDED: [(&str, u32, u32, f64, f64); 14] = [
    ("v1", 1, 0, 0.75625, 0.7),
    ("v1", 10, 2, 7.38, 6.7),
    ("v1", 60, 31, 42.389, 37.35),
    ("v1", 120, 64, 80.718, 74.4),
    ("v1", 1, 1, 0.75625, 0.55),
    ("v1", 10, 10, 7.044, 5.5),
    ("v1", 60, 60, 42.021, 33.0),
    ("v1", 120, 120, 81.092, 66.0),
    ("v1", 1, 0, 0.40625, 0.7),
    ("v1", 10, 0, 6.708, 7.0),
    ("v1", 60, 0, 40.871, 42.0),
    ("v1", 120, 0, 78.804, 84.0),
    ("simple", 60, 31, 40.664, 37.35),
    ("comprehensive", 60, 31, 44.114, 37.35),
];

#[derive(Default)]
struct Score {
    judged: u32,
    /// With the present prices known beforehand.
    at_best: u32,
    near: u32,
    plain_near: u32,
    in_range: u32,
    width: f64,
}

impl Score {
    fn judge(&mut self, past: &[Past], next: &Past, known: f64) {
        let asked = Next {
            template: next.template,
            leads: next.leads,
            enriched: next.enriched,
            estimate: next.estimate,
        };
        let Some(told) = expected(past, asked) else {
            return;
        };
        let actual = next.actual.dollars();
        let near = |figure: Usd| u32::from((figure.dollars() / actual - 1.0).abs() <= NEAR);
        self.judged += 1;
        self.at_best += near(usd(known));
        self.near += near(told.figure);
        self.plain_near += near(next.estimate);
        self.in_range += u32::from(told.low <= next.actual && next.actual <= told.high);
        self.width += (told.high.dollars() - told.low.dollars()) / told.figure.dollars();
    }

    fn print(&self, name: &str) {
        let percent = |count: u32| f64::from(count) * 100.0 / f64::from(self.judged.max(1));
        println!(
            "{name:<24} {:>7} {:>9.1} % {:>9.1} % {:>9.1} % {:>9.1} % {:>9.1} %",
            self.judged,
            percent(self.near),
            percent(self.at_best),
            percent(self.plain_near),
            percent(self.in_range),
            self.width * 100.0 / f64::from(self.judged.max(1)),
        );
    }
}

fn main() {
    println!(
        "Batches whose cost lies within 5 % of the figure told before, after {JUDGED_FROM} batches of history"
    );
    println!(
        "{:<24} {:>7} {:>11} {:>11} {:>11} {:>11} {:>11}",
        "", "batches", "expected", "at best", "server's", "in range", "range wide"
    );
    for world in &WORLDS {
        let mut score = Score::default();
        for seed in 0..HISTORIES {
            let (history, known) = history(world, seed);
            for at in JUDGED_FROM..BATCHES {
                score.judge(&history[..at], &history[at], known[at]);
            }
        }
        score.print(world.name);
    }
    // Each recorded batch, from all others.
    let recorded = RECORDED.map(|(template, leads, enriched, estimate, actual)| Past {
        template: Some(template),
        leads,
        enriched: Some(enriched),
        estimate: usd(estimate),
        actual: usd(actual),
    });
    let mut score = Score::default();
    for (at, next) in recorded.iter().enumerate() {
        let mut others = recorded.to_vec();
        others.remove(at);
        score.judge(&others, next, next.actual.dollars());
    }
    score.print("recorded real table");
    // Leads that were not enriched, from batches that had none of them: only the server's figure tells.
    let mut score = Score::default();
    for next in recorded.iter().filter(|it| it.enriched == Some(0)) {
        score.judge(&recorded[4..8], next, next.actual.dollars());
    }
    score.print("recorded, kind unseen");
}
