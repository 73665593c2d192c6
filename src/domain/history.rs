//! What a person wants to see of the past batches.

use super::archive::Scope;
use super::batch::BatchStatus;
use super::day::{Day, LocalOffset};
use super::template::TemplateVersion;

/// The longest text that is searched for, in characters.
pub const SEARCH_MAX: usize = 200;

/// A column of the list of past batches, which can be sorted by it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum HistoryColumn {
    Name,
    Status,
    Leads,
    Estimate,
    Actual,
    Difference,
    Template,
    #[default]
    Created,
    Duration,
    Creator,
}

impl HistoryColumn {
    /// All, in their order in the table.
    pub const ALL: [Self; 10] = [
        Self::Name,
        Self::Status,
        Self::Leads,
        Self::Estimate,
        Self::Actual,
        Self::Difference,
        Self::Template,
        Self::Created,
        Self::Duration,
        Self::Creator,
    ];

    /// The word in addresses and in the browser's storage.
    pub fn code(self) -> &'static str {
        self.words().0
    }

    /// The heading.
    pub fn label(self) -> &'static str {
        self.words().1
    }

    fn bit(self) -> u32 {
        1 << self as u32
    }

    /// From the word of an address.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|column| column.code() == code)
    }

    /// Words are read from A on; of figures and dates the greatest are asked for first.
    pub fn ascends_first(self) -> bool {
        matches!(
            self,
            Self::Name | Self::Status | Self::Template | Self::Creator
        )
    }

    fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::Name => ("name", "Batch"),
            Self::Status => ("status", "Status"),
            Self::Leads => ("leads", "Leads"),
            Self::Estimate => ("estimate", "Estimate"),
            Self::Actual => ("actual", "Actual"),
            Self::Difference => ("difference", "Difference"),
            Self::Template => ("template", "Template"),
            Self::Created => ("created", "Created"),
            Self::Duration => ("duration", "Took"),
            Self::Creator => ("creator", "By"),
        }
    }
}

/// Which columns are excluded from the list, a bit each; kept in this browser.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HiddenColumns(pub u32);

impl Default for HiddenColumns {
    /// The table fits a usual screen without these; what they tell stands in the details, too.
    fn default() -> Self {
        Self(HistoryColumn::Difference.bit() | HistoryColumn::Duration.bit())
    }
}

impl HiddenColumns {
    /// Whether a column is shown. The name always is: a row without it tells nothing.
    pub fn shows(self, column: HistoryColumn) -> bool {
        self.0 & column.bit() == 0
    }

    /// Shows or hides a column.
    pub fn show(&mut self, column: HistoryColumn, shown: bool) {
        self.0 |= column.bit();
        if shown || column == HistoryColumn::Name {
            self.0 &= !column.bit();
        }
    }

    /// As it is kept: the codes of what is hidden.
    pub fn to_text(self) -> String {
        let hidden = HistoryColumn::ALL
            .into_iter()
            .filter(|column| !self.shows(*column));
        hidden.map(|column| format!("{},", column.code())).collect()
    }

    /// Reads [`HiddenColumns::to_text`]; what is not known is passed over.
    pub fn from_text(text: &str) -> Self {
        let mut hidden = Self(0);
        for column in text.split(',').filter_map(HistoryColumn::from_code) {
            hidden.show(column, false);
        }
        hidden
    }
}

/// What batches stand together by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Grouping {
    #[default]
    None,
    Day,
    Status,
    Template,
    Creator,
}

impl Grouping {
    /// All, in the order in which they are offered.
    pub const ALL: [Self; 5] = [
        Self::None,
        Self::Day,
        Self::Status,
        Self::Template,
        Self::Creator,
    ];

    /// The word in the address.
    pub fn code(self) -> &'static str {
        match self {
            Self::None => "",
            Self::Day => "day",
            Self::Status => "status",
            Self::Template => "template",
            Self::Creator => "creator",
        }
    }

    /// What people read.
    pub fn label(self) -> &'static str {
        match self {
            Self::None => "Nothing",
            Self::Day => "Day",
            Self::Status => "Status",
            Self::Template => "Template",
            Self::Creator => "Person",
        }
    }

    /// From the word of an address; nothing for what is not known.
    pub fn from_code(code: &str) -> Self {
        let known = Self::ALL.into_iter().find(|known| known.code() == code);
        known.unwrap_or_default()
    }
}

