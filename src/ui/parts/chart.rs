//! Small charts, each as an SVG of the page's own making, with its figures as a table beside it.

use super::kit::headings;
use crate::domain::comparison::success_words;
use crate::domain::money::Usd;
use crate::domain::text::{decimal, escaped, grouped};
use crate::domain::time::duration_words;
use crate::domain::trend::TrendDay;
use crate::ui::dom::{Element, el};

/// The chart's own measures, as they stand in its `viewBox` too; it is scaled to the room there is.
const WIDTH: f64 = 300.0;
const HEIGHT: f64 = 60.0;
/// So many rows of figures are enough to read a line by.
const ROWS: usize = 8;

/// What each day cost, as bars, and how many of its leads succeeded, as a line over the days that had some.
pub fn trend_chart(days: &[TrendDay]) -> Element {
    let dollars = |amount: Option<Usd>| amount.map_or(0.0, Usd::dollars).max(0.0);
    let dearest = days.iter().filter_map(|day| day.spent.amount()).max();
    let step = WIDTH / days.len().max(1) as f64;
    let mut shapes = String::new();
    let mut line = Vec::new();
    for (place, day) in days.iter().enumerate() {
        let (left, height) = (
            place as f64 * step,
            dollars(day.spent.amount()) / dollars(dearest).max(0.01) * HEIGHT,
        );
        if height > 0.0 {
            shapes += &format!(
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
    // A line of one point is none to be seen.
    let line = line.join(" ");
    let image = drawing(
        format!("<g fill='#5b8def'>{shapes}</g>{}", polyline(&line)),
        "Cost and success rate day by day; the figures are in the table below.".to_owned(),
    );
    let row = |day: &TrendDay| {
        let success = success_words(day.successful, day.processed);
        let cells = [
            day.day.words(),
            grouped(day.batches.into()),
            day.spent.figure(),
            success.unwrap_or_else(|| "–".to_owned()),
        ];
        el("tr").child(cells.map(|text| el("td").child(text)))
    };
    let with_batches = days.iter().rev().filter(|day| day.batches > 0);
    let rows: Vec<_> = with_batches.map(row).collect();
    let most = dearest.map_or_else(String::new, |dearest| format!(", at most {dearest}"));
    let legend = format!(
        "Bars: what the batches of a day cost{most}. Line: how many of their leads succeeded, the upper edge is 100\u{a0}%."
    );
    let caption = el("figcaption").class("muted").child(legend);
    figure(
        image,
        Some(caption),
        &["Day", "Batches", "Spent", "Succeeded"],
        rows,
    )
}

fn polyline(points: &str) -> String {
    format!(
        "<polyline fill='none' stroke='#0a9c66' stroke-width='2' vector-effect='non-scaling-stroke' points='{points}'/>"
    )
}

/// An image knows nothing of the page's colours: these read on light and on dark.
fn drawing(shapes: String, label: String) -> Element {
    let svg = format!(
        "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 -2 300 64' preserveAspectRatio='none'>{shapes}</svg>"
    );
    el("img")
        .class("chart")
        .attr("alt", label)
        .attr("src", format!("data:image/svg+xml,{}", escaped(&svg)))
}

fn figure(
    image: Element,
    caption: Option<Element>,
    names: &[&'static str],
    rows: Vec<Element>,
) -> Element {
    let table = el("table")
        .class("bill")
        .child(headings(names))
        .child(el("tbody").child(rows));
    let figures = el("details").child(el("summary").child("As figures"));
    el("figure")
        .class("chart-figure")
        .child(image)
        .child(caption)
        .child(figures.child(table))
}

/// How many leads of how many were done after how many seconds. `label` says what the line tells.
pub fn progress_chart(label: String, points: &[(f64, u32)], total: u32) -> Element {
    let last = points.last().map_or(0.0, |(seconds, _)| *seconds).max(1.0);
    let place = |(seconds, done): &(f64, u32)| {
        let x = seconds / last * WIDTH;
        let y = HEIGHT - f64::from(*done) / f64::from(total.max(1)) * HEIGHT;
        format!("{},{}", decimal(x, 1), decimal(y, 1))
    };
    let line: Vec<_> = points.iter().map(place).collect();
    let image = drawing(polyline(&line.join(" ")), label);
    let every = points.len().div_ceil(ROWS).max(1);
    let newest_first = points.iter().rev().step_by(every);
    let row = |(seconds, done): &(f64, u32)| {
        let after = duration_words((*seconds * 1_000.0) as i64);
        let cells = [after, grouped((*done).into())];
        el("tr").child(cells.map(|text| el("td").child(text)))
    };
    let rows: Vec<_> = newest_first.map(row).collect();
    figure(image, None, &["After", "Leads done"], rows)
}
