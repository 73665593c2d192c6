//! What several batches cost together, as far as that is told.

use super::batch::Batch;
use super::money::Usd;
use super::text::grouped;

/// A sum that knows what is missing in it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Spent {
    /// What those cost whose cost is told; of running ones, what they have cost so far.
    sum: Usd,
    known: u32,
    /// Batches that have ended without it being told what they cost.
    unknown: u32,
}

impl Spent {
    /// One batch more.
    pub fn add(&mut self, batch: &Batch) {
        match batch.actual {
            Some(actual) => self.with(Self {
                sum: actual,
                known: 1,
                unknown: 0,
            }),
            None => self.unknown += u32::from(batch.status.is_terminal()),
        }
    }

    /// Those of another sum, too.
    pub fn with(&mut self, other: Self) {
        self.sum = self.sum + other.sum;
        self.known += other.known;
        self.unknown += other.unknown;
    }

    /// The sum, where any of it is told.
    pub fn amount(&self) -> Option<Usd> {
        (self.known > 0).then_some(self.sum)
    }

    /// `$3.50 spent, 2 not told`; `batches` is of how many.
    pub fn words(&self, batches: u32) -> String {
        match self.amount() {
            None if batches > 0 => "cost not told".to_owned(),
            _ => format!("{} spent{}", self.sum, self.gap()),
        }
    }

    /// `$3.50, 2 not told`, or a dash.
    pub fn figure(&self) -> String {
        let figure = |amount: Usd| format!("{amount}{}", self.gap());
        self.amount().map_or_else(|| "–".to_owned(), figure)
    }

    fn gap(&self) -> String {
        match self.unknown {
            0 => String::new(),
            unknown => format!(", {} not told", grouped(unknown.into())),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::batch::{BatchId, BatchStatus};
    use super::*;

    fn spent(batches: &[(BatchStatus, Option<f64>)]) -> (String, String) {
        let mut spent = Spent::default();
        for (status, dollars) in batches {
            spent.add(&Batch {
                status: status.clone(),
                actual: dollars.and_then(Usd::from_dollars),
                ..Batch::unknown(BatchId("one".into()))
            });
        }
        (spent.words(batches.len() as u32), spent.figure())
    }

    /// Prevents: a cost that the server does not tell passes for nothing spent.
    #[test]
    fn what_is_not_told_is_no_zero() {
        use BatchStatus::{Completed, Failed, Running};
        let told = |words: &str, figure: &str| (words.to_owned(), figure.to_owned());
        assert_eq!(spent(&[]), told("$0.00 spent", "–"));
        assert_eq!(spent(&[(Completed, None)]), told("cost not told", "–"));
        assert_eq!(spent(&[(Running, None)]), told("cost not told", "–"));
        assert_eq!(
            spent(&[(Completed, Some(0.0))]),
            told("$0.00 spent", "$0.00")
        );
        assert_eq!(
            spent(&[(Running, Some(0.5)), (Running, None), (Failed, Some(1.0))]),
            told("$1.50 spent", "$1.50")
        );
        assert_eq!(
            spent(&[(Completed, Some(2.0)), (Failed, None), (Completed, None)]),
            told("$2.00 spent, 2 not told", "$2.00, 2 not told")
        );
    }
}
