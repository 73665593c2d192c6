//! The chosen leads.

use std::rc::Rc;

use serde::Serialize;
use serde_json::Value;

use crate::domain::batch::BatchId;
use crate::domain::lead::{Enrichment, Lead, LeadFilter, LeadId, LeadSort};
use crate::domain::plan::{ClientReference, SplitOrder};
use crate::domain::selection::{Origin, Selection};
use crate::domain::text::shortened;
use crate::domain::time::Millis;
use crate::wire::json::{self, Json};

/// Up to so many chosen leads are kept with all that is known of them.
const KEPT_IN_FULL: usize = 2_000;
/// The longest text of a lead that is kept, in characters.
const TEXT_KEPT: usize = 200;

/// Everything that matches a filter, less some: what is kept of a choice that is too large to keep lead by lead.
#[derive(Clone, Debug, PartialEq)]
pub struct Rule {
    pub filter: LeadFilter,
    pub excluded: Vec<LeadId>,
}

/// A choice as it was kept.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Kept {
    pub selection: Selection,
    /// Rules whose leads are to be read again.
    pub rules: Vec<Rule>,
    /// Where the choice is split among batches.
    pub split: Option<SplitOrder>,
    /// The batch whose leads, or some of them, are chosen to be run again.
    pub rerun_of: Option<BatchId>,
    /// Who chose them, where that was known.
    pub owner: Option<String>,
}

#[derive(Serialize)]
struct Stored<'a> {
    parts: Vec<StoredPart<'a>>,
    rules: Vec<StoredRule<'a>>,
    split: Option<StoredSplit<'a>>,
    rerun: Option<&'a str>,
    owner: Option<&'a str>,
}

#[derive(Serialize)]
struct StoredPart<'a> {
    by: StoredOrigin<'a>,
    leads: Vec<StoredLead<'a>>,
}

/// `"hand"`, `"list"`, or the filter.
#[derive(Serialize)]
#[serde(untagged)]
enum StoredOrigin<'a> {
    Word(&'static str),
    Matching(StoredFilter<'a>),
}

#[derive(Serialize)]
struct StoredRule<'a> {
    filter: StoredFilter<'a>,
    /// The leads that are left out.
    out: Vec<&'a str>,
}

#[derive(Serialize)]
struct StoredFilter<'a> {
    search: &'a str,
    enrichment: Option<&'a str>,
    manual: Option<bool>,
    badges: Option<bool>,
}

