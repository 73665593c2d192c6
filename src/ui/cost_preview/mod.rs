//! CostPreview: which template, at what price, with which settings, and the way to the launch.

mod bill;
mod breakdown;
mod budget;
mod gone_leads;
mod price;
mod rerun;
mod template_picker;

use leptos::prelude::*;

use self::price::Price;
use self::rerun::RerunComparison;
use self::template_picker::TemplatePicker;
use super::launch::LaunchForm;
use crate::domain::expected::Expected;

/// Template, price, settings and launch.
#[component]
pub fn CostPreview() -> AnyView {
    view! {
        <section class="panel cost-preview" aria-labelledby="cost-heading">
            <h2 id="cost-heading">"Report and price"</h2>
            <TemplatePicker />
            <RerunComparison />
            <Price />
            <LaunchForm />
        </section>
    }
    .into_any()
}

/// `$12.40 to $14.10`.
pub fn range_words(expected: Expected) -> String {
    format!("{} to {}", expected.low, expected.high)
}
