//! What a person should know before they approve: the same batch minutes ago, leads that are running already, another
//! tab that is about to buy the same.

use crate::app::Model;
use crate::app::cost_preview::budget::Standing;
use crate::app::launch::others::review_name;
use crate::domain::batch::Batch;
use crate::domain::budget::Verdict;
use crate::domain::lead::LeadId;
use crate::domain::ledger::{Entry, Outcome};
use crate::domain::money::Usd;
use crate::domain::plan::Plan;
use crate::domain::text::{counted, grouped};
use crate::domain::time::{Duration, MINUTE, Millis, duration_words};
use crate::domain::warning::About;
use crate::machine::launch::{Launch, Review};

/// The same plan is warned of for so long.
const SAME_PLAN: Duration = 60 * MINUTE;

/// Something that a person should know before they approve, and must say that it is meant so.
#[derive(Clone, Debug, PartialEq)]
pub struct Concern {
    /// What was meant stays meant only for this.
    pub about: About,
    /// The facts.
    pub words: String,
    /// Leads that can be left out instead.
    pub leave_out: Vec<LeadId>,
}

impl Model {
    /// What speaks against approving what is under review.
    pub fn concerns(&self, now: Millis) -> Vec<Concern> {
        let Launch::Reviewing(review) = &self.compose.launch else {
            return Vec::new();
        };
        let mut concerns = Vec::new();
        concerns.extend(self.over_budget(now));
        concerns.extend(self.same_plan(review, now));
        concerns.extend(self.same_leads(review, now));
        let name = review_name(review);
        if self
            .others
            .reviews
            .iter()
            .any(|(_, other)| other.plan == name)
        {
            concerns.push(Concern {
                about: About::OtherTab(name),
                words: "Another tab of this browser has a batch of exactly these leads under review, or is starting it."
                    .into(),
                leave_out: Vec::new(),
            });
        }
        concerns
    }

    /// At the upper end of what it may cost it is more than is left today.
    fn over_budget(&self, now: Millis) -> Option<Concern> {
        let standing = self.budget_standing(self.compose.quote.as_ref()?, now)?;
        let words = over_budget_words(&standing)?;
        let Verdict::Over { needs } = standing.verdict else {
            return None;
        };
        Some(Concern {
            about: About::Budget(needs),
            words,
            leave_out: Vec::new(),
        })
    }

    /// The very same leads with the same template, not long ago.
    fn same_plan(&self, review: &Review, now: Millis) -> Option<Concern> {
        let hashes: Vec<_> = review
            .plans
            .iter()
            .map(|plan| plan.subject.hash())
            .collect();
        let entry = self.ledger.entries().iter().find(|entry| {
            is_recent(entry, now) && entry.may_cost() && hashes.contains(&entry.plan.subject.hash())
        });
        let Some(entry) = entry else {
            let is_unread = (review.plans.iter()).any(|plan| self.ledger.has_unread(plan));
            return is_unread.then(|| Concern {
                about: About::Unread,
                words: "An approval of exactly these leads with this template is noted in this browser, and cannot be \
                        read: they may have been bought."
                    .into(),
                leave_out: Vec::new(),
            });
        };
        let tracked = entry.batch().and_then(|id| self.batches.get(id));
        let state = match (tracked, entry.batch()) {
            (Some(tracked), _) => {
                format!("{}: {}", tracked.batch.title(), progress(&tracked.batch))
            }
            (None, Some(id)) => format!("batch {}", id.short()),
            (None, None) => "whether it started is not certain".to_owned(),
        };
        let words = format!(
            "{} approved a batch of exactly these {} with this template {} ago ({state}).",
            self.who(entry),
            counted(entry.plan.subject.lead_ids.len(), "lead"),
            duration_words(now - entry.approved)
        );
        Some(Concern {
            about: About::SamePlan(entry.approved),
            words,
            leave_out: Vec::new(),
        })
    }

