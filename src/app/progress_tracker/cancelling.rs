//! Cancelling batches, alone and in groups: what is asked before, and what comes of it.

use crate::app::effect::Effect;
use crate::app::notifications::messages::Tone;
use crate::app::progress_tracker::batches::{Asking, Cancel, Tracking};
use crate::app::requests::Slot;
use crate::app::{Ctx, Model};
use crate::domain::batch::{Batch, BatchId};
use crate::domain::live::Word;
use crate::domain::money::Usd;
use crate::domain::text::counted;
use crate::error::{Error, Kind};
use crate::machine::launch::Input;
use crate::wire::rest::{Reply, Request};

impl Model {
    pub(crate) fn cancel_confirmed(&mut self, id: BatchId, ctx: &mut Ctx) {
        self.batches.asking = None;
        self.cancel(id, ctx);
    }

    /// Asks the server to stop a batch that can still be stopped.
    pub(crate) fn cancel(&mut self, id: BatchId, ctx: &mut Ctx) {
        let Some(tracking) = self
            .batches
            .get_mut(&id)
            .filter(|tracking| tracking.can_cancel())
        else {
            return;
        };
        tracking.cancel = Cancel::Requested;
        self.send(Slot::Cancel(id.clone()), Request::Cancel(id), ctx);
    }

    pub(crate) fn cancel_answered(
        &mut self,
        id: &BatchId,
        result: Result<Reply, Error>,
        ctx: &mut Ctx,
    ) {
        let Some(tracking) = self.batches.get_mut(id) else {
            return;
        };
        match result {
            Ok(_) => {
                tracking.cancel = Cancel::Stopping;
                self.notices.announce("The server is stopping the batch.");
            }
            Err(error) => {
                let words = match &error.kind {
                    Kind::Refused(_) => "The server says that this batch cannot be cancelled any more; it may have just ended.".to_owned(),
                    _ => error.to_string(),
                };
                tracking.cancel = Cancel::Refused(words.clone());
                // Of several that are cancelled together it is told which one.
                let words = match tracking.group() {
                    Some(_) => format!("{}: {words}", tracking.batch.title()),
                    None => words,
                };
                self.toast(Tone::Bad, words, ctx);
            }
        }
        self.send(Slot::Status(id.clone()), Request::Status(id.clone()), ctx);
        self.read_batch_list(ctx);
    }
}

impl Model {
    /// Batches whose cancellation is being asked about.
    fn asked_about(&self) -> Vec<&Tracking> {
        match &self.batches.asking {
            Some(Asking::Batch(id)) => self.batches.get(id).map(|it| &**it).into_iter().collect(),
            Some(Asking::Group(code)) => {
                let members = self.batches.members(code).into_iter();
                members.map(|it| &**it).collect()
            }
            None => Vec::new(),
        }
    }

    /// The name of what may be cancelled.
    pub fn cancel_title(&self) -> String {
        match (&self.batches.asking, &self.asked_about()[..]) {
            (Some(Asking::Group(code)), _) => {
                let group = self.group(code);
                group.name.unwrap_or(format!("{} batches", group.started))
            }
            (_, [only]) => only.batch.title(),
            _ => String::new(),
        }
    }

    /// How much has not been processed yet, about what cancelling saves, and what is billed all the same.
    pub fn cancel_words(&self) -> String {
        let all = self.asked_about();
        let is_group = matches!(self.batches.asking, Some(Asking::Group(_)));
        let running: Vec<_> = all
            .iter()
            .map(|it| &it.batch)
            .filter(|batch| !batch.status.is_terminal())
            .collect();
        if running.is_empty() {
            let what = if is_group {
                "These batches have"
            } else {
                "This batch has"
            };
            return format!("{what} just ended; there is nothing to cancel any more.");
        }
        let left: u32 = running.iter().map(|batch| batch.counts.remaining()).sum();
        let mut words = match is_group {
            true => format!("{} of {} batches still run. ", running.len(), all.len()),
            false => String::new(),
        };
        words += &format!(
            "Up to {} are not processed yet.",
            counted(left as usize, "lead")
        );
        let figures = |batch: &&Batch| {
            let approved = self.approved_price(batch)?;
            Some((approved, share(approved, 100.0 - batch.counts.percent())?))
        };
        let sums: Option<Vec<_>> = running.iter().map(figures).collect();
        if let Some(sums) = sums {
            let add = |sum: (Usd, Usd), one: (Usd, Usd)| (sum.0 + one.0, sum.1 + one.1);
            let (approved, saved) = sums.into_iter().fold((Usd::ZERO, Usd::ZERO), add);
            words += &format!(" Not making them saves about {saved} of the approved {approved}.");
        }
        if let (false, [only]) = (is_group, &running[..]) {
            let starter = self.starter(only);
            words += &starter.map_or_else(String::new, |name| {
                format!(" It was started by {name}, not by you.")
            });
        }
        if is_group {
            let cost = |it: &&Tracking| {
                let batch = &it.batch;
                let so_far = || share(self.approved_price(batch)?, batch.counts.percent());
                batch.actual.or_else(so_far)
            };
            let costs: Option<Vec<_>> = all.iter().map(cost).collect();
            if let Some(costs) = costs {
                let sum = costs.into_iter().fold(Usd::ZERO, |sum, cost| sum + cost);
                words += &format!(" About {sum} for what is processed is billed all the same.");
            }
            let last = all
                .iter()
                .map(|it| it.part())
                .max_by_key(|part| part.number);
            if last.is_some_and(|part| part.number < part.of) {
                words += " Those that have not started yet are held back where this browser starts them; one that is on \
                          its way may run all the same.";
            }
        }
        words
    }

    /// Cancels every batch of a group that still runs.
    pub(crate) fn group_cancel_confirmed(&mut self, code: &str, ctx: &mut Ctx) {
        self.batches.asking = None;
        let members = self.batches.members(code).into_iter();
        let ids: Vec<_> = members.map(|it| it.batch.id.clone()).collect();
        for id in ids {
            self.cancel(id, ctx);
        }
        // Another tab may be starting the next ones.
        let code = code.to_owned();
        ctx.emit(Effect::TellTabs(Word::Held { code }));
    }

    /// The batches of this approval are cancelled from another tab: those that wait for the one on its way are not sent any
    /// more.
    pub(crate) fn rest_held(&mut self, code: &str, ctx: &mut Ctx) {
        let run = self.compose.launch.run();
        if run.is_some_and(|run| run.plan.reference.code() == code) {
            self.launch_input(Input::HoldRest, ctx);
        }
    }
}

/// So many percent of an amount.
fn share(amount: Usd, percent: f64) -> Option<Usd> {
    Usd::from_dollars(amount.dollars() * percent / 100.0)
}
