//! Views as plain values: described, put into the document, and brought up to date in place.
//!
//! `el("p").attr("class", "hint").child("Words")` describes an element. [`dynamic`] describes a part that is described
//! anew whenever what it reads changes: what is alike stays in the document, so focus, scroll position and half-made
//! clicks survive. Signals, memos, effects and owners are Leptos'; only its `view!` is not used, which makes a type of
//! every piece of a view and compiles everything again for each (ARCHITECTURE.md, “Bytes”).

use std::borrow::Cow;
use std::cell::RefCell;
use std::rc::Rc;

use leptos::prelude::{AnyView, Mountable, Owner, Render as _, document};
use leptos::reactive::effect::RenderEffect;
use leptos::tachys::view::any_view::AnyViewState;
use wasm_bindgen::prelude::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Event, HtmlElement};

use super::call::{Call, Read};
use super::live::{Live, Watched};

/// Words, or nothing at all: an attribute that is not there.
pub type Words = Option<Cow<'static, str>>;

/// A text or an attribute: fixed, or following the model.
pub enum Value {
    Fixed(Words),
    Live(Rc<dyn Read<Words>>),
}

/// A piece of a view.
pub enum Node {
    Text(Value),
    Element(Box<Description>),
    /// What is described anew whenever what it reads changes.
    Region(Render),
    List(List),
    /// What is written with `view!` already.
    New(Box<dyn FnOnce() -> AnyView>),
}

/// Describes a part anew.
type Render = Rc<dyn for<'a> Call<&'a mut Vec<Node>, ()>>;

/// Elements that stay in the document for as long as their key is there.
pub struct List {
    keys: Rc<dyn Read<Vec<String>>>,
    item: Rc<dyn for<'a> Call<&'a str, Element>>,
}

/// An element under description: `el("p").attr("class", "hint").child("Words")`.
pub struct Element(Box<Description>);

/// What an element is to be.
pub struct Description {
    tag: &'static str,
    attributes: Vec<Attribute>,
    handlers: Vec<(&'static str, Handler)>,
    children: Vec<Node>,
    mounted: Option<Box<dyn FnOnce(HtmlElement)>>,
    keep: Option<Keep>,
}

type Handler = Rc<dyn Call<Event, ()>>;

type Keep = Box<dyn for<'a> Call<&'a HtmlElement, ()>>;

struct Attribute {
    kind: Kind,
    name: &'static str,
    value: Value,
}

#[derive(Clone, Copy, PartialEq)]
enum Kind {
    Attribute,
    /// A property of the element: `value` takes words, every other is true where there are words.
    Property,
    /// A class that is set where there are words.
    Class,
    /// A property of the element's style.
    Style,
}

/// Describes an element.
pub fn el(tag: &'static str) -> Element {
    Element(Box::new(Description {
        tag,
        attributes: Vec::new(),
        handlers: Vec::new(),
        children: Vec::new(),
        mounted: None,
        keep: None,
    }))
}

impl Element {
    /// An attribute; not there where the value is nothing.
    pub fn attr(self, name: &'static str, value: impl Into<Value>) -> Self {
        self.with(Kind::Attribute, name, value.into())
    }

    /// The classes that it always has.
    pub fn class(self, classes: impl Into<Value>) -> Self {
        self.with(Kind::Attribute, "class", classes.into())
    }

    /// The name by which tests find it.
    pub fn testid(self, id: impl Into<Value>) -> Self {
        self.with(Kind::Attribute, "data-testid", id.into())
    }

    /// A class that it has only sometimes.
    pub fn class_if(self, class: &'static str, so: impl Into<Value>) -> Self {
        self.with(Kind::Class, class, so.into())
    }

    /// A property of its style.
    pub fn style(self, name: &'static str, value: impl Into<Value>) -> Self {
        self.with(Kind::Style, name, value.into())
    }

    /// A property of the document's object: `value` takes words, `checked` and the like true or false.
    pub fn prop(self, name: &'static str, value: impl Into<Value>) -> Self {
        self.with(Kind::Property, name, value.into())
    }

