//! Small charts, each as an SVG of the page's own making, with its figures as a table beside it.

use leptos::prelude::*;

use super::table::Headings;
use crate::domain::comparison::success_words;
use crate::domain::money::Usd;
use crate::domain::text::{decimal, escaped, grouped};
use crate::domain::time::duration_words;
use crate::domain::trend::TrendDay;

/// The chart's own measures, as they stand in its `viewBox` too; it is scaled to the room there is.
const WIDTH: f64 = 300.0;
const HEIGHT: f64 = 60.0;
/// So many rows of figures are enough to read a line by.
const ROWS: usize = 8;

/// What each day cost, as bars, and how many of its leads succeeded, as a line over the days that had some.
#[component]
pub fn TrendChart(
    /// The days, oldest first.
    days: Vec<TrendDay>,
) -> AnyView {
    let dearest = days.iter().filter_map(|day| day.spent.amount()).max();
    let with_batches = days.iter().rev().filter(|day| day.batches > 0);
    let rows = with_batches.map(|day| {
        let success = success_words(day.successful, day.processed);
        vec![
            day.day.words(),
            grouped(day.batches.into()),
            day.spent.figure(),
            success.unwrap_or_else(|| "–".to_owned()),
        ]
    });
    let most = dearest.map_or_else(String::new, |dearest| format!(", at most {dearest}"));
    let legend = format!(
        "Bars: what the batches of a day cost{most}. Line: how many of their leads succeeded, the upper edge is 100\u{a0}%."
    );
    view! {
        <Figure
            shapes=trend_shapes(&days, dearest)
            label="Cost and success rate day by day; the figures are in the table below.".to_owned()
            legend
            names=&["Day", "Batches", "Spent", "Succeeded"]
            rows=rows.collect()
        />
    }
    .into_any()
}

fn trend_shapes(days: &[TrendDay], dearest: Option<Usd>) -> String {
    let dollars = |amount: Option<Usd>| amount.map_or(0.0, Usd::dollars).max(0.0);
    let step = WIDTH / days.len().max(1) as f64;
    let mut bars = String::new();
    let mut line = Vec::new();
    for (place, day) in days.iter().enumerate() {
        let left = place as f64 * step;
        let height = dollars(day.spent.amount()) / dollars(dearest).max(0.01) * HEIGHT;
        if height > 0.0 {
            bars += &format!(
                "<rect x='{}' y='{}' width='{}' height='{}'/>",
                decimal(left + step * 0.15, 1),
                decimal(HEIGHT - height, 1),
                decimal(step * 0.7, 1),
                decimal(height, 1)
            );
        }
        if day.processed > 0 {
            let share = f64::from(day.successful) / f64::from(day.processed);
            let (x, y) = (left + step / 2.0, HEIGHT - share.min(1.0) * HEIGHT);
            line.push(format!("{},{}", decimal(x, 1), decimal(y, 1)));
        }
    }
    format!("<g fill='#5b8def'>{bars}</g>{}", polyline(&line.join(" ")))
}

/// How many leads of how many were done after how many seconds.
#[component]
pub fn ProgressChart(
    /// What the line tells.
    label: String,
    /// Seconds, and how many were done by then.
    points: Vec<(f64, u32)>,
    /// How many there are in all.
    total: u32,
) -> AnyView {
    let last = points.last().map_or(0.0, |(seconds, _)| *seconds).max(1.0);
    let place = |(seconds, done): &(f64, u32)| {
        let x = seconds / last * WIDTH;
        let y = HEIGHT - f64::from(*done) / f64::from(total.max(1)) * HEIGHT;
        format!("{},{}", decimal(x, 1), decimal(y, 1))
    };
    let line: Vec<_> = points.iter().map(place).collect();
    let every = points.len().div_ceil(ROWS).max(1);
    let newest_first = points.iter().rev().step_by(every);
    let rows = newest_first.map(|(seconds, done)| {
        let after = duration_words((*seconds * 1_000.0) as i64);
        vec![after, grouped((*done).into())]
    });
    view! {
        <Figure
            shapes=polyline(&line.join(" "))
            label
            names=&["After", "Leads done"]
            rows=rows.collect()
        />
    }
    .into_any()
}

/// A drawing with its figures.
#[component]
fn Figure(
    /// What is drawn, as SVG.
    shapes: String,
    /// The drawing in words.
    label: String,
    /// How it is read.
    #[prop(optional, into)]
    legend: Option<String>,
    /// Headings of the figures.
    names: &'static [&'static str],
    /// The figures.
    rows: Vec<Vec<String>>,
) -> AnyView {
    // An image knows nothing of the page's colours: these read on light and on dark.
    let svg = format!(
        "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 -2 300 64' preserveAspectRatio='none'>{shapes}</svg>"
    );
    let src = format!("data:image/svg+xml,{}", escaped(&svg));
    let legend =
        legend.map(|text| view! { <figcaption class="muted">{text}</figcaption> }.into_any());
    let cells = |row: Vec<String>| {
        let cells = row
            .into_iter()
            .map(|text| view! { <td>{text}</td> }.into_any());
        view! { <tr>{cells.collect::<Vec<_>>()}</tr> }.into_any()
    };
    let rows: Vec<_> = rows.into_iter().map(cells).collect();
    view! {
        <figure class="chart-figure">
            <img class="chart" alt=label src=src />
            {legend}
            <details>
                <summary>"As figures"</summary>
                <table class="bill">
                    <Headings names />
                    <tbody>{rows}</tbody>
                </table>
            </details>
        </figure>
    }
    .into_any()
}

fn polyline(points: &str) -> String {
    format!(
        "<polyline fill='none' stroke='#0a9c66' stroke-width='2' vector-effect='non-scaling-stroke' points='{points}'/>"
    )
}
