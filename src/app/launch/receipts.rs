//! Launches of this browser in words: the receipt of a batch, and what became of those that left none.

use crate::app::Model;
use crate::app::launch::ledger::Ledger;
use crate::domain::batch::{Batch, BatchId};
use crate::domain::ledger::{Entry, Outcome};
use crate::domain::money::Usd;
use crate::domain::text::{counted, shortened};
use crate::domain::time::Millis;
use crate::domain::timeline::timeline;

/// What this browser noted of a launch.
#[derive(Clone, Debug, PartialEq)]
pub struct Receipt {
    pub approved: Millis,
    /// Labels and values.
    pub lines: Vec<(&'static str, String)>,
    /// The other batches of the same approval, with words for each.
    pub others: Vec<(String, BatchId)>,
}

/// A launch of which no batch is known for certain.
#[derive(Clone, Debug, PartialEq)]
pub struct Doubt {
    pub approved: Millis,
    pub words: String,
    /// Any of these may be it.
    pub batches: Vec<BatchId>,
}

impl Ledger {
    /// The receipt of a batch; `None` where this person did not launch it in this browser.
    pub fn receipt(&self, id: &BatchId, person: Option<&str>) -> Option<Receipt> {
        let may_be = |entry: &&Entry| match &entry.outcome {
            Outcome::Several(batches) => batches.contains(id),
            _ => entry.batch() == Some(id),
        };
        let entry = self.entries_of(person).find(may_be)?;
        let reference = &entry.plan.reference;
        let part = reference.as_part();
        let price = entry.price();
        let mut lines = vec![("Price approved", price_words(price))];
        let told = entry.told.as_ref();
        lines.extend(
            told.and_then(|told| told.expected)
                .map(|(low, high)| ("Expected then", format!("{low} to {high}"))),
        );
        lines.extend(
            told.and_then(|told| told.warning.as_ref())
                .map(|words| ("The server warned", shortened(words, 240))),
        );
        lines.push(("Actual cost", actual_words(entry, price)));
        lines.push(("Outcome", outcome_words(&entry.outcome)));
        let plan = &entry.plan;
        lines.push((
            "Settings",
            format!(
                "{} at once, tries again up to {} times per lead",
                counted(plan.max_concurrent.into(), "lead"),
                plan.retry_count
            ),
        ));
        lines.extend(part.map(|part| {
            let words = format!("{} of {}, approved together", part.number, part.of);
            ("Batch", words)
        }));
        let other = |other: &Entry| {
            let other_reference = &other.plan.reference;
            let number = other_reference.as_part()?.number;
            let is_other = other_reference.code() == reference.code() && other != entry;
            let batch = other.batch().filter(|_| is_other)?;
            Some((number, batch.clone()))
        };
        let mut others: Vec<_> = self.entries_of(person).filter_map(other).collect();
        others.sort_by_key(|(number, _)| *number);
        let named = |(number, id): (u32, BatchId)| (format!("Batch {number}"), id);
        Some(Receipt {
            approved: entry.approved,
            lines,
            others: others.into_iter().map(named).collect(),
        })
    }

    /// Launches of this person of which no batch is known for certain, newest first.
    pub fn doubts(&self, person: Option<&str>) -> Vec<Doubt> {
        let doubt = |entry: &Entry| {
            let batches = match &entry.outcome {
                Outcome::Several(batches) => batches.clone(),
                Outcome::Refused(_) | Outcome::NotConfirmed => Vec::new(),
                Outcome::Open | Outcome::Started { .. } => return None,
            };
            let words = format!(
                "{} for {}: {}",
                counted(entry.plan.subject.lead_ids.len(), "lead"),
                price_words(entry.price()),
                outcome_words(&entry.outcome)
            );
            Some(Doubt {
                approved: entry.approved,
                words,
                batches,
            })
        };
        self.entries_of(person).filter_map(doubt).collect()
    }
}

impl Model {
    /// A batch's life in order, from this person's approval on where it was given here.
    pub fn timeline(&self, batch: &Batch) -> Vec<(Millis, String)> {
        let approved = self.own_entry(&batch.id).map(|entry| entry.approved);
        timeline(batch, approved)
    }

    /// How near the server's estimates and the expected costs came to what batches really cost.
    pub fn accuracy_words(&self) -> Option<String> {
        let found = self.accuracy()?;
        Some(format!(
            "The server’s estimate came within 5\u{a0}% in {} of {}; the expected cost in {} of {}.",
            found.server,
            match found.of {
                1 => "1 batch".to_owned(),
                of => format!("{of} batches"),
            },
            found.expected,
            found.of
        ))
    }
}

fn price_words(price: Option<Usd>) -> String {
    price.map_or_else(|| "an unknown price".to_owned(), |price| price.to_string())
}

/// `$6.70, $0.30 (4 %) less than approved`.
fn actual_words(entry: &Entry, price: Option<Usd>) -> String {
    let Some(end) = &entry.end else {
        return "not known before it ends".to_owned();
    };
    let Some(actual) = end.actual else {
        return "not told by the server".to_owned();
    };
    let Some(price) = price else {
        return actual.to_string();
    };
    let (difference, how) = match actual < price {
        true => (price - actual, "less than"),
        false => (actual - price, "more than"),
    };
    if difference == Usd::ZERO {
        return format!("{actual}, exactly as approved");
    }
    let percent = difference.ratio_to(price).map(|ratio| {
        let percent = (ratio * 100.0).round() as i64;
        format!(" ({percent}\u{a0}%)")
    });
    format!(
        "{actual}, {difference}{} {how} approved",
        percent.unwrap_or_default()
    )
}

/// What became of an approval.
fn outcome_words(outcome: &Outcome) -> String {
    match outcome {
        Outcome::Open => "not known yet".to_owned(),
        Outcome::Started { adopted: false, .. } => "started".to_owned(),
        Outcome::Started { adopted: true, .. } => {
            "started; its answer got lost, and it was found on the server".to_owned()
        }
        Outcome::Refused(words) => {
            format!("refused, nothing was started. {}", shortened(words, 240))
        }
        Outcome::NotConfirmed => {
            "not confirmed. It was not found on the server and most likely did not start."
                .to_owned()
        }
        Outcome::Several(_) => "not certain: any of several batches may be it".to_owned(),
    }
}
