//! Requests under way: one of each slot, each with a number, repeated as the rules say.
//!
//! An answer with an older number than the slot's present one is dropped, so the newest question wins. What failed for
//! want of a good token is parked and sent again after the next sign-in.

use crate::app::effect::{Effect, Timer};
use crate::app::message::Outcome;
use crate::app::parts::{Part, Parts, Task, part_of_slot};
use crate::app::{Ctx, Model};
use crate::domain::batch::BatchId;
use crate::domain::time::{Millis, SECOND};
use crate::error::{Error, Kind};
use crate::machine::retry::retry_delay;
use crate::wire::rest::{Answer, Http, Reply, Request};

/// What a request is for; there is at most one under way of each.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Slot {
    Session,
    Logout,
    Me,
    Leads,
    /// A block of the list to scroll through.
    Rows(u32),
    /// Leads that are read to be chosen all at once.
    Gathering,
    /// A list that is looked up.
    Bring,
    Templates,
    Price,
    Budget,
    Start,
    BatchList,
    /// A launch among the batches of its time.
    Sought,
    History,
    /// The whole list, page after page.
    Archive,
    Analytics,
    Status(BatchId),
    Cancel(BatchId),
    Results(BatchId),
    Rerun(BatchId),
    /// The leads of a running batch of somebody else.
    Others(BatchId),
}

/// One request, numbered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ticket {
    pub slot: Slot,
    pub number: u32,
}

/// What a request waits for.
#[derive(Clone, Debug, PartialEq)]
pub enum Phase {
    /// The answer.
    Answer,
    /// The time to be sent again, after this error.
    Retry { at: Millis, error: Error },
    /// The network.
    Network,
    /// A sign-in.
    SignIn,
}

#[derive(Clone, Debug)]
struct InFlight {
    slot: Slot,
    number: u32,
    request: Request,
    /// The token that the last attempt carried.
    token: Option<String>,
    failures: u32,
    phase: Phase,
}

/// Requests under way.
#[derive(Clone, Debug, Default)]
pub struct Net {
    in_flight: Vec<InFlight>,
    last_number: u32,
}

impl Net {
    /// A request of this slot is under way or waits.
    pub fn is_busy(&self, slot: &Slot) -> bool {
        self.get(slot).is_some()
    }

    /// What requests are under way for.
    pub fn slots(&self) -> impl Iterator<Item = &Slot> {
        self.in_flight.iter().map(|flying| &flying.slot)
    }

    fn get(&self, slot: &Slot) -> Option<&InFlight> {
        self.in_flight.iter().find(|flying| flying.slot == *slot)
    }

    fn get_mut(&mut self, slot: &Slot) -> Option<&mut InFlight> {
        self.in_flight
            .iter_mut()
            .find(|flying| flying.slot == *slot)
    }

    fn take(&mut self, slot: &Slot) -> Option<InFlight> {
        let place = self
            .in_flight
            .iter()
            .position(|flying| flying.slot == *slot)?;
        Some(self.in_flight.swap_remove(place))
    }

    /// The first answer to a request of this slot is waited for.
    pub(crate) fn is_first_try(&self, slot: &Slot) -> bool {
        self.get(slot)
            .is_some_and(|flying| flying.phase == Phase::Answer && flying.failures == 0)
    }

    /// What a request of this slot waits for.
    pub fn phase(&self, slot: &Slot) -> Option<&Phase> {
        self.get(slot).map(|flying| &flying.phase)
    }
}

impl Model {
    /// Sends a request; an older one of the same slot is forgotten.
    pub(crate) fn send(&mut self, slot: Slot, request: Request, ctx: &mut Ctx) {
        self.net.last_number += 1;
        let number = self.net.last_number;
        let old = self.net.take(&slot);
        let flying = InFlight {
            slot: slot.clone(),
            number,
            request,
            token: None,
            failures: 0,
            phase: Phase::Answer,
        };
        self.net.in_flight.push(flying);
        if matches!(
            old,
            Some(InFlight {
                phase: Phase::Retry { .. },
                ..
            })
        ) {
            ctx.emit(Effect::ClearTimer(Timer::Retry(slot.clone())));
        }
        self.transmit(slot, ctx);
    }

