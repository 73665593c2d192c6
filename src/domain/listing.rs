//! The list of past batches as a person wants it: which of them, in which order, and what stands together.

use std::cmp::Ordering;

use super::batch::{Batch, BatchId, BatchStatus};
use super::day::{Day, LocalOffset};
use super::history::{Grouping, HistoryColumn, HistoryQuery};
use super::money::Usd;
use super::plan::ClientReference;
use super::spent::Spent;
use super::text::lowered;

/// Places of batches, in the order in which they are listed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Listing {
    pub order: Vec<u32>,
    /// None where nothing stands together.
    pub groups: Vec<Group>,
}

/// Batches that stand together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    pub label: String,
    pub count: u32,
    pub spent: Spent,
    /// Where it begins in the order.
    pub first: u32,
}

/// What a list depends on besides the batches.
pub struct Viewer<'a> {
    pub query: &'a HistoryQuery,
    /// Whose batches are “mine”.
    pub me: Option<&'a str>,
    pub is_pinned: &'a dyn Fn(&BatchId) -> bool,
    pub offset: LocalOffset,
}

impl Viewer<'_> {
    /// The list. What is sorted by and not told stands at the end, whichever way the order goes; among equals the
    /// newest is first.
    pub fn list(&self, batches: &[Batch]) -> Listing {
        let search = lowered(&self.query.search);
        let mut rows: Vec<Row> = (batches.iter().enumerate())
            .filter(|(_, batch)| self.wants(batch, &search))
            .map(|(place, batch)| Row {
                group: self.group(batch),
                key: key(batch, self.query.sort),
                batch,
                place: place as u32,
            })
            .collect();
        rows.sort_unstable_by(|one, other| self.compare(one, other));
        let mut listing = Listing::default();
        let mut last = None;
        for (at, row) in rows.iter().enumerate() {
            listing.order.push(row.place);
            let Some(group) = &row.group else { continue };
            if last != Some(group) {
                last = Some(group);
                listing.groups.push(Group {
                    label: self.label(row.batch),
                    count: 0,
                    spent: Spent::default(),
                    first: at as u32,
                });
            }
            if let Some(group) = listing.groups.last_mut() {
                group.count += 1;
                group.spent.add(row.batch);
            }
        }
        listing
    }

    fn wants(&self, batch: &Batch, search: &str) -> bool {
        let query = self.query;
        let day = || batch.created.map(|at| Day::of(at, self.offset));
        let has = |text: &str| lowered(text).contains(search);
        let description = || {
            let description = batch.description.as_deref();
            description.and_then(|text| ClientReference::detach(text).0)
        };
        query
            .status
            .as_ref()
            .is_none_or(|wanted| batch.status == *wanted)
            && (query.template.is_none() || query.template == batch.template)
            && (!query.mine || batch.created_by.as_deref() == self.me)
            && (!query.pinned || (self.is_pinned)(&batch.id))
            && query.from.is_none_or(|from| day() >= Some(from))
            && query.to.is_none_or(|to| day().is_some_and(|day| day <= to))
            && (search.is_empty()
                || has(&batch.title())
                || has(&batch.id.0)
                || batch.created_by.as_deref().is_some_and(has)
                || description().as_deref().is_some_and(has))
    }

    fn compare(&self, one: &Row, other: &Row) -> Ordering {
        let by_key = match self.query.ascending {
            true => one.key.value.cmp(&other.key.value),
            false => other.key.value.cmp(&one.key.value),
        };
        (one.group.cmp(&other.group))
            .then(one.key.is_missing.cmp(&other.key.is_missing))
            .then(by_key)
            .then_with(|| other.batch.created.cmp(&one.batch.created))
            .then_with(|| one.batch.id.cmp(&other.batch.id))
    }

    fn group(&self, batch: &Batch) -> Option<Rank> {
        let column = match self.query.group {
            Grouping::None => return None,
            Grouping::Day => {
                // The newest day first.
                let day = batch.created.map(|at| -Day::of(at, self.offset).0);
                return Some(Rank::number(day));
            }
            Grouping::Status => HistoryColumn::Status,
            Grouping::Template => {
                // Versions are names: `V1` is not `v1`.
                let version = batch.template.as_ref().map(|version| version.0.clone());
                return Some(Rank {
                    is_missing: version.is_none(),
                    value: (0, version.unwrap_or_default()),
                });
            }
            Grouping::Creator => HistoryColumn::Creator,
        };
        Some(key(batch, column))
    }

    fn label(&self, batch: &Batch) -> String {
        let label = match self.query.group {
            Grouping::None => None,
            Grouping::Day => batch.created.map(|at| Day::of(at, self.offset).words()),
            Grouping::Status => Some(batch.status.label().to_owned()),
            Grouping::Template => batch.template.as_ref().map(|version| version.0.clone()),
            Grouping::Creator => batch.created_by.clone(),
        };
        label.unwrap_or_else(|| "Not told".to_owned())
    }
}

