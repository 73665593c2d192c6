//! One socket that wants to be open: dialling, heartbeat, dead-link detection and the ladder of delays.

use super::retry::ladder_delay;
use crate::domain::time::{Duration, Millis, SECOND};

/// Number of a socket; events of any other than the present one are stale and ignored.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Epoch(pub u32);

/// A socket that has not become usable by then is torn down.
pub const OPEN_DEADLINE: Duration = 10 * SECOND;
/// A quiet link is pinged so often.
pub const PING_EVERY: Duration = 15 * SECOND;
/// Without any message so long after a ping the link is dead.
pub const PONG_WITHIN: Duration = 10 * SECOND;
/// A link that lived shorter does not reset the ladder.
pub const FLAP_GUARD: Duration = 5 * SECOND;

/// Where the link stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LinkState {
    /// Not wanted, or the page is hidden or offline.
    Idle,
    /// Dialled; usable once the server has said so.
    Connecting { epoch: Epoch, deadline: Millis },
    /// Usable since `since`; the last message came at `last_seen`.
    Open {
        epoch: Epoch,
        since: Millis,
        last_seen: Millis,
        pong_due: Option<Millis>,
    },
    /// Dialled again at `until`.
    Waiting { until: Millis },
}

/// What happens to a link.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LinkInput {
    /// The link is wanted and may be dialled.
    Want,
    /// The link is not wanted any more, or must not be dialled now.
    Unwant,
    /// The server said that it is ready.
    Established(Epoch),
    /// Any message came.
    Message(Epoch),
    /// The socket is closed.
    Closed(Epoch),
    /// Time has passed.
    Tick,
    /// A person asks for an attempt now.
    RetryNow,
}

/// What is to be done for a link.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LinkAction {
    Open(Epoch),
    Close(Epoch),
    Ping(Epoch),
    /// The link has just become usable.
    Ready(Epoch),
    /// The link was lost or never became usable; `was_open` tells which.
    Lost {
        was_open: bool,
    },
}

/// One socket that wants to be open.
#[derive(Clone, Debug)]
pub struct Link {
    state: LinkState,
    /// Failures since the link was last good for longer than [`FLAP_GUARD`].
    failures: u32,
    next_epoch: u32,
    wanted: bool,
}

impl Default for Link {
    fn default() -> Self {
        Self {
            state: LinkState::Idle,
            failures: 0,
            next_epoch: 1,
            wanted: false,
        }
    }
}

impl Link {
    /// Where the link stands.
    pub fn state(&self) -> LinkState {
        self.state
    }

    /// Failures since it was last good.
    pub fn failures(&self) -> u32 {
        self.failures
    }

    /// When [`LinkInput::Tick`] is due next.
    pub fn deadline(&self) -> Option<Millis> {
        match self.state {
            LinkState::Idle => None,
            LinkState::Connecting { deadline, .. } => Some(deadline),
            LinkState::Open {
                last_seen,
                pong_due,
                ..
            } => Some(pong_due.unwrap_or(last_seen + PING_EVERY)),
            LinkState::Waiting { until } => Some(until),
        }
    }

    /// Takes one input and returns what is to be done, in order. `random` is from 0 up to 1.
    pub fn step(&mut self, input: LinkInput, now: Millis, random: f64) -> Vec<LinkAction> {
        match input {
            LinkInput::Want => {
                self.wanted = true;
                if self.state == LinkState::Idle {
                    vec![self.dial(now)]
                } else {
                    Vec::new()
                }
            }
            LinkInput::Unwant => {
                self.wanted = false;
                let open = self.epoch().map(LinkAction::Close);
                self.state = LinkState::Idle;
                open.into_iter().collect()
            }
            LinkInput::RetryNow => match self.state {
                LinkState::Waiting { .. } => vec![self.dial(now)],
                _ => Vec::new(),
            },
            LinkInput::Established(epoch) => match self.state {
                LinkState::Connecting { epoch: current, .. } if current == epoch => {
                    self.state = LinkState::Open {
                        epoch,
                        since: now,
                        last_seen: now,
                        pong_due: None,
                    };
                    vec![LinkAction::Ready(epoch)]
                }
                _ => self.step(LinkInput::Message(epoch), now, random),
            },
            LinkInput::Message(epoch) => {
                if let LinkState::Open {
                    epoch: current,
                    last_seen,
                    pong_due,
                    ..
                } = &mut self.state
                    && *current == epoch
                {
                    *last_seen = now;
                    *pong_due = None;
                }
                Vec::new()
            }
            LinkInput::Closed(epoch) if self.epoch() == Some(epoch) => self.lose(now, random),
            LinkInput::Closed(_) => Vec::new(),
            LinkInput::Tick => self.tick(now, random),
        }
    }

