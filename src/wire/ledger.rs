//! The ledger as text: how it is kept in the browser, record by record, and how it is handed out as receipts.

use crate::json::{self, Value, json};

use super::json::Json;
use crate::domain::batch::{BatchId, BatchStatus, Counts};
use crate::domain::cost::PriceSubject;
use crate::domain::lead::LeadId;
use crate::domain::ledger::{End, Entry, Outcome, Told};
use crate::domain::list::csv_row;
use crate::domain::money::Usd;
use crate::domain::plan::{ClientReference, Plan};
use crate::domain::template::TemplateVersion;
use crate::domain::text::decimal;
use crate::domain::time::Millis;

/// The shape of the records. One of a higher number was written by a later version of the page and is left alone.
const VERSION: u32 = 1;

/// One record.
pub fn write_entry(entry: &Entry) -> String {
    to_json(entry).to_string()
}

fn to_json(entry: &Entry) -> Value {
    let plan = &entry.plan;
    let (outcome, batches, words) = match &entry.outcome {
        Outcome::Open => ("open", Vec::new(), None),
        Outcome::Started { batch, adopted } => (
            if *adopted { "found" } else { "started" },
            vec![batch],
            None,
        ),
        Outcome::Refused(words) => ("refused", Vec::new(), Some(words)),
        Outcome::NotConfirmed => ("not confirmed", Vec::new(), None),
        Outcome::Several(batches) => ("several", batches.iter().collect(), None),
    };
    let ids = |ids: Vec<&String>| Value::from_iter(ids.into_iter().map(String::as_str));
    let end = entry.end.as_ref().map(|end| {
        let Counts {
            total,
            processed,
            successful,
            failed,
        } = end.counts;
        json!({
            "status": end.status.code(),
            "counts": [total, processed, successful, failed],
            "actual": end.actual.map(Usd::dollars),
        })
    });
    let told = entry.told.as_ref().map(|told| {
        let range = told
            .expected
            .map(|(low, high)| [low.dollars(), high.dollars()]);
        json!({ "expected": range, "warning": told.warning })
    });
    json!({
        "version": VERSION,
        "reference": plan.reference.0,
        "plan": format!("{:016x}", plan.hash()),
        "approved": entry.approved.0,
        "lead_ids": ids(plan.subject.lead_ids.iter().map(|id| &id.0).collect()),
        "template": plan.subject.template.0,
        "template_mark": entry.template_mark,
        "price": plan.price.dollars(),
        "told": told,
        "enriched": entry.enriched,
        "name": plan.name,
        "description": plan.description,
        "max_concurrent": plan.max_concurrent,
        "retry_count": plan.retry_count,
        "created_by": plan.created_by,
        "outcome": outcome,
        "batches": ids(batches.into_iter().map(|id| &id.0).collect()),
        "words": words,
        "end": end,
        "rerun_of": entry.rerun_of.as_ref().map(|batch| batch.0.as_str()),
    })
}

/// Reads [`write_entry`]; `None` where it is corrupt or of a later version.
pub fn read_entry(text: &str) -> Option<Entry> {
    let value: Value = json::from_str(text).ok()?;
    let stored = Json(&value);
    if stored.count("version")? > VERSION {
        return None;
    }
    let plan = read_plan(stored)?;
    let mut batches = stored
        .get("batches")
        .items()?
        .filter_map(Json::as_text)
        .map(BatchId);
    let outcome = match stored.text("outcome")?.as_str() {
        "open" => Outcome::Open,
        "refused" => Outcome::Refused(stored.text("words").unwrap_or_default()),
        "not confirmed" => Outcome::NotConfirmed,
        "several" => Outcome::Several(batches.collect()),
        word @ ("started" | "found") => Outcome::Started {
            batch: batches.next()?,
            adopted: word == "found",
        },
        _ => return None,
    };
    let told = stored.get("told");
    let is_told = told.0.is_object();
    let range = told.get("expected");
    let bound = |place: usize| Usd::from_dollars(range.0.get(place)?.as_f64()?);
    Some(Entry {
        plan,
        approved: Millis(stored.get("approved").0.as_i64()?),
        told: is_told.then(|| Told {
            expected: bound(0).zip(bound(1)),
            warning: told.text("warning"),
        }),
        enriched: stored.count("enriched"),
        template_mark: stored.text("template_mark"),
        outcome,
        end: read_end(stored.get("end")),
        rerun_of: stored.text("rerun_of").map(BatchId),
    })
}

fn read_end(stored: Json) -> Option<End> {
    let count = |place: usize| Json(stored.get("counts").0.get(place)?).as_count();
    Some(End {
        status: BatchStatus::from_code(&stored.text("status")?),
        counts: Counts {
            total: count(0)?,
            processed: count(1)?,
            successful: count(2)?,
            failed: count(3)?,
        },
        actual: stored.usd("actual"),
    })
}

