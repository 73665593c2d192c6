//! What the app asks its surroundings to do.

use crate::app::parts::Part;
use crate::app::requests::{Slot, Ticket};
use crate::domain::live::Word;
use crate::domain::time::Millis;
use crate::machine::connection::Channel;
use crate::machine::link::Epoch;
use crate::wire::rest::Http;

/// What the app asks its surroundings to do.
#[derive(Clone, Debug, PartialEq)]
pub enum Effect {
    /// Send a request; a request of the same slot that is still under way is aborted.
    Send {
        ticket: Ticket,
        http: Http,
        token: Option<String>,
    },
    Abort(Slot),
    /// Fetch a part of the page; told by `Msg::PartLoaded` or `Msg::PartFailed`.
    LoadPart(Part),
    /// One timer of each kind runs at a time; setting it again moves it.
    SetTimer(Timer, Millis),
    ClearTimer(Timer),
    OpenSocket {
        channel: Channel,
        epoch: Epoch,
        path: String,
    },
    CloseSocket {
        channel: Channel,
        epoch: Epoch,
    },
    SendFrame {
        channel: Channel,
        epoch: Epoch,
        text: String,
    },
    /// Ask for the lock of the browser's one link; `steal` takes it away from the tab that has it.
    ClaimLink {
        steal: bool,
    },
    /// Give that lock back, or wait for it no more.
    ReleaseLink,
    /// Tell the browser's other tabs.
    TellTabs(Word),
    /// Pass what the server says on to the other tabs, or no more.
    Relay(bool),
    /// Keep a value in the browser, or forget it.
    Store(StoreKey, Option<String>),
    /// Forget a value of this tab; what other tabs keep stays.
    ForgetOwn(StoreKey),
    /// Take a lock and write a record of the ledger down under it, unless there is a record by now whose name begins like
    /// `alike` and is not among the `known`; told by `Msg::PlanSecured`.
    Secure {
        lock: String,
        record: String,
        text: String,
        alike: String,
        known: Vec<String>,
    },
    /// Wait for a lock that another tab may have, and read the record then; told by `Msg::LockGranted`.
    AwaitLock {
        lock: String,
        record: String,
    },
    /// Read all records of the ledger; told by `Msg::RecordsRead`.
    ReadRecords,
    /// Give a lock back, if this tab has it, once what was written before is through.
    Unlock(String),
    /// Write a record of the ledger, or forget it.
    Record(String, Option<String>),
    /// Hand a file out to the person.
    Download {
        name: &'static str,
        mime: &'static str,
        text: String,
    },
    Navigate {
        query: String,
        replace: bool,
    },
    SetTitle(String),
    /// The window's icon: so many percent are done, or nothing runs.
    SetIcon(Option<u32>),
    /// Ask whether the browser may show notices; told by `Msg::NoticesAllowed`.
    AskNotices,
    /// Let the browser show a notice.
    Notify(String),
    /// Play the sound of a batch's end.
    Chime,
    /// Put a text where other programs can paste it from.
    Copy(Copied, String),
    /// Move the focus to the element with this identifier.
    Focus(&'static str),
}

/// What is put where other programs can paste it from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Copied {
    /// The page's address; the text is its query.
    Link,
    /// What is known of the live link, as JSON.
    LinkReport,
}

/// Timers, one of each at a time.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Timer {
    Search,
    /// The list of leads does not move any more.
    Rest,
    /// What is searched for among past batches is typed.
    PastSearch,
    /// All leads that are to be chosen are here.
    Gathered,
    /// The choice rests and is announced.
    Announce,
    Price,
    Retry(Slot),
    Link,
    Launch,
    /// What is under review is to be confirmed again.
    Review,
    /// It is asked again who is signed in.
    Person,
    Toast(u32),
}

/// What is kept in the browser.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum StoreKey {
    /// The access token, under the key that the product's other pages use.
    Token,
    Refresh,
    Selection,
    /// The usual page size of the lead table.
    PageSize,
    /// Saved views of the lead table.
    Views,
    /// Its columns and density.
    Columns,
    /// The columns that the list of past batches leaves out.
    HistoryColumns,
    /// Pins and notes of past batches.
    Marks,
    /// There if the end of a batch is heard.
    Sound,
    Draft,
    /// Where versions before the ledger kept a launch whose outcome was not known; only read.
    Journal,
    /// Where they kept their launches; only read.
    Ledger,
    /// The transport that worked last in this session.
    Transport,
    /// The batches on this tab's list.
    Watched,
}
