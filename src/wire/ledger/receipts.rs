//! The receipts of all launches, as files.

use super::record::Record;
use crate::domain::batch::Counts;
use crate::domain::ledger::Entry;
use crate::domain::list::csv_row;
use crate::domain::money::Usd;
use crate::domain::text::decimal;
use crate::wire::json;

/// All receipts as JSON: a list of the records as they are kept.
pub fn receipts_json(entries: &[Entry]) -> String {
    json::write(&entries.iter().map(Record::of).collect::<Vec<_>>())
}

/// All receipts as CSV (RFC 4180), a line each.
pub fn receipts_csv(entries: &[Entry]) -> String {
    let mut csv = csv_row(&[
        "approved",
        "reference",
        "batch",
        "name",
        "leads",
        "template",
        "price_approved_usd",
        "expected_low_usd",
        "expected_high_usd",
        "budget_warning",
        "outcome",
        "status",
        "succeeded",
        "failed",
        "actual_usd",
        "created_by",
        "plan",
        "rerun_of",
    ]);
    for entry in entries {
        let record = Record::of(entry);
        let usd =
            |amount: Option<Usd>| amount.map_or_else(String::new, |usd| decimal(usd.dollars(), 6));
        let told = entry.told.as_ref();
        let range = told.and_then(|told| told.expected);
        let end = entry.end.as_ref();
        let count = |of: fn(&Counts) -> u32| {
            end.map_or_else(String::new, |end| of(&end.counts).to_string())
        };
        let fields = [
            entry.approved.to_utc_text(),
            record.reference,
            record.batches.join(" "),
            record.name.unwrap_or_default(),
            entry.plan.subject.lead_ids.len().to_string(),
            record.template,
            usd(entry.price()),
            usd(range.map(|(low, _)| low)),
            usd(range.map(|(_, high)| high)),
            told.and_then(|told| told.warning.clone())
                .unwrap_or_default(),
            record.outcome,
            end.map_or_else(String::new, |end| end.status.code().to_owned()),
            count(|counts| counts.successful),
            count(|counts| counts.failed),
            usd(end.and_then(|end| end.actual)),
            record.created_by.unwrap_or_default(),
            record.plan,
            record.rerun_of.unwrap_or_default(),
        ];
        csv += &csv_row(&fields.each_ref().map(String::as_str));
    }
    csv
}

#[cfg(test)]
mod tests {
    use super::super::read_entry;
    use super::super::samples::{ended, entry};
    use super::*;

    #[test]
    fn receipts_are_a_line_each_and_unknown_figures_stay_empty() {
        let earlier = Entry {
            told: None,
            ..entry()
        };
        let csv = receipts_csv(&[ended(), earlier]);
        let lines: Vec<_> = csv.lines().collect();
        assert_eq!(lines.len(), 3);
        assert!(lines[1].contains("\"שלום, <b> \"\"x\"\"\""), "{}", lines[1]);
        assert!(
            lines[1].contains("\"0.75625\",\"0.6\",\"0.9\""),
            "{}",
            lines[1]
        );
        assert!(
            lines[1].contains("\"found\",\"completed\",\"1\",\"1\",\"0.7\",\"olive@example\""),
            "{}",
            lines[1]
        );
        assert!(
            lines[2].contains(
                "\"v1\",\"\",\"\",\"\",\"\",\"open\",\"\",\"\",\"\",\"\",\"olive@example\""
            ),
            "{}",
            lines[2]
        );
        let json = json::parse(&receipts_json(&[ended()])).unwrap();
        assert_eq!(read_entry(&json[0].to_string()), Some(ended()));
    }
}
