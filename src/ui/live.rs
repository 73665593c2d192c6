//! Values that views follow.

use std::any::Any;
use std::marker::PhantomData;
use std::rc::Rc;

use leptos::prelude::*;
use send_wrapper::SendWrapper;

use super::call::{Call, Read};

/// A value that is made anew whenever what it reads changes.
pub struct Live<T>(Rc<dyn Read<T>>);

/// A value that follows what it reads.
pub fn follow<T>(value: impl Fn() -> T + 'static) -> Live<T> {
    Live(Rc::new(value))
}

impl<T> Clone for Live<T> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl<T> Live<T> {
    /// The value; its reader runs again when what it reads changes.
    pub fn get(&self) -> T {
        self.0.read()
    }
}

impl<T: 'static> Live<T> {
    /// The value now.
    pub fn get_untracked(&self) -> T {
        untrack(|| self.get())
    }
}

impl From<String> for Live<String> {
    fn from(words: String) -> Self {
        follow(move || words.clone())
    }
}

impl From<&'static str> for Live<String> {
    fn from(words: &'static str) -> Self {
        follow(move || words.to_owned())
    }
}

impl From<bool> for Live<bool> {
    fn from(so: bool) -> Self {
        follow(move || so)
    }
}

impl<T: Clone + Default + 'static> From<Watched<T>> for Live<T> {
    fn from(value: Watched<T>) -> Self {
        follow(move || value.get())
    }
}

/// A value whose readers run again only when it is another one. Copied freely.
///
/// A memo is compiled again for every type of value; here only its comparison is, which keeps the bundle small. It is one
/// handle and no more, because every closure of a view that reads it holds a copy.
pub struct Watched<T> {
    untyped: Memo<Newest>,
    value: PhantomData<fn() -> T>,
}

/// The newest value. A memo's must be one that could go to another thread, and a page has only one.
type Newest = SendWrapper<Rc<dyn Any>>;

/// A value that is read again whenever what it reads changes, and whose readers see only that it is another one.
pub fn watch<T: Clone + PartialEq + 'static>(
    read: impl Fn() -> T + Send + Sync + 'static,
) -> Watched<T> {
    watch_boxed(Box::new(read))
}

// Compiled once for each type of value and not for each closure.
fn watch_boxed<T: Clone + PartialEq + 'static>(read: Box<dyn Read<T> + Send + Sync>) -> Watched<T> {
    let renew = move |old: Option<&dyn Any>| {
        let new = read.read();
        let same = old
            .and_then(<dyn Any>::downcast_ref::<T>)
            .is_some_and(|old| *old == new);
        (!same).then(|| Rc::new(new) as Rc<dyn Any>)
    };
    Watched {
        untyped: untyped_watch(Box::new(renew)),
        value: PhantomData,
    }
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
        read_as(&self.untyped.get_untracked(), T::clone)
    }

    /// Reads the value in place; the reader runs again when it is another one.
    pub fn with<R>(self, read: impl FnOnce(&T) -> R) -> R {
        read_as(&self.untyped.get(), read)
    }
}

fn read_as<T: Default + 'static, R>(value: &Newest, read: impl FnOnce(&T) -> R) -> R {
    match value.downcast_ref::<T>() {
        Some(value) => read(value),
        // Never so: the memo holds only what was made as this type.
        None => read(&T::default()),
    }
}

type Renew = Box<dyn for<'a> Call<Option<&'a dyn Any>, Option<Rc<dyn Any>>> + Send + Sync>;

fn untyped_watch(renew: Renew) -> Memo<Newest> {
    Memo::new_owning(move |old: Option<Newest>| {
        let new = renew.call(old.as_ref().map(|old| &***old));
        match (new, old) {
            (None, Some(old)) => (old, false),
            (new, _) => (SendWrapper::new(new.unwrap_or_else(|| Rc::new(()))), true),
        }
    })
}
