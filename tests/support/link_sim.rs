//! A browser with several tabs, its lock and channel, a network with faults and a server with one batch, all in virtual
//! time: what the link machines live in. Everything that can happen next is a [`Step`]; nothing happens by itself.

use std::collections::VecDeque;
use std::hash::{DefaultHasher, Hash, Hasher};

use batch_runner::domain::batch::{Batch, BatchId, BatchStatus, Counts, Source};
use batch_runner::domain::live::{ClientMessage, Frame, Health, Transport, Word};
use batch_runner::domain::time::{Duration, Millis};
use batch_runner::machine::connection::{Action, Channel, Connection, Input};
use batch_runner::machine::link::Epoch;
use batch_runner::machine::share::{self, Leader, Share};

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

/// One thing that happens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// The next deadline of any tab comes.
    Time,
    Deliver(usize),
    Lose(usize),
    Repeat(usize),
    /// A lead of the batch is done; the last one ends it.
    Progress,
    /// The server ends this tab's sockets.
    Cut(usize),
    /// The server refuses and ends everything, or is back.
    Down(bool),
    Online(bool),
    Visible(usize, bool),
    /// The page is put aside, and told so.
    Frozen(usize, bool),
    /// The page does not run, and is not told.
    Hung(usize, bool),
    /// The tab is closed.
    Close(usize),
    RetryNow(usize),
}

impl Step {
    /// Something that a good day does not bring.
    pub fn is_fault(self) -> bool {
        !matches!(self, Self::Time | Self::Deliver(_) | Self::Progress)
    }
}

#[derive(Clone, Debug, PartialEq)]
enum Packet {
    Dial(usize, Channel, Epoch),
    Said(usize, Channel, Epoch, Said),
    Word(usize, Word),
    Relayed(usize, Channel, Said),
    Ask(usize),
    Answer(usize, u32, bool),
    Granted(usize, u32),
    Lost(usize, u32),
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Said {
    Established,
    News(u32),
    Ended,
    Pong,
    Closed,
}

impl Packet {
    fn tab(&self) -> usize {
        match self {
            Self::Dial(tab, ..)
            | Self::Said(tab, ..)
            | Self::Word(tab, _)
            | Self::Relayed(tab, ..)
            | Self::Ask(tab)
            | Self::Answer(tab, ..)
            | Self::Granted(tab, _)
            | Self::Lost(tab, _) => *tab,
        }
    }

    /// It may be lost or come twice: messages of sockets, and reads.
    fn is_fragile(&self) -> bool {
        matches!(
            self,
            Self::Said(.., Said::News(_) | Said::Ended | Said::Pong)
                | Self::Relayed(..)
                | Self::Ask(_)
                | Self::Answer(..)
        )
    }

    /// These come in the order in which they were sent.
    fn precedes(&self, later: &Self) -> bool {
        match (self, later) {
            (Self::Said(tab, channel, epoch, said), Self::Said(other, of, at, next)) => {
                let ordered = *said == Said::Established || *next == Said::Closed;
                ordered && (tab, channel, epoch) == (other, of, at)
            }
            (Self::Dial(tab, ..), Self::Dial(other, ..))
            | (Self::Word(tab, _), Self::Word(other, _)) => tab == other,
            (
                Self::Granted(tab, _) | Self::Lost(tab, _),
                Self::Granted(other, _) | Self::Lost(other, _),
            ) => tab == other,
            _ => false,
        }
    }
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

