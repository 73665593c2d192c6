//! How old the numbers of a batch are, and what is not as it should be with it.

use leptos::prelude::*;

use super::figures::left_words;
use super::{Extent, Told};
use crate::app::progress_tracker::batches::{Cancel, Tracking};
use crate::domain::batch::BatchStatus;
use crate::domain::live::Health;
use crate::domain::pace::Pace;
use crate::domain::text::shortened;
use crate::domain::time::{Millis, SECOND, duration_words};
use crate::ui::kit::{ago, part};
use crate::ui::selected::select;
use crate::ui::store::{Store, use_store};

/// News older than this are told as old.
const FRESH_FOR: i64 = 6 * SECOND;

/// How old the numbers are, and in which way they come; at a glance the time left, too.
#[component]
pub fn Freshness(
    /// The batch.
    told: Told,
    /// How much is told of it.
    extent: Extent,
) -> AnyView {
    let store = use_store();
    let is_live = select(move || {
        store.beat();
        store.peek(|model| model.link.health() == Health::Live)
    });
    let words = select(move || {
        told.with(|told| match told.as_deref() {
            Some(tracking) if !tracking.batch.status.is_terminal() => {
                fresh_words(tracking, store.now(), is_live.get(), extent)
            }
            _ => String::new(),
        })
    });
    view! { <p class="card-fresh muted">{words}</p> }.into_any()
}

fn fresh_words(tracking: &Tracking, now: Millis, is_live: bool, extent: Extent) -> String {
    let at = tracking.heard;
    let fresh = match (now - at <= FRESH_FOR, is_live) {
        (true, true) => "Live".to_owned(),
        (true, false) => format!("Read {}", ago(at, now)),
        (false, _) => format!("As of {}", ago(at, now)),
    };
    let pace = (extent == Extent::Glance).then(|| tracking.pace(now));
    let left = pace
        .filter(|pace| !matches!(pace, Pace::Frozen { .. }))
        .and_then(left_words);
    match left {
        Some(left) => format!("{fresh} · {left} left"),
        None => fresh,
    }
}

/// What is not as it should be with this batch.
#[component]
pub fn Troubles(
    /// The batch.
    told: Told,
    /// How much is told of it.
    extent: Extent,
) -> AnyView {
    let store = use_store();
    let lines = select(move || {
        told.with(|told| {
            let troubles = |tracking| troubles(store, tracking, extent);
            told.as_deref().map(troubles).unwrap_or_default()
        })
    });
    part(move || {
        let line = |line: String| view! { <p class="card-trouble">{line}</p> }.into_any();
        let lines: Vec<_> = lines.get().into_iter().map(line).collect();
        lines.into_any()
    })
}

fn troubles(store: Store, tracking: &Tracking, extent: Extent) -> Vec<String> {
    let now = store.now();
    let batch = &tracking.batch;
    let is_running = !batch.status.is_terminal();
    let mut lines = Vec::new();
    if let Some(since) = tracking.stalled_since(now) {
        let rounded = (now - since) / (10 * SECOND) * (10 * SECOND);
        lines.push(format!(
            "No progress for {}. If it stays so, cancel it.",
            duration_words(rounded)
        ));
    }
    if let (Cancel::Refused(why), true) = (&tracking.cancel, is_running) {
        lines.push(why.clone());
    }
    if let Some(twin) = &tracking.twin {
        lines.push(format!(
            "Started twice by one approval: the other is batch {}.",
            twin.short()
        ));
    }
    if extent == Extent::Glance {
        // The figures tell it where they are shown.
        lines.extend(store.peek(|model| model.dearer_words(batch)));
    }
    let contradiction = batch.contradiction();
    lines.extend(contradiction.or_else(|| tracking.correction()));
    if batch.status == BatchStatus::Failed
        && let Some(error) = &batch.error
    {
        lines.push(format!("The server says: {}", shortened(error, 240)));
    }
    if let (Some(error), true) = (&tracking.error, is_running) {
        lines.push(error.to_string());
    }
    lines
}