struct Row<'a> {
    group: Option<Rank>,
    key: Rank,
    batch: &'a Batch,
    place: u32,
}

/// What is compared: a number or words. What is missing comes after what is there.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Rank {
    is_missing: bool,
    value: (i64, String),
}

impl Rank {
    fn number(number: Option<i64>) -> Self {
        Self {
            is_missing: number.is_none(),
            value: (number.unwrap_or(0), String::new()),
        }
    }

    fn words(words: Option<&str>) -> Self {
        Self {
            is_missing: words.is_none(),
            value: (0, lowered(words.unwrap_or_default())),
        }
    }
}

fn key(batch: &Batch, column: HistoryColumn) -> Rank {
    let usd = |amount: Option<Usd>| Rank::number(amount.map(Usd::micros));
    match column {
        HistoryColumn::Name => Rank::words(Some(&batch.title())),
        HistoryColumn::Status => {
            let known = BatchStatus::KNOWN;
            let rank = known.iter().position(|status| *status == batch.status);
            Rank {
                // A word that this app does not know stands behind those that it knows.
                value: (
                    rank.unwrap_or(known.len()) as i64,
                    batch.status.code().to_owned(),
                ),
                is_missing: false,
            }
        }
        HistoryColumn::Leads => Rank::number(Some(batch.counts.total.into())),
        HistoryColumn::Estimate => usd(batch.estimated),
        HistoryColumn::Actual => usd(batch.actual),
        HistoryColumn::Difference => usd(batch.difference()),
        HistoryColumn::Template => Rank::words(batch.template.as_ref().map(|it| it.0.as_str())),
        HistoryColumn::Created => Rank::number(batch.created.map(|at| at.0)),
        HistoryColumn::Duration => Rank::number(batch.duration()),
        HistoryColumn::Creator => Rank::words(batch.created_by.as_deref()),
    }
}

#[cfg(test)]
mod tests {
    use super::super::template::TemplateVersion;
    use super::super::time::{DAY, Millis, SECOND};
    use super::*;

    fn batch(n: i64, status: BatchStatus, actual: Option<f64>) -> Batch {
        Batch {
            name: Some(format!("Batch {n}")),
            status,
            actual: actual.and_then(Usd::from_dollars),
            estimated: Usd::from_dollars(2.0),
            created: Some(Millis(20_000 * DAY - n * DAY / 2)),
            template: Some(TemplateVersion(if n % 2 == 0 { "v1" } else { "v2" }.into())),
            created_by: Some(if n % 3 == 0 { "sam" } else { "Olive" }.into()),
            ..Batch::unknown(BatchId(format!("id-{n}")))
        }
    }

    fn some() -> Vec<Batch> {
        vec![
            batch(0, BatchStatus::Running, None),
            batch(1, BatchStatus::Completed, Some(1.5)),
            batch(2, BatchStatus::Failed, Some(3.0)),
            batch(3, BatchStatus::Completed, Some(0.5)),
            batch(4, BatchStatus::Completed, Some(1.5)),
        ]
    }

    fn listed(query: HistoryQuery) -> Listing {
        let viewer = Viewer {
            query: &query,
            me: Some("Olive"),
            is_pinned: &|id| id.0 == "id-3",
            offset: |_| 0,
        };
        viewer.list(&some())
    }

    fn order(alter: impl FnOnce(&mut HistoryQuery)) -> Vec<u32> {
        let mut query = HistoryQuery::default();
        alter(&mut query);
        listed(query).order
    }

    #[test]
    fn every_filter_leaves_out_what_does_not_match() {
        assert_eq!(order(|_| ()), [0, 1, 2, 3, 4]);
        assert_eq!(
            order(|query| query.status = Some(BatchStatus::Completed)),
            [1, 3, 4]
        );
        assert_eq!(
            order(|query| query.template = Some(TemplateVersion("v2".into()))),
            [1, 3]
        );
        assert_eq!(order(|query| query.mine = true), [1, 2, 4]);
        assert_eq!(order(|query| query.pinned = true), [3]);
        assert_eq!(order(|query| query.from = Some(Day(19_999))), [0, 1, 2]);
        assert_eq!(order(|query| query.to = Some(Day(19_999))), [1, 2, 3, 4]);
        for (search, found) in [
            ("ID-4", vec![4]),
            ("batch 1", vec![1]),
            ("SAM", vec![0, 3]),
            ("x", vec![]),
        ] {
            assert_eq!(
                order(|query| query.search = search.into()),
                found,
                "{search}"
            );
        }
    }

