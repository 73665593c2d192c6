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

/// How often the list was gone through.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Pass {
    #[default]
    First,
    /// Some were missing at its end: they came meanwhile, so the newest are read again.
    Again,
    /// Every page was read once. What comes later is among the newest.
    Through,
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
    pass: Pass,
    /// Where the next page begins; nothing where none is missing.
    next: Option<u32>,
}

impl Archive {
    /// Nothing of this scope has been read.
    pub fn new(scope: Scope) -> Self {
        Self {
            scope,
            next: Some(0),
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

    /// Some of them are not here.
    pub fn is_short(&self) -> bool {
        (self.batches.len() as u32) < self.total.unwrap_or(0)
    }

    /// Every page was read.
    pub fn is_through(&self) -> bool {
        self.pass == Pass::Through
    }

    /// Whether there is a page that must still be read.
    pub fn goes_on(&self) -> bool {
        self.next.is_some()
    }

    /// Where the page begins that is to be read next; where none is missing, the newest.
    pub fn skip(&self) -> u32 {
        self.next.unwrap_or(0)
    }

    /// Takes the page that was to be read.
    pub fn take(&mut self, page: Vec<Batch>, total: u32) {
        self.total = Some(total);
        let (count, mut new) = (page.len(), 0);
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
        self.turn(count, new);
    }

    /// A page was gone through that had so many batches, and so many that were not known before. One without any is the
    /// last, whatever the total says.
    fn turn(&mut self, count: usize, new: usize) {
        let most = self.total.unwrap_or(0).min(READ_MAX);
        let skip = self.skip() + RUN;
        let is_end = count == 0 || skip >= most;
        let ends = match self.pass {
            Pass::First if is_end && (self.batches.len() as u32) < most => {
                self.pass = Pass::Again;
                self.next = Some(0);
                return;
            }
            Pass::First => is_end,
            // Newest first: behind a page with nothing new there is nothing new either.
            _ => is_end || new == 0 || (new < count && !self.is_short()),
        };
        self.next = (!ends).then_some(skip);
        if ends {
            self.pass = Pass::Through;
        }
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
        let all = counted_batches(self.total.unwrap_or(0) as usize);
        if self.is_cut() {
            format!("the newest {have} of {all}; older ones are not searched")
        } else if self.is_short() && self.goes_on() {
            format!("the newest {have} of {all}; the others have not been read")
        } else if self.is_short() {
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
        let mut archive = Archive::new(Scope::default());
        archive.take(page(0..200), 390);
        assert_eq!((archive.batches().len(), archive.skip()), (200, 200));
        assert!(
            archive
                .words()
                .contains("200 of 390 batches; the others have not")
        );
        archive.take(page(190..385), 390);
        assert_eq!((archive.batches().len(), archive.skip()), (385, 0));
        assert!(archive.goes_on(), "what is missing may be new");
        archive.take(page(0..200), 390);
        assert!(archive.is_through() && !archive.goes_on());
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

    /// Prevents: what came during a reading, or more than a page of what came since, is missing for good.
    #[test]
    fn new_batches_are_read_until_a_page_holds_none() {
        // The newest have the highest numbers; the server tells them first.
        fn read(archive: &mut Archive, newest: u32) -> u32 {
            let end = newest.saturating_sub(archive.skip());
            let mut rows = page(end.saturating_sub(RUN)..end);
            rows.reverse();
            archive.take(rows, newest);
            archive.skip()
        }
        let mut archive = Archive::new(Scope::default());
        read(&mut archive, 390);
        assert_eq!(read(&mut archive, 391), 0, "one came meanwhile");
        read(&mut archive, 391);
        assert!(archive.is_through() && !archive.is_short());
        // The total grows over the next page: nothing begins anew.
        assert_eq!((read(&mut archive, 991), archive.goes_on()), (200, true));
        assert!(archive.is_through());
        assert_eq!(read(&mut archive, 991), 400);
        assert_eq!(read(&mut archive, 991), 600);
        assert_eq!((read(&mut archive, 991), archive.goes_on()), (0, false));
        assert_eq!(archive.words(), "991 batches");
    }

    #[test]
    fn news_change_a_batch_in_its_place() {
        let mut archive = Archive::new(Scope::default());
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