    /// Leads that are in a batch that runs now, or that may have been bought, or that another tab is about to buy.
    fn same_leads(&self, review: &Review, now: Millis) -> Vec<Concern> {
        let mut concerns = Vec::new();
        for batch in self.batches.unfinished() {
            let launched = self.ledger.of_batch(&batch.id);
            let others = self.others.leads.iter().find(|(id, _)| *id == batch.id);
            let running = match (launched, others) {
                (Some(entry), _) => &entry.plan.subject.lead_ids,
                (None, Some((_, leads))) => leads,
                (None, None) => continue,
            };
            let whose = match self.starter(batch) {
                Some(name) if launched.is_none() => format!(", started by {name}"),
                _ => String::new(),
            };
            let place = format!("in {}{whose}, {}", batch.title(), progress(batch));
            let about = About::SameLeads(batch.id.clone());
            concerns.extend(overlap(review, running, about, &place));
        }
        for entry in self.ledger.entries() {
            let is_uncertain = entry.may_cost() && entry.batch().is_none();
            // Of exactly these leads it is told already.
            let is_told = |plan: &Plan| plan.subject == entry.plan.subject;
            if is_uncertain && is_recent(entry, now) && !review.plans.iter().any(is_told) {
                let place = format!(
                    "in a batch that was approved at this browser {} ago, of which it is not certain whether it started",
                    duration_words(now - entry.approved)
                );
                let about = About::SamePlan(entry.approved);
                concerns.extend(overlap(review, &entry.plan.subject.lead_ids, about, &place));
            }
        }
        let name = review_name(review);
        for (_, other) in &self.others.reviews {
            if other.plan != name {
                let place = "under review in another tab of this browser, or being started there";
                let about = About::OtherTab(other.plan.clone());
                concerns.extend(overlap(review, &other.leads, about, place));
            }
        }
        concerns
    }

    /// Whose an approval is, at the beginning of a sentence.
    fn who(&self, entry: &Entry) -> &'static str {
        let person = self.session.person();
        match entry.is_of(person) {
            true => "You",
            false if person.is_none() => "Somebody at this browser",
            false => "Another person at this browser",
        }
    }
}

/// What is missing, and how that comes about.
pub fn over_budget_words(standing: &Standing) -> Option<String> {
    let Verdict::Over { needs } = standing.verdict else {
        return None;
    };
    Some(format!(
        "It may go over today’s budget: at the upper end {needs} more is needed than is left. The server says that {} is \
         left today; {} was approved here today or runs now{}.",
        standing.left,
        standing.committed,
        match standing.reviewed {
            Usd::ZERO => String::new(),
            high => format!(", and up to {high} is under review or being started in another tab"),
        }
    ))
}

/// An approval that a person should be reminded of.
fn is_recent(entry: &Entry, now: Millis) -> bool {
    now - entry.approved < SAME_PLAN || entry.outcome == Outcome::Open
}

/// Leads under review that are among these, which are in ascending order; `place` says where they are.
fn overlap(review: &Review, leads: &[LeadId], about: About, place: &str) -> Option<Concern> {
    let each = |plan: &Plan| plan.price.dollars() / plan.subject.lead_ids.len().max(1) as f64;
    let mut saving = 0.0;
    let mut leave_out = Vec::new();
    for plan in &review.plans {
        let ids = plan.subject.lead_ids.iter();
        let both = ids.filter(|id| leads.binary_search(id).is_ok());
        let before = leave_out.len();
        leave_out.extend(both.cloned());
        saving += each(plan) * (leave_out.len() - before) as f64;
    }
    let words = format!(
        "{} of these leads {} {place}. Leaving them out saves about {}.",
        grouped(leave_out.len() as u64),
        if leave_out.len() == 1 { "is" } else { "are" },
        Usd::from_dollars(saving).unwrap_or_default()
    );
    (!leave_out.is_empty()).then_some(Concern {
        about,
        words,
        leave_out,
    })
}

/// How far a batch is, in few words.
fn progress(batch: &Batch) -> String {
    let counts = batch.counts;
    match batch.status.is_terminal() {
        true => batch.status.label().to_ascii_lowercase(),
        false => format!(
            "running: {} of {} done",
            grouped(counts.processed.into()),
            grouped(counts.total.into())
        ),
    }
}
