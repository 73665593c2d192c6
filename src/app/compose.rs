//! Template, price, settings and launch: from a choice of leads to an approved batch.

use super::effect::{Effect, StoreKey, Timer};
use super::msg::StartFacts;
use super::net::{Slot, unexpected};
use super::notices::Tone;
use super::remote::Remote;
use super::{Ctx, Model};
use crate::domain::batch::{Batch, BatchId, Source};
use crate::domain::cost::{MAX_LEADS, PriceSubject, Receipt};
use crate::domain::live::Word;
use crate::domain::plan::{
    ClientReference, Complaint, Field, Plan, Settings, check_lead_count, check_settings, clean_text,
};
use crate::domain::template::{Template, TemplateVersion, newest};
use crate::domain::text::{counted, grouped};
use crate::domain::time::Duration;
use crate::error::{Error, Kind};
use crate::machine::launch::{Action, Input, Launch};
use crate::route::View;
use crate::wire::rest::{Reply, Request};
use crate::wire::stored::{self, Launched};

/// A price is asked for when nothing was changed for so long, in milliseconds.
pub const CHOICE_SETTLES: Duration = 350;

/// Template, price, settings and launch.
#[derive(Debug, Default)]
pub struct Compose {
    pub templates: Remote<Vec<Template>>,
    pub template: Option<TemplateVersion>,
    /// The template that was chosen and is not offered any more.
    pub template_gone: Option<TemplateVersion>,
    /// The last price that was told, for whatever was chosen then.
    pub receipt: Option<Receipt>,
    /// Why the present choice could not be priced.
    pub price_error: Option<Error>,
    pub settings: Settings,
    pub complaints: Vec<Complaint>,
    pub launch: Launch,
    /// Launches of this browser, newest first.
    pub ledger: Vec<Launched>,
    /// A launch from before a reload, looked for as soon as somebody is signed in.
    recovered: Option<(Plan, crate::domain::time::Millis)>,
}

/// What is known of the price of the present choice.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum PriceView {
    #[default]
    NothingChosen,
    /// All matching leads are chosen and still being read.
    Gathering,
    TooMany(usize),
    /// The templates are not there yet, or none can be had.
    NoTemplate,
    /// Being asked for; what was told before belongs to another choice.
    Updating {
        old: Option<Receipt>,
    },
    Fresh(Receipt),
    /// `old` belongs to another choice.
    Failed {
        error: Error,
        old: Option<Receipt>,
    },
}

impl PriceView {
    /// The price of exactly the present choice.
    pub fn fresh(&self) -> Option<&Receipt> {
        match self {
            Self::Fresh(receipt) => Some(receipt),
            _ => None,
        }
    }
}

impl Compose {
    /// The chosen template, where it is on offer.
    pub fn chosen_template(&self) -> Option<&Template> {
        let version = self.template.as_ref()?;
        self.templates
            .value()?
            .iter()
            .find(|template| template.version == *version)
    }

    /// The template that is used when nobody chooses.
    pub fn newest_template(&self) -> Option<&Template> {
        self.templates.value().and_then(|all| newest(all))
    }

    /// What is wrong with a field.
    pub fn complaint(&self, field: Field) -> Option<&str> {
        self.complaints
            .iter()
            .find(|complaint| complaint.field == field)
            .map(|complaint| complaint.text.as_str())
    }
}

impl Model {
    pub(crate) fn restore_compose(&mut self, facts: &StartFacts) {
        let compose = &mut *self.compose;
        if let Some(draft) = facts.draft.as_deref().and_then(stored::read_draft) {
            compose.settings = draft;
        }
        compose.ledger = facts
            .ledger
            .as_deref()
            .map(stored::read_ledger)
            .unwrap_or_default();
        compose.recovered = facts.journal.as_deref().and_then(stored::read_journal);
    }

    /// Looks for a launch from before a reload.
    pub(crate) fn resume_launch(&mut self, ctx: &mut Ctx) {
        if let Some((plan, sent)) = self.compose.recovered.take() {
            self.launch_input(
                Input::Recovered {
                    plan: Box::new(plan),
                    sent,
                },
                ctx,
            );
        }
    }

    /// Forgets what belongs to a person, but not what this browser launched.
    pub(crate) fn forget_compose(&mut self) {
        let ledger = std::mem::take(&mut self.compose.ledger);
        let launch = std::mem::take(&mut self.compose.launch);
        *self.compose = Compose {
            ledger,
            ..Compose::default()
        };
        // A launch whose outcome is not known yet is looked for after the next sign-in.
        self.compose.recovered = match launch {
            Launch::Submitting { plan, sent } => Some((plan, sent)),
            Launch::Checking(check) => Some((check.plan, check.sent)),
            _ => None,
        };
    }

