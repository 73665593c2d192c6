//! Runs the effects of [`crate::app`] and reports what comes of them.

use std::cell::RefCell;
use std::rc::Rc;

use gloo_timers::callback::Timeout;
use wasm_bindgen::JsCast;
use web_sys::{AbortController, StorageEvent};

use super::address::Address;
use super::assoc::Assoc;
use super::http::fetch;
use super::inbox::Inbox;
use super::locks::Held;
use super::socket::Sockets;
use super::tabs::{Language, Tabs};
use super::{clock, notices, page, records, scroll, sound, storage};
use crate::app::launch::ledger::Records;
use crate::app::parts::Part;
use crate::app::requests::{Slot, Ticket};
use crate::app::{Copied, Effect, Msg, StartFacts, StoreKey, Timer};
use crate::config::Config;

/// Timers of browsers wrap around above this many milliseconds.
const LONGEST_TIMER: i64 = 0x7fff_ffff;

/// What an event of the page says, if anything.
type FactOf = Box<dyn Fn(&web_sys::Event) -> Option<Msg>>;

/// Fetches a part of the page.
type LoadPart = Box<dyn Fn(Part)>;

/// Runs effects.
pub struct Driver {
    config: Config,
    report: Rc<dyn Fn(Msg)>,
    requests: Rc<RefCell<Assoc<Slot, (u32, AbortController)>>>,
    timers: RefCell<Assoc<Timer, Timeout>>,
    sockets: Rc<Sockets>,
    inbox: Rc<Inbox>,
    tabs: Rc<Tabs>,
    address: Address,
    locks: Rc<Held>,
    /// Fetches a part of the page.
    load_part: RefCell<Option<LoadPart>>,
    #[cfg(feature = "mock")]
    mock: Option<Rc<crate::mock::MockDriver>>,
}

impl Driver {
    /// `report` is called with every fact.
    pub fn new(config: Config, report: Rc<dyn Fn(Msg)>) -> Self {
        let for_sockets = report.clone();
        let inbox = Inbox::new(move |events| for_sockets(Msg::Sockets(events)));
        let tabs = Tabs::new(inbox.clone(), report.clone());
        #[cfg(feature = "mock")]
        let mock = config
            .mock
            .then(|| crate::mock::MockDriver::new(report.clone()));
        Self {
            config,
            report,
            requests: Rc::default(),
            timers: RefCell::default(),
            sockets: Rc::new(Sockets::new(inbox.clone(), tabs.clone())),
            inbox,
            tabs,
            address: Address::default(),
            locks: Rc::default(),
            load_part: RefCell::default(),
            #[cfg(feature = "mock")]
            mock,
        }
    }

    /// How parts of the page are fetched: views are among what comes.
    pub fn load_parts_by(&self, load: impl Fn(Part) + 'static) {
        self.load_part.replace(Some(Box::new(load)));
    }

    /// What only the part `live` makes the driver do is ready from now on.
    pub fn start_live(&self) {
        self.tabs.speak(Language::common());
    }

