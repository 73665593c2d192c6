//! What became of each lead of a batch, as a file.

use serde::Serialize;

use crate::domain::batch::BatchId;
use crate::domain::list::csv_row;
use crate::domain::money::Usd;
use crate::domain::outcomes::LeadOutcome;
use crate::domain::text::decimal;
use crate::wire::json;

/// As CSV (RFC 4180), a line each; amounts are in dollars, and what is not known stays empty.
pub fn outcomes_csv(batch: &BatchId, outcomes: &[LeadOutcome]) -> String {
    let mut csv = csv_row(&[
        "batch",
        "lead_id",
        "status",
        "error",
        "cost_usd",
        "report_url",
    ]);
    for outcome in outcomes {
        let cost = outcome
            .cost
            .map_or_else(String::new, |usd| decimal(usd.dollars(), 6));
        csv += &csv_row(&[
            &batch.0,
            &outcome.lead.0,
            outcome.standing.code(),
            outcome.error.as_deref().unwrap_or_default(),
            &cost,
            outcome.report_url.as_deref().unwrap_or_default(),
        ]);
    }
    csv
}

#[derive(Serialize)]
struct Line<'a> {
    batch: &'a str,
    lead_id: &'a str,
    status: &'a str,
    error: Option<&'a str>,
    cost_usd: Option<f64>,
    report_url: Option<&'a str>,
}

/// As a JSON list; what is not known is `null`.
pub fn outcomes_json(batch: &BatchId, outcomes: &[LeadOutcome]) -> String {
    let line = |outcome| line(batch, outcome);
    json::write(&outcomes.iter().map(line).collect::<Vec<_>>())
}

fn line<'a>(batch: &'a BatchId, outcome: &'a LeadOutcome) -> Line<'a> {
    Line {
        batch: &batch.0,
        lead_id: &outcome.lead.0,
        status: outcome.standing.code(),
        error: outcome.error.as_deref(),
        cost_usd: outcome.cost.map(Usd::dollars),
        report_url: outcome.report_url.as_deref(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::lead::LeadId;
    use crate::domain::outcomes::Standing;

    /// Prevents: the server's words break the table or run as a formula; a cost that is not known is exported as 0.
    #[test]
    fn a_line_each_and_unknown_figures_stay_empty() {
        let outcomes = [
            LeadOutcome {
                lead: LeadId("lead-1".into()),
                standing: Standing::Failed,
                error: Some("=cmd \"x\",\nagain".into()),
                cost: Usd::from_dollars(0.25),
                report_url: Some("https://x.example/1".into()),
            },
            LeadOutcome {
                lead: LeadId("lead-2".into()),
                standing: Standing::Unknown,
                error: None,
                cost: None,
                report_url: None,
            },
        ];
        let batch = BatchId("b".into());
        assert_eq!(
            outcomes_csv(&batch, &outcomes),
            "\"batch\",\"lead_id\",\"status\",\"error\",\"cost_usd\",\"report_url\"\r\n\
             \"b\",\"lead-1\",\"failed\",\"'=cmd \"\"x\"\",\nagain\",\"0.25\",\"https://x.example/1\"\r\n\
             \"b\",\"lead-2\",\"unknown\",\"\",\"\",\"\"\r\n"
        );
        assert_eq!(
            outcomes_json(&batch, &outcomes[1..]),
            r#"[{"batch":"b","lead_id":"lead-2","status":"unknown","error":null,"cost_usd":null,"report_url":null}]"#
        );
        let told = json::parse(&outcomes_json(&batch, &outcomes)).unwrap();
        let first = told.get(0).unwrap();
        assert_eq!(first["error"].as_str(), Some("=cmd \"x\",\nagain"));
        assert_eq!(first["cost_usd"].as_f64(), Some(0.25));
    }
}
