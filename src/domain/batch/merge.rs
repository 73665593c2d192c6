//! How new knowledge of a batch is merged into what is known.

use super::{Batch, BatchStatus, LeadResult, LeadStatus};

/// Where a piece of knowledge came from; a REST answer outweighs a socket message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    Rest,
    Live,
}

/// How many recent results are kept for a batch.
pub(super) const RECENT_KEPT: usize = 8;

impl Batch {
    /// Merges what `news` says into what is known. Counts never decrease, a terminal state stays unless a REST answer
    /// corrects it, and known facts are not overwritten by missing ones.
    pub fn merge(&mut self, news: Self, source: Source) {
        self.counts = self.counts.merge(news.counts);
        let believed = match source {
            Source::Rest => !self.status.is_terminal() || news.status.is_terminal(),
            Source::Live => !self.status.is_terminal(),
        };
        if believed && news.status != BatchStatus::Other("unknown".into()) {
            let behind = self.status == BatchStatus::Running && news.status == BatchStatus::Pending;
            if !behind {
                self.status = news.status;
            }
        }
        let fill =
            |old: &mut Option<String>, new: Option<String>| *old = new.or_else(|| old.take());
        fill(&mut self.name, news.name);
        fill(&mut self.description, news.description);
        fill(&mut self.created_by, news.created_by);
        fill(&mut self.error, news.error);
        self.estimated = news.estimated.or(self.estimated);
        self.actual = news.actual.or(self.actual);
        self.template = news.template.or_else(|| self.template.take());
        self.created = news.created.or(self.created);
        self.started = news.started.or(self.started);
        self.completed = news.completed.or(self.completed);
        if self.status.is_terminal() {
            self.current_lead = None;
            self.rate = None;
            self.remaining = None;
        } else {
            self.current_lead = news.current_lead.or_else(|| self.current_lead.take());
            self.rate = news.rate.or(self.rate);
            self.remaining = news.remaining;
        }
        for result in news.recent.into_iter().rev() {
            self.note_result(result);
        }
    }

    /// Puts one lead's result in front of the recent ones. The server lists unfinished leads first while it runs;
    /// an outcome is never replaced by a lesser state of the same lead.
    pub fn note_result(&mut self, result: LeadResult) {
        if let Some(at) = self
            .recent
            .iter()
            .position(|known| known.lead == result.lead)
        {
            let known = &mut self.recent[at];
            if known.status.is_outcome() && !result.status.is_outcome() {
                return;
            }
            if known.status == result.status {
                known.error = result.error.or_else(|| known.error.take());
                known.cost = result.cost.or(known.cost);
                known.took = result.took.or(known.took);
                known.report_url = result.report_url.or_else(|| known.report_url.take());
                return;
            }
            self.recent.remove(at);
        }
        if !matches!(result.status, LeadStatus::Pending | LeadStatus::Skipped) {
            self.recent.insert(0, result);
            self.recent.truncate(RECENT_KEPT);
        }
    }
}
