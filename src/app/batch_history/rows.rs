//! The list of past batches as its table shows it: rows, columns and pages.

use crate::app::Model;
use crate::app::batch_history::list::PastRow;
use crate::app::batch_history::words::{Time, cell_words};
use crate::domain::batch::Batch;
use crate::domain::history::HistoryColumn;
use crate::domain::listing::Group;
use crate::domain::text::{counted_batches, shortened};

/// A row of the table.
#[derive(Clone, Debug, PartialEq)]
pub enum HistoryRow {
    Group(GroupRow),
    Batch(Box<BatchRow>),
}

/// What the rows below have in common.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct GroupRow {
    /// Where its batches begin in the whole list.
    first: u32,
    pub label: String,
    /// How many batches, and what they cost.
    pub words: String,
}

/// A batch, and what was noted of it here.
#[derive(Clone, Debug, PartialEq)]
pub struct BatchRow {
    pub batch: Batch,
    pub is_ticked: bool,
    pub is_pinned: bool,
    /// `Note: …`, so far as there is room; empty where there is none.
    pub note: String,
}

impl HistoryRow {
    /// Tells rows apart for as long as they are shown. A batch of another name is another row, because each of its
    /// controls is called by it.
    pub fn key(&self) -> String {
        match self {
            Self::Group(group) => format!("group {}", group.first),
            Self::Batch(row) => format!("{} {}", row.batch.id.0, row.title()),
        }
    }

    fn is_same(&self, other: &Self) -> bool {
        match (self.batch(), other.batch()) {
            (Some(one), Some(other)) => one.batch.id == other.batch.id,
            _ => false,
        }
    }

    /// The heading of a group, if it is one.
    pub fn group(&self) -> Option<&GroupRow> {
        match self {
            Self::Group(group) => Some(group),
            Self::Batch(_) => None,
        }
    }

    /// The batch, if it is one.
    pub fn batch(&self) -> Option<&BatchRow> {
        match self {
            Self::Group(_) => None,
            Self::Batch(row) => Some(row),
        }
    }
}

impl BatchRow {
    /// Its name, so far as there is room.
    pub fn title(&self) -> String {
        shortened(&self.batch.title(), 120)
    }

    /// What a column tells of it.
    pub fn words(&self, column: HistoryColumn, time: Time) -> String {
        cell_words(&self.batch, column, time)
    }
}

impl Model {
    /// The rows of the shown page with everything that is noted of them.
    pub fn history_rows(&self) -> Vec<HistoryRow> {
        let mut rows: Vec<HistoryRow> = Vec::new();
        for row in self.past_rows() {
            let row = match row {
                PastRow::Heading(group, goes_on) => HistoryRow::Group(group_row(group, goes_on)),
                PastRow::Batch(batch) => HistoryRow::Batch(Box::new(self.batch_row(*batch))),
            };
            // A list that somebody adds to while it is read tells a batch twice.
            if !rows.iter().any(|known| known.is_same(&row)) {
                rows.push(row);
            }
        }
        rows
    }

    fn batch_row(&self, batch: Batch) -> BatchRow {
        let marks = &self.views.marks;
        let note = shortened(marks.note(&batch.id).trim(), 80);
        BatchRow {
            is_ticked: self.history.ticked.contains(&batch.id),
            is_pinned: marks.is_pinned(&batch.id),
            note: match note.is_empty() {
                true => note,
                false => format!("Note: {note}"),
            },
            batch,
        }
    }

    /// What is said above the rows: how far the reading is, or what was found.
    pub fn history_words(&self) -> String {
        let is_new = self.past_count().is_none() && self.past_error().is_none();
        let loading = is_new.then(|| "Loading past batches…".to_owned());
        self.past_words().or(loading).unwrap_or_default()
    }

    /// There is nothing to show, and nothing to wait for.
    pub fn is_history_empty(&self) -> bool {
        self.past_count() == Some(0) && !self.is_past_busy() && self.past_error().is_none()
    }

    /// The shown page and the last one, counted from 0.
    pub fn past_pages(&self) -> (u32, u32) {
        let last = self.past_page_count() - 1;
        (self.route.history.page.min(last), last)
    }

    /// The columns of the table. What is sorted by is always to be seen.
    pub fn history_columns(&self) -> Vec<HistoryColumn> {
        let mut hidden = self.views.hidden;
        hidden.show(self.route.history.sort, true);
        let all = HistoryColumn::ALL.into_iter();
        all.filter(|column| hidden.shows(*column)).collect()
    }

