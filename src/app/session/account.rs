//! Who is signed in, and what happens when the token is not good any more.

use crate::app::effect::{Effect, StoreKey};
use crate::app::message::StartFacts;
use crate::app::parts::{Part, Task};
use crate::app::requests::{Slot, unexpected};
use crate::app::{Ctx, Model};
use crate::error::{Error, Kind};
use crate::wire::rest::{Reply, Request, Tokens, User};

/// Where the session stands.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Phase {
    /// Nobody is signed in.
    #[default]
    SignedOut,
    /// A person's words are being checked; `again` where a session had ended before.
    SigningIn {
        again: bool,
    },
    SignedIn,
    /// The token was refused and is being renewed without a person.
    Renewing,
    /// The token was refused: asked for again in place, nothing is lost.
    Expired,
}

/// Who is signed in.
#[derive(Clone, Debug, Default)]
pub struct Session {
    pub phase: Phase,
    pub user: Option<User>,
    /// Whose work is on this page: who was known last, also while it cannot be told who it is now.
    pub(super) owner: Option<String>,
    /// That person was signed in on this page; else it is only supposed, by what the browser has kept.
    pub(super) is_owner_seen: bool,
    /// The token came from elsewhere, and it is not known yet whose it is.
    pub(super) is_doubtful: bool,
    /// Choice or form were kept without the name of the person whose they are.
    pub(crate) is_kept_unsigned: bool,
    /// So often it could not be told who is signed in.
    pub(crate) unanswered: u32,
    /// Why the last attempt to sign in failed.
    pub error: Option<Error>,
    pub(super) tokens: Option<Tokens>,
}

impl Session {
    /// Requests may be sent.
    pub fn is_signed_in(&self) -> bool {
        self.phase == Phase::SignedIn
    }

    /// The app is shown, perhaps with a sign-in form in front of it.
    pub fn is_inside(&self) -> bool {
        !matches!(
            self.phase,
            Phase::SignedOut | Phase::SigningIn { again: false }
        )
    }

    /// A person is asked to sign in, in front of what they were doing.
    pub fn asks_again(&self) -> bool {
        matches!(
            self.phase,
            Phase::Expired | Phase::SigningIn { again: true }
        )
    }

    /// The e-mail address of the person, once it is known.
    pub fn person(&self) -> Option<&str> {
        self.user.as_ref().map(|user| user.email.as_str())
    }

    /// Whose work is on this page, where that is certain.
    pub(crate) fn owner(&self) -> Option<&str> {
        let owner = self.owner.as_deref();
        owner.filter(|_| self.is_owner_seen && !self.is_doubtful)
    }

    /// By what the browser has kept the work on this page is this person's.
    pub(crate) fn suppose(&mut self, owner: Option<String>) {
        self.owner = owner.or(self.owner.take());
    }

    /// What is kept may be of the person whose work is on this page.
    pub(crate) fn may_be_of(&self, owner: Option<&str>) -> bool {
        owner.is_none() || self.owner.is_none() || owner == self.owner.as_deref()
    }

    /// The token came from elsewhere, and it is not known yet whose it is: nothing is bought or stopped with it.
    pub(crate) fn is_doubtful(&self) -> bool {
        self.is_doubtful
    }

    /// The bearer token.
    pub fn access_token(&self) -> Option<String> {
        self.tokens.as_ref().map(|tokens| tokens.access.clone())
    }
}

impl Model {
    pub(crate) fn restore_session(&mut self, facts: StartFacts, ctx: &mut Ctx) {
        let Some(access) = facts.token.filter(|token| !token.is_empty()) else {
            return;
        };
        self.session.tokens = Some(Tokens {
            access,
            refresh: facts.refresh,
            user: None,
        });
        self.entered(ctx);
        self.send_if_free(Slot::Me, Request::Me, ctx);
    }

    pub(crate) fn sign_in(&mut self, email: String, password: String, ctx: &mut Ctx) {
        if matches!(self.session.phase, Phase::SigningIn { .. }) {
            return;
        }
        let email = email.trim().to_owned();
        self.session.error = None;
        self.session.phase = Phase::SigningIn {
            again: self.session.is_inside(),
        };
        self.send(Slot::Session, Request::Login { email, password }, ctx);
    }

    pub(crate) fn sign_out(&mut self, ctx: &mut Ctx) {
        let token = self.session.access_token();
        self.abort_all(ctx);
        if token.is_some() {
            self.send(Slot::Logout, Request::Logout, ctx);
        }
        for key in [
            StoreKey::Token,
            StoreKey::Refresh,
            StoreKey::Selection,
            StoreKey::Draft,
        ] {
            ctx.emit(Effect::Store(key, None));
        }
        self.leave(ctx);
    }

