//! What the chosen leads will cost, as the server says.

use crate::app::compose::PriceView;
use crate::app::net::Slot;
use crate::app::{Msg, Slice};
use crate::domain::cost::{
    MAX_LEADS, ProviderCost, Quote, Receipt, leads_over_budget, remaining_in_warning,
};
use crate::domain::expected::Expected;
use crate::domain::lead::LeadId;
use crate::domain::text::{counted, grouped};
use crate::domain::time::{MINUTE, duration_words};
use crate::ui::dom::{Element, Node, dynamic, el};
use crate::ui::parts::fault::fault;
use crate::ui::parts::kit::{button, facts, foreign, para, status};
use crate::ui::store::Store;

/// What the chosen leads will cost.
pub fn price(store: Store) -> Element {
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
        PriceView::Gathering => vec![hint(
            "All matching leads are being read; the price appears here when they are there.",
        )],
        PriceView::TooMany(count) => vec![hint(&format!(
            "{} are chosen; a batch takes at most {}. Split them into batches, or keep fewer.",
            counted(count, "lead"),
            grouped(MAX_LEADS as u64),
        ))],
        PriceView::NoTemplate => vec![hint("Choose a report template to see the price.")],
        PriceView::Updating { old } => {
            with_stale(status("price-state", "Asking for the price…"), old)
        }
        PriceView::Fresh(quote) => bill(store, &quote),
        PriceView::Failed { old, .. } => {
            with_stale(hint("The price of this choice is not known."), old)
        }
    };
    let fault = fault(store, Slot::Price, error, move || {
        store.send(Msg::PriceRetried)
    });
    let price = el("div").class("price").attr("id", "price");
    price.attr("tabindex", "-1").child([dynamic(body), fault])
}

fn hint(text: &str) -> Node {
    para("price-hint", text.to_owned())
}

/// With a price that belongs to another choice, told as such.
fn with_stale(state: Node, old: Option<Quote>) -> Vec<Node> {
    let stale = old.map(|quote| {
        let leads = counted(quote.leads(), "lead");
        para(
            "price-stale",
            format!("Before the last change: {} for {leads}", quote.total()),
        )
    });
    std::iter::once(state).chain(stale).collect()
}

/// A price in full.
fn bill(store: Store, quote: &Quote) -> Vec<Node> {
    let amount = el("span")
        .class("price-amount")
        .testid("estimated-cost")
        .child(quote.total().to_string());
    let batches = match quote.0.len() {
        1 => String::new(),
        some => format!(" in {some} batches"),
    };
    let leads = counted(quote.known_leads(), "lead");
    let words = format!(" for {leads}{batches}, by the server’s estimate");
    let total = el("p").class("price-total").child(amount);
    let total = total.child(el("span").class("muted").child(words));
    let expected = store.peek(|model| model.expected_cost(quote));
    let expected = expected.map(|expected| {
        let range = el("strong").testid("cost-range");
        let from = format!(", as {} past batches came out", expected.learned_from);
        let words = el("p").child("Expected: ");
        words.child(range.child(range_words(expected))).child(from)
    });
    let mut lines = Vec::new();
    if let [receipt] = &quote.0[..] {
        lines.extend(receipt.per_lead.map(|each| ("Per lead", each.to_string())));
        lines.extend(receipt.duration_minutes.map(|minutes| {
            (
                "Takes, by the server’s estimate",
                format!("about {}", duration_words(i64::from(minutes) * MINUTE)),
            )
        }));
    }
    let mut parts = vec![total.into()];
    parts.extend(expected.map(Node::from));
    parts.push(facts("facts", lines));
    parts.extend(budget(quote));
    let gone: Vec<_> = quote.unknown_leads().cloned().collect();
    if !gone.is_empty() {
        parts.push(gone_leads(store, &gone));
    }
    parts.extend(quote.0.iter().enumerate().map(|(place, receipt)| {
        let title = match quote.0.len() {
            1 => "How this price comes about".to_owned(),
            _ => format!(
                "Batch {}: {} for {}",
                place + 1,
                receipt.total,
                counted(receipt.subject.lead_ids.len(), "lead")
            ),
        };
        breakdown(title, receipt)
    }));
    parts
}

/// `$12.40 to $14.10`.
pub fn range_words(expected: Expected) -> String {
    format!("{} to {}", expected.low, expected.high)
}

/// The server's words on the budget, and what to do where the price is over it.
fn budget(quote: &Quote) -> Option<Node> {
    let warnings = quote.warnings();
    let first = warnings.first()?;
    let too_dear = quote.is_over_budget();
    let class = if too_dear {
        "budget budget-over"
    } else {
        "budget"
    };
    let to_remove = remaining_in_warning(first)
        .filter(|_| too_dear)
        .and_then(|budget| leads_over_budget(quote.total(), quote.leads(), budget))
        .map(|count| {
            para(
                "",
                format!("Take about {} out to fit.", counted(count, "lead")),
            )
        });
    let words: Vec<_> = warnings
        .iter()
        .map(|words| para("", format!("{words}.")))
        .collect();
    let budget = el("div").class(class).testid("budget-warning");
    let budget = budget.attr("role", "status");
    Some(budget.child(words).child(to_remove).into())
}

fn breakdown(title: String, receipt: &Receipt) -> Node {
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
        .as_ref()
        .map(|note| para("muted", format!("The server says: {note}.")));
    let steps = el("table")
        .class("bill")
        .child(
            el("caption")
                .class("visually-hidden")
                .child("Steps of the price"),
        )
        .child(el("tbody").child(steps));
    let headings = ["Provider", "Leads", "Each", "Sum"];
    let headings = headings.map(|name| el("th").attr("scope", "col").child(name));
    let providers = el("table")
        .class("bill")
        .attr("hidden", no_providers)
        .child(el("caption").child("Data providers, before discount"))
        .child(el("thead").child(el("tr").child(headings)))
        .child(el("tbody").child(providers));
    el("details")
        .class("breakdown")
        .child(el("summary").child(title))
        .child([steps, providers])
        .child(note)
        .into()
}

fn row(heading: &str, values: Vec<String>) -> Element {
    let cell = |value: String| el("td").child(value);
    let cells: Vec<_> = values.into_iter().map(cell).collect();
    let heading = el("th").attr("scope", "row").child(heading.to_owned());
    el("tr").child(heading).child(cells)
}

fn gone_leads(store: Store, gone: &[LeadId]) -> Node {
    let names = store.peek(|model| {
        let name = |id| {
            let lead = model.choice.selection.get(id);
            lead.map_or("a lead without a name", |lead| lead.name())
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
    let words = el("p")
        .child([words, " ".to_owned()])
        .child(foreign(names))
        .child([" ".to_owned(), more, ".".to_owned()]);
    el("div")
        .class("budget budget-over")
        .attr("role", "status")
        .child(words)
        .child(take_out.view())
        .into()
}
