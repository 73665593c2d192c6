//! What the chosen leads will cost, as the server says.

use leptos::prelude::*;

use crate::app::compose::PriceView;
use crate::app::net::Slot;
use crate::app::{Msg, Slice};
use crate::domain::cost::{
    MAX_LEADS, ProviderCost, Receipt, leads_over_budget, remaining_in_warning,
};
use crate::domain::lead::LeadId;
use crate::domain::text::{counted, grouped};
use crate::domain::time::{MINUTE, duration_words};
use crate::ui::parts::erased::dynamic;
use crate::ui::parts::fault::Fault;
use crate::ui::parts::kit::{button, facts, para, status};
use crate::ui::store::Store;

/// What the chosen leads will cost.
#[component]
pub fn Price(store: Store) -> impl IntoView {
    let view = store.watch(&[Slice::Compose, Slice::Choice], |model| model.price_view());
    let error = store.watch(&[Slice::Compose, Slice::Choice], |model| {
        match model.price_view() {
            PriceView::Failed { error, .. } => Some(format!(
                "{error} Without a price a batch cannot be started."
            )),
            _ => None,
        }
    });
    let body = move || match view.get() {
        PriceView::NothingChosen => vec![hint(
            "Choose at least one lead in the table: its price appears here.",
        )],
        PriceView::TooMany(count) => vec![hint(&format!(
            "{} are chosen; a batch takes at most {}. Take {} out.",
            counted(count, "lead"),
            grouped(MAX_LEADS as u64),
            grouped((count - MAX_LEADS) as u64)
        ))],
        PriceView::NoTemplate => vec![hint("Choose a report template to see the price.")],
        PriceView::Updating { old } => {
            with_stale(status("price-state", "Asking for the price…"), old)
        }
        PriceView::Fresh(receipt) => bill(store, receipt),
        PriceView::Failed { old, .. } => {
            with_stale(hint("The price of this choice is not known."), old)
        }
    };
    view! {
        <div class="price" id="price" tabindex="-1">
            {dynamic(body)}
            <Fault store of=Slot::Price error on_retry=move |()| store.send(Msg::PriceRetried) />
        </div>
    }
}

fn hint(text: &str) -> AnyView {
    para("price-hint", text.to_owned())
}

/// With a price that belongs to another choice, told as such.
fn with_stale(state: AnyView, old: Option<Receipt>) -> Vec<AnyView> {
    let stale = old.map(|receipt| {
        let leads = counted(receipt.subject.lead_ids.len(), "lead");
        para(
            "price-stale",
            format!("Before the last change: {} for {leads}", receipt.total),
        )
    });
    std::iter::once(state).chain(stale).collect()
}

/// A price in full.
fn bill(store: Store, receipt: Receipt) -> Vec<AnyView> {
    let count = receipt.subject.lead_ids.len() - receipt.unknown_leads.len();
    let total = view! {
        <p class="price-total">
            <span class="price-amount" data-testid="estimated-cost">{receipt.total.to_string()}</span>
            <span class="muted">{format!(" for {}", counted(count, "lead"))}</span>
        </p>
    };
    let mut lines = Vec::new();
    lines.extend(receipt.per_lead.map(|each| ("Per lead", each.to_string())));
    lines.extend(receipt.duration_minutes.map(|minutes| {
        (
            "Takes, by the server’s estimate",
            format!("about {}", duration_words(i64::from(minutes) * MINUTE)),
        )
    }));
    let mut parts = vec![total.into_any(), facts("facts", lines)];
    parts.extend(budget(&receipt));
    if !receipt.unknown_leads.is_empty() {
        parts.push(gone_leads(store, &receipt.unknown_leads));
    }
    parts.push(breakdown(receipt));
    parts
}

/// The server's words on the budget, and what to do where the price is over it.
fn budget(receipt: &Receipt) -> Option<AnyView> {
    let warning = receipt.budget_warning.as_deref()?;
    let too_dear = receipt.within_budget == Some(false);
    let class = if too_dear {
        "budget budget-over"
    } else {
        "budget"
    };
    let count = receipt.subject.lead_ids.len();
    let to_remove = remaining_in_warning(warning)
        .filter(|_| too_dear)
        .and_then(|budget| leads_over_budget(receipt.total, count, budget))
        .map(|count| {
            para(
                "",
                format!("Take about {} out to fit.", counted(count, "lead")),
            )
        });
    Some(
        view! {
            <div class=class data-testid="budget-warning" role="status">{para("", format!("{warning}."))} {to_remove}</div>
        }
        .into_any(),
    )
}

fn breakdown(receipt: Receipt) -> AnyView {
    let steps: Vec<_> = receipt
        .breakdown
        .iter()
        .map(|line| row(line.label, vec![line.amount.to_string()]))
        .collect();
    let providers: Vec<_> = receipt
        .providers
        .iter()
        .map(
            |ProviderCost {
                 provider,
                 leads,
                 each,
                 total,
             }| {
                row(
                    provider,
                    vec![
                        grouped((*leads).into()),
                        each.to_string(),
                        total.to_string(),
                    ],
                )
            },
        )
        .collect();
    let no_providers = providers.is_empty();
    let note = receipt
        .accuracy_note
        .map(|note| para("muted", format!("The server says: {note}.")));
    view! {
        <details class="breakdown">
            <summary>"How this price comes about"</summary>
            <table class="bill">
                <caption class="visually-hidden">"Steps of the price"</caption>
                <tbody>{steps}</tbody>
            </table>
            <table class="bill" hidden=no_providers>
                <caption>"Data providers, before discount"</caption>
                <thead>
                    <tr><th scope="col">"Provider"</th><th scope="col">"Leads"</th><th scope="col">"Each"</th><th scope="col">"Sum"</th></tr>
                </thead>
                <tbody>{providers}</tbody>
            </table>
            {note}
        </details>
    }
    .into_any()
}

fn row(heading: &str, values: Vec<String>) -> AnyView {
    let cells: Vec<_> = values
        .into_iter()
        .map(|value| view! { <td>{value}</td> }.into_any())
        .collect();
    view! { <tr><th scope="row">{heading.to_owned()}</th>{cells}</tr> }.into_any()
}

fn gone_leads(store: Store, gone: &[LeadId]) -> AnyView {
    let names = store.peek(|model| {
        let name = |id| {
            model
                .choice
                .selection
                .name_of(id)
                .unwrap_or("a lead without a name")
                .to_owned()
        };
        gone.iter().take(3).map(name).collect::<Vec<_>>().join(", ")
    });
    let more = match gone.len().saturating_sub(3) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    let words = format!(
        "{} cannot be reported on any more: ",
        counted(gone.len(), "chosen lead")
    );
    let take_out = button("Take them out", move || store.send(Msg::GoneLeadsDropped));
    view! {
        <div class="budget budget-over" role="status">
            <p>{words} <bdi>{names}</bdi> {more} "."</p>
            {take_out.view()}
        </div>
    }
    .into_any()
}
