//! A launch from its approval to its end, and what becomes of the selection then.

use crate::app::effect::{Effect, Timer};
use crate::app::notifications::messages::Tone;
use crate::app::requests::{Phase, Slot, unexpected};
use crate::app::{Ctx, Model};
use crate::domain::batch::{Batch, BatchId, Source};
use crate::domain::live::Word;
use crate::domain::plan::{Complaint, Field};
use crate::domain::text::{counted, grouped};
use crate::error::{Error, Kind};
use crate::machine::launch::{Action, Input, Launch, Run};
use crate::route::View;
use crate::wire::rest::{Reply, Request};

impl Model {
    pub(crate) fn launch_input(&mut self, input: Input, ctx: &mut Ctx) {
        let was_busy = self.compose.launch.is_busy();
        let was_started = matches!(self.compose.launch, Launch::Started { .. });
        let actions = self.compose.launch.step(input, ctx.now);
        for action in actions {
            match action {
                Action::Secure(plan) => self.note_approval(&plan, ctx),
                Action::Settle(plan, outcome) => self.settle(&plan, outcome, ctx),
                Action::Post(plan) => {
                    self.send(Slot::Start, Request::Start(plan), ctx);
                    let run = self.compose.launch.run();
                    let is_last = run.is_none_or(|run| run.rest.is_empty());
                    if !is_last && !self.net.is_busy(&Slot::Templates) {
                        // What the next ones are made with may be gone by then.
                        self.read_templates(ctx);
                    }
                }
                Action::ReadList => self.read_batch_list(ctx),
            }
        }
        ctx.emit(match self.compose.launch.deadline() {
            Some(at) => Effect::SetTimer(Timer::Launch, at),
            None => Effect::ClearTimer(Timer::Launch),
        });
        // A batch that turns up late is started without anything having been under way.
        let is_late = !was_started && matches!(self.compose.launch, Launch::Started { .. });
        if was_busy && !self.compose.launch.is_busy() || is_late {
            self.launch_ended(ctx);
        }
        self.resume_launch(ctx);
    }

    /// The lock of this plan was taken and its entry written, or another tab has the lock.
    pub(crate) fn plan_secured(
        &mut self,
        lock: String,
        record: String,
        elsewhere: bool,
        ctx: &mut Ctx,
    ) {
        // Of a launch that was given up meanwhile nothing is sent any more.
        let is_wanted = |launch: &Launch| matches!(launch, Launch::Approved(run) if run.plan.record() == record);
        if is_wanted(&self.compose.launch) && !elsewhere && self.session.is_doubtful() {
            // The token is another one: nothing is sent before it is known that it is the same person's.
            self.compose.secured = Some((lock, record));
            if self.net.phase(&Slot::Me) != Some(&Phase::Answer) {
                self.secured_for(ctx);
            }
        } else if is_wanted(&self.compose.launch) {
            self.launch_input(Input::Secured { elsewhere }, ctx);
        } else if !elsewhere {
            ctx.emit(Effect::Record(record, None));
            ctx.emit(Effect::Unlock(lock));
        }
    }

    /// It is known whose token it is, or cannot be told soon: what was held back for it goes out, or is given up.
    pub(crate) fn secured_for(&mut self, ctx: &mut Ctx) {
        let Some((lock, record)) = self.compose.secured.take() else {
            return;
        };
        if !self.session.is_doubtful() {
            return self.plan_secured(lock, record, false, ctx);
        }
        let Launch::Approved(run) = self.compose.launch.clone() else {
            return;
        };
        self.take_back(&run.plan, ctx);
        let text = "It could not be told who is signed in now, so this batch was not started. Review it again.";
        let mut complaints = vec![Complaint {
            field: Field::Leads,
            text: text.into(),
        }];
        complaints.extend(pause_complaint(&run));
        self.nothing_started(complaints, ctx);
        self.resume_launch(ctx);
    }

    pub(crate) fn start_answered(&mut self, result: Result<Reply, Error>, ctx: &mut Ctx) {
        let answer = result.and_then(|reply| match reply {
            Reply::Started(batch) => {
                let id = batch.id.clone();
                self.tell_missing(&batch, ctx);
                self.take_news(*batch, Source::Rest, ctx);
                Ok(id)
            }
            _ => Err(unexpected("start the batch")),
        });
        self.launch_input(Input::Answered(answer), ctx);
    }

    /// The server has started fewer leads than were approved.
    fn tell_missing(&mut self, batch: &Batch, ctx: &mut Ctx) {
        let run = self.compose.launch.run();
        let approved = run.map_or(0, |run| run.plan.subject.lead_ids.len());
        let started = batch.counts.total as usize;
        if (1..approved).contains(&started) {
            let words = format!(
                "The server has started only {} of {}. What the others were may be told by the page of the batch.",
                grouped(started as u64),
                counted(approved, "lead")
            );
            self.toast(Tone::Bad, words, ctx);
        }
    }

