//! What is kept in the browser's storage: the chosen leads, the launch form, how the lead table is looked at, and what
//! was noted of past batches.

use std::rc::Rc;

use crate::json::{self, Value, json};

use super::json::Json;
use crate::domain::batch::BatchId;
use crate::domain::lead::{Enrichment, Lead, LeadFilter, LeadId, LeadSort};
use crate::domain::marks::{Mark, Marks};
use crate::domain::plan::{ClientReference, Settings, SplitOrder};
use crate::domain::selection::{Origin, Selection};
use crate::domain::table::{Columns, SavedView};
use crate::domain::text::shortened;
use crate::domain::time::Millis;

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

/// The chosen leads, part by part, and rules whose leads are still being read.
pub fn write_selection(
    selection: &Selection,
    unread: &[Rule],
    split: Option<&SplitOrder>,
    rerun_of: Option<&BatchId>,
    owner: Option<&str>,
) -> String {
    let mut rules: Vec<Value> = unread.iter().map(write_rule).collect();
    let mut parts = Vec::new();
    let mut in_full = KEPT_IN_FULL;
    for part in selection.parts() {
        let chosen = |lead: &&Rc<Lead>| selection.contains(&lead.id);
        let origin = match &part.origin {
            Origin::Matching(filter) if part.leads.len() > KEPT_IN_FULL => {
                // What was taken out of other parts may match as well.
                let out = selection.taken_out().map(|lead| lead.id.clone());
                rules.push(write_rule(&Rule {
                    filter: filter.clone(),
                    excluded: out.collect(),
                }));
                continue;
            }
            Origin::Matching(filter) => write_filter(filter),
            Origin::List => "list".into(),
            Origin::Hand => "hand".into(),
        };
        let leads = part.leads.iter().filter(chosen).map(|lead| {
            in_full = in_full.saturating_sub(1);
            write_lead(lead, in_full > 0)
        });
        parts.push(json!({ "by": origin, "leads": leads.collect::<Vec<_>>() }));
    }
    let split = split.map(|split| {
        let begun = split.begun.as_ref();
        let begun = begun.map(|(common, started)| json!([common.0, started]));
        json!([split.sort.code(), split.descending, begun])
    });
    let rerun_of = rerun_of.map(|batch| batch.0.as_str());
    json!({ "parts": parts, "rules": rules, "split": split, "rerun": rerun_of, "owner": owner })
        .to_string()
}

