//! Two past batches side by side.

use crate::app::effect::Effect;
use crate::app::remote::Remote;
use crate::app::{Ctx, Model};
use crate::domain::batch::{Batch, BatchId};
use crate::domain::lead::LeadId;
use crate::domain::text::counted;

impl Model {
    /// Ticks a batch to be compared; of three, the one that was ticked first goes.
    pub(crate) fn batch_ticked(&mut self, id: BatchId, ticked: bool) {
        let all = &mut self.history.ticked;
        all.retain(|other| *other != id);
        if ticked {
            all.push(id);
            let surplus = all.len().saturating_sub(2);
            all.drain(..surplus);
        }
    }

    /// The button is gone with the ticks: where a person goes on from there, the browser knows without moving the page.
    pub(crate) fn ticks_cleared(&mut self) {
        self.history.ticked.clear();
    }

    /// What stands where two batches do while not both are known: how far the reading is, or that it has ended.
    pub fn missing_words(&self) -> String {
        let archive = &self.history.archive;
        if self.archive_error().is_some() {
            return String::new();
        }
        if archive.total().is_none() || archive.goes_on() {
            let progress = self.archive_progress();
            return progress.unwrap_or_else(|| "Loading past batches…".to_owned());
        }
        format!("Not both batches were found among {}.", archive.words())
    }

    pub(crate) fn comparison_asked(&mut self, both: Option<[BatchId; 2]>, ctx: &mut Ctx) {
        self.route.compare = both;
        self.navigate(false, ctx);
        self.load_what_is_shown(ctx);
        ctx.emit(Effect::Focus("view-heading"));
    }

    /// Reads what the comparison in the address needs.
    pub(crate) fn open_comparison(&mut self, ctx: &mut Ctx) {
        let Some(both) = self.route.compare.clone() else {
            if !self.history.compared.is_empty() {
                self.history.compared.clear();
            }
            return;
        };
        for id in both {
            let is_asked = self.history.compared.iter().any(|(known, _)| *known == id);
            if !is_asked && self.own_entry(&id).is_none() {
                let mut results = Remote::default();
                results.load(ctx.now);
                self.history.compared.push((id.clone(), results));
                self.read_results(id, ctx);
            }
        }
    }

    /// A batch as far as it is known, for a comparison.
    pub fn compared(&self, id: &BatchId) -> Option<Batch> {
        let known = self.known_batch(id)?;
        Some(
            self.history
                .archive
                .get(id)
                .map_or(known.clone(), |listed| {
                    // The list tells what a batch's status leaves out, such as who started it.
                    let mut all = listed.clone();
                    all.merge(known, crate::domain::batch::Source::Rest);
                    all
                }),
        )
    }

    /// How many leads both have in common, in words.
    pub fn common_words(&self, both: &[BatchId; 2]) -> String {
        let [one, other] = both.each_ref().map(|id| self.leads_of(id));
        match (one, other) {
            (Some(one), Some(other)) => {
                let common = one.iter().filter(|id| other.binary_search(id).is_ok()).count();
                match common {
                    0 => "They have no lead in common.".to_owned(),
                    _ => format!("They have {} in common.", counted(common, "lead")),
                }
            }
            _ if self.history.compared.iter().any(|(_, results)| results.is_loading()) => {
                "Reading which leads they have in common…".to_owned()
            }
            _ => "How many leads they have in common is not known: the server does not tell the leads of both."
                .to_owned(),
        }
    }

    /// The leads of a batch in ascending order, where all are known.
    fn leads_of(&self, id: &BatchId) -> Option<Vec<LeadId>> {
        let mut leads = match self.own_entry(id) {
            Some(entry) => entry.plan.subject.lead_ids.clone(),
            None => {
                let (_, results) = self
                    .history
                    .compared
                    .iter()
                    .find(|(known, _)| known == id)?;
                let page = results.value()?;
                let leads = page.results.iter().map(|result| result.lead.clone());
                (page.results.len() >= page.total as usize).then(|| leads.collect())?
            }
        };
        leads.sort_unstable();
        leads.dedup();
        Some(leads)
    }
}
