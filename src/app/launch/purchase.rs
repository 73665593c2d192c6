//! Buying what is chosen: review, approval, and what comes of it.

use std::rc::Rc;

use crate::app::cost_preview::complaints::{choice_changed, quote_complaint};
use crate::app::cost_preview::price::PriceView;
use crate::app::effect::{Effect, Timer};
use crate::app::notifications::messages::Tone;
use crate::app::progress_tracker::batches::LIST_LIMIT;
use crate::app::requests::{Phase, Slot, unexpected};
use crate::app::{Ctx, Model};
use crate::domain::batch::{Batch, BatchId, Source};
use crate::domain::cost::Receipt;
use crate::domain::lead::LeadId;
use crate::domain::live::Word;
use crate::domain::plan::{
    ClientReference, Complaint, Field, NAME_MAX, Part, Plan, check_lead_count, check_settings,
    clean_text,
};
use crate::domain::text::{counted, grouped, shortened};
use crate::domain::time::{Duration, MINUTE, Millis, SECOND};
use crate::error::{Error, Kind};
use crate::machine::launch::{Action, CLOCK_SLACK, Input, Launch, Run};
use crate::route::View;
use crate::wire::rest::{BatchQuery, Reply, Request};

/// What a review says is taken as true for so long.
const CONFIRMED_FOR: Duration = 30 * SECOND;
/// A batch is looked for among those that were made until so long after its approval.
const STARTS_WITHIN: Duration = 10 * MINUTE;

impl Model {
    /// Checks everything at once; opens the review, or names what is to be mended.
    pub(crate) fn review_asked(&mut self, ctx: &mut Ctx) {
        if self.compose.launch.is_busy() || matches!(self.compose.launch, Launch::Reviewing(_)) {
            return;
        }
        match self.make_plans(ctx) {
            Ok(plans) => {
                self.compose.complaints.clear();
                self.compose.accepted.clear();
                self.launch_input(Input::Review(plans), ctx);
                self.compose.is_listed = false;
                self.confirm_review(ctx);
                if self.session.user.is_none() {
                    // It could not be told at the start: an approval is somebody's.
                    self.send_if_free(Slot::Me, Request::Me, ctx);
                }
            }
            Err(complaints) => {
                // Complaints are told at the form: what lies in front of it is left.
                if self.compose.launch != Launch::Draft {
                    self.launch_dismissed(ctx);
                }
                self.compose.complaints = complaints;
                ctx.emit(Effect::Focus("launch-complaints"));
            }
        }
    }

    /// Asks for everything that a review must be true to: template, price, budget, and what runs.
    fn confirm_review(&mut self, ctx: &mut Ctx) {
        self.compose.confirmed = ctx.now;
        self.read_budget(ctx);
        // What is under way already, perhaps for long, is not begun anew.
        if !self.net.is_busy(&Slot::Templates) {
            self.read_templates(ctx);
        }
        if !self.net.is_busy(&Slot::Price) {
            self.read_price(ctx);
        }
        self.read_batch_list(ctx);
        ctx.emit(Effect::SetTimer(Timer::Review, ctx.now + CONFIRMED_FOR));
    }

    /// A review that stays open is held against the server again and again while somebody looks. What nobody has looked
    /// at for longer cannot be approved before that.
    pub(crate) fn review_looked_at(&mut self, ctx: &mut Ctx) {
        let age = ctx.now - self.compose.confirmed;
        let is_open = matches!(self.compose.launch, Launch::Reviewing(_));
        // A timer may come a little early.
        if is_open && !self.away.is_hidden && age + SECOND >= CONFIRMED_FOR {
            if age >= 2 * CONFIRMED_FOR {
                self.launch_input(Input::Outdated, ctx);
                self.compose.is_listed = false;
            }
            self.confirm_review(ctx);
        }
    }

    /// The person leaves the review, or has seen an end.
    pub(crate) fn launch_dismissed(&mut self, ctx: &mut Ctx) {
        self.launch_input(Input::Dismiss, ctx);
        self.price_changed(ctx);
    }

