//! Parts of the page that are loaded later: which are there, and what waits for the others.
//!
//! The first screen needs the session, the list of leads and the selection. Everything else is reached through the one
//! function of its part ([`PartCode::take`]), so that the code behind it can come later: a [`Task`] for a part that is not
//! there waits, in order, and is then taken. Where the page is one piece (`cargo test`, debug builds) every part is there
//! from the start and a task is a call.

pub mod extras;
pub mod history;
pub mod live;
mod task;
mod waiting;

pub use task::Task;

use crate::app::requests::Slot;
use crate::app::{Ctx, Effect, Model, Msg, Timer};
use crate::error::Error;
use crate::route::View;
use crate::wire::rest::{Answer, Http, Reply, Request};
use waiting::Waiting;

/// A part of the page that is loaded when it is needed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Part {
    /// What follows a choice: price, review, launch, ledger, the live link and the tracker.
    Live,
    /// Past batches; it builds on [`Part::Live`].
    History,
    /// What few need: import, saved views, shortcuts, the debug panel.
    Extras,
}

impl Part {
    /// All of them, in the order in which they are loaded when nothing asks for another one.
    pub const ALL: [Self; 3] = [Self::Live, Self::History, Self::Extras];
}

/// The code of a part.
#[derive(Clone, Copy, Debug)]
pub struct PartCode {
    /// Carries a task out.
    pub(in crate::app) take: fn(&mut Model, Task, &mut Ctx),
    /// How requests of this part are written.
    pub(in crate::app) write: fn(&Request) -> Http,
    /// How their answers are read.
    pub(in crate::app) read: fn(&Request, &Answer) -> Result<Reply, Error>,
}

impl PartialEq for PartCode {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::fn_addr_eq(self.take, other.take)
    }
}

/// How far a part has come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum PartState {
    /// Nobody has needed it.
    #[default]
    Absent,
    Loading,
    /// It could not be fetched.
    Failed,
    Loaded,
}

/// One part: its code once it is there, and what waits for it until then.
#[derive(Debug, Default)]
struct Place {
    state: PartState,
    code: Option<PartCode>,
    waiting: Waiting,
}

/// The parts of the page.
#[derive(Debug, Default)]
pub struct Parts {
    places: [Place; 3],
}

impl Parts {
    /// Every part is there: the page is one piece.
    #[cfg(not(feature = "split"))]
    pub fn whole() -> Self {
        let mut parts = Self::default();
        for (part, code) in [
            (Part::Live, live::CODE),
            (Part::History, history::CODE),
            (Part::Extras, extras::CODE),
        ] {
            let place = parts.place_mut(part);
            place.state = PartState::Loaded;
            place.code = Some(code);
        }
        parts
    }

    /// How far this part has come.
    pub fn state(&self, part: Part) -> PartState {
        self.place(part).state
    }

    pub(in crate::app) fn code(&self, part: Part) -> Option<PartCode> {
        self.place(part).code
    }

    fn place(&self, part: Part) -> &Place {
        &self.places[part as usize]
    }

    fn place_mut(&mut self, part: Part) -> &mut Place {
        &mut self.places[part as usize]
    }
}

impl Model {
    /// Has a part carry a task out: at once where it is there, else as soon as it is, after what was asked before.
    pub(in crate::app) fn ask(&mut self, part: Part, task: Task, ctx: &mut Ctx) {
        match self.parts.code(part) {
            Some(code) => (code.take)(self, task, ctx),
            None => self.parts.place_mut(part).waiting.push(task),
        }
    }

    /// Tells a part what it finds out by itself when it comes: nothing waits where it is not there.
    pub(in crate::app) fn tell(&mut self, part: Part, task: Task, ctx: &mut Ctx) {
        if let Some(code) = self.parts.code(part) {
            (code.take)(self, task, ctx);
        }
    }

    /// A part is there: what waits for it is taken, and then what is shown now.
    pub(in crate::app) fn part_loaded(&mut self, part: Part, code: PartCode, ctx: &mut Ctx) {
        let place = self.parts.place_mut(part);
        if place.code.is_some() {
            return;
        }
        place.code = Some(code);
        place.state = PartState::Loaded;
        for task in place.waiting.take() {
            (code.take)(self, task, ctx);
        }
        (code.take)(self, Task::Shown, ctx);
    }

    /// A part could not be fetched. What waits for it goes on waiting.
    pub(in crate::app) fn part_failed(&mut self, part: Part) {
        self.parts.place_mut(part).state = PartState::Failed;
    }

    /// Fetches a part again that could not be fetched.
    pub(in crate::app) fn part_retried(&mut self, part: Part) {
        if self.parts.state(part) == PartState::Failed {
            self.parts.place_mut(part).state = PartState::Absent;
        }
    }

    /// The network is back: what could not be fetched is fetched again.
    pub(in crate::app) fn retry_parts(&mut self) {
        for part in Part::ALL {
            self.part_retried(part);
        }
    }

