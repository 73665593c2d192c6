//! Between views of `dom.rs` and those of `view!`, for as long as there are both.

use leptos::prelude::*;
use leptos::tachys::html::attribute::Attribute;
use leptos::tachys::html::attribute::any_attribute::AnyAttribute;
use leptos::tachys::hydration::Cursor;
use leptos::tachys::renderer::types;
use leptos::tachys::view::{Position, PositionState};
use send_wrapper::SendWrapper;
use wasm_bindgen::JsCast;

use super::dom::{self, IntoNodes, Mounted, mount};

/// A new view inside an old one: `el("div").child(embed(|| view! { <Card id/> }.into_any()))`. No element is put around it.
pub fn embed(view: impl FnOnce() -> AnyView + 'static) -> dom::Node {
    dom::Node::New(Box::new(view))
}

/// An old view inside a new one: `<main>{old(move || lead_selector(store))}</main>`. No element is put around it.
pub fn old<N: IntoNodes>(view: impl FnOnce() -> N + 'static) -> AnyView {
    let nodes = move || {
        let mut nodes = Vec::new();
        view().add_to(&mut nodes);
        nodes
    };
    Old(SendWrapper::new(Box::new(nodes))).into_any()
}

struct Old(SendWrapper<Box<dyn FnOnce() -> Vec<dom::Node>>>);

struct OldState {
    start: web_sys::Node,
    end: web_sys::Node,
    /// Where they wait while they are not in the document.
    aside: web_sys::Node,
    _mounted: Mounted,
}

impl OldState {
    fn move_to(&self, parent: &web_sys::Node, before: Option<&web_sys::Node>) {
        let mut next = Some(self.start.clone());
        while let Some(node) = next {
            let is_end = node.is_same_node(Some(&self.end));
            next = node.next_sibling().filter(|_| !is_end);
            let _ = parent.insert_before(&node, before);
        }
    }
}

impl Render for Old {
    type State = OldState;

    fn build(self) -> OldState {
        let aside: web_sys::Node = document().create_document_fragment().unchecked_into();
        let mark = || -> web_sys::Node {
            let mark = document().create_text_node("").unchecked_into();
            let _ = aside.append_child(&mark);
            mark
        };
        let start = mark();
        let mounted = mount(&aside, self.0.take());
        let end = mark();
        OldState {
            start,
            end,
            aside,
            _mounted: mounted,
        }
    }

    fn rebuild(self, state: &mut OldState) {
        let mut new = self.build();
        state.insert_before_this(&mut new);
        state.unmount();
        *state = new;
    }
}

impl Mountable for OldState {
    fn unmount(&mut self) {
        self.move_to(&self.aside, None);
    }

    fn mount(&mut self, parent: &types::Element, marker: Option<&types::Node>) {
        self.move_to(parent, marker);
    }

    fn insert_before_this(&self, child: &mut dyn Mountable) -> bool {
        match self.start.parent_element() {
            Some(parent) => {
                child.mount(&parent, Some(&self.start));
                true
            }
            None => false,
        }
    }

    fn elements(&self) -> Vec<types::Element> {
        Vec::new()
    }
}

impl AddAnyAttr for Old {
    type Output<NewAttr: Attribute> = Self;

    fn add_any_attr<NewAttr: Attribute>(self, _: NewAttr) -> Self {
        self
    }
}

impl RenderHtml for Old {
    type AsyncOutput = Self;
    type Owned = Self;

    const MIN_LENGTH: usize = 0;

    fn dry_resolve(&mut self) {}

    async fn resolve(self) -> Self {
        self
    }

    fn to_html_with_buf(
        self,
        _: &mut String,
        _: &mut Position,
        _: bool,
        _: bool,
        _: Vec<AnyAttribute>,
    ) {
    }

    fn hydrate<const FROM_SERVER: bool>(self, _: &Cursor, _: &PositionState) -> OldState {
        self.build()
    }

    fn into_owned(self) -> Self {
        self
    }
}
