//! The chosen leads, and how a choice is made and kept.

use super::effect::{Effect, StoreKey};
use super::net::{Slot, unexpected};
use super::notices::Tone;
use super::{Ctx, Model};
use crate::domain::cost::MAX_LEADS;
use crate::domain::lead::{Lead, LeadId, LeadQuery};
use crate::domain::selection::{Selection, TriState};
use crate::domain::text::{counted, grouped};
use crate::error::Error;
use crate::wire::rest::{Reply, Request};
use crate::wire::stored;

/// The chosen leads.
#[derive(Debug, Default)]
pub struct Choice {
    pub selection: Selection,
    /// What was chosen before it was emptied or replaced at one stroke.
    former: Option<Selection>,
}

impl Choice {
    /// The former choice can be brought back.
    pub fn can_restore(&self) -> bool {
        self.former.is_some()
    }
}

impl Model {
    pub(crate) fn restore_choice(&mut self, stored: Option<&str>) {
        if let Some(selection) = stored.and_then(stored::read_selection) {
            self.choice.selection = selection;
        }
    }

    pub(crate) fn lead_toggled(&mut self, lead: &Lead, chosen: bool, ctx: &mut Ctx) {
        self.choice.selection.set([lead], chosen);
        self.choice_changed(ctx);
    }

    pub(crate) fn page_toggled(&mut self, chosen: bool, ctx: &mut Ctx) {
        let leads = self
            .leads
            .page
            .value()
            .map(|page| page.leads.clone())
            .unwrap_or_default();
        self.choice.selection.set(&leads, chosen);
        self.choice_changed(ctx);
    }

    /// Asks for all matching leads, at most as many as a batch takes, in the order that is shown.
    pub(crate) fn all_matching_asked(&mut self, ctx: &mut Ctx) {
        let query = LeadQuery {
            page: 0,
            page_size: MAX_LEADS as u32,
            ..self.route.leads.clone()
        };
        self.send(Slot::AllMatching, Request::Leads(query), ctx);
    }

    pub(crate) fn all_matching_answered(&mut self, result: Result<Reply, Error>, ctx: &mut Ctx) {
        let result = result.and_then(|reply| match reply {
            Reply::Leads(page) => Ok(page),
            _ => Err(unexpected("load all matching leads")),
        });
        match result {
            Ok(page) => {
                let before = self.choice.selection.len();
                self.choice.selection.set(&page.leads, true);
                let added = self.choice.selection.len() - before;
                let words = if page.total as usize > page.leads.len() {
                    format!(
                        "{} of {} matching leads are chosen: a batch takes at most {}.",
                        grouped(page.leads.len() as u64),
                        grouped(page.total.into()),
                        grouped(MAX_LEADS as u64)
                    )
                } else {
                    format!(
                        "All {} are chosen, {} of them new.",
                        counted(page.leads.len(), "matching lead"),
                        grouped(added as u64)
                    )
                };
                self.toast(Tone::Neutral, words, ctx);
                self.choice_changed(ctx);
            }
            Err(error) => self.toast(Tone::Bad, error.to_string(), ctx),
        }
    }

    pub(crate) fn choice_cleared(&mut self, ctx: &mut Ctx) {
        if self.choice.selection.is_empty() {
            return;
        }
        let count = self.choice.selection.len();
        self.replace_choice(Selection::default(), ctx);
        self.toast_undoable(
            format!("{} not chosen any more.", counted(count, "lead")),
            ctx,
        );
    }

    pub(crate) fn choice_restored(&mut self, ctx: &mut Ctx) {
        if let Some(former) = self.choice.former.take() {
            let words = format!("{} chosen again.", counted(former.len(), "lead"));
            self.choice.selection = former;
            self.notices.toasts.retain(|toast| !toast.undo);
            self.toast(Tone::Neutral, words, ctx);
            self.choice_changed(ctx);
        }
    }

    /// Replaces the choice; the one before can be brought back.
    pub(crate) fn replace_choice(&mut self, selection: Selection, ctx: &mut Ctx) {
        let former = std::mem::replace(&mut self.choice.selection, selection);
        self.choice.former = (!former.is_empty()).then_some(former);
        self.choice_changed(ctx);
    }

    /// Takes leads out that the server does not know any more.
    pub(crate) fn drop_leads(&mut self, gone: &[LeadId], ctx: &mut Ctx) {
        for id in gone {
            self.choice.selection.remove(id);
        }
        self.choice_changed(ctx);
    }

    fn choice_changed(&mut self, ctx: &mut Ctx) {
        let selection = &self.choice.selection;
        let kept = (!selection.is_empty()).then(|| stored::write_selection(selection));
        ctx.emit(Effect::Store(StoreKey::Selection, kept));
        self.price_changed(ctx);
    }

    /// How much of the shown page is chosen.
    pub fn page_state(&self) -> TriState {
        let leads = self
            .leads
            .page
            .value()
            .map(|page| page.leads.as_slice())
            .unwrap_or_default();
        self.choice.selection.state_of(leads)
    }

    /// `37 leads chosen, 12 of them on this page`.
    pub fn choice_words(&self) -> String {
        let selection = &self.choice.selection;
        let here = self.leads.page.value().map_or(0, |page| {
            page.leads
                .iter()
                .filter(|lead| selection.contains(&lead.id))
                .count()
        });
        match selection.len() {
            0 => "No leads chosen".to_owned(),
            all if all == here => format!("{} chosen", counted(all, "lead")),
            all => format!(
                "{} chosen, {} on this page",
                counted(all, "lead"),
                grouped(here as u64)
            ),
        }
    }
}
