//! What a person should know before they approve: the same batch minutes ago, leads that are running already, another
//! tab that is about to buy the same.

use std::sync::Arc;

use crate::app::cost_preview::budget::Standing;
use crate::app::effect::Effect;
use crate::app::requests::Slot;
use crate::app::{Ctx, Model};
use crate::domain::batch::{Batch, BatchId};
use crate::domain::budget::Verdict;
use crate::domain::lead::LeadId;
use crate::domain::ledger::{Entry, Outcome};
use crate::domain::live::{OtherReview, Word};
use crate::domain::money::Usd;
use crate::domain::plan::Plan;
use crate::domain::text::{counted, grouped};
use crate::domain::time::{Duration, MINUTE, Millis, duration_words};
use crate::domain::warning::About;
use crate::error::{Error, Kind};
use crate::machine::launch::{Launch, Review, Run};
use crate::wire::rest::{Reply, Request};

/// The same plan is warned of for so long.
const SAME_PLAN: Duration = 60 * MINUTE;
/// The leads of so many running batches of others are asked for at a time.
const OTHERS_ASKED: usize = 8;
/// More leads than a batch can have.
const ALL_LEADS: u32 = 1_000;

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

/// What is known of others that may buy the same.
#[derive(Debug, Default)]
pub struct Others {
    /// This tab, where the browser's tabs hear each other.
    pub(crate) tab: Option<u32>,
    /// What other tabs have under review.
    reviews: Vec<(u32, OtherReview)>,
    /// Leads of running batches that this browser did not start, where the server tells them.
    leads: Vec<(BatchId, Vec<LeadId>)>,
    /// Running batches whose leads could not be read under this review.
    failed: Vec<BatchId>,
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

    /// It can be approved: everything is confirmed, and what is warned of is meant so.
    pub fn can_approve(&self, now: Millis) -> bool {
        match &self.compose.launch {
            Launch::Reviewing(review) => {
                review.is_ready()
                    && self.review_waits_for().is_none()
                    && self.is_accepted(&self.concerns(now))
            }
            _ => false,
        }
    }