    /// What is done when an event reaches it.
    pub fn on(self, event: &'static str, action: impl Fn(Event) + 'static) -> Self {
        self.with_handler(event, Rc::new(action))
    }

    /// What is done on a click.
    pub fn on_click(self, action: impl Fn() + 'static) -> Self {
        self.with_handler("click", Rc::new(move |_| action()))
    }

    /// Children after those that it has.
    pub fn child(mut self, children: impl IntoNodes) -> Self {
        children.add_to(&mut self.0.children);
        self
    }

    /// What is done once it is in the document.
    pub fn mounted(mut self, action: impl FnOnce(HtmlElement) + 'static) -> Self {
        self.0.mounted = Some(Box::new(action));
        self
    }

    /// What is done with it whenever what that reads changes: cheaper than values of their own where several change
    /// together and often.
    pub fn keep(mut self, action: impl Fn(&HtmlElement) + 'static) -> Self {
        self.0.keep = Some(Box::new(action));
        self
    }

    fn with(mut self, kind: Kind, name: &'static str, value: Value) -> Self {
        self.0.attributes.push(Attribute { kind, name, value });
        self
    }

    fn with_handler(mut self, event: &'static str, action: Handler) -> Self {
        self.0.handlers.push((event, action));
        self
    }
}

/// A part that is described anew whenever what it reads changes.
pub fn dynamic<N: IntoNodes>(part: impl Fn() -> N + 'static) -> Node {
    Node::Region(Rc::new(move |nodes: &mut Vec<Node>| part().add_to(nodes)))
}

/// A list whose items keep their place in the document for as long as their key is there.
pub fn keyed(
    keys: impl Fn() -> Vec<String> + 'static,
    item: impl Fn(&str) -> Element + 'static,
) -> Node {
    Node::List(List {
        keys: Rc::new(keys),
        item: Rc::new(item),
    })
}

/// What can stand inside an element.
pub trait IntoNodes {
    /// Adds it to the nodes that stand there.
    fn add_to(self, nodes: &mut Vec<Node>);
}

impl IntoNodes for Node {
    fn add_to(self, nodes: &mut Vec<Node>) {
        nodes.push(self);
    }
}

impl IntoNodes for Element {
    fn add_to(self, nodes: &mut Vec<Node>) {
        nodes.push(self.into());
    }
}

impl<T: IntoNodes> IntoNodes for Option<T> {
    fn add_to(self, nodes: &mut Vec<Node>) {
        if let Some(node) = self {
            node.add_to(nodes);
        }
    }
}

impl<T: IntoNodes> IntoNodes for Vec<T> {
    fn add_to(self, nodes: &mut Vec<Node>) {
        for node in self {
            node.add_to(nodes);
        }
    }
}

impl<T: IntoNodes, const COUNT: usize> IntoNodes for [T; COUNT] {
    fn add_to(self, nodes: &mut Vec<Node>) {
        for node in self {
            node.add_to(nodes);
        }
    }
}

macro_rules! words_as_nodes {
    ($($kind:ty),*) => {$(
        impl IntoNodes for $kind {
            fn add_to(self, nodes: &mut Vec<Node>) {
                nodes.push(Node::Text(self.into()));
            }
        }
    )*};
}

words_as_nodes!(
    &'static str,
    String,
    Watched<String>,
    Live<String>,
    Live<&'static str>
);

impl From<Element> for Node {
    fn from(element: Element) -> Self {
        Self::Element(element.0)
    }
}

impl From<&'static str> for Value {
    fn from(words: &'static str) -> Self {
        Self::Fixed(Some(Cow::Borrowed(words)))
    }
}

impl From<String> for Value {
    fn from(words: String) -> Self {
        Self::Fixed(Some(Cow::Owned(words)))
    }
}

impl From<Option<&'static str>> for Value {
    fn from(words: Option<&'static str>) -> Self {
        Self::Fixed(words.map(Cow::Borrowed))
    }
}

