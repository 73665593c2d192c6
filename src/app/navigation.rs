//! The start, the address and what the present view needs.

use crate::app::{Ctx, Effect, Model, StartFacts, Timer};
use crate::domain::history::HiddenColumns;
use crate::domain::template::TemplateVersion;
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
        if self.compose.templates.is_idle() {
            self.read_templates(ctx);
            self.read_budget(ctx);
        }
        if self.route.view == View::History && self.is_history_unread() {
            self.read_history(ctx);
        }
        self.open_details(ctx);
        self.open_comparison(ctx);
        self.read_trend(ctx);
        self.sync_archive(ctx);
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
        self.restore_marks(facts.marks.as_deref());
        if let Some(hidden) = &facts.history_columns {
            self.views.hidden = HiddenColumns::from_text(hidden);
        }
        self.history.typed.clone_from(&self.route.history.search);
        self.leads.typed = self.route.leads.filter.search.clone();
        self.compose.template = self.route.template.clone();
        self.restore_choice(facts.selection.as_deref(), ctx);
        self.restore_compose(&facts);
        self.restore_ledger(&facts, ctx);
        self.restore_watched(facts.watched.clone());
        self.others.tab = facts.tab;
        self.away.permission = facts.notices;
        self.away.sound = facts.sound.is_some();
        self.looked_at(facts.visible, ctx);
        self.restore_link(&facts);
        self.restore_session(facts, ctx);
        self.load_what_is_shown(ctx);
        self.take_shared(ctx);
        self.price_changed(ctx);
    }

    pub(in crate::app) fn navigated(&mut self, query: &str, ctx: &mut Ctx) {
        let new = Route::from_query(query, self.route.usual_page_size);
        let old = std::mem::replace(&mut *self.route, new.clone());
        self.leads.typed = new.leads.filter.search.clone();
        if new.leads != old.leads {
            self.read_leads(ctx);
        }
        self.history.typed.clone_from(&new.history.search);
        let is_back = new.view == View::History && old.view != View::History;
        if new.history != old.history || is_back && !self.is_history_unread() {
            self.read_history(ctx);
        }
        let is_same = new.view == old.view && new.batch == old.batch && new.compare == old.compare;
        if !is_same {
            // What had the focus is gone.
            ctx.emit(Effect::Focus("view-heading"));
        }
        let is_another = |version: &TemplateVersion| {
            // One that is not offered any more was replaced already.
            let is_offered =
                self.compose.templates.value().is_none() || self.offered(version).is_some();
            is_offered && Some(version) != self.compose.template.as_ref()
        };
        if let Some(version) = new.template.filter(is_another) {
            self.compose.template = Some(version);
            self.price_changed(ctx);
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
        if view == View::History && !self.is_history_unread() {
            self.read_history(ctx);
        }
        self.load_what_is_shown(ctx);
        ctx.emit(Effect::Focus("view-heading"));
    }

    pub(in crate::app) fn timer_fired(&mut self, timer: Timer, ctx: &mut Ctx) {
        match timer {
            Timer::Search => self.search_settled(ctx),
            Timer::PastSearch => self.past_search_settled(ctx),
            Timer::Rest => self.rows_rest(),
            Timer::Gathered => self.all_gathered(ctx),
            Timer::Announce => self.announce_choice(),
            Timer::Price => self.read_price(ctx),
            Timer::Retry(slot) => self.retry(slot, ctx),
            Timer::Link => self.link_tick(ctx),
            Timer::Launch => self.launch_input(crate::machine::launch::Input::Tick, ctx),
            Timer::Review => self.review_looked_at(ctx),
            Timer::Person => self.person_wanted(ctx),
            Timer::Toast(id) => self.notices.dismiss(id),
        }
    }

    pub(in crate::app) fn online_changed(&mut self, online: bool, ctx: &mut Ctx) {
        self.link_input(crate::machine::connection::Input::Online(online), ctx);
        if online {
            self.resume_after_offline(ctx);
        }
    }

    pub(in crate::app) fn retry_now(&mut self, ctx: &mut Ctx) {
        self.link_input(crate::machine::connection::Input::RetryNow, ctx);
        self.share_input(crate::machine::share::Input::RetryNow, ctx);
        self.read_batch_list(ctx);
    }

    /// Keeps the window's title and icon telling how far the running batches are.
    pub(in crate::app) fn sync_title(&mut self, ctx: &mut Ctx) {
        let title = match self.away.count() {
            0 => self.batches.title(),
            ended => format!("({ended}) {}", self.batches.title()),
        };
        let percent = self.batches.percent();
        if percent != self.icon {
            self.icon = percent;
            ctx.emit(Effect::SetIcon(percent));
        }
        if title != self.title {
            self.title.clone_from(&title);
            ctx.emit(Effect::SetTitle(title));
        }
    }
}
