//! CostPreview: which template, at what price, with which settings, and the way to the launch.

mod launch_form;
mod price;
mod rerun;
mod review;
mod template_picker;

use self::launch_form::launch_form;
use self::price::price;
use self::rerun::rerun_comparison;
use self::template_picker::template_picker;
use super::dom::{Element, el};
use super::store::Store;

pub use self::review::launch_dialog;

/// Template, price, settings and launch.
pub fn cost_preview(store: Store) -> Element {
    el("section")
        .class("panel cost-preview")
        .attr("aria-labelledby", "cost-heading")
        .child(
            el("h2")
                .attr("id", "cost-heading")
                .child("Report and price"),
        )
        .child(template_picker(store))
        .child(rerun_comparison(store))
        .child(price(store))
        .child(launch_form(store))
}
