//! What ends while nobody looks: a notice of the browser's where it is allowed, a sound where it is wanted, the window's
//! title and icon, and one summary for whoever comes back.

use crate::app::effect::{Effect, StoreKey};
use crate::app::notifications::messages::Tone;
use crate::app::{Ctx, Model};

/// So many ends are named in a summary.
const NAMED: usize = 3;

/// Whether the browser shows notices of this page.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Permission {
    /// It has none, or a person has refused them.
    #[default]
    Denied,
    /// Nobody was asked yet.
    Open,
    Granted,
}

/// What ends while nobody looks.
#[derive(Debug, Default)]
pub struct Away {
    pub permission: Permission,
    /// The end of a batch is heard.
    pub sound: bool,
    pub(crate) is_hidden: bool,
    /// What ended meanwhile, in words.
    ended: Vec<String>,
}

impl Away {
    /// How many batches ended while nobody looked.
    pub(crate) fn count(&self) -> usize {
        self.ended.len()
    }
}

impl Model {
    pub(crate) fn notices_allowed(&mut self, permission: Permission) {
        self.away.permission = permission;
    }

    /// Heard once at the switch, so that a person knows what to listen for.
    pub(crate) fn sound_switched(&mut self, on: bool, ctx: &mut Ctx) {
        self.away.sound = on;
        let kept = on.then(|| "on".to_owned());
        ctx.emit(Effect::Store(StoreKey::Sound, kept));
        if on {
            ctx.emit(Effect::Chime);
        }
    }

    /// Another tab has switched the sound.
    pub(crate) fn sound_changed(&mut self, kept: Option<String>) {
        self.away.sound = kept.is_some();
    }

    /// The page was hidden, or is looked at again.
    pub(crate) fn looked_at(&mut self, visible: bool, ctx: &mut Ctx) {
        if self.away.is_hidden == visible {
            self.away.is_hidden = !visible;
        }
        if visible && !self.away.ended.is_empty() {
            let ended = std::mem::take(&mut self.away.ended);
            let more = match ended.len().saturating_sub(NAMED) {
                0 => String::new(),
                more => format!(" And {more} more ended."),
            };
            let named = ended[..ended.len().min(NAMED)].join(" ");
            self.toast(
                Tone::Neutral,
                format!("While you were away: {named}{more}"),
                ctx,
            );
        }
    }

    /// A batch has ended, in words: told at once where somebody looks, else by the browser and when they come back. Those
    /// of others make no sound and no notice.
    pub(crate) fn tell_ended(&mut self, is_mine: bool, tone: Tone, words: String, ctx: &mut Ctx) {
        // Heard once, however many end at once, and not from each of the browser's tabs.
        let is_heard = self.away.sound && (!self.away.is_hidden || self.link.share.leads());
        if is_heard && is_mine && !ctx.effects.contains(&Effect::Chime) {
            ctx.emit(Effect::Chime);
        }
        if !self.away.is_hidden {
            return self.toast(tone, words, ctx);
        }
        if self.away.permission == Permission::Granted && is_mine {
            ctx.emit(Effect::Notify(words.clone()));
        }
        self.away.ended.push(words);
    }
}