    /// Prevents: the reference of a launch, which nobody sees, is found.
    #[test]
    fn descriptions_are_searched_without_the_reference() {
        let mut one = batch(1, BatchStatus::Completed, None);
        one.description = Some("For the fair [ref 0123456789ab]".into());
        let found = |search: &str| {
            let query = HistoryQuery {
                search: search.into(),
                ..HistoryQuery::default()
            };
            let viewer = Viewer {
                query: &query,
                me: None,
                is_pinned: &|_| false,
                offset: |_| 0,
            };
            viewer.list(std::slice::from_ref(&one)).order.len()
        };
        assert_eq!((found("fair"), found("0123456789ab")), (1, 0));
    }

    /// Prevents: a batch without a cost comes first where the dearest are asked for.
    #[test]
    fn what_is_missing_stands_last_either_way_and_equals_newest_first() {
        let by = |sort, ascending| {
            order(|query| {
                query.sort = sort;
                query.ascending = ascending;
            })
        };
        assert_eq!(by(HistoryColumn::Actual, false), [2, 1, 4, 3, 0]);
        assert_eq!(by(HistoryColumn::Actual, true), [3, 1, 4, 2, 0]);
        assert_eq!(by(HistoryColumn::Difference, true), [3, 1, 4, 2, 0]);
        assert_eq!(by(HistoryColumn::Status, true), [0, 1, 3, 4, 2]);
        assert_eq!(by(HistoryColumn::Name, false), [4, 3, 2, 1, 0]);
        assert_eq!(by(HistoryColumn::Created, true), [4, 3, 2, 1, 0]);
        assert_eq!(by(HistoryColumn::Creator, true), [1, 2, 4, 0, 3]);
        let mut quick = some();
        for (n, batch) in quick.iter_mut().enumerate() {
            batch.started = Some(Millis(0));
            batch.completed = Some(Millis(n as i64 % 3 * SECOND));
        }
        let query = HistoryQuery {
            sort: HistoryColumn::Duration,
            ..HistoryQuery::default()
        };
        let viewer = Viewer {
            query: &query,
            me: None,
            is_pinned: &|_| false,
            offset: |_| 0,
        };
        assert_eq!(viewer.list(&quick).order, [2, 1, 4, 0, 3]);
    }

    #[test]
    fn groups_tell_how_many_and_what_they_cost() {
        let told = |group| {
            let groups = listed(HistoryQuery {
                group,
                ..HistoryQuery::default()
            })
            .groups;
            let told = |it: Group| {
                let spent = it.spent.words(it.count);
                format!("{} {} {} {spent}", it.first, it.label, it.count)
            };
            groups.into_iter().map(told).collect::<Vec<_>>()
        };
        assert!(told(Grouping::None).is_empty());
        assert_eq!(
            told(Grouping::Status),
            [
                "0 Running 1 cost not told",
                "1 Completed 3 $3.50 spent",
                "4 Failed 1 $3.00 spent"
            ]
        );
        assert_eq!(
            told(Grouping::Creator),
            ["0 Olive 3 $6.00 spent", "3 sam 2 $0.50 spent"]
        );
        assert_eq!(
            told(Grouping::Template),
            ["0 v1 3 $4.50 spent", "3 v2 2 $2.00 spent"]
        );
        assert_eq!(
            told(Grouping::Day),
            [
                "0 4 Oct 2024 1 cost not told",
                "1 3 Oct 2024 2 $4.50 spent",
                "3 2 Oct 2024 2 $2.00 spent"
            ]
        );
    }

    /// Prevents: the sum of two template versions stands under the name of one.
    #[test]
    fn versions_that_differ_in_their_letters_are_two_groups() {
        let mut both = [1, 3].map(|n| batch(n, BatchStatus::Completed, Some(1.0)));
        both[1].template = Some(TemplateVersion("V2".into()));
        let query = HistoryQuery {
            group: Grouping::Template,
            ..HistoryQuery::default()
        };
        let viewer = Viewer {
            query: &query,
            me: None,
            is_pinned: &|_| false,
            offset: |_| 0,
        };
        let groups = viewer.list(&both).groups;
        let labels: Vec<_> = groups.iter().map(|group| group.label.as_str()).collect();
        assert_eq!(labels, ["V2", "v2"]);
    }
}
