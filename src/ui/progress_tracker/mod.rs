//! ProgressTracker: what runs now, live, and how to stop it.

mod bar;
mod cancel_dialog;
mod card;
mod end_offers;
mod figures;
mod group;
mod live_batch;
mod news;
mod over_time;
mod places;
mod tracker;

use super::selected::Selected;
use crate::app::Shared;
use crate::app::progress_tracker::batches::Tracking;

pub use self::cancel_dialog::CancelDialog;
pub use self::live_batch::{LiveBatch, is_live};
pub use self::places::RunningNow;
pub use self::tracker::ProgressTracker;

/// How much a card tells.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Extent {
    /// What matters at a glance.
    Glance,
    /// Everything.
    Full,
    /// Everything, on the batch's own page, which has the heading.
    Page,
}

/// What is told of a batch in words: renewed by the beat, not with every message.
type Told = Selected<Option<Shared<Tracking>>>;
