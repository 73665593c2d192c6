//! Batches: what is known of one, and how new knowledge is merged without ever running backwards.

use super::lead::LeadId;
use super::money::Usd;
use super::plan::ClientReference;
use super::template::TemplateVersion;
use super::text::counted;
use super::time::{Duration, Millis, SECOND};

/// The server's identifier of a batch.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct BatchId(pub String);

impl BatchId {
    /// The first eight characters: enough to tell batches without a name apart.
    pub fn short(&self) -> String {
        self.0.chars().take(8).collect()
    }
}

/// Where a batch stands, in the server's words.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum BatchStatus {
    Pending,
    Running,
    Completed,
    Failed,
    Cancelled,
    /// A word that this version of the app does not know; shown as it is and taken as not finished.
    Other(String),
}

impl BatchStatus {
    /// The states that can be filtered by.
    pub const KNOWN: [Self; 5] = [
        Self::Pending,
        Self::Running,
        Self::Completed,
        Self::Failed,
        Self::Cancelled,
    ];

    /// The server's word.
    pub fn code(&self) -> &str {
        match self {
            Self::Pending => "pending",
            Self::Running => "running",
            Self::Completed => "completed",
            Self::Failed => "failed",
            Self::Cancelled => "cancelled",
            Self::Other(word) => word,
        }
    }

    /// From the server's word.
    pub fn from_code(code: &str) -> Self {
        Self::KNOWN
            .into_iter()
            .find(|known| known.code() == code)
            .unwrap_or_else(|| Self::Other(code.to_owned()))
    }

    /// What people read.
    pub fn label(&self) -> &str {
        match self {
            Self::Pending => "Waiting to start",
            Self::Running => "Running",
            Self::Completed => "Completed",
            Self::Failed => "Failed",
            Self::Cancelled => "Cancelled",
            Self::Other(word) => word,
        }
    }

    /// Nothing more is expected to happen.
    pub fn is_terminal(&self) -> bool {
        matches!(self, Self::Completed | Self::Failed | Self::Cancelled)
    }
}

/// How many leads are done. Of one batch these never decrease, see [`Counts::merge`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    pub total: u32,
    pub processed: u32,
    pub successful: u32,
    pub failed: u32,
}

impl Counts {
    /// Takes the further of both in every field; late, repeated and reordered messages are harmless thereby.
    pub fn merge(self, other: Self) -> Self {
        let total = self.total.max(other.total);
        Self {
            total,
            processed: self.processed.max(other.processed).min(total),
            successful: self.successful.max(other.successful).min(total),
            failed: self.failed.max(other.failed).min(total),
        }
    }

    /// Processed leads in percent of all, not rounded; nothing where there are none.
    pub fn percent(self) -> f64 {
        if self.total == 0 {
            0.0
        } else {
            f64::from(self.processed) * 100.0 / f64::from(self.total)
        }
    }

    /// Leads not yet processed.
    pub fn remaining(self) -> u32 {
        self.total.saturating_sub(self.processed)
    }
}

/// One finished or unfinished lead as the server tells it in passing.
#[derive(Clone, Debug, PartialEq)]
pub struct LeadResult {
    pub lead: LeadId,
    pub status: LeadStatus,
    /// The server's words where it failed.
    pub error: Option<String>,
    pub cost: Option<Usd>,
    pub took: Option<Duration>,
    pub report_url: Option<String>,
}

impl LeadResult {
    /// The address of its report, where that is a page: a server's words are no reason to run anything.
    pub fn report_link(&self) -> Option<&str> {
        let url = self.report_url.as_deref()?;
        let is_local = url.starts_with('/') && !url.starts_with("//");
        let is_page = is_local || url.starts_with("https://") || url.starts_with("http://");
        is_page.then_some(url)
    }
}

/// Where one lead of a batch stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LeadStatus {
    Pending,
    Processing,
    Completed,
    Failed,
    /// Left out because the batch was cancelled.
    Skipped,
    Other(String),
}

impl LeadStatus {
    /// From the server's word.
    pub fn from_code(code: &str) -> Self {
        match code {
            "pending" => Self::Pending,
            "processing" | "running" | "in_progress" => Self::Processing,
            "completed" | "success" => Self::Completed,
            "failed" | "error" => Self::Failed,
            "skipped" | "cancelled" => Self::Skipped,
            other => Self::Other(other.to_owned()),
        }
    }

