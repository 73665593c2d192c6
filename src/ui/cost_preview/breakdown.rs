//! How a price comes about.

use std::rc::Rc;

use leptos::prelude::*;

use crate::domain::cost::{ProviderCost, Receipt};
use crate::domain::text::grouped;

/// The steps of a price and the prices of providers, folded away.
#[component]
pub fn Breakdown(
    /// What it is called.
    title: String,
    /// The server's price of one batch.
    receipt: Rc<Receipt>,
) -> AnyView {
    let steps = receipt.breakdown.iter();
    let steps: Vec<_> = steps
        .map(|line| row(line.label.to_owned(), vec![line.amount.to_string()]))
        .collect();
    let note = receipt.accuracy_note.as_ref().map(|note| {
        view! { <p class="muted">{format!("The server says: {note}.")}</p> }.into_any()
    });
    view! {
        <details class="breakdown">
            <summary>{title}</summary>
            <table class="bill">
                <caption class="visually-hidden">"Steps of the price"</caption>
                <tbody>{steps}</tbody>
            </table>
            <Providers providers=receipt.providers.clone() />
            {note}
        </details>
    }
    .into_any()
}

/// What each provider of data takes.
#[component]
fn Providers(
    /// The providers.
    providers: Vec<ProviderCost>,
) -> AnyView {
    let headings = ["Provider", "Leads", "Each", "Sum"];
    let headings = headings.map(|name| view! { <th scope="col">{name}</th> }.into_any());
    let has_none = providers.is_empty();
    let provider = |it: ProviderCost| {
        let leads = grouped(it.leads.into());
        row(
            it.provider,
            vec![leads, it.each.to_string(), it.total.to_string()],
        )
    };
    let rows: Vec<_> = providers.into_iter().map(provider).collect();
    view! {
        <table class="bill" hidden=has_none>
            <caption>"Data providers, before discount"</caption>
            <thead>
                <tr>{Vec::from(headings)}</tr>
            </thead>
            <tbody>{rows}</tbody>
        </table>
    }
    .into_any()
}

fn row(heading: String, values: Vec<String>) -> AnyView {
    let cells = values.into_iter();
    let cells: Vec<_> = cells
        .map(|value| view! { <td>{value}</td> }.into_any())
        .collect();
    view! {
        <tr>
            <th scope="row">{heading}</th>
            {cells}
        </tr>
    }
    .into_any()
}
