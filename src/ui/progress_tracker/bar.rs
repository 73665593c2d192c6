//! How many leads of how many are done, as a bar and in words.

use leptos::html;
use leptos::prelude::*;
use web_sys::HtmlElement;

use crate::domain::batch::Counts;
use crate::domain::text::{counted, decimal, grouped};
use crate::ui::selected::Selected;

/// A bar that moves with every message.
#[component]
pub fn ProgressBar(
    /// What it is the progress of.
    #[prop(into)]
    label: Signal<String>,
    /// The counts in words, which screen readers say.
    #[prop(into)]
    words: Signal<String>,
    /// The counts as they are this very moment.
    counts: Selected<Counts>,
    /// The name by which tests find it.
    #[prop(optional)]
    testid: Option<&'static str>,
) -> AnyView {
    let bar = NodeRef::<html::Div>::new();
    // A hot path, with some hundred messages a second: one effect writes to the element, and nothing is made anew.
    Effect::new(move |_| {
        let counts = counts.get();
        if let Some(bar) = bar.get() {
            fill(&bar, counts);
        }
    });
    view! {
        <div
            class="bar"
            role="progressbar"
            data-testid=testid
            aria-label=label
            aria-valuemin="0"
            aria-valuemax="100"
            aria-valuetext=words
            node_ref=bar
        ></div>
    }
    .into_any()
}

/// Fills the bar. It is painted, not laid out: one made of parts with widths would cost the page a new layout with every
/// message. The part that failed lies under the one that succeeded.
fn fill(bar: &HtmlElement, counts: Counts) {
    let share = |part: u32| match counts.total {
        0 => 0.0,
        total => f64::from(part) * 100.0 / f64::from(total),
    };
    let (good, bad) = (share(counts.successful), share(counts.failed));
    let parts = format!(
        "{}% 100%, {}% 100%",
        decimal(good, 3),
        decimal(good + bad, 3)
    );
    let _ = bar.set_attribute("aria-valuenow", &decimal(counts.percent(), 4));
    let _ = bar.style().set_property("background-size", &parts);
}

/// `120 of 300 leads · 118 succeeded · 2 failed`.
pub fn counts_words(counts: Counts) -> String {
    let Counts {
        total,
        processed,
        successful,
        failed,
    } = counts;
    if total == 0 {
        return "No counts yet".to_owned();
    }
    let mut words = format!(
        "{} of {}",
        grouped(processed.into()),
        counted(total as usize, "lead")
    );
    if processed > 0 {
        words += &format!(" · {} succeeded", grouped(successful.into()));
    }
    if failed > 0 {
        words += &format!(" · {} failed", grouped(failed.into()));
    }
    words
}
