//! The bridge between the pure model and the view: facts go in, slices that changed make their readers run again.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::rc::Rc;

use leptos::prelude::*;

use super::later::{self, Show};
use super::selected::{Selected, select};
use crate::app::parts::Part;
use crate::app::{Model, Msg, Slice, update};
use crate::browser::clock;
use crate::browser::driver::Driver;
use crate::config::Config;
use crate::domain::time::Millis;

/// The model, its readers and the driver. Copied freely: it is one handle and no more, because almost every closure of a
/// view holds a copy, and the bundle the code for each.
#[derive(Clone, Copy)]
pub struct Store {
    inner: StoredValue<Rc<Inner>, LocalStorage>,
}

/// The store of the page, which the root component provides.
pub fn use_store() -> Store {
    expect_context()
}

/// Words that change with every message cannot be read: they are renewed so often, in milliseconds.
const BEAT: i64 = 200;

struct Inner {
    model: RefCell<Model>,
    driver: RefCell<Option<Rc<Driver>>>,
    /// Facts that came while another was being taken.
    waiting: RefCell<VecDeque<Msg>>,
    /// The next beat is under way.
    beating: Cell<bool>,
    /// One for each slice.
    changed: Vec<RwSignal<u64>>,
    /// How the views of each part are made, once it is there.
    shows: [Cell<Option<Show>>; 3],
    now: RwSignal<Millis>,
    /// When words about running batches are renewed.
    beat: RwSignal<Millis>,
}

impl Store {
    /// A store without a driver: facts change the model and nothing is done about them. Tests use it so.
    pub fn new(config: Config) -> Self {
        let mut model = Model::new(config);
        model.local_offset = clock::local_offset;
        let inner = Inner {
            model: RefCell::new(model),
            driver: RefCell::default(),
            waiting: RefCell::default(),
            beating: Cell::default(),
            changed: Slice::ALL.iter().map(|_| RwSignal::new(0)).collect(),
            shows: Part::ALL.map(|part| Cell::new(later::at_start(part).map(|loaded| loaded.show))),
            now: RwSignal::new(clock::now()),
            beat: RwSignal::new(Millis::default()),
        };
        Self {
            inner: StoredValue::new_local(Rc::new(inner)),
        }
    }

    /// What the driver reports to.
    pub fn reporter(self) -> Rc<dyn Fn(Msg)> {
        Rc::new(move |msg| self.send(msg))
    }

    /// Takes a driver, starts it, and lets a clock run for what is told in seconds.
    pub fn connect(self, driver: Driver) {
        let driver = Rc::new(driver);
        let inner = self.inner();
        for loaded in Part::ALL.into_iter().filter_map(later::at_start) {
            (loaded.start)(&driver);
        }
        driver.load_parts_by(move |part| self.load(part));
        inner.driver.replace(Some(driver.clone()));
        driver.start();
        let now = inner.now;
        gloo_timers::callback::Interval::new(1_000, move || now.set(clock::now())).forget();
    }

    /// How the views of a part are made, where it is there.
    pub fn shown_by(self, part: Part) -> Option<Show> {
        self.inner().shows[part as usize].get()
    }

    /// Fetches a part and puts it into use.
    fn load(self, part: Part) {
        wasm_bindgen_futures::spawn_local(async move {
            self.send(match later::load(part).await {
                Some(loaded) => {
                    if let Some(driver) = &*self.inner().driver.borrow() {
                        (loaded.start)(driver);
                    }
                    self.inner().shows[part as usize].set(Some(loaded.show));
                    Msg::PartLoaded(part, loaded.code)
                }
                None => Msg::PartFailed(part),
            });
        });
    }

    /// How the driver, if there is one, changes the address.
    pub fn navigate_by(self, navigate: impl Fn(&str, bool) + 'static) {
        if let Some(driver) = &*self.inner().driver.borrow() {
            driver.navigate_by(navigate);
        }
    }

    /// Takes a fact.
    pub fn send(self, msg: Msg) {
        let Some(inner) = self.inner.try_get_value() else {
            return;
        };
        inner.waiting.borrow_mut().push_back(msg);
        // While one fact is being taken the model is borrowed: the others wait their turn in the queue.
        while let Ok(mut model) = inner.model.try_borrow_mut() {
            let Some(msg) = inner.waiting.borrow_mut().pop_front() else {
                return;
            };
            let is_news = matches!(msg, Msg::Sockets(_));
            let before = model.revisions();
            let effects = update(&mut model, msg, clock::now(), clock::random_bits());
            let after = model.revisions();
            drop(model);
            let driver = inner.driver.borrow().clone();
            if let Some(driver) = driver {
                for effect in effects {
                    driver.run(effect);
                }
            }
            let slices = before.into_iter().zip(after).zip(&inner.changed);
            let mut changed = false;
            for ((_, revision), signal) in slices.filter(|((before, after), _)| before != after) {
                signal.set(revision);
                changed = true;
            }
            let now = clock::now();
            // A clock that was set back must not hold words back.
            let rest = (inner.beat.get_untracked() + BEAT - now).min(BEAT);
            match u32::try_from(rest) {
                _ if !changed => {}
                Ok(rest) if is_news => inner.beat_after(rest),
                _ => inner.beat.set(now),
            }
        }
    }

    /// Runs its reader again after changes, but not with each of many news that follow closely.
    pub fn beat(self) {
        self.inner().beat.track();
    }

    /// Reads the model; runs again when one of the named slices changes.
    pub fn read<R>(self, slices: &[Slice], read: impl FnOnce(&Model) -> R) -> R {
        self.track(slices);
        self.peek(read)
    }

    fn track(self, slices: &[Slice]) {
        for (slice, signal) in Slice::ALL.iter().zip(&self.inner().changed) {
            if slices.contains(slice) {
                signal.track();
            }
        }
    }

    /// Reads the model once.
    pub fn peek<R>(self, read: impl FnOnce(&Model) -> R) -> R {
        read(&self.inner().model.borrow())
    }

    /// A value of the model whose readers run again only when it is another one. It is read again when one of the named
    /// slices changes.
    pub fn select<T: Clone + PartialEq + 'static>(
        self,
        slices: &'static [Slice],
        read: impl Fn(&Model) -> T + Send + Sync + 'static,
    ) -> Selected<T> {
        self.select_boxed(slices, Box::new(read))
    }

    // Compiled once for each type of value and not for each closure, which keeps the bundle small.
    fn select_boxed<T: Clone + PartialEq + 'static>(
        self,
        slices: &'static [Slice],
        read: Box<dyn Fn(&Model) -> T + Send + Sync>,
    ) -> Selected<T> {
        select(move || self.read(slices, |model| read(model)))
    }

    /// Whether everything that came is told in words by now.
    pub fn is_told(self) -> bool {
        !self.inner().beating.get()
    }

    /// The wall clock, moving once a second.
    pub fn now(self) -> Millis {
        self.inner().now.get()
    }

    // Compiled once and not into every reader, which keeps the bundle small.
    #[inline(never)]
    fn inner(self) -> Rc<Inner> {
        self.inner.get_value()
    }
}

impl Inner {
    fn beat_after(self: &Rc<Self>, rest: u32) {
        if self.beating.replace(true) {
            return;
        }
        let inner = self.clone();
        let beat = move || {
            inner.beating.set(false);
            inner.beat.set(clock::now());
        };
        gloo_timers::callback::Timeout::new(rest, beat).forget();
    }
}
