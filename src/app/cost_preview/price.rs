//! Template, price and settings of what is chosen. Buying it is `launch.rs`.

use std::rc::Rc;

use crate::app::cost_preview::complaints::{choice_changed, quote_complaint};
use crate::app::effect::{Effect, StoreKey, Timer};
use crate::app::message::StartFacts;
use crate::app::notifications::messages::Tone;
use crate::app::remote::Remote;
use crate::app::requests::{Slot, unexpected};
use crate::app::{Ctx, Model};
use crate::domain::budget::DailyBudget;
use crate::domain::cost::{PriceSubject, Quote, Receipt};
use crate::domain::live::{OtherReview, Word};
use crate::domain::local_price::{Kinds, approximate};
use crate::domain::money::Usd;
use crate::domain::plan::{Complaint, Field, Plan, Settings};
use crate::domain::template::{Template, TemplateVersion, newest};
use crate::domain::text::{counted, grouped};
use crate::domain::time::{Duration, Millis};
use crate::domain::warning::About;
use crate::error::Error;
use crate::machine::launch::{Check, Input, Launch};
use crate::wire::rest::{Reply, Request};
use crate::wire::stored;

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
    pub quote: Option<Quote>,
    /// Prices of the first batches of what is chosen now, while those of the others are being read.
    pub(crate) reading: Vec<Rc<Receipt>>,
    /// Why the present choice could not be priced.
    pub price_error: Option<Error>,
    /// What may be spent today, where the server tells.
    pub(crate) budget: Option<DailyBudget>,
    /// The kinds of leads that the last price was told for.
    priced_kinds: Option<Kinds>,
    pub settings: Settings,
    pub complaints: Vec<Complaint>,
    pub launch: Launch,
    /// When what is under review was last asked for.
    pub(crate) confirmed: Millis,
    /// What runs was read, or could not be, since the review was opened.
    pub(crate) is_listed: bool,
    /// What the person has said is meant so, of what speaks against the review.
    pub(crate) accepted: Vec<About>,
    /// What other tabs were told of the review.
    pub(crate) told_review: Option<OtherReview>,
    /// How the upper end of what was reviewed last stands to its price.
    pub(crate) upper_ratio: f64,
    /// The lock and the record of what is not sent before it is known who is signed in.
    pub(crate) secured: Option<(String, String)>,
    /// Launches from before a reload, looked for one after the other as soon as somebody is signed in.
    pub(crate) recovered: Vec<(Plan, Millis)>,
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
        old: Option<Quote>,
        /// About what the present choice costs, by the rates of the last price.
        about: Option<Usd>,
    },
    Fresh(Quote),
    /// `old` belongs to another choice.
    Failed {
        error: Error,
        old: Option<Quote>,
    },
}