/// Sort, whether it descends, and where the launch has begun what its batches have in common and the last number.
type StoredSplit<'a> = (&'static str, bool, Option<(&'a str, u32)>);

#[derive(Serialize)]
#[serde(untagged)]
enum StoredLead<'a> {
    /// Identifier and name.
    Named(&'a str, String),
    Full(FullLead<'a>),
}

/// Identifier, company, contact, e-mail, domain, enrichment, whether added by hand, source, time of creation.
#[derive(Serialize)]
struct FullLead<'a>(
    &'a str,
    Option<String>,
    Option<String>,
    Option<String>,
    Option<String>,
    &'a str,
    bool,
    Option<String>,
    Option<i64>,
);

/// The chosen leads, part by part, and rules whose leads are still being read.
pub fn write_selection(
    selection: &Selection,
    unread: &[Rule],
    split: Option<&SplitOrder>,
    rerun_of: Option<&BatchId>,
    owner: Option<&str>,
) -> String {
    let mut rules: Vec<_> = unread.iter().map(stored_rule).collect();
    let mut parts = Vec::new();
    let mut in_full = KEPT_IN_FULL;
    for part in selection.parts() {
        let chosen = |lead: &&Rc<Lead>| selection.contains(&lead.id);
        let origin = match &part.origin {
            Origin::Matching(filter) if part.leads.len() > KEPT_IN_FULL => {
                // What was taken out of other parts may match as well.
                let out = selection.taken_out().map(|lead| lead.id.0.as_str());
                rules.push(StoredRule {
                    filter: stored_filter(filter),
                    out: out.collect(),
                });
                continue;
            }
            Origin::Matching(filter) => StoredOrigin::Matching(stored_filter(filter)),
            Origin::List => StoredOrigin::Word("list"),
            Origin::Hand => StoredOrigin::Word("hand"),
        };
        let leads = part.leads.iter().filter(chosen).map(|lead| {
            in_full = in_full.saturating_sub(1);
            stored_lead(lead, in_full > 0)
        });
        parts.push(StoredPart {
            by: origin,
            leads: leads.collect(),
        });
    }
    let split = split.map(|split| {
        let begun = split.begun.as_ref();
        let begun = begun.map(|(common, started)| (common.0.as_str(), *started));
        (split.sort.code(), split.descending, begun)
    });
    json::write(&Stored {
        parts,
        rules,
        split,
        rerun: rerun_of.map(|batch| batch.0.as_str()),
        owner,
    })
}

/// Reads [`write_selection`], and the pairs of identifiers and names of earlier versions; `None` where it is corrupt.
/// Walked like the server's values: the first screen needs it, so that room in the bundle counts.
pub fn read_selection(text: &str) -> Option<Kept> {
    let value = json::parse(text)?;
    let stored = Json(&value);
    let mut kept = Kept::default();
    if let Some(pairs) = stored.items() {
        kept.selection
            .add(Origin::Hand, pairs.filter_map(read_kept_lead).collect());
        return Some(kept);
    }
    for part in stored.get("parts").items()? {
        let by = part.get("by");
        let origin = match by.as_text().as_deref() {
            Some("hand") => Origin::Hand,
            Some("list") => Origin::List,
            _ => Origin::Matching(read_filter(by)),
        };
        let leads = part.get("leads").items()?;
        kept.selection
            .add(origin, leads.filter_map(read_kept_lead).collect());
    }
    for rule in stored.get("rules").items()? {
        let out = rule.get("out").items()?;
        kept.rules.push(Rule {
            filter: read_filter(rule.get("filter")),
            excluded: out.filter_map(Json::as_text).map(LeadId).collect(),
        });
    }
    kept.split = read_split(stored.get("split").0);
    kept.rerun_of = stored.text("rerun").map(BatchId);
    kept.owner = stored.text("owner");
    Some(kept)
}

fn read_split(stored: &Value) -> Option<SplitOrder> {
    let begun = |stored: &Value| {
        let common = stored.get(0)?.as_str()?.to_owned();
        Some((ClientReference(common), Json(stored.get(1)?).as_count()?))
    };
    Some(SplitOrder {
        sort: LeadSort::from_code(stored.get(0)?.as_str()?)?,
        descending: stored.get(1)?.as_bool()?,
        begun: stored.get(2).and_then(begun),
    })
}

fn stored_rule(rule: &Rule) -> StoredRule<'_> {
    StoredRule {
        filter: stored_filter(&rule.filter),
        out: rule.excluded.iter().map(|id| id.0.as_str()).collect(),
    }
}

fn stored_filter(filter: &LeadFilter) -> StoredFilter<'_> {
    StoredFilter {
        search: &filter.search,
        enrichment: filter.enrichment.as_ref().map(Enrichment::code),
        manual: filter.is_manual,
        badges: filter.has_badges,
    }
}

fn read_filter(stored: Json) -> LeadFilter {
    LeadFilter {
        search: stored.text("search").unwrap_or_default(),
        enrichment: stored
            .text("enrichment")
            .map(|code| Enrichment::from_code(&code)),
        is_manual: stored.flag("manual"),
        has_badges: stored.flag("badges"),
    }
}

fn stored_lead(lead: &Lead, in_full: bool) -> StoredLead<'_> {
    let text = |text: &Option<String>| text.as_ref().map(|text| shortened(text, TEXT_KEPT));
    if !in_full {
        return StoredLead::Named(&lead.id.0, shortened(lead.name(), TEXT_KEPT));
    }
    StoredLead::Full(FullLead(
        &lead.id.0,
        text(&lead.company),
        text(&lead.contact),
        text(&lead.email),
        text(&lead.domain),
        lead.enrichment.code(),
        lead.is_manual,
        text(&lead.source),
        lead.created.map(|created| created.0),
    ))
}

