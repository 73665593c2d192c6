//! How somebody likes the lead table: saved views, columns and density.

use super::lead::LeadSort;

/// A named way of looking at the leads.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SavedView {
    pub name: String,
    /// Search, filters, sort and pages, as the address has them.
    pub query: String,
    /// Shown when the page is opened without a view of its own.
    pub is_default: bool,
}

/// Which columns are shown, in which order, and how high the rows are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Columns {
    /// Every column, with whether it is shown.
    pub order: Vec<(LeadSort, bool)>,
    pub is_dense: bool,
}

impl Default for Columns {
    fn default() -> Self {
        Self {
            order: LeadSort::ALL.map(|column| (column, true)).to_vec(),
            is_dense: false,
        }
    }
}

impl Columns {
    /// The shown columns in order. The company is always among them: a row without a name tells nothing.
    pub fn shown(&self) -> Vec<LeadSort> {
        let shown = self.order.iter().filter(|(_, shown)| *shown);
        shown.map(|(column, _)| *column).collect()
    }

    /// From columns as they were kept: unknown ones are dropped, missing ones come at the end.
    pub fn from_kept(kept: Vec<(LeadSort, bool)>, is_dense: bool) -> Self {
        let mut order: Vec<(LeadSort, bool)> = Vec::new();
        let all = LeadSort::ALL.map(|column| (column, true));
        for (column, shown) in kept.into_iter().chain(all) {
            if column != LeadSort::Id && order.iter().all(|(known, _)| *known != column) {
                order.push((column, shown || column == LeadSort::Company));
            }
        }
        Self { order, is_dense }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Prevents: columns of another version of the app leave the table without some, or with one twice.
    #[test]
    fn kept_columns_are_completed() {
        let kept = vec![
            (LeadSort::Created, false),
            (LeadSort::Company, false),
            (LeadSort::Created, true),
        ];
        let columns = Columns::from_kept(kept, true);
        assert_eq!(columns.order.len(), LeadSort::ALL.len());
        assert_eq!(columns.order[0], (LeadSort::Created, false));
        assert_eq!(columns.shown()[0], LeadSort::Company);
        assert!(!columns.shown().contains(&LeadSort::Created));
    }
}