fn read_plan(stored: Json) -> Option<Plan> {
    let small = |name| stored.count(name).and_then(|n| u8::try_from(n).ok());
    Some(Plan {
        subject: read_subject(stored)?,
        price: stored.usd("price")?,
        name: stored.text("name"),
        description: stored.text("description"),
        max_concurrent: small("max_concurrent")?,
        retry_count: small("retry_count")?,
        created_by: stored.text("created_by"),
        reference: ClientReference(stored.text("reference")?),
    })
}

fn read_subject(stored: Json) -> Option<PriceSubject> {
    let ids = stored
        .list("lead_ids")
        .ok()?
        .filter_map(Json::as_text)
        .map(LeadId);
    Some(PriceSubject::new(
        ids,
        TemplateVersion(stored.text("template")?),
    ))
}

/// Reads what versions before this ledger kept: a launch whose outcome was not known (`journal`), and the list of
/// launches (`ledger`), of which nobody noted the price. What is corrupt is left out.
pub fn read_earlier(journal: Option<&str>, ledger: Option<&str>) -> Vec<Entry> {
    let parsed = |text: Option<&str>| -> Value {
        text.and_then(|text| json::from_str(text).ok())
            .unwrap_or_default()
    };
    let entry = |plan, approved, outcome| Entry {
        plan,
        approved,
        told: None,
        enriched: None,
        template_mark: None,
        outcome,
        end: None,
        rerun_of: None,
    };
    let (journal, ledger) = (parsed(journal), parsed(ledger));
    let open = || {
        let stored = Json(&journal);
        let sent = Millis(stored.get("sent").0.as_i64()?);
        let told = Some(Told::default());
        Some(Entry {
            told,
            ..entry(read_plan(stored)?, sent, Outcome::Open)
        })
    };
    let launched = |stored: Json| {
        let batch = BatchId(stored.get("batch").0.as_str()?.to_owned());
        let plan = Plan {
            subject: read_subject(stored)?,
            price: Usd::ZERO,
            name: None,
            description: None,
            max_concurrent: 0,
            retry_count: 0,
            created_by: None,
            // Nobody noted the reference either; the batch's own name is as good a name for the entry.
            reference: ClientReference(batch.0.clone()),
        };
        let at = Millis(stored.get("at").0.as_i64()?);
        let started = Outcome::Started {
            batch,
            adopted: false,
        };
        Some(Entry {
            enriched: stored.count("enriched"),
            ..entry(plan, at, started)
        })
    };
    let ended = Json(&ledger)
        .items()
        .into_iter()
        .flatten()
        .filter_map(launched);
    open().into_iter().chain(ended).collect()
}

