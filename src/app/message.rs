//! Everything that can happen, in the past tense.

use std::rc::Rc;

use crate::app::batch_history::rerun::RerunWhat;
use crate::app::effect::{Copied, Timer};
use crate::app::launch::ledger::{Receipts, Records};
use crate::app::lead_selector::scroll::Window;
use crate::app::lead_selector::selection::Cut;
use crate::app::lead_selector::views::{ColumnChange, ViewChange};
use crate::app::notifications::background::Permission;
use crate::app::parts::{Part, PartCode};
use crate::app::requests::Ticket;
use crate::domain::batch::BatchId;
use crate::domain::history::{HistoryColumn, HistoryQuery};
use crate::domain::lead::{Lead, LeadFilter, LeadId, LeadSort};
use crate::domain::live::Word;
use crate::domain::plan::Field;
use crate::domain::template::TemplateVersion;
use crate::machine::connection::Channel;
use crate::machine::link::Epoch;
use crate::route::View;

/// A fact.
#[derive(Clone, Debug, PartialEq)]
pub enum Msg {
    Started(Box<StartFacts>),
    SignInSubmitted {
        email: String,
        password: String,
    },
    SignOutAsked,
    /// Another page of the product changed the token in storage.
    TokenChanged(Option<String>),
    /// Another tab of this app changed the token for renewals in storage.
    RefreshChanged(Option<String>),
    Answered {
        ticket: Ticket,
        outcome: Outcome,
    },
    TimerFired(Timer),
    Online(bool),
    Visible(bool),
    /// The code of a part is there.
    PartLoaded(Part, PartCode),
    /// A part could not be fetched.
    PartFailed(Part),
    /// It is to be fetched again.
    PartRetried(Part),
    /// The person went back or forward; the page's query now.
    Navigated(String),
    ViewOpened(View),
    SearchTyped(String),
    LeadFilterChanged(LeadFilter),
    SortChosen(LeadSort),
    PageChosen(u32),
    PageSizeChosen(u32),
    LeadsRetried,
    /// Other rows of the list came into view.
    RowsShown(Window),
    OnlyChosenAsked(bool),
    LeaveOutAsked {
        reported: bool,
        running: bool,
    },
    /// The dialog of views and columns was opened or closed.
    ViewsOpened(bool),
    ViewChanged(ViewChange),
    ColumnsChanged(ColumnChange),
    LeadToggled {
        lead: Rc<Lead>,
        chosen: bool,
        /// With all leads between it and the one before.
        range: bool,
    },
    PageToggled(bool),
    PageInverted,
    AllMatchingAsked,
    GatheringStopped,
    GatheringRetried,
    /// The dialog that takes a list was opened or closed.
    BringOpened(bool),
    ListTyped(String),
    /// The column of the list that names leads, counted from 0.
    ColumnChosen(usize),
    LookupAsked,
    LookupRetried,
    LookupStopped,
    ListAdded {
        also_ambiguous: bool,
    },
    ChoiceCut(Cut),
    /// More leads than a batch takes become several batches, or not.
    SplitAsked(bool),
    LinkAsked,
    /// A person wants what is known of the live link as text.
    LinkReportAsked,
    /// Whether the browser took what was to be copied.
    Copied(Copied, bool),
    ChoiceCleared,
    ChoiceUndone,
    ChoiceRedone,
    TemplateChosen(TemplateVersion),
    TemplatesRetried,
    SettingTyped(Field, String),
    PriceRetried,
    GoneLeadsDropped,
    ReviewAsked,
    Approved,
    LaunchCheckedAgain,
    LaunchDismissed,
    /// What is warned of in the review is meant so, or not.
    ConcernAccepted(bool),
    /// Of several batches no more are to be started after the one that is being started.
    RestHeld,
    /// Leads of the review that run already are not to be bought again.
    OverlapLeftOut(Vec<LeadId>),
    /// A person wants the browser to tell when a batch ends.
    NoticesAsked,
    /// The end of a batch is to be heard, or no more.
    SoundSwitched(bool),
    /// Whether the browser does.
    NoticesAllowed(Permission),
    /// The records of the ledger were read.
    RecordsRead(Records),
    /// The lock of the open entry with this record is this tab's; the record as it stands now, where it can be read.
    LockGranted {
        lock: String,
        name: String,
        record: Result<Option<String>, &'static str>,
    },
    /// The plan of this record is locked and written down, or another tab has its lock or had it meanwhile.
    PlanSecured {
        lock: String,
        record: String,
        elsewhere: bool,
    },
    ReceiptsAsked(Receipts),
    CancelAsked(BatchId),
    CancelDropped,
    CancelConfirmed(BatchId),
    /// All that still run of the batches with this code may be cancelled.
    GroupCancelAsked(String),
    GroupCancelConfirmed(String),
    /// A group that has ended was dismissed.
    GroupDismissed(String),
    BatchDismissed(BatchId),
    HistoryAsked(HistoryQuery),
    FiltersRemoved,
    /// The list is to be read or sorted again, or the open batch read again.
    HistoryRetried,
    PastSearchTyped(String),
    HistoryColumnShown(HistoryColumn, bool),
    /// A past batch was ticked to be compared, or no longer.
    BatchTicked(BatchId, bool),
    TicksCleared,
    /// Two batches are to stand side by side, or no longer.
    ComparisonAsked(Option<[BatchId; 2]>),
    /// So many days of cost and success are wanted, or none.
    TrendAsked(Option<u32>),
    BatchPinned(BatchId, bool),
    NoteWritten(BatchId, String),
    /// Pins and notes as they are in storage: another tab of this app may have changed them.
    MarksChanged(Option<String>),
    /// Another tab has switched the sound; this is kept of it.
    SoundChanged(Option<String>),
    /// Running batches are to be lines of a list, or shown in full.
    ListSwitched(bool),
    BatchOpened(Option<BatchId>),
    /// These leads of a batch are to be run again.
    RerunAsked(BatchId, RerunWhat),
    /// What became of the leads of a batch is wanted as a file.
    OutcomesAsked(BatchId, Receipts),
    /// What sockets said since the last frame, in order.
    Sockets(Vec<SocketEvent>),
    Tabs(TabEvent),
    /// The browser stops the page, or lets it go on.
    Frozen(bool),
    RetryNow,
    ShortcutsAsked(bool),
    ToastDismissed(u32),
    /// Something could not be kept in the browser; why.
    StorageFailed(String),
}

