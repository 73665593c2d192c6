//! The address as the model wants it, put into the browser by the router.

use std::cell::{Cell, RefCell};

use super::clock;
use crate::domain::time::{Duration, Millis, SECOND};

/// Browsers refuse a page that navigates too often, the strictest of them from 100 times in 30 seconds on, and the router
/// does not outlive a refusal: so many in each half of that are always allowed.
const MOST: u32 = 45;
const WITHIN: Duration = 30 * SECOND;

type Navigate = Box<dyn Fn(&str, bool)>;

/// Puts queries into the address.
#[derive(Default)]
pub struct Address {
    navigate: RefCell<Option<Navigate>>,
    /// What was wanted before there was a router.
    waiting: RefCell<Option<(String, bool)>>,
    /// Since when how many were put there.
    since: Cell<Millis>,
    count: Cell<u32>,
}

impl Address {
    /// From now on by this one.
    pub fn navigate_by(&self, navigate: Navigate) {
        self.navigate.replace(Some(navigate));
        if let Some((query, replace)) = self.waiting.take() {
            self.put(&query, replace);
        }
    }

    /// Puts another query into the address, as a new entry of the tab's history or in place of the present one. Where that
    /// happens too often the address is a little old, nothing worse.
    pub fn put(&self, query: &str, replace: bool) {
        let navigate = self.navigate.borrow();
        let Some(navigate) = &*navigate else {
            self.waiting.replace(Some((query.to_owned(), replace)));
            return;
        };
        let now = clock::now();
        if !(0..WITHIN).contains(&(now - self.since.get())) {
            self.since.set(now);
            self.count.set(0);
        }
        if self.count.get() < MOST {
            self.count.set(self.count.get() + 1);
            navigate(query, replace);
        }
    }
}
