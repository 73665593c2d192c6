//! Running leads of a batch again: which of them, and how the selection becomes theirs.

use std::rc::Rc;

use crate::app::batch_history::details::RESULTS_LIMIT;
use crate::app::batch_history::outcomes::Told;
use crate::app::lead_selector::rerun_of::Rerun;
use crate::app::notifications::messages::Tone;
use crate::app::parts::{Part, Task};
use crate::app::requests::Slot;
use crate::app::{Ctx, Model};
use crate::domain::batch::{BatchId, LeadResult};
use crate::domain::causes::causes;
use crate::domain::lead::{Lead, LeadId};
use crate::domain::outcomes::Standing;
use crate::domain::selection::{Origin, Selection};
use crate::domain::text::counted;
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