    fn launch_ended(&mut self, ctx: &mut Ctx) {
        match self.compose.launch.clone() {
            Launch::Started {
                run,
                batch,
                adopted,
            } => self.batch_started(run, batch, adopted, ctx),
            Launch::Refused { run, error } => {
                if error.kind == Kind::Unauthorized {
                    // The person signs in and starts again: a start is never repeated by itself.
                    self.token_refused(ctx);
                }
                let mut complaints = refusal_complaints(&error);
                complaints.extend(pause_complaint(&run));
                self.nothing_started(complaints, ctx);
                self.notices.urgent = (self.notices.urgent.0 + 1, error.to_string());
            }
            Launch::Elsewhere(run) => {
                // Nothing was written here, and the lock is not this tab's. What the other one wrote is told in the next
                // review.
                self.forget_entry(&run.plan);
                self.read_records(ctx);
                let text = "Another tab of this browser is starting a batch of these leads, or has just started it. \
                            It was not started here. Review it again if it is still wanted.";
                let mut complaints = vec![Complaint {
                    field: Field::Leads,
                    text: text.into(),
                }];
                complaints.extend(pause_complaint(&run));
                self.nothing_started(complaints, ctx);
            }
            // It may have started, and other tabs are told as if it had. Its price is asked for again, should the person
            // want to send it again.
            _ => {
                ctx.emit(Effect::TellTabs(Word::Started));
                self.price_changed(ctx);
            }
        }
    }

    fn nothing_started(&mut self, complaints: Vec<Complaint>, ctx: &mut Ctx) {
        self.compose.launch = Launch::Draft;
        self.price_changed(ctx);
        self.compose.complaints = complaints;
        ctx.emit(Effect::Focus("launch-complaints"));
    }

    fn batch_started(&mut self, run: Run, batch: BatchId, adopted: bool, ctx: &mut Ctx) {
        let Run { plan, rest } = run;
        // One that another tab had begun concerns nothing of what is chosen and typed here.
        let chosen = &self.choice.selection;
        let is_ours = plan.subject.lead_ids.iter().all(|id| chosen.contains(id));
        if is_ours {
            self.choice.note_started(&plan.reference);
        }
        // What was chosen beside them stays: the next batches of a split, or what was chosen while this was looked for.
        self.drop_leads(&plan.subject.lead_ids, ctx);
        let leads = counted(plan.subject.lead_ids.len(), "lead");
        let name = match plan.reference.as_part() {
            Some(part) => format!("Batch {} of {}", part.number, part.of),
            None => "Batch".to_owned(),
        };
        let mut words = if adopted {
            format!("{name} with {leads} did start: it was found on the server.")
        } else {
            format!("{name} with {leads} started.")
        };
        ctx.emit(Effect::TellTabs(Word::Started));
        self.follow_batch(batch, ctx);
        if !rest.is_empty() {
            // The dialog shows how far it is; a toast for each would hide the page of a phone.
            self.notices.announce(words);
            return self.launch_input(Input::Next, ctx);
        }
        match self.choice.selection.len() {
            0 => {}
            1 => words += " 1 other lead stays chosen.",
            others => words += &format!(" {} other leads stay chosen.", grouped(others as u64)),
        }
        self.toast(Tone::Good, words, ctx);
        if !is_ours {
            self.launch_input(Input::Next, ctx);
            return self.price_changed(ctx);
        }
        // What was held back of several batches goes on with the same words later.
        if self.choice.split.is_none() {
            self.compose.settings.name.clear();
            self.compose.settings.description.clear();
            self.keep_draft(ctx);
        }
        self.launch_input(Input::Next, ctx);
        self.price_changed(ctx);
        self.open_view(View::Running, ctx);
    }
}

/// Said where one of several batches could not be started: what runs by now, and what becomes of the others.
fn pause_complaint(run: &Run) -> Option<Complaint> {
    let part = run.plan.reference.as_part()?;
    let text = match part.number - 1 {
        0 => format!("None of the {} batches was started here.", part.of),
        1 => format!(
            "Batch 1 of {} was started; the leads of the others stay chosen.",
            part.of
        ),
        done => format!(
            "{done} of {} batches were started; the leads of the others stay chosen.",
            part.of
        ),
    };
    Some(Complaint {
        field: Field::Leads,
        text,
    })
}

/// A refusal's reasons, each at its field.
fn refusal_complaints(error: &Error) -> Vec<Complaint> {
    if let Kind::Refused(reasons) = &error.kind {
        let at_field = |reason: &crate::error::Reason| {
            let field = Field::from_server(reason.field.as_deref()?)?;
            Some(Complaint {
                field,
                text: format!(
                    "The server refused this: {}.",
                    reason.text.trim_end_matches('.')
                ),
            })
        };
        let complaints: Vec<_> = reasons.iter().filter_map(at_field).collect();
        if !complaints.is_empty() && complaints.len() == reasons.len() {
            return complaints;
        }
    }
    vec![Complaint {
        field: Field::Price,
        text: format!("{error} Nothing was started."),
    }]
}
