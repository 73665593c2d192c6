//! The other tabs of this browser: a channel between them, and the lock that decides which one has the link.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use js_sys::{Function, Promise};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortController, BroadcastChannel, MessageEvent};

use super::inbox::Inbox;
use super::locks;
use crate::app::{Msg, SocketEvent, TabEvent};
use crate::domain::batch::BatchId;
use crate::domain::live::Word;
use crate::machine::connection::Channel;
use crate::wire::tabs::{Told, read_told, write_relayed, write_word};

/// The name of the lock and of the channel. Another way of telling needs another name: old pages may be open still.
const NAME: &str = "batch-runner-link-1";

/// How words to other tabs are written and read. It comes with the part of the page that says and hears them.
#[derive(Clone, Copy)]
pub struct Language {
    write: fn(&Word) -> String,
    write_relayed: fn(Option<&BatchId>, &str) -> String,
    read: fn(&str) -> Option<Told>,
}

impl Language {
    /// The one that all tabs speak.
    pub fn common() -> Self {
        Self {
            write: write_word,
            write_relayed,
            read: read_told,
        }
    }
}

/// The other tabs of this browser.
pub struct Tabs {
    /// Nothing is told or heard before it is there.
    language: Rc<Cell<Option<Language>>>,
    channel: Option<BroadcastChannel>,
    relays: Cell<bool>,
    claim: RefCell<Option<Claim>>,
    claims: Cell<u32>,
    report: Rc<dyn Fn(Msg)>,
}

/// The lock, as it is held or waited for.
struct Claim {
    number: u32,
    /// Ends the waiting.
    waiting: AbortController,
    /// Gives the lock back.
    held: Option<Function>,
    /// The browser calls it when the lock is this tab's.
    _granted: Closure<dyn FnMut() -> Promise>,
}

impl Tabs {
    /// `report` is called with what happens between the tabs; frames that another tab passes on go to the inbox.
    pub fn new(inbox: Rc<Inbox>, report: Rc<dyn Fn(Msg)>) -> Rc<Self> {
        let language = Rc::new(Cell::new(None::<Language>));
        let channel = locks::locks().and_then(|_| BroadcastChannel::new(NAME).ok());
        if let Some(channel) = &channel {
            let (report, language) = (report.clone(), language.clone());
            let heard = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
                let read = |text: String| (language.get()?.read)(&text);
                let told = event.data().as_string().and_then(read);
                match told {
                    Some(Told::Word(word)) => report(Msg::Tabs(TabEvent::Heard(word))),
                    Some(Told::Frame { batch, text }) => {
                        inbox.push(SocketEvent::Relayed { batch, text });
                    }
                    None => {}
                }
            });
            channel.set_onmessage(Some(heard.as_ref().unchecked_ref()));
            heard.forget();
        }
        Rc::new(Self {
            language,
            channel,
            relays: Cell::new(false),
            claim: RefCell::default(),
            claims: Cell::new(0),
            report,
        })
    }

    /// A number for this tab, where the browser's tabs can share a link.
    pub fn number(&self, seed: u64) -> Option<u32> {
        self.channel.as_ref().map(|_| seed as u32)
    }

    /// From now on this tab tells and hears.
    pub fn speak(&self, language: Language) {
        self.language.set(Some(language));
    }

    /// Tells the other tabs.
    pub fn tell(&self, word: &Word) {
        if let Some(language) = self.language.get() {
            self.post(&(language.write)(word));
        }
    }

    /// Passes on what sockets say from now on, or no more.
    pub fn set_relays(&self, relays: bool) {
        self.relays.set(relays);
    }

    /// Passes a frame on, at once: this tab may be hidden, and the tab that waits for it not.
    pub fn relay(&self, channel: &Channel, text: &str) {
        if let Some(language) = self.language.get().filter(|_| self.relays.get()) {
            self.post(&(language.write_relayed)(channel.batch(), text));
        }
    }

    fn post(&self, text: &str) {
        if let Some(channel) = &self.channel {
            // A channel that takes nothing is noticed by the silence of the others.
            let _ = channel.post_message(&text.into());
        }
    }

    /// Asks for the lock, in place of an earlier wish.
    pub fn claim(self: &Rc<Self>, steal: bool) {
        self.release();
        let number = self.claims.get().wrapping_add(1);
        self.claims.set(number);
        if self.request(number, steal).is_none() {
            self.claim.take();
            self.later(TabEvent::Unable);
        }
    }

    fn request(self: &Rc<Self>, number: u32, steal: bool) -> Option<()> {
        let waiting = AbortController::new().ok()?;
        // The two exclude each other.
        let (option, value) = match steal {
            true => ("steal", JsValue::TRUE),
            false => ("signal", waiting.signal().into()),
        };
        let tabs = self.clone();
        let granted = Closure::<dyn FnMut() -> Promise>::new(move || tabs.granted(number));
        let callback: Function = granted.as_ref().unchecked_ref::<Function>().clone();
        *self.claim.borrow_mut() = Some(Claim {
            number,
            waiting,
            held: None,
            _granted: granted,
        });
        let promise = locks::request(NAME, option, &value, &callback)?;
        let tabs = self.clone();
        wasm_bindgen_futures::spawn_local(async move {
            if JsFuture::from(promise).await.is_err() {
                tabs.refused(number);
            }
        });
        Some(())
    }

    /// The lock is this tab's until the promise is kept.
    fn granted(self: &Rc<Self>, number: u32) -> Promise {
        let tabs = self.clone();
        Promise::new(&mut |resolve, _| {
            let mut claim = tabs.claim.borrow_mut();
            match claim.as_mut().filter(|claim| claim.number == number) {
                Some(claim) => {
                    claim.held = Some(resolve);
                    tabs.later(TabEvent::Granted);
                }
                // Given back before it came.
                None => drop(resolve.call0(&JsValue::NULL)),
            }
        })
    }

    /// The lock was taken away, or never to be had.
    fn refused(&self, number: u32) {
        let mut claim = self.claim.borrow_mut();
        let Some(refused) = claim.take_if(|claim| claim.number == number) else {
            return;
        };
        drop(claim);
        self.later(match refused.held {
            Some(_) => TabEvent::Lost,
            None => TabEvent::Unable,
        });
    }

    /// Gives the lock back, or waits for it no more.
    pub fn release(&self) {
        if let Some(claim) = self.claim.take() {
            match &claim.held {
                Some(resolve) => drop(resolve.call0(&JsValue::NULL)),
                None => claim.waiting.abort(),
            }
            // The browser may be calling it just now.
            wasm_bindgen_futures::spawn_local(async move { drop(claim) });
        }
    }

    /// Reports when what runs now has ended: the app may be in the middle of something.
    fn later(&self, event: TabEvent) {
        let report = self.report.clone();
        wasm_bindgen_futures::spawn_local(async move { report(Msg::Tabs(event)) });
    }
}
