//! From what is chosen to a started batch: settings, the review of what is bought, and what became of it.

mod concerns;
mod dialog;
mod form;
mod review;
mod review_facts;
mod stages;

use leptos::prelude::*;

use super::bridge::embed;
use super::dom::Node;
use super::store::Store;

pub use self::dialog::LaunchDialog;
pub use self::form::LaunchForm;

/// [`LaunchDialog`] for a page that is not written with `view!` yet.
pub fn launch_dialog(_: Store) -> Node {
    embed(|| view! { <LaunchDialog /> }.into_any())
}
