//! The app in virtual time: a browser without a browser, that runs the effects against [`Server`].

#[path = "world/effects.rs"]
mod effects;
#[path = "world/invariants.rs"]
mod invariants;
#[path = "world/verbs.rs"]
mod verbs;
#[path = "world/views.rs"]
mod views;

use std::collections::{BTreeMap, HashMap};

use batch_runner::app::notifications::background::Permission;
use batch_runner::app::parts::Part;
use batch_runner::app::requests::Ticket;
use batch_runner::app::{
    Effect, Model, Msg, Outcome, SocketEvent, StartFacts, StoreKey, Timer, update,
};
use batch_runner::config::Config;
use batch_runner::domain::batch::{BatchId, Counts};
use batch_runner::domain::time::Millis;
use batch_runner::machine::connection::Channel;
use batch_runner::machine::launch::Launch;
use batch_runner::machine::link::Epoch;
use batch_runner::wire::rest::Http;
use serde_json::Value;

use super::server::Server;

/// 2026-11-23T12:53:20Z.
pub const NOON: Millis = Millis(1_795_438_400_000);

fn config() -> Config {
    Config {
        ws_debug: true,
        ..Config::default()
    }
}

/// A request as it left the app.
#[derive(Clone, Debug)]
pub struct Sent {
    pub at: Millis,
    pub http: Http,
    pub token: Option<String>,
}

impl Sent {
    pub fn body(&self) -> Value {
        self.http
            .body
            .as_deref()
            .and_then(|body| serde_json::from_str(body).ok())
            .unwrap_or_default()
    }
}

/// A socket that the app has opened.
#[derive(Clone, Debug)]
pub struct Socket {
    pub channel: Channel,
    pub epoch: Epoch,
    pub path: String,
    pub open: bool,
    /// What the app sent on it.
    pub frames: Vec<Value>,
}

enum Event {
    Answer(Ticket, Outcome),
    Socket(SocketEvent),
    /// The browser has done something.
    Fact(Msg),
}

/// App, browser and server together.
pub struct World {
    pub model: Model,
    pub now: Millis,
    pub server: Server,
    pub sent: Vec<Sent>,
    pub sockets: Vec<Socket>,
    pub stored: HashMap<StoreKey, String>,
    /// The number of this tab, where tabs hear each other.
    pub tab: Option<u32>,
    /// The records of the ledger.
    pub records: BTreeMap<String, String>,
    /// Locks that other tabs have.
    pub locked: Vec<String>,
    /// How many batches a person has approved.
    pub approvals: usize,
    /// Parts that are on their way until somebody says that they have come; `None` where each comes by itself.
    pub held_parts: Option<Vec<Part>>,
    /// Every effect, in order.
    pub effects: Vec<Effect>,
    /// Words of every toast that was ever shown.
    pub toasts: Vec<String>,
    timers: HashMap<Timer, Millis>,
    events: BTreeMap<(Millis, u64), Event>,
    ticks: u64,
    highest: BTreeMap<BatchId, Counts>,
}

impl World {
    /// A page that was just opened by nobody in particular.
    pub fn new() -> Self {
        Self {
            model: match std::env::var_os("JOURNEYS_IN_PARTS") {
                Some(_) => Model::in_parts(config()),
                None => Model::new(config()),
            },
            now: NOON,
            server: Server::default(),
            sent: Vec::new(),
            sockets: Vec::new(),
            // Most journeys go through pages; those that scroll say so.
            stored: HashMap::from([(StoreKey::PageSize, "50".into())]),
            tab: None,
            records: BTreeMap::new(),
            locked: Vec::new(),
            approvals: 0,
            held_parts: None,
            effects: Vec::new(),
            toasts: Vec::new(),
            timers: HashMap::new(),
            events: BTreeMap::new(),
            ticks: 0,
            highest: BTreeMap::new(),
        }
    }

    /// A page opened at `query` with what the storage holds.
    pub fn open(&mut self, query: &str) {
        let kept = |key| self.stored.get(&key).cloned();
        self.tell(Msg::Started(Box::new(StartFacts {
            query: query.into(),
            token: kept(StoreKey::Token),
            refresh: kept(StoreKey::Refresh),
            selection: kept(StoreKey::Selection),
            page_size: kept(StoreKey::PageSize),
            views: kept(StoreKey::Views),
            columns: kept(StoreKey::Columns),
            history_columns: kept(StoreKey::HistoryColumns),
            marks: kept(StoreKey::Marks),
            sound: kept(StoreKey::Sound),
            draft: kept(StoreKey::Draft),
            journal: kept(StoreKey::Journal),
            ledger: kept(StoreKey::Ledger),
            transport: kept(StoreKey::Transport),
            watched: kept(StoreKey::Watched),
            tab: self.tab,
            online: true,
            visible: true,
            notices: Permission::Granted,
        })));
    }

    /// The page is loaded again: the model and all timers, requests and sockets are gone, storage and server stay.
    pub fn reload(self) -> Self {
        Self {
            server: self.server,
            stored: self.stored,
            records: self.records,
            locked: self.locked,
            now: self.now,
            ..Self::new()
        }
    }

    /// Hands one fact over and runs what comes of it. Checks what must always hold.
    pub fn tell(&mut self, msg: Msg) {
        self.ticks += 1;
        if msg == Msg::Approved
            && self.model.can_approve(self.now)
            && let Launch::Reviewing(review) = &self.model.compose.launch
        {
            self.approvals += review.plans.len();
        }
        let effects = update(
            &mut self.model,
            msg,
            self.now,
            self.ticks.wrapping_mul(0x9e37_79b9),
        );
        self.check_starts(&effects);
        for effect in effects {
            self.effects.push(effect.clone());
            self.run_effect(effect);
        }
        self.check_counts();
        self.check_price();
        for toast in &self.model.notices.toasts {
            if self.toasts.last() != Some(&toast.text) && !self.toasts.contains(&toast.text) {
                self.toasts.push(toast.text.clone());
            }
        }
    }

    /// Lets so many milliseconds pass.
    pub fn run(&mut self, length: i64) {
        let end = self.now + length;
        loop {
            let timer = self
                .timers
                .iter()
                .min_by_key(|(timer, at)| (**at, format!("{timer:?}")));
            let timer = timer
                .map(|(timer, at)| (timer.clone(), *at))
                .filter(|(_, at)| *at <= end);
            let event = self
                .events
                .keys()
                .next()
                .copied()
                .filter(|(at, _)| *at <= end);
            match (timer, event) {
                (None, None) => break,
                (Some((timer, at)), event) if event.is_none_or(|(event, _)| at < event) => {
                    self.now = self.now.max(at);
                    self.timers.remove(&timer);
                    self.tell(Msg::TimerFired(timer));
                }
                (_, Some(key)) => {
                    self.now = self.now.max(key.0);
                    if let Some(event) = self.events.remove(&key) {
                        self.happen(event);
                    }
                }
                (Some(_), None) => {}
            }
        }
        self.now = end;
    }

    fn happen(&mut self, event: Event) {
        match event {
            Event::Fact(msg) => self.tell(msg),
            Event::Answer(ticket, outcome) => self.tell(Msg::Answered { ticket, outcome }),
            Event::Socket(event) => {
                if let SocketEvent::Closed { channel, epoch, .. } = &event {
                    self.shut(&channel.clone(), *epoch);
                }
                self.tell(Msg::Sockets(vec![event]));
            }
        }
    }

    fn plan(&mut self, delay: i64, event: Event) {
        self.ticks += 1;
        self.events.insert((self.now + delay, self.ticks), event);
    }
}
