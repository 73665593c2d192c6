//! The bridge between the pure model and the view: facts go in, slices that changed make their readers run again.

use std::any::Any;
use std::cell::RefCell;
use std::collections::VecDeque;
use std::marker::PhantomData;
use std::rc::Rc;
use std::sync::atomic::{AtomicU64, Ordering};

use leptos::prelude::*;

use crate::app::{Model, Msg, Slice, update};
use crate::browser::clock;
use crate::browser::driver::Driver;
use crate::config::Config;
use crate::domain::time::Millis;

/// The model, its readers and the driver. Copied freely.
#[derive(Clone, Copy)]
pub struct Store {
    inner: StoredValue<Rc<Inner>, LocalStorage>,
    changed: StoredValue<Vec<RwSignal<u64>>>,
    now: RwSignal<Millis>,
}

struct Inner {
    model: RefCell<Model>,
    driver: RefCell<Option<Rc<Driver>>>,
    /// Facts that came while another was being taken.
    waiting: RefCell<VecDeque<Msg>>,
}

impl Store {
    /// A store without a driver: facts change the model and nothing is done about them. Tests use it so.
    pub fn new(config: Config) -> Self {
        let inner = Inner {
            model: RefCell::new(Model::new(config)),
            driver: RefCell::default(),
            waiting: RefCell::default(),
        };
        let changed = Slice::ALL.iter().map(|_| RwSignal::new(0)).collect();
        Self {
            inner: StoredValue::new_local(Rc::new(inner)),
            changed: StoredValue::new(changed),
            now: RwSignal::new(clock::now()),
        }
    }

    /// What the driver reports to.
    pub fn reporter(self) -> Rc<dyn Fn(Msg)> {
        Rc::new(move |msg| self.send(msg))
    }

    /// Takes a driver, starts it, and lets a clock run for what is told in seconds.
    pub fn connect(self, driver: Driver) {
        let driver = Rc::new(driver);
        self.inner
            .with_value(|inner| inner.driver.replace(Some(driver.clone())));
        driver.start();
        gloo_timers::callback::Interval::new(1_000, move || self.now.set(clock::now())).forget();
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
            let slices = before.into_iter().zip(after).zip(self.changed.get_value());
            for ((_, revision), signal) in slices.filter(|((before, after), _)| before != after) {
                signal.set(revision);
            }
        }
    }

    /// Reads the model; runs again when one of the named slices changes.
    pub fn read<R>(self, slices: &[Slice], read: impl FnOnce(&Model) -> R) -> R {
        self.track(slices);
        self.peek(read)
    }

    fn track(self, slices: &[Slice]) {
        self.changed.with_value(|signals| {
            for (slice, signal) in Slice::ALL.iter().zip(signals) {
                if slices.contains(slice) {
                    signal.track();
                }
            }
        });
    }

    /// Reads the model once.
    pub fn peek<R>(self, read: impl FnOnce(&Model) -> R) -> R {
        self.inner.with_value(|inner| read(&inner.model.borrow()))
    }

    /// A value of the model that its readers see change only when it is another one. For the few plain types that
    /// texts and attributes take; everything else is a [`Watched`].
    pub fn memo<T: PartialEq + Send + Sync + 'static>(
        self,
        slices: &'static [Slice],
        read: impl Fn(&Model) -> T + Send + Sync + 'static,
    ) -> Memo<T> {
        // Behind a pointer, so that a memo is compiled once for each type of value and not for each closure.
        let read: Box<dyn Fn(&Model) -> T + Send + Sync> = Box::new(read);
        boxed_memo(self, slices, read)
    }

    /// A value of any type whose readers run again only when it is another one.
    pub fn watch<T: Clone + PartialEq + 'static>(
        self,
        slices: &'static [Slice],
        read: impl Fn(&Model) -> T + Send + Sync + 'static,
    ) -> Watched<T> {
        let renew = move |model: &Model, old: Option<&dyn Any>| {
            let new = read(model);
            let same = old
                .and_then(<dyn Any>::downcast_ref::<T>)
                .is_some_and(|old| *old == new);
            (!same).then(|| Rc::new(new) as Rc<dyn Any>)
        };
        Watched {
            untyped: untyped_watch(self, slices, Box::new(renew)),
            value: PhantomData,
        }
    }

    /// The wall clock, moving once a second.
    pub fn now(self) -> Millis {
        self.now.get()
    }
}

fn boxed_memo<T: PartialEq + Send + Sync + 'static>(
    store: Store,
    slices: &'static [Slice],
    read: Box<dyn Fn(&Model) -> T + Send + Sync>,
) -> Memo<T> {
    Memo::new(move |_| store.read(slices, &*read))
}

/// A value of the model, compared by equality; see [`Store::watch`].
///
/// A memo is compiled again for every type of value; here only its comparison is, which keeps the bundle small.
pub struct Watched<T> {
    untyped: Untyped,
    value: PhantomData<fn() -> T>,
}

#[derive(Clone, Copy)]
struct Untyped {
    version: Memo<u64>,
    value: StoredValue<Option<Rc<dyn Any>>, LocalStorage>,
}

impl<T> Clone for Watched<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Watched<T> {}

impl<T: Clone + Default + 'static> Watched<T> {
    /// The value; its reader runs again when it is another one.
    pub fn get(self) -> T {
        self.with(T::clone)
    }

    /// The value now.
    pub fn get_untracked(self) -> T {
        self.untyped.version.get_untracked();
        self.read(T::clone)
    }

    /// Reads the value in place; the reader runs again when it is another one.
    pub fn with<R>(self, read: impl FnOnce(&T) -> R) -> R {
        self.untyped.version.get();
        self.read(read)
    }

    fn read<R>(self, read: impl FnOnce(&T) -> R) -> R {
        let value = self.untyped.value.get_value();
        match value.as_deref().and_then(<dyn Any>::downcast_ref::<T>) {
            Some(value) => read(value),
            // Never so: the memo has just filled it with this type.
            None => read(&T::default()),
        }
    }
}

type Renew = Box<dyn Fn(&Model, Option<&dyn Any>) -> Option<Rc<dyn Any>> + Send + Sync>;

fn untyped_watch(store: Store, slices: &'static [Slice], renew: Renew) -> Untyped {
    let value = StoredValue::new_local(None::<Rc<dyn Any>>);
    let count = AtomicU64::new(0);
    let version = boxed_memo(
        store,
        slices,
        Box::new(move |model| {
            let old = value.get_value();
            if let Some(new) = renew(model, old.as_deref()) {
                value.set_value(Some(new));
                count.fetch_add(1, Ordering::Relaxed);
            }
            count.load(Ordering::Relaxed)
        }),
    );
    Untyped { version, value }
}