    /// The plan of each batch that the chosen leads make.
    fn make_plans(&mut self, ctx: &mut Ctx) -> Result<Vec<Plan>, Vec<Complaint>> {
        let mut complaints = Vec::new();
        if self.choice.split.is_none() {
            complaints.extend(check_lead_count(self.choice.batch_len()).err());
        }
        let settings = self.compose.settings.clone();
        let numbers = check_settings(&settings)
            .map_err(|found| complaints.extend(found))
            .ok();
        if self.compose.chosen_template().is_none() {
            complaints.push(Complaint {
                field: Field::Template,
                text: "Choose a report template.".into(),
            });
        }
        let view = self.price_view();
        let quote = match &view {
            PriceView::Fresh(quote) => {
                complaints.extend(quote_complaint(quote));
                Some(quote)
            }
            PriceView::Updating { .. } => {
                let text = "Wait until the price of this choice is there.";
                complaints.push(Complaint {
                    field: Field::Price,
                    text: text.into(),
                });
                None
            }
            PriceView::Failed { error, .. } => {
                let text = format!("{error} Without a price a batch cannot be started.");
                complaints.push(Complaint {
                    field: Field::Price,
                    text,
                });
                None
            }
            PriceView::Gathering => {
                let text = "Wait until all the chosen leads have been read.";
                complaints.push(Complaint {
                    field: Field::Leads,
                    text: text.into(),
                });
                None
            }
            PriceView::NothingChosen | PriceView::TooMany(_) | PriceView::NoTemplate => None,
        };
        let (Some(quote), Some((max_concurrent, retry_count))) = (quote, numbers) else {
            return Err(complaints);
        };
        if !complaints.is_empty() {
            return Err(complaints);
        }
        let bits = ctx.bits();
        let references = match &self.choice.split {
            Some(split) => split.references(bits),
            None => vec![ClientReference::from_random(bits)],
        };
        let name = clean_text(&settings.name);
        let plan = |(receipt, reference): (&Rc<Receipt>, ClientReference)| Plan {
            subject: receipt.subject.clone(),
            price: receipt.total,
            name: name.as_deref().map(|name| part_name(name, &reference)),
            description: clean_text(&settings.description),
            max_concurrent,
            retry_count,
            created_by: self.session.user.as_ref().map(|user| user.email.clone()),
            reference,
        };
        Ok(quote.0.iter().zip(references).map(plan).collect())
    }

    pub(crate) fn leave_review(&mut self, complaint: Complaint, ctx: &mut Ctx) {
        self.launch_input(Input::Dismiss, ctx);
        self.compose.complaints = vec![complaint];
        ctx.emit(Effect::Focus("launch-complaints"));
    }

    /// What is under review is somebody else's, or not selected any more.
    pub(crate) fn leave_old_review(&mut self, ctx: &mut Ctx) {
        if matches!(self.compose.launch, Launch::Reviewing(_)) {
            self.leave_review(choice_changed(), ctx);
        }
    }

    pub(crate) fn approved(&mut self, ctx: &mut Ctx) {
        if self.can_approve(ctx.now) {
            self.note_knowledge();
            let person = self.session.person().map(str::to_owned);
            if let Launch::Reviewing(review) = &mut self.compose.launch {
                for plan in &mut review.plans {
                    plan.created_by.clone_from(&person);
                }
            }
            self.launch_input(Input::Approve, ctx);
        }
    }

    /// Leaves out what runs already, and reviews the rest once its price is there.
    pub(crate) fn overlap_left_out(&mut self, leads: &[LeadId], ctx: &mut Ctx) {
        self.drop_leads(leads, ctx);
        let text = format!(
            "{} left out. Review the batch again: its price is another one now.",
            counted(leads.len(), "lead")
        );
        self.compose.complaints = vec![Complaint {
            field: Field::Price,
            text,
        }];
    }

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

    /// Looks for a launch from before a reload, one at a time.
    pub(crate) fn resume_launch(&mut self, ctx: &mut Ctx) {
        let is_free = self.compose.launch == Launch::Draft && self.session.is_signed_in();
        if is_free && !self.compose.recovered.is_empty() {
            let (plan, sent) = self.compose.recovered.remove(0);
            let plan = Box::new(plan);
            self.launch_input(Input::Recovered { plan, sent }, ctx);
        }
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

/// The name of one of several batches: `Summer (2 of 3)`.
fn part_name(name: &str, reference: &ClientReference) -> String {
    match reference.as_part() {
        Some(Part { number, of }) => {
            let number = format!(" ({number} of {of})");
            shortened(name, NAME_MAX - number.len()) + &number
        }
        None => name.to_owned(),
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