    fn tick(&mut self, now: Millis, random: f64) -> Vec<LinkAction> {
        match self.state {
            LinkState::Connecting { epoch, deadline } if now >= deadline => {
                self.abandon(epoch, now, random)
            }
            LinkState::Open {
                epoch,
                pong_due: Some(due),
                ..
            } if now >= due => self.abandon(epoch, now, random),
            LinkState::Open {
                epoch,
                since,
                last_seen,
                pong_due: None,
            } if now - last_seen >= PING_EVERY => {
                self.state = LinkState::Open {
                    epoch,
                    since,
                    last_seen,
                    pong_due: Some(now + PONG_WITHIN),
                };
                vec![LinkAction::Ping(epoch)]
            }
            LinkState::Waiting { until } if now >= until => vec![self.dial(now)],
            _ => Vec::new(),
        }
    }

    fn abandon(&mut self, epoch: Epoch, now: Millis, random: f64) -> Vec<LinkAction> {
        let mut actions = vec![LinkAction::Close(epoch)];
        actions.extend(self.lose(now, random));
        actions
    }

    fn lose(&mut self, now: Millis, random: f64) -> Vec<LinkAction> {
        let was_open = match self.state {
            LinkState::Open { since, .. } => {
                if now - since >= FLAP_GUARD {
                    self.failures = 0;
                }
                true
            }
            _ => false,
        };
        self.failures = self.failures.saturating_add(1);
        self.state = LinkState::Waiting {
            until: now + ladder_delay(self.failures, random),
        };
        vec![LinkAction::Lost { was_open }]
    }

    fn dial(&mut self, now: Millis) -> LinkAction {
        let epoch = Epoch(self.next_epoch);
        self.next_epoch = self.next_epoch.wrapping_add(1);
        self.state = LinkState::Connecting {
            epoch,
            deadline: now + OPEN_DEADLINE,
        };
        LinkAction::Open(epoch)
    }

    /// This is the number of the present socket.
    pub fn is_at(&self, epoch: Epoch) -> bool {
        self.epoch() == Some(epoch)
    }