/// All receipts as JSON: a list of the records as they are kept.
pub fn receipts_json(entries: &[Entry]) -> String {
    Value::from_iter(entries.iter().map(to_json)).to_string()
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
        let value = to_json(entry);
        let stored = Json(&value);
        let text = |name: &str| stored.text(name).unwrap_or_default();
        let usd =
            |amount: Option<Usd>| amount.map_or_else(String::new, |usd| decimal(usd.dollars(), 6));
        let told = entry.told.as_ref();
        let range = told.and_then(|told| told.expected);
        let end = Json(&value["end"]);
        let count = |place: usize| {
            end.get("counts")
                .0
                .get(place)
                .map_or_else(String::new, Value::to_string)
        };
        let batches = stored.get("batches").items().into_iter().flatten();
        let fields = [
            entry.approved.to_utc_text(),
            text("reference"),
            batches
                .filter_map(Json::as_text)
                .collect::<Vec<_>>()
                .join(" "),
            text("name"),
            entry.plan.subject.lead_ids.len().to_string(),
            text("template"),
            usd(entry.price()),
            usd(range.map(|(low, _)| low)),
            usd(range.map(|(_, high)| high)),
            told.and_then(|told| told.warning.clone())
                .unwrap_or_default(),
            text("outcome"),
            end.text("status").unwrap_or_default(),
            count(2),
            count(3),
            usd(end.usd("actual")),
            text("created_by"),
            text("plan"),
            text("rerun_of"),
        ];
        csv += &csv_row(&fields.each_ref().map(String::as_str));
    }
    csv
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry() -> Entry {
        Entry {
            plan: Plan {
                subject: PriceSubject::new(
                    ["b", "a"].map(|id| LeadId(id.into())),
                    TemplateVersion("v1".into()),
                ),
                price: Usd::from_dollars(0.75625).unwrap(),
                name: Some("שלום, <b> \"x\"".into()),
                description: None,
                max_concurrent: 5,
                retry_count: 0,
                created_by: Some("olive@example".into()),
                reference: ClientReference::from_random(42),
            },
            approved: Millis(1_795_438_400_000),
            told: Some(Told {
                expected: Usd::from_dollars(0.6).zip(Usd::from_dollars(0.9)),
                warning: Some("Batch will use 63.4% of daily budget".into()),
            }),
            enriched: Some(1),
            template_mark: Some("abc".into()),
            outcome: Outcome::Open,
            end: None,
            rerun_of: None,
        }
    }

    fn ended() -> Entry {
        let counts = Counts {
            total: 2,
            processed: 2,
            successful: 1,
            failed: 1,
        };
        let batch = BatchId("x-1".into());
        Entry {
            outcome: Outcome::Started {
                batch,
                adopted: true,
            },
            end: Some(End {
                status: BatchStatus::Completed,
                counts,
                actual: Usd::from_dollars(0.7),
            }),
            rerun_of: Some(BatchId("x-0".into())),
            ..entry()
        }
    }

    #[test]
    fn every_outcome_survives_storage() {
        let several = Outcome::Several(vec![BatchId("x".into()), BatchId("y".into())]);
        for outcome in [
            Outcome::Open,
            Outcome::Refused("No.".into()),
            Outcome::NotConfirmed,
            several,
        ] {
            let kept = Entry { outcome, ..entry() };
            assert_eq!(read_entry(&write_entry(&kept)), Some(kept));
        }
        assert_eq!(read_entry(&write_entry(&ended())), Some(ended()));
        let bare = Entry {
            told: None,
            enriched: None,
            template_mark: None,
            ..entry()
        };
        assert_eq!(read_entry(&write_entry(&bare)), Some(bare));
    }

    /// Prevents: records from before reruns were noted are taken for corrupt.
    #[test]
    fn a_record_without_the_later_fields_is_read() {
        let whole = write_entry(&ended());
        let before = whole.replace(",\"rerun_of\":\"x-0\"", "");
        assert_ne!(whole, before);
        let read = read_entry(&before);
        let expected = Entry {
            rerun_of: None,
            ..ended()
        };
        assert_eq!(read, Some(expected));
    }

    /// Prevents: one spoilt record, or one of a later version, takes the others or the page with it.
    #[test]
    fn corrupt_records_are_nothing_and_never_a_panic() {
        let whole = write_entry(&ended());
        for cut in 0..whole.len() {
            assert_eq!(whole.get(..cut).and_then(read_entry), None);
        }
        for text in ["null", "{}", "[1]", "{\"version\":1}", "\u{0}"] {
            assert_eq!(read_entry(text), None);
        }
        assert_eq!(
            read_entry(&whole.replace("\"version\":1", "\"version\":2")),
            None
        );
        assert_eq!(read_entry(&whole.replace("\"found\"", "\"lost\"")), None);
    }

    #[test]
    fn what_earlier_versions_kept_is_taken_over() {
        let journal = r#"{"lead_ids":["a"],"template":"v1","price":1.5,"name":null,"description":null,"max_concurrent":5,
            "retry_count":3,"created_by":"o","reference":"00000000002a","sent":7}"#;
        let ledger = r#"[{"batch":"x","lead_ids":["a","b"],"template":"v1","at":5,"enriched":1},{"batch":3},7]"#;
        let taken = read_earlier(Some(journal), Some(ledger));
        assert_eq!(taken.len(), 2);
        assert_eq!(
            (&taken[0].outcome, taken[0].price()),
            (&Outcome::Open, Usd::from_dollars(1.5))
        );
        assert_eq!(taken[0].approved, Millis(7));
        assert_eq!(
            (taken[1].batch(), taken[1].price()),
            (Some(&BatchId("x".into())), None)
        );
        assert_eq!(
            (taken[1].enriched, taken[1].plan.subject.lead_ids.len()),
            (Some(1), 2)
        );
        // Once taken over they are records like any other.
        assert_eq!(
            taken
                .iter()
                .map(|entry| read_entry(&write_entry(entry)))
                .collect::<Vec<_>>(),
            taken.iter().cloned().map(Some).collect::<Vec<_>>()
        );
        for spoilt in [
            None,
            Some(""),
            Some("null"),
            Some("{\"lead_ids\":7}"),
            Some("[[1,2]]"),
        ] {
            assert_eq!(read_earlier(spoilt, spoilt), []);
        }
    }

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
        let json: Value = json::from_str(&receipts_json(&[ended()])).unwrap();
        assert_eq!(read_entry(&json.get(0).unwrap().to_string()), Some(ended()));
    }
}