    /// Has what is needed now fetched, and what may be needed next once the first rows stand.
    pub(in crate::app) fn sync_parts(&mut self, ctx: &mut Ctx) {
        for part in Part::ALL {
            if self.parts.state(part) == PartState::Absent && self.is_wanted(part) {
                self.parts.place_mut(part).state = PartState::Loading;
                ctx.emit(Effect::LoadPart(part));
            }
        }
    }

    fn is_wanted(&self, part: Part) -> bool {
        if !self.session.is_inside() {
            return false;
        }
        if self.parts.place(part).waiting.is_urgent() {
            return true;
        }
        let route = &*self.route;
        let is_history = route.view == View::History || route.batch.is_some();
        match part {
            // The first rows stand, or it was told why not.
            Part::Live => self.leads.is_answered() || route.view != View::New || is_history,
            Part::History => is_history || self.has_part(Part::Live),
            Part::Extras => {
                let is_open = self.choice.bring.is_some() || self.views.is_open;
                is_open || self.notices.shortcuts || self.has_part(Part::History)
            }
        }
    }

    /// A person waits for a part that could not be fetched.
    pub fn misses(&self, part: Part) -> bool {
        self.parts.state(part) == PartState::Failed && self.parts.place(part).waiting.is_urgent()
    }

    fn has_part(&self, part: Part) -> bool {
        self.parts.state(part) == PartState::Loaded
    }
}

/// The part that takes a message; none for what the first part takes.
pub(in crate::app) fn part_of_message(msg: &Msg) -> Option<Part> {
    Some(match msg {
        Msg::TemplateChosen(_)
        | Msg::TemplatesRetried
        | Msg::SettingTyped(..)
        | Msg::PriceRetried
        | Msg::GoneLeadsDropped
        | Msg::ReviewAsked
        | Msg::Approved
        | Msg::LaunchCheckedAgain
        | Msg::LaunchDismissed
        | Msg::RestHeld
        | Msg::OverlapLeftOut(_)
        | Msg::ConcernAccepted(_)
        | Msg::RecordsRead(_)
        | Msg::LockGranted { .. }
        | Msg::PlanSecured { .. }
        | Msg::ReceiptsAsked(_)
        | Msg::CancelAsked(_)
        | Msg::CancelDropped
        | Msg::CancelConfirmed(_)
        | Msg::GroupCancelAsked(_)
        | Msg::GroupCancelConfirmed(_)
        | Msg::GroupDismissed(_)
        | Msg::BatchDismissed(_)
        | Msg::ListSwitched(_)
        | Msg::Sockets(_)
        | Msg::Tabs(_)
        | Msg::Frozen(_)
        | Msg::RetryNow
        | Msg::LinkReportAsked => Part::Live,
        Msg::HistoryAsked(_)
        | Msg::FiltersRemoved
        | Msg::HistoryRetried
        | Msg::PastSearchTyped(_)
        | Msg::HistoryColumnShown(..)
        | Msg::BatchTicked(..)
        | Msg::TicksCleared
        | Msg::ComparisonAsked(_)
        | Msg::TrendAsked(_)
        | Msg::BatchPinned(..)
        | Msg::NoteWritten(..)
        | Msg::MarksChanged(_)
        | Msg::RerunAsked(..)
        | Msg::OutcomesAsked(..) => Part::History,
        Msg::BringOpened(_)
        | Msg::ListTyped(_)
        | Msg::ColumnChosen(_)
        | Msg::LookupAsked
        | Msg::LookupRetried
        | Msg::LookupStopped
        | Msg::ListAdded { .. }
        | Msg::ViewChanged(_)
        | Msg::ColumnsChanged(_) => Part::Extras,
        _ => return None,
    })
}

/// The part that asks requests of this slot.
pub(in crate::app) fn part_of_slot(slot: &Slot) -> Option<Part> {
    Some(match slot {
        Slot::Session | Slot::Logout | Slot::Me => return None,
        Slot::Leads | Slot::Rows(_) | Slot::Gathering => return None,
        Slot::Bring => Part::Extras,
        Slot::Templates
        | Slot::Price
        | Slot::Budget
        | Slot::Start
        | Slot::BatchList
        | Slot::Sought
        | Slot::Status(_)
        | Slot::Cancel(_)
        | Slot::Others(_) => Part::Live,
        Slot::History | Slot::Archive | Slot::Analytics | Slot::Results(_) | Slot::Rerun(_) => {
            Part::History
        }
    })
}

/// The part that a timer belongs to.
pub(in crate::app) fn part_of_timer(timer: &Timer) -> Option<Part> {
    Some(match timer {
        Timer::Price | Timer::Link | Timer::Launch | Timer::Review => Part::Live,
        Timer::PastSearch => Part::History,
        _ => return None,
    })
}
