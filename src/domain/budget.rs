//! Whether a batch fits into what may still be spent today.
//!
//! The server tells a daily limit and what is left of it, but batches write no spend there: what it tells as left never
//! falls by them. So the app adds what was approved here today and what runs now, and takes that off first.

use super::money::Usd;
use super::time::{DAY, Millis};

/// What the server tells of today's budget: its limit `global_daily`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DailyBudget {
    /// What may be spent in a day.
    pub limit: Usd,
    /// What is left of it by the server's books, which know nothing of batches; below nothing where they are overdrawn.
    pub left: Usd,
    /// When the day ends and the next budget begins; `None` where the server does not say.
    pub ends: Option<Millis>,
}

impl DailyBudget {
    /// Whether this was the budget of a day that is over, so that it must be read again.
    pub fn is_over(&self, now: Millis) -> bool {
        self.ends.is_some_and(|ends| ends <= now)
    }
}

/// The beginning of the day whose budget counts at `now`. The server's days are UTC days.
pub fn day_start(now: Millis) -> Millis {
    Millis(now.0.div_euclid(DAY).saturating_mul(DAY))
}

/// Whether a batch may be approved, as far as money goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    Fits {
        /// What is left of the day's budget behind this batch; never below nothing.
        left_after: Usd,
    },
    Over {
        /// What is missing.
        needs: Usd,
    },
}

/// Holds the upper end of a batch's price range against what is left today less what is `committed`. Amounts below nothing
/// are taken for nothing, except in `left`: a budget can be overdrawn.
pub fn judge(high: Usd, committed: Usd, left: Usd) -> Verdict {
    let high = high.max(Usd::ZERO);
    let free = left - committed.max(Usd::ZERO);
    if high <= free {
        return Verdict::Fits {
            left_after: free - high,
        };
    }
    Verdict::Over { needs: high - free }
}

/// Finds the dollars left in the server's sentence "… exceeds remaining daily budget $5.00": what the preview itself
/// checks against, told nowhere else.
pub fn remaining_in_warning(warning: &str) -> Option<Usd> {
    let (before, rest) = warning.rsplit_once('$')?;
    let amount: String = rest
        .chars()
        .filter(|c| *c != ',')
        .take_while(|c| c.is_ascii_digit() || *c == '.')
        .collect();
    // The sentence may end with a full stop.
    before
        .contains("remaining")
        .then(|| Usd::from_decimal(amount.trim_end_matches('.')))?
}

// Property tests need a random source, which the page's target has not.
#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn usd(dollars: f64) -> Usd {
        Usd::from_dollars(dollars).unwrap()
    }

    fn over(needs: f64) -> Verdict {
        Verdict::Over { needs: usd(needs) }
    }

    fn fits(left_after: f64) -> Verdict {
        Verdict::Fits {
            left_after: usd(left_after),
        }
    }

    #[test]
    fn what_is_committed_is_taken_off_first() {
        let cases = [
            // High, committed, left by the server.
            (10.0, 0.0, 1000.0, fits(990.0)),
            (10.0, 990.0, 1000.0, fits(0.0)),
            (10.0, 990.01, 1000.0, over(0.01)),
            (10.0, 1200.0, 1000.0, over(210.0)),
            (40.73, 0.0, 5.0, over(35.73)),
            // Overdrawn: not even what costs nothing.
            (0.0, 0.0, -3.0, over(3.0)),
            // Nobody pays a budget back.
            (-5.0, -5.0, 3.0, fits(3.0)),
        ];
        for (high, committed, left, verdict) in cases {
            let told = judge(usd(high), usd(committed), usd(left));
            assert_eq!(told, verdict, "{high} {committed} {left}");
        }
    }

    #[test]
    fn a_day_is_the_servers() {
        let start = Millis::parse_utc("2026-11-23T00:00:00").unwrap();
        for (now, day) in [
            ("2026-11-23T00:00:00", start),
            ("2026-11-23T23:59:59.999", start),
            ("2026-11-24T00:00:00", start + DAY),
            ("2026-11-24T00:30:00+01:00", start),
        ] {
            assert_eq!(day_start(Millis::parse_utc(now).unwrap()), day, "{now}");
        }
        assert_eq!(day_start(Millis(-1)), Millis(-DAY));
        let budget = DailyBudget {
            limit: Usd::ZERO,
            left: Usd::ZERO,
            ends: Some(start + DAY),
        };
        assert!(!budget.is_over(start) && budget.is_over(start + DAY));
        assert!(
            !DailyBudget {
                ends: None,
                ..budget
            }
            .is_over(start + DAY)
        );
    }

    #[test]
    fn the_rest_of_the_budget_is_read_from_the_servers_sentence() {
        let cases = [
            (
                "Batch cost $40.73 exceeds remaining daily budget $5.00",
                Some(5.0),
            ),
            (
                "Batch cost $4.00 exceeds remaining daily budget $1,005.50.",
                Some(1005.5),
            ),
            ("Batch will use 63.4% of daily budget", None),
            (
                "Batch cost $40.73 exceeds the daily budget, remaining none",
                None,
            ),
            ("remaining: $", None),
            ("remaining: $.", None),
        ];
        for (warning, left) in cases {
            assert_eq!(remaining_in_warning(warning), left.map(usd), "{warning}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(4_000))]

        /// Prevents: what is missing, or left, is another amount than the difference.
        #[test]
        fn what_is_left_or_missing_is_exact(
            high in 0_i64..3_000_000_000,
            committed in 0_i64..2_000_000_000, left in -1_000_000_000_i64..2_000_000_000,
        ) {
            let exact = |micros: i64| Usd::from_dollars(micros as f64 / 1e6).unwrap();
            let free = left - committed;
            match judge(exact(high), exact(committed), exact(left)) {
                Verdict::Fits { left_after } => {
                    prop_assert_eq!(left_after.micros(), free - high);
                    prop_assert!(left_after >= Usd::ZERO);
                }
                Verdict::Over { needs } => {
                    prop_assert!(needs > Usd::ZERO);
                    prop_assert_eq!(needs.micros(), high - free);
                }
            }
        }

        /// Prevents: amounts that nobody has make the page stop or wrap around to a yes.
        #[test]
        fn no_amount_is_too_large(high: i64, committed: i64, left: i64) {
            // Only sums reach such amounts.
            let huge = |micros: i64| {
                let step = Usd::from_dollars(micros as f64 / 1e12).unwrap_or_default();
                (0..24).fold(step, |sum, _| sum + sum)
            };
            let (high, committed, left) = (huge(high), huge(committed), huge(left));
            if let Verdict::Fits { left_after } = judge(high, committed, left) {
                prop_assert!(left_after >= Usd::ZERO && left >= high);
            }
        }
    }
}
