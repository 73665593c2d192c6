//! What is kept in the browser's storage: the chosen leads, the launch journal and the ledger of launches.

use serde_json::{Value, json};

use super::json::Json;
use crate::domain::batch::BatchId;
use crate::domain::cost::PriceSubject;
use crate::domain::lead::LeadId;
use crate::domain::plan::{ClientReference, Plan, Settings};
use crate::domain::selection::Selection;
use crate::domain::template::TemplateVersion;
use crate::domain::time::Millis;

/// How many launches the ledger remembers.
pub const LEDGER_KEPT: usize = 50;

/// A launch that this browser made: the only place where a batch's leads are known for certain.
#[derive(Clone, Debug, PartialEq)]
pub struct Launched {
    pub batch: BatchId,
    pub lead_ids: Vec<LeadId>,
    pub template: TemplateVersion,
    pub at: Millis,
}

/// The chosen leads as `[[id, name], …]`.
pub fn write_selection(selection: &Selection) -> String {
    let pairs = selection
        .entries()
        .map(|(id, lead)| json!([id.0, lead.name]));
    Value::Array(pairs.collect()).to_string()
}

/// Reads [`write_selection`]; `None` where it is corrupt.
pub fn read_selection(text: &str) -> Option<Selection> {
    let value: Value = serde_json::from_str(text).ok()?;
    let mut selection = Selection::default();
    for pair in Json(&value).items()? {
        let (id, name) = (pair.0.get(0)?.as_str()?, pair.0.get(1)?.as_str()?);
        selection.add(LeadId(id.to_owned()), name);
    }
    Some(selection)
}

/// The journal entry of a launch whose POST may have been sent.
pub fn write_journal(plan: &Plan, sent: Millis) -> String {
    json!({
        "lead_ids": id_list(&plan.subject.lead_ids),
        "template": plan.subject.template.0,
        "price": plan.price.dollars(),
        "name": plan.name,
        "description": plan.description,
        "max_concurrent": plan.max_concurrent,
        "retry_count": plan.retry_count,
        "created_by": plan.created_by,
        "reference": plan.reference.0,
        "sent": sent.0,
    })
    .to_string()
}

/// Reads [`write_journal`]; `None` where it is corrupt.
pub fn read_journal(text: &str) -> Option<(Plan, Millis)> {
    let value: Value = serde_json::from_str(text).ok()?;
    let stored = Json(&value);
    let small = |name| stored.count(name).and_then(|n| u8::try_from(n).ok());
    let plan = Plan {
        subject: PriceSubject::new(read_ids(stored)?, TemplateVersion(stored.text("template")?)),
        price: stored.usd("price")?,
        name: stored.text("name"),
        description: stored.text("description"),
        max_concurrent: small("max_concurrent")?,
        retry_count: small("retry_count")?,
        created_by: stored.text("created_by"),
        reference: ClientReference(stored.text("reference")?),
    };
    Some((plan, Millis(stored.get("sent").0.as_i64()?)))
}

/// The newest launches first, at most [`LEDGER_KEPT`].
pub fn write_ledger(ledger: &[Launched]) -> String {
    let entries = ledger.iter().take(LEDGER_KEPT).map(|entry| {
        json!({
            "batch": entry.batch.0,
            "lead_ids": id_list(&entry.lead_ids),
            "template": entry.template.0,
            "at": entry.at.0,
        })
    });
    Value::Array(entries.collect()).to_string()
}

/// Reads [`write_ledger`]; entries that are corrupt are left out, the others stay.
pub fn read_ledger(text: &str) -> Vec<Launched> {
    let value: Value = serde_json::from_str(text).unwrap_or_default();
    let read = |stored: Json| {
        Some(Launched {
            batch: BatchId(stored.get("batch").0.as_str()?.to_owned()),
            lead_ids: read_ids(stored)?,
            template: TemplateVersion(stored.text("template")?),
            at: Millis(stored.get("at").0.as_i64()?),
        })
    };
    Json(&value)
        .items()
        .into_iter()
        .flatten()
        .filter_map(read)
        .collect()
}

/// What a person typed into the launch form.
pub fn write_draft(settings: &Settings) -> String {
    json!({
        "name": settings.name,
        "description": settings.description,
        "max_concurrent": settings.max_concurrent,
        "retry_count": settings.retry_count,
    })
    .to_string()
}

/// Reads [`write_draft`]; `None` where it is corrupt.
pub fn read_draft(text: &str) -> Option<Settings> {
    let value: Value = serde_json::from_str(text).ok()?;
    let field = |name: &str| value.get(name).and_then(Value::as_str).map(str::to_owned);
    Some(Settings {
        name: field("name")?,
        description: field("description")?,
        max_concurrent: field("max_concurrent")?,
        retry_count: field("retry_count")?,
    })
}

fn id_list(ids: &[LeadId]) -> Vec<&str> {
    ids.iter().map(|id| id.0.as_str()).collect()
}

fn read_ids(stored: Json) -> Option<Vec<LeadId>> {
    Some(
        stored
            .list("lead_ids")
            .ok()?
            .filter_map(Json::as_text)
            .map(LeadId)
            .collect(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::money::Usd;

    fn plan() -> Plan {
        Plan {
            subject: PriceSubject::new(
                [LeadId("b".into()), LeadId("a".into())],
                TemplateVersion("v1".into()),
            ),
            price: Usd::from_dollars(0.75625).unwrap(),
            name: Some("שלום <b>".into()),
            description: None,
            max_concurrent: 5,
            retry_count: 0,
            created_by: Some("olive@example".into()),
            reference: ClientReference::from_random(42),
        }
    }

    #[test]
    fn a_journal_entry_survives_storage() {
        let text = write_journal(&plan(), Millis(7));
        assert_eq!(read_journal(&text), Some((plan(), Millis(7))));
    }

    #[test]
    fn corrupt_storage_is_nothing_and_never_a_panic() {
        for text in [
            "",
            "null",
            "{}",
            "[1]",
            "[[1,2]]",
            "{\"lead_ids\":7}",
            "\u{0}",
        ] {
            assert_eq!(read_journal(text), None);
            assert_eq!(read_ledger(text), []);
            assert!(read_selection(text).is_none_or(|selection| selection.is_empty()));
        }
    }

    #[test]
    fn one_corrupt_launch_does_not_lose_the_others() {
        let entry = Launched {
            batch: BatchId("x".into()),
            lead_ids: vec![LeadId("a".into())],
            template: TemplateVersion("v1".into()),
            at: Millis(7),
        };
        let text = write_ledger(std::slice::from_ref(&entry));
        let broken = text.replacen('[', "[{\"batch\":3},", 1);
        assert_eq!(read_ledger(&broken), [entry]);
    }

    #[test]
    fn a_choice_and_a_draft_survive_storage() {
        let mut selection = Selection::default();
        selection.add(LeadId("a".into()), "<i>Bold & \"Quoted\"</i>");
        assert_eq!(
            read_selection(&write_selection(&selection)),
            Some(selection)
        );
        let draft = Settings {
            name: "x".into(),
            ..Settings::default()
        };
        assert_eq!(read_draft(&write_draft(&draft)), Some(draft));
    }
}
