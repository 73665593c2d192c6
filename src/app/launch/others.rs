//! Others that may buy the same: reviews of other tabs, and running batches of other people.

use std::sync::Arc;

use crate::app::effect::Effect;
use crate::app::requests::Slot;
use crate::app::{Ctx, Model};
use crate::domain::batch::{Batch, BatchId};
use crate::domain::lead::LeadId;
use crate::domain::ledger::Outcome;
use crate::domain::live::{OtherReview, Word};
use crate::domain::money::Usd;
use crate::domain::plan::Plan;
use crate::error::{Error, Kind};
use crate::machine::launch::{Launch, Review, Run};
use crate::wire::rest::{Reply, Request};

/// What is known of others that may buy the same.
#[derive(Debug, Default)]
pub struct Others {
    /// This tab, where the browser's tabs hear each other.
    pub(crate) tab: Option<u32>,
    /// What other tabs have under review.
    pub(super) reviews: Vec<(u32, OtherReview)>,
    /// Leads of running batches that this browser did not start, where the server tells them.
    pub(super) leads: Vec<(BatchId, Vec<LeadId>)>,
    /// Running batches whose leads could not be read under this review.
    failed: Vec<BatchId>,
}

/// The leads of so many running batches of others are asked for at a time.
const OTHERS_ASKED: usize = 8;

/// More leads than a batch can have.
const ALL_LEADS: u32 = 1_000;

impl Model {
    /// The review was opened or left: other tabs are told, and what runs of others is asked for.
    pub(crate) fn sync_review(&mut self, ctx: &mut Ctx) {
        let compose = &self.compose;
        let review = match &compose.launch {
            Launch::Reviewing(review) => {
                let plan = review_name(review);
                let quote = compose.quote.as_ref();
                // Told already, and asked for with each fact: they are not gathered anew.
                let told = compose
                    .announced_review
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
                let told = compose.announced_review.clone();
                told.zip(high)
                    .map(|(told, high)| OtherReview { high, ..told })
            }
            _ => None,
        };
        let told = &self.compose.announced_review;
        if *told == review {
            return;
        }
        if let (Launch::Reviewing(reviewed), Some(told)) = (&compose.launch, &review) {
            let ratio = told.high.ratio_to(reviewed.total());
            self.compose.upper_ratio = ratio.unwrap_or(1.0);
        }
        let told = &self.compose.announced_review;
        let is_opened = told.is_none() && review.is_some();
        self.compose.announced_review.clone_from(&review);
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
        let told = self.compose.announced_review.clone();
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
        let own = self.compose.announced_review.clone();
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
    pub(super) fn ask_others(&mut self, ctx: &mut Ctx) {
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

/// All leads under review, in ascending order.
fn leads_of(review: &Review) -> Arc<[LeadId]> {
    let ids = review.plans.iter().flat_map(|plan| &plan.subject.lead_ids);
    let mut ids: Vec<_> = ids.cloned().collect();
    ids.sort_unstable();
    ids.into()
}

/// The name by which tabs know that they are about to buy the same.
pub(super) fn review_name(review: &Review) -> String {
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
