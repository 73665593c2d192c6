//! What the details of a batch offer to run again, and what that would cost; its failures and its attempts in words.

use crate::app::Model;
use crate::app::batch_history::rerun::RerunWhat;
use crate::domain::batch::BatchId;
use crate::domain::causes::Cause;
use crate::domain::money::Usd;
use crate::domain::outcomes::Standing;
use crate::domain::text::{counted, grouped, shortened};

/// What can be run again besides the whole batch.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct RerunOffers {
    /// Words of the button for what failed; nothing where that is not known or is nothing.
    pub failed: Option<String>,
    /// The same for what a cancel left untouched.
    pub not_started: Option<String>,
    /// What has changed about the template since.
    pub notes: Vec<String>,
}

/// Leads that failed for one reason, in words.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct CauseRow {
    /// The reason as a rerun of it names it.
    pub cause: String,
    pub leads: String,
    pub text: String,
    /// The server's own words, where they tell more.
    pub example: Option<String>,
    /// Words of the button that runs these leads again.
    pub rerun: String,
}

/// Why leads of a batch failed.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct FailureView {
    pub causes: Vec<CauseRow>,
    /// How many failed besides.
    pub unnamed: Option<String>,
}

/// The batches that ran the same leads.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct AttemptView {
    /// Each with its words, oldest first.
    pub attempts: Vec<(BatchId, String)>,
    /// What came of all of them together.
    pub words: String,
}

impl Model {
    /// What of a batch can be run again.
    pub fn rerun_offers(&self, id: &BatchId) -> RerunOffers {
        let each = self.cost_per_lead(id);
        // How many leads that would be; where that is not known, only all are offered.
        let offer = |what, which| {
            let count = self.rerun_leads(id, &what)?.len();
            let cost = cost_words(each, count);
            let count = (count > 0).then(|| grouped(count as u64))?;
            Some(format!("Run only the {count} {which}{cost}"))
        };
        RerunOffers {
            failed: offer(RerunWhat::Failed, "that failed"),
            not_started: offer(RerunWhat::NotStarted, "not started"),
            notes: self.template_notes(id),
        }
    }

    /// Why leads of a batch failed, in words; nothing where none did.
    pub fn failure_view(&self, id: &BatchId) -> FailureView {
        let (causes, unnamed) = self.causes(id);
        let each = self.cost_per_lead(id);
        let causes = causes.into_iter().map(|cause| cause_row(cause, each));
        FailureView {
            causes: causes.collect(),
            unnamed: (unnamed > 0).then(|| {
                let leads = counted(unnamed as usize, "lead");
                format!("{leads} failed of which the server does not say why.")
            }),
        }
    }

    /// The attempts at the leads of a batch; nothing where there was but one.
    pub fn attempt_view(&self, id: &BatchId) -> Option<AttemptView> {
        let attempts = self.attempts(id);
        if attempts.len() < 2 {
            return None;
        }
        let words = |(place, attempt): (usize, &crate::domain::attempts::Attempt)| {
            // One that another browser launched is known by its number alone.
            let at = attempt.entry.map_or_else(String::new, |entry| {
                let at = entry.approved;
                format!(", {}", at.to_local_text((self.local_offset)(at)))
            });
            (attempt.batch.clone(), format!("Attempt {}{at}", place + 1))
        };
        let best = self.best_outcomes(id);
        let count = |standing| {
            let all = best.iter();
            all.filter(|one| one.outcome.standing == standing).count()
        };
        let [succeeded, failed] = [Standing::Completed, Standing::Failed].map(count);
        Some(AttemptView {
            attempts: attempts.iter().enumerate().map(words).collect(),
            words: format!(
                "Over all attempts: {} succeeded, {} failed, {} open.",
                grouped(succeeded as u64),
                grouped(failed as u64),
                grouped((best.len() - succeeded - failed) as u64)
            ),
        })
    }

    /// What a lead of the batch that is looked at cost on the average.
    fn cost_per_lead(&self, id: &BatchId) -> Option<Usd> {
        let details = self.history.details.as_ref();
        let batch = details.filter(|details| details.id == *id)?.batch.value()?;
        let processed = f64::from(batch.counts.processed);
        let spent = batch.actual.filter(|_| processed > 0.0)?;
        Usd::from_dollars(spent.dollars() / processed)
    }
}

