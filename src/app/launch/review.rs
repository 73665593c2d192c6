//! The review before an approval: what it checks, what it holds against the server, and when it is left.

use std::rc::Rc;

use crate::app::cost_preview::complaints::{choice_changed, quote_complaint};
use crate::app::cost_preview::price::PriceView;
use crate::app::effect::{Effect, Timer};
use crate::app::requests::Slot;
use crate::app::{Ctx, Model};
use crate::domain::cost::Receipt;
use crate::domain::lead::LeadId;
use crate::domain::plan::{
    ClientReference, Complaint, Field, NAME_MAX, Part, Plan, check_lead_count, check_settings,
    clean_text,
};
use crate::domain::text::{counted, shortened};
use crate::domain::time::{Duration, SECOND};
use crate::machine::launch::{Input, Launch};
use crate::wire::rest::Request;

/// What a review says is taken as true for so long.
const CONFIRMED_FOR: Duration = 30 * SECOND;

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
