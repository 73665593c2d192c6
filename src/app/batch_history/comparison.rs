//! Two past batches side by side.

use crate::app::effect::Effect;
use crate::app::remote::Remote;
use crate::app::{Ctx, Model};
use crate::domain::batch::{Batch, BatchId};
use crate::domain::comparison::{Line, comparison};
use crate::domain::lead::LeadId;
use crate::domain::text::{counted, shortened};
use crate::domain::time::Millis;

/// Two batches side by side, as a table shows them.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ComparisonView {
    /// Their names, so far as there is room.
    pub titles: [String; 2],
    pub lines: Vec<Line>,
    /// In how many lines they differ.
    pub words: String,
    /// How many leads they have in common.
    pub common: String,
}

impl Model {
    /// What is told of both; nothing before both are known.
    pub fn comparison_view(&self, both: &[BatchId; 2]) -> Option<ComparisonView> {
        let [one, other] = both.each_ref().map(|id| self.compared(id));
        let (one, other) = (one?, other?);
        let time = |at: Millis| at.to_local_text((self.local_offset)(at));
        let lines = comparison([&one, &other], time);
        let count = lines.iter().filter(|line| line.differs()).count();
        Some(ComparisonView {
            titles: [&one, &other].map(|batch| shortened(&batch.title(), 80)),
            words: format!(
                "{count} of {} lines differ; they are marked “≠”.",
                lines.len()
            ),
            common: self.common_words(both),
            lines,
        })
    }

    /// Why two batches cannot be compared, where one of them was to be read and could not be.
    pub fn comparison_failure(&self, both: &[BatchId; 2]) -> Option<String> {
        let is_missing = both.iter().any(|id| self.compared(id).is_none());
        self.archive_failure().filter(|_| is_missing)
    }

    /// What is still to be done before two batches are ticked; nothing where none is, or two are.
    pub fn tick_words(&self) -> Option<String> {
        let [id] = self.history.ticked.as_slice() else {
            return None;
        };
        let title = self.ticked_title(id);
        Some(format!(
            "“{title}” is ticked. Tick another one to compare both."
        ))
    }

    /// The two that are ticked, and the words for comparing them.
    pub fn comparison_offer(&self) -> Option<([BatchId; 2], String)> {
        let [one, other, ..] = self.history.ticked.as_slice() else {
            return None;
        };
        let [first, second] = [one, other].map(|id| self.ticked_title(id));
        let words = format!("Compare “{first}” with “{second}”");
        Some(([one.clone(), other.clone()], words))
    }

    fn ticked_title(&self, id: &BatchId) -> String {
        let batch = self.compared(id);
        batch.map_or_else(|| id.short(), |batch| shortened(&batch.title(), 40))
    }

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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Config;
    use crate::domain::batch::Counts;
    use crate::wire::rest::BatchPage;

    fn id(id: &str) -> BatchId {
        BatchId(id.into())
    }

    fn model() -> Model {
        let mut model = Model::new(Config::default());
        let one = Batch {
            name: Some("One".into()),
            ..Batch::unknown(id("one"))
        };
        let mut two = Batch {
            name: Some("Two".into()),
            ..Batch::unknown(id("two"))
        };
        two.counts = Counts {
            total: 4,
            ..Counts::default()
        };
        let page = BatchPage {
            batches: vec![one, two],
            total: 2,
        };
        model.history.page.settle(Ok(page), Millis::default());
        model
    }

    /// Prevents: a third tick is compared unseen, or one is compared with nothing.
    #[test]
    fn ticks_say_what_can_be_compared() {
        let mut model = model();
        assert_eq!((model.tick_words(), model.comparison_offer()), (None, None));
        model.batch_ticked(id("gone-long-ago"), true);
        model.batch_ticked(id("one"), true);
        model.batch_ticked(id("gone-long-ago"), false);
        let words = "“One” is ticked. Tick another one to compare both.";
        assert_eq!(model.tick_words().as_deref(), Some(words));
        model.batch_ticked(id("two"), true);
        assert_eq!(model.tick_words(), None);
        let words = "Compare “One” with “Two”".to_owned();
        let offer = ([id("one"), id("two")], words);
        assert_eq!(model.comparison_offer(), Some(offer));
    }

    #[test]
    fn a_comparison_counts_what_differs_and_waits_for_both() {
        let model = model();
        let both = [id("one"), id("two")];
        let view = model.comparison_view(&both).unwrap();
        assert_eq!(view.titles, ["One", "Two"]);
        assert!(
            view.words.starts_with("1 of 15 lines differ"),
            "{}",
            view.words
        );
        assert!(view.common.contains("is not known"), "{}", view.common);
        assert_eq!(model.comparison_failure(&both), None);
        assert_eq!(model.comparison_view(&[id("one"), id("three")]), None);
    }
}
