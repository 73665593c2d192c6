//! The selected leads: how a selection is made, taken back, and cut to what a batch takes.

use std::rc::Rc;

use crate::app::effect::{Effect, Timer};
use crate::app::lead_import::import::Bring;
use crate::app::lead_selector::exclude::reason;
use crate::app::lead_selector::rerun_of::Rerun;
use crate::app::lead_selector::select_all::Gathering;
use crate::app::lead_selector::split::Split;
use crate::app::lead_selector::undo::UndoHistory;
use crate::app::parts::{Part, Task};
use crate::app::{Ctx, Model};
use crate::domain::lead::{Lead, LeadId};
use crate::domain::selection::{Origin, Selection};
use crate::domain::text::{counted, grouped};
use crate::domain::time::Duration;
use crate::wire::stored::Rule;

/// A choice is announced when nothing was chosen for so long, in milliseconds.
const ANNOUNCED_AFTER: Duration = 1_000;
/// A choice of so many leads fits into a link.
pub const LINKED_UP_TO: usize = 50;

/// The chosen leads.
#[derive(Debug, Default)]
pub struct Choice {
    pub selection: Selection,
    /// Leads that are being read because all of them were chosen at once.
    pub gathering: Option<Gathering>,
    /// A list that is being imported, while its dialog is open.
    pub bring: Option<Bring>,
    /// Rules of the choice before a reload whose leads wait to be read.
    pub(crate) unread: Vec<Rule>,
    pub(crate) undo_history: UndoHistory,
    /// How more leads than a batch takes are split into batches.
    pub split: Option<Split>,
    /// The batch that is run again, while nothing but leads of it are chosen.
    pub(crate) rerun: Option<Rerun>,
    /// The lead that was chosen last, from which a range extends.
    anchor: Option<LeadId>,
}

/// What is kept of more leads than a batch takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cut {
    /// The first ones in the order of the table.
    First(usize),
    /// So many, each with the same chance.
    Random(usize),
}

impl Model {
    /// The same lead as it is known already, so that nothing is kept twice: among the chosen ones, those of the last
    /// step, or the rows that have been read.
    pub(crate) fn shared(&self, lead: Rc<Lead>) -> Rc<Lead> {
        let chosen = |selection: &Selection| selection.find(&lead.id).cloned();
        let row = || {
            let place = self.leads.place_of(&lead.id)?;
            self.leads.at(place).cloned()
        };
        let known = chosen(&self.choice.selection)
            .or_else(|| chosen(self.choice.undo_history.last()?))
            .or_else(row);
        known.filter(|known| *known == lead).unwrap_or(lead)
    }

    /// Whether this lead is chosen, by itself or as one of those that are being read.
    pub fn is_chosen(&self, id: &LeadId) -> bool {
        let gathering = self.choice.gathering.as_ref();
        match gathering.filter(|it| it.takes_everything(&self.route.leads.filter)) {
            Some(gathering) => !gathering.leaves_out(id),
            None => self.choice.selection.contains(id),
        }
    }

    /// Takes leads out of what is being read, or in; false where they are not read anyway.
    fn excepted(&mut self, leads: &[Rc<Lead>], out: bool, ctx: &mut Ctx) -> bool {
        let filter = &self.route.leads.filter;
        let gathering = self.choice.gathering.as_mut();
        let Some(gathering) = gathering.filter(|it| it.takes_everything(filter)) else {
            return false;
        };
        for lead in leads {
            gathering.except(&lead.id, out);
        }
        self.choice_changed(ctx);
        true
    }

    /// Chooses a lead or takes it out; `range` extends it to the lead that was chosen last.
    pub(crate) fn lead_toggled(
        &mut self,
        lead: &Rc<Lead>,
        chosen: bool,
        range: bool,
        ctx: &mut Ctx,
    ) {
        if self.excepted(std::slice::from_ref(lead), !chosen, ctx) {
            return;
        }
        let anchor = self
            .choice
            .anchor
            .replace(lead.id.clone())
            .filter(|_| range);
        let reach = anchor.and_then(|anchor| {
            let (from, to) = (
                self.leads.place_of(&anchor)?,
                self.leads.place_of(&lead.id)?,
            );
            Some((from.min(to), from.max(to)))
        });
        // An anchor that is not there any more leaves a plain choice.
        let (first, last) = reach.unwrap_or_default();
        let mut leads = match reach {
            Some(_) => (first..=last)
                .filter_map(|place| self.leads.at(place).cloned())
                .collect(),
            None => vec![lead.clone()],
        };
        if reach.is_some() && chosen && leads.len() as u32 <= last - first {
            if self.choice.gathering.is_none() {
                // It becomes a step when it has been read.
                return self.select_range(first, last, ctx);
            }
            // One reading at a time, so this one is a plain choice too.
            leads = vec![lead.clone()];
        }
        let before = self.choice.present();
        self.choice.selection.set(&leads, chosen);
        self.choice_stepped(before, ctx);
    }

