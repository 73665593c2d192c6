//! Ways to other addresses of the page.

use leptos::prelude::*;

use super::part::Content;
use crate::app::Slice;
use crate::route::Route;
use crate::ui::store::use_store;

/// A way to another address of the page: Ctrl+click, the middle button and “copy link” do with it what they do with every
/// link.
///
/// It is a plain `<a>`, whose clicks the router takes over. The router's own `<A>` tells by the path alone which link is
/// open, and all views of this page have the same path.
#[component]
pub fn Link(
    /// From the address that is open to the one it leads to: `to=|here: &Route| here.at_view(View::Running)`.
    #[prop(into)]
    to: Destination,
    /// Its looks.
    #[prop(default = "button-link")]
    class: &'static str,
    /// The name by which tests find it.
    #[prop(optional)]
    testid: Option<&'static str>,
    /// What screen readers say where the words alone do not tell.
    #[prop(optional, into)]
    name: Option<String>,
    /// Whether what it leads to is open, for navigation.
    #[prop(optional, into)]
    is_open: Signal<bool>,
    /// Its words.
    children: Content,
) -> AnyView {
    let Destination(to) = to;
    let href = use_store().select(&[Slice::Route], move |model| to(&model.route).href());
    let current = Signal::derive(move || is_open.get().then(|| "page".to_owned()));
    view! {
        <a class=class href=href data-testid=testid aria-label=name aria-current=current>
            {children.run()}
        </a>
    }
    .into_any()
}

/// Where a link leads from the address that is open.
pub struct Destination(Box<dyn Fn(&Route) -> Route + Send + Sync>);

impl<F: Fn(&Route) -> Route + Send + Sync + 'static> From<F> for Destination {
    fn from(to: F) -> Self {
        Self(Box::new(to))
    }
}
