//! Everything that the app knows, in slices whose changes can be told apart.

use std::cell::RefCell;

use crate::app::batch_history::details::History;
use crate::app::cost_preview::compose::Compose;
use crate::app::cost_preview::expected::Known;
use crate::app::launch::ledger::Ledger;
use crate::app::launch::others::Others;
use crate::app::lead_selector::list::Leads;
use crate::app::lead_selector::selection::Choice;
use crate::app::lead_selector::views::Views;
use crate::app::live::link::LinkSlice;
use crate::app::notifications::background::Away;
use crate::app::notifications::messages::Notices;
use crate::app::parts::Parts;
use crate::app::progress_tracker::batches::Batches;
use crate::app::progress_tracker::tracked_ids::TrackedIds;
use crate::app::requests::Net;
use crate::app::session::account::Session;
use crate::app::tracked::Tracked;
use crate::config::Config;
use crate::domain::day::LocalOffset;
use crate::route::Route;

/// Everything that the app knows, in slices whose changes can be told apart.
#[derive(Debug)]
pub struct Model {
    pub config: Config,
    /// The person's time zone; UTC until somebody tells.
    pub local_offset: LocalOffset,
    pub route: Tracked<Route>,
    pub session: Tracked<Session>,
    pub net: Tracked<Net>,
    pub leads: Tracked<Leads>,
    pub choice: Tracked<Choice>,
    pub views: Tracked<Views>,
    pub compose: Tracked<Compose>,
    pub ledger: Tracked<Ledger>,
    pub others: Tracked<Others>,
    pub away: Tracked<Away>,
    pub batches: Tracked<Batches>,
    pub history: Tracked<History>,
    pub link: Tracked<LinkSlice>,
    pub notices: Tracked<Notices>,
    /// Which parts of the page are there.
    pub parts: Tracked<Parts>,
    /// What was expected last, for as long as nothing that it depends on has changed.
    pub(in crate::app) expected: RefCell<Known>,
    pub(in crate::app) title: String,
    /// What this tab had on its list before a reload.
    pub(in crate::app) tracked_ids: TrackedIds,
    /// How far the running batches are together, in whole percent, as the window's icon shows it.
    pub(in crate::app) icon: Option<u32>,
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
    Parts,
}

impl Slice {
    /// All of them, in the order of [`Model::revisions`].
    pub const ALL: [Self; 15] = [
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
        Self::Parts,
    ];
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
            parts: Tracked::new(Self::parts_at_start()),
            expected: RefCell::default(),
            title: String::new(),
            tracked_ids: TrackedIds::default(),
            icon: None,
        }
    }

    /// All parts where the page is one piece, none where it is split.
    fn parts_at_start() -> Parts {
        #[cfg(not(feature = "split"))]
        return Parts::whole();
        #[cfg(feature = "split")]
        return Parts::default();
    }

    /// Nothing known yet, and no part there: as a page that is split begins.
    pub fn in_parts(config: Config) -> Self {
        let mut model = Self::new(config);
        *model.parts = Parts::default();
        model
    }

    /// How often each slice was changed, in the order of [`Slice::ALL`].
    pub fn revisions(&self) -> [u64; 15] {
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
            self.parts.revision(),
        ]
    }
}
