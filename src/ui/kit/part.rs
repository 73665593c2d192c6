//! Parts of the page that change as a whole, and parts that are there only sometimes.

use std::rc::Rc;

use leptos::children::{ChildrenOptContainer, ToChildren};
use leptos::prelude::*;
use send_wrapper::SendWrapper;

use crate::ui::selected::select;

/// A part that is made anew whenever what it reads changes.
///
/// Elements of the same kind stay in the document and take on what is new, but parts, lists and conditions inside are
/// replaced as a whole: what is to keep its focus stands outside, or reads a signal of its own.
pub fn part(view: impl Fn() -> AnyView + 'static) -> AnyView {
    part_boxed(Box::new(view))
}

// Compiled once for all parts of the page.
fn part_boxed(view: Box<dyn Fn() -> AnyView>) -> AnyView {
    let view = SendWrapper::new(view);
    (move || view()).into_any()
}

/// What is there only while something is so.
#[component]
pub fn When(
    /// Whether it is there.
    #[prop(into)]
    so: Signal<bool>,
    /// What is there otherwise; nothing unless said.
    #[prop(optional, into)]
    otherwise: Option<ContentFn>,
    /// What is there.
    children: ContentFn,
) -> AnyView {
    // A reader of its own, so that the content is made only when the answer is another one.
    let so = select(move || so.get());
    part(move || match (so.get(), &otherwise) {
        (true, _) => children.run(),
        (false, Some(otherwise)) => otherwise.run(),
        (false, None) => ().into_any(),
    })
}

/// Children of a component that are made once. Unlike Leptos' own they may hold what belongs to one thread, such as a
/// message.
pub struct Content(Box<dyn FnOnce() -> AnyView>);

impl Content {
    /// Makes them.
    pub fn run(self) -> AnyView {
        (self.0)()
    }
}

impl<F, V> ToChildren<F> for Content
where
    F: FnOnce() -> V + 'static,
    V: IntoAny + 'static,
{
    fn to_children(view: F) -> Self {
        Self(Box::new(move || view().into_any()))
    }
}

/// A single text or value.
impl<V: IntoAny + 'static> ToChildren<ChildrenOptContainer<V>> for Content {
    fn to_children(view: ChildrenOptContainer<V>) -> Self {
        Self(Box::new(move || view.0.into_any()))
    }
}

/// Children of a component that may be made several times.
#[derive(Clone)]
pub struct ContentFn(Rc<dyn Fn() -> AnyView>);

impl ContentFn {
    /// Makes them.
    pub fn run(&self) -> AnyView {
        (self.0)()
    }
}

impl<F, V> ToChildren<F> for ContentFn
where
    F: Fn() -> V + 'static,
    V: IntoAny + 'static,
{
    fn to_children(view: F) -> Self {
        Self(Rc::new(move || view().into_any()))
    }
}

/// A single text or value.
impl<V: IntoAny + Clone + 'static> ToChildren<ChildrenOptContainer<V>> for ContentFn {
    fn to_children(view: ChildrenOptContainer<V>) -> Self {
        Self(Rc::new(move || view.0.clone().into_any()))
    }
}

impl<F: Fn() -> AnyView + 'static> From<F> for ContentFn {
    fn from(view: F) -> Self {
        Self(Rc::new(view))
    }
}
