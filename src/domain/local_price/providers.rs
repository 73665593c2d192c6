//! What the data providers take.

use super::kinds::{Kinds, PROVIDERS};
use crate::domain::cost::{ProviderCost, Receipt};

/// What the providers take for the known leads of `next`; `None` where one that is needed had no rate in the receipt.
/// `charged` is what they took in the receipt.
pub(super) fn provider_costs(
    receipt: &Receipt,
    charged: f64,
    then: Option<&Kinds>,
    next: &Kinds,
) -> Option<f64> {
    // Kinds of other leads than the priced ones say nothing.
    let then = then.filter(|then| then.known() as usize == receipt.leads());
    let by_rates = |enriched| then.and_then(|then| at_rates(receipt, then, enriched));
    let off = |enriched| by_rates(enriched).map_or(0.0, |sum| (sum - charged).abs());
    // By the sum, and not by the providers' own counts, because the recorded server lists dataaxle with more leads than
    // it charges for. Equal where none was enriched: then nothing can be seen.
    let enriched = off(true) <= off(false);
    // Whatever the server does that is not known here, it is taken to do again: so the choice of the receipt has the
    // price of the receipt.
    let again = by_rates(enriched)
        .filter(|sum| *sum > 0.0)
        .map_or(1.0, |sum| charged / sum);
    Some(at_rates(receipt, next, enriched)? * again)
}

/// What the providers of a receipt take for other known leads at its rates; `None` where one that is needed has no rate.
fn at_rates(receipt: &Receipt, kinds: &Kinds, enriched: bool) -> Option<f64> {
    let is_listed = |name: &str| receipt.providers.iter().any(|one| one.provider == name);
    let needs = |name: &str| kinds.needing(name, enriched) != Some(0);
    if PROVIDERS.iter().any(|name| !is_listed(name) && needs(name)) {
        return None;
    }
    let take = |provider: &ProviderCost| {
        let leads = kinds.needing(&provider.provider, enriched);
        // A provider that is new here works on as large a share of the leads as it did.
        let share = || f64::from(provider.leads) / receipt.leads() as f64;
        let leads = leads.map_or_else(|| share() * f64::from(kinds.known()), f64::from);
        provider.each.dollars() * leads
    };
    Some(receipt.providers.iter().map(take).sum())
}
