//! Values that views follow.

use std::rc::Rc;

use leptos::prelude::*;

use super::call::Read;

pub use super::selected::{Selected as Watched, select as watch};

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