    /// Reports what is known at the start, then everything that the page tells by itself.
    pub fn start(&self) {
        let read = |key| storage::read(key, &self.config);
        (self.report)(Msg::Started(Box::new(StartFacts {
            query: page::query(),
            token: read(StoreKey::Token),
            refresh: read(StoreKey::Refresh),
            selection: read(StoreKey::Selection),
            page_size: read(StoreKey::PageSize),
            views: read(StoreKey::Views),
            columns: read(StoreKey::Columns),
            history_columns: read(StoreKey::HistoryColumns),
            marks: read(StoreKey::Marks),
            sound: read(StoreKey::Sound),
            draft: read(StoreKey::Draft),
            journal: read(StoreKey::Journal),
            ledger: read(StoreKey::Ledger),
            transport: read(StoreKey::Transport),
            watched: read(StoreKey::Watched),
            tab: self.tabs.number(clock::random_bits()),
            online: page::is_online(),
            visible: page::is_visible(),
            notices: notices::permission(),
        })));
        scroll::restore_on_return();
        let listen = |target, event: &str, fact: FactOf| {
            let report = self.report.clone();
            page::listen(target, event, move |event| {
                if let Some(msg) = fact(&event) {
                    report(msg);
                }
            });
        };
        listen(
            page::Target::Window,
            "online",
            Box::new(|_| Some(Msg::Online(true))),
        );
        listen(
            page::Target::Window,
            "offline",
            Box::new(|_| Some(Msg::Online(false))),
        );
        listen(
            page::Target::Document,
            "visibilitychange",
            Box::new(|_| Some(Msg::Visible(page::is_visible()))),
        );
        // A page that is put aside must not keep the link from the others; it may come back.
        for (target, event, frozen) in [
            (page::Target::Document, "freeze", true),
            (page::Target::Document, "resume", false),
            (page::Target::Window, "pagehide", true),
            (page::Target::Window, "pageshow", false),
        ] {
            // Nobody told it meanwhile what other tabs have marked.
            if !frozen {
                let config = self.config.clone();
                let marks = move |_: &web_sys::Event| {
                    let kept = storage::read(StoreKey::Marks, &config)?;
                    Some(Msg::MarksChanged(Some(kept)))
                };
                listen(target, event, Box::new(marks));
            }
            listen(target, event, Box::new(move |_| Some(Msg::Frozen(frozen))));
        }
        let keys = [
            StoreKey::Token,
            StoreKey::Refresh,
            StoreKey::Sound,
            StoreKey::Marks,
        ];
        let keys = keys.map(|key| storage::name(key, &self.config));
        let token_changed = move |event: &web_sys::Event| {
            let event = event.dyn_ref::<StorageEvent>()?;
            let (key, value) = (event.key()?, event.new_value());
            match keys.iter().position(|known| *known == key)? {
                0 => Some(Msg::TokenChanged(value)),
                1 => Some(Msg::RefreshChanged(value)),
                2 => Some(Msg::SoundChanged(value)),
                _ => Some(Msg::MarksChanged(value)),
            }
        };
        listen(page::Target::Window, "storage", Box::new(token_changed));
    }

    /// The address changes by this one from now on: it takes a query, and whether it stands in place of the present one.
    pub fn navigate_by(&self, navigate: impl Fn(&str, bool) + 'static) {
        self.address.navigate_by(Box::new(navigate));
    }

    /// Runs one effect.
    pub fn run(&self, effect: Effect) {
        match effect {
            Effect::Send {
                ticket,
                http,
                token,
            } => self.send(ticket, http, token),
            Effect::Abort(slot) => self.abort(&slot),
            Effect::LoadPart(part) => {
                if let Some(load) = &*self.load_part.borrow() {
                    load(part);
                }
            }
            Effect::SetTimer(timer, at) => self.set_timer(timer, at),
            Effect::ClearTimer(timer) => drop(self.timers.borrow_mut().remove(&timer)),
            Effect::OpenSocket {
                channel,
                epoch,
                path,
            } => {
                #[cfg(feature = "mock")]
                if let Some(mock) = &self.mock {
                    return mock.open(channel, epoch);
                }
                self.sockets.open(channel, epoch, &path);
            }
            Effect::CloseSocket { channel, epoch } => self.sockets.close(&channel, epoch),
            Effect::ClaimLink { steal } => self.tabs.claim(steal),
            Effect::ReleaseLink => self.tabs.release(),
            Effect::TellTabs(word) => self.tabs.tell(&word),
            Effect::Relay(relays) => self.tabs.set_relays(relays),
            Effect::SendFrame {
                channel,
                epoch,
                text,
            } => {
                #[cfg(feature = "mock")]
                if let Some(mock) = &self.mock {
                    return mock.send_frame(&text);
                }
                self.sockets.send(&channel, epoch, &text);
            }
            Effect::ForgetOwn(key) => storage::forget_own(key, &self.config),
            Effect::Store(key, value) => {
                if let Err(why) = storage::write(key, value.as_deref(), &self.config) {
                    (self.report)(Msg::StorageFailed(why));
                }
            }
            Effect::Secure {
                lock,
                record,
                text,
                alike,
                known,
            } => self.secure(lock, record, text, alike, known),
            Effect::AwaitLock { lock, record } => self.await_lock(lock, record),
            Effect::Unlock(lock) => {
                let locks = self.locks.clone();
                // Whoever gets it next reads the record: what was written last must be there by then, and a request of
                // the database waits for those before it.
                wasm_bindgen_futures::spawn_local(async move {
                    drop(records::read(String::new()).await);
                    locks.give_back(&lock);
                });
            }
            Effect::ReadRecords => self.read_records(),
            Effect::Record(name, text) => {
                let report = self.report.clone();
                wasm_bindgen_futures::spawn_local(async move {
                    if let Err(why) = records::write(name, text).await {
                        report(Msg::StorageFailed(why.to_owned()));
                    }
                });
            }
            Effect::Download { name, mime, text } => page::download(name, mime, &text),
            Effect::Navigate { query, replace } => self.address.put(&query, replace),
            Effect::Copy(what, text) => {
                let report = self.report.clone();
                let text = match what {
                    Copied::Link => page::address(&text),
                    Copied::LinkReport => text,
                };
                page::copy(&text, move |copied| report(Msg::Copied(what, copied)));
            }
            Effect::SetTitle(title) => page::set_title(&title),
            Effect::SetIcon(percent) => page::set_icon(percent),
            Effect::AskNotices => {
                let report = self.report.clone();
                wasm_bindgen_futures::spawn_local(async move {
                    report(Msg::NoticesAllowed(notices::ask().await));
                });
            }
            Effect::Notify(words) => notices::show(&words),
            Effect::Chime => sound::chime(),
            Effect::Focus(id) => page::focus(id),
        }
    }

