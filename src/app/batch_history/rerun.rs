//! Running leads of a batch again: which of them, what has changed since, and which batch a choice runs again.

use std::rc::Rc;

use crate::app::batch_history::details::RESULTS_LIMIT;
use crate::app::batch_history::outcomes::Told;
use crate::app::lead_selector::selection::Choice;
use crate::app::notifications::messages::Tone;
use crate::app::parts::{Part, Task};
use crate::app::requests::Slot;
use crate::app::{Ctx, Model};
use crate::domain::batch::{Batch, BatchId, LeadResult};
use crate::domain::causes::causes;
use crate::domain::lead::{Lead, LeadId};
use crate::domain::money::Usd;
use crate::domain::outcomes::Standing;
use crate::domain::selection::{Origin, Selection};
use crate::domain::template::{Template, TemplateVersion, newer_than};
use crate::domain::text::{counted, grouped, shortened};
use crate::error::{Error, Kind};
use crate::route::View;
use crate::wire::rest::{Reply, Request};

/// Which leads of a batch are to be run again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RerunWhat {
    All,
    Failed,
    /// Those that a cancel left untouched.
    NotStarted,
    /// Those that failed for one reason, by the words of it.
    Cause(String),
}

/// The batch that a choice runs again.
#[derive(Clone, Debug, PartialEq)]
pub struct Rerun {
    pub batch: BatchId,
    /// In ascending order.
    leads: Vec<LeadId>,
    /// What is known of the batch.
    pub(crate) facts: Option<Batch>,
}

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

impl Rerun {
    pub(crate) fn of(batch: BatchId, mut leads: Vec<LeadId>) -> Self {
        leads.sort_unstable();
        let facts = None;
        Self {
            batch,
            leads,
            facts,
        }
    }
}

impl Choice {
    /// The batch that is run again by what is chosen, where nothing but leads of it are chosen.
    pub fn rerun(&self) -> Option<&BatchId> {
        self.rerun.as_ref().map(|rerun| &rerun.batch)
    }

    /// The batch that these leads are run again of.
    pub(crate) fn rerun_of(&self, leads: &[LeadId]) -> Option<BatchId> {
        let rerun = self.rerun.as_ref()?;
        let is_of_it = |lead: &LeadId| rerun.leads.binary_search(lead).is_ok();
        leads.iter().all(is_of_it).then(|| rerun.batch.clone())
    }

    /// A choice with other leads, or with none, runs no batch again.
    pub(crate) fn check_rerun(&mut self) {
        if let Some(rerun) = &self.rerun {
            let is_of_it = |lead: &Rc<Lead>| rerun.leads.binary_search(&lead.id).is_ok();
            if self.selection.is_empty() || !self.selection.iter().all(is_of_it) {
                self.rerun = None;
            }
        }
    }
}

impl Model {
    /// The leads that this would run again; `None` where not all of them are known.
    pub fn rerun_leads(&self, id: &BatchId, what: &RerunWhat) -> Option<Vec<LeadId>> {
        self.picked(id, what, &self.told(id), false)
    }

    /// The leads that are meant, by what was told of them. What was told just now, of all leads, is believed without
    /// the counts.
    fn picked(
        &self,
        id: &BatchId,
        what: &RerunWhat,
        told: &Told,
        is_new: bool,
    ) -> Option<Vec<LeadId>> {
        let facts = self.facts_of(id);
        let counts = facts.counts;
        let is_all = |found: &[LeadId], count: u32| match counts.total {
            0 => told.is_complete,
            _ => found.len() >= count as usize || (is_new && told.is_complete),
        };
        let of = |standing: Standing| -> Vec<LeadId> {
            let all = self.outcomes_by(id, &told.results).into_iter();
            all.filter(|outcome| outcome.standing == standing)
                .map(|outcome| outcome.lead)
                .collect()
        };
        match what {
            RerunWhat::All => match self.own_entry(id) {
                Some(entry) => Some(entry.plan.subject.lead_ids.clone()),
                None => told.is_complete.then(|| {
                    let leads = told
                        .results
                        .iter()
                        .map(|LeadResult { lead, .. }| lead.clone());
                    let mut leads: Vec<_> = leads.collect();
                    leads.sort_unstable();
                    leads.dedup();
                    leads
                }),
            },
            RerunWhat::Failed => {
                let failed = of(Standing::Failed);
                is_all(&failed, counts.failed).then_some(failed)
            }
            RerunWhat::NotStarted => {
                let untouched = of(Standing::NotStarted);
                let is_known = is_all(&untouched, counts.remaining());
                (facts.status.is_terminal() && is_known).then_some(untouched)
            }
            RerunWhat::Cause(words) => {
                let mut causes = causes(&told.results).into_iter();
                let cause = causes.find(|cause| cause.words == *words);
                cause.map(|cause| cause.leads)
            }
        }
    }

