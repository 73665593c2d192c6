//! What became of each lead of the batch that is looked at, as the table of its details shows it.

use crate::app::Model;
use crate::app::batch_history::details::Details;
use crate::app::batch_history::words::DASH;
use crate::domain::batch::{LeadResult, LeadStatus};
use crate::domain::text::{counted, decimal, grouped, lowered, shortened};
use crate::error::Kind;

/// So many leads are shown at first, and with each further step: on a phone each is a card.
pub const ROWS_SHOWN: usize = 50;

/// Outcomes that can be asked for: how rows and style sheets know them, and the words for them.
pub const OUTCOME_FILTERS: [(&str, &str); 4] = [
    ("", "Any"),
    ("completed", "Done"),
    ("failed", "Failed"),
    ("pending", "Not done"),
];

/// Which leads are wanted.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ResultQuery {
    /// A part of the lead or of its error, in whatever case.
    pub search: String,
    /// One of [`OUTCOME_FILTERS`].
    pub outcome: String,
    /// No more than so many.
    pub room: usize,
}

/// How far the reading is, and what it brought.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum ResultsView {
    #[default]
    Loading,
    Loaded(ResultTable),
    /// The server tells of no single leads.
    NotOffered,
    Failed(String),
}

/// The leads that are wanted.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ResultTable {
    pub rows: Vec<ResultRow>,
    /// How many are shown, where that is not all.
    pub shown: Option<String>,
    /// There are more that are wanted.
    pub has_more: bool,
    /// The server told of some only.
    pub cut: Option<String>,
}

/// One lead.
#[derive(Clone, Debug, PartialEq)]
pub struct ResultRow {
    pub lead: String,
    /// How style sheets know its state.
    pub code: &'static str,
    pub state: String,
    pub cost: String,
    pub took: String,
    pub error: String,
    /// Where its report is, and what a screen reader calls that.
    pub report: Option<(String, String)>,
}

impl Model {
    /// Single leads of the batch that is looked at.
    pub fn results_view(&self, query: &ResultQuery) -> ResultsView {
        let details = self.history.details.as_ref();
        details.map_or(ResultsView::Loading, |details| view(details, query))
    }

    /// The server has told of single leads, so that some of them can be asked for.
    pub fn has_results(&self) -> bool {
        let details = self.history.details.as_ref();
        details.is_some_and(|details| details.results.value().is_some())
    }
}

fn view(details: &Details, query: &ResultQuery) -> ResultsView {
    match (details.results.value(), details.results.error()) {
        (_, Some(error)) if matches!(error.kind, Kind::NotFound(_)) => ResultsView::NotOffered,
        (_, Some(error)) => ResultsView::Failed(error.to_string()),
        (Some(page), None) => ResultsView::Loaded(table(&page.results, page.total, query)),
        (None, None) => ResultsView::Loading,
    }
}

fn table(results: &[LeadResult], total: u32, query: &ResultQuery) -> ResultTable {
    let search = lowered(query.search.trim());
    let is_wanted = |result: &&LeadResult| {
        let error = result.error.as_deref().unwrap_or_default();
        (query.outcome.is_empty() || state_code(result) == query.outcome)
            && (search.is_empty()
                || lowered(&result.lead.0).contains(&search)
                || lowered(error).contains(&search))
    };
    let wanted: Vec<_> = results.iter().filter(is_wanted).collect();
    let rows: Vec<_> = wanted.iter().take(query.room).map(|it| row(it)).collect();
    let are_some = rows.len() < results.len();
    let shown = are_some.then(|| {
        format!(
            "{} of {} are shown; the export has all.",
            grouped(rows.len() as u64),
            counted(results.len(), "lead")
        )
    });
    let cut = (total as usize > results.len()).then(|| {
        format!(
            "The first {} of {} leads.",
            grouped(results.len() as u64),
            grouped(total.into())
        )
    });
    ResultTable {
        has_more: wanted.len() > rows.len(),
        rows,
        shown,
        cut,
    }
}

