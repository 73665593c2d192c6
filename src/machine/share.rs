//! One link for all tabs of a browser: which tab holds it, and what the tabs tell each other of it.
//!
//! The browser's lock decides: whoever has it leads, dials and passes on what the server says; the others wait for the
//! lock, which is theirs as soon as the leader closes. A seen tab asks a leader that sleeps to give way, and takes the lock
//! away from one that does not answer. Where the browser has no locks, each tab leads for itself.

use crate::domain::batch::BatchId;
use crate::domain::live::{Health, Transport, Word};
use crate::domain::time::{Duration, Millis, SECOND};

/// A seen tab asks for the leader when it has heard nothing for so long, in milliseconds.
pub const ASK_AFTER: Duration = 750;
/// A leader that has not answered by then is taken for dead.
pub const ANSWER_WITHIN: Duration = SECOND;
/// A browser that has not even given a lock by then that was taken by force gives none.
const GRANTED_WITHIN: Duration = 10 * SECOND;
/// A tab that has not told its wishes for so long is not waited for any more.
const FORGET_AFTER: Duration = 120 * SECOND;

/// What happens to the sharing.
#[derive(Clone, Debug, PartialEq)]
pub enum Input {
    /// A link is wanted: somebody is signed in and the page is not frozen.
    Want(bool),
    Visible(bool),
    /// What this tab follows.
    Follow(Vec<BatchId>),
    /// What became of this tab's own link.
    Link(Health, Transport),
    /// The lock is this tab's.
    Granted,
    /// Another tab took the lock away.
    Lost,
    /// The browser has no locks for this page.
    Unable,
    Heard(Word),
    /// A person wants a link at once.
    RetryNow,
    Tick,
}

/// What is to be done.
#[derive(Clone, Debug, PartialEq)]
pub enum Action {
    /// Ask for the lock; `steal` takes it away from whoever has it.
    Claim {
        steal: bool,
    },
    /// Give the lock back, or wait for it no more.
    Release,
    Say(Word),
}

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

/// What the leader last told.
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

