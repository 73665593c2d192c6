//! Cost and success over time.

use crate::app::{Msg, Slice};
use crate::domain::trend::PERIODS;
use crate::ui::dom::{Element, Node, dynamic, el};
use crate::ui::live::follow;
use crate::ui::parts::chart::trend_chart;
use crate::ui::parts::kit::{para, toggle};
use crate::ui::store::Store;

const READS: &[Slice] = &[Slice::Route, Slice::History];

/// Days as a chart and as figures, once somebody chooses a period: reading them is work for the server.
pub fn trend_section(store: Store) -> Element {
    let period = store.watch(READS, |model| model.route.trend);
    let buttons = PERIODS.map(|days| {
        let pressed = follow(move || period.get() == Some(days));
        let choose = move || {
            let wanted = (period.get_untracked() != Some(days)).then_some(days);
            store.send(Msg::TrendAsked(wanted));
        };
        toggle("button", pressed, choose).child(format!("{days} days"))
    });
    let part = dynamic(move || -> Vec<Node> {
        if period.get().is_none() {
            return vec![para("muted", "Choose a period: its batches are read then.")];
        }
        let told = store.read(READS, |model| {
            let days = model.trend_days(crate::browser::clock::now());
            days.map(|days| (model.trend_words(&days), days))
                .ok_or_else(|| model.trend_progress())
        });
        let (words, days) = match told {
            Ok(told) => told,
            Err(progress) => return vec![para("muted", progress)],
        };
        let mut parts: Vec<Node> = words.into_iter().map(|words| para("", words)).collect();
        parts.push(trend_chart(&days).into());
        parts
    });
    let heading = el("h2").attr("id", "trend-heading");
    el("section")
        .class("receipt")
        .testid("trend")
        .attr("aria-labelledby", "trend-heading")
        .child(heading.child("Cost and success over time"))
        .child(el("div").class("card-actions").child(buttons))
        .child(part)
}