/// Reads [`write_selection`], and the pairs of identifiers and names of earlier versions; `None` where it is corrupt.
pub fn read_selection(text: &str) -> Option<Kept> {
    let value: Value = json::from_str(text).ok()?;
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

fn write_rule(rule: &Rule) -> Value {
    let out: Vec<_> = rule.excluded.iter().map(|id| id.0.as_str()).collect();
    json!({ "filter": write_filter(&rule.filter), "out": out })
}

fn write_filter(filter: &LeadFilter) -> Value {
    json!({
        "search": filter.search,
        "enrichment": filter.enrichment.as_ref().map(Enrichment::code),
        "manual": filter.is_manual,
        "badges": filter.has_badges,
    })
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

fn write_lead(lead: &Lead, in_full: bool) -> Value {
    let text = |text: &Option<String>| text.as_ref().map(|text| shortened(text, TEXT_KEPT));
    if !in_full {
        return json!([lead.id.0, shortened(lead.name(), TEXT_KEPT)]);
    }
    json!([
        lead.id.0,
        text(&lead.company),
        text(&lead.contact),
        text(&lead.email),
        text(&lead.domain),
        lead.enrichment.code(),
        lead.is_manual,
        text(&lead.source),
        lead.created.map(|created| created.0),
    ])
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

/// Saved views of the lead table.
pub fn write_views(views: &[SavedView]) -> String {
    let view = |view: &SavedView| json!([view.name, view.query, view.is_default]);
    Value::Array(views.iter().map(view).collect()).to_string()
}

/// Reads [`write_views`]; what is corrupt is left out.
pub fn read_views(text: &str) -> Vec<SavedView> {
    let value: Value = json::from_str(text).unwrap_or_default();
    let view = |stored: Json| {
        let text = |place: usize| stored.0.get(place)?.as_str().map(str::to_owned);
        Some(SavedView {
            name: text(0)?,
            query: text(1)?,
            is_default: stored.0.get(2)?.as_bool()?,
        })
    };
    let views = Json(&value).items();
    views.into_iter().flatten().filter_map(view).collect()
}

/// Columns of the lead table.
pub fn write_columns(columns: &Columns) -> String {
    let order = columns
        .order
        .iter()
        .map(|(column, shown)| json!([column.code(), shown]));
    json!({ "order": order.collect::<Vec<_>>(), "dense": columns.is_dense }).to_string()
}

/// Reads [`write_columns`]; `None` where it is corrupt.
pub fn read_columns(text: &str) -> Option<Columns> {
    let value: Value = json::from_str(text).ok()?;
    let stored = Json(&value);
    let column = |pair: Json| {
        let column = LeadSort::from_code(pair.0.get(0)?.as_str()?)?;
        Some((column, pair.0.get(1)?.as_bool()?))
    };
    let order = stored.get("order").items()?.filter_map(column).collect();
    Some(Columns::from_kept(
        order,
        stored.flag("dense").unwrap_or(false),
    ))
}

/// Pins and notes of past batches.
pub fn write_marks(marks: &Marks) -> String {
    let mark = |mark: &Mark| json!([mark.id.0, mark.is_pinned, mark.note]);
    marks.all().iter().map(mark).collect::<Value>().to_string()
}

/// Reads [`write_marks`]; what is corrupt is left out.
pub fn read_marks(text: &str) -> Marks {
    let value: Value = json::from_str(text).unwrap_or_default();
    let mark = |stored: Json| {
        Some(Mark {
            id: BatchId(stored.0.get(0)?.as_str()?.to_owned()),
            is_pinned: stored.0.get(1)?.as_bool()?,
            note: stored.0.get(2)?.as_str()?.to_owned(),
        })
    };
    let marks = Json(&value).items();
    Marks::from_kept(marks.into_iter().flatten().filter_map(mark))
}

/// What a person typed into the launch form, and who that was, where that is known.
pub fn write_draft(settings: &Settings, owner: Option<&str>) -> String {
    json!({
        "owner": owner,
        "name": settings.name,
        "description": settings.description,
        "max_concurrent": settings.max_concurrent,
        "retry_count": settings.retry_count,
    })
    .to_string()
}

/// Reads [`write_draft`]; `None` where it is corrupt.
pub fn read_draft(text: &str) -> Option<(Settings, Option<String>)> {
    let value: Value = json::from_str(text).ok()?;
    let field = |name: &str| value.get(name).and_then(Value::as_str).map(str::to_owned);
    let settings = Settings {
        name: field("name")?,
        description: field("description")?,
        max_concurrent: field("max_concurrent")?,
        retry_count: field("retry_count")?,
    };
    Some((settings, field("owner")))
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
    fn pins_and_notes_survive_storage_and_what_is_corrupt_is_left_out() {
        let mut marks = Marks::default();
        marks.pin(&BatchId("a".into()), true);
        marks.write(&BatchId("b".into()), "ask <i>Sam</i>\n\"today\"".into());
        let spoilt = write_marks(&marks).replacen('[', "[7,[\"x\",1,\"\"],[\"y\",false,\"\"],", 1);
        assert_eq!(read_marks(&spoilt), marks);
        for text in ["", "{", "null", "[[]]", "{\"a\":1}"] {
            assert_eq!(read_marks(text), Marks::default());
        }
    }

    #[test]
    fn a_choice_and_a_draft_survive_storage() {
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
        let draft = Settings {
            name: "x".into(),
            ..Settings::default()
        };
        let text = write_draft(&draft, Some("olive@example"));
        assert_eq!(
            read_draft(&text),
            Some((draft, Some("olive@example".into())))
        );
    }
}
