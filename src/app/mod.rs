//! The state of the app and how facts change it. Pure: [`update`] takes a [`Msg`] and returns [`Effect`]s, which the
//! driver in `browser` runs.

pub mod archive;
pub mod away;
pub mod batches;
pub mod bring;
pub mod budget;
pub mod choice;
pub mod comparison;
pub mod compose;
pub mod concerns;
pub mod effect;
mod expected;
pub mod gather;
pub mod groups;
pub mod history;
mod launch;
pub mod leads;
pub mod leave_out;
pub mod ledger;
pub mod link;
mod link_report;
mod marks;
pub mod msg;
pub mod net;
pub mod notices;
pub mod outcomes;
pub mod past;
pub mod receipts;
pub mod remote;
pub mod rerun;
pub mod rows;
pub mod session;
mod share;
mod spending;
mod split;
mod steps;
pub mod tracked;
pub mod trend;
pub mod views;
mod watched;

use crate::config::Config;
use crate::domain::day::LocalOffset;
use crate::domain::history::HiddenColumns;
use crate::domain::template::TemplateVersion;
use crate::domain::time::Millis;
use crate::route::{Route, View};
use std::cell::RefCell;

pub use effect::{Copied, Effect, StoreKey, Timer};
pub use msg::{Msg, Outcome, SocketEvent, StartFacts, TabEvent};
pub use remote::Remote;
pub use tracked::{Shared, Tracked};

/// Everything that the app knows, in slices whose changes can be told apart.
#[derive(Debug)]
pub struct Model {
    pub config: Config,
    /// The person's time zone; UTC until somebody tells.
    pub local_offset: LocalOffset,
    pub route: Tracked<Route>,
    pub session: Tracked<session::Session>,
    pub net: Tracked<net::Net>,
    pub leads: Tracked<leads::Leads>,
    pub choice: Tracked<choice::Choice>,
    pub views: Tracked<views::Views>,
    pub compose: Tracked<compose::Compose>,
    pub ledger: Tracked<ledger::Ledger>,
    pub others: Tracked<concerns::Others>,
    pub away: Tracked<away::Away>,
    pub batches: Tracked<batches::Batches>,
    pub history: Tracked<history::History>,
    pub link: Tracked<link::LinkSlice>,
    pub notices: Tracked<notices::Notices>,
    /// What was expected last, for as long as nothing that it depends on has changed.
    expected: RefCell<expected::Known>,
    title: String,
    /// What this tab had on its list before a reload.
    watched: watched::Watched,
    /// How far the running batches are together, in whole percent, as the window's icon shows it.
    icon: Option<u32>,
}

/// A slice of the [`Model`], named.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Slice {
    Route,
    Session,
    Net,
    Leads,
    Choice,
    Views,
    Compose,
    Ledger,
    Others,
    Away,
    Batches,
    History,
    Link,
    Notices,
}

impl Slice {
    /// All of them, in the order of [`Model::revisions`].
    pub const ALL: [Self; 14] = [
        Self::Route,
        Self::Session,
        Self::Net,
        Self::Leads,
        Self::Choice,
        Self::Views,
        Self::Compose,
        Self::Ledger,
        Self::Others,
        Self::Away,
        Self::Batches,
        Self::History,
        Self::Link,
        Self::Notices,
    ];
}

/// What an update may use and where it leaves its effects.
#[derive(Debug)]
pub struct Ctx {
    pub now: Millis,
    random_state: u64,
    effects: Vec<Effect>,
}

impl Ctx {
    fn new(now: Millis, seed: u64) -> Self {
        Self {
            now,
            random_state: seed,
            effects: Vec::new(),
        }
    }

    /// Asks the driver to do something.
    pub fn emit(&mut self, effect: Effect) {
        self.effects.push(effect);
    }

    /// 64 random bits (SplitMix64 over the seed that was handed in).
    pub fn bits(&mut self) -> u64 {
        self.random_state = self.random_state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.random_state;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// From 0 up to 1.
    pub fn random(&mut self) -> f64 {
        (self.bits() >> 11) as f64 / (1u64 << 53) as f64
    }
}

impl Model {
    /// Nothing known yet.
    pub fn new(config: Config) -> Self {
        Self {
            config,
            local_offset: |_| 0,
            route: Tracked::default(),
            session: Tracked::default(),
            net: Tracked::default(),
            leads: Tracked::default(),
            choice: Tracked::default(),
            views: Tracked::default(),
            compose: Tracked::default(),
            ledger: Tracked::default(),
            others: Tracked::default(),
            away: Tracked::default(),
            batches: Tracked::default(),
            history: Tracked::default(),
            link: Tracked::default(),
            notices: Tracked::default(),
            expected: RefCell::default(),
            title: String::new(),
            watched: watched::Watched::default(),
            icon: None,
        }
    }