/// What the list shows, and how.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct HistoryQuery {
    /// In name, description, identifier and creator.
    pub search: String,
    pub status: Option<BatchStatus>,
    pub template: Option<TemplateVersion>,
    /// Only batches of the person who is signed in.
    pub mine: bool,
    /// Only what was pinned in this browser.
    pub pinned: bool,
    /// The first and the last day, in the person's own time zone.
    pub from: Option<Day>,
    pub to: Option<Day>,
    pub sort: HistoryColumn,
    pub ascending: bool,
    pub group: Grouping,
    /// Counted from 0.
    pub page: u32,
}

impl HistoryQuery {
    /// The server cannot answer it page by page: it neither searches nor sorts nor groups, and ignores a status.
    pub fn needs_all(&self) -> bool {
        self.status.is_some() || self.pinned || !self.search.is_empty() || self.is_arranged()
    }

    /// Another page of a list that the app has put in order itself: it is there already, and its order stays.
    pub fn is_listed_with(&self, old: &Self) -> bool {
        let on_its_page = Self {
            page: self.page,
            ..old.clone()
        };
        self.needs_all() && *self == on_its_page
    }

    /// In another order than the server's, which is newest first.
    pub fn is_arranged(&self) -> bool {
        self.sort != HistoryColumn::Created || self.ascending || self.group != Grouping::None
    }

    /// Something is left out.
    pub fn is_filtered(&self) -> bool {
        let unfiltered = self.unfiltered();
        let page = self.page;
        *self != Self { page, ..unfiltered }
    }

    /// Everything in the same order, from the first page on.
    pub fn unfiltered(&self) -> Self {
        Self {
            sort: self.sort,
            ascending: self.ascending,
            group: self.group,
            ..Self::default()
        }
    }

    /// Sorts by a column; by the same one again, the other way round.
    pub fn sort_by(&mut self, column: HistoryColumn) {
        self.ascending = match self.sort == column {
            true => !self.ascending,
            false => column.ascends_first(),
        };
        self.sort = column;
    }

    /// What of it the server filters by. `me` is whose batches are “mine”.
    pub fn scope(&self, me: Option<&str>, offset: LocalOffset) -> Scope {
        Scope {
            created_by: me.filter(|_| self.mine).map(str::to_owned),
            template: self.template.clone(),
            after: self.from.map(|day| day.start(offset)),
            // The server takes whole seconds, so the last of a day would be cut: the next midnight is not.
            before: self.to.map(|day| day.plus(1).start(offset)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_server_does_needs_no_full_read() {
        let plain = HistoryQuery {
            mine: true,
            template: Some(TemplateVersion("v1".into())),
            from: Some(Day(20_000)),
            page: 3,
            ..HistoryQuery::default()
        };
        assert!(!plain.needs_all() && plain.is_filtered());
        let mut sorted = HistoryQuery::default();
        sorted.sort_by(HistoryColumn::Created);
        assert!(sorted.ascending && sorted.needs_all() && !sorted.is_filtered());
        sorted.sort_by(HistoryColumn::Actual);
        assert!(!sorted.ascending);
        sorted.sort_by(HistoryColumn::Name);
        assert!(sorted.ascending);
    }

    /// Prevents: the last day of a range is left out, or counted by the clock of London.
    #[test]
    fn a_range_of_days_reaches_from_midnight_to_midnight_of_the_person() {
        let query = HistoryQuery {
            from: Day::parse("2026-11-22"),
            to: Day::parse("2026-11-23"),
            ..HistoryQuery::default()
        };
        let scope = query.scope(Some("olive"), |_| 60);
        let text = |at: Option<super::super::time::Millis>| at.unwrap().to_utc_text();
        assert_eq!(text(scope.after), "2026-11-21T23:00:00");
        assert_eq!(text(scope.before), "2026-11-23T23:00:00");
        assert_eq!(scope.created_by, None);
    }

    #[test]
    fn codes_lead_back_to_what_they_name() {
        for column in HistoryColumn::ALL {
            assert_eq!(HistoryColumn::from_code(column.code()), Some(column));
        }
        for group in Grouping::ALL {
            assert_eq!(Grouping::from_code(group.code()), group);
        }
        assert_eq!(Grouping::from_code("moon"), Grouping::None);
    }

    #[test]
    fn hidden_columns_survive_storage_and_the_name_stays() {
        let mut hidden = HiddenColumns::default();
        hidden.show(HistoryColumn::Difference, true);
        hidden.show(HistoryColumn::Creator, false);
        hidden.show(HistoryColumn::Name, false);
        let kept = HiddenColumns::from_text(&format!("x,{},,7", hidden.to_text()));
        assert_eq!(kept, hidden);
        assert!(kept.shows(HistoryColumn::Name) && !kept.shows(HistoryColumn::Creator));
    }
}
