//! What the chosen leads will cost, as the server says.

use crate::app::cost_preview::budget::Standing;
use crate::app::cost_preview::price::PriceView;
use crate::app::launch::warnings::over_budget_words;
use crate::app::lead_selector::selection::Cut;
use crate::app::requests::Slot;
use crate::app::{Msg, Slice};
use crate::browser::clock;
use crate::domain::budget::Verdict;
use crate::domain::cost::{MAX_LEADS, ProviderCost, Quote, Receipt};
use crate::domain::expected::Expected;
use crate::domain::lead::LeadId;
use crate::domain::text::{counted, grouped};
use crate::domain::time::{MINUTE, duration_words};
use crate::ui::dom::{Element, Node, dynamic, el};
use crate::ui::parts::fault::fault;
use crate::ui::parts::kit::{button, facts, foreign, para, status};
use crate::ui::store::Store;

const OUTLOOK: &[Slice] = &[
    Slice::Compose,
    Slice::Choice,
    Slice::Ledger,
    Slice::Batches,
    // The order of the table says which leads are the first.
    Slice::Route,
];

/// So many leads that are gone are named at once, the others when somebody asks.
const GONE_NAMED: usize = 3;

/// What is expected beside the server's price, how that stands to the budget, and how many leads are too many for it.
type Outlook = (Option<Expected>, Option<Standing>, Option<usize>);

/// What the chosen leads will cost.
pub fn price(store: Store) -> Element {
    let view = store.watch(&[Slice::Compose, Slice::Choice], |model| model.price_view());
    // Batches that end teach what to expect, and what is approved or ends changes what is left of the budget.
    let outlook = store.watch(OUTLOOK, |model| {
        let view = model.price_view();
        let quote = view.fresh()?;
        let standing = model.budget_standing(quote, clock::now());
        let to_fit = model.leads_to_fit(quote, clock::now());
        Some((model.expected_cost(quote), standing, to_fit))
    });
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
        PriceView::Updating { old, about } => {
            let about = about.map(|about| {
                let words = " about, by the last rates; the server is asked";
                let amount = el("span").class("price-amount").testid("approximate-cost");
                let words = el("span").class("muted").child(words);
                let amount = amount.child(about.to_string());
                Node::from(el("p").class("price-total").child(amount).child(words))
            });
            let mut parts = with_stale(status("price-state", "Asking for the price…"), old);
            parts.splice(0..0, about);
            parts
        }
        PriceView::Fresh(quote) => bill(store, &quote, outlook.get().unwrap_or_default()),
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
fn bill(store: Store, quote: &Quote, (expected, standing, to_fit): Outlook) -> Vec<Node> {
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
    if let Some(Standing {
        verdict: Verdict::Fits { left_after },
        ..
    }) = standing
    {
        lines.push(("Left of today’s budget after it", left_after.to_string()));
    }
    parts.push(facts("facts", lines));
    parts.extend(budget(store, quote, standing, to_fit));
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

/// The server's words on the budget, what is missing by what is known here, and how many leads to take out of it.
fn budget(
    store: Store,
    quote: &Quote,
    standing: Option<Standing>,
    to_fit: Option<usize>,
) -> Option<Node> {
    let mut words: Vec<String> = quote
        .warnings()
        .iter()
        .map(|words| format!("{words}."))
        .collect();
    let leads = quote.leads();
    words.extend(standing.as_ref().and_then(over_budget_words));
    if words.is_empty() {
        return None;
    }
    let is_over = quote.is_over_budget()
        || matches!(
            standing,
            Some(Standing {
                verdict: Verdict::Over { .. },
                ..
            })
        );
    let take_out = to_fit.map(|count| {
        let label = format!("Take {} out to fit", counted(count, "lead"));
        let cut = move || store.send(Msg::ChoiceCut(Cut::First(leads - count)));
        button(label, cut).testid("remove-to-fit").view()
    });
    let class = if is_over {
        "budget budget-over"
    } else {
        "budget"
    };
    let words: Vec<_> = words.into_iter().map(|words| para("", words)).collect();
    let budget = el("div").class(class).testid("budget-warning");
    Some(
        budget
            .attr("role", "status")
            .child(words)
            .child(take_out)
            .into(),
    )
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
    let names: Vec<_> = store.peek(|model| {
        let name = |id| {
            let lead = model.choice.selection.get(id);
            lead.map_or("a lead without a name", |lead| lead.name())
                .to_owned()
        };
        gone.iter().map(name).collect()
    });
    let (named, more) = names.split_at(names.len().min(GONE_NAMED));
    let words = format!(
        "{} cannot be reported on any more: ",
        counted(gone.len(), "chosen lead")
    );
    let more = (!more.is_empty()).then(|| {
        let summary = el("summary").child(format!("And {} more", more.len()));
        let others = el("p").child(foreign(more.join(", ")));
        el("details").child(summary).child(others)
    });
    let take_out = button("Take them out", move || store.send(Msg::GoneLeadsDropped));
    let words = el("p")
        .child(words)
        .child(foreign(named.join(", ")))
        .child(".");
    el("div")
        .class("budget budget-over")
        .attr("role", "status")
        .child(words)
        .child(more)
        .child(take_out.view())
        .into()
}