/// How a request ended.
#[derive(Clone, Debug, PartialEq)]
pub enum Outcome {
    Http {
        status: u16,
        retry_after: Option<String>,
        body: String,
    },
    /// No answer: refused, cut or blocked.
    Network,
    Timeout,
    Offline,
}

/// What a socket said.
#[derive(Clone, Debug, PartialEq)]
pub enum SocketEvent {
    Message {
        channel: Channel,
        epoch: Epoch,
        text: String,
    },
    /// A frame that is not text.
    Binary { channel: Channel, epoch: Epoch },
    Closed {
        channel: Channel,
        epoch: Epoch,
        code: u16,
    },
    /// A frame that the tab with the link passed on; `batch` is that of a per-batch socket.
    Relayed {
        batch: Option<BatchId>,
        text: String,
    },
}

/// What happens between the tabs of the browser.
#[derive(Clone, Debug, PartialEq)]
pub enum TabEvent {
    /// The lock of the one link is this tab's.
    Granted,
    /// Another tab took it away.
    Lost,
    /// The browser gives this page no locks.
    Unable,
    Heard(Word),
}

/// What is known at the start: the address and what the browser kept.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct StartFacts {
    pub query: String,
    pub token: Option<String>,
    pub refresh: Option<String>,
    pub selection: Option<String>,
    pub page_size: Option<String>,
    pub views: Option<String>,
    pub columns: Option<String>,
    pub history_columns: Option<String>,
    pub marks: Option<String>,
    pub sound: Option<String>,
    pub draft: Option<String>,
    /// What versions before the ledger kept.
    pub journal: Option<String>,
    pub ledger: Option<String>,
    pub transport: Option<String>,
    pub watched: Option<String>,
    /// The number of this tab, where the browser's tabs can share a link.
    pub tab: Option<u32>,
    pub online: bool,
    pub visible: bool,
    /// Whether the browser shows notices of this page.
    pub notices: Permission,
}
