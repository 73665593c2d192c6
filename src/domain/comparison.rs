//! Two batches side by side.

use std::cmp::Ordering;

use super::batch::Batch;
use super::money::Usd;
use super::text::{decimal, grouped};
use super::time::{MINUTE, Millis, duration_words};

/// One thing of both.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    pub label: &'static str,
    pub values: [String; 2],
}

impl Line {
    /// They are not alike in it.
    pub fn differs(&self) -> bool {
        self.values[0] != self.values[1]
    }
}

/// What a line tells of a batch.
type Tell = fn(&Batch) -> Option<String>;

const LINES: [(&str, Tell); 14] = [
    ("Status", |batch| Some(batch.status.label().to_owned())),
    ("Leads", |batch| count(batch.counts.total)),
    ("Processed", |batch| count(batch.counts.processed)),
    ("Succeeded", |batch| count(batch.counts.successful)),
    ("Failed", |batch| count(batch.counts.failed)),
    ("Success rate", |batch| {
        success_words(batch.counts.successful, batch.counts.processed)
    }),
    ("Estimate", |batch| usd(batch.estimated)),
    ("Actual cost", |batch| usd(batch.actual)),
    ("Difference", difference_words),
    ("Cost per lead", |batch| usd(cost_per_lead(batch))),
    ("Template", |batch| {
        batch.template.as_ref().map(|version| version.0.clone())
    }),
    ("Took", |batch| batch.duration().map(duration_words)),
    ("Rate", rate_words),
    ("Started by", |batch| batch.created_by.clone()),
];

fn count(count: u32) -> Option<String> {
    Some(grouped(count.into()))
}

fn usd(amount: Option<Usd>) -> Option<String> {
    amount.map(|amount| amount.to_string())
}

/// What can be told of both. `time` writes a moment in the person's own zone.
pub fn comparison(both: [&Batch; 2], time: impl Fn(Millis) -> String) -> Vec<Line> {
    let or_unknown = |value: Option<String>| value.unwrap_or_else(|| "not told".to_owned());
    let line = |(label, tell): (&'static str, Tell)| Line {
        label,
        values: both.map(|batch| or_unknown(tell(batch))),
    };
    let mut lines: Vec<_> = LINES.into_iter().map(line).collect();
    lines.push(Line {
        label: "Created",
        values: both.map(|batch| or_unknown(batch.created.map(&time))),
    });
    lines
}

/// `96.5 %` of the leads that were processed; nothing where there are none.
pub fn success_words(successful: u32, processed: u32) -> Option<String> {
    let share = f64::from(successful) * 100.0 / f64::from(processed);
    // All but a few are not all.
    let share = match successful < processed {
        true => share.min(99.9),
        false => share,
    };
    (processed > 0).then(|| format!("{}\u{a0}%", decimal(share, 1)))
}

/// How much more it cost than was estimated, or less: `+$0.50 (+4 %)`.
pub fn difference_words(batch: &Batch) -> Option<String> {
    let difference = batch.difference()?;
    let amount = Usd::ZERO.max(difference).max(Usd::ZERO - difference);
    let sign = match difference.cmp(&Usd::ZERO) {
        Ordering::Less => "−",
        Ordering::Equal => "",
        Ordering::Greater => "+",
    };
    let percent = percent_words(batch).map_or_else(String::new, |words| format!(" ({words})"));
    Some(format!("{sign}{amount}{percent}"))
}

/// The same as a part of the estimate: `−9 %`.
pub fn percent_words(batch: &Batch) -> Option<String> {
    let ratio = batch.actual?.ratio_to(batch.estimated?)?;
    let percent = ((ratio - 1.0) * 100.0).round() as i64;
    Some(match percent {
        0 if ratio == 1.0 => "0\u{a0}%".to_owned(),
        0 => "within 1\u{a0}%".to_owned(),
        _ if ratio < 1.0 => format!("−{}\u{a0}%", -percent),
        _ => format!("+{percent}\u{a0}%"),
    })
}

fn cost_per_lead(batch: &Batch) -> Option<Usd> {
    let processed = f64::from(batch.counts.processed);
    let spent = batch.actual.filter(|_| processed > 0.0)?;
    Usd::from_dollars(spent.dollars() / processed)
}

fn rate_words(batch: &Batch) -> Option<String> {
    let length = batch.duration().filter(|length| *length > 0)?;
    let rate = f64::from(batch.counts.processed) * MINUTE as f64 / length as f64;
    Some(format!("{} leads a minute", decimal(rate, 1)))
}

#[cfg(test)]
mod tests {
    use super::super::batch::{BatchId, BatchStatus, Counts};
    use super::*;

    #[test]
    fn two_batches_are_told_line_by_line_and_what_differs_is_known() {
        let one = Batch {
            status: BatchStatus::Completed,
            counts: Counts {
                total: 40,
                processed: 40,
                successful: 37,
                failed: 3,
            },
            estimated: Usd::from_dollars(24.0),
            actual: Usd::from_dollars(22.0),
            started: Some(Millis(0)),
            completed: Some(Millis(2 * MINUTE)),
            ..Batch::unknown(BatchId("one".into()))
        };
        let mut other = one.clone();
        other.actual = Usd::from_dollars(25.0);
        other.counts.successful = 40;
        other.counts.failed = 0;
        let lines = comparison([&one, &other], |at| at.0.to_string());
        let value = |label| {
            &lines
                .iter()
                .find(|line| line.label == label)
                .unwrap()
                .values
        };
        assert_eq!(*value("Success rate"), ["92.5\u{a0}%", "100\u{a0}%"]);
        assert_eq!(
            *value("Difference"),
            ["−$2.00 (−8\u{a0}%)", "+$1.00 (+4\u{a0}%)"]
        );
        assert_eq!(*value("Cost per lead"), ["$0.55", "$0.63"]);
        assert_eq!(*value("Rate"), ["20 leads a minute", "20 leads a minute"]);
        assert_eq!(*value("Created"), ["not told", "not told"]);
        let differing: Vec<_> = lines
            .iter()
            .filter(|line| line.differs())
            .map(|it| it.label)
            .collect();
        assert_eq!(
            differing,
            [
                "Succeeded",
                "Failed",
                "Success rate",
                "Actual cost",
                "Difference",
                "Cost per lead"
            ]
        );
    }

    /// Prevents: a few failed leads of many are rounded away.
    #[test]
    fn all_but_a_few_are_not_all() {
        let words = |successful| success_words(successful, 10_000).unwrap();
        assert_eq!(words(9_996), "99.9\u{a0}%");
        assert_eq!(words(10_000), "100\u{a0}%");
    }

    /// Prevents: a batch that was a little cheaper is told as a little dearer.
    #[test]
    fn difference_and_percent_have_one_sign() {
        let words = |actual| {
            let batch = Batch {
                estimated: Usd::from_dollars(24.0),
                actual: Usd::from_dollars(actual),
                ..Batch::unknown(BatchId("one".into()))
            };
            difference_words(&batch).unwrap()
        };
        assert_eq!(words(23.95), "−$0.05 (within 1\u{a0}%)");
        assert_eq!(words(24.05), "+$0.05 (within 1\u{a0}%)");
        assert_eq!(words(24.0), "$0.00 (0\u{a0}%)");
    }

    #[test]
    fn nothing_processed_has_no_rates() {
        let lines = comparison([&Batch::unknown(BatchId("a".into())); 2], |_| String::new());
        assert!(lines.iter().all(|line| !line.differs()));
        let rate = lines
            .iter()
            .find(|line| line.label == "Success rate")
            .unwrap();
        assert_eq!(rate.values[0], "not told");
    }
}
