//! A browser with several tabs, its lock and channel, a network with faults and a server with one batch, all in virtual
//! time: what the link machines live in. Everything that can happen next is a [`Step`]; nothing happens by itself.

mod browser;
mod network;
mod packet;
mod steps;
mod verdict;

use std::collections::VecDeque;
use std::hash::{DefaultHasher, Hash, Hasher};

use batch_runner::domain::batch::{Batch, BatchId, BatchStatus, Counts};
use batch_runner::domain::live::{Health, Transport};
use batch_runner::domain::time::Millis;
use batch_runner::machine::connection::{Channel, Connection, Input};
use batch_runner::machine::link::Epoch;
use batch_runner::machine::share::{self, Leader, Share};
use packet::Packet;
pub use steps::Step;

/// The batch ends when so many of its leads are done.
pub const LEADS: u32 = 2;
const START: Millis = Millis(1_000_000);

/// What a server has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Server {
    Multiplexed,
    PerBatch,
    NoSockets,
}

/// A fault put into the glue on purpose, to see that it is found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sabotage {
    /// The lock is given to everybody.
    OpenLock,
    /// Whatever was missed stays missed.
    NoCatchUp,
    /// What is heard last counts, however old it is.
    NewestWins,
    /// A lost link is dialled again at once.
    EagerDials,
    /// Time never comes.
    NoTimers,
}

#[derive(Clone, Debug)]
struct Tab {
    connection: Connection,
    share: Share,
    part: (bool, Option<Leader>, Vec<BatchId>),
    link: Option<(Health, Transport)>,
    followed: Vec<BatchId>,
    batch: Batch,
    closed: bool,
    frozen: bool,
    hung: bool,
    visible: bool,
    /// The newest claim of the lock.
    claim: u32,
    sockets: Vec<(Channel, Epoch)>,
}

impl Tab {
    fn runs(&self) -> bool {
        !self.closed && !self.frozen && !self.hung
    }
}

/// Everything at one moment.
#[derive(Clone, Debug)]
pub struct Sim {
    now: Millis,
    /// The browser has locks and a channel between tabs.
    able: bool,
    server: Server,
    sabotage: Option<Sabotage>,
    down: bool,
    online: bool,
    done: u32,
    tabs: Vec<Tab>,
    packets: VecDeque<Packet>,
    /// The server's ends of sockets, and whether they were asked for news.
    served: Vec<(usize, Channel, Epoch, bool)>,
    holder: Option<(usize, u32)>,
    queue: Vec<(usize, u32)>,
    /// Dials so far, and what gave a reason for one without delay.
    dials: u32,
    reasons: u32,
    /// The furthest that each tab has ever shown.
    furthest: Vec<u32>,
    /// What was found wrong.
    wrong: Option<&'static str>,
}

fn batch_id() -> BatchId {
    BatchId("b".into())
}

fn news(done: u32) -> Batch {
    let mut batch = Batch::unknown(batch_id());
    batch.status = match done {
        LEADS => BatchStatus::Completed,
        _ => BatchStatus::Running,
    };
    batch.counts = Counts {
        total: LEADS,
        processed: done,
        successful: done,
        failed: 0,
    };
    batch
}

impl Sim {
    /// So many tabs that are just being opened by a person who is signed in.
    pub fn new(tabs: usize, able: bool, server: Server, sabotage: Option<Sabotage>) -> Self {
        let tab = |number: usize| {
            let mut connection = Connection::default();
            let nobody = Input::Shared {
                leads: false,
                leader: None,
                others: Vec::new(),
            };
            connection.step(nobody, START, 0.0);
            Tab {
                connection,
                share: Share::new(able.then_some(number as u32)),
                part: (false, None, Vec::new()),
                link: None,
                followed: Vec::new(),
                batch: news(0),
                closed: false,
                frozen: false,
                hung: false,
                visible: true,
                claim: 0,
                sockets: Vec::new(),
            }
        };
        let mut sim = Self {
            now: START,
            able,
            server,
            sabotage,
            down: false,
            online: true,
            done: 0,
            tabs: (0..tabs).map(tab).collect(),
            packets: VecDeque::new(),
            served: Vec::new(),
            holder: None,
            queue: Vec::new(),
            dials: 0,
            reasons: 0,
            furthest: vec![0; tabs],
            wrong: None,
        };
        for tab in 0..tabs {
            sim.connection(tab, Input::Start);
        }
        sim
    }

    /// What was found wrong so far.
    pub fn wrong(&self) -> Option<&'static str> {
        self.wrong
    }

    /// How much is under way.
    pub fn under_way(&self) -> usize {
        self.packets.len()
    }

    /// The same for moments that differ by nothing but the time of day and the numbers of sockets.
    pub fn key(&self) -> u64 {
        let text = format!(
            "{:?} {} {} {} {:?} {:?} {:?} {:?} {:?}",
            self.tabs,
            self.down,
            self.online,
            self.done,
            self.packets,
            self.served,
            self.holder,
            self.queue,
            self.wrong
        );
        let mut hasher = DefaultHasher::new();
        let mut rest = text.as_str();
        while let Some(at) = rest.find("Millis(") {
            rest[..at].hash(&mut hasher);
            rest = &rest[at + 7..];
            let end = rest.find(')').expect("a closed bracket");
            let at: i64 = rest[..end].parse().expect("a number");
            // What is long past is past.
            (at - self.now.0).max(-60_000).hash(&mut hasher);
            rest = &rest[end..];
        }
        rest.hash(&mut hasher);
        hasher.finish()
    }

    /// Lets one thing happen; what cannot happen now does not.
    pub fn step(&mut self, step: Step) {
        match step {
            Step::Time => self.time(),
            Step::Deliver(place) => {
                if let Some(packet) = self.packets.remove(place) {
                    self.deliver(packet);
                }
            }
            Step::Lose(place) => drop(self.packets.remove(place)),
            Step::Repeat(place) => {
                let again = self.packets.get(place).cloned();
                self.packets.extend(again);
            }
            Step::Progress => self.progress(),
            Step::Cut(tab) => self.cut(|socket| socket.0 == tab),
            Step::Down(down) => {
                self.down = down;
                self.cut(|_| down);
            }
            Step::Online(online) => {
                self.online = online;
                self.reasons += 1;
                for tab in 0..self.tabs.len() {
                    self.connection(tab, Input::Online(online));
                }
            }
            Step::Visible(tab, visible) => {
                self.tabs[tab].visible = visible;
                self.reasons += 1;
                self.connection(tab, Input::Visible(visible));
                self.share(tab, share::Input::Visible(visible));
            }
            Step::Frozen(tab, frozen) => {
                // It is told before it stops, and when it goes on.
                self.tabs[tab].frozen = false;
                self.reasons += 1;
                self.connection(tab, Input::Frozen(frozen));
                self.tabs[tab].frozen = frozen;
            }
            Step::Hung(tab, hung) => self.tabs[tab].hung = hung,
            Step::Close(tab) => {
                self.connection(tab, Input::Frozen(true));
                self.tabs[tab].closed = true;
                self.tabs[tab].sockets.clear();
                self.release(tab);
                self.cut(|socket| socket.0 == tab);
            }
            Step::RetryNow(tab) => {
                self.reasons += 2;
                self.connection(tab, Input::RetryNow);
                self.share(tab, share::Input::RetryNow);
            }
        }
        self.check();
    }
}