    /// Another page of the product signed in or out.
    pub(crate) fn token_changed(&mut self, token: Option<String>, ctx: &mut Ctx) {
        match token.filter(|token| !token.is_empty()) {
            Some(access) if Some(&access) != self.session.access_token().as_ref() => {
                let refresh = None;
                self.session.tokens = Some(Tokens {
                    access,
                    refresh,
                    user: None,
                });
                self.abort(&Slot::Session, ctx);
                self.asked_whose(ctx);
            }
            None if self.session.is_signed_in() => {
                self.abort_all(ctx);
                self.leave(ctx);
            }
            _ => {}
        }
    }

    /// Goes on with a token of which it is not known whose it is.
    fn asked_whose(&mut self, ctx: &mut Ctx) {
        self.session.is_doubtful = true;
        self.abort(&Slot::Me, ctx);
        self.entered(ctx);
        self.send_if_free(Slot::Me, Request::Me, ctx);
    }

    /// A request found the token refused. It is renewed if that is possible, else a person is asked.
    pub(crate) fn token_refused(&mut self, ctx: &mut Ctx) {
        if !self.session.is_signed_in() {
            return;
        }
        let refresh = self
            .session
            .tokens
            .as_mut()
            .and_then(|tokens| tokens.refresh.take());
        match refresh {
            Some(refresh) => {
                self.session.phase = Phase::Renewing;
                self.send(Slot::Session, Request::RefreshToken { refresh }, ctx);
            }
            None => self.ask_again(),
        }
    }

    /// The live link wants another token. Requests may still be answered, so no person is troubled for it.
    pub(crate) fn renew_token(&mut self, ctx: &mut Ctx) {
        let tokens = self.session.tokens.as_ref();
        if tokens.is_some_and(|tokens| tokens.refresh.is_some()) {
            self.token_refused(ctx);
        }
    }

    /// Another tab of this app got a token by which its session can be renewed.
    pub(crate) fn refresh_changed(&mut self, refresh: Option<String>) {
        if let Some(tokens) = self.session.tokens.as_mut() {
            tokens.refresh = refresh.filter(|token| !token.is_empty());
        }
    }

    fn ask_again(&mut self) {
        self.session.phase = Phase::Expired;
        self.notices
            .announce("Your session has ended. Sign in again to go on; nothing is lost.");
    }

    pub(crate) fn session_answered(
        &mut self,
        request: &Request,
        result: Result<Reply, Error>,
        ctx: &mut Ctx,
    ) {
        match result {
            Ok(Reply::Session(tokens)) => {
                ctx.emit(Effect::Store(StoreKey::Token, Some(tokens.access.clone())));
                ctx.emit(Effect::Store(StoreKey::Refresh, tokens.refresh.clone()));
                let user = tokens.user.clone();
                let is_other = user.as_ref().is_some_and(|user| self.is_other(user));
                if is_other && self.session.is_owner_seen {
                    // What waited for a sign-in waited for another one.
                    self.abort_all(ctx);
                }
                self.session.tokens = Some(tokens);
                self.session.error = None;
                let renewed = matches!(request, Request::RefreshToken { .. });
                match user {
                    Some(user) => {
                        self.entered(ctx);
                        self.person_known(user, ctx);
                    }
                    // A renewed token is the same person's.
                    None if renewed && !self.session.is_doubtful => {
                        self.entered(ctx);
                        self.person_wanted(ctx);
                    }
                    None => self.asked_whose(ctx),
                }
            }
            _ if matches!(request, Request::RefreshToken { .. }) => self.ask_again(),
            Ok(_) => self.sign_in_failed(unexpected("sign in")),
            Err(error) => self.sign_in_failed(error),
        }
    }

    fn sign_in_failed(&mut self, error: Error) {
        let again = matches!(self.session.phase, Phase::SigningIn { again: true });
        self.session.phase = if again {
            Phase::Expired
        } else {
            Phase::SignedOut
        };
        self.session.error = Some(error);
    }

    /// What people read when signing in failed: wrong words are told as such, not as an ended session.
    pub fn sign_in_complaint(&self) -> Option<String> {
        let error = self.session.error.as_ref()?;
        Some(match &error.kind {
            Kind::Unauthorized => {
                "This e-mail address and password do not belong together. Check both and try again."
                    .into()
            }
            Kind::Refused(_) => {
                "Enter your e-mail address as name@company.example, and your password.".into()
            }
            _ => error.to_string(),
        })
    }

    fn entered(&mut self, ctx: &mut Ctx) {
        self.session.phase = Phase::SignedIn;
        self.ask(Part::Live, Task::TokenGiven, ctx);
        self.resume_after_sign_in(ctx);
        self.load_what_is_shown(ctx);
        self.ask(Part::Live, Task::Entered, ctx);
    }
}