fn cause_row(cause: Cause, each: Option<Usd>) -> CauseRow {
    let count = cause.leads.len();
    let example = cause.example.filter(|example| *example != cause.words);
    CauseRow {
        leads: counted(count, "lead"),
        text: shortened(&cause.words, 200),
        example: example.map(|example| format!("For example: {}", shortened(&example, 240))),
        rerun: format!(
            "Run these {} again{}",
            grouped(count as u64),
            cost_words(each, count)
        ),
        cause: cause.words,
    }
}

/// ` (about $6.60)`, by what they cost before.
fn cost_words(each: Option<Usd>, leads: usize) -> String {
    let cost = each.and_then(|each| Usd::from_dollars(each.dollars() * leads as f64));
    cost.map_or_else(String::new, |cost| format!(" (about {cost})"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::batch_history::details::Details;
    use crate::app::remote::Remote;
    use crate::config::Config;
    use crate::domain::batch::{Batch, BatchStatus, Counts, LeadResult, LeadStatus};
    use crate::domain::lead::LeadId;
    use crate::domain::time::Millis;
    use crate::wire::rest::BatchLeadPage;

    fn id() -> BatchId {
        BatchId("one".into())
    }

    fn result(n: usize, status: LeadStatus, error: Option<&str>) -> LeadResult {
        LeadResult {
            lead: LeadId(format!("lead-{n}")),
            status,
            error: error.map(str::to_owned),
            cost: None,
            took: None,
            report_url: None,
        }
    }

    /// A cancelled batch of five leads that cost two dollars for the four that were tried: one succeeded, three failed.
    fn looked_at() -> Model {
        let batch = Batch {
            status: BatchStatus::Cancelled,
            counts: Counts {
                total: 5,
                processed: 4,
                successful: 1,
                failed: 3,
            },
            actual: Usd::from_dollars(2.0),
            ..Batch::unknown(id())
        };
        let results = vec![
            result(1, LeadStatus::Completed, None),
            result(2, LeadStatus::Failed, Some("timeout after 12 s")),
            result(3, LeadStatus::Failed, Some("timeout after 9 s")),
            result(4, LeadStatus::Failed, Some("no site")),
            result(5, LeadStatus::Skipped, None),
        ];
        let mut details = Details {
            id: id(),
            batch: Remote::default(),
            results: Remote::default(),
            attempts: Vec::new(),
        };
        details.batch.settle(Ok(batch), Millis::default());
        let page = BatchLeadPage { results, total: 5 };
        details.results.settle(Ok(page), Millis::default());
        let mut model = Model::new(Config::default());
        model.history.details = Some(details);
        model
    }

    #[test]
    fn parts_of_a_batch_are_offered_with_what_they_would_cost() {
        let offers = looked_at().rerun_offers(&id());
        assert_eq!(
            offers.failed.as_deref(),
            Some("Run only the 3 that failed (about $1.50)")
        );
        assert_eq!(
            offers.not_started.as_deref(),
            Some("Run only the 1 not started (about $0.50)")
        );
        assert!(offers.notes.is_empty());
    }

    /// Prevents: a part is offered of which nobody knows the leads.
    #[test]
    fn of_an_unknown_batch_only_all_is_offered() {
        let model = Model::new(Config::default());
        assert_eq!(model.rerun_offers(&id()), RerunOffers::default());
        assert_eq!(model.failure_view(&id()), FailureView::default());
        assert_eq!(model.attempt_view(&id()), None);
    }

    #[test]
    fn failures_are_told_by_cause() {
        let mut model = looked_at();
        let told = model.failure_view(&id());
        let rows: Vec<_> = (told.causes.iter())
            .map(|row| (row.leads.as_str(), row.rerun.as_str()))
            .collect();
        assert_eq!(
            rows,
            [
                ("2 leads", "Run these 2 again (about $1.00)"),
                ("1 lead", "Run these 1 again (about $0.50)")
            ]
        );
        let example = told.causes[0].example.as_deref();
        assert_eq!(example, Some("For example: timeout after 12 s"));
        assert_eq!(told.causes[1].example, None, "it says nothing more");
        assert_eq!(told.unnamed, None);
        if let Some(details) = model.history.details.as_mut() {
            details.results = Remote::default();
        }
        assert_eq!(
            model.failure_view(&id()).unnamed.as_deref(),
            Some("3 leads failed of which the server does not say why.")
        );
    }
}
