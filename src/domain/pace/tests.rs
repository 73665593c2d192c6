use super::*;
use crate::domain::time::SECOND;

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