impl From<Option<String>> for Value {
    fn from(words: Option<String>) -> Self {
        Self::Fixed(words.map(Cow::Owned))
    }
}

impl From<bool> for Value {
    fn from(so: bool) -> Self {
        Self::Fixed(flag(so))
    }
}

impl From<Watched<String>> for Value {
    fn from(words: Watched<String>) -> Self {
        Self::Live(Rc::new(move || Some(Cow::Owned(words.get()))))
    }
}

impl From<Watched<bool>> for Value {
    fn from(so: Watched<bool>) -> Self {
        Self::Live(Rc::new(move || flag(so.get())))
    }
}

impl From<Live<String>> for Value {
    fn from(words: Live<String>) -> Self {
        Self::Live(Rc::new(move || Some(Cow::Owned(words.get()))))
    }
}

impl From<Live<&'static str>> for Value {
    fn from(words: Live<&'static str>) -> Self {
        Self::Live(Rc::new(move || Some(Cow::Borrowed(words.get()))))
    }
}

impl From<Live<Option<String>>> for Value {
    fn from(words: Live<Option<String>>) -> Self {
        Self::Live(Rc::new(move || words.get().map(Cow::Owned)))
    }
}

impl From<Live<Option<&'static str>>> for Value {
    fn from(words: Live<Option<&'static str>>) -> Self {
        Self::Live(Rc::new(move || words.get().map(Cow::Borrowed)))
    }
}

impl From<Live<bool>> for Value {
    fn from(so: Live<bool>) -> Self {
        Self::Live(Rc::new(move || flag(so.get())))
    }
}

/// There or not there.
fn flag(so: bool) -> Words {
    so.then_some(Cow::Borrowed(""))
}

/// A view in the document; taken out when dropped.
pub struct Mounted {
    built: Vec<Built>,
    owner: Owner,
}

/// Puts a view into the document, at the end of `host`.
pub fn mount(host: &web_sys::Node, view: impl FnOnce() -> Vec<Node>) -> Mounted {
    // Effects run in the browser's microtasks. It is an error only to say so twice.
    let _ = any_spawner::Executor::init_wasm_bindgen();
    let owner = Owner::new();
    let built = owner.with(|| {
        let nodes = view();
        nodes
            .into_iter()
            .map(|node| build(node, host, None))
            .collect()
    });
    Mounted { built, owner }
}

impl Drop for Mounted {
    fn drop(&mut self) {
        self.owner.cleanup();
        for built in self.built.drain(..) {
            built.remove();
        }
    }
}

/// A piece of a view that is in the document.
enum Built {
    Text {
        node: web_sys::Node,
        value: Applied,
    },
    Element(Box<BuiltElement>),
    Region {
        /// Stands behind what the region shows.
        end: web_sys::Node,
        shown: Rc<RefCell<Vec<Built>>>,
        renewal: RenderEffect<()>,
    },
    List {
        end: web_sys::Node,
        items: Rc<RefCell<Vec<Item>>>,
        _renewal: RenderEffect<()>,
    },
    New {
        /// Stands before what is shown.
        start: web_sys::Node,
        shown: AnyViewState,
    },
}

struct BuiltElement {
    tag: &'static str,
    node: web_sys::Element,
    attributes: Vec<(Kind, &'static str, Applied)>,
    listeners: Vec<Listener>,
    children: Vec<Built>,
    /// An element that does something once it is there is never turned into another.
    is_alone: bool,
    _kept: Option<RenderEffect<()>>,
}

struct Listener {
    event: &'static str,
    action: Rc<RefCell<Handler>>,
    _closure: Closure<dyn Fn(Event)>,
}

struct Item {
    key: String,
    element: BuiltElement,
    owner: Owner,
}

/// What a text or an attribute is now.
enum Applied {
    Fixed(Words),
    Live { _effect: RenderEffect<Words> },
}

impl Applied {
    fn new(value: Value, old: Option<&Applied>, set: impl Fn(&Words) + 'static) -> Self {
        Self::erased(value, old, Box::new(set))
    }

