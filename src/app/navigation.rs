//! The start, the address and what the present view needs.

use crate::app::parts::{Part, Task, part_of_timer};
use crate::app::{Ctx, Effect, Model, StartFacts, Timer};
use crate::domain::batch::BatchId;
use crate::domain::history::HiddenColumns;
use crate::route::{Route, View};

impl Model {
    /// Reads whatever the present view needs and is not there yet.
    pub(in crate::app) fn load_what_is_shown(&mut self, ctx: &mut Ctx) {
        if !self.session.is_signed_in() {
            return;
        }
        if self.leads.page.is_idle() && self.route.view == View::New {
            self.read_leads(ctx);
        }
        self.resume_gathering(ctx);
        self.tell(Part::Live, Task::Shown, ctx);
        self.tell(Part::History, Task::Shown, ctx);
    }

    /// Changes the address and says so to the browser.
    pub(crate) fn navigate(&mut self, replace: bool, ctx: &mut Ctx) {
        ctx.emit(Effect::Navigate {
            query: self.route.to_query(),
            replace,
        });
    }

    pub(in crate::app) fn start(&mut self, facts: StartFacts, ctx: &mut Ctx) {
        let usual = facts.page_size.as_deref();
        *self.route = Route::from_query(&facts.query, Route::read_page_size(usual));
        self.restore_views(facts.views.as_deref(), facts.columns.as_deref());
        self.ask(Part::History, Task::Started(Box::new(facts.clone())), ctx);
        if let Some(hidden) = &facts.history_columns {
            self.views.hidden = HiddenColumns::from_text(hidden);
        }
        self.history.typed.clone_from(&self.route.history.search);
        self.leads.typed = self.route.leads.filter.search.clone();
        self.compose.template = self.route.template.clone();
        self.restore_choice(facts.selection.as_deref(), ctx);
        self.ask(Part::Live, Task::Started(Box::new(facts.clone())), ctx);
        self.away.permission = facts.notices;
        self.away.sound = facts.sound.is_some();
        self.looked_at(facts.visible, ctx);
        self.restore_session(facts, ctx);
        self.load_what_is_shown(ctx);
        self.take_shared(ctx);
        self.ask(Part::Live, Task::PriceChanged, ctx);
    }

    pub(in crate::app) fn navigated(&mut self, query: &str, ctx: &mut Ctx) {
        let new = Route::from_query(query, self.route.usual_page_size);
        let old = std::mem::replace(&mut *self.route, new.clone());
        // What is being typed stays where the words searched for are the same.
        if new.leads.filter.search != old.leads.filter.search {
            self.leads.typed = new.leads.filter.search.clone();
        }
        if new.leads != old.leads {
            self.read_leads(ctx);
        }
        if new.history.search != old.history.search {
            self.history.typed.clone_from(&new.history.search);
        }
        if new.history != old.history && !new.history.is_listed_with(&old.history) {
            self.tell(Part::History, Task::HistoryNavigated, ctx);
        } else if new.view == View::History && old.view != View::History {
            self.tell(Part::History, Task::HistoryOpened, ctx);
        }
        let is_same = new.view == old.view && new.batch == old.batch && new.compare == old.compare;
        if !is_same {
            // What had the focus is gone.
            ctx.emit(Effect::Focus("view-heading"));
        }
        if let Some(version) = new.template {
            self.ask(Part::Live, Task::TemplateNamed(version), ctx);
        }
        self.load_what_is_shown(ctx);
    }

    pub(in crate::app) fn open_view(&mut self, view: View, ctx: &mut Ctx) {
        if self.route.view == view && self.route.batch.is_none() && self.route.compare.is_none() {
            return;
        }
        self.route.view = view;
        self.route.batch = None;
        self.route.compare = None;
        self.history.details = None;
        self.navigate(false, ctx);
        if view == View::History {
            self.tell(Part::History, Task::HistoryOpened, ctx);
        }
        self.load_what_is_shown(ctx);
        ctx.emit(Effect::Focus("view-heading"));
    }

    /// Opens the page of a batch, or leaves it.
    pub(in crate::app) fn batch_opened(&mut self, id: Option<BatchId>, ctx: &mut Ctx) {
        self.route.batch = id;
        self.navigate(false, ctx);
        self.tell(Part::History, Task::BatchOpened, ctx);
        // What was clicked is gone.
        ctx.emit(Effect::Focus("view-heading"));
    }

    pub(in crate::app) fn timer_fired(&mut self, timer: Timer, ctx: &mut Ctx) {
        if let Some(part) = part_of_timer(&timer) {
            return self.ask(part, Task::TimerFired(timer), ctx);
        }
        match timer {
            Timer::Search => self.search_settled(ctx),
            Timer::Rest => self.rows_rest(ctx),
            Timer::Gathered => self.all_gathered(ctx),
            Timer::Announce => self.selection_rests(ctx),
            Timer::Retry(slot) => self.retry(slot, ctx),
            Timer::Person => self.person_wanted(ctx),
            Timer::Toast(id) => self.notices.dismiss(id),
            _ => {}
        }
    }

    pub(in crate::app) fn online_changed(&mut self, online: bool, ctx: &mut Ctx) {
        self.ask(Part::Live, Task::Online(online), ctx);
        if online {
            self.resume_after_offline(ctx);
            self.retry_parts();
        }
    }

    pub(in crate::app) fn visibility_changed(&mut self, visible: bool, ctx: &mut Ctx) {
        self.looked_at(visible, ctx);
        self.ask(Part::Live, Task::Visible(visible), ctx);
    }
}
