//! The price of the present selection: when it is asked for, what is known of it, and how it is told.

use std::rc::Rc;

use crate::app::cost_preview::complaints::{choice_changed, quote_complaint};
use crate::app::effect::{Effect, Timer};
use crate::app::requests::{Slot, unexpected};
use crate::app::{Ctx, Model};
use crate::domain::cost::{PriceSubject, Quote, Receipt};
use crate::domain::local_price::{Kinds, approximate};
use crate::domain::money::Usd;
use crate::domain::plan::{Complaint, Field};
use crate::domain::text::{counted, grouped};
use crate::domain::time::Duration;
use crate::error::Error;
use crate::machine::launch::{Input, Launch};
use crate::wire::rest::{Reply, Request};

/// A price is asked for when nothing was changed for so long, in milliseconds.
pub const CHOICE_SETTLES: Duration = 350;

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

impl Model {
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
