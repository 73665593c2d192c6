//! How far the page was scrolled at each address, for whoever comes back.
//!
//! Browsers do the same by themselves, but only where the page is as long as it was at once. Here a part of it may have to
//! be read again first, and the heading takes the focus.

use std::cell::RefCell;
use std::rc::Rc;

use gloo_timers::callback::Timeout;

use super::page::{self, Target, listen};

/// So many addresses are remembered.
const MOST: usize = 50;
/// Looked again after so many milliseconds whether the page is long enough by now, so many times.
const AGAIN: u32 = 20;
const TRIES: u32 = 100;
/// The heading takes the focus meanwhile, and the page scrolls with it.
const AT_LEAST: u32 = 3;

#[derive(Default)]
struct Scrolled {
    /// The newest last.
    at: RefCell<Vec<(String, f64)>>,
    /// Where the page is to be scrolled now, and the address for which that is so.
    wanted: RefCell<Option<(String, f64)>>,
}

/// Scrolls back where somebody was, on every Back and Forward from now on.
pub fn restore_on_return() {
    let scrolled = Rc::new(Scrolled::default());
    let state = scrolled.clone();
    listen(Target::Window, "scroll", move |_| state.remember());
    let state = scrolled.clone();
    listen(Target::Window, "popstate", move |_| {
        let query = page::query();
        let wanted = state.at(&query).map(|top| (query, top));
        state.wanted.replace(wanted);
        state.clone().restore(0);
    });
    // Whoever scrolls now wants to be elsewhere.
    for event in ["wheel", "touchstart", "pointerdown", "keydown"] {
        let state = scrolled.clone();
        listen(Target::Window, event, move |_| drop(state.wanted.take()));
    }
}

impl Scrolled {
    fn at(&self, query: &str) -> Option<f64> {
        let at = self.at.borrow();
        at.iter()
            .find(|(known, _)| known == query)
            .map(|(_, top)| *top)
    }

    fn remember(&self) {
        if self.wanted.borrow().is_some() {
            return;
        }
        let query = page::query();
        let mut at = self.at.borrow_mut();
        at.retain(|(known, _)| *known != query);
        at.push((query, page::scrolled()));
        if at.len() > MOST {
            at.remove(0);
        }
    }

    fn restore(self: Rc<Self>, tries: u32) {
        let wanted = self.wanted.take();
        let Some((query, top)) = wanted.filter(|(query, _)| *query == page::query()) else {
            return;
        };
        page::scroll_to(top);
        let is_there = (page::scrolled() - top).abs() < 1.0;
        if tries >= TRIES || is_there && tries >= AT_LEAST {
            return;
        }
        self.wanted.replace(Some((query, top)));
        Timeout::new(AGAIN, move || self.restore(tries + 1)).forget();
    }
}
