//! A value that counts how often it was borrowed for change.

use std::ops::{Deref, DerefMut};

/// A value that counts how often it was borrowed for change, so that the view redraws only what may have changed.
#[derive(Clone, Debug, Default)]
pub struct Tracked<T> {
    value: T,
    revision: u64,
}

impl<T> Tracked<T> {
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
