//! What the present choice costs, roughly and at once, from the rates of the last price that the server told.
//!
//! The server's own figure takes a moment; this one fills it. It is marked as approximate and never approved.
//!
//! Source of the rules: the recorded previews (`tests/recordings/repaired/batch-preview.*.json`). A batch costs its
//! reports and its data providers, less a discount by the number of leads, plus an overhead on the undiscounted sum.
//! Rates, discount and overhead are read from the last receipt; only who needs which provider, the steps of the
//! discount and the weights of the templates are known here.

mod kinds;
mod providers;

pub use kinds::Kinds;

use super::cost::{CostLine, Receipt};
use super::money::Usd;
use super::template::TemplateVersion;
use providers::provider_costs;

/// The share of the undiscounted sum that is taken off. Source: as [`Kinds::needing`].
fn discount(leads: f64) -> f64 {
    match leads {
        500.0.. => 0.20,
        100.0.. => 0.15,
        50.0.. => 0.10,
        10.0.. => 0.05,
        _ => 0.0,
    }
}

/// How much a template asks of a report, beside others. Source: as [`Kinds::needing`].
fn complexity(template: &TemplateVersion) -> f64 {
    match template.0.as_str() {
        "simple" => 1.0,
        "comprehensive" => 2.0,
        _ => 1.5,
    }
}

/// What `next` leads cost with a template, from the rates of a receipt; `then` is what its leads were, where that is
/// still known. `None` where the receipt gives nothing to go by, or nothing is chosen.
///
/// Whether enriched leads are priced like others is seen in the receipt, by `then`. Where it cannot be seen they are: so
/// the recorded server does, and a figure that is too high disappoints nobody.
pub fn approximate(
    receipt: &Receipt,
    then: Option<&Kinds>,
    next: &Kinds,
    template: &TemplateVersion,
) -> Option<Usd> {
    let leads = receipt.leads() as f64;
    let count = f64::from(next.leads);
    if leads == 0.0 || count == 0.0 || receipt.total <= Usd::ZERO {
        return None;
    }
    let step = |label| receipt.step(label).map(Usd::dollars);
    let reports = step(CostLine::REPORTS);
    let (Some(reports), Some(providers)) = (reports, step(CostLine::PROVIDERS)) else {
        // Nothing is told of how the price came about.
        return Usd::from_dollars(receipt.total.dollars() / leads * count);
    };
    let undiscounted = reports + providers;
    if undiscounted <= 0.0 {
        return None;
    }
    let off = -step(CostLine::DISCOUNT).unwrap_or_default() / undiscounted;
    let overhead = step(CostLine::OVERHEAD).unwrap_or_default() / undiscounted;
    // A server with other discounts than those known here keeps its own.
    let off = match (off - discount(leads)).abs() < 0.005 {
        true => discount(count),
        false => off,
    };
    let reports = reports / leads * complexity(template) / complexity(&receipt.subject.template);
    // A lead of which nothing is known here is taken to be like those of the receipt.
    let average = providers / leads;
    let known = provider_costs(receipt, providers, then, next);
    let known = known.unwrap_or(average * f64::from(next.known()));
    let sum = reports * count + known + average * f64::from(next.unknown);
    Usd::from_dollars(sum * (1.0 - off + overhead))
}

#[cfg(test)]
mod tests;
