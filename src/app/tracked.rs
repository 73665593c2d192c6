//! Values by which the view knows cheaply what is another one.

use std::ops::{Deref, DerefMut};
use std::rc::Rc;

/// A value that counts how often it was borrowed for change, so that the view redraws only what may have changed.
#[derive(Clone, Debug, Default)]
pub struct Tracked<T> {
    value: T,
    revision: u64,
}

impl<T> Tracked<T> {
    /// A value that nobody has changed yet.
    pub fn new(value: T) -> Self {
        Self { value, revision: 0 }
    }

    /// How often it was borrowed for change.
    pub fn revision(&self) -> u64 {
        self.revision
    }
}

impl<T> Deref for Tracked<T> {
    type Target = T;
    fn deref(&self) -> &T {
        &self.value
    }
}

impl<T> DerefMut for Tracked<T> {
    fn deref_mut(&mut self) -> &mut T {
        self.revision += 1;
        &mut self.value
    }
}

/// A value that others hold too. Two are alike only where they are one and the same, so that comparing costs nothing.
#[derive(Debug, Default)]
pub struct Shared<T>(Rc<T>);

impl<T> Shared<T> {
    /// A value of its own.
    pub fn new(value: T) -> Self {
        Self(Rc::new(value))
    }
}

impl<T: Clone> Shared<T> {
    /// The value, to be changed; those who hold it as it was keep it so.
    pub fn make_mut(&mut self) -> &mut T {
        Rc::make_mut(&mut self.0)
    }
}

impl<T> Clone for Shared<T> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl<T> PartialEq for Shared<T> {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

impl<T> Deref for Shared<T> {
    type Target = T;
    fn deref(&self) -> &T {
        &self.0
    }
}
