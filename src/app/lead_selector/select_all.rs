//! Reading every lead that matches, so that a rule becomes the leads that it meant when it was chosen.
//!
//! The server's pages overlap and miss rows in every order but that of the identifiers, so everything is read in that
//! order, a run after the other, and checked against the server's own count.

use std::rc::Rc;

use crate::app::effect::{Effect, Timer};
use crate::app::notifications::messages::Tone;
use crate::app::requests::{Slot, unexpected};
use crate::app::{Ctx, Model};
use crate::domain::lead::{Lead, LeadFilter, LeadId, LeadRun, LeadSort, RUN_MAX};
use crate::domain::selection::{LeadSet, Origin};
use crate::domain::text::{counted, grouped};
use crate::domain::time::Duration;
use crate::error::Error;
use crate::wire::rest::{Reply, Request};
use crate::wire::stored::Rule;

/// A change of the page is on the screen after so long, in milliseconds.
const PAINTED_AFTER: Duration = 40;

/// Leads that are being read to be chosen, a run after the other.
#[derive(Clone, Debug, PartialEq)]
pub struct Gathering {
    /// What is read next.
    run: LeadRun,
    origin: Origin,
    /// How many there are to read, once known.
    pub total: Option<u32>,
    /// How many were read.
    pub read: u32,
    found: Vec<Rc<Lead>>,
    /// Left out, or taken out again before they were read; in ascending order.
    excluded: Vec<LeadId>,
    /// Chosen before a reload.
    is_restored: bool,
    /// Why it does not go on.
    pub error: Option<String>,
}

impl Gathering {
    /// It takes everything that this filter shows.
    pub fn takes_everything(&self, filter: &LeadFilter) -> bool {
        matches!(&self.origin, Origin::Matching(rule) if rule == filter)
    }

    /// It was chosen before a reload.
    pub fn is_restored(&self) -> bool {
        self.is_restored
    }

    /// This lead has been taken out again.
    pub fn leaves_out(&self, id: &LeadId) -> bool {
        self.excluded.binary_search(id).is_ok()
    }

    /// Takes a lead out again, or in.
    pub fn except(&mut self, id: &LeadId, out: bool) {
        match (self.excluded.binary_search(id), out) {
            (Ok(place), false) => drop(self.excluded.remove(place)),
            (Err(place), true) => self.excluded.insert(place, id.clone()),
            _ => {}
        }
    }

    /// What is kept of it over a reload.
    pub fn rule(&self) -> Option<Rule> {
        match &self.origin {
            Origin::Matching(filter) => Some(Rule {
                filter: filter.clone(),
                excluded: self.excluded.clone(),
            }),
            _ => None,
        }
    }
}

impl Model {
    /// Chooses every lead that matches, wherever it is.
    pub(crate) fn all_matching_asked(&mut self, ctx: &mut Ctx) {
        if self.choice.gathering.is_some() {
            let words = "Other leads are being read: wait for them, or stop that first.";
            return self.toast(Tone::Bad, words, ctx);
        }
        let filter = self.route.leads.filter.clone();
        let total = self.leads.total();
        let known: Vec<_> = self.leads.loaded().cloned().collect();
        // What was picked on purpose stays.
        let out = self.left_out().into_iter().map(|(id, _)| id);
        let out: Vec<_> = out
            .filter(|id| !self.choice.selection.contains(id))
            .collect();
        if !self.route.leads.only_chosen && total == Some(known.len() as u32) {
            // Shown at once, and chosen when that has been painted.
            self.choice.gathering = Some(Gathering {
                run: self.route.leads.run(0, RUN_MAX),
                origin: Origin::Matching(filter),
                total,
                read: total.unwrap_or(0),
                found: known,
                excluded: out,
                is_restored: false,
                error: None,
            });
            // Keeping and pricing come with it: nothing is between the click and the shown count.
            ctx.emit(Effect::SetTimer(Timer::Gathered, ctx.now + PAINTED_AFTER));
            return;
        }
        self.gather(Origin::Matching(filter), total, out, false, ctx);
    }

    /// Chooses again by its rule what was too much to keep lead by lead.
    pub(crate) fn select_all_unread(&mut self, ctx: &mut Ctx) {
        if self.choice.gathering.is_some() {
            return;
        }
        if let Some(rule) = self.choice.unread.pop() {
            self.gather(
                Origin::Matching(rule.filter),
                None,
                rule.excluded,
                true,
                ctx,
            );
        }
    }

    fn gather(
        &mut self,
        origin: Origin,
        total: Option<u32>,
        excluded: Vec<LeadId>,
        is_restored: bool,
        ctx: &mut Ctx,
    ) {
        let filter = match &origin {
            Origin::Matching(filter) => filter.clone(),
            _ => LeadFilter::default(),
        };
        let run = LeadRun {
            filter,
            sort: LeadSort::Id,
            descending: false,
            skip: 0,
            limit: RUN_MAX,
        };
        self.choice.gathering = Some(Gathering {
            run,
            origin,
            total,
            read: 0,
            found: Vec::new(),
            excluded,
            is_restored,
            error: None,
        });
        self.select_all_next(ctx);
        self.choice_changed(ctx);
    }

