//! Past batches that were read page by page: each once, whatever the pages repeat, and how far they were read.

use super::batch::{Batch, BatchId, Source};
use super::template::TemplateVersion;
use super::text::{counted_batches, grouped};
use super::time::Millis;

/// So many batches are read at once; the server's largest page.
pub const RUN: u32 = 200;
/// More batches than these are not read: the newest are.
pub const READ_MAX: u32 = 10_000;

/// What the server filters its list by; nothing everywhere stands for all batches.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Scope {
    pub created_by: Option<String>,
    pub template: Option<TemplateVersion>,
    pub after: Option<Millis>,
    pub before: Option<Millis>,
}

impl Scope {
    /// The least that holds both.
    pub fn with(self, other: Self) -> Self {
        fn same<T: PartialEq>(one: Option<T>, other: Option<T>) -> Option<T> {
            if one == other { one } else { None }
        }
        Self {
            created_by: same(self.created_by, other.created_by),
            template: same(self.template, other.template),
            after: self.after.zip(other.after).map(|(one, two)| one.min(two)),
            before: self.before.zip(other.before).map(|(one, two)| one.max(two)),
        }
    }

    /// Everything of the other is in it.
    fn holds(&self, other: &Self) -> bool {
        *self == self.clone().with(other.clone())
    }
}

/// The batches of a scope, as far as they were read.
#[derive(Debug, Default)]
pub struct Archive {
    scope: Scope,
    /// In the order in which they came; places stay.
    batches: Vec<Batch>,
    /// Their places in the order of their identifiers.
    by_id: Vec<u32>,
    /// How many there are, as the server said last.
    total: Option<u32>,
    /// How many of the server's rows were gone through.
    pub read: u32,
}

impl Archive {
    /// Nothing of this scope has been read.
    pub fn new(scope: Scope) -> Self {
        Self {
            scope,
            ..Self::default()
        }
    }

    /// What it is read of.
    pub fn scope(&self) -> &Scope {
        &self.scope
    }

    /// The batches by their places.
    pub fn batches(&self) -> &[Batch] {
        &self.batches
    }

    /// How many there are to read, as the server says.
    pub fn total(&self) -> Option<u32> {
        self.total
    }

    /// What is wanted can be found in it. Where there are too many to read, the newest of a narrower scope are others.
    pub fn covers(&self, wanted: &Scope) -> bool {
        self.scope.holds(wanted) && (!self.is_cut() || self.scope == *wanted)
    }

    /// There are more than are read.
    pub fn is_cut(&self) -> bool {
        self.total.is_some_and(|total| total > READ_MAX)
    }

    /// Every page was read.
    pub fn is_through(&self) -> bool {
        self.total
            .is_some_and(|total| self.read >= total.min(READ_MAX))
    }

    /// Takes a page; answers how many of its batches were not known before.
    pub fn take(&mut self, page: Vec<Batch>, total: u32) -> usize {
        self.total = Some(total);
        let mut new = 0;
        for batch in page {
            match self.place(&batch.id) {
                Ok(place) => self.merge_at(place, batch),
                Err(rank) => {
                    self.by_id.insert(rank, self.batches.len() as u32);
                    self.batches.push(batch);
                    new += 1;
                }
            }
        }
        new
    }

    /// A batch by its identifier.
    pub fn get(&self, id: &BatchId) -> Option<&Batch> {
        let place = self.place(id).ok()?;
        self.batches.get(place as usize)
    }

    /// Takes news of a batch that it has.
    pub fn learn(&mut self, news: &Batch) {
        if let Ok(place) = self.place(&news.id) {
            self.merge_at(place, news.clone());
        }
    }

    fn merge_at(&mut self, place: u32, news: Batch) {
        if let Some(known) = self.batches.get_mut(place as usize) {
            known.merge(news, Source::Rest);
        }
    }