fn row(result: &LeadResult) -> ResultRow {
    let seconds = |took| format!("{} s", decimal(took as f64 / 1_000.0, 1));
    let or_dash = |words: Option<String>| words.unwrap_or_else(|| DASH.to_owned());
    let lead = &result.lead.0;
    let report = result.report_link();
    ResultRow {
        lead: shortened(lead, 40),
        code: state_code(result),
        state: result.status.label().to_owned(),
        cost: or_dash(result.cost.map(|cost| cost.to_string())),
        took: or_dash(result.took.map(seconds)),
        error: or_dash(result.error.as_ref().map(|error| shortened(error, 200))),
        report: report.map(|url| (url.to_owned(), format!("Report on lead {lead}"))),
    }
}

fn state_code(result: &LeadResult) -> &'static str {
    match result.status {
        LeadStatus::Completed => "completed",
        LeadStatus::Failed => "failed",
        _ => "pending",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::lead::LeadId;
    use crate::domain::money::Usd;

    fn result(lead: &str, status: LeadStatus, error: Option<&str>) -> LeadResult {
        LeadResult {
            lead: LeadId(lead.into()),
            status,
            error: error.map(str::to_owned),
            cost: None,
            took: None,
            report_url: None,
        }
    }

    fn three() -> [LeadResult; 3] {
        [
            result("lead-1", LeadStatus::Completed, None),
            result("lead-2", LeadStatus::Failed, Some("No Site")),
            result("lead-3", LeadStatus::Skipped, None),
        ]
    }

    fn leads(query: &ResultQuery) -> Vec<String> {
        let table = table(&three(), 3, query);
        table.rows.into_iter().map(|row| row.lead).collect()
    }

    /// Prevents: what was left out counts as failed, or a search passes over errors.
    #[test]
    fn outcome_and_search_choose_leads() {
        let by = |search: &str, outcome: &str| {
            leads(&ResultQuery {
                search: search.into(),
                outcome: outcome.into(),
                room: 9,
            })
        };
        assert_eq!(by("", "").len(), 3);
        assert_eq!(by("", "failed"), ["lead-2"]);
        assert_eq!(by("", "pending"), ["lead-3"]);
        assert_eq!(by(" no site", ""), ["lead-2"]);
        assert_eq!(by("LEAD-1", "completed"), ["lead-1"]);
        assert!(by("lead-1", "failed").is_empty());
    }

    /// Prevents: a part of the leads is taken for all of them.
    #[test]
    fn a_part_is_said_to_be_one() {
        let with_room = |room, total| {
            let query = ResultQuery {
                room,
                ..ResultQuery::default()
            };
            let table = table(&three(), total, &query);
            (table.shown, table.has_more, table.cut)
        };
        let first = with_room(2, 9);
        let shown = "2 of 3 leads are shown; the export has all.".to_owned();
        let cut = "The first 3 of 9 leads.".to_owned();
        assert_eq!(first, (Some(shown), true, Some(cut)));
        assert_eq!(with_room(3, 3), (None, false, None));
    }

    #[test]
    fn a_row_tells_what_is_known() {
        let known = LeadResult {
            cost: Usd::from_dollars(0.5),
            took: Some(1_234),
            report_url: Some("/reports/1".into()),
            ..result("lead-1", LeadStatus::Completed, None)
        };
        let told = row(&known);
        assert_eq!(
            [told.state.as_str(), &told.cost, &told.took, &told.error],
            ["Done", "$0.50", "1.2 s", DASH]
        );
        let report = ("/reports/1".to_owned(), "Report on lead lead-1".to_owned());
        assert_eq!(told.report, Some(report));
        let unsafe_link = LeadResult {
            report_url: Some("javascript:alert(1)".into()),
            ..known
        };
        assert_eq!(row(&unsafe_link).report, None);
    }
}