    fn epoch(&self) -> Option<Epoch> {
        match self.state {
            LinkState::Connecting { epoch, .. } | LinkState::Open { epoch, .. } => Some(epoch),
            LinkState::Idle | LinkState::Waiting { .. } => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use LinkAction::*;
    use LinkInput::*;

    const NOW: Millis = Millis(1_000_000);

    fn open_link() -> Link {
        let mut link = Link::default();
        assert_eq!(link.step(Want, NOW, 1.0), [Open(Epoch(1))]);
        assert_eq!(
            link.step(Established(Epoch(1)), NOW, 1.0),
            [Ready(Epoch(1))]
        );
        link
    }

    #[test]
    fn delays_follow_the_ladder_while_nothing_opens() {
        let mut link = Link::default();
        let mut now = NOW;
        link.step(Want, now, 1.0);
        let mut delays = Vec::new();
        for attempt in 1..=7 {
            link.step(Closed(Epoch(attempt)), now, 1.0);
            let LinkState::Waiting { until } = link.state() else {
                panic!()
            };
            delays.push((until - now) / 1_000);
            assert_eq!(
                link.step(Tick, until + -1, 1.0),
                [],
                "not a moment too early"
            );
            now = until;
            assert_eq!(link.step(Tick, now, 1.0), [Open(Epoch(attempt + 1))]);
        }
        assert_eq!(delays, [1, 2, 4, 8, 16, 16, 16]);
    }

    #[test]
    fn a_flapping_link_does_not_reset_the_ladder_but_a_good_one_does() {
        let mut link = open_link();
        link.step(Closed(Epoch(1)), NOW + 1_000, 1.0);
        link.step(Tick, NOW + 2_000, 1.0);
        link.step(Established(Epoch(2)), NOW + 2_000, 1.0);
        link.step(Closed(Epoch(2)), NOW + 3_000, 1.0);
        assert_eq!(link.failures(), 2, "each lived for one second");
        link.step(Tick, NOW + 5_000, 1.0);
        link.step(Established(Epoch(3)), NOW + 5_000, 1.0);
        link.step(Closed(Epoch(3)), NOW + 10_000, 1.0);
        assert_eq!(link.failures(), 1, "it lived for five seconds");
    }

    #[test]
    fn a_silent_link_is_pinged_and_then_closed_once() {
        let mut link = open_link();
        assert_eq!(link.deadline(), Some(NOW + PING_EVERY));
        assert_eq!(link.step(Tick, NOW + PING_EVERY, 1.0), [Ping(Epoch(1))]);
        let dead = NOW + PING_EVERY + PONG_WITHIN;
        assert_eq!(link.step(Tick, dead + -1, 1.0), []);
        assert_eq!(
            link.step(Tick, dead, 1.0),
            [Close(Epoch(1)), Lost { was_open: true }]
        );
        assert_eq!(
            link.step(Closed(Epoch(1)), dead, 1.0),
            [],
            "the close event of the closed socket is stale"
        );
    }

    #[test]
    fn any_message_answers_a_ping() {
        let mut link = open_link();
        link.step(Tick, NOW + PING_EVERY, 1.0);
        link.step(Message(Epoch(1)), NOW + PING_EVERY + 9_000, 1.0);
        assert_eq!(link.step(Tick, NOW + PING_EVERY + PONG_WITHIN, 1.0), []);
    }

    #[test]
    fn throttled_timers_of_a_hidden_tab_cause_no_false_death() {
        let mut link = open_link();
        let late = NOW + 60 * SECOND;
        assert_eq!(
            link.step(Tick, late, 1.0),
            [Ping(Epoch(1))],
            "asked before it is judged"
        );
        link.step(Message(Epoch(1)), late + 20, 1.0);
        assert_eq!(link.step(Tick, late + PONG_WITHIN, 1.0), []);
    }

    #[test]
    fn a_socket_that_never_opens_is_torn_down() {
        let mut link = Link::default();
        link.step(Want, NOW, 1.0);
        assert_eq!(
            link.step(Tick, NOW + OPEN_DEADLINE, 1.0),
            [Close(Epoch(1)), Lost { was_open: false }]
        );
        assert_eq!(
            link.step(Established(Epoch(1)), NOW + OPEN_DEADLINE, 1.0),
            [],
            "too late"
        );
    }

    #[test]
    fn unwanting_and_wanting_again_leaves_one_socket() {
        let mut link = Link::default();
        link.step(Want, NOW, 1.0);
        assert_eq!(link.step(Unwant, NOW, 1.0), [Close(Epoch(1))]);
        assert_eq!(link.step(Want, NOW, 1.0), [Open(Epoch(2))]);
        assert_eq!(link.step(Established(Epoch(1)), NOW, 1.0), []);
        assert_eq!(link.step(Closed(Epoch(1)), NOW, 1.0), []);
        assert!(matches!(
            link.state(),
            LinkState::Connecting {
                epoch: Epoch(2),
                ..
            }
        ));
    }

    #[test]
    fn a_person_can_cut_the_wait_short() {
        let mut link = open_link();
        link.step(Closed(Epoch(1)), NOW + 1_000, 1.0);
        assert_eq!(link.step(RetryNow, NOW + 1_100, 1.0), [Open(Epoch(2))]);
        assert_eq!(
            link.step(RetryNow, NOW + 1_200, 1.0),
            [],
            "one attempt at a time"
        );
    }
}
