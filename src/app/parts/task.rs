//! What a part is asked for.

use crate::app::requests::Slot;
use crate::app::{Msg, StartFacts, Timer};
use crate::domain::batch::{Batch, BatchId};
use crate::domain::template::TemplateVersion;
use crate::error::Error;
use crate::wire::rest::Reply;

/// What a part is asked for, by the first part or by another one. A part passes over what is not its own.
#[derive(Debug)]
pub enum Task {
    /// A message of its own.
    Msg(Msg),
    /// An answer to a request of its own.
    Answered(Slot, Result<Reply, Error>),
    /// A timer of its own.
    TimerFired(Timer),
    /// What the browser has kept for it.
    Started(Box<StartFacts>),
    /// Something was shown that may need what was not read yet.
    Shown,
    /// A message was taken: what follows from the whole model is brought up to date.
    Synced,
    /// Other leads are selected, or the template is another one.
    PriceChanged,
    /// The selection rests: it is announced with its price.
    SelectionRests,
    /// The address names a template.
    TemplateNamed(TemplateVersion),
    /// The page is looked at, or no longer.
    Visible(bool),
    /// The network is there, or is not.
    Online(bool),
    /// There is a token that is taken to be good.
    TokenGiven,
    /// Somebody can work now.
    Entered,
    /// What belongs to a person is forgotten.
    WorkForgotten,
    /// Nobody is signed in any more.
    Left,
    /// It is known who is signed in; whether somebody else than before.
    PersonKnown(bool),
    /// It was asked who is signed in; why that could not be told.
    PersonAnswered(Option<Error>),
    /// It is known whose the token is, or it cannot be told soon.
    TokenSettled,
    /// The form is to be kept under the name of its person.
    DraftKept,
    /// The review is of leads that are not selected any more.
    ReviewLeft,
    /// The newest batches are wanted.
    ReadBatches,
    /// The price of the selection is wanted at once.
    ReadPrice,
    /// Something was read of a batch.
    News(Box<Batch>),
    /// The view was opened: a person expects what is newest.
    HistoryOpened,
    /// The address changed from one list of past batches to another.
    HistoryNavigated,
    /// The page of a batch was opened or left.
    BatchOpened,
    /// A batch of the live part has ended.
    HistoryOutdated,
    /// What was read of single leads of a batch is older than its end.
    ResultsOutdated(BatchId),
    /// The newest batches were read.
    BatchesListed(Vec<Batch>),
    /// The status of a batch was read, or could not be.
    StatusTold(BatchId, Box<Result<Batch, Error>>),
    /// What is open may need more of the list.
    DetailsSynced,
    /// The ledger or the person is another one: attempts at the same leads are looked for again.
    AttemptsChanged,
}

impl Task {
    /// A person waits for it: the part is fetched for it.
    pub(super) fn is_urgent(&self) -> bool {
        match self {
            Self::Msg(msg) => !matches!(
                msg,
                Msg::MarksChanged(_) | Msg::Frozen(_) | Msg::RecordsRead(_)
            ),
            _ => false,
        }
    }

    /// Nothing is lost where only the newer one of two that follow each other is taken.
    pub(super) fn replaces(&self, older: &Self) -> bool {
        matches!(
            (self, older),
            (
                Self::Msg(Msg::MarksChanged(_)),
                Self::Msg(Msg::MarksChanged(_))
            ) | (Self::PriceChanged, Self::PriceChanged)
                | (Self::Visible(_), Self::Visible(_))
                | (Self::Online(_), Self::Online(_))
                | (Self::TokenSettled, Self::TokenSettled)
                | (Self::PersonAnswered(_), Self::PersonAnswered(_))
        )
    }
}