    /// What people read.
    pub fn label(&self) -> &str {
        match self {
            Self::Pending => "Waiting",
            Self::Processing => "In progress",
            Self::Completed => "Done",
            Self::Failed => "Failed",
            Self::Skipped => "Not started",
            Self::Other(word) => word,
        }
    }

    /// The lead's outcome stands.
    pub fn is_outcome(&self) -> bool {
        matches!(self, Self::Completed | Self::Failed)
    }
}

/// Everything known of one batch.
#[derive(Clone, Debug, PartialEq)]
pub struct Batch {
    pub id: BatchId,
    pub name: Option<String>,
    pub description: Option<String>,
    pub status: BatchStatus,
    pub counts: Counts,
    pub estimated: Option<Usd>,
    pub actual: Option<Usd>,
    pub template: Option<TemplateVersion>,
    pub created: Option<Millis>,
    pub started: Option<Millis>,
    pub completed: Option<Millis>,
    pub created_by: Option<String>,
    /// The server's words where something went wrong.
    pub error: Option<String>,
    /// Leads that are worked on now or were finished last, newest first.
    pub recent: Vec<LeadResult>,
    pub current_lead: Option<LeadId>,
    /// Leads per second, as the server says.
    pub rate: Option<f64>,
    /// How long the rest takes, as the server says.
    pub remaining: Option<Duration>,
}

/// Where a piece of knowledge came from; a REST answer outweighs a socket message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    Rest,
    Live,
}

/// How many recent results are kept for a batch.
const RECENT_KEPT: usize = 8;

impl Batch {
    /// The reference of the approval that started it, from its description.
    pub fn reference(&self) -> Option<ClientReference> {
        ClientReference::detach(self.description.as_deref()?).1
    }

    /// A batch of which nothing but its identifier is known.
    pub fn unknown(id: BatchId) -> Self {
        Self {
            id,
            name: None,
            description: None,
            status: BatchStatus::Other("unknown".into()),
            counts: Counts::default(),
            estimated: None,
            actual: None,
            template: None,
            created: None,
            started: None,
            completed: None,
            created_by: None,
            error: None,
            recent: Vec::new(),
            current_lead: None,
            rate: None,
            remaining: None,
        }
    }

    /// The name given by a person, or the beginning of the identifier.
    pub fn title(&self) -> String {
        match self.name.as_deref().map(str::trim) {
            Some(name) if !name.is_empty() => name.to_owned(),
            _ => format!("Batch {}", self.id.short()),
        }
    }

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

    /// Where status and counts contradict each other: one sentence that says so, counts first.
    pub fn contradiction(&self) -> Option<String> {
        let Counts {
            total,
            processed,
            successful,
            failed,
        } = self.counts;
        let all = total > 0 && processed == total;
        match self.status {
            BatchStatus::Failed if all && failed == 0 && successful == total => Some(format!(
                "All {} succeeded, yet the server reports this batch as failed.",
                counted(total as usize, "lead")
            )),
            BatchStatus::Completed if self.was_cancelled_by_user() => Some(format!(
                "{} of {} were processed and are charged: the batch was cancelled, but the server did not stop and reports it as completed.",
                super::text::grouped(processed.into()),
                counted(total as usize, "lead")
            )),
            BatchStatus::Completed if total > 0 && processed < total => Some(format!(
                "{} of {} were processed, yet the server reports this batch as completed.",
                super::text::grouped(processed.into()),
                counted(total as usize, "lead")
            )),
            _ => None,
        }
    }

    fn was_cancelled_by_user(&self) -> bool {
        self.error
            .as_deref()
            .is_some_and(|error| error.to_ascii_lowercase().contains("cancelled by user"))
    }

    /// How much more it cost than was estimated, or less.
    pub fn difference(&self) -> Option<Usd> {
        Some(self.actual? - self.estimated?)
    }

    /// The time from start to end, where both are known.
    pub fn duration(&self) -> Option<Duration> {
        Some(self.completed? - self.started?)
    }
}

/// After so long without any movement a running batch is called stalled.
pub const STALLED_AFTER: Duration = 90 * SECOND;

#[cfg(test)]
mod tests {
    use super::*;

    fn batch(status: BatchStatus, total: u32, processed: u32, failed: u32) -> Batch {
        Batch {
            status,
            counts: Counts {
                total,
                processed,
                successful: processed - failed,
                failed,
            },
            ..Batch::unknown(BatchId("b1".into()))
        }
    }