    /// What a price is asked for now; `None` where something is missing.
    pub fn price_subject(&self) -> Option<PriceSubject> {
        let count = self.choice.batch_len();
        let template = self.compose.chosen_template()?;
        let settled = self.choice.gathering.is_none();
        (settled && (1..=MAX_LEADS).contains(&count))
            .then(|| PriceSubject::new(self.choice.batch_leads(), template.version.clone()))
    }

    /// What is known of the price of the present choice.
    pub fn price_view(&self) -> PriceView {
        let count = self.choice.batch_len();
        if self.choice.gathering.is_some() {
            return PriceView::Gathering;
        }
        if count == 0 {
            return PriceView::NothingChosen;
        }
        if count > MAX_LEADS {
            return PriceView::TooMany(count);
        }
        if self.compose.chosen_template().is_none() {
            return PriceView::NoTemplate;
        }
        let old = self.compose.receipt.clone();
        if let Some(error) = &self.compose.price_error {
            return PriceView::Failed {
                error: error.clone(),
                old,
            };
        }
        match old {
            Some(receipt) if self.is_present(&receipt.subject) => PriceView::Fresh(receipt),
            old => PriceView::Updating { old },
        }
    }

    fn is_present(&self, subject: &PriceSubject) -> bool {
        Some(&subject.template) == self.compose.template.as_ref()
            && subject.lead_ids.len() == self.choice.batch_len()
            && self.choice.batch_leads() == subject.lead_ids
    }

    pub(crate) fn read_templates(&mut self, ctx: &mut Ctx) {
        self.compose.templates.load(ctx.now);
        self.send(Slot::Templates, Request::Templates, ctx);
    }

    pub(crate) fn templates_answered(&mut self, result: Result<Reply, Error>, ctx: &mut Ctx) {
        let result = result.and_then(|reply| match reply {
            Reply::Templates(templates) => Ok(templates),
            _ => Err(unexpected("load the templates")),
        });
        let failed = result.as_ref().err().cloned();
        self.compose.templates.settle(result, ctx.now);
        let reviewing = matches!(self.compose.launch, Launch::Reviewing(_));
        if let Some(error) = failed {
            if reviewing {
                self.leave_review(
                    Complaint {
                        field: Field::Template,
                        text: error.to_string(),
                    },
                    ctx,
                );
            }
            return;
        }
        let before = self.compose.template.clone();
        if before.is_some() && self.compose.chosen_template().is_none() {
            self.compose.template_gone = self.compose.template.take();
        }
        if self.compose.template.is_none() {
            self.compose.template = self
                .compose
                .newest_template()
                .map(|template| template.version.clone());
        }
        let gone = before.is_some() && self.compose.template != before;
        if gone && reviewing {
            let text = "This template is not offered any more. The newest one is chosen now: check the price again.";
            self.leave_review(
                Complaint {
                    field: Field::Template,
                    text: text.into(),
                },
                ctx,
            );
        } else if reviewing {
            self.launch_input(Input::TemplateConfirmed, ctx);
        }
        if self.compose.template != before {
            self.price_changed(ctx);
        }
    }

    pub(crate) fn template_chosen(&mut self, version: TemplateVersion, ctx: &mut Ctx) {
        self.compose.template = Some(version.clone());
        self.compose.template_gone = None;
        self.compose
            .complaints
            .retain(|complaint| complaint.field != Field::Template);
        self.route.template = Some(version);
        self.navigate(true, ctx);
        self.price_changed(ctx);
    }

    pub(crate) fn setting_typed(&mut self, field: Field, text: String, ctx: &mut Ctx) {
        let settings = &mut self.compose.settings;
        match field {
            Field::Name => settings.name = text,
            Field::Description => settings.description = text,
            Field::MaxConcurrent => settings.max_concurrent = text,
            Field::RetryCount => settings.retry_count = text,
            Field::Leads | Field::Template | Field::Price => return,
        }
        self.compose
            .complaints
            .retain(|complaint| complaint.field != field);
        ctx.emit(Effect::Store(
            StoreKey::Draft,
            Some(stored::write_draft(&self.compose.settings)),
        ));
    }

    /// The choice is another one now: the price belongs to it no more and is asked for when things have settled.
    pub(crate) fn price_changed(&mut self, ctx: &mut Ctx) {
        self.abort(&Slot::Price, ctx);
        self.compose.price_error = None;
        self.compose
            .complaints
            .retain(|complaint| !matches!(complaint.field, Field::Leads | Field::Price));
        let reviewed = match &self.compose.launch {
            Launch::Reviewing(review) => Some(review.plan.subject.clone()),
            _ => None,
        };
        // What is under review is what is chosen: it is never bought at the price of something else.
        if reviewed.is_some_and(|subject| !self.is_present(&subject)) {
            self.leave_review(choice_changed(), ctx);
        }
        let wanted = self.price_view().fresh().is_none() && self.price_subject().is_some();
        ctx.emit(match wanted {
            true => Effect::SetTimer(Timer::Price, ctx.now + CHOICE_SETTLES),
            false => Effect::ClearTimer(Timer::Price),
        });
    }

