//! A small chart of one line, as an SVG of the page's own making, with its figures as a table beside it.

use super::kit::headings;
use crate::domain::text::{decimal, escaped, grouped};
use crate::domain::time::duration_words;
use crate::ui::dom::{Element, el};

/// The chart's own measures; it is scaled to the room there is.
const WIDTH: f64 = 300.0;
const HEIGHT: f64 = 60.0;
/// So many rows of figures are enough to read a line by.
const ROWS: usize = 8;

/// How many leads of how many were done after how many seconds. `label` says what the line tells.
pub fn progress_chart(label: String, points: &[(f64, u32)], total: u32) -> Element {
    let last = points.last().map_or(0.0, |(seconds, _)| *seconds).max(1.0);
    let place = |(seconds, done): &(f64, u32)| {
        let x = seconds / last * WIDTH;
        let y = HEIGHT - f64::from(*done) / f64::from(total.max(1)) * HEIGHT;
        format!("{},{}", decimal(x, 1), decimal(y, 1))
    };
    let line: Vec<_> = points.iter().map(place).collect();
    // An image knows nothing of the page's colours: this one reads on light and on dark.
    let svg = format!(
        "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 -2 {WIDTH} 64' preserveAspectRatio='none'><polyline \
         fill='none' stroke='#0a9c66' stroke-width='2' vector-effect='non-scaling-stroke' points='{}'/></svg>",
        line.join(" ")
    );
    let image = el("img")
        .class("chart")
        .attr("alt", label)
        .attr("src", format!("data:image/svg+xml,{}", escaped(&svg)));
    let every = points.len().div_ceil(ROWS).max(1);
    let newest_first = points.iter().rev().step_by(every);
    let row = |(seconds, done): &(f64, u32)| {
        let after = duration_words((*seconds * 1_000.0) as i64);
        let cells = [after, grouped((*done).into())];
        el("tr").child(cells.map(|text| el("td").child(text)))
    };
    let rows: Vec<_> = newest_first.map(row).collect();
    let table = el("table")
        .class("bill")
        .child(headings(&["After", "Leads done"]))
        .child(el("tbody").child(rows));
    let figures = el("details").child(el("summary").child("As figures"));
    el("figure")
        .class("chart-figure")
        .child(image)
        .child(figures.child(table))
}
