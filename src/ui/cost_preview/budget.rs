//! The day's budget, as far as a price comes near it.

use leptos::prelude::*;

use super::bill::Outlook;
use crate::app::Msg;
use crate::app::launch::warnings::over_budget_words;
use crate::app::lead_selector::selection::Cut;
use crate::domain::budget::Verdict;
use crate::domain::cost::Quote;
use crate::domain::text::counted;
use crate::ui::kit::{Button, part};
use crate::ui::selected::{Selected, select};
use crate::ui::store::use_store;

/// The server's words on the budget, what is missing by what is known here, and how many leads to take out of it; nothing
/// where there is enough.
#[component]
pub fn BudgetWarning(
    /// The server's price.
    quote: Quote,
    /// What is known beside it.
    outlook: Selected<Outlook>,
) -> AnyView {
    let store = use_store();
    let judged = select(move || outlook.with(|outlook| (outlook.standing, outlook.to_fit)));
    part(move || {
        let (standing, to_fit) = judged.get();
        let warnings = quote.warnings();
        let told = warnings.iter().map(|words| format!("{words}."));
        let missing = standing.as_ref().and_then(over_budget_words);
        let line = |words: String| view! { <p class="">{words}</p> }.into_any();
        let lines: Vec<_> = told.chain(missing).map(line).collect();
        if lines.is_empty() {
            return ().into_any();
        }
        let verdict = standing.map(|standing| standing.verdict);
        let is_over = quote.is_over_budget() || matches!(verdict, Some(Verdict::Over { .. }));
        let class = match is_over {
            true => "budget budget-over",
            false => "budget",
        };
        let leads = quote.leads();
        let take_out = to_fit.map(|count| {
            let label = format!("Take {} out to fit", counted(count, "lead"));
            let cut = move || store.send(Msg::ChoiceCut(Cut::First(leads - count)));
            view! { <Button label testid="remove-to-fit" on_press=cut /> }.into_any()
        });
        view! {
            <div class=class role="status" data-testid="budget-warning">
                {lines}
                {take_out}
            </div>
        }
        .into_any()
    })
}
