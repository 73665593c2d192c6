//! How often the true time left lies within the range that the page shows, beside the naive figure and the server's own.
//!
//! `cargo run --release --example eta_bench`

#[path = "../tests/support/random.rs"]
mod random;

use batch_runner::domain::pace::{Pace, Samples};
use batch_runner::domain::time::{Duration, Millis, SECOND};
use random::Random;

/// So many batches of each kind.
const RUNS: u64 = 60;
/// When the page meets each batch.
const START: Millis = Millis(1_795_438_400_000);

/// How a batch goes on the server, and how news of it come.
struct World {
    name: &'static str,
    /// The length of one lead's work, relative to the usual one, at this share of the batch.
    slowness: fn(f64) -> f64,
    /// Spread of the leads' lengths, as a share.
    noise: f64,
    /// A wave of the speed, as a share: the whole server is now faster and now slower.
    wave: f64,
    /// Chance that everything stands still after a lead, and how long then.
    pauses: (f64, Duration),
    news: News,
}

#[derive(Clone, Copy)]
enum News {
    /// One report every so often.
    Every(Duration),
    /// With every lead, up to ten in a second.
    Live,
    /// Ten in a second for a while, then nothing for half a minute.
    Bursts,
}

const STEADY: World = World {
    name: "steady",
    slowness: |_| 1.0,
    noise: 0.2,
    wave: 0.0,
    pauses: (0.0, 0),
    news: News::Every(2 * SECOND),
};

const WORLDS: [World; 12] = [
    STEADY,
    World {
        name: "steady, live frames",
        news: News::Live,
        ..STEADY
    },
    World {
        name: "noisy",
        noise: 0.6,
        wave: 0.2,
        ..STEADY
    },
    World {
        name: "very noisy",
        noise: 1.0,
        wave: 0.25,
        ..STEADY
    },
    World {
        name: "slowing down",
        slowness: |done| 1.0 + 1.5 * done,
        noise: 0.4,
        ..STEADY
    },
    World {
        name: "speeding up",
        slowness: |done| 2.5 - 1.5 * done,
        noise: 0.4,
        ..STEADY
    },
    World {
        name: "bursty news",
        noise: 0.4,
        news: News::Bursts,
        ..STEADY
    },
    World {
        name: "news every 30 s",
        noise: 0.4,
        news: News::Every(30 * SECOND),
        ..STEADY
    },
    World {
        name: "pauses",
        noise: 0.4,
        pauses: (0.01, 20 * SECOND),
        ..STEADY
    },
    World {
        name: "retries at the end",
        slowness: |done| if done < 0.92 { 1.0 } else { 5.0 },
        noise: 0.4,
        ..STEADY
    },
    World {
        name: "two speeds, slower",
        slowness: |done| if done < 0.5 { 1.0 } else { 2.0 },
        noise: 0.4,
        ..STEADY
    },
    World {
        name: "two speeds, faster",
        slowness: |done| if done < 0.5 { 2.0 } else { 1.0 },
        noise: 0.4,
        ..STEADY
    },
];

/// When each lead of a batch was done, in milliseconds after the start, in order.
fn run(world: &World, random: &mut Random) -> Vec<Duration> {
    let leads = 40 + (random.next() * 360.0) as usize;
    let usual = 2_000.0 + random.next() * 6_000.0;
    let workers = 1 + (random.next() * 5.0) as usize;
    let period = 20.0 + random.next() * 60.0;
    let mut free = vec![0.0_f64; workers];
    let mut done: Vec<Duration> = Vec::with_capacity(leads);
    let mut standstill = 0.0;
    for lead in 0..leads {
        let slowness = (world.slowness)(lead as f64 / leads as f64);
        // Mostly near the mean, some far above it, never below a fifth.
        let chance = -(1.0 - random.next()).ln() - 1.0;
        let uneven = (1.0 + world.noise * chance).max(0.2);
        free.sort_by(f64::total_cmp);
        let swing = 1.0 + world.wave * (free[0] / 1e3 / period * std::f64::consts::TAU).sin();
        free[0] = free[0].max(standstill) + usual * slowness * uneven * swing;
        done.push(free[0] as Duration);
        if random.next() < world.pauses.0 {
            standstill = free[0] + world.pauses.1 as f64;
        }
    }
    done.sort_unstable();
    done
}

