//! Cost and success of past batches, day by day.

use super::batch::Batch;
use super::day::{Day, LocalOffset};
use super::spent::Spent;

/// The periods that can be looked at, in days.
pub const PERIODS: [u32; 3] = [7, 30, 90];

/// The batches that were made on one day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TrendDay {
    pub day: Day,
    pub batches: u32,
    pub processed: u32,
    pub successful: u32,
    pub spent: Spent,
}

/// Every day of the period up to `today`, oldest first, those without a batch too.
pub fn trend(batches: &[Batch], today: Day, days: u32, offset: LocalOffset) -> Vec<TrendDay> {
    let first = today.plus(1 - i64::from(days));
    let empty = |ahead| TrendDay {
        day: first.plus(i64::from(ahead)),
        batches: 0,
        processed: 0,
        successful: 0,
        spent: Spent::default(),
    };
    let mut period: Vec<TrendDay> = (0..days).map(empty).collect();
    for batch in batches {
        let Some(created) = batch.created else {
            continue;
        };
        let place = usize::try_from(Day::of(created, offset).0 - first.0);
        if let Some(day) = place.ok().and_then(|place| period.get_mut(place)) {
            day.batches += 1;
            day.processed = day.processed.saturating_add(batch.counts.processed);
            day.successful = day.successful.saturating_add(batch.counts.successful);
            day.spent.add(batch);
        }
    }
    period
}

/// All days together.
pub fn sum(days: &[TrendDay]) -> TrendDay {
    let nothing = TrendDay {
        day: Day(0),
        batches: 0,
        processed: 0,
        successful: 0,
        spent: Spent::default(),
    };
    days.iter().fold(nothing, |mut sum, day| {
        sum.batches += day.batches;
        sum.processed = sum.processed.saturating_add(day.processed);
        sum.successful = sum.successful.saturating_add(day.successful);
        sum.spent.with(day.spent);
        sum
    })
}

#[cfg(test)]
mod tests {
    use super::super::batch::{BatchId, Counts};
    use super::super::money::Usd;
    use super::super::time::{DAY, Millis};
    use super::*;

    #[test]
    fn each_day_has_its_batches_by_the_persons_clock() {
        let batch = |at: i64, dollars| Batch {
            created: Some(Millis(at)),
            actual: Usd::from_dollars(dollars),
            counts: Counts {
                total: 4,
                processed: 4,
                successful: 3,
                failed: 1,
            },
            ..Batch::unknown(BatchId(at.to_string()))
        };
        let batches = [
            batch(20_000 * DAY + 5, 1.0),
            batch(20_000 * DAY - 5, 2.0),
            batch(19_994 * DAY - 5, 4.0),
            batch(19_900 * DAY, 8.0),
            batch(20_003 * DAY, 8.0),
            Batch::unknown(BatchId("undated".into())),
        ];
        let days = trend(&batches, Day(20_000), 7, |_| 0);
        assert_eq!(
            days.iter().map(|day| day.batches).collect::<Vec<_>>(),
            [0, 0, 0, 0, 0, 1, 1]
        );
        let days = trend(&batches, Day(20_000), 7, |_| 60);
        assert_eq!(
            days.iter().map(|day| day.batches).collect::<Vec<_>>(),
            [1, 0, 0, 0, 0, 0, 2]
        );
        let all = sum(&days);
        assert_eq!((all.batches, all.processed, all.successful), (3, 12, 9));
        assert_eq!(all.spent.words(all.batches), "$7.00 spent");
        assert_eq!(sum(&[]).batches, 0);
    }
}
