//! Reactive pieces of a view behind one type each.
//!
//! Every closure in a view is a type of its own, and everything generic over it is compiled again for each. The same
//! pieces behind a pointer are compiled once, which takes much off the bundle.

use leptos::ev::{Event, MouseEvent};
use leptos::prelude::*;

/// A part of the view that is made anew whenever what it reads changes.
pub fn dynamic<V: IntoView + 'static>(part: impl Fn() -> V + Send + 'static) -> AnyView {
    fn erased(part: Box<dyn Fn() -> AnyView + Send>) -> AnyView {
        (move || part()).into_any()
    }
    erased(Box::new(move || part().into_any()))
}

/// A text or an attribute that follows what it reads.
pub fn follow<T: Clone + Send + Sync + 'static>(
    value: impl Fn() -> T + Send + Sync + 'static,
) -> Signal<T> {
    Signal::derive(value)
}

/// What is done on a click.
pub fn clicked(action: impl Fn() + 'static) -> Box<dyn FnMut(MouseEvent)> {
    Box::new(move |_| action())
}

/// What is done when a control has another value.
pub fn changed(action: impl Fn(Event) + 'static) -> Box<dyn FnMut(Event)> {
    Box::new(action)
}