    /// Everything that can happen now.
    pub fn steps(&self) -> Vec<Step> {
        let mut steps = Vec::new();
        // The browser's own word of its lock is not late by seconds where the page runs.
        let granted = |packet: &Packet| {
            matches!(packet, Packet::Granted(..) | Packet::Lost(..))
                && self.tabs[packet.tab()].runs()
        };
        if self.deadline().is_some() && !self.packets.iter().any(granted) {
            steps.push(Step::Time);
        }
        for (place, packet) in self.packets.iter().enumerate() {
            let first = !self
                .packets
                .iter()
                .take(place)
                .any(|before| before.precedes(packet));
            let twin = self.packets.iter().take(place).any(|other| other == packet);
            let tab = &self.tabs[packet.tab()];
            // What is sent to a page that does not run waits; the server's part goes on.
            let runs =
                tab.runs() || tab.closed || matches!(packet, Packet::Dial(..) | Packet::Ask(_));
            if first && !twin && runs {
                steps.push(Step::Deliver(place));
            }
            if packet.is_fragile() && !twin {
                steps.extend([Step::Lose(place), Step::Repeat(place)]);
            }
        }
        if self.done < LEADS && !self.down {
            steps.push(Step::Progress);
        }
        steps.push(Step::Down(!self.down));
        steps.push(Step::Online(!self.online));
        for (number, tab) in self.tabs.iter().enumerate().filter(|(_, tab)| !tab.closed) {
            if self.served.iter().any(|socket| socket.0 == number) {
                steps.push(Step::Cut(number));
            }
            if tab.runs() {
                steps.push(Step::Visible(number, !tab.visible));
                steps.push(Step::RetryNow(number));
                if self.tabs.len() > 1 {
                    steps.push(Step::Close(number));
                }
            }
            if !tab.hung {
                steps.push(Step::Frozen(number, !tab.frozen));
            }
            if !tab.frozen {
                steps.push(Step::Hung(number, !tab.hung));
            }
        }
        steps
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

    fn check(&mut self) {
        // A tab that does not run has a socket in name only, and so has one whose loss of the lock is under way.
        let deposed = |tab: usize| {
            let lost = |packet: &Packet| matches!(packet, Packet::Lost(of, _) if *of == tab);
            self.packets.iter().any(lost)
        };
        let live = |number: &usize| self.tabs[*number].runs() && !deposed(*number);
        let mut open: Vec<&Channel> = (0..self.tabs.len())
            .filter(live)
            .flat_map(|tab| self.tabs[tab].sockets.iter().map(|(channel, _)| channel))
            .collect();
        open.sort();
        if self.able && open.windows(2).any(|pair| pair[0] == pair[1]) {
            self.wrong = Some("two live sockets of one browser and kind");
        }
        for (tab, furthest) in self.tabs.iter().zip(&mut self.furthest) {
            if tab.batch.counts.processed < *furthest {
                self.wrong = Some("a count went back");
            }
            *furthest = tab.batch.counts.processed;
        }
        // The first delay is at least half a second, and a refused socket gives way to the other kind at once.
        let delays = (self.now.0 - START.0) / 500;
        let most = (i64::from(self.reasons) + delays + 2) * self.tabs.len() as i64 * 2;
        if i64::from(self.dials) > most {
            self.wrong = Some("more dials than delays allow");
        }
    }

    fn deadline(&self) -> Option<Millis> {
        if self.sabotage == Some(Sabotage::NoTimers) {
            return None;
        }
        let running = self.tabs.iter().filter(|tab| tab.runs());
        let of = |tab: &Tab| [tab.connection.deadline(), tab.share.deadline()];
        running.flat_map(of).flatten().min()
    }

    fn time(&mut self) {
        let Some(at) = self.deadline() else { return };
        self.now = self.now.max(at);
        for tab in 0..self.tabs.len() {
            if self.tabs[tab].runs() {
                self.connection(tab, Input::Tick);
                self.share(tab, share::Input::Tick);
            }
        }
    }

    fn progress(&mut self) {
        if self.done >= LEADS {
            return;
        }
        self.done += 1;
        let said = match self.done {
            LEADS => Said::Ended,
            done => Said::News(done),
        };
        for (tab, channel, epoch, asked) in self.served.clone() {
            if asked {
                let packet = Packet::Said(tab, channel, epoch, said);
                self.packets.push_back(packet);
            }
        }
    }

    fn cut(&mut self, which: impl Fn(&(usize, Channel, Epoch, bool)) -> bool) {
        let (cut, kept): (Vec<_>, Vec<_>) = self.served.drain(..).partition(which);
        self.served = kept;
        for (tab, channel, epoch, _) in cut {
            let packet = Packet::Said(tab, channel, epoch, Said::Closed);
            self.packets.push_back(packet);
        }
    }

    fn deliver(&mut self, packet: Packet) {
        let to = packet.tab();
        if self.tabs[to].closed {
            return;
        }
        match packet {
            Packet::Dial(tab, channel, epoch) => {
                let has = match channel {
                    Channel::Multiplexed => self.server == Server::Multiplexed,
                    Channel::Batch(_) => self.server != Server::NoSockets,
                };
                let said = match has && !self.down && self.online {
                    true => Said::Established,
                    false => Said::Closed,
                };
                let wanted = self.tabs[tab].sockets.contains(&(channel.clone(), epoch));
                if said == Said::Established && wanted {
                    let asked = channel != Channel::Multiplexed;
                    self.served.push((tab, channel.clone(), epoch, asked));
                }
                self.packets
                    .push_back(Packet::Said(tab, channel, epoch, said));
            }
            Packet::Said(tab, channel, epoch, said) => {
                // What a socket says that the page has closed is not heard.
                if !self.tabs[tab].sockets.contains(&(channel.clone(), epoch)) {
                    return;
                }
                if self.tabs[tab].share.relays() && matches!(said, Said::News(_) | Said::Ended) {
                    for other in 0..self.tabs.len() {
                        if other != tab && !self.tabs[other].closed {
                            let packet = Packet::Relayed(other, channel.clone(), said);
                            self.packets.push_back(packet);
                        }
                    }
                }
                self.hear(tab, channel, epoch, said);
            }
            Packet::Relayed(tab, channel, said) => {
                self.hear(tab, channel, Epoch(0), said);
                let now = self.now;
                self.tabs[tab].share.relayed(now);
            }
            Packet::Word(tab, word) => self.share(tab, share::Input::Heard(word)),
            Packet::Ask(tab) => {
                if !self.down && self.online {
                    let answer = Packet::Answer(tab, self.done, self.done == LEADS);
                    self.packets.push_back(answer);
                }
            }
            Packet::Answer(tab, done, _) => self.show(tab, news(done), Source::Rest),
            Packet::Granted(tab, claim) => {
                if self.tabs[tab].claim == claim {
                    self.reasons += 1;
                    self.share(tab, share::Input::Granted);
                }
            }
            Packet::Lost(tab, claim) => {
                if self.tabs[tab].claim == claim {
                    self.share(tab, share::Input::Lost);
                }
            }
        }
    }

    /// As the app does: counts are taken over at once, an end is confirmed by a read.
    fn hear(&mut self, tab: usize, channel: Channel, epoch: Epoch, said: Said) {
        let seq = None;
        let frame = match said {
            Said::Closed => {
                self.tabs[tab]
                    .sockets
                    .retain(|open| *open != (channel.clone(), epoch));
                let eager = self.sabotage == Some(Sabotage::EagerDials);
                let closed = Input::Closed {
                    channel,
                    epoch,
                    code: 1006,
                };
                self.connection(tab, closed);
                if eager {
                    self.connection(tab, Input::RetryNow);
                }
                return;
            }
            Said::Established => Frame::Established,
            Said::Pong => Frame::Pong,
            Said::News(done) => Frame::News {
                news: Box::new(news(done)),
                seq,
            },
            Said::Ended => Frame::Ended {
                news: Box::new(news(LEADS)),
                seq,
            },
        };
        if let Frame::News { news, .. } | Frame::Ended { news, .. } = &frame {
            let mut news = (**news).clone();
            news.status = BatchStatus::Running;
            self.show(tab, news, Source::Live);
        }
        self.connection(
            tab,
            Input::Frame {
                channel,
                epoch,
                frame,
            },
        );
    }

    fn show(&mut self, tab: usize, news: Batch, source: Source) {
        match self.sabotage {
            Some(Sabotage::NewestWins) => self.tabs[tab].batch = news,
            _ => self.tabs[tab].batch.merge(news, source),
        }
        self.sync(tab);
    }

    fn connection(&mut self, tab: usize, input: Input) {
        let actions = self.tabs[tab].connection.step(input, self.now, 0.0);
        for action in actions {
            self.act(tab, action);
        }
        self.sync(tab);
    }

    fn act(&mut self, tab: usize, action: Action) {
        match action {
            Action::Open { channel, epoch } => {
                self.dials += 1;
                self.tabs[tab].sockets.push((channel.clone(), epoch));
                self.packets.push_back(Packet::Dial(tab, channel, epoch));
            }
            Action::Close { channel, epoch } => {
                self.tabs[tab]
                    .sockets
                    .retain(|open| *open != (channel.clone(), epoch));
                self.served
                    .retain(|end| (end.0, &end.1, end.2) != (tab, &channel, epoch));
            }
            Action::Send {
                channel,
                epoch,
                message,
            } => {
                let end = |end: &&mut (usize, Channel, Epoch, bool)| {
                    (end.0, &end.1, end.2) == (tab, &channel, epoch)
                };
                if let Some(end) = self.served.iter_mut().find(end) {
                    match message {
                        ClientMessage::Subscribe(_) => end.3 = true,
                        ClientMessage::Unsubscribe(_) => end.3 = false,
                        ClientMessage::Ping => {
                            let pong = Packet::Said(tab, channel, epoch, Said::Pong);
                            self.packets.push_back(pong);
                        }
                        ClientMessage::Auth(_) => {}
                    }
                }
            }
            Action::CatchUp(ids) if !ids.is_empty() => {
                // One read of a batch at a time.
                let ask = Packet::Ask(tab);
                if self.sabotage != Some(Sabotage::NoCatchUp) && !self.packets.contains(&ask) {
                    self.packets.push_back(ask);
                }
            }
            Action::CatchUp(_) | Action::ReadList | Action::RenewToken | Action::Log(_) => {}
        }
    }

    fn share(&mut self, tab: usize, input: share::Input) {
        self.share_alone(tab, input);
        self.sync(tab);
    }

    fn share_alone(&mut self, tab: usize, input: share::Input) {
        for action in self.tabs[tab].share.step(input, self.now) {
            match action {
                share::Action::Claim { steal } => self.claim(tab, steal),
                share::Action::Release => self.release(tab),
                share::Action::Say(word) => {
                    for other in 0..self.tabs.len() {
                        let packet = Packet::Word(other, word.clone());
                        // What nobody has heard yet is not worth saying twice.
                        if other != tab
                            && !self.tabs[other].closed
                            && self.packets.back() != Some(&packet)
                        {
                            self.packets.push_back(packet);
                        }
                    }
                }
            }
        }
    }

    fn claim(&mut self, tab: usize, steal: bool) {
        self.release(tab);
        self.tabs[tab].claim += 1;
        let claim = (tab, self.tabs[tab].claim);
        let open = self.sabotage == Some(Sabotage::OpenLock);
        if let (Some(holder), true) = (self.holder, steal) {
            self.packets.push_back(Packet::Lost(holder.0, holder.1));
        }
        if steal || open || self.holder.is_none() {
            self.holder = Some(claim);
            self.packets.push_back(Packet::Granted(claim.0, claim.1));
        } else {
            self.queue.push(claim);
        }
    }

    fn release(&mut self, tab: usize) {
        self.tabs[tab].claim += 1;
        self.queue.retain(|(waiting, _)| *waiting != tab);
        if self.holder.is_some_and(|(holder, _)| holder == tab) {
            self.holder = (!self.queue.is_empty()).then(|| self.queue.remove(0));
            self.packets
                .extend(self.holder.map(|(tab, claim)| Packet::Granted(tab, claim)));
        }
    }

    /// As the app does after every fact.
    fn sync(&mut self, number: usize) {
        let tab = &self.tabs[number];
        if tab.closed {
            return;
        }
        let wanted = match tab.batch.status.is_terminal() {
            true => Vec::new(),
            false => vec![batch_id()],
        };
        if wanted != *tab.connection.followed() {
            return self.connection(number, Input::Follow(wanted));
        }
        if tab.followed != wanted {
            self.tabs[number].followed.clone_from(&wanted);
            self.share_alone(number, share::Input::Follow(wanted));
        }
        let wants = self.tabs[number].connection.is_wanted();
        self.share_alone(number, share::Input::Want(wants));
        let tab = &self.tabs[number];
        let part = (
            tab.share.leads(),
            tab.share.leader().cloned(),
            tab.share.others(),
        );
        if part != tab.part {
            self.tabs[number].part = part.clone();
            let (leads, leader, others) = part;
            let shared = Input::Shared {
                leads,
                leader,
                others,
            };
            return self.connection(number, shared);
        }
        let link = (tab.connection.health(), tab.connection.transport());
        if tab.share.leads() && tab.link.as_ref() != Some(&link) {
            self.tabs[number].link = Some(link.clone());
            self.share_alone(number, share::Input::Link(link.0, link.1));
        }
    }

    /// Everything holds from now on: what is wrong when it has held for `within`.
    ///
    /// # Errors
    /// What people would see that is not so, or what never comes to rest.
    pub fn calm(mut self, within: Duration) -> Result<(), String> {
        if self.down {
            self.step(Step::Down(false));
        }
        if !self.online {
            self.step(Step::Online(true));
        }
        for tab in 0..self.tabs.len() {
            if self.tabs[tab].closed {
                continue;
            }
            if self.tabs[tab].hung {
                self.step(Step::Hung(tab, false));
            }
            if self.tabs[tab].frozen {
                self.step(Step::Frozen(tab, false));
            }
            if !self.tabs[tab].visible {
                self.step(Step::Visible(tab, true));
            }
        }
        while self.done < LEADS {
            self.step(Step::Progress);
        }
        let end = self.now + within;
        loop {
            self.settle()?;
            let Err(why) = self.is_right() else {
                return Ok(());
            };
            if self.now >= end || self.deadline().is_none() {
                return Err(why);
            }
            self.step(Step::Time);
        }
    }

    /// The server is away for so long.
    ///
    /// # Errors
    /// What was found wrong meanwhile.
    pub fn outage(&mut self, length: Duration) -> Result<(), String> {
        self.step(Step::Down(true));
        let end = self.now + length;
        for _ in 0..1_000 {
            self.settle()?;
            if self.now >= end || self.deadline().is_none() {
                return Ok(());
            }
            self.step(Step::Time);
        }
        Err("timers come without end".into())
    }

    /// Everything arrives that is under way.
    fn settle(&mut self) -> Result<(), String> {
        let mut hops = 0;
        // What comes to a page that does not run waits there.
        let arrives = |sim: &Self| {
            let runs = |packet: &Packet| {
                let tab = &sim.tabs[packet.tab()];
                tab.runs() || tab.closed
            };
            sim.packets.iter().position(runs)
        };
        while let (Some(place), None) = (arrives(self), self.wrong) {
            self.step(Step::Deliver(place));
            hops += 1;
            if hops > 2_000 {
                return Err("the tabs never stop telling each other".into());
            }
        }
        self.wrong.map_or(Ok(()), |wrong| Err(wrong.into()))
    }

    fn is_right(&self) -> Result<(), String> {
        let open: Vec<&Tab> = self.tabs.iter().filter(|tab| !tab.closed).collect();
        for tab in &open {
            if tab.batch.status != BatchStatus::Completed || tab.batch.counts.processed != LEADS {
                return Err(format!("the end is not shown: {:?}", tab.batch.counts));
            }
            let health = tab.connection.health();
            let good = match self.server {
                Server::Multiplexed => health == Health::Live,
                // Nothing runs, so there is no socket to have.
                _ => matches!(health, Health::Live | Health::Polling(_)),
            };
            if !good {
                return Err(format!("the link is {health:?}"));
            }
        }
        let sockets: usize = open.iter().map(|tab| tab.sockets.len()).sum();
        let wanted = usize::from(!open.is_empty());
        // Where there is none to have, one may just be tried.
        let least = wanted * usize::from(self.server == Server::Multiplexed);
        if self.able && !(least..=wanted).contains(&sockets) {
            return Err(format!("{sockets} sockets at rest"));
        }
        Ok(())
    }
}