    /// How often each slice was changed, in the order of [`Slice::ALL`].
    pub fn revisions(&self) -> [u64; 14] {
        [
            self.route.revision(),
            self.session.revision(),
            self.net.revision(),
            self.leads.revision(),
            self.choice.revision(),
            self.views.revision(),
            self.compose.revision(),
            self.ledger.revision(),
            self.others.revision(),
            self.away.revision(),
            self.batches.revision(),
            self.history.revision(),
            self.link.revision(),
            self.notices.revision(),
        ]
    }

    /// Reads whatever the present view needs and is not there yet.
    fn load_what_is_shown(&mut self, ctx: &mut Ctx) {
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
}

/// Takes one fact and returns what is to be done, in order. `seed` is fresh randomness.
pub fn update(model: &mut Model, msg: Msg, now: Millis, seed: u64) -> Vec<Effect> {
    let mut ctx = Ctx::new(now, seed);
    dispatch(model, msg, &mut ctx);
    model.sync_link(&mut ctx);
    model.sync_review(&mut ctx);
    model.sync_title(&mut ctx);
    model.sync_watched(&mut ctx);
    ctx.effects
}

fn dispatch(model: &mut Model, msg: Msg, ctx: &mut Ctx) {
    match msg {
        Msg::Started(facts) => model.start(*facts, ctx),
        Msg::SignInSubmitted { email, password } => model.sign_in(email, password, ctx),
        Msg::SignOutAsked => model.sign_out(ctx),
        Msg::RefreshChanged(refresh) => model.refresh_changed(refresh),
        Msg::TokenChanged(token) => model.token_changed(token, ctx),
        Msg::Answered { ticket, outcome } => model.answered(ticket, outcome, ctx),
        Msg::TimerFired(timer) => model.timer_fired(timer, ctx),
        Msg::Online(online) => model.online_changed(online, ctx),
        Msg::Visible(visible) => model.visibility_changed(visible, ctx),
        Msg::Navigated(query) => model.navigated(&query, ctx),
        Msg::ViewOpened(view) => model.open_view(view, ctx),
        Msg::SearchTyped(text) => model.search_typed(text, ctx),
        Msg::LeadFilterChanged(filter) => model.filter_changed(filter, ctx),
        Msg::SortChosen(sort) => model.sort_chosen(sort, ctx),
        Msg::PageChosen(page) => model.page_chosen(page, ctx),
        Msg::PageSizeChosen(size) => model.page_size_chosen(size, ctx),
        Msg::LeadsRetried => model.leads_retried(ctx),
        Msg::RowsShown(window) => model.rows_shown(window, ctx),
        Msg::LeaveOutAsked { reported, running } => model.leave_out_asked(reported, running, ctx),
        Msg::ViewsOpened(open) => model.views.is_open = open,
        Msg::ViewChanged(change) => model.view_changed(change, ctx),
        Msg::ColumnsChanged(change) => model.columns_changed(change, ctx),
        Msg::OnlyChosenAsked(only) => model.only_chosen_asked(only, ctx),
        Msg::LeadToggled {
            lead,
            chosen,
            range,
        } => model.lead_toggled(&lead, chosen, range, ctx),
        Msg::PageToggled(chosen) => model.page_toggled(chosen, ctx),
        Msg::PageInverted => model.page_inverted(ctx),
        Msg::AllMatchingAsked => model.all_matching_asked(ctx),
        Msg::GatheringStopped => model.gathering_stopped(ctx),
        Msg::GatheringRetried => model.gather_next(ctx),
        Msg::BringOpened(open) => model.bring_opened(open, ctx),
        Msg::ListTyped(text) => model.list_typed(text, ctx),
        Msg::ColumnChosen(column) => model.column_chosen(column, ctx),
        Msg::LookupAsked => model.lookup_asked(ctx),
        Msg::LookupRetried => model.look_up_next(ctx),
        Msg::LookupStopped => model.lookup_stopped(ctx),
        Msg::ListAdded { also_ambiguous } => model.list_added(also_ambiguous, ctx),
        Msg::LinkAsked => model.link_asked(ctx),
        Msg::LinkReportAsked => model.link_report_asked(ctx),
        Msg::Copied(what, copied) => model.copied(what, copied, ctx),
        Msg::ChoiceCut(cut) => model.choice_cut(cut, ctx),
        Msg::SplitAsked(split) => model.split_asked(split, ctx),
        Msg::ChoiceCleared => model.choice_cleared(ctx),
        Msg::ChoiceUndone => model.choice_undone(ctx),
        Msg::ChoiceRedone => model.choice_redone(ctx),
        Msg::TemplateChosen(version) => model.template_chosen(version, ctx),
        Msg::TemplatesRetried => model.read_templates(ctx),
        Msg::SettingTyped(field, text) => model.setting_typed(field, text, ctx),
        Msg::PriceRetried => model.read_price(ctx),
        Msg::GoneLeadsDropped => model.drop_gone_leads(ctx),
        Msg::ReviewAsked => model.review_asked(ctx),
        Msg::Approved => model.approved(ctx),
        Msg::LaunchCheckedAgain => {
            model.launch_input(crate::machine::launch::Input::CheckAgain, ctx)
        }
        Msg::LaunchDismissed => model.launch_dismissed(ctx),
        Msg::RestHeld => model.launch_input(crate::machine::launch::Input::HoldRest, ctx),
        Msg::OverlapLeftOut(leads) => model.overlap_left_out(&leads, ctx),
        Msg::ConcernAccepted(accepted) => model.concern_accepted(accepted, ctx),
        Msg::NoticesAsked => ctx.emit(Effect::AskNotices),
        Msg::NoticesAllowed(permission) => model.notices_allowed(permission),
        Msg::SoundSwitched(on) => model.sound_switched(on, ctx),
        Msg::RecordsRead(records) => model.records_read(records, ctx),
        Msg::LockGranted { lock, name, record } => model.lock_granted(record, &name, lock, ctx),
        Msg::PlanSecured {
            lock,
            record,
            elsewhere,
        } => model.plan_secured(lock, record, elsewhere, ctx),
        Msg::ReceiptsAsked(form) => model.receipts_asked(form, ctx),
        Msg::CancelAsked(id) => model.batches.asking = Some(batches::Asking::Batch(id)),
        Msg::GroupCancelAsked(code) => model.batches.asking = Some(batches::Asking::Group(code)),
        Msg::GroupCancelConfirmed(code) => model.group_cancel_confirmed(&code, ctx),
        Msg::GroupDismissed(code) => model.batches.put_group_away(&code),
        Msg::CancelDropped => model.batches.asking = None,
        Msg::CancelConfirmed(id) => model.cancel_confirmed(id, ctx),
        Msg::BatchDismissed(id) => model.batches.put_away(&id),
        Msg::HistoryAsked(query) => model.history_asked(query, ctx),
        Msg::FiltersRemoved => model.filters_removed(ctx),
        Msg::HistoryRetried => model.history_retried(ctx),
        Msg::PastSearchTyped(text) => model.past_search_typed(text, ctx),
        Msg::HistoryColumnShown(column, shown) => model.history_column_shown(column, shown, ctx),
        Msg::BatchTicked(id, ticked) => model.batch_ticked(id, ticked),
        Msg::TicksCleared => model.ticks_cleared(),
        Msg::ComparisonAsked(both) => model.comparison_asked(both, ctx),
        Msg::TrendAsked(days) => model.trend_asked(days, ctx),
        Msg::BatchPinned(id, pinned) => model.batch_pinned(&id, pinned, ctx),
        Msg::NoteWritten(id, note) => model.note_written(&id, note, ctx),
        Msg::MarksChanged(marks) => model.restore_marks(marks.as_deref()),
        Msg::SoundChanged(kept) => model.sound_changed(kept),
        Msg::ListSwitched(as_list) => model.views.as_list = Some(as_list),
        Msg::BatchOpened(id) => model.batch_opened(id, ctx),
        Msg::RerunAsked(id, what) => model.rerun_asked(id, what, ctx),
        Msg::OutcomesAsked(id, form) => model.outcomes_asked(&id, form, ctx),
        Msg::Sockets(events) => model.socket_events(events, ctx),
        Msg::Tabs(event) => model.tab_event(event, ctx),
        Msg::Frozen(frozen) => {
            model.put_aside(frozen, ctx);
            model.link_input(crate::machine::connection::Input::Frozen(frozen), ctx)
        }
        Msg::RetryNow => model.retry_now(ctx),
        Msg::ShortcutsAsked(open) => model.notices.shortcuts = open,
        Msg::ToastDismissed(id) => model.notices.dismiss(id),
        Msg::StorageFailed(why) => model.storage_failed(why),
    }
}

impl Model {
    fn start(&mut self, facts: StartFacts, ctx: &mut Ctx) {
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

    fn navigated(&mut self, query: &str, ctx: &mut Ctx) {
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

    fn open_view(&mut self, view: View, ctx: &mut Ctx) {
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

    fn timer_fired(&mut self, timer: Timer, ctx: &mut Ctx) {
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

    fn online_changed(&mut self, online: bool, ctx: &mut Ctx) {
        self.link_input(crate::machine::connection::Input::Online(online), ctx);
        if online {
            self.resume_after_offline(ctx);
        }
    }

    fn retry_now(&mut self, ctx: &mut Ctx) {
        self.link_input(crate::machine::connection::Input::RetryNow, ctx);
        self.share_input(crate::machine::share::Input::RetryNow, ctx);
        self.read_batch_list(ctx);
    }

    /// Keeps the window's title and icon telling how far the running batches are.
    fn sync_title(&mut self, ctx: &mut Ctx) {
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
