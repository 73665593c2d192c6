//! How the lead table is looked at: saved views and columns.

use serde::{Deserialize, Serialize};

use crate::domain::lead::LeadSort;
use crate::domain::table::{Columns, SavedView};
use crate::wire::json;

/// Saved views of the lead table.
pub fn write_views(views: &[SavedView]) -> String {
    let stored = |view: &SavedView| (view.name.clone(), view.query.clone(), view.is_default);
    json::write(&views.iter().map(stored).collect::<Vec<_>>())
}

/// Reads [`write_views`]; what is corrupt is left out.
pub fn read_views(text: &str) -> Vec<SavedView> {
    json::read_each(text)
        .map(|(name, query, is_default)| SavedView {
            name,
            query,
            is_default,
        })
        .collect()
}

#[derive(Serialize, Deserialize)]
struct Stored {
    /// The code of each column, and whether it is shown.
    order: Vec<(String, bool)>,
    #[serde(default)]
    dense: bool,
}

/// Columns of the lead table.
pub fn write_columns(columns: &Columns) -> String {
    let order = columns.order.iter();
    json::write(&Stored {
        order: order
            .map(|(column, shown)| (column.code().to_owned(), *shown))
            .collect(),
        dense: columns.is_dense,
    })
}

/// Reads [`write_columns`]; `None` where it is corrupt.
pub fn read_columns(text: &str) -> Option<Columns> {
    let stored: Stored = json::read(text)?;
    let known = |(code, shown): (String, bool)| Some((LeadSort::from_code(&code)?, shown));
    let order = stored.order.into_iter().filter_map(known).collect();
    Some(Columns::from_kept(order, stored.dense))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn views_and_columns_survive_storage_and_what_is_corrupt_is_left_out() {
        let view = SavedView {
            name: "Fair ones".into(),
            query: "q=fair&sort=email".into(),
            is_default: true,
        };
        let text = write_views(std::slice::from_ref(&view));
        assert_eq!(read_views(&text.replacen('[', "[7,[\"x\"],", 1)), [view]);
        assert_eq!(read_views("{"), []);
        let columns = Columns::from_kept(vec![(LeadSort::Email, false)], true);
        assert_eq!(read_columns(&write_columns(&columns)), Some(columns));
        assert_eq!(read_columns("[]"), None);
    }

    #[test]
    fn views_and_columns_as_they_lie_in_browsers_are_read() {
        let text = r#"[["Fair ones","q=fair&sort=email",true],["x","",false]]"#;
        assert_eq!(write_views(&read_views(text)), text);
        let text =
            r#"{"order":[["email",false],["gone in this version",true],["company_name",true]]}"#;
        let order = vec![(LeadSort::Email, false), (LeadSort::Company, true)];
        assert_eq!(read_columns(text), Some(Columns::from_kept(order, false)));
    }
}
