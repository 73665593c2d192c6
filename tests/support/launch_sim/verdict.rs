//! What must hold at every moment, and what must be told in the end.

use batch_runner::domain::ledger::Outcome;
use batch_runner::domain::plan::Plan;
use batch_runner::machine::launch::Launch;

use super::{Page, State, Step, World};

impl State {
    pub(super) fn check(&mut self) {
        let of = |plan: &Plan| {
            let same = |batch: &&Plan| batch.reference == plan.reference;
            self.batches.iter().filter(same).count()
        };
        if self.batches.iter().any(|plan| of(plan) > 1) {
            self.wrong = Some("two batches of one approval");
        }
        if self
            .batches
            .iter()
            .any(|plan| !self.approved.contains(plan))
        {
            self.wrong = Some("a batch that nobody approved as it is");
        }
        for (plan, outcome) in &self.entries {
            match outcome {
                Outcome::Started { .. } if of(plan) == 0 => {
                    self.wrong = Some("told as started, and it is not");
                }
                Outcome::Refused(_) if of(plan) > 0 => {
                    self.wrong = Some("told as refused, and it runs");
                }
                _ => {}
            }
        }
        if self.batches.iter().any(|plan| {
            self.entries
                .iter()
                .all(|(known, _)| known.reference != plan.reference)
        }) {
            self.wrong = Some("a batch that the ledger does not know");
        }
    }

    /// From now on everything is answered. Whatever was under way comes to an end that tells the truth.
    pub fn comes_to_the_truth(mut self, world: &World) -> bool {
        let quiet = World {
            bounds: world.bounds,
            sabotage: None,
        };
        for _ in 0..200 {
            let next = [
                Step::LockComes,
                Step::Secured,
                Step::Arrives,
                Step::AnswerComes,
                Step::ListComes,
                Step::Time,
                Step::Next,
            ];
            let next = (0..self.pages.len())
                .flat_map(|tab| next.map(|step| (tab, step)))
                .find(|(tab, step)| self.can(*tab, *step, quiet.bounds));
            let Some((tab, step)) = next else { break };
            self.step(tab, step, &quiet);
        }
        let on_server = |plan: &Plan| self.batches.iter().any(|batch| batch == plan);
        let told = |page: &Page| match &page.launch {
            Launch::Approved(_) | Launch::Submitting { .. } | Launch::Checking(_) => false,
            Launch::Started { run, .. } => on_server(&run.plan),
            Launch::Refused { run, .. } => !on_server(&run.plan),
            _ => true,
        };
        let settled = |(plan, outcome): &(Plan, Outcome)| match outcome {
            Outcome::Started { .. } => on_server(plan),
            Outcome::Refused(_) => !on_server(plan),
            // A person is asked, in one tab or in the next page.
            _ => true,
        };
        self.wrong.is_none() && self.pages.iter().all(told) && self.entries.iter().all(settled)
    }
}