    /// Fills the table's choice with leads of a batch: from what is known here, else from the server.
    pub(crate) fn rerun_asked(&mut self, id: BatchId, what: RerunWhat, ctx: &mut Ctx) {
        if let Some(leads) = self.rerun_leads(&id, &what) {
            return self.rerun_with(&id, &what, &leads, ctx);
        }
        let reruns = &mut self.history.reruns;
        reruns.retain(|(batch, _)| *batch != id);
        reruns.push((id.clone(), what));
        if let Some(error) = self.history.no_results.clone() {
            return self.rerun_answered(&id, Err(error), ctx);
        }
        let request = Request::BatchLeads {
            id: id.clone(),
            skip: 0,
            limit: RESULTS_LIMIT,
        };
        self.send(Slot::Rerun(id), request, ctx);
    }

    pub(crate) fn rerun_answered(
        &mut self,
        id: &BatchId,
        result: Result<Reply, Error>,
        ctx: &mut Ctx,
    ) {
        let reruns = &mut self.history.reruns;
        let place = reruns.iter().position(|(batch, _)| batch == id);
        let Some((_, what)) = place.map(|place| reruns.remove(place)) else {
            return;
        };
        let leads = match result {
            Ok(Reply::BatchLeads(page)) => self.picked(id, &what, &Told::of(&page), true),
            Err(error) if !matches!(error.kind, Kind::NotFound(_)) => {
                return self.toast(Tone::Bad, error.to_string(), ctx);
            }
            _ => None,
        };
        match leads {
            Some(leads) => self.rerun_with(id, &what, &leads, ctx),
            None => self.toast(Tone::Bad, unknown_words(&what), ctx),
        }
    }

    fn rerun_with(&mut self, id: &BatchId, what: &RerunWhat, ids: &[LeadId], ctx: &mut Ctx) {
        if ids.is_empty() {
            let words = match what {
                RerunWhat::NotStarted => "Every lead of that batch was started.",
                _ => "No lead of that batch failed.",
            };
            return self.toast(Tone::Neutral, words, ctx);
        }
        let template = self.template_of(id);
        let mut selection = Selection::default();
        let lead = |id: &LeadId| self.shared(Rc::new(Lead::known_by(id.clone(), "")));
        selection.add(Origin::Hand, ids.iter().map(lead).collect());
        let replaced = self.choice.selection.len();
        let gone = template
            .as_ref()
            .filter(|version| self.offered(version).is_none())
            .cloned();
        let newest = || {
            let newest = self.compose.newest_template().filter(|_| gone.is_some());
            newest.map(|newest| newest.version.clone())
        };
        if let Some(version) = template.filter(|_| gone.is_none()).or_else(newest) {
            self.compose.template = Some(version.clone());
            self.route.template = Some(version);
        }
        self.compose.template_gone = gone;
        let mut rerun = Rerun::of(id.clone(), ids.to_vec());
        rerun.facts = Some(self.facts_of(id));
        self.choice.rerun = Some(rerun);
        self.replace_choice(selection, ctx);
        if self.price_view().fresh().is_some() {
            // The price of the first attempt may be long past.
            self.ask(Part::Live, Task::ReadPrice, ctx);
        }
        self.open_view(View::New, ctx);
        let leads = counted(ids.len(), "lead");
        let are = if ids.len() == 1 { "is" } else { "are" };
        let words = match what {
            RerunWhat::All => format!("The {leads} of that batch {are} chosen now."),
            RerunWhat::NotStarted => {
                format!("The {leads} of that batch that did not start {are} chosen now.")
            }
            _ => format!("The {leads} of that batch that failed {are} chosen now."),
        };
        if replaced > 0 {
            let replaced = counted(replaced, "lead");
            self.toast_undoable(
                format!("{words} They replace {replaced} chosen before."),
                ctx,
            );
        } else {
            self.toast(Tone::Neutral, words, ctx);
        }
    }

    /// The template that a batch was made with.
    fn template_of(&self, id: &BatchId) -> Option<TemplateVersion> {
        match self.own_entry(id) {
            Some(entry) => Some(entry.plan.subject.template.clone()),
            None => self.facts_of(id).template,
        }
    }

    pub(crate) fn offered(&self, version: &TemplateVersion) -> Option<&Template> {
        let offered = self.compose.templates.value().map(Vec::as_slice);
        let mut offered = offered.unwrap_or_default().iter();
        offered.find(|known| known.version == *version)
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

/// Said where neither this browser nor the server knows which leads are meant.
fn unknown_words(what: &RerunWhat) -> &'static str {
    match what {
        RerunWhat::All => {
            "This batch cannot be filled in again: you did not start it from this browser, and the server does not tell \
             which leads it had. Choose them in the table."
        }
        RerunWhat::NotStarted => {
            "The server does not tell which leads of this batch did not start. Run all of them again, or choose them in \
             the table."
        }
        RerunWhat::Failed | RerunWhat::Cause(_) => {
            "The server does not tell which leads of this batch failed. Run all of them again, or choose them in the \
             table."
        }
    }
}