    /// Sends a request unless one of its slot is under way or waits its turn: for reads that come by themselves.
    pub(crate) fn send_if_free(&mut self, slot: Slot, request: Request, ctx: &mut Ctx) {
        if !self.net.is_busy(&slot) {
            self.send(slot, request, ctx);
        }
    }

    /// Forgets a request; its answer will be ignored.
    pub(crate) fn abort(&mut self, slot: &Slot, ctx: &mut Ctx) {
        if self.net.is_busy(slot) && self.net.take(slot).is_some() {
            ctx.emit(Effect::Abort(slot.clone()));
            ctx.emit(Effect::ClearTimer(Timer::Retry(slot.clone())));
        }
    }

    /// Forgets every request.
    pub(crate) fn abort_all(&mut self, ctx: &mut Ctx) {
        self.abort_where(|_| true, ctx);
    }

    /// Forgets the requests of these slots.
    pub(crate) fn abort_where(&mut self, wanted: impl Fn(&Slot) -> bool, ctx: &mut Ctx) {
        let slots: Vec<_> = self
            .net
            .slots()
            .filter(|slot| wanted(slot))
            .cloned()
            .collect();
        for slot in slots {
            self.abort(&slot, ctx);
        }
    }

    /// Sends again what waited its turn.
    pub(crate) fn retry(&mut self, slot: Slot, ctx: &mut Ctx) {
        if let Some(flying) = self.net.get_mut(&slot) {
            flying.phase = Phase::Answer;
            self.transmit(slot, ctx);
        }
    }

    /// Sends again what waited for a sign-in.
    pub(crate) fn resume_after_sign_in(&mut self, ctx: &mut Ctx) {
        self.resume(&Phase::SignIn, ctx);
    }

    /// Sends again what waited for the network.
    pub(crate) fn resume_after_offline(&mut self, ctx: &mut Ctx) {
        self.resume(&Phase::Network, ctx);
    }

    fn resume(&mut self, phase: &Phase, ctx: &mut Ctx) {
        let waiting = self
            .net
            .in_flight
            .iter()
            .filter(|flying| flying.phase == *phase);
        let slots: Vec<_> = waiting.map(|flying| flying.slot.clone()).collect();
        for slot in slots {
            self.retry(slot, ctx);
        }
    }

    /// What one person wanted stopped is not stopped with a token that may be another one's.
    fn is_held(&self, slot: &Slot) -> bool {
        self.session.is_doubtful() && matches!(slot, Slot::Cancel(_))
    }

    fn transmit(&mut self, slot: Slot, ctx: &mut Ctx) {
        let present = self.session.access_token();
        let is_held = self.is_held(&slot);
        let Some(flying) = self.net.get_mut(&slot) else {
            return;
        };
        if is_held {
            // Sent once it is known whose token it is.
            flying.phase = Phase::SignIn;
            return;
        }
        flying.phase = Phase::Answer;
        let http = self.parts.write(&slot, &flying.request);
        let token = present.filter(|_| http.auth);
        flying.token.clone_from(&token);
        ctx.emit(Effect::Send {
            ticket: Ticket {
                slot,
                number: flying.number,
            },
            http,
            token,
        });
    }

