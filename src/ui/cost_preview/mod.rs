//! CostPreview: which template, at what price, with which settings, and the way to the launch.

mod launch_form;
mod price;
mod review;
mod template_picker;

use leptos::prelude::*;

use self::launch_form::LaunchForm;
use self::price::Price;
use self::template_picker::TemplatePicker;
use super::store::Store;

pub use self::review::LaunchDialog;

/// Template, price, settings and launch.
#[component]
pub fn CostPreview(store: Store) -> impl IntoView {
    view! {
        <section class="panel cost-preview" aria-labelledby="cost-heading">
            <h2 id="cost-heading">"Report and price"</h2>
            <TemplatePicker store />
            <Price store />
            <LaunchForm store />
        </section>
    }
}
