//! What views read of the model: values whose readers run again only when they are other ones.

use std::any::Any;
use std::marker::PhantomData;
use std::rc::Rc;

use leptos::prelude::*;
use send_wrapper::SendWrapper;

/// A value whose readers run again only when it is another one. Copied freely.
///
/// It does what a [`Memo`] does. A memo is compiled again for every type of value; here only its comparison is, which keeps
/// the bundle small. It is one handle and no more, because every closure of a view that reads it holds a copy.
pub struct Selected<T> {
    untyped: Memo<Newest>,
    value: PhantomData<fn() -> T>,
}

/// The newest value. A memo's must be one that could go to another thread, and a page has only one.
type Newest = SendWrapper<Rc<dyn Any>>;

/// A value that is read again whenever what it reads changes, and whose readers see only that it is another one.
pub fn select<T: Clone + PartialEq + 'static>(
    read: impl Fn() -> T + Send + Sync + 'static,
) -> Selected<T> {
    select_boxed(Box::new(read))
}

// Compiled once for each type of value and not for each closure.
fn select_boxed<T: Clone + PartialEq + 'static>(
    read: Box<dyn Fn() -> T + Send + Sync>,
) -> Selected<T> {
    let renew = move |old: Option<&dyn Any>| {
        let new = read();
        let same = old
            .and_then(<dyn Any>::downcast_ref::<T>)
            .is_some_and(|old| *old == new);
        (!same).then(|| Rc::new(new) as Rc<dyn Any>)
    };
    Selected {
        untyped: untyped(Box::new(renew)),
        value: PhantomData,
    }
}

impl<T> Clone for Selected<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Selected<T> {}

impl<T: Clone + Default + 'static> Selected<T> {
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

impl<T: Clone + Default + Send + Sync + 'static> Selected<T> {
    /// The same as a signal, for where `view!` asks for one: `class=…`, `prop:value=…`.
    pub fn signal(self) -> Signal<T> {
        Signal::derive(move || self.get())
    }
}

impl<T: Clone + Default + Send + Sync + 'static> From<Selected<T>> for Signal<T> {
    fn from(value: Selected<T>) -> Self {
        value.signal()
    }
}

/// As a child: `<p>{selected}</p>`.
impl<T: Clone + Default + Send + Sync + 'static> IntoRender for Selected<T> {
    type Output = Signal<T>;

    fn into_render(self) -> Signal<T> {
        self.signal()
    }
}

/// As an attribute: `<p hidden=selected>`.
impl<T: Clone + Default + Send + Sync + 'static> IntoAttributeValue for Selected<T> {
    type Output = Signal<T>;

    fn into_attribute_value(self) -> Signal<T> {
        self.signal()
    }
}

fn read_as<T: Default + 'static, R>(value: &Newest, read: impl FnOnce(&T) -> R) -> R {
    match value.downcast_ref::<T>() {
        Some(value) => read(value),
        // Never so: the memo holds only what was made as this type.
        None => read(&T::default()),
    }
}

type Renew = Box<dyn Fn(Option<&dyn Any>) -> Option<Rc<dyn Any>> + Send + Sync>;

fn untyped(renew: Renew) -> Memo<Newest> {
    Memo::new_owning(move |old: Option<Newest>| {
        let new = renew(old.as_ref().map(|old| &***old));
        match (new, old) {
            (None, Some(old)) => (old, false),
            (new, _) => (SendWrapper::new(new.unwrap_or_else(|| Rc::new(()))), true),
        }
    })
}