    pub(crate) fn read_price(&mut self, ctx: &mut Ctx) {
        self.compose.price_error = None;
        if let Some(subject) = self.price_subject() {
            self.send(Slot::Price, Request::Preview(subject), ctx);
        }
    }

    pub(crate) fn price_answered(&mut self, result: Result<Reply, Error>, ctx: &mut Ctx) {
        let result = result.and_then(|reply| match reply {
            Reply::Preview(receipt) => Ok(*receipt),
            _ => Err(unexpected("price this choice")),
        });
        let reviewing = matches!(self.compose.launch, Launch::Reviewing(_));
        match result {
            Ok(receipt) => {
                let complaint = receipt_complaint(&receipt);
                let price = receipt.total;
                let is_the_plans = match &self.compose.launch {
                    Launch::Reviewing(review) => review.plan.subject == receipt.subject,
                    _ => false,
                };
                self.compose.receipt = Some(receipt);
                match complaint {
                    Some(complaint) if reviewing => self.leave_review(complaint, ctx),
                    _ if is_the_plans => self.launch_input(Input::PriceRenewed(price), ctx),
                    _ if reviewing => self.leave_review(choice_changed(), ctx),
                    _ => {}
                }
            }
            Err(error) => {
                if reviewing {
                    let text = error.to_string();
                    self.leave_review(
                        Complaint {
                            field: Field::Price,
                            text,
                        },
                        ctx,
                    );
                }
                self.compose.price_error = Some(error);
            }
        }
    }

    pub(crate) fn drop_gone_leads(&mut self, ctx: &mut Ctx) {
        let gone = self
            .compose
            .receipt
            .as_ref()
            .map(|receipt| receipt.unknown_leads.clone())
            .unwrap_or_default();
        self.drop_leads(&gone, ctx);
    }

    /// Checks everything at once; opens the review, or names what is to be mended.
    pub(crate) fn review_asked(&mut self, ctx: &mut Ctx) {
        if self.compose.launch.is_busy() || matches!(self.compose.launch, Launch::Reviewing(_)) {
            return;
        }
        match self.make_plan(ctx) {
            Ok(plan) => {
                self.compose.complaints.clear();
                self.launch_input(Input::Review(Box::new(plan)), ctx);
                self.read_templates(ctx);
                self.read_price(ctx);
            }
            Err(complaints) => {
                self.compose.complaints = complaints;
                ctx.emit(Effect::Focus("launch-complaints"));
            }
        }
    }