    /// How the list is sorted by a column: `ascending`, `descending` or not at all.
    pub fn history_order(&self, column: HistoryColumn) -> &'static str {
        let query = &self.route.history;
        match (query.sort == column, query.ascending) {
            (false, _) => "",
            (true, true) => "ascending",
            (true, false) => "descending",
        }
    }
}

fn group_row(group: Group, goes_on: bool) -> GroupRow {
    let more = if goes_on { " (continued)" } else { "" };
    let batches = counted_batches(group.count as usize);
    let spent = group.spent.words(group.count);
    GroupRow {
        first: group.first,
        label: shortened(&group.label, 80),
        words: format!(" · {batches}, {spent}{more}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Config;
    use crate::domain::batch::BatchId;
    use crate::domain::spent::Spent;
    use crate::wire::rest::BatchPage;

    fn model(ids: &[&str]) -> Model {
        let mut model = Model::new(Config::default());
        let batches = ids.iter().map(|id| Batch::unknown(BatchId((*id).into())));
        let page = BatchPage {
            batches: batches.collect(),
            total: ids.len() as u32,
        };
        model.history.page.settle(Ok(page), Default::default());
        model
    }

    /// Prevents: two rows of one key, of which only one could be shown.
    #[test]
    fn a_batch_that_is_told_twice_stands_once() {
        let rows = model(&["one", "two", "one"]).history_rows();
        let ids: Vec<_> = (rows.iter().filter_map(HistoryRow::batch))
            .map(|row| row.batch.id.0.as_str())
            .collect();
        assert_eq!(ids, ["one", "two"]);
    }

    /// Prevents: loading, failing and empty look alike.
    #[test]
    fn an_empty_list_is_none_that_is_read_or_could_not_be_read() {
        let mut unread = Model::new(Config::default());
        assert_eq!(unread.history_words(), "Loading past batches…");
        assert!(!unread.is_history_empty());
        let error = crate::app::requests::unexpected("load the batches");
        unread.history.page.settle(Err(error), Default::default());
        assert_eq!(unread.history_words(), "");
        assert!(!unread.is_history_empty());
        assert!(model(&[]).is_history_empty());
        assert!(!model(&["one"]).is_history_empty());
    }

    /// Prevents: an address leads beyond the last page.
    #[test]
    fn no_page_is_beyond_the_last() {
        let mut model = model(&["one"]);
        model.route.history.page = 7;
        assert_eq!(model.past_pages(), (0, 0));
    }

    #[test]
    fn rows_tell_what_was_noted_here() {
        let mut model = model(&["one", "two"]);
        let [one, two] = ["one", "two"].map(|id| BatchId(id.into()));
        model.views.marks.pin(&one, true);
        model.views.marks.write(&two, " ask Sam \n".into());
        model.history.ticked.push(two);
        let rows = model.history_rows();
        let noted: Vec<_> = (rows.iter().filter_map(HistoryRow::batch))
            .map(|row| (row.is_ticked, row.is_pinned, row.note.as_str()))
            .collect();
        assert_eq!(noted, [(false, true, ""), (true, false, "Note: ask Sam")]);
    }

    /// Prevents: a list is sorted by what nobody can see.
    #[test]
    fn what_is_sorted_by_is_shown_though_it_is_hidden() {
        let mut model = model(&[]);
        assert!(!model.history_columns().contains(&HistoryColumn::Difference));
        model.route.history.sort_by(HistoryColumn::Difference);
        assert!(model.history_columns().contains(&HistoryColumn::Difference));
        assert_eq!(model.history_order(HistoryColumn::Difference), "descending");
        assert_eq!(model.history_order(HistoryColumn::Name), "");
        model.route.history.ascending = true;
        assert_eq!(model.history_order(HistoryColumn::Difference), "ascending");
    }

    #[test]
    fn a_group_says_that_it_goes_on() {
        let group = |goes_on| {
            let group = Group {
                label: "Sam".into(),
                count: 2,
                spent: Spent::default(),
                first: 7,
            };
            group_row(group, goes_on)
        };
        assert!(group(true).words.ends_with(" (continued)"));
        assert!(group(false).words.starts_with(" · 2 batches, "));
        assert_eq!(HistoryRow::Group(group(true)).key(), "group 7");
    }
}
