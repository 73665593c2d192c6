//! Lists whose rows stay in the document for as long as their key is there.

use leptos::prelude::*;
use leptos::tachys::reactive_graph::OwnedView;
use leptos::tachys::view::keyed::keyed;
use send_wrapper::SendWrapper;

use super::part::part;

/// A list of rows. A row is made once for its key and stays, elements and all, until the key is gone: what changes in it
/// reads signals.
#[component]
pub fn Each(
    /// What stands in the list, in order; no key twice.
    #[prop(into)]
    keys: Signal<Vec<String>>,
    /// Makes the row of a key: `row=move |key: String| view! { … }.into_any()`.
    #[prop(into)]
    row: UnsyncCallback<String, AnyView>,
) -> AnyView {
    // Rows outlive the runs of the part, so they cannot belong to it.
    let outer = SendWrapper::new(Owner::current().unwrap_or_default());
    part(move || {
        let outer = outer.clone();
        let make = move |_: usize, key: String| {
            let owner = outer.with(Owner::new);
            let view = owner.with(|| row.run(key));
            let moved: fn(usize) = |_| {};
            (moved, OwnedView::new_with_owner(view, owner))
        };
        keyed(keys.get(), String::clone, make).into_any()
    })
}
