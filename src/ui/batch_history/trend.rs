//! Cost and success over time.

use leptos::prelude::*;

use crate::app::{Msg, Slice};
use crate::browser::clock;
use crate::domain::trend::{PERIODS, TrendDay};
use crate::ui::kit::{Toggle, TrendChart, part};
use crate::ui::selected::{Selected, select};
use crate::ui::store::use_store;

const READS: &[Slice] = &[Slice::Route, Slice::History];

/// Whose figures they are, and the days.
type Told = (Vec<String>, Vec<TrendDay>);

/// Days as a chart and as figures, once somebody chooses a period: reading them is work for the server.
#[component]
pub fn Trend() -> AnyView {
    let periods = PERIODS.map(|days| view! { <Period days /> }.into_any());
    view! {
        <section class="receipt" data-testid="trend" aria-labelledby="trend-heading">
            <h2 id="trend-heading">"Cost and success over time"</h2>
            <div class="card-actions">{Vec::from(periods)}</div>
            <TrendOfPeriod />
        </section>
    }
    .into_any()
}

/// Chooses a period, or none if it is chosen.
#[component]
fn Period(
    /// How long it is.
    days: u32,
) -> AnyView {
    let store = use_store();
    let period = store.select(READS, |model| model.route.trend);
    let pressed = Signal::derive(move || period.get() == Some(days));
    let choose = move || {
        let wanted = (period.get_untracked() != Some(days)).then_some(days);
        store.send(Msg::TrendAsked(wanted));
    };
    view! {
        <Toggle pressed on_press=choose>
            {move || format!("{days} days")}
        </Toggle>
    }
    .into_any()
}

/// The chart with its words, or how far the reading is.
#[component]
fn TrendOfPeriod() -> AnyView {
    let store = use_store();
    let told: Selected<Option<Told>> = store.select(READS, |model| {
        let days = model.trend_days(clock::now())?;
        Some((model.trend_words(&days), days))
    });
    let words = select(move || told.get().unwrap_or_default().0);
    let days = select(move || told.get().map(|(_, days)| days));
    let waiting = store.select(READS, |model| match model.route.trend {
        Some(_) => model.trend_progress(),
        None => "Choose a period: its batches are read then.".to_owned(),
    });
    let paragraphs = move || -> Vec<AnyView> {
        let words = words.get().into_iter();
        words
            .map(|words| view! { <p>{words}</p> }.into_any())
            .collect()
    };
    view! {
        {part(move || paragraphs().into_any())}
        {part(move || match days.get() {
            Some(days) => view! { <TrendChart days /> }.into_any(),
            None => view! { <p class="muted">{waiting}</p> }.into_any(),
        })}
    }
    .into_any()
}