    fn result(lead: &str, status: LeadStatus) -> LeadResult {
        LeadResult {
            lead: LeadId(lead.into()),
            status,
            error: None,
            cost: None,
            took: None,
            report_url: None,
        }
    }

    /// Prevents: a report's address that runs a script in the page, or leads to somewhere that only looks like this server.
    #[test]
    fn only_pages_are_linked() {
        let mut result = result("a", LeadStatus::Completed);
        for (url, is_page) in [
            ("https://reports.example/1", true),
            ("/reports/1", true),
            ("//evil.example/1", false),
            ("javascript:alert(1)", false),
            ("data:text/html,x", false),
        ] {
            result.report_url = Some(url.into());
            assert_eq!(result.report_link().is_some(), is_page, "{url}");
        }
    }

    #[test]
    fn a_late_message_does_not_turn_counts_back() {
        let mut known = batch(BatchStatus::Running, 300, 92, 2);
        known.merge(batch(BatchStatus::Running, 300, 35, 0), Source::Live);
        assert_eq!(
            known.counts,
            Counts {
                total: 300,
                processed: 92,
                successful: 90,
                failed: 2
            }
        );
    }

    #[test]
    fn counts_stay_within_the_total_whatever_the_server_sends() {
        let mut known = batch(BatchStatus::Running, 10, 5, 0);
        let wild = Counts {
            total: 0,
            processed: u32::MAX,
            successful: u32::MAX,
            failed: 3,
        };
        known.counts = known.counts.merge(wild);
        assert_eq!(
            known.counts,
            Counts {
                total: 10,
                processed: 10,
                successful: 10,
                failed: 3
            }
        );
        assert_eq!(Counts::default().percent(), 0.0);
    }

    #[test]
    fn the_end_stays_the_end_for_live_messages() {
        let mut known = batch(BatchStatus::Cancelled, 300, 50, 0);
        known.merge(batch(BatchStatus::Running, 300, 91, 0), Source::Live);
        assert_eq!(known.status, BatchStatus::Cancelled);
        assert_eq!(known.counts.processed, 91);
    }

    #[test]
    fn a_rest_answer_corrects_one_end_by_another() {
        let mut known = batch(BatchStatus::Cancelled, 300, 50, 0);
        known.merge(batch(BatchStatus::Running, 300, 60, 0), Source::Rest);
        assert_eq!(
            known.status,
            BatchStatus::Cancelled,
            "back to running would be an older answer"
        );
        known.merge(batch(BatchStatus::Completed, 300, 300, 0), Source::Rest);
        assert_eq!(known.status, BatchStatus::Completed);
    }

    #[test]
    fn contradictions_are_told_counts_first() {
        let failed = batch(BatchStatus::Failed, 300, 300, 0);
        assert!(
            failed
                .contradiction()
                .unwrap()
                .starts_with("All 300 leads succeeded")
        );
        let mut cancelled = batch(BatchStatus::Completed, 300, 300, 0);
        assert_eq!(cancelled.contradiction(), None);
        cancelled.error = Some("Cancelled by user".into());
        assert!(cancelled.contradiction().unwrap().contains("did not stop"));
        assert_eq!(
            batch(BatchStatus::Failed, 300, 300, 7).contradiction(),
            None
        );
    }

    #[test]
    fn the_newest_results_come_first_and_outcomes_stay() {
        let mut known = batch(BatchStatus::Running, 300, 5, 0);
        known.note_result(result("a", LeadStatus::Processing));
        known.note_result(result("a", LeadStatus::Completed));
        known.note_result(result("a", LeadStatus::Processing));
        known.note_result(result("b", LeadStatus::Pending));
        assert_eq!(known.recent, [result("a", LeadStatus::Completed)]);
        for n in 0..20 {
            known.note_result(result(&n.to_string(), LeadStatus::Completed));
        }
        assert_eq!(known.recent.len(), RECENT_KEPT);
        assert_eq!(known.recent[0].lead.0, "19");
    }

    #[test]
    fn missing_facts_do_not_erase_known_ones() {
        let mut known = batch(BatchStatus::Running, 300, 5, 0);
        known.name = Some("Summer audit".into());
        known.estimated = Usd::from_dollars(3.0);
        known.merge(batch(BatchStatus::Running, 300, 6, 0), Source::Live);
        assert_eq!(known.title(), "Summer audit");
        assert_eq!(known.estimated, Usd::from_dollars(3.0));
    }
}
