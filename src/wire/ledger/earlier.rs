//! What versions before this ledger kept.

use serde::Deserialize;

use super::record::subject;
use crate::domain::batch::BatchId;
use crate::domain::ledger::{Entry, Outcome, Told};
use crate::domain::money::Usd;
use crate::domain::plan::{ClientReference, Plan};
use crate::domain::time::Millis;
use crate::wire::json::{self, lenient};

/// A launch whose outcome was not known.
#[derive(Deserialize)]
struct Journal {
    lead_ids: Vec<String>,
    template: String,
    price: f64,
    #[serde(default, deserialize_with = "lenient")]
    name: Option<String>,
    #[serde(default, deserialize_with = "lenient")]
    description: Option<String>,
    max_concurrent: u8,
    retry_count: u8,
    #[serde(default, deserialize_with = "lenient")]
    created_by: Option<String>,
    reference: String,
    sent: i64,
}

/// A launch that was answered.
#[derive(Deserialize)]
struct Launched {
    batch: String,
    lead_ids: Vec<String>,
    template: String,
    at: i64,
    #[serde(default, deserialize_with = "lenient")]
    enriched: Option<u32>,
}

/// Reads what versions before this ledger kept: a launch whose outcome was not known (`journal`), and the list of
/// launches (`ledger`), of which nobody noted the price. What is corrupt is left out.
pub fn read_earlier(journal: Option<&str>, ledger: Option<&str>) -> Vec<Entry> {
    let open = journal.and_then(json::read).and_then(open);
    let launched = json::read_each(ledger.unwrap_or_default()).map(launched);
    open.into_iter().chain(launched).collect()
}

fn open(journal: Journal) -> Option<Entry> {
    let plan = Plan {
        subject: subject(journal.lead_ids, journal.template),
        price: Usd::from_dollars(journal.price)?,
        name: journal.name,
        description: journal.description,
        max_concurrent: journal.max_concurrent,
        retry_count: journal.retry_count,
        created_by: journal.created_by,
        reference: ClientReference(journal.reference),
    };
    Some(Entry {
        told: Some(Told::default()),
        ..entry(plan, journal.sent, Outcome::Open)
    })
}

fn launched(launched: Launched) -> Entry {
    let batch = BatchId(launched.batch);
    let plan = Plan {
        subject: subject(launched.lead_ids, launched.template),
        price: Usd::ZERO,
        name: None,
        description: None,
        max_concurrent: 0,
        retry_count: 0,
        created_by: None,
        // Nobody noted the reference either; the batch's own name is as good a name for the entry.
        reference: ClientReference(batch.0.clone()),
    };
    let started = Outcome::Started {
        batch,
        adopted: false,
    };
    Entry {
        enriched: launched.enriched,
        ..entry(plan, launched.at, started)
    }
}

fn entry(plan: Plan, approved: i64, outcome: Outcome) -> Entry {
    Entry {
        plan,
        approved: Millis(approved),
        told: None,
        enriched: None,
        template_mark: None,
        outcome,
        end: None,
        rerun_of: None,
    }
}

#[cfg(test)]
mod tests {
    use super::super::{read_entry, write_entry};
    use super::*;

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
}
