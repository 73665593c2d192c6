//! When a tab takes the link away from a leader that sleeps or is dead.

use super::{Action, Role, Share};
use crate::domain::live::Word;
use crate::domain::time::{Duration, Millis, SECOND};

/// A seen tab asks for the leader when it has heard nothing for so long, in milliseconds.
pub const ASK_AFTER: Duration = 750;

/// A leader that has not answered by then is taken for dead.
pub const ANSWER_WITHIN: Duration = SECOND;

/// A browser that has not even given a lock by then that was taken by force gives none.
pub(super) const GRANTED_WITHIN: Duration = 10 * SECOND;

/// What a seen tab does next about a leader that it does not hear.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Next {
    Ask,
    /// It was asked.
    Steal,
    /// The lock was taken away, and has not come.
    BeAlone,
}

impl Share {
    /// What the server said came through the leader.
    pub fn relayed(&mut self, now: Millis) {
        self.listen(now);
    }

    /// Does what is due where nothing was heard.
    pub(super) fn tick(&mut self, now: Millis) -> Vec<Action> {
        let Some((_, next)) = self.next.filter(|(at, _)| now >= *at) else {
            return Vec::new();
        };
        match next {
            Next::Ask => {
                self.next = Some((now + ANSWER_WITHIN, Next::Steal));
                vec![self.wants_message()]
            }
            Next::Steal => {
                self.leader = None;
                self.next = Some((now + GRANTED_WITHIN, Next::BeAlone));
                vec![Action::Claim { steal: true }]
            }
            // A browser that does not even give a lock that is taken by force.
            Next::BeAlone => {
                let mut actions = vec![Action::Release];
                actions.extend(self.alone());
                actions
            }
        }
    }

    /// Asks the leader to give way, and waits only so long for it.
    pub(super) fn ask_to_yield(&mut self, now: Millis) -> Vec<Action> {
        self.next = Some((now + ANSWER_WITHIN, Next::Steal));
        vec![Action::Say(Word::Yield)]
    }

    /// The leader was heard, or is waited for from now on. A hidden tab does not ask: its timers run late, and nobody
    /// looks at it.
    pub(super) fn listen(&mut self, now: Millis) {
        let listens = self.role == Role::Following && self.visible;
        if !matches!(self.next, Some((_, Next::BeAlone))) {
            self.next = listens.then_some((now + ASK_AFTER, Next::Ask));
        }
    }
}
