//! What can happen next in a tab, or to what it sent.

use batch_runner::machine::launch::Launch;

use super::{Bounds, Post, State};

/// What can happen next in a tab, or to what it sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    Review,
    Confirm,
    /// Nobody has looked at the review for long.
    Outdates,
    /// The price is another one now.
    PriceChanges,
    /// A click on the button, or one too many.
    Approve,
    Dismiss,
    CheckAgain,
    /// The next of several batches.
    Next,
    /// No more of several batches are to be started.
    Hold,
    Time,
    /// The browser takes the lock and writes the intent down, or says that another tab has the lock.
    Secured,
    /// The request reaches the server, which does what it says.
    Arrives,
    /// The request reaches the server, which refuses it.
    IsRefused,
    /// The request is lost on its way.
    IsLost,
    AnswerComes,
    /// The answer is lost, or the time limit ends the waiting.
    AnswerIsLost,
    ListComes,
    ListFails,
    /// The page is loaded again, or crashed and was opened again.
    Reload,
    /// The browser gives the page a lock that it waited for, with the entry as it stands by now.
    LockComes,
    /// What a page before had sent reaches the server only now.
    OrphanArrives,
}

pub const STEPS: [Step; 21] = [
    Step::Review,
    Step::Confirm,
    Step::Outdates,
    Step::PriceChanges,
    Step::Approve,
    Step::Dismiss,
    Step::CheckAgain,
    Step::Next,
    Step::Hold,
    Step::Time,
    Step::Secured,
    Step::Arrives,
    Step::IsRefused,
    Step::IsLost,
    Step::AnswerComes,
    Step::AnswerIsLost,
    Step::ListComes,
    Step::ListFails,
    Step::Reload,
    Step::LockComes,
    Step::OrphanArrives,
];

impl State {
    pub(super) fn can(&self, tab: usize, step: Step, bounds: Bounds) -> bool {
        let page = &self.pages[tab];
        let going = page.posts.iter().any(|post| matches!(post, Post::Going(_)));
        let coming = page
            .posts
            .iter()
            .any(|post| matches!(post, Post::Coming(_)));
        let may_fail = self.faults < bounds.faults;
        match step {
            Step::Review => self.reviews < bounds.reviews && !page.launch.is_busy(),
            Step::Confirm | Step::Outdates => matches!(page.launch, Launch::Reviewing(_)),
            Step::PriceChanges => may_fail && matches!(page.launch, Launch::Reviewing(_)),
            Step::Approve => matches!(
                page.launch,
                Launch::Reviewing(_) | Launch::Submitting { .. }
            ),
            Step::Dismiss => page.launch != Launch::Draft,
            Step::CheckAgain => {
                matches!(
                    page.launch,
                    Launch::NotConfirmed { .. } | Launch::Unknown { .. }
                )
            }
            Step::Next => matches!(page.launch, Launch::Started { .. }),
            Step::Hold => page.launch.run().is_some_and(|run| !run.rest.is_empty()),
            Step::Time => page.launch.deadline().is_some(),
            Step::Secured => page.securing.is_some(),
            Step::Arrives => going,
            Step::IsRefused | Step::IsLost => going && may_fail,
            Step::AnswerComes => coming,
            Step::AnswerIsLost => coming && may_fail,
            Step::ListComes => page.listing,
            Step::ListFails => page.listing && may_fail,
            Step::Reload => may_fail,
            Step::LockComes => !page.awaited.is_empty() && self.lock.is_none(),
            // Of one tab only: they belong to nobody any more.
            Step::OrphanArrives => tab == 0 && !self.orphans.is_empty(),
        }
    }
}