fn read_kept_lead(stored: Json) -> Option<Rc<Lead>> {
    let at = |place: usize| Json(stored.0.get(place).unwrap_or(&Value::Null));
    let id = LeadId(at(0).0.as_str()?.to_owned());
    let company = at(1).as_text();
    let lead = Lead::known_by(id, company.as_deref().unwrap_or_default());
    Some(Rc::new(Lead {
        contact: at(2).as_text(),
        email: at(3).as_text(),
        domain: at(4).as_text(),
        enrichment: at(5)
            .as_text()
            .map_or(lead.enrichment, |code| Enrichment::from_code(&code)),
        is_manual: at(6).0.as_bool().unwrap_or(false),
        source: at(7).as_text(),
        created: at(8).0.as_i64().map(Millis),
        ..lead
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

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
            assert!(read_selection(text).is_none_or(|kept| kept == Kept::default()));
        }
    }

    #[test]
    fn a_choice_survives_storage() {
        let full = |n: u32| Lead {
            contact: Some("Ann".into()),
            email: Some("ann@a.example".into()),
            domain: Some("a.example".into()),
            enrichment: Enrichment::Failed,
            is_manual: true,
            source: Some("csv".into()),
            created: Some(Millis(1_700_000_000_000)),
            ..Lead::known_by(LeadId(format!("{n:05}")), "<i>Bold & \"Quoted\"</i>")
        };
        let fair = LeadFilter {
            search: "fair".into(),
            enrichment: Some(Enrichment::Completed),
            ..LeadFilter::default()
        };
        let mut selection = Selection::default();
        selection.add(Origin::Hand, vec![Rc::new(full(1))]);
        selection.add(Origin::List, vec![Rc::new(full(2))]);
        selection.add(
            Origin::Matching(fair.clone()),
            (3..9).map(|n| Rc::new(full(n))).collect(),
        );
        selection.remove(&[LeadId("00004".into())]);
        let unread = Rule {
            filter: LeadFilter::default(),
            excluded: vec![LeadId("x".into())],
        };
        let split = SplitOrder {
            sort: LeadSort::Company,
            descending: true,
            begun: Some((ClientReference::from_random(7), 2)),
        };
        let kept = read_selection(&write_selection(
            &selection,
            std::slice::from_ref(&unread),
            Some(&split),
            Some(&BatchId("b".into())),
            Some("olive@example"),
        ))
        .unwrap();
        assert_eq!(kept.selection.ids(), selection.ids());
        assert_eq!(kept.selection.provenance(), selection.provenance());
        assert_eq!(
            **kept.selection.get(&LeadId("00007".into())).unwrap(),
            full(7)
        );
        assert_eq!(kept.rules, [unread]);
        assert_eq!(kept.split, Some(split));
        assert_eq!(kept.rerun_of, Some(BatchId("b".into())));
        assert_eq!(kept.owner.as_deref(), Some("olive@example"));
        let earlier = r#"{"parts":[],"rules":[],"split":["company_name",false]}"#;
        let earlier = read_selection(earlier).unwrap().split.unwrap();
        assert_eq!((earlier.sort, earlier.begun), (LeadSort::Company, None));
        let earlier = read_selection(r#"[["a","Company A"],["b",""]]"#).unwrap();
        assert_eq!(earlier.selection.len(), 2);
        // What is too much to keep lead by lead is kept as its rule, with its exceptions.
        selection.add(
            Origin::Matching(LeadFilter::default()),
            (10..9_000).map(|n| Rc::new(full(n))).collect(),
        );
        selection.remove(&[LeadId("00077".into())]);
        let text = write_selection(&selection, &[], None, None, None);
        assert!(text.len() < 2_000, "{}", text.len());
        let kept = read_selection(&text).unwrap();
        assert_eq!(kept.selection.len(), 7);
        // The other one was taken out of what another filter had chosen; this rule would choose it again.
        let out = ["00004", "00077"].map(|id| LeadId(id.into()));
        assert_eq!(kept.rules[0].excluded, out);
    }

    /// Prevents: a choice that lies in somebody's browser is lost by the next version.
    #[test]
    fn a_choice_as_it_lies_in_browsers_is_read_and_written() {
        let text = concat!(
            r#"{"parts":[{"by":"hand","leads":[["a","Bold & \"Quoted\"","Ann",null,"a.example","failed",true,"#,
            r#""csv",1700000000000]]},{"by":"list","leads":[]},{"by":{"search":"fair","enrichment":null,"#,
            r#""manual":false,"badges":null},"leads":[]}],"rules":[{"filter":{"search":"","#,
            r#""enrichment":"completed","manual":null,"badges":true},"out":["x"]}],"#,
            r#""split":["company_name",true,["000000000007",2]],"rerun":"b","owner":"olive@example"}"#,
        );
        let kept = read_selection(text).unwrap();
        let again = write_selection(
            &kept.selection,
            &kept.rules,
            kept.split.as_ref(),
            kept.rerun_of.as_ref(),
            kept.owner.as_deref(),
        );
        // Parts that hold no leads are not kept.
        let empty = concat!(
            r#",{"by":"list","leads":[]},{"by":{"search":"fair","enrichment":null,"#,
            r#""manual":false,"badges":null},"leads":[]}"#,
        );
        assert_eq!(again, text.replace(empty, ""));
        let spoilt = text
            .replace("[\"a\",", "7,[[]],[7],[\"a\",7,")
            .replace("null", "{}");
        let kept = read_selection(&spoilt).unwrap();
        let lead = kept.selection.get(&LeadId("a".into())).unwrap();
        assert_eq!(
            (kept.selection.len(), lead.company.as_deref()),
            (1, Some("7"))
        );
    }
}
