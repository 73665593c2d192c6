//! What is made of the selection: the state behind template, price, settings and launch, and whose it is.

use std::rc::Rc;

use crate::app::effect::{Effect, StoreKey};
use crate::app::message::StartFacts;
use crate::app::remote::Remote;
use crate::app::{Ctx, Model};
use crate::domain::budget::DailyBudget;
use crate::domain::cost::{Quote, Receipt};
use crate::domain::live::{OtherReview, Word};
use crate::domain::local_price::Kinds;
use crate::domain::plan::{Complaint, Field, Plan, Settings};
use crate::domain::template::{Template, TemplateVersion, newest};
use crate::domain::time::Millis;
use crate::domain::warning::About;
use crate::error::Error;
use crate::machine::launch::{Check, Launch};
use crate::wire::stored;

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
    pub(super) priced_kinds: Option<Kinds>,
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
    pub(crate) announced_review: Option<OtherReview>,
    /// How the upper end of what was reviewed last stands to its price.
    pub(crate) upper_ratio: f64,
    /// The lock and the record of what is not sent before it is known who is signed in.
    pub(crate) secured: Option<(String, String)>,
    /// Launches from before a reload, looked for one after the other as soon as somebody is signed in.
    pub(crate) recovered: Vec<(Plan, Millis)>,
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
        self.compose.announced_review = old.announced_review;
        self.compose.template.clone_from(&self.route.template);
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
}