    /// What is being asked that decides what a person must be told, in words. A budget that the server refuses to tell, or
    /// tells only later, holds nobody back: its own warning comes with the price.
    pub fn review_waits_for(&self) -> Option<&'static str> {
        // Where it could not be told before, it is asked again beside the work of whoever that is.
        let is_asked = self.net.is_busy(&Slot::Me) && self.session.unanswered == 0;
        if is_asked || self.session.is_doubtful() {
            Some("Asking who is signed in…")
        } else if self.ledger.is_behind() {
            Some("Reading what was approved in this browser…")
        } else if self.net.is_first_try(&Slot::Budget) {
            Some("Asking what is left of today’s budget…")
        } else if self.asks_what_runs() {
            Some("Asking what runs already…")
        } else {
            None
        }
    }

    /// What runs, and which leads it has, is being asked for the first time under this review.
    fn asks_what_runs(&self) -> bool {
        let is_asked = |slot: &Slot| match slot {
            Slot::BatchList => !self.compose.is_listed,
            Slot::Others(_) => true,
            _ => false,
        };
        let mut slots = self.net.slots();
        slots.any(|slot| is_asked(slot) && self.net.is_first_try(slot))
    }

    /// What runs was read, or could not be: a review must know which leads it has.
    pub(crate) fn overlap_listed(&mut self, ctx: &mut Ctx) {
        if matches!(self.compose.launch, Launch::Reviewing(_)) {
            if !self.compose.is_listed {
                self.compose.is_listed = true;
            }
            self.ask_others(ctx);
        }
    }

    /// All of this is meant so. What came up after the tick is not; to miss less than was said is.
    pub fn is_accepted(&self, concerns: &[Concern]) -> bool {
        let is_meant = |concern: &Concern| {
            let mut accepted = self.compose.accepted.iter();
            accepted.any(|accepted| match (accepted, &concern.about) {
                (About::Budget(told), About::Budget(needs)) => needs <= told,
                (accepted, about) => accepted == about,
            })
        };
        concerns.iter().all(is_meant)
    }

    /// What is warned of now is meant so, or not.
    pub(crate) fn concern_accepted(&mut self, accepted: bool, ctx: &Ctx) {
        let concerns = self.concerns(ctx.now);
        let about = concerns.into_iter().map(|concern| concern.about);
        self.compose.accepted = about.filter(|_| accepted).collect();
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

    /// The review was opened or left: other tabs are told, and what runs of others is asked for.
    pub(crate) fn sync_review(&mut self, ctx: &mut Ctx) {
        let compose = &self.compose;
        let review = match &compose.launch {
            Launch::Reviewing(review) => {
                let plan = review_name(review);
                let quote = compose.quote.as_ref();
                // Told already, and asked for with each fact: they are not gathered anew.
                let told = compose
                    .told_review
                    .as_ref()
                    .filter(|told| told.plan == plan);
                Some(OtherReview {
                    leads: told.map_or_else(|| leads_of(review), |told| told.leads.clone()),
                    plan,
                    high: quote.map_or(review.total(), |quote| self.upper_end(quote)),
                })
            }
            // Of what the server has not answered for no other tab can know by the ledger.
            launch if launch.is_busy() => {
                let left = launch.run().map_or(Usd::ZERO, Run::total);
                let high = Usd::from_dollars(left.dollars() * compose.upper_ratio);
                let told = compose.told_review.clone();
                told.zip(high)
                    .map(|(told, high)| OtherReview { high, ..told })
            }
            _ => None,
        };
        let told = &self.compose.told_review;
        if *told == review {
            return;
        }
        if let (Launch::Reviewing(reviewed), Some(told)) = (&compose.launch, &review) {
            let ratio = told.high.ratio_to(reviewed.total());
            self.compose.upper_ratio = ratio.unwrap_or(1.0);
        }
        let told = &self.compose.told_review;
        let is_opened = told.is_none() && review.is_some();
        self.compose.told_review.clone_from(&review);
        if is_opened {
            // Tabs that are still there answer with what they review; of one that was closed or crashed nothing is left.
            self.others.reviews.clear();
            self.others.failed.clear();
        }
        if let Some(tab) = self.others.tab {
            ctx.emit(Effect::TellTabs(Word::Reviews { tab, review }));
        }
    }

    /// The browser puts the page aside, perhaps for good: what it reviews holds nobody back, until it is back.
    pub(crate) fn put_aside(&mut self, aside: bool, ctx: &mut Ctx) {
        let told = self.compose.told_review.clone();
        if let (Some(tab), Some(_)) = (self.others.tab, &told) {
            if aside && self.compose.launch.is_busy() {
                // It may be bought: from now on they count it by the ledger.
                ctx.emit(Effect::TellTabs(Word::Started));
            }
            let review = told.filter(|_| !aside);
            ctx.emit(Effect::TellTabs(Word::Reviews { tab, review }));
        }
    }

    /// Another tab opened a review or left it. It is answered with this tab's, which it may not know.
    pub(crate) fn other_reviews(&mut self, tab: u32, review: Option<OtherReview>, ctx: &mut Ctx) {
        let known = self.others.reviews.iter().find(|(known, _)| *known == tab);
        let is_new = review.is_some() && known.map(|(_, review)| review) != review.as_ref();
        self.others.reviews.retain(|(known, _)| *known != tab);
        (self.others.reviews).extend(review.map(|review| (tab, review)));
        let own = self.compose.told_review.clone();
        if let (true, Some(tab), Some(_)) = (is_new, self.others.tab, &own) {
            ctx.emit(Effect::TellTabs(Word::Reviews { tab, review: own }));
        }
    }

    /// The upper end of what other tabs have under review. Without a review here nobody has asked whether they are still
    /// there.
    pub(crate) fn reviewed_elsewhere(&self) -> Usd {
        let asked = matches!(self.compose.launch, Launch::Reviewing(_));
        // What the ledger has as open counts by that.
        let is_open = |name: &str| {
            let mut entries = self.ledger.entries().iter();
            entries.any(|entry| entry.outcome == Outcome::Open && plan_name(&entry.plan) == name)
        };
        let reviews = self.others.reviews.iter();
        let reviews = reviews.filter(|(_, review)| asked && !is_open(&review.plan));
        reviews.fold(Usd::ZERO, |sum, (_, review)| sum + review.high)
    }

    /// Asks which leads the running batches of others have.
    fn ask_others(&mut self, ctx: &mut Ctx) {
        if self.history.no_results.is_some() {
            return;
        }
        let is_foreign = |batch: &&Batch| {
            let mut known = self.others.leads.iter().map(|(known, _)| known);
            self.ledger.of_batch(&batch.id).is_none()
                && known.all(|known| *known != batch.id)
                && !self.others.failed.contains(&batch.id)
        };
        let foreign = self
            .batches
            .unfinished()
            .filter(is_foreign)
            .take(OTHERS_ASKED);
        let ids: Vec<_> = foreign.map(|batch| batch.id.clone()).collect();
        for id in ids {
            let request = Request::BatchLeads {
                id: id.clone(),
                skip: 0,
                limit: ALL_LEADS,
            };
            self.send_if_free(Slot::Others(id), request, ctx);
        }
    }

    pub(crate) fn others_answered(
        &mut self,
        id: BatchId,
        result: Result<Reply, Error>,
        ctx: &mut Ctx,
    ) {
        let leads = match result {
            Ok(Reply::BatchLeads(page)) => {
                Some(page.results.into_iter().map(|it| it.lead).collect())
            }
            // Where the server does not tell, nothing is known and nothing is said; it is not asked again.
            Err(error) if matches!(error.kind, Kind::NotFound(_)) => Some(Vec::new()),
            _ => None,
        };
        match leads {
            Some(mut leads) => {
                leads.sort_unstable();
                self.others.leads.push((id, leads));
            }
            None => self.others.failed.push(id),
        }
        if matches!(self.compose.launch, Launch::Reviewing(_)) {
            self.ask_others(ctx);
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

/// All leads under review, in ascending order.
fn leads_of(review: &Review) -> Arc<[LeadId]> {
    let ids = review.plans.iter().flat_map(|plan| &plan.subject.lead_ids);
    let mut ids: Vec<_> = ids.cloned().collect();
    ids.sort_unstable();
    ids.into()
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

/// The name by which tabs know that they are about to buy the same.
fn review_name(review: &Review) -> String {
    let hashes = review.plans.iter().map(|plan| plan.subject.hash());
    name_of(hashes.fold(0, |all, hash| all ^ hash))
}

/// That of a review of one plan.
fn plan_name(plan: &Plan) -> String {
    name_of(plan.subject.hash())
}

fn name_of(hash: u64) -> String {
    format!("{hash:016x}")
}
