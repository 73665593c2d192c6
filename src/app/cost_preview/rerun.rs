//! What has changed since the batch that the selection runs again: its leads, its template, its price.

use crate::app::Model;
use crate::app::lead_selector::rerun_of::Rerun;
use crate::domain::batch::{Batch, BatchId};
use crate::domain::money::Usd;
use crate::domain::template::{TemplateVersion, newer_than};
use crate::domain::text::{counted, grouped, shortened};

/// What is chosen, held against the batch that it runs again.
#[derive(Clone, Debug, PartialEq)]
pub struct Comparison {
    pub title: String,
    pub batch: BatchId,
    /// Labels and values.
    pub lines: Vec<(&'static str, String)>,
    /// What has changed about its template.
    pub notes: Vec<String>,
}

impl Model {
    /// The template that a batch was made with.
    pub(crate) fn template_of(&self, id: &BatchId) -> Option<TemplateVersion> {
        match self.own_entry(id) {
            Some(entry) => Some(entry.plan.subject.template.clone()),
            None => self.facts_of(id).template,
        }
    }

    /// After a reload the list tells again what batch it was.
    pub(crate) fn rerun_listed(&mut self, listed: &[Batch]) {
        let wanted = self.choice.rerun.as_ref();
        let wanted = wanted.filter(|rerun| rerun.facts.is_none());
        let of_it = |rerun: &Rerun| listed.iter().find(|batch| batch.id == rerun.batch);
        let Some(found) = wanted.and_then(of_it).cloned() else {
            return;
        };
        if let Some(rerun) = self.choice.rerun.as_mut() {
            rerun.facts = Some(found);
        }
    }

    /// What has changed about a batch's template since, as sentences.
    pub fn template_notes(&self, id: &BatchId) -> Vec<String> {
        let mut notes = Vec::new();
        let (Some(version), Some(offered)) = (self.template_of(id), self.compose.templates.value())
        else {
            return notes;
        };
        let Some(template) = self.offered(&version) else {
            return vec![format!(
                "Its template, {}, is not offered any more.",
                version.0
            )];
        };
        let then = self.own_entry(id);
        let then = then.and_then(|entry| entry.template_mark.clone());
        // Where one of the marks is missing nobody can tell.
        let marks = template.mark().zip(then);
        if marks.is_some_and(|(now, then)| now != then) {
            notes.push(format!("Its template, {}, was changed since.", version.0));
        }
        if let Some(newest) = newer_than(template, offered) {
            notes.push(format!(
                "Its template is {}; there is a newer version, {}.",
                version.0, newest.version.0
            ));
        }
        notes
    }

    /// What is chosen, held against the batch that it runs again.
    pub fn rerun_comparison(&self) -> Option<Comparison> {
        let id = self.choice.rerun()?;
        let then = self.facts_of(id);
        let mut lines = Vec::new();
        let total = match self.own_entry(id) {
            Some(entry) => entry.plan.subject.lead_ids.len(),
            None => then.counts.total as usize,
        };
        let chosen = self.choice.selection.len();
        if total >= chosen {
            let words = match total - chosen {
                0 => format!("all {}", grouped(total as u64)),
                _ => format!("{} of {}", grouped(chosen as u64), counted(total, "lead")),
            };
            lines.push(("Leads", words));
        }
        let view = self.price_view();
        let quote = view.fresh();
        match quote.map_or(0, |quote| quote.unknown_leads().count()) {
            0 => {}
            gone => {
                let words = format!("{}, cannot be reported on any more", grouped(gone as u64));
                lines.push(("Gone since", words));
            }
        }
        let version = self.template_of(id);
        if let (Some(now), Some(before)) = (self.compose.chosen_template(), &version) {
            lines.push(match now.version == *before {
                true => ("Template", format!("{}, as then", before.0)),
                false => (
                    "Template",
                    format!("{} then, {} now", before.0, now.version.0),
                ),
            });
        }
        let entry = self.own_entry(id);
        let price = entry.and_then(|entry| entry.price()).or(then.estimated);
        let each = |price: Usd, leads: usize| Usd::from_dollars(price.dollars() / leads as f64);
        let before = price.filter(|_| total > 0);
        let before = before.and_then(|price| each(price, total));
        let known = quote.filter(|quote| quote.known_leads() > 0);
        let now = known.and_then(|quote| each(quote.total(), quote.known_leads()));
        if let (Some(before), Some(now)) = (before, now) {
            let percent = now
                .ratio_to(before)
                .map_or(0.0, |ratio| (ratio - 1.0) * 100.0);
            lines.push(match percent.round() as i64 {
                0 => ("Price per lead", format!("{now}, as then")),
                percent => {
                    let sign = if percent < 0 { "−" } else { "+" };
                    let percent = percent.unsigned_abs();
                    (
                        "Price per lead",
                        format!("{before} then, {now} now ({sign}{percent}\u{a0}%)"),
                    )
                }
            });
        }
        Some(Comparison {
            title: shortened(&then.title(), 60),
            batch: id.clone(),
            lines,
            notes: self.template_notes(id),
        })
    }
}