    fn erased(value: Value, old: Option<&Applied>, set: Box<dyn Fn(&Words)>) -> Self {
        match value {
            Value::Fixed(words) => {
                if !matches!(old, Some(Self::Fixed(old)) if *old == words) {
                    set(&words);
                }
                Self::Fixed(words)
            }
            Value::Live(read) => Self::Live {
                _effect: RenderEffect::new(move |old: Option<Words>| {
                    let words = read.read();
                    if old.is_none_or(|old| old != words) {
                        set(&words);
                    }
                    words
                }),
            },
        }
    }
}

fn apply(element: &web_sys::Element, kind: Kind, name: &str, words: &Words) {
    match (kind, words) {
        (Kind::Attribute, Some(words)) => {
            let _ = element.set_attribute(name, words);
        }
        (Kind::Attribute, None) => {
            let _ = element.remove_attribute(name);
        }
        (Kind::Property, words) => {
            let value = if name == "value" {
                JsValue::from_str(words.as_deref().unwrap_or_default())
            } else {
                JsValue::from_bool(words.is_some())
            };
            let _ = js_sys::Reflect::set(element, &JsValue::from_str(name), &value);
        }
        (Kind::Class, words) => {
            let _ = element
                .class_list()
                .toggle_with_force(name, words.is_some());
        }
        (Kind::Style, words) => {
            let element: &HtmlElement = element.unchecked_ref();
            let _ = element
                .style()
                .set_property(name, words.as_deref().unwrap_or_default());
        }
    }
}

fn marker() -> web_sys::Node {
    document().create_text_node("").into()
}

fn insert(parent: &web_sys::Node, node: &web_sys::Node, before: Option<&web_sys::Node>) {
    let _ = parent.insert_before(node, before);
}

fn detach(node: &web_sys::Node) {
    if let Some(parent) = node.parent_node() {
        let _ = parent.remove_child(node);
    }
}

/// Puts a node into the document, before another one or at the end of the parent.
fn build(node: Node, parent: &web_sys::Node, before: Option<&web_sys::Node>) -> Built {
    match node {
        Node::Text(value) => {
            let node = marker();
            insert(parent, &node, before);
            let value = text(&node, value, None);
            Built::Text { node, value }
        }
        Node::Element(description) => {
            Built::Element(Box::new(BuiltElement::new(*description, parent, before)))
        }
        Node::Region(render) => {
            let end = marker();
            insert(parent, &end, before);
            let shown = Rc::default();
            let renewal = renew(render, &end, &shown);
            Built::Region {
                end,
                shown,
                renewal,
            }
        }
        Node::List(list) => build_list(list, parent, before),
        Node::New(view) => {
            let start = marker();
            insert(parent, &start, before);
            let mut shown = view().build();
            shown.mount(parent.unchecked_ref(), before);
            Built::New { start, shown }
        }
    }
}

fn text(node: &web_sys::Node, value: Value, old: Option<&Applied>) -> Applied {
    let node = node.clone();
    Applied::new(value, old, move |words| {
        node.set_text_content(words.as_deref());
    })
}

/// Describes a region now and whenever what it reads changes.
fn renew(render: Render, end: &web_sys::Node, shown: &Rc<RefCell<Vec<Built>>>) -> RenderEffect<()> {
    let (end, shown) = (end.clone(), shown.clone());
    RenderEffect::new(move |_: Option<()>| {
        let mut nodes = Vec::new();
        render.call(&mut nodes);
        if let Some(parent) = end.parent_node() {
            patch_all(&mut shown.borrow_mut(), nodes, &parent, Some(&end));
        }
    })
}

/// Turns what is shown into what is described; what is alike stays.
fn patch_all(
    shown: &mut Vec<Built>,
    nodes: Vec<Node>,
    parent: &web_sys::Node,
    end: Option<&web_sys::Node>,
) {
    let count = nodes.len();
    for (index, node) in nodes.into_iter().enumerate() {
        let Some(old) = shown.get_mut(index) else {
            shown.push(build(node, parent, end));
            continue;
        };
        if let Err(node) = old.patch(node) {
            let new = build(node, parent, Some(&old.first()));
            std::mem::replace(old, new).remove();
        }
    }
    for gone in shown.drain(count..) {
        gone.remove();
    }
}

impl Built {
    /// The first of its nodes in the document.
    fn first(&self) -> web_sys::Node {
        match self {
            Self::Text { node, .. } => node.clone(),
            Self::Element(element) => element.node.clone().into(),
            Self::Region { end, shown, .. } => {
                let shown = shown.borrow();
                shown.first().map_or_else(|| end.clone(), Self::first)
            }
            Self::List { end, items, .. } => {
                let items = items.borrow();
                items
                    .first()
                    .map_or_else(|| end.clone(), |item| item.element.node.clone().into())
            }
            Self::New { start, .. } => start.clone(),
        }
    }