    pub(crate) fn answered(&mut self, ticket: Ticket, outcome: Outcome, ctx: &mut Ctx) {
        let Ticket { slot, number } = ticket;
        let Some(flying) = self
            .net
            .get(&slot)
            .filter(|flying| flying.number == number)
            .cloned()
        else {
            return;
        };
        let request = flying.request;
        let result = self.parts.read(&slot, &request, outcome);
        if let Err(error) = &result
            && let Some(phase) = self.phase_after(&request, error, flying.failures + 1, ctx)
        {
            if let Phase::Retry { at, .. } = &phase {
                ctx.emit(Effect::SetTimer(Timer::Retry(slot.clone()), *at));
            }
            let needs_sign_in = phase == Phase::SignIn;
            // Renewed while this was under way: the refusal was meant for the token before.
            if needs_sign_in
                && self.session.is_signed_in()
                && flying.token != self.session.access_token()
            {
                return self.transmit(slot, ctx);
            }
            if let Some(flying) = self.net.get_mut(&slot) {
                flying.failures += 1;
                flying.phase = phase;
            }
            if needs_sign_in && flying.token == self.session.access_token() {
                self.token_refused(ctx);
            }
            if slot == Slot::Me {
                // An approval does not wait for as long as that may take.
                self.ask(Part::Live, Task::TokenSettled, ctx);
            }
            return;
        }
        self.net.take(&slot);
        self.deliver(slot, request, result, ctx);
    }

    /// What a failed request waits for; `None` where its failure is to be told.
    fn phase_after(
        &self,
        request: &Request,
        error: &Error,
        failures: u32,
        ctx: &mut Ctx,
    ) -> Option<Phase> {
        match error.kind {
            Kind::Unauthorized
                if request.needs_token()
                    && !matches!(request, Request::Start(_) | Request::Logout) =>
            {
                return Some(Phase::SignIn);
            }
            Kind::Offline if request.is_repeatable() => return Some(Phase::Network),
            _ => {}
        }
        if !request.is_repeatable() {
            return None;
        }
        let delay = retry_delay(error, failures, ctx.random())?;
        Some(Phase::Retry {
            at: ctx.now + delay,
            error: error.clone(),
        })
    }

    /// Hands an answer to the slice that asked.
    fn deliver(
        &mut self,
        slot: Slot,
        request: Request,
        result: Result<Reply, Error>,
        ctx: &mut Ctx,
    ) {
        if let Some(part) = part_of_slot(&slot) {
            return self.ask(part, Task::Answered(slot, result), ctx);
        }
        match slot {
            Slot::Session => self.session_answered(&request, result, ctx),
            Slot::Me => self.me_answered(result, ctx),
            Slot::Leads => self.leads_answered(result, ctx),
            Slot::Rows(number) => self.rows_answered(number, result, ctx),
            Slot::Gathering => self.select_all_answered(result, ctx),
            // Nobody waits for the end of a session, and the others are another part's.
            _ => {}
        }
    }
}

/// How a request is written and its answer read: by the part that asks it.
impl Parts {
    fn write(&self, slot: &Slot, request: &Request) -> Http {
        let code = part_of_slot(slot).and_then(|part| self.code(part));
        let first = || request.to_first_http();
        match code {
            Some(code) => (code.write)(request),
            // A part that is not there asks for nothing.
            None => first().unwrap_or_else(Http::none),
        }
    }

    fn read(&self, slot: &Slot, request: &Request, outcome: Outcome) -> Result<Reply, Error> {
        let kind = match outcome {
            Outcome::Http {
                status,
                retry_after,
                body,
            } => {
                let answer = Answer {
                    status,
                    retry_after: retry_after.as_deref(),
                    body: &body,
                };
                let code = part_of_slot(slot).and_then(|part| self.code(part));
                return match code {
                    Some(code) => (code.read)(request, &answer),
                    None => request.read_first(&answer),
                };
            }
            Outcome::Network => Kind::Network,
            Outcome::Timeout => {
                Kind::Timeout((self.write(slot, request).time_limit / SECOND) as u32)
            }
            Outcome::Offline => Kind::Offline,
        };
        Err(Error {
            kind,
            task: request.task(),
        })
    }
}

/// The answer that a reply of another kind than expected comes to: the app's own mistake, told like the server's.
pub(crate) fn unexpected(task: &'static str) -> Error {
    Error {
        kind: Kind::Unreadable("an answer of another kind".into()),
        task,
    }
}