/// When news come, in milliseconds after the start.
fn news(world: &World, done: &[Duration], random: &mut Random) -> Vec<Duration> {
    let end = done.last().copied().unwrap_or_default();
    let mut times = Vec::new();
    match world.news {
        News::Every(length) => {
            let mut at = (random.next() * 500.0) as Duration;
            while at < end {
                times.push(at);
                at += length + (random.next() * 100.0) as Duration;
            }
        }
        News::Live => {
            for at in done {
                if times.last().is_none_or(|last| at - last >= 100) {
                    times.push(*at);
                }
            }
        }
        News::Bursts => {
            let mut at = 0;
            while at < end {
                let quiet = random.next() < 0.005;
                at += if quiet { 30 * SECOND } else { 100 };
                times.push(at.min(end));
            }
        }
    }
    times
}

fn processed(done: &[Duration], at: Duration) -> u32 {
    done.partition_point(|finished| *finished <= at) as u32
}

/// What is shown, judged second by second.
#[derive(Default)]
struct Score {
    seconds: u32,
    told: u32,
    inside: u32,
    widths: Vec<f64>,
    middle: Vec<f64>,
    naive: Vec<f64>,
    servers: Vec<f64>,
}

fn median(values: &mut [f64]) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or_default() * 100.0
}

impl Score {
    fn judge(&mut self, world: &World, seed: u64) {
        let mut random = Random(seed.wrapping_mul(0x51_7c_c1_b7_27_22_0a_95));
        let done = run(world, &mut random);
        let news = news(world, &done, &mut random);
        let end = done.last().copied().unwrap_or_default();
        let total = done.len() as u32;
        let mut samples = Samples::default();
        let mut next = 0;
        let mut servers = None;
        // The server reports for itself every 2 s, whatever of it arrives.
        for at in (SECOND..end - SECOND).step_by(SECOND as usize) {
            while next < news.len() && news[next] <= at {
                let seen = processed(&done, news[next]);
                samples.note(START + news[next], seen);
                if seen > 0 && news[next] > 0 {
                    let rest = f64::from(total - seen);
                    servers = Some(rest * news[next] as f64 / f64::from(seen));
                }
                next += 1;
            }
            self.seconds += 1;
            let truth = (end - at) as f64;
            let (Pace::Going { left, .. } | Pace::Frozen { left, .. }) =
                samples.pace(total, START + at)
            else {
                continue;
            };
            let (low, high) = (left.low as f64, left.high as f64);
            let shown = samples.series().last().map_or(0, |point| point.1);
            self.told += 1;
            self.inside += u32::from(low <= truth && truth <= high);
            self.widths.push((high - low) / truth);
            let off = |figure: f64| (figure - truth).abs() / truth;
            self.middle.push(off((low + high) / 2.0));
            if shown > 0 {
                let rest = f64::from(total - shown);
                self.naive.push(off(rest * at as f64 / f64::from(shown)));
            }
            self.servers.extend(servers.map(off));
        }
    }

    fn print(&mut self, name: &str) {
        let percent = |part: u32, all: u32| f64::from(part) * 100.0 / f64::from(all.max(1));
        println!(
            "{name:<24} {:>6.1} % {:>6.1} % {:>6.1} % {:>6.1} % {:>6.1} % {:>6.1} %",
            percent(self.told, self.seconds),
            percent(self.inside, self.told),
            median(&mut self.widths),
            median(&mut self.middle),
            median(&mut self.naive),
            median(&mut self.servers),
        );
    }
}

fn main() {
    println!(
        "Time left of {RUNS} batches of each kind, second by second; widths and errors are medians, relative to the truth"
    );
    println!(
        "{:<24} {:>8} {:>8} {:>8} {:>8} {:>8} {:>8}",
        "", "told", "inside", "width", "error", "naive", "server's"
    );
    for world in &WORLDS {
        let mut score = Score::default();
        for seed in 0..RUNS {
            score.judge(world, seed + 1);
        }
        score.print(world.name);
    }
}
