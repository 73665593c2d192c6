//! One link for all tabs of a browser: which tab holds it, and what the tabs tell each other of it.
//!
//! The browser's lock decides: whoever has it leads, dials and passes on what the server says; the others wait for the
//! lock, which is theirs as soon as the leader closes. A seen tab asks a leader that sleeps to give way, and takes the lock
//! away from one that does not answer. Where the browser has no locks, each tab leads for itself.

mod messages;
mod takeover;

pub use messages::{Action, Input};
pub use takeover::{ANSWER_WITHIN, ASK_AFTER};

use crate::domain::batch::BatchId;
use crate::domain::live::{Health, Transport, Word};
use crate::domain::time::{Duration, Millis, SECOND};
use takeover::Next;

/// A tab that has not told its wishes for so long is not waited for any more.
const FORGET_AFTER: Duration = 120 * SECOND;

/// This tab's part.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// No link is wanted.
    Idle,
    /// Without locks: this tab is the only one it knows.
    Alone,
    Following,
    Leading,
}

#[derive(Clone, Debug, PartialEq)]
struct Follower {
    tab: u32,
    batches: Vec<BatchId>,
    heard: Millis,
}

/// The last message of the leader.
#[derive(Clone, Debug, PartialEq)]
pub struct Leader {
    pub tab: u32,
    pub health: Health,
    pub transport: Transport,
}

/// The sharing of one tab.
#[derive(Clone, Debug, PartialEq)]
pub struct Share {
    tab: u32,
    able: bool,
    role: Role,
    visible: bool,
    batches: Vec<BatchId>,
    link: (Health, Transport),
    followers: Vec<Follower>,
    leader: Option<Leader>,
    /// What comes next if nothing is heard, and when.
    next: Option<(Millis, Next)>,
}

impl Default for Share {
    fn default() -> Self {
        Self::new(None)
    }
}

impl Share {
    /// `tab` is a number that no other tab has; `None` where the browser has no locks, or no channel between tabs.
    pub fn new(tab: Option<u32>) -> Self {
        Self {
            tab: tab.unwrap_or_default(),
            able: tab.is_some(),
            role: Role::Idle,
            visible: true,
            batches: Vec::new(),
            link: (Health::Connecting, Transport::default()),
            followers: Vec::new(),
            leader: None,
            next: None,
        }
    }

    /// This tab's part.
    pub fn role(&self) -> Role {
        self.role
    }

    /// Whether this tab may dial.
    pub fn leads(&self) -> bool {
        matches!(self.role, Role::Leading | Role::Alone)
    }

    /// The last message of the leader, if another tab leads.
    pub fn leader(&self) -> Option<&Leader> {
        self.leader.as_ref()
    }

    /// Whether peer tabs wait for what this one hears.
    pub fn relays(&self) -> bool {
        self.role == Role::Leading && !self.followers.is_empty()
    }

    /// What peer tabs want news of.
    pub fn others(&self) -> Vec<BatchId> {
        let mut all: Vec<BatchId> = Vec::new();
        if self.role == Role::Leading {
            for id in self.followers.iter().flat_map(|tab| &tab.batches) {
                if !all.contains(id) && !self.batches.contains(id) {
                    all.push(id.clone());
                }
            }
        }
        all
    }

    /// When [`Input::Tick`] is due next.
    pub fn deadline(&self) -> Option<Millis> {
        self.next.map(|(at, _)| at)
    }

    /// Takes one input and returns what is to be done, in order.
    pub fn step(&mut self, input: Input, now: Millis) -> Vec<Action> {
        match input {
            Input::Want(true) if self.role == Role::Idle => self.begin(now),
            Input::Want(false) if self.role != Role::Idle => self.end(),
            Input::Want(_) => Vec::new(),
            Input::Visible(visible) => {
                self.visible = visible;
                self.listen(now);
                self.announce_if_leading()
            }
            Input::Follow(batches) => {
                self.batches = batches;
                match self.role {
                    Role::Following => vec![self.wants_message()],
                    _ => Vec::new(),
                }
            }
            Input::Link(health, transport) => {
                self.link = (health, transport);
                self.announce_if_leading()
            }
            Input::Granted => self.granted(),
            Input::Lost => self.deposed(now),
            Input::Unable => self.alone(),
            Input::Heard(word) => self.heard(word, now),
            Input::RetryNow if self.role == Role::Following => self.ask_to_yield(now),
            Input::RetryNow => Vec::new(),
            Input::Tick => self.tick(now),
        }
    }

