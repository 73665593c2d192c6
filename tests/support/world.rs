//! The app in virtual time: a browser without a browser, that runs the effects against [`Server`].

use std::collections::{BTreeMap, HashMap};
use std::rc::Rc;

use batch_runner::app::launch::ledger::Records;
use batch_runner::app::notifications::background::Permission;
use batch_runner::app::requests::{Slot, Ticket};
use batch_runner::app::{
    Effect, Model, Msg, Outcome, SocketEvent, StartFacts, StoreKey, Timer, update,
};
use batch_runner::config::Config;
use batch_runner::domain::batch::{BatchId, Counts};
use batch_runner::domain::lead::{Enrichment, Lead, LeadId};
use batch_runner::domain::ledger::{Entry, Outcome as LedgerOutcome};
use batch_runner::domain::plan::ClientReference;
use batch_runner::domain::time::Millis;
use batch_runner::machine::connection::Channel;
use batch_runner::machine::launch::Launch;
use batch_runner::machine::link::Epoch;
use batch_runner::wire::ledger::read_entry;
use batch_runner::wire::rest::{Http, Method};
use serde_json::{Value, json};

use super::server::{Answer, Server, Told};

/// 2026-11-23T12:53:20Z.
pub const NOON: Millis = Millis(1_795_438_400_000);

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
            model: Model::new(Config {
                ws_debug: true,
                ..Config::default()
            }),
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

    fn read_records(&mut self) {
        let records = Records {
            names: self.records.keys().cloned().collect(),
            texts: self.records.values().cloned().collect(),
        };
        self.plan(1, Event::Fact(Msg::RecordsRead(records)));
    }

    /// Signed in, with everything loaded, a second later.
    pub fn signed_in() -> Self {
        Self::signed_in_at("")
    }

    /// The same, at another address.
    pub fn signed_in_at(query: &str) -> Self {
        let mut world = Self::new();
        world.stored.insert(StoreKey::Token, "good".into());
        world.open(query);
        world.run(1_000);
        world
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

    fn run_effect(&mut self, effect: Effect) {
        match effect {
            Effect::Send {
                ticket,
                http,
                token,
            } => {
                let (delay, outcome) = self.server.answer(&http, token.as_deref());
                self.sent.push(Sent {
                    at: self.now,
                    http,
                    token,
                });
                self.plan(delay, Event::Answer(ticket, outcome));
            }
            // An aborted request may have been answered already: its answer comes all the same.
            Effect::Abort(_) => {}
            Effect::SetTimer(timer, at) => drop(self.timers.insert(timer, at)),
            Effect::ClearTimer(timer) => drop(self.timers.remove(&timer)),
            Effect::OpenSocket {
                channel,
                epoch,
                path,
            } => {
                let welcome = match channel {
                    Channel::Multiplexed => self.server.has_multiplexed,
                    Channel::Batch(_) => self.server.has_per_batch,
                };
                self.sockets.push(Socket {
                    channel: channel.clone(),
                    epoch,
                    path,
                    open: true,
                    frames: Vec::new(),
                });
                let event = if welcome {
                    let text = json!({"type": "connection_established"}).to_string();
                    SocketEvent::Message {
                        channel,
                        epoch,
                        text,
                    }
                } else {
                    SocketEvent::Closed {
                        channel,
                        epoch,
                        code: 1006,
                    }
                };
                self.plan(5, Event::Socket(event));
            }
            Effect::CloseSocket { channel, epoch } => self.shut(&channel, epoch),
            // There is one tab here; several are the link's own journeys.
            Effect::ClaimLink { .. }
            | Effect::ReleaseLink
            | Effect::TellTabs(_)
            | Effect::Relay(_) => {}
            Effect::SendFrame {
                channel,
                epoch,
                text,
            } => {
                let frame: Value = serde_json::from_str(&text).expect("the app writes JSON");
                if frame["type"] == "ping" {
                    let text = json!({"type": "pong"}).to_string();
                    self.plan(
                        5,
                        Event::Socket(SocketEvent::Message {
                            channel: channel.clone(),
                            epoch,
                            text,
                        }),
                    );
                }
                for socket in self
                    .sockets
                    .iter_mut()
                    .filter(|s| s.channel == channel && s.epoch == epoch)
                {
                    socket.frames.push(frame.clone());
                }
            }
            Effect::Secure {
                lock,
                record,
                text,
                alike,
                known,
            } => {
                let is_new = |name: &String| name.starts_with(&alike) && !known.contains(name);
                let elsewhere = self.locked.contains(&lock) || self.records.keys().any(is_new);
                if !elsewhere {
                    self.records.insert(record.clone(), text);
                }
                let secured = Msg::PlanSecured {
                    lock,
                    record,
                    elsewhere,
                };
                self.plan(1, Event::Fact(secured));
            }
            Effect::AwaitLock { lock, record } => {
                if !self.locked.contains(&lock) {
                    let granted = Msg::LockGranted {
                        lock,
                        record: Ok(self.records.get(&record).cloned()),
                        name: record,
                    };
                    self.plan(1, Event::Fact(granted));
                }
            }
            Effect::Record(name, Some(text)) => drop(self.records.insert(name, text)),
            Effect::Record(name, None) => drop(self.records.remove(&name)),
            Effect::ReadRecords => self.read_records(),
            Effect::Unlock(_) | Effect::Download { .. } => {}
            Effect::Store(key, Some(value)) => drop(self.stored.insert(key, value)),
            Effect::Store(key, None) => drop(self.stored.remove(&key)),
            // Another tab may have left its own there.
            Effect::ForgetOwn(_) => {}
            Effect::Navigate { .. }
            | Effect::SetTitle(_)
            | Effect::SetIcon(_)
            | Effect::AskNotices
            | Effect::Notify(_)
            | Effect::Chime
            | Effect::Copy(..)
            | Effect::Focus(_) => {}
        }
    }

    fn shut(&mut self, channel: &Channel, epoch: Epoch) {
        let same = |socket: &&mut Socket| socket.channel == *channel && socket.epoch == epoch;
        self.sockets
            .iter_mut()
            .filter(same)
            .for_each(|socket| socket.open = false);
    }

    /// INVARIANT: one POST per approved batch, its intent written down before it, and only for a price that was told
    /// for it.
    fn check_starts(&self, effects: &[Effect]) {
        let is_start = |effect: &&Effect| matches!(effect, Effect::Send { ticket, .. } if ticket.slot == Slot::Start);
        let starts: Vec<_> = effects.iter().filter(is_start).collect();
        assert!(
            self.starts() + starts.len() <= self.approvals,
            "{} start requests after {}, approved: {}",
            starts.len(),
            self.starts(),
            self.approvals
        );
        let Some(Effect::Send { http, .. }) = starts.first() else {
            return;
        };
        let body: Value = http
            .body
            .as_deref()
            .and_then(|body| serde_json::from_str(body).ok())
            .unwrap_or_default();
        let description = body["description"].as_str().unwrap_or_default();
        let (_, reference) = ClientReference::detach(description);
        let name = |(name, _): &(&String, &String)| {
            let reference = reference.as_ref();
            reference.is_some_and(|reference| name.ends_with(&reference.0))
        };
        let entry = self.records.iter().find(name);
        assert_eq!(
            entry
                .and_then(|(_, text)| read_entry(text))
                .map(|entry| entry.outcome),
            Some(LedgerOutcome::Open),
            "the intent is written down before the POST"
        );
        let bought = Told {
            leads: serde_json::from_value(body["lead_ids"].clone()).unwrap_or_default(),
            template: body["template_version"].as_str().unwrap_or_default().into(),
            dollars: body["estimated_cost_usd"].as_f64().unwrap_or_default(),
        };
        assert!(
            self.server.told.contains(&bought),
            "approved {} leads with {} for ${}, a price that was never told for them",
            bought.leads.len(),
            bought.template,
            bought.dollars
        );
    }

    /// INVARIANT: counts of a batch never decrease.
    fn check_counts(&mut self) {
        let shown: BTreeMap<_, _> = self
            .model
            .batches
            .shown()
            .iter()
            .map(|tracking| (tracking.batch.id.clone(), tracking.batch.counts))
            .collect();
        for (id, counts) in &shown {
            if let Some(before) = self.highest.get(id) {
                let kept = counts.processed >= before.processed
                    && counts.successful >= before.successful
                    && counts.failed >= before.failed;
                assert!(kept, "{id:?} went back from {before:?} to {counts:?}");
            }
        }
        self.highest = shown;
    }

    /// INVARIANT: a price is fresh only for exactly the present choice.
    fn check_price(&self) {
        let view = self.model.price_view();
        let Some(quote) = view.fresh() else { return };
        let priced: Vec<_> = (quote.0.iter())
            .map(|receipt| receipt.subject.lead_ids.clone())
            .collect();
        assert_eq!(
            self.model.choice.batches(),
            priced,
            "a price of other leads"
        );
        for receipt in &quote.0 {
            assert_eq!(
                Some(&receipt.subject.template),
                self.model.compose.template.as_ref(),
                "a price of another template"
            );
        }
    }

    /// Requests of this kind that were sent.
    pub fn requests(&self, method: Method, part: &str) -> Vec<Sent> {
        let wanted = |sent: &&Sent| sent.http.method == method && sent.http.path.contains(part);
        self.sent.iter().filter(wanted).cloned().collect()
    }

    /// The ledger as it is kept, newest first.
    pub fn ledger(&self) -> Vec<Entry> {
        let read =
            |text: &String| read_entry(text).expect("the app writes records that it can read");
        let mut entries: Vec<_> = self.records.values().map(read).collect();
        entries.sort_by_key(|entry| std::cmp::Reverse(entry.approved));
        entries
    }

    /// A launch whose outcome is not known is written down.
    pub fn has_open_entry(&self) -> bool {
        self.ledger()
            .iter()
            .any(|entry| entry.outcome == LedgerOutcome::Open)
    }

    /// How many POSTs to start a batch were sent.
    pub fn starts(&self) -> usize {
        self.requests(Method::Post, "/batch/start").len()
    }

    /// A lead as the table shows it.
    pub fn lead(n: u32) -> Rc<Lead> {
        Rc::new(Lead {
            id: LeadId(format!("lead-{n:03}")),
            company: Some(format!("Company {n}")),
            contact: None,
            email: None,
            domain: None,
            enrichment: Enrichment::Completed,
            is_manual: false,
            source: None,
            created: None,
        })
    }

    /// Chooses leads, or takes them out of the choice.
    pub fn choose(&mut self, numbers: impl IntoIterator<Item = u32>, chosen: bool) {
        for n in numbers {
            self.tell(Msg::LeadToggled {
                lead: Self::lead(n),
                chosen,
                range: false,
            });
        }
    }

    /// Signed in with three leads chosen and priced.
    pub fn priced() -> Self {
        let mut world = Self::signed_in();
        world.choose(1..=3, true);
        world.run(1_000);
        assert!(
            world.model.price_view().fresh().is_some(),
            "{:?}",
            world.model.price_view()
        );
        world
    }

    /// The same, under review and ready to be approved.
    pub fn reviewing() -> Self {
        let mut world = Self::priced();
        world.tell(Msg::ReviewAsked);
        world.run(200);
        assert!(
            matches!(&world.model.compose.launch, Launch::Reviewing(review) if review.is_ready())
        );
        world
    }

    /// The same, approved: the server has started the batch, and its answer is lost.
    pub fn answer_lost() -> Self {
        let mut world = Self::reviewing();
        let lost = [Answer::LostAfterActing];
        world.server.once(Method::Post, "/batch/start", lost);
        world.tell(Msg::Approved);
        world.run(10);
        world
    }

    /// This person signs in.
    pub fn sign_in(&mut self, person: &str) {
        self.server.person = person.into();
        self.tell(Msg::SignInSubmitted {
            email: person.into(),
            password: "x".into(),
        });
    }

    /// The socket that is open on this channel.
    pub fn socket(&self, channel: &Channel) -> Option<&Socket> {
        self.sockets
            .iter()
            .rev()
            .find(|socket| socket.open && socket.channel == *channel)
    }

    /// The server says something on the open socket of this channel.
    pub fn hear(&mut self, channel: &Channel, frame: &Value) {
        let epoch = self
            .socket(channel)
            .unwrap_or_else(|| panic!("no open socket on {channel:?}"))
            .epoch;
        let event = SocketEvent::Message {
            channel: channel.clone(),
            epoch,
            text: frame.to_string(),
        };
        self.tell(Msg::Sockets(vec![event]));
    }

    /// The open socket of this channel is cut.
    pub fn cut(&mut self, channel: &Channel) {
        self.close(channel, 1006);
    }

    /// The open socket of this channel is closed with this code.
    pub fn close(&mut self, channel: &Channel, code: u16) {
        let epoch = self
            .socket(channel)
            .unwrap_or_else(|| panic!("no open socket on {channel:?}"))
            .epoch;
        self.shut(channel, epoch);
        self.tell(Msg::Sockets(vec![SocketEvent::Closed {
            channel: channel.clone(),
            epoch,
            code,
        }]));
    }

    /// A timer that is set now.
    pub fn timer(&self, timer: &Timer) -> Option<Millis> {
        self.timers.get(timer).copied()
    }

    /// Timers that are set now.
    pub fn timers(&self) -> Vec<Timer> {
        let mut all: Vec<_> = self.timers.keys().cloned().collect();
        all.sort_by_key(|timer| format!("{timer:?}"));
        all
    }

    /// Lets a timer fire before or at its time.
    pub fn fire(&mut self, timer: Timer) {
        if self.timers.remove(&timer).is_some() {
            self.tell(Msg::TimerFired(timer));
        }
    }

    /// A toast with these words was shown.
    pub fn was_told(&self, words: &str) -> bool {
        self.toasts.iter().any(|toast| toast.contains(words))
    }

    /// Everything that is announced or shown as a short message now.
    pub fn announced(&self) -> String {
        let notices = &self.model.notices;
        format!(
            "{} {} {:?}",
            notices.polite.1, notices.urgent.1, self.toasts
        )
    }
}