    fn read_records(&self) {
        let report = self.report.clone();
        wasm_bindgen_futures::spawn_local(async move {
            // Names before texts: one that was written in between is told, not taken for known.
            let names = records::names().await;
            let texts = records::read_all().await;
            if let Some(why) = names.as_ref().err().or(texts.as_ref().err()) {
                report(Msg::StorageFailed((*why).to_owned()));
            }
            report(Msg::RecordsRead(Records {
                names: names.unwrap_or_default(),
                texts: texts.unwrap_or_default(),
            }));
        });
    }

    fn secure(
        &self,
        lock: String,
        record: String,
        text: String,
        alike: String,
        known: Vec<String>,
    ) {
        let (report, locks) = (self.report.clone(), self.locks.clone());
        wasm_bindgen_futures::spawn_local(async move {
            let mut elsewhere = !locks.take(lock.clone(), false).await;
            // Another tab may have bought the same and given the lock back before this one has heard of it; or does so now,
            // where the browser has no locks.
            let is_new = move |name: &str| {
                name.starts_with(&alike) && known.iter().all(|known| known != name)
            };
            if !elsewhere {
                match records::claim(record.clone(), text, is_new).await {
                    Ok(true) => {}
                    Ok(false) => {
                        locks.give_back(&lock);
                        elsewhere = true;
                    }
                    // Where it cannot be written down the start goes on, and it is said what is missing.
                    Err(why) => report(Msg::StorageFailed(why.to_owned())),
                }
            }
            report(Msg::PlanSecured {
                lock,
                record,
                elsewhere,
            });
        });
    }

    fn await_lock(&self, lock: String, record: String) {
        let (report, locks) = (self.report.clone(), self.locks.clone());
        wasm_bindgen_futures::spawn_local(async move {
            if locks.take(lock.clone(), true).await {
                let name = record.clone();
                let record = records::read(record).await;
                report(Msg::LockGranted { lock, name, record });
            }
        });
    }

    fn send(&self, ticket: Ticket, http: crate::wire::rest::Http, token: Option<String>) {
        self.abort(&ticket.slot);
        #[cfg(feature = "mock")]
        if let Some(mock) = &self.mock {
            return mock.send(ticket, &http);
        }
        let Ok(controller) = AbortController::new() else {
            return (self.report)(Msg::Answered {
                ticket,
                outcome: crate::app::Outcome::Network,
            });
        };
        self.requests
            .borrow_mut()
            .insert(ticket.slot.clone(), (ticket.number, controller.clone()));
        let (requests, report, base) = (
            self.requests.clone(),
            self.report.clone(),
            self.config.api_base.clone(),
        );
        wasm_bindgen_futures::spawn_local(async move {
            let outcome = fetch(&base, http, token, controller).await;
            let present = requests
                .borrow()
                .get(&ticket.slot)
                .is_some_and(|(number, _)| *number == ticket.number);
            if present {
                requests.borrow_mut().remove(&ticket.slot);
            }
            report(Msg::Answered { ticket, outcome });
        });
    }

    fn abort(&self, slot: &Slot) {
        if let Some((_, controller)) = self.requests.borrow_mut().remove(slot) {
            controller.abort();
        }
    }

    fn set_timer(&self, timer: Timer, at: crate::domain::time::Millis) {
        let delay = (at - clock::now()).clamp(0, LONGEST_TIMER) as u32;
        let (report, fired, inbox) = (self.report.clone(), timer.clone(), self.inbox.clone());
        let timeout = Timeout::new(delay, move || {
            // Timers of a hidden page are late, all of them: what came meanwhile comes before any judgement of the link.
            if fired == Timer::Link {
                inbox.flush();
            }
            report(Msg::TimerFired(fired.clone()));
        });
        self.timers.borrow_mut().insert(timer, timeout);
    }
}