    fn begin(&mut self, now: Millis) -> Vec<Action> {
        if !self.able {
            self.role = Role::Alone;
            return Vec::new();
        }
        self.role = Role::Following;
        self.listen(now);
        vec![Action::Claim { steal: false }, self.wants_message()]
    }

    fn end(&mut self) -> Vec<Action> {
        let was = std::mem::replace(&mut self.role, Role::Idle);
        self.followers.clear();
        self.leader = None;
        self.next = None;
        match was {
            Role::Following => vec![Action::Release, Action::Say(Word::Gone { tab: self.tab })],
            Role::Leading => vec![Action::Release],
            Role::Alone | Role::Idle => Vec::new(),
        }
    }

    fn granted(&mut self) -> Vec<Action> {
        if self.role == Role::Idle {
            return vec![Action::Release];
        }
        self.role = Role::Leading;
        self.leader = None;
        self.next = None;
        vec![self.leads_message()]
    }

    /// The lock is another tab's now.
    fn deposed(&mut self, now: Millis) -> Vec<Action> {
        if self.role != Role::Leading {
            return Vec::new();
        }
        self.role = Role::Following;
        self.followers.clear();
        self.listen(now);
        vec![Action::Claim { steal: false }, self.wants_message()]
    }

    fn alone(&mut self) -> Vec<Action> {
        self.able = false;
        if self.role != Role::Idle {
            self.role = Role::Alone;
        }
        self.leader = None;
        self.next = None;
        Vec::new()
    }

    fn heard(&mut self, word: Word, now: Millis) -> Vec<Action> {
        match (word, self.role) {
            (Word::Wants { tab, batches }, Role::Leading) => {
                self.followers
                    .retain(|known| known.tab != tab && now - known.heard < FORGET_AFTER);
                self.followers.push(Follower {
                    tab,
                    batches,
                    heard: now,
                });
                vec![self.leads_message()]
            }
            (Word::Yield, Role::Leading) if self.link.0 == Health::Live => {
                vec![self.leads_message()]
            }
            (Word::Yield, Role::Leading) => {
                let mut actions = vec![Action::Release];
                actions.extend(self.deposed(now));
                actions
            }
            (Word::Gone { tab }, _) => {
                self.followers.retain(|known| known.tab != tab);
                Vec::new()
            }
            (
                Word::Leads {
                    health,
                    transport,
                    sleeps,
                    tab,
                },
                Role::Following,
            ) => {
                let is_new = (self.leader.as_ref()).is_none_or(|known| known.tab != tab);
                self.leader = Some(Leader {
                    tab,
                    health,
                    transport,
                });
                let asked = matches!(self.next, Some((_, Next::Steal | Next::BeAlone)));
                match sleeps && self.visible {
                    // A sleeping leader that was asked to give way has only so long for it.
                    true if asked => return Vec::new(),
                    true => return self.ask_to_yield(now),
                    false => self.listen(now),
                }
                // It may have come to the lead without hearing of this tab.
                is_new.then(|| self.wants_message()).into_iter().collect()
            }
            // A leader that hears of another one either has lost the lock and will be told, or hears the last word of
            // the one before.
            _ => Vec::new(),
        }
    }

    fn wants_message(&self) -> Action {
        Action::Say(Word::Wants {
            tab: self.tab,
            batches: self.batches.clone(),
        })
    }

    fn leads_message(&self) -> Action {
        let (health, transport) = self.link.clone();
        let sleeps = !self.visible && matches!(health, Health::Connecting | Health::Waiting(_));
        Action::Say(Word::Leads {
            tab: self.tab,
            health,
            transport,
            sleeps,
        })
    }

    fn announce_if_leading(&self) -> Vec<Action> {
        match self.role {
            Role::Leading => vec![self.leads_message()],
            _ => Vec::new(),
        }
    }
}

#[cfg(test)]
mod tests;
