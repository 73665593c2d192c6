//! One record of the ledger.

use serde::{Deserialize, Serialize};

use crate::domain::batch::{BatchId, BatchStatus, Counts};
use crate::domain::cost::PriceSubject;
use crate::domain::lead::LeadId;
use crate::domain::ledger::{End, Entry, Outcome, Told};
use crate::domain::money::Usd;
use crate::domain::plan::{ClientReference, Plan};
use crate::domain::template::TemplateVersion;
use crate::domain::time::Millis;
use crate::wire::json::{self, lenient};

/// The shape of the records. One of a higher number was written by a later version of the page and is left alone.
const VERSION: u32 = 1;

/// An entry as it is kept and handed out. Amounts are in dollars.
#[derive(Serialize, Deserialize)]
pub(super) struct Record {
    version: u32,
    pub reference: String,
    /// By which plans are told apart; made from the others, so it is not read.
    #[serde(default)]
    pub plan: String,
    /// Milliseconds.
    approved: i64,
    lead_ids: Vec<String>,
    pub template: String,
    #[serde(default, deserialize_with = "lenient")]
    template_mark: Option<String>,
    price: f64,
    #[serde(default, deserialize_with = "lenient")]
    told: Option<StoredTold>,
    #[serde(default, deserialize_with = "lenient")]
    enriched: Option<u32>,
    #[serde(default, deserialize_with = "lenient")]
    pub name: Option<String>,
    #[serde(default, deserialize_with = "lenient")]
    description: Option<String>,
    max_concurrent: u8,
    retry_count: u8,
    #[serde(default, deserialize_with = "lenient")]
    pub created_by: Option<String>,
    pub outcome: String,
    pub batches: Vec<String>,
    /// Why it was refused.
    #[serde(default, deserialize_with = "lenient")]
    words: Option<String>,
    #[serde(default, deserialize_with = "lenient")]
    end: Option<StoredEnd>,
    #[serde(default, deserialize_with = "lenient")]
    pub rerun_of: Option<String>,
}

#[derive(Serialize, Deserialize)]
struct StoredTold {
    /// From and to.
    #[serde(default, deserialize_with = "lenient")]
    expected: Option<(f64, f64)>,
    #[serde(default, deserialize_with = "lenient")]
    warning: Option<String>,
}

#[derive(Serialize, Deserialize)]
struct StoredEnd {
    status: String,
    /// Of all leads, of those processed, successful and failed.
    counts: [u32; 4],
    #[serde(default, deserialize_with = "lenient")]
    actual: Option<f64>,
}

/// One record.
pub fn write_entry(entry: &Entry) -> String {
    json::write(&Record::of(entry))
}

/// Reads [`write_entry`]; `None` where it is corrupt or of a later version.
pub fn read_entry(text: &str) -> Option<Entry> {
    let record: Record = json::read(text)?;
    (record.version <= VERSION).then(|| record.into_entry())?
}

impl Record {
    pub fn of(entry: &Entry) -> Self {
        let plan = entry.plan.clone();
        let (outcome, batches, words) = match &entry.outcome {
            Outcome::Open => ("open", &[][..], None),
            Outcome::Started { batch, adopted } => (
                if *adopted { "found" } else { "started" },
                std::slice::from_ref(batch),
                None,
            ),
            Outcome::Refused(words) => ("refused", &[][..], Some(words.clone())),
            Outcome::NotConfirmed => ("not confirmed", &[][..], None),
            Outcome::Several(batches) => ("several", &batches[..], None),
        };
        let told = entry.told.as_ref().map(|told| StoredTold {
            expected: (told.expected).map(|(low, high)| (low.dollars(), high.dollars())),
            warning: told.warning.clone(),
        });
        let lead_ids = plan.subject.lead_ids.iter().map(|id| id.0.clone());
        Self {
            version: VERSION,
            plan: format!("{:016x}", plan.hash()),
            reference: plan.reference.0,
            approved: entry.approved.0,
            lead_ids: lead_ids.collect(),
            template: plan.subject.template.0,
            template_mark: entry.template_mark.clone(),
            price: plan.price.dollars(),
            told,
            enriched: entry.enriched,
            name: plan.name,
            description: plan.description,
            max_concurrent: plan.max_concurrent,
            retry_count: plan.retry_count,
            created_by: plan.created_by,
            outcome: outcome.to_owned(),
            batches: batches.iter().map(|id| id.0.clone()).collect(),
            words,
            end: entry.end.as_ref().map(StoredEnd::of),
            rerun_of: entry.rerun_of.as_ref().map(|batch| batch.0.clone()),
        }
    }