impl PriceView {
    /// The price of exactly the present choice.
    pub fn fresh(&self) -> Option<&Quote> {
        match self {
            Self::Fresh(quote) => Some(quote),
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
        let draft = facts.draft.as_deref().and_then(stored::read_draft);
        // Of another person than the choice is: that one's stays.
        let is_of = |owner: &Option<String>| self.session.may_be_of(owner.as_deref());
        if let Some((settings, owner)) = draft.filter(|(_, owner)| is_of(owner)) {
            self.compose.settings = settings;
            self.session.suppose(owner);
        }
    }

    /// Forgets what belongs to a person, but not what may have been bought.
    pub(crate) fn forget_compose(&mut self, ctx: &mut Ctx) {
        let old = std::mem::take(&mut *self.compose);
        // A launch whose outcome is not known yet stays open in the ledger, and is looked for when this person signs in
        // again; one that was approved and had not been sent is not sent any more.
        let mut open: Vec<_> = old.recovered.into_iter().map(|(plan, _)| plan).collect();
        match old.launch {
            Launch::Approved(run) => self.take_back(&run.plan, ctx),
            Launch::Submitting { run, .. }
            | Launch::NotConfirmed { run, .. }
            | Launch::Unknown { run, .. }
            | Launch::Several { run, .. }
            | Launch::Checking(Check { run, .. }) => open.push(run.plan),
            _ => {}
        }
        if !open.is_empty() {
            // It may have been bought: other tabs count it by the ledger from now on.
            ctx.emit(Effect::TellTabs(Word::Started));
        }
        for plan in open {
            ctx.emit(Effect::Unlock(plan.lock()));
        }
        self.compose.told_review = old.told_review;
        self.compose.template.clone_from(&self.route.template);
    }

    /// What prices are asked for now, a batch each; `None` where something is missing.
    pub fn price_subjects(&self) -> Option<Vec<PriceSubject>> {
        let template = self.compose.chosen_template()?;
        let settled = self.choice.gathering.is_none();
        let wanted = settled && self.choice.batch_len() > 0 && !self.choice.is_too_many();
        let subject = |leads| PriceSubject::new(leads, template.version.clone());
        wanted.then(|| self.choice.batches().into_iter().map(subject).collect())
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
        if self.choice.is_too_many() {
            return PriceView::TooMany(count);
        }
        if self.compose.chosen_template().is_none() {
            return PriceView::NoTemplate;
        }
        let old = self.compose.quote.clone();
        if let Some(error) = &self.compose.price_error {
            return PriceView::Failed {
                error: error.clone(),
                old,
            };
        }
        match old {
            Some(quote) if self.are_present(quote.0.iter().map(|one| &one.subject)) => {
                PriceView::Fresh(quote)
            }
            old => {
                let next = || Kinds::of(self.choice.selection.iter().map(Rc::as_ref));
                let about = match old.as_ref().map(|old| &old.0[..]) {
                    Some([told]) if self.choice.split.is_none() => {
                        self.approximate_price(told, &next())
                    }
                    _ => None,
                };
                PriceView::Updating { about, old }
            }
        }
    }

    /// About what leads of these kinds cost, by the rates of a price that was told.
    pub(crate) fn approximate_price(&self, told: &Receipt, next: &Kinds) -> Option<Usd> {
        let template = self.compose.template.as_ref()?;
        approximate(told, self.compose.priced_kinds.as_ref(), next, template)
    }

    /// The kinds of the leads of a price, without those that the server does not know.
    fn kinds_of(&self, receipt: &Receipt) -> Kinds {
        let known = receipt
            .subject
            .lead_ids
            .iter()
            .filter(|id| !receipt.unknown_leads.contains(id));
        Kinds::of(
            known
                .filter_map(|id| self.choice.selection.get(id))
                .map(Rc::as_ref),
        )
    }

    /// These are exactly the batches that are chosen now.
    fn are_present<'a>(&self, subjects: impl Iterator<Item = &'a PriceSubject> + Clone) -> bool {
        let template = self.compose.template.as_ref();
        let leads: Vec<_> = subjects
            .clone()
            .map(|one| one.lead_ids.as_slice())
            .collect();
        subjects.clone().all(|one| Some(&one.template) == template) && self.choice.makes(&leads)
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
        let were_known = self.compose.templates.value().is_some();
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
            if self.route.template.is_some() {
                self.route.template.clone_from(&self.compose.template);
                self.navigate(true, ctx);
            }
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
        } else if gone && self.compose.launch.run().is_some() {
            self.launch_input(Input::HoldRest, ctx);
            let text =
                "This template is not offered any more: no further batch is started with it.";
            self.toast(Tone::Bad, text, ctx);
        }
        // One that the address names is what it was, but only now it can be priced.
        if self.compose.template != before || !were_known {
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
        self.keep_draft(ctx);
    }

    /// Keeps what stands in the form.
    pub(crate) fn keep_draft(&mut self, ctx: &mut Ctx) {
        let owner = self.session.owner();
        let kept = stored::write_draft(&self.compose.settings, owner);
        self.session.is_kept_unsigned |= owner.is_none();
        ctx.emit(Effect::Store(StoreKey::Draft, Some(kept)));
    }

