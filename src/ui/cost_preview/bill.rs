//! A price in full.

use leptos::prelude::*;

use super::breakdown::Breakdown;
use super::budget::BudgetWarning;
use super::gone_leads::GoneLeads;
use super::range_words;
use crate::app::Model;
use crate::app::cost_preview::budget::Standing;
use crate::browser::clock;
use crate::domain::budget::Verdict;
use crate::domain::cost::Quote;
use crate::domain::expected::Expected;
use crate::domain::text::counted;
use crate::domain::time::{MINUTE, duration_words};
use crate::ui::kit::{Facts, part};
use crate::ui::selected::{Selected, select};

/// What is known beside the server's price.
#[derive(Clone, Copy, Default, PartialEq)]
pub struct Outlook {
    /// What it will really cost.
    expected: Option<Expected>,
    /// How it stands to the budget.
    pub standing: Option<Standing>,
    /// How many leads are too many for the budget.
    pub to_fit: Option<usize>,
}

impl Outlook {
    /// What is known now; nothing without a price of exactly the present choice.
    pub fn of(model: &Model) -> Self {
        let view = model.price_view();
        view.fresh().map_or_else(Self::default, |quote| Self {
            expected: model.expected_cost(quote),
            standing: model.budget_standing(quote, clock::now()),
            to_fit: model.leads_to_fit(quote, clock::now()),
        })
    }

    fn left_of_budget(&self) -> Option<(&'static str, String)> {
        match self.standing?.verdict {
            Verdict::Fits { left_after } => {
                Some(("Left of today’s budget after it", left_after.to_string()))
            }
            Verdict::Over { .. } => None,
        }
    }
}

/// What the server asks, what is expected, how that stands to the budget, and how the price comes about.
#[component]
pub fn Bill(
    /// The server's price.
    quote: Quote,
    /// What is known beside it.
    outlook: Selected<Outlook>,
) -> AnyView {
    let total = quote.total().to_string();
    let leads = counted(quote.known_leads(), "lead");
    let batches = match quote.0.len() {
        1 => String::new(),
        some => format!(" in {some} batches"),
    };
    let lines = single_batch_lines(&quote);
    let facts = move || {
        let mut lines = lines.clone();
        lines.extend(outlook.with(Outlook::left_of_budget));
        view! { <Facts facts=lines /> }.into_any()
    };
    let breakdowns: Vec<_> = breakdown_titles(&quote)
        .into_iter()
        .zip(quote.0.clone())
        .map(|(title, receipt)| view! { <Breakdown title receipt /> }.into_any())
        .collect();
    view! {
        <p class="price-total">
            <span class="price-amount" data-testid="estimated-cost" translate="no">
                {total}
            </span>
            <span class="muted">{format!(" for {leads}{batches}, by the server’s estimate")}</span>
        </p>
        <ExpectedCost outlook />
        {part(facts)}
        <BudgetWarning quote=quote.clone() outlook />
        <GoneLeads gone=quote.unknown_leads().cloned().collect() />
        {breakdowns}
    }
    .into_any()
}

/// What past batches tell of the cost; nothing where they tell nothing.
#[component]
fn ExpectedCost(
    /// What is known beside the price.
    outlook: Selected<Outlook>,
) -> AnyView {
    let expected = select(move || outlook.with(|outlook| outlook.expected));
    part(move || match expected.get() {
        Some(expected) => view! {
            <p>
                "Expected: "
                <strong data-testid="cost-range" translate="no">{range_words(expected)}</strong>
                {format!(", as {} past batches came out", expected.learned_from)}
            </p>
        }
        .into_any(),
        None => ().into_any(),
    })
}

/// What is told only where all is one batch.
fn single_batch_lines(quote: &Quote) -> Vec<(&'static str, String)> {
    let [receipt] = &quote.0[..] else {
        return Vec::new();
    };
    let mut lines = Vec::new();
    lines.extend(receipt.per_lead.map(|each| ("Per lead", each.to_string())));
    lines.extend(receipt.duration_minutes.map(|minutes| {
        let takes = duration_words(i64::from(minutes) * MINUTE);
        ("Takes, by the server’s estimate", format!("about {takes}"))
    }));
    lines
}

fn breakdown_titles(quote: &Quote) -> Vec<String> {
    if quote.0.len() == 1 {
        return vec!["How this price comes about".to_owned()];
    }
    let titles = quote.0.iter().enumerate().map(|(place, receipt)| {
        format!(
            "Batch {}: {} for {}",
            place + 1,
            receipt.total,
            counted(receipt.subject.lead_ids.len(), "lead")
        )
    });
    titles.collect()
}