    fn into_entry(self) -> Option<Entry> {
        let mut batches = self.batches.into_iter().map(BatchId);
        let outcome = match self.outcome.as_str() {
            "open" => Outcome::Open,
            "refused" => Outcome::Refused(self.words.unwrap_or_default()),
            "not confirmed" => Outcome::NotConfirmed,
            "several" => Outcome::Several(batches.collect()),
            word @ ("started" | "found") => Outcome::Started {
                batch: batches.next()?,
                adopted: word == "found",
            },
            _ => return None,
        };
        let bound = Usd::from_dollars;
        let told = self.told.map(|told| Told {
            expected: (told.expected).and_then(|(low, high)| bound(low).zip(bound(high))),
            warning: told.warning,
        });
        Some(Entry {
            plan: Plan {
                subject: subject(self.lead_ids, self.template),
                price: Usd::from_dollars(self.price)?,
                name: self.name,
                description: self.description,
                max_concurrent: self.max_concurrent,
                retry_count: self.retry_count,
                created_by: self.created_by,
                reference: ClientReference(self.reference),
            },
            approved: Millis(self.approved),
            told,
            enriched: self.enriched,
            template_mark: self.template_mark,
            outcome,
            end: self.end.map(StoredEnd::into_end),
            rerun_of: self.rerun_of.map(BatchId),
        })
    }
}

pub(super) fn subject(lead_ids: Vec<String>, template: String) -> PriceSubject {
    PriceSubject::new(lead_ids.into_iter().map(LeadId), TemplateVersion(template))
}

impl StoredEnd {
    fn of(end: &End) -> Self {
        let Counts {
            total,
            processed,
            successful,
            failed,
        } = end.counts;
        Self {
            status: end.status.code().to_owned(),
            counts: [total, processed, successful, failed],
            actual: end.actual.map(Usd::dollars),
        }
    }

    fn into_end(self) -> End {
        let [total, processed, successful, failed] = self.counts;
        End {
            status: BatchStatus::from_code(&self.status),
            counts: Counts {
                total,
                processed,
                successful,
                failed,
            },
            actual: self.actual.and_then(Usd::from_dollars),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::samples::{ended, entry};
    use super::*;

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

    /// Prevents: the records of somebody's browser, which alone know what was approved, are not read any more.
    #[test]
    fn a_record_as_it_lies_in_browsers_is_read_and_written() {
        let text = concat!(
            r#"{"version":1,"reference":"00000000002a","plan":"PLAN","approved":1795438400000,"lead_ids":["a","b"],"#,
            r#""template":"v1","template_mark":"abc","price":0.75625,"told":{"expected":[0.6,0.9],"#,
            r#""warning":"Batch will use 63.4% of daily budget"},"enriched":1,"name":"שלום, <b> \"x\"","#,
            r#""description":null,"max_concurrent":5,"retry_count":0,"created_by":"olive@example","#,
            r#""outcome":"found","batches":["x-1"],"words":null,"end":{"status":"completed","#,
            r#""counts":[2,2,1,1],"actual":0.7},"rerun_of":"x-0"}"#,
        );
        let text = text.replace("PLAN", &format!("{:016x}", entry().plan.hash()));
        assert_eq!(read_entry(&text), Some(ended()));
        assert_eq!(write_entry(&ended()), text);
    }

    /// Prevents: a launch is forgotten because one of the figures beside it is spoilt.
    #[test]
    fn a_spoilt_figure_does_not_lose_the_approval() {
        let whole = write_entry(&ended());
        for (sound, spoilt) in [
            (r#""counts":[2,2,1,1]"#, r#""counts":[2,-2]"#),
            (r#""status":"completed""#, r#""status":7"#),
            (r#""enriched":1"#, r#""enriched":-1"#),
            (r#""rerun_of":"x-0""#, r#""rerun_of":{}"#),
            (r#""template_mark":"abc""#, r#""template_mark":[]"#),
            (r#""expected":[0.6,0.9]"#, r#""expected":[0.6]"#),
        ] {
            let text = whole.replace(sound, spoilt);
            assert_ne!(text, whole);
            let read = read_entry(&text).unwrap();
            assert_eq!(read.plan, ended().plan, "{spoilt}");
            assert_eq!(read.batch(), ended().batch(), "{spoilt}");
            assert!(read.told.is_some(), "{spoilt}");
        }
        for spoilt in [r#""price":null"#, r#""price":1e300"#, r#""price":"1""#] {
            assert_eq!(
                read_entry(&whole.replace(r#""price":0.75625"#, spoilt)),
                None
            );
        }
    }
}
