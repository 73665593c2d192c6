//! Looking for a launch whose outcome is not known: after a reload, and among the batches of its time.

use crate::app::progress_tracker::reading::LIST_LIMIT;
use crate::app::requests::Slot;
use crate::app::{Ctx, Model};
use crate::domain::batch::Batch;
use crate::domain::time::{Duration, MINUTE, Millis};
use crate::error::Error;
use crate::machine::launch::{CLOCK_SLACK, Input, Launch};
use crate::wire::rest::{BatchQuery, Reply, Request};

/// A batch is looked for among those that were made until so long after its approval.
const STARTS_WITHIN: Duration = 10 * MINUTE;

impl Model {
    /// Looks for a launch from before a reload, one at a time.
    pub(crate) fn resume_launch(&mut self, ctx: &mut Ctx) {
        let is_free = self.compose.launch == Launch::Draft && self.session.is_signed_in();
        if is_free && !self.compose.recovered.is_empty() {
            let (plan, sent) = self.compose.recovered.remove(0);
            let plan = Box::new(plan);
            self.launch_input(Input::Recovered { plan, sent }, ctx);
        }
    }

    /// So many batches were started since the one that is looked for that it may stand behind the newest: it is looked
    /// for where it would stand.
    pub(crate) fn look_behind(&mut self, newest: &[Batch], ctx: &mut Ctx) {
        let sent = match &self.compose.launch {
            Launch::Checking(check) => check.sent,
            Launch::NotConfirmed { sent, .. } | Launch::Unknown { sent, .. } => *sent,
            _ => return,
        };
        let after = Millis(sent.0 - CLOCK_SLACK);
        let is_newer = |batch: &Batch| batch.created.is_some_and(|created| created >= after);
        if newest.len() >= LIST_LIMIT as usize && newest.iter().all(is_newer) {
            let query = BatchQuery {
                created_after: Some(after),
                created_before: Some(sent + STARTS_WITHIN),
                limit: 200,
                ..BatchQuery::default()
            };
            self.send_if_free(Slot::Sought, Request::Batches(query), ctx);
        }
    }

    pub(crate) fn sought_answered(&mut self, result: Result<Reply, Error>, ctx: &mut Ctx) {
        let Ok(Reply::Batches(page)) = result else {
            return;
        };
        let run = self.compose.launch.run();
        let reference = run.map(|run| run.plan.reference.clone());
        let is_it = |batch: &&Batch| reference.is_some() && batch.reference() == reference;
        // That it is not there either is no news.
        if page.batches.iter().any(|batch| is_it(&batch)) {
            self.launch_input(Input::Listed(Ok(page.batches)), ctx);
        }
    }

    /// The newest batches were read, or could not be: a launch that is looked for may be among them.
    pub(crate) fn launch_listed(&mut self, batches: Result<&[Batch], ()>, ctx: &mut Ctx) {
        let is_wanted = match &self.compose.launch {
            Launch::Checking(check) => check.next.is_none(),
            Launch::NotConfirmed { .. } | Launch::Unknown { .. } => true,
            _ => false,
        };
        if is_wanted {
            self.launch_input(Input::Listed(batches.map(<[Batch]>::to_vec)), ctx);
        }
    }
}