    /// Takes it out of the document.
    fn remove(self) {
        match self {
            Self::Text { node, .. } => detach(&node),
            // First out of the document, which may make events of its own, then what answers to them.
            Self::Element(element) => detach(&element.node),
            Self::Region { end, shown, .. } => {
                for built in shown.take() {
                    built.remove();
                }
                detach(&end);
            }
            Self::List { end, items, .. } => {
                for item in items.take() {
                    item.remove();
                }
                detach(&end);
            }
            Self::New { start, mut shown } => {
                shown.unmount();
                detach(&start);
            }
        }
    }

    /// Turns it into what is described, where it is of that kind.
    fn patch(&mut self, node: Node) -> Result<(), Node> {
        match (self, node) {
            (Self::Text { node, value }, Node::Text(new)) => {
                *value = text(node, new, Some(value));
            }
            (Self::Element(element), Node::Element(description))
                if element.can_become(&description) =>
            {
                element.patch(*description);
            }
            (
                Self::Region {
                    end,
                    shown,
                    renewal,
                },
                Node::Region(render),
            ) => {
                *renewal = renew(render, end, shown);
            }
            (_, node) => return Err(node),
        }
        Ok(())
    }
}

impl BuiltElement {
    fn new(
        description: Description,
        parent: &web_sys::Node,
        before: Option<&web_sys::Node>,
    ) -> Self {
        let node = match document().create_element(description.tag) {
            Ok(node) => node,
            // Tags are written in this program, so this is never so.
            Err(_) => wasm_bindgen::throw_str(description.tag),
        };
        let children = description
            .children
            .into_iter()
            .map(|child| build(child, &node, None))
            .collect();
        // After the children: a choice takes its value only from options that are there.
        let attributes = description
            .attributes
            .into_iter()
            .map(|Attribute { kind, name, value }| {
                (kind, name, set(&node, kind, name, value, None))
            })
            .collect();
        let listeners = description
            .handlers
            .into_iter()
            .map(|(event, action)| Listener::new(&node, event, action))
            .collect();
        insert(parent, &node, before);
        let is_alone = description.mounted.is_some() || description.keep.is_some();
        let kept = description.keep.map(|keep| {
            let node: HtmlElement = node.clone().unchecked_into();
            RenderEffect::new(move |_: Option<()>| keep.call(&node))
        });
        if let Some(mounted) = description.mounted {
            let node = node.clone().unchecked_into();
            wasm_bindgen_futures::spawn_local(async move { mounted(node) });
        }
        Self {
            tag: description.tag,
            node,
            attributes,
            listeners,
            children,
            is_alone,
            _kept: kept,
        }
    }

    /// Whether it differs only in values, and stands for the same thing.
    fn can_become(&self, new: &Description) -> bool {
        let alike = |(old, new): (&(Kind, &str, Applied), &Attribute)| {
            let names = matches!(new.name, "id" | "data-testid");
            let renamed = names
                && !matches!((&old.2, &new.value),
                    (Applied::Fixed(old), Value::Fixed(new)) if old == new);
            old.0 == new.kind && old.1 == new.name && !renamed
        };
        self.tag == new.tag
            && !self.is_alone
            && new.mounted.is_none()
            && new.keep.is_none()
            && self.attributes.len() == new.attributes.len()
            && self.listeners.len() == new.handlers.len()
            && self.attributes.iter().zip(&new.attributes).all(alike)
            && (self.listeners.iter().zip(&new.handlers)).all(|(old, new)| old.event == new.0)
    }

