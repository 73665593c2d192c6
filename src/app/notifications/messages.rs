//! Short messages: toasts for everybody, announcements for screen readers.

use crate::app::effect::{Copied, Effect, Timer};
use crate::app::{Ctx, Model};
use crate::domain::time::{Duration, SECOND};

/// How much a toast matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    Neutral,
    Good,
    Bad,
}

/// A short message that goes away by itself, unless it is bad news.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Toast {
    pub id: u32,
    pub tone: Tone,
    pub text: String,
    /// The choice before can be brought back.
    pub undo: bool,
}

/// Good and neutral news stay so long.
const TOAST_STAYS: Duration = 8 * SECOND;
/// More toasts than these push the oldest out.
const TOASTS_SHOWN: usize = 4;

/// Short messages.
#[derive(Clone, Debug, Default)]
pub struct Notices {
    pub toasts: Vec<Toast>,
    /// What is announced politely; the number makes the same words twice two announcements.
    pub polite: (u32, String),
    /// What is announced at once: failures that need a person.
    pub urgent: (u32, String),
    /// Why something could not be kept in the browser.
    pub storage: Option<String>,
    /// The sheet of keyboard shortcuts is open.
    pub shortcuts: bool,
    next_id: u32,
}

impl Notices {
    /// Takes a toast away.
    pub fn dismiss(&mut self, id: u32) {
        self.toasts.retain(|toast| toast.id != id);
    }

    /// Says something to screen readers when they are free.
    pub fn announce(&mut self, text: impl Into<String>) {
        self.polite = (self.polite.0 + 1, text.into());
    }
}

impl Model {
    /// Shows a toast and announces it.
    pub(crate) fn toast(&mut self, tone: Tone, text: impl Into<String>, ctx: &mut Ctx) {
        self.toast_with(tone, text.into(), false, ctx);
    }

    /// Shows a toast that offers to bring the former choice back.
    pub(crate) fn toast_undoable(&mut self, text: impl Into<String>, ctx: &mut Ctx) {
        self.toast_with(Tone::Neutral, text.into(), true, ctx);
    }

    fn toast_with(&mut self, tone: Tone, text: String, undo: bool, ctx: &mut Ctx) {
        let notices = &mut *self.notices;
        notices.next_id += 1;
        let id = notices.next_id;
        if tone == Tone::Bad {
            notices.urgent = (notices.urgent.0 + 1, text.clone());
        } else {
            notices.polite = (notices.polite.0 + 1, text.clone());
            ctx.emit(Effect::SetTimer(Timer::Toast(id), ctx.now + TOAST_STAYS));
        }
        notices.toasts.push(Toast {
            id,
            tone,
            text,
            undo,
        });
        let surplus = notices.toasts.len().saturating_sub(TOASTS_SHOWN);
        notices.toasts.drain(..surplus);
    }

    pub(crate) fn copied(&mut self, what: Copied, done: bool, ctx: &mut Ctx) {
        let (tone, words) = match (done, what) {
            (true, Copied::Link) => (Tone::Good, "The link to this choice is copied."),
            (true, Copied::LinkReport) => (Tone::Good, "The events are copied."),
            (false, _) => (Tone::Bad, "The browser did not let it be copied."),
        };
        self.toast(tone, words, ctx);
    }

    pub(crate) fn storage_failed(&mut self, why: String) {
        if self.notices.storage.is_none() {
            self.notices.storage = Some(why);
        }
    }
}
