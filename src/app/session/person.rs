//! Whose work is on this page: who is signed in, and what of an earlier person is forgotten.

use crate::app::effect::{Effect, StoreKey, Timer};
use crate::app::notifications::messages::Tone;
use crate::app::parts::{Part, Task};
use crate::app::requests::{Slot, unexpected};
use crate::app::session::account::Session;
use crate::app::{Ctx, Model};
use crate::domain::plan::Settings;
use crate::domain::text::shortened;
use crate::domain::time::{Duration, SECOND};
use crate::error::Error;
use crate::wire::rest::{Reply, Request, User};

/// Where it could not be told who is signed in, it is asked again so much later, and each time as much more.
const PERSON_AGAIN: Duration = 15 * SECOND;

/// It is never asked less often than after so many times that.
const PERSON_RARELY: u32 = 20;

impl Model {
    /// Forgets what belongs to the person.
    pub(super) fn leave(&mut self, ctx: &mut Ctx) {
        *self.session = Session::default();
        self.forget_work(ctx);
        self.ask(Part::Live, Task::Left, ctx);
    }

    /// What a person chose and typed is not kept for the next one, neither here nor in what this tab keeps.
    fn forget_work(&mut self, ctx: &mut Ctx) {
        forget_kept(ctx);
        *self.leads = Default::default();
        *self.choice = Default::default();
        self.ask(Part::Live, Task::WorkForgotten, ctx);
        *self.batches = Default::default();
        *self.history = Default::default();
        // The address keeps its filters, and the fields say so.
        self.leads.typed.clone_from(&self.route.leads.filter.search);
        self.history.typed.clone_from(&self.route.history.search);
        self.tracked_ids.missed.clear();
    }

    /// It is known who is signed in. Somebody else than before finds nothing of what was under way here.
    pub(super) fn person_known(&mut self, user: User, ctx: &mut Ctx) {
        let is_other = self.is_other(&user);
        let session = &mut *self.session;
        let was_doubtful = std::mem::take(&mut session.is_doubtful);
        let was_seen = std::mem::replace(&mut session.is_owner_seen, true);
        let before = session.owner.replace(user.email.clone());
        let is_unsigned = std::mem::take(&mut session.is_kept_unsigned);
        session.unanswered = 0;
        session.user = Some(user);
        // A launch of nobody knows whom does not go on with the token of somebody.
        let is_strange = was_doubtful && !was_seen && self.compose.launch.is_busy();
        match before.filter(|_| is_other) {
            // What is under way was asked by the one before.
            before if is_strange || before.is_some() && was_seen => {
                self.abort_where(|slot| *slot != Slot::Session, ctx);
                self.forget_work(ctx);
                if is_unsigned {
                    // Without a name other tabs would take it for the present person's.
                    ctx.emit(Effect::Store(StoreKey::Selection, None));
                    ctx.emit(Effect::Store(StoreKey::Draft, None));
                }
                self.load_what_is_shown(ctx);
            }
            Some(before) => {
                self.drop_kept(&before, ctx);
                self.resume_after_sign_in(ctx);
            }
            None => self.resume_after_sign_in(ctx),
        }
        if is_unsigned && !self.choice.selection.is_empty() {
            self.keep_choice(ctx);
        }
        if is_unsigned && self.compose.settings != Settings::default() {
            self.ask(Part::Live, Task::DraftKept, ctx);
        }
        self.tell(Part::History, Task::AttemptsChanged, ctx);
        self.ask(Part::Live, Task::PersonKnown(is_other), ctx);
    }

    /// What the browser has kept is somebody else's. What the present person has made of it meanwhile stays.
    fn drop_kept(&mut self, before: &str, ctx: &mut Ctx) {
        if self.choice.can_undo() || self.compose.launch.is_busy() {
            let words = format!(
                "Among the chosen leads may be some that {} has chosen in this browser before: look them over.",
                shortened(before, 80)
            );
            return self.toast(Tone::Bad, words, ctx);
        }
        self.ask(Part::Live, Task::ReviewLeft, ctx);
        forget_kept(ctx);
        self.forget_choice(ctx);
        self.compose.settings = Settings::default();
    }

    /// Somebody else than the one whose work is here.
    pub(super) fn is_other(&self, user: &User) -> bool {
        let owner = self.session.owner.as_ref();
        owner.is_some_and(|owner| *owner != user.email)
    }

    /// It could not be told who is signed in: it is asked again.
    pub(crate) fn person_wanted(&mut self, ctx: &mut Ctx) {
        if self.session.is_signed_in() && self.session.user.is_none() {
            self.send_if_free(Slot::Me, Request::Me, ctx);
        }
    }

    pub(crate) fn me_answered(&mut self, result: Result<Reply, Error>, ctx: &mut Ctx) {
        match result {
            Ok(Reply::Me(user)) => {
                self.person_known(user, ctx);
                self.ask(Part::History, Task::PersonAnswered(None), ctx);
            }
            result => {
                // The token may be another person's by now.
                let session = &mut *self.session;
                session.user = None;
                session.unanswered += 1;
                let times = session.unanswered.min(PERSON_RARELY);
                let again = ctx.now + PERSON_AGAIN * i64::from(times);
                ctx.emit(Effect::SetTimer(Timer::Person, again));
                let error = result.err();
                let error = error.unwrap_or_else(|| unexpected("tell who is signed in"));
                self.ask(Part::History, Task::PersonAnswered(Some(error)), ctx);
            }
        }
        self.ask(Part::Live, Task::TokenSettled, ctx);
    }
}

/// Forgets what this tab keeps of a person's work. What other tabs keep says whose it is.
fn forget_kept(ctx: &mut Ctx) {
    for key in [StoreKey::Selection, StoreKey::Draft] {
        ctx.emit(Effect::ForgetOwn(key));
    }
}