    /// Chooses the leads from one place of the table to another, which have not all been read.
    pub(crate) fn select_range(&mut self, first: u32, last: u32, ctx: &mut Ctx) {
        let total = last - first + 1;
        let run = self.route.leads.run(first, total.min(RUN_MAX));
        self.choice.gathering = Some(Gathering {
            run,
            origin: Origin::Hand,
            total: Some(total),
            read: 0,
            found: Vec::new(),
            excluded: Vec::new(),
            is_restored: false,
            error: None,
        });
        self.select_all_next(ctx);
        self.choice_changed(ctx);
    }

    /// Reads the next run; again where it failed.
    pub(crate) fn select_all_next(&mut self, ctx: &mut Ctx) {
        // Before the sign-in there is nobody to ask for.
        if !self.session.is_inside() {
            return;
        }
        if let Some(gathering) = &mut self.choice.gathering {
            gathering.error = None;
            let run = gathering.run.clone();
            self.send(Slot::Gathering, Request::Leads(run), ctx);
        }
    }

    /// Goes on with what a sign-in held up.
    pub(crate) fn resume_gathering(&mut self, ctx: &mut Ctx) {
        let waits =
            (self.choice.gathering.as_ref()).is_some_and(|gathering| gathering.error.is_none());
        if waits && !self.net.is_busy(&Slot::Gathering) {
            self.select_all_next(ctx);
        }
    }

    /// Chooses nothing of what is being read.
    pub(crate) fn select_all_stopped(&mut self, ctx: &mut Ctx) {
        if self.choice.gathering.is_some() {
            let before = self.choice.present();
            self.stop_select_all(ctx);
            self.choice_stepped(before, ctx);
        }
    }

    pub(crate) fn stop_select_all(&mut self, ctx: &mut Ctx) {
        self.choice.unread.clear();
        if self.choice.gathering.take().is_some() {
            ctx.emit(Effect::ClearTimer(Timer::Gathered));
            self.abort(&Slot::Gathering, ctx);
        }
    }

    pub(crate) fn select_all_answered(&mut self, result: Result<Reply, Error>, ctx: &mut Ctx) {
        let result = result.and_then(|reply| match reply {
            Reply::Leads(page) => Ok(page),
            _ => Err(unexpected("load all matching leads")),
        });
        let Some(mut gathering) = self.choice.gathering.take() else {
            return;
        };
        let page = match result {
            Ok(page) => page,
            Err(error) => {
                gathering.error = Some(error.to_string());
                self.choice.gathering = Some(gathering);
                return;
            }
        };
        // A range has its own length; everything that matches has the server's.
        let total = match (&gathering.origin, gathering.total) {
            (Origin::Hand, Some(total)) => total,
            _ => page.total,
        };
        gathering.total = Some(total);
        let leads = page.leads.into_iter().map(|lead| self.shared(lead));
        gathering.found.extend(leads);
        gathering.read = (gathering.read + gathering.run.limit).min(total);
        gathering.run.skip += gathering.run.limit;
        if gathering.read < total {
            gathering.run.limit = (total - gathering.read).min(RUN_MAX);
            self.choice.gathering = Some(gathering);
            return self.select_all_next(ctx);
        }
        self.choice.gathering = Some(gathering);
        self.all_gathered(ctx);
    }

    /// Chooses what has been read.
    pub(crate) fn all_gathered(&mut self, ctx: &mut Ctx) {
        let Some(gathering) = self.choice.gathering.take() else {
            return;
        };
        let Gathering {
            origin,
            found,
            total,
            excluded,
            is_restored,
            ..
        } = gathering;
        self.gathered(origin, found, total, &excluded, is_restored, ctx);
    }

    fn gathered(
        &mut self,
        origin: Origin,
        found: Vec<Rc<Lead>>,
        total: Option<u32>,
        excluded: &[LeadId],
        is_restored: bool,
        ctx: &mut Ctx,
    ) {
        let found = LeadSet::from(found);
        // The server counts pairs of leads and badges where it is asked for leads with badges.
        let counts_leads =
            !matches!(&origin, Origin::Matching(filter) if filter.has_badges == Some(true));
        let by_rule = origin != Origin::Hand;
        let all = found.len();
        let selection = &self.choice.selection;
        let is_out = |lead: &&Rc<Lead>| excluded.binary_search(&lead.id).is_ok();
        let out = found.iter().filter(is_out).count();
        let new = found
            .iter()
            .filter(|lead| !is_out(lead) && !selection.contains(&lead.id));
        let new = grouped(new.count() as u64);
        let leads: Vec<_> = found.iter().cloned().collect();
        if is_restored {
            self.choice.restore(&origin, &leads, excluded);
            self.choice_changed(ctx);
            if self.route.leads.only_chosen {
                self.read_leads(ctx);
            }
            self.select_all_unread(ctx);
        } else {
            self.choice_added(origin, leads, excluded, ctx);
        }
        let total = total.unwrap_or(0) as usize;
        let words = if counts_leads && all < total {
            format!(
                "{} of {} were found and are chosen: the server’s pages overlap, or leads went away meanwhile.",
                grouped(all as u64),
                counted(total, "lead"),
            )
        } else if !by_rule || is_restored {
            return;
        } else {
            let matching = counted(all, "matching lead");
            match out {
                0 => format!("All {matching} are chosen, {new} of them new."),
                _ => format!(
                    "{} of {matching} are chosen, {new} of them new.",
                    grouped((all - out) as u64)
                ),
            }
        };
        self.toast(Tone::Neutral, words, ctx);
    }
}