    fn patch(&mut self, new: Description) {
        for (listener, (_, action)) in self.listeners.iter().zip(new.handlers) {
            *listener.action.borrow_mut() = action;
        }
        patch_all(&mut self.children, new.children, &self.node, None);
        for (old, Attribute { kind, name, value }) in self.attributes.iter_mut().zip(new.attributes)
        {
            old.2 = set(&self.node, kind, name, value, Some(&old.2));
        }
    }
}

fn set(
    node: &web_sys::Element,
    kind: Kind,
    name: &'static str,
    value: Value,
    old: Option<&Applied>,
) -> Applied {
    let node = node.clone();
    Applied::new(value, old, move |words| apply(&node, kind, name, words))
}

impl Listener {
    fn new(node: &web_sys::Element, event: &'static str, action: Handler) -> Self {
        let action = Rc::new(RefCell::new(action));
        let present = action.clone();
        let closure = Closure::<dyn Fn(Event)>::new(move |event| {
            let action = present.borrow().clone();
            action.call(event);
        });
        let _ = node.add_event_listener_with_callback(event, closure.as_ref().unchecked_ref());
        Self {
            event,
            action,
            _closure: closure,
        }
    }
}

impl Item {
    fn remove(&self) {
        detach(&self.element.node);
        self.owner.cleanup();
    }

    /// Moves it where it is not there yet. Moving takes the focus away, so nothing is moved without need.
    fn move_before(&self, parent: &web_sys::Node, next: &web_sys::Node) {
        let node = &self.element.node;
        let is_there =
            (node.next_sibling()).is_some_and(|sibling| sibling.is_same_node(Some(next)));
        if !is_there {
            insert(parent, node, Some(next));
        }
    }
}

fn build_list(list: List, parent: &web_sys::Node, before: Option<&web_sys::Node>) -> Built {
    let end = marker();
    insert(parent, &end, before);
    let items: Rc<RefCell<Vec<Item>>> = Rc::default();
    // Items outlive the runs of the effect, so they cannot belong to it.
    let outer = Owner::current().unwrap_or_default();
    let List { keys, item } = list;
    let (kept, last) = (items.clone(), end.clone());
    let renewal = RenderEffect::new(move |_: Option<()>| {
        let Some(parent) = last.parent_node() else {
            return;
        };
        let keys = keys.read();
        // What goes is taken out first: whatever stands behind it has not moved then. Its elements are used again for
        // what comes, which is much cheaper than making others.
        let (mut old, mut idle): (Vec<Item>, Vec<Item>) = kept
            .take()
            .into_iter()
            .partition(|item| keys.contains(&item.key));
        idle.iter().for_each(Item::remove);
        let mut new = Vec::with_capacity(keys.len());
        // From the end, so that what everything is put before is in its place already.
        let mut next = last.clone();
        for key in keys.into_iter().rev() {
            let known = old.iter().rposition(|item| item.key == key);
            let item = match known {
                Some(index) => old.remove(index),
                None => {
                    let owner = outer.with(Owner::new);
                    let element = owner.with(|| {
                        let description = *item.call(&key).0;
                        match idle.pop() {
                            Some(Item { mut element, .. }) if element.can_become(&description) => {
                                element.patch(description);
                                element
                            }
                            _ => BuiltElement::new(description, &parent, Some(&next)),
                        }
                    });
                    Item {
                        key,
                        element,
                        owner,
                    }
                }
            };
            item.move_before(&parent, &next);
            next = item.element.node.clone().into();
            new.push(item);
        }
        new.reverse();
        kept.replace(new);
    });
    Built::List {
        end,
        items,
        _renewal: renewal,
    }
}