    fn make_plan(&mut self, ctx: &mut Ctx) -> Result<Plan, Vec<Complaint>> {
        let mut complaints = Vec::new();
        complaints.extend(check_lead_count(self.choice.batch_len()).err());
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
        let receipt = match &view {
            PriceView::Fresh(receipt) => {
                complaints.extend(receipt_complaint(receipt));
                Some(receipt)
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
        match (receipt, numbers) {
            (Some(receipt), Some((max_concurrent, retry_count))) if complaints.is_empty() => {
                Ok(Plan {
                    subject: receipt.subject.clone(),
                    price: receipt.total,
                    name: clean_text(&settings.name),
                    description: clean_text(&settings.description),
                    max_concurrent,
                    retry_count,
                    created_by: self.session.user.as_ref().map(|user| user.email.clone()),
                    reference: ClientReference::from_random(ctx.bits()),
                })
            }
            _ => Err(complaints),
        }
    }

    fn leave_review(&mut self, complaint: Complaint, ctx: &mut Ctx) {
        self.launch_input(Input::Dismiss, ctx);
        self.compose.complaints = vec![complaint];
        ctx.emit(Effect::Focus("launch-complaints"));
    }

    pub(crate) fn approved(&mut self, ctx: &mut Ctx) {
        self.launch_input(Input::Approve, ctx);
    }

    pub(crate) fn launch_input(&mut self, input: Input, ctx: &mut Ctx) {
        let was_busy = self.compose.launch.is_busy();
        let actions = self.compose.launch.step(input, ctx.now);
        for action in actions {
            match action {
                Action::Journal { plan, sent } => {
                    ctx.emit(Effect::Store(
                        StoreKey::Journal,
                        Some(stored::write_journal(&plan, sent)),
                    ));
                }
                Action::ForgetJournal => ctx.emit(Effect::Store(StoreKey::Journal, None)),
                Action::Post(plan) => self.send(Slot::Start, Request::Start(plan), ctx),
                Action::ReadList => self.read_batch_list(ctx),
            }
        }
        ctx.emit(match self.compose.launch.deadline() {
            Some(at) => Effect::SetTimer(Timer::Launch, at),
            None => Effect::ClearTimer(Timer::Launch),
        });
        if was_busy && !self.compose.launch.is_busy() {
            self.launch_ended(ctx);
        }
    }

    pub(crate) fn start_answered(&mut self, result: Result<Reply, Error>, ctx: &mut Ctx) {
        let answer = result.and_then(|reply| match reply {
            Reply::Started(batch) => {
                let id = batch.id.clone();
                self.take_news(*batch, Source::Rest, ctx);
                Ok(id)
            }
            _ => Err(unexpected("start the batch")),
        });
        self.launch_input(Input::Answered(answer), ctx);
    }

    /// The newest batches were read, or could not be: a launch that is looked for may be among them.
    pub(crate) fn launch_listed(&mut self, batches: Result<&[Batch], ()>, ctx: &mut Ctx) {
        if matches!(&self.compose.launch, Launch::Checking(check) if check.next.is_none()) {
            self.launch_input(Input::Listed(batches.map(<[Batch]>::to_vec)), ctx);
        }
    }

    fn launch_ended(&mut self, ctx: &mut Ctx) {
        match self.compose.launch.clone() {
            Launch::Started {
                plan,
                batch,
                adopted,
            } => self.batch_started(plan, batch, adopted, ctx),
            Launch::Refused { error, .. } => {
                if error.kind == Kind::Unauthorized {
                    // The person signs in and starts again: a start is never repeated by itself.
                    self.token_refused(ctx);
                }
                self.compose.complaints = refusal_complaints(&error);
                self.compose.launch = Launch::Draft;
                ctx.emit(Effect::Focus("launch-complaints"));
                self.notices.urgent = (self.notices.urgent.0 + 1, error.to_string());
            }
            _ => {}
        }
    }

    fn batch_started(&mut self, plan: Plan, batch: BatchId, adopted: bool, ctx: &mut Ctx) {
        let leads = plan.subject.lead_ids.clone();
        let entry = Launched {
            batch: batch.clone(),
            enriched: self.enriched_among(&leads),
            lead_ids: plan.subject.lead_ids,
            template: plan.subject.template,
            at: ctx.now,
        };
        self.compose.ledger.insert(0, entry);
        self.compose.ledger.truncate(stored::LEDGER_KEPT);
        ctx.emit(Effect::Store(
            StoreKey::Ledger,
            Some(stored::write_ledger(&self.compose.ledger)),
        ));
        self.compose.settings.name.clear();
        self.compose.settings.description.clear();
        ctx.emit(Effect::Store(
            StoreKey::Draft,
            Some(stored::write_draft(&self.compose.settings)),
        ));
        // What was chosen beside them stays: the next part of a split, or what was chosen while this was looked for.
        self.drop_leads(&leads, ctx);
        self.compose.launch = Launch::Draft;
        let leads = counted(leads.len(), "lead");
        let mut words = if adopted {
            format!("The batch with {leads} did start: it was found on the server.")
        } else {
            format!("Batch with {leads} started.")
        };
        match self.choice.selection.len() {
            0 => {}
            1 => words += " 1 other lead stays chosen.",
            others => words += &format!(" {} other leads stay chosen.", grouped(others as u64)),
        }
        self.toast(Tone::Good, words, ctx);
        ctx.emit(Effect::TellTabs(Word::Started));
        self.open_view(View::Running, ctx);
        self.follow_batch(batch, ctx);
    }
}

/// Said where the choice changed under the review.
fn choice_changed() -> Complaint {
    let text = "The choice has changed meanwhile. Check the price and review the batch again.";
    Complaint {
        field: Field::Price,
        text: text.into(),
    }
}

/// Why a receipt cannot be approved.
fn receipt_complaint(receipt: &Receipt) -> Option<Complaint> {
    if !receipt.unknown_leads.is_empty() {
        let count = counted(receipt.unknown_leads.len(), "chosen lead");
        let text = format!("{count} cannot be reported on any more: take them out to go on.");
        return Some(Complaint {
            field: Field::Leads,
            text,
        });
    }
    if receipt.within_budget == Some(false) {
        let warning = receipt
            .budget_warning
            .as_deref()
            .unwrap_or("The server gives no figure.");
        let text = format!("Over budget. {warning}. Take leads out to go on.");
        return Some(Complaint {
            field: Field::Price,
            text,
        });
    }
    None
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