    /// The choice is another one now: the price belongs to it no more and is asked for when things have settled.
    pub(crate) fn price_changed(&mut self, ctx: &mut Ctx) {
        self.abort(&Slot::Price, ctx);
        self.compose.reading.clear();
        self.compose.price_error = None;
        self.compose
            .complaints
            .retain(|complaint| !matches!(complaint.field, Field::Leads | Field::Price));
        // What is under review is what is chosen: it is never bought at the price of something else.
        let is_other = match &self.compose.launch {
            Launch::Reviewing(review) => {
                !self.are_present(review.plans.iter().map(|plan| &plan.subject))
            }
            _ => false,
        };
        if is_other {
            self.leave_review(choice_changed(), ctx);
        }
        // While batches are being started the choice shrinks by each; its price is asked for when that has ended.
        let wanted = !self.compose.launch.is_busy()
            && self.price_view().fresh().is_none()
            && self.price_subjects().is_some();
        ctx.emit(match wanted {
            true => Effect::SetTimer(Timer::Price, ctx.now + CHOICE_SETTLES),
            false => Effect::ClearTimer(Timer::Price),
        });
    }

    /// Announces how many leads are chosen, and their price where it is known.
    pub(crate) fn announce_priced(&mut self) {
        let count = counted(self.choice.selection.len(), "lead");
        let words = match (self.price_view().fresh(), &self.choice.split) {
            (Some(quote), Some(_)) => format!(
                "{count} chosen, {} of them in {} batches, {}.",
                grouped(self.choice.batch_len() as u64),
                self.choice.batch_count(),
                quote.total()
            ),
            (Some(quote), None) => format!("{count} chosen, {}.", quote.total()),
            (None, _) => return self.announce_count(),
        };
        self.notices.announce(words);
    }

    /// Reads what the price needs and is not there yet.
    pub(crate) fn load_what_is_chosen(&mut self, ctx: &mut Ctx) {
        if self.session.is_signed_in() && self.compose.templates.is_idle() {
            self.read_templates(ctx);
            self.read_budget(ctx);
        }
    }

    /// The address names a template: it is taken where it is another one than the present.
    pub(crate) fn template_named(&mut self, version: TemplateVersion, ctx: &mut Ctx) {
        // One that is not offered any more was replaced already.
        let is_offered =
            self.compose.templates.value().is_none() || self.offered(&version).is_some();
        if is_offered && Some(&version) != self.compose.template.as_ref() {
            self.compose.template = Some(version);
            self.price_changed(ctx);
        }
    }

    /// Asks what everything that is chosen costs, batch after batch.
    pub(crate) fn read_price(&mut self, ctx: &mut Ctx) {
        if !self.compose.launch.is_busy() {
            self.compose.reading.clear();
            self.read_next_price(ctx);
        }
    }

    fn read_next_price(&mut self, ctx: &mut Ctx) {
        self.compose.price_error = None;
        let next = self.compose.reading.len();
        let subject = self
            .price_subjects()
            .and_then(|all| all.into_iter().nth(next));
        if let Some(subject) = subject {
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
                self.compose.reading.push(Rc::new(receipt));
                if self.compose.reading.len() < self.choice.batch_count() {
                    return self.read_next_price(ctx);
                }
                let quote = Quote(std::mem::take(&mut self.compose.reading));
                let complaint = quote_complaint(&quote);
                let prices = quote.0.iter().map(|receipt| receipt.total).collect();
                if self.compose.quote.as_ref().map(Quote::total) != Some(quote.total()) {
                    // What was meant was meant at the price before.
                    self.compose.accepted.clear();
                }
                let is_the_plans = match &self.compose.launch {
                    Launch::Reviewing(review) => {
                        let planned = review.plans.iter().map(|plan| &plan.subject);
                        planned.eq(quote.0.iter().map(|receipt| &receipt.subject))
                    }
                    _ => false,
                };
                self.compose.priced_kinds = quote.0.first().map(|receipt| self.kinds_of(receipt));
                self.compose.quote = Some(quote);
                match complaint {
                    Some(complaint) if reviewing => self.leave_review(complaint, ctx),
                    _ if is_the_plans => self.launch_input(Input::PricesRenewed(prices), ctx),
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
        let quote = self.compose.quote.as_ref();
        let gone = quote.map(|quote| quote.unknown_leads().cloned().collect::<Vec<_>>());
        let gone = gone.unwrap_or_default();
        self.drop_leads(&gone, ctx);
    }
}