/// What a seen tab does next about a leader that it does not hear.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Next {
    Ask,
    /// It was asked.
    Steal,
    /// The lock was taken away, and has not come.
    BeAlone,
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

    /// What the leader last told, if another tab leads.
    pub fn leader(&self) -> Option<&Leader> {
        self.leader.as_ref()
    }

    /// Whether other tabs wait for what this one hears.
    pub fn relays(&self) -> bool {
        self.role == Role::Leading && !self.followers.is_empty()
    }

    /// What other tabs want news of.
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
                self.tell_if_leading()
            }
            Input::Follow(batches) => {
                self.batches = batches;
                match self.role {
                    Role::Following => vec![self.wants()],
                    _ => Vec::new(),
                }
            }
            Input::Link(health, transport) => {
                self.link = (health, transport);
                self.tell_if_leading()
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
        vec![Action::Claim { steal: false }, self.wants()]
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
        vec![self.tells()]
    }

    /// The lock is another tab's now.
    fn deposed(&mut self, now: Millis) -> Vec<Action> {
        if self.role != Role::Leading {
            return Vec::new();
        }
        self.role = Role::Following;
        self.followers.clear();
        self.listen(now);
        vec![Action::Claim { steal: false }, self.wants()]
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
                vec![self.tells()]
            }
            (Word::Yield, Role::Leading) if self.link.0 == Health::Live => vec![self.tells()],
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
                is_new.then(|| self.wants()).into_iter().collect()
            }
            // A leader that hears of another one either has lost the lock and will be told, or hears the last word of
            // the one before.
            _ => Vec::new(),
        }
    }

    fn tick(&mut self, now: Millis) -> Vec<Action> {
        let Some((_, next)) = self.next.filter(|(at, _)| now >= *at) else {
            return Vec::new();
        };
        match next {
            Next::Ask => {
                self.next = Some((now + ANSWER_WITHIN, Next::Steal));
                vec![self.wants()]
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

    fn ask_to_yield(&mut self, now: Millis) -> Vec<Action> {
        self.next = Some((now + ANSWER_WITHIN, Next::Steal));
        vec![Action::Say(Word::Yield)]
    }

    /// The leader was heard, or is waited for from now on. A hidden tab does not ask: its timers run late, and nobody
    /// looks at it.
    fn listen(&mut self, now: Millis) {
        let listens = self.role == Role::Following && self.visible;
        if !matches!(self.next, Some((_, Next::BeAlone))) {
            self.next = listens.then_some((now + ASK_AFTER, Next::Ask));
        }
    }

    /// What the server said came through the leader.
    pub fn relayed(&mut self, now: Millis) {
        self.listen(now);
    }

    fn wants(&self) -> Action {
        Action::Say(Word::Wants {
            tab: self.tab,
            batches: self.batches.clone(),
        })
    }

    fn tells(&self) -> Action {
        let (health, transport) = self.link.clone();
        let sleeps = !self.visible && matches!(health, Health::Connecting | Health::Waiting(_));
        Action::Say(Word::Leads {
            tab: self.tab,
            health,
            transport,
            sleeps,
        })
    }

    fn tell_if_leading(&self) -> Vec<Action> {
        match self.role {
            Role::Leading => vec![self.tells()],
            _ => Vec::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Millis = Millis(1_000_000);
    const OWN: u32 = 1;
    const OTHER: u32 = 2;

    fn leads(health: Health, sleeps: bool) -> Input {
        Input::Heard(Word::Leads {
            tab: OTHER,
            health,
            transport: Transport::Multiplexed,
            sleeps,
        })
    }

    /// A tab that wants a link and waits for the lock.
    fn following() -> Share {
        let mut share = Share::new(Some(OWN));
        let actions = share.step(Input::Want(true), NOW);
        assert!(actions.contains(&Action::Claim { steal: false }));
        share
    }

    fn leading() -> Share {
        let mut share = following();
        share.step(Input::Granted, NOW);
        share
    }

    fn steals(actions: &[Action]) -> bool {
        actions.contains(&Action::Claim { steal: true })
    }

    #[test]
    fn who_has_the_lock_leads_and_says_so() {
        let mut share = following();
        assert!(!share.leads());
        let actions = share.step(Input::Granted, NOW);
        assert!(share.leads());
        assert!(matches!(
            actions[..],
            [Action::Say(Word::Leads { tab: OWN, .. })]
        ));
    }

    #[test]
    fn without_locks_a_tab_is_alone_and_says_nothing() {
        let mut share = Share::new(None);
        assert_eq!(share.step(Input::Want(true), NOW), []);
        assert!(share.leads());
        assert_eq!(share.deadline(), None);
    }

    #[test]
    fn a_seen_tab_asks_a_silent_leader_and_then_takes_the_lock() {
        let mut share = following();
        assert_eq!(share.step(Input::Tick, NOW + (ASK_AFTER - 1)), []);
        let asked = share.step(Input::Tick, NOW + ASK_AFTER);
        assert!(matches!(asked[..], [Action::Say(Word::Wants { .. })]));
        let late = NOW + ASK_AFTER + ANSWER_WITHIN;
        assert!(!steals(
            &share.step(Input::Tick, NOW + (ASK_AFTER + ANSWER_WITHIN - 1))
        ));
        assert!(steals(&share.step(Input::Tick, late)));
        // As promised.
        const { assert!(ASK_AFTER + ANSWER_WITHIN < 2 * SECOND) };
    }

    #[test]
    fn a_leader_that_answers_keeps_the_lock() {
        let mut share = following();
        share.step(Input::Tick, NOW + ASK_AFTER);
        share.step(leads(Health::Live, false), NOW + ASK_AFTER + 10);
        let actions = share.step(Input::Tick, NOW + ASK_AFTER + ANSWER_WITHIN);
        assert!(!steals(&actions), "{actions:?}");
    }

    #[test]
    fn what_the_leader_passes_on_shows_that_it_lives() {
        let mut share = following();
        for tick in 1..20 {
            let now = NOW + tick * (ASK_AFTER - 50);
            share.relayed(now);
            assert_eq!(share.step(Input::Tick, now), []);
        }
    }

    #[test]
    fn a_hidden_tab_asks_nothing() {
        let mut share = following();
        share.step(Input::Visible(false), NOW);
        assert_eq!(share.deadline(), None);
    }

    #[test]
    fn a_sleeping_leader_is_asked_to_give_way_once_and_then_loses_the_lock() {
        let mut share = following();
        let asked = share.step(leads(Health::Connecting, true), NOW);
        assert_eq!(asked, [Action::Say(Word::Yield)]);
        assert_eq!(share.step(leads(Health::Connecting, true), NOW + 10), []);
        assert!(steals(&share.step(Input::Tick, NOW + ANSWER_WITHIN)));
    }

    #[test]
    fn a_leader_gives_way_unless_its_link_is_live() {
        let mut share = leading();
        share.step(Input::Link(Health::Live, Transport::Multiplexed), NOW);
        share.step(Input::Heard(Word::Yield), NOW);
        assert!(share.leads());
        share.step(Input::Link(Health::Connecting, Transport::Multiplexed), NOW);
        let actions = share.step(Input::Heard(Word::Yield), NOW);
        assert!(!share.leads());
        assert_eq!(actions[0], Action::Release);
        assert!(actions.contains(&Action::Claim { steal: false }));
    }

    #[test]
    fn a_leader_carries_what_others_want_until_they_go() {
        let ids = |names: &[&str]| -> Vec<BatchId> {
            names.iter().map(|name| BatchId((*name).into())).collect()
        };
        let wants = |batches| {
            Input::Heard(Word::Wants {
                tab: OTHER,
                batches,
            })
        };
        let mut share = leading();
        share.step(Input::Follow(ids(&["a"])), NOW);
        assert!(!share.relays());
        let answer = share.step(wants(ids(&["a", "b"])), NOW);
        assert!(matches!(answer[..], [Action::Say(Word::Leads { .. })]));
        assert!(share.relays());
        assert_eq!(share.others(), ids(&["b"]));
        share.step(Input::Heard(Word::Gone { tab: OTHER }), NOW);
        assert!(!share.relays());
        assert!(share.others().is_empty());
    }

    #[test]
    fn a_follower_that_is_not_heard_of_again_is_forgotten() {
        let mut share = leading();
        let wants = |tab| {
            Input::Heard(Word::Wants {
                tab,
                batches: vec![BatchId(tab.to_string())],
            })
        };
        share.step(wants(OTHER), NOW);
        share.step(wants(3), NOW + FORGET_AFTER);
        assert_eq!(share.others(), [BatchId("3".into())]);
    }

    #[test]
    fn a_browser_that_gives_no_lock_at_all_leaves_each_tab_alone() {
        let mut share = following();
        share.step(Input::Tick, NOW + ASK_AFTER);
        let stolen = NOW + ASK_AFTER + ANSWER_WITHIN;
        assert!(steals(&share.step(Input::Tick, stolen)));
        let actions = share.step(Input::Tick, stolen + GRANTED_WITHIN);
        assert_eq!(actions, [Action::Release]);
        assert_eq!(share.role(), Role::Alone);
    }

    #[test]
    fn who_lost_the_lock_follows_and_waits_for_it() {
        let mut share = leading();
        let actions = share.step(Input::Lost, NOW);
        assert_eq!(share.role(), Role::Following);
        assert!(actions.contains(&Action::Claim { steal: false }));
    }

    #[test]
    fn who_wants_no_link_gives_the_lock_back_and_a_late_grant_too() {
        let mut share = leading();
        assert_eq!(share.step(Input::Want(false), NOW), [Action::Release]);
        assert_eq!(share.step(Input::Granted, NOW), [Action::Release]);
        assert_eq!(share.role(), Role::Idle);
        let mut waiting = following();
        let actions = waiting.step(Input::Want(false), NOW);
        assert!(actions.contains(&Action::Say(Word::Gone { tab: OWN })));
    }
}