    /// Chooses every lead of the page, or none of them; without pages, every lead that matches.
    pub(crate) fn page_toggled(&mut self, chosen: bool, ctx: &mut Ctx) {
        if !self.leads.is_scrolled() {
            let out = if chosen { self.left_out() } else { Vec::new() };
            let leads = self.leads.loaded();
            let leads = leads.filter(|lead| reason(&out, &lead.id).is_none());
            let leads: Vec<_> = leads.cloned().collect();
            if self.excepted(&leads, !chosen, ctx) {
                return;
            }
            let before = self.choice.present();
            self.choice.selection.set(&leads, chosen);
            return self.choice_stepped(before, ctx);
        }
        if chosen {
            return self.all_matching_asked(ctx);
        }
        if self.choice.gathering.is_some() {
            return self.select_all_stopped(ctx);
        }
        let filter = &self.route.leads.filter;
        let seen: Vec<_> = self.leads.loaded().map(|lead| lead.id.clone()).collect();
        let rule = Origin::Matching(filter.clone());
        let by_rule = self.choice.selection.of_origin(&rule);
        let matching = self
            .choice
            .selection
            .iter()
            .filter(|lead| filter.matches(lead) == Some(true));
        let gone: Vec<_> = matching
            .chain(by_rule)
            .map(|lead| lead.id.clone())
            .collect();
        let before = self.choice.present();
        self.choice.selection.remove(&gone);
        self.choice.selection.remove(&seen);
        self.choice_stepped(before, ctx);
    }

    /// Chooses what is not chosen of the shown page, and the other way round.
    pub(crate) fn page_inverted(&mut self, ctx: &mut Ctx) {
        let leads: Vec<_> = self.leads.loaded().cloned().collect();
        let (out, others): (Vec<_>, Vec<_>) =
            (leads.iter().cloned()).partition(|lead| self.is_chosen(&lead.id));
        if self.excepted(&out, true, ctx) {
            self.excepted(&others, false, ctx);
            return;
        }
        let before = self.choice.present();
        self.choice.selection.invert(&leads);
        self.choice_stepped(before, ctx);
    }

    /// The chosen leads as the table orders them.
    pub(crate) fn in_table_order(&self) -> Vec<Rc<Lead>> {
        let mut leads: Vec<_> = self.choice.selection.iter().cloned().collect();
        let query = &self.route.leads;
        query.sort.sort(&mut leads, query.descending);
        leads
    }

    /// Keeps no more leads than a batch takes.
    pub(crate) fn choice_cut(&mut self, cut: Cut, ctx: &mut Ctx) {
        let mut leads = self.in_table_order();
        let before = leads.len();
        let (count, how) = match cut {
            Cut::First(count) => (count, "The first"),
            Cut::Random(count) => (count, "A random sample of"),
        };
        let count = count.min(before);
        if let Cut::Random(_) = cut {
            // Fisher and Yates, up to where it matters.
            for place in 0..count {
                let left = (before - place) as u64;
                leads.swap(place, place + (ctx.bits() % left) as usize);
            }
        }
        leads.truncate(count);
        let ids: Vec<_> = leads.iter().map(|lead| lead.id.clone()).collect();
        let step = self.choice.present();
        self.choice.selection.keep(&ids);
        self.choice_stepped(step, ctx);
        let words = format!(
            "{how} {} of {} chosen leads {} kept.",
            grouped(count as u64),
            grouped(before as u64),
            if count == 1 { "is" } else { "are" }
        );
        self.toast_undoable(words, ctx);
    }

    pub(crate) fn choice_cleared(&mut self, ctx: &mut Ctx) {
        let before = self.choice.present();
        if before.is_empty() {
            return self.select_all_stopped(ctx);
        }
        let words = match self.choice.selection.len() {
            0 => "What was chosen before is not chosen any more.".to_owned(),
            count => format!("{} not chosen any more.", counted(count, "lead")),
        };
        self.replace_choice(Selection::default(), ctx);
        self.toast_undoable(words, ctx);
    }

    /// Replaces the choice; the one before can be brought back.
    pub(crate) fn replace_choice(&mut self, selection: Selection, ctx: &mut Ctx) {
        let before = self.choice.present();
        self.stop_select_all(ctx);
        self.choice.split = None;
        self.choice.selection = selection;
        self.choice_stepped(before, ctx);
    }

    /// Nothing is chosen any more, and there is no way back. A list that is being imported stays.
    pub(crate) fn forget_choice(&mut self, ctx: &mut Ctx) {
        self.stop_select_all(ctx);
        let bring = self.choice.bring.take();
        *self.choice = Choice {
            bring,
            ..Choice::default()
        };
        self.ask(Part::Live, Task::PriceChanged, ctx);
    }

    /// Adds leads of one origin as one step, less what is left out of them.
    pub(crate) fn choice_added(
        &mut self,
        origin: Origin,
        leads: Vec<Rc<Lead>>,
        out: &[LeadId],
        ctx: &mut Ctx,
    ) {
        let before = self.choice.present();
        self.choice.selection.add(origin, leads);
        self.choice.selection.remove(out);
        self.choice_stepped(before, ctx);
    }

    /// Takes leads out that are not to be reported on any more.
    pub(crate) fn drop_leads(&mut self, gone: &[LeadId], ctx: &mut Ctx) {
        let before = self.choice.present();
        self.choice.selection.remove(gone);
        self.choice_stepped(before, ctx);
    }

    /// Keeps the choice, asks for its price, and announces it once it rests.
    pub(crate) fn choice_changed(&mut self, ctx: &mut Ctx) {
        self.choice.split_anew();
        self.choice.check_rerun();
        self.keep_choice(ctx);
        ctx.emit(Effect::SetTimer(Timer::Announce, ctx.now + ANNOUNCED_AFTER));
        self.ask(Part::Live, Task::PriceChanged, ctx);
    }
}