    /// Its place, or its rank among the identifiers.
    fn place(&self, id: &BatchId) -> Result<u32, usize> {
        let of = |place: &u32| self.batches.get(*place as usize).map(|batch| &batch.id);
        let rank = self
            .by_id
            .binary_search_by(|place| of(place).cmp(&Some(id)))?;
        self.by_id.get(rank).copied().ok_or(rank)
    }

    /// Among what was searched: `5,000 batches`, or what is missing of them.
    pub fn words(&self) -> String {
        let have = grouped(self.batches.len() as u64);
        let total = self.total.unwrap_or(0) as usize;
        let all = counted_batches(total);
        if self.is_cut() {
            format!("the newest {have} of {all}; older ones are not searched")
        } else if !self.is_through() {
            format!("the newest {have} of {all}; the others have not been read")
        } else if self.batches.len() < total {
            format!("{have} of {all}; the server’s pages overlap and left the others out")
        } else {
            counted_batches(self.batches.len())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::batch::{BatchStatus, Counts};
    use super::*;

    fn page(ids: std::ops::Range<u32>) -> Vec<Batch> {
        ids.map(|n| Batch::unknown(BatchId(format!("b{:05}", n * 7_919 % 10_007))))
            .collect()
    }

    /// Prevents: a batch that two pages tell stands in the list twice.
    #[test]
    fn overlapping_pages_are_taken_once_and_holes_are_told() {
        let mut archive = Archive::default();
        assert_eq!(archive.take(page(0..200), 390), 200);
        archive.read = 200;
        assert!(
            archive
                .words()
                .contains("200 of 390 batches; the others have not")
        );
        assert_eq!(archive.take(page(190..385), 390), 185);
        archive.read = 400;
        assert!(archive.is_through());
        assert_eq!(
            archive.words(),
            "385 of 390 batches; the server’s pages overlap and left the others out"
        );
        for batch in page(0..385) {
            assert_eq!(
                archive.get(&batch.id).map(|found| &found.id),
                Some(&batch.id)
            );
        }
        assert_eq!(archive.get(&BatchId("none".into())), None);
    }

    #[test]
    fn news_change_a_batch_in_its_place() {
        let mut archive = Archive::default();
        archive.take(page(0..3), 3);
        let mut news = archive.batches()[1].clone();
        news.status = BatchStatus::Completed;
        news.counts = Counts {
            total: 4,
            processed: 4,
            successful: 4,
            failed: 0,
        };
        archive.learn(&news);
        archive.learn(&Batch::unknown(BatchId("stranger".into())));
        assert_eq!(archive.batches()[1].counts.processed, 4);
        assert_eq!(archive.batches().len(), 3);
    }

    /// Prevents: a click on a narrower filter reads everything again, or finds only part of what there is.
    #[test]
    fn a_wider_scope_answers_a_narrower_one() {
        let narrow = Scope {
            template: Some(TemplateVersion("v1".into())),
            after: Some(Millis(50)),
            ..Scope::default()
        };
        let mut wide = Archive::new(Scope::default());
        assert!(wide.covers(&narrow));
        assert!(!Archive::new(narrow.clone()).covers(&Scope::default()));
        let later = Scope {
            after: Some(Millis(60)),
            ..narrow.clone()
        };
        assert!(Archive::new(narrow.clone()).covers(&later));
        assert!(!Archive::new(later).covers(&narrow));
        wide.take(Vec::new(), READ_MAX + 1);
        assert!(wide.is_cut() && !wide.covers(&narrow) && wide.covers(&Scope::default()));
        assert!(wide.words().contains("older ones are not searched"));
    }

    #[test]
    fn a_scope_for_two_holds_both() {
        let one = Scope {
            created_by: Some("a".into()),
            after: Some(Millis(5)),
            ..Scope::default()
        };
        let other = Scope {
            created_by: Some("a".into()),
            after: Some(Millis(3)),
            before: Some(Millis(9)),
            ..Scope::default()
        };
        let both = one.clone().with(other.clone());
        assert!(both.holds(&one) && both.holds(&other));
        assert_eq!(both.created_by.as_deref(), Some("a"));
        assert_eq!((both.after, both.before), (Some(Millis(3)), None));
    }
}
