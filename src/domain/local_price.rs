//! What the present choice costs, roughly and at once, from the rates of the last price that the server told.
//!
//! The server's own figure takes a moment; this one fills it. It is marked as approximate and never approved.
//!
//! Source of the rules: the recorded previews (`tests/recordings/repaired/batch-preview.*.json`). A batch costs its
//! reports and its data providers, less a discount by the number of leads, plus an overhead on the undiscounted sum.
//! Rates, discount and overhead are read from the last receipt; only who needs which provider, the steps of the
//! discount and the weights of the templates are known here.

use super::cost::{CostLine, ProviderCost, Receipt};
use super::lead::{Enrichment, Lead};
use super::money::Usd;
use super::template::TemplateVersion;

/// How many leads of each kind there are, as far as the price depends on it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Kinds {
    pub leads: u32,
    /// Of which only the identifier is known here, perhaps with a name; they are in none of the other counts.
    pub unknown: u32,
    pub without_email: u32,
    pub with_domain: u32,
    /// Without an e-mail address, and enriched already.
    pub enriched_without_email: u32,
    /// With a domain, and enriched already.
    pub enriched_with_domain: u32,
}

impl Kinds {
    /// Counts leads; one walk over them.
    pub fn of<'a>(leads: impl Iterator<Item = &'a Lead>) -> Self {
        let mut kinds = Self::default();
        for lead in leads {
            kinds.add(lead);
        }
        kinds
    }

    /// Counts one lead more.
    pub fn add(&mut self, lead: &Lead) {
        self.leads += 1;
        // Every lead that the server told has a word for this.
        if lead.enrichment.code().is_empty() {
            self.unknown += 1;
            return;
        }
        let enriched = u32::from(lead.enrichment == Enrichment::Completed);
        let without_email = u32::from(lead.email.is_none());
        let with_domain = u32::from(lead.domain.is_some());
        self.without_email += without_email;
        self.with_domain += with_domain;
        self.enriched_without_email += without_email * enriched;
        self.enriched_with_domain += with_domain * enriched;
    }

    fn known(&self) -> u32 {
        self.leads.saturating_sub(self.unknown)
    }

    /// How many of the known leads a provider works on; `None` for a provider of which nothing is known. Source: the
    /// contract's “rates as served”, and the recorded previews for what `enriched` says: whether enriched leads are
    /// priced like others, as the recorded server does.
    fn needing(&self, provider: &str, enriched: bool) -> Option<u32> {
        let less = |all: u32, done: u32| all.saturating_sub(if enriched { 0 } else { done });
        Some(match provider {
            "hunter" => less(self.without_email, self.enriched_without_email),
            "dataaxle" => less(self.with_domain, self.enriched_with_domain),
            "openai" => self.known(),
            "semrush" | "pagespeed" | "screenshotone" => self.with_domain,
            _ => return None,
        })
    }
}

/// The providers whose need is known here.
const PROVIDERS: [&str; 6] = [
    "hunter",
    "dataaxle",
    "openai",
    "semrush",
    "pagespeed",
    "screenshotone",
];

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
    let told = reports + providers;
    if told <= 0.0 {
        return None;
    }
    let off = -step(CostLine::DISCOUNT).unwrap_or_default() / told;
    let overhead = step(CostLine::OVERHEAD).unwrap_or_default() / told;
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

/// What the providers take for the known leads of `next`; `None` where one that is needed had no rate in the receipt.
/// `told` is what they took in the receipt.
fn provider_costs(receipt: &Receipt, told: f64, then: Option<&Kinds>, next: &Kinds) -> Option<f64> {
    // Kinds of other leads than the priced ones say nothing.
    let then = then.filter(|then| then.known() as usize == receipt.leads());
    let by_rates = |enriched| then.and_then(|then| at_rates(receipt, then, enriched));
    let off = |enriched| by_rates(enriched).map_or(0.0, |sum| (sum - told).abs());
    // By the sum, and not by the providers' own counts, because the recorded server lists dataaxle with more leads than
    // it charges for. Equal where none was enriched: then nothing can be seen.
    let enriched = off(true) <= off(false);
    // Whatever the server does that is not known here, it is taken to do again: so the choice of the receipt has the
    // price of the receipt.
    let again = by_rates(enriched)
        .filter(|sum| *sum > 0.0)
        .map_or(1.0, |sum| told / sum);
    Some(at_rates(receipt, next, enriched)? * again)
}

/// What the providers of a receipt take for other known leads at its rates; `None` where one that is needed has no rate.
fn at_rates(receipt: &Receipt, kinds: &Kinds, enriched: bool) -> Option<f64> {
    let is_told = |name: &str| receipt.providers.iter().any(|one| one.provider == name);
    let needs = |name: &str| kinds.needing(name, enriched) != Some(0);
    if PROVIDERS.iter().any(|name| !is_told(name) && needs(name)) {
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::cost::PriceSubject;
    use crate::domain::lead::LeadId;

    const HUNTER: ProviderRow = ("hunter", 0.10);
    type ProviderRow = (&'static str, f64);
    const RATES: [ProviderRow; 6] = [
        HUNTER,
        ("dataaxle", 0.15),
        ("openai", 0.25),
        ("semrush", 0.08),
        ("pagespeed", 0.03),
        ("screenshotone", 0.02),
    ];

    fn usd(dollars: f64) -> Usd {
        Usd::from_dollars(dollars).unwrap()
    }

    fn version(version: &str) -> TemplateVersion {
        TemplateVersion(version.into())
    }

    fn kinds(leads: u32, without_email: u32, with_domain: u32, enriched: [u32; 2]) -> Kinds {
        Kinds {
            leads,
            unknown: 0,
            without_email,
            with_domain,
            enriched_without_email: enriched[0],
            enriched_with_domain: enriched[1],
        }
    }

    /// As the server computes it, whether it prices enriched leads or not.
    fn receipt(of: &Kinds, template: &str, enriched: bool) -> Receipt {
        let count = f64::from(of.leads);
        let base = 0.05 * complexity(&version(template)) * count;
        let providers: Vec<_> = (RATES.iter())
            .map(|&(name, each)| {
                let leads = of.needing(name, enriched).unwrap();
                ProviderCost {
                    provider: name.into(),
                    leads,
                    each: usd(each),
                    total: usd(each * f64::from(leads)),
                }
            })
            .collect();
        let paid: f64 = providers.iter().map(|one| one.total.dollars()).sum();
        let sum = base + paid;
        let (off, overhead) = (sum * discount(count), sum * 0.25);
        let line = |label, dollars| CostLine {
            label,
            amount: usd(dollars),
        };
        let ids = (0..of.leads).map(|n| LeadId(format!("{n:04}")));
        Receipt {
            subject: PriceSubject::new(ids, version(template)),
            total: usd(sum - off + overhead),
            per_lead: None,
            breakdown: vec![
                line(CostLine::REPORTS, base),
                line(CostLine::PROVIDERS, paid),
                line(CostLine::DISCOUNT, -off),
                line(CostLine::OVERHEAD, overhead),
            ],
            providers,
            duration_minutes: None,
            within_budget: None,
            budget_warning: None,
            accuracy_note: None,
            unknown_leads: Vec::new(),
        }
    }

    fn assert_near(told: Option<Usd>, right: Usd, share: f64, what: &str) {
        let off = told.and_then(|told| told.ratio_to(right)).unwrap_or(0.0) - 1.0;
        assert!(off.abs() <= share, "{what}: {told:?} for {right}");
    }

    #[test]
    fn leads_are_counted_by_what_they_need() {
        let lead = |email: bool, domain: bool, enrichment: &str| Lead {
            email: email.then(|| "a@b.example".into()),
            domain: domain.then(|| "b.example".into()),
            enrichment: Enrichment::from_code(enrichment),
            ..Lead::known_by(LeadId("a".into()), "A")
        };
        let leads = [
            lead(true, true, "completed"),
            lead(false, true, "completed"),
            lead(false, true, "failed"),
            lead(false, false, "pending"),
            lead(true, false, "completed"),
            Lead::known_by(LeadId("b".into()), "B"),
        ];
        let counted = Kinds {
            unknown: 1,
            ..kinds(6, 3, 3, [1, 2])
        };
        assert_eq!(Kinds::of(leads.iter()), counted);
    }

    /// Prevents: the figure is right for the choice that the receipt was for, and wrong over a step of the discount.
    #[test]
    fn every_choice_is_predicted_from_every_other() {
        let choices = [
            kinds(1, 0, 1, [0, 0]),
            kinds(9, 9, 2, [4, 1]),
            kinds(10, 3, 10, [0, 0]),
            kinds(49, 10, 40, [5, 30]),
            kinds(50, 50, 0, [20, 0]),
            kinds(100, 0, 100, [0, 100]),
            kinds(499, 100, 460, [40, 200]),
            kinds(1_000, 211, 921, [100, 500]),
        ];
        for enriched in [true, false] {
            for then in &choices {
                for next in &choices {
                    let from = receipt(then, "v1", enriched);
                    // Whether enriched leads cost the same shows only where some of them need a provider.
                    let shows = then.enriched_without_email + then.enriched_with_domain > 0;
                    for template in ["v1", "simple", "comprehensive"] {
                        let right = receipt(next, template, enriched || !shows).total;
                        let told = approximate(&from, Some(then), next, &version(template));
                        assert_near(told, right, 0.001, &format!("{then:?} {next:?} {template}"));
                    }
                }
            }
        }
    }

    #[test]
    fn a_rate_that_was_not_told_is_the_average() {
        let then = kinds(20, 0, 20, [0, 0]);
        let mut from = receipt(&then, "v1", true);
        from.providers.retain(|one| one.provider != HUNTER.0);
        let template = version("v1");
        // Nobody needs it: the other rates are enough.
        let next = kinds(40, 0, 10, [0, 0]);
        let right = receipt(&next, "v1", true).total;
        assert_near(
            approximate(&from, Some(&then), &next, &template),
            right,
            0.001,
            "not needed",
        );
        // Somebody does: as many times the average, with the factor of 60 leads.
        let next = kinds(60, 1, 10, [0, 0]);
        let right = usd(0.605 * 60.0 * (1.0 - 0.10 + 0.25));
        assert_near(
            approximate(&from, Some(&then), &next, &template),
            right,
            0.001,
            "needed",
        );
    }

    /// Prevents: the approximate figure and the server's differ though nothing was changed.
    #[test]
    fn the_choice_of_the_receipt_has_its_price() {
        let then = kinds(20, 5, 15, [0, 0]);
        let mut from = receipt(&then, "v1", true);
        // A server that takes more than its rates say.
        let more = from.breakdown[1].amount + usd(3.0);
        let sum = from.breakdown[0].amount + more;
        from.breakdown[1].amount = more;
        from.breakdown[2].amount = usd(-0.05 * sum.dollars());
        from.breakdown[3].amount = usd(0.25 * sum.dollars());
        from.total = usd(sum.dollars() * 1.2);
        let template = version("v1");
        let told = approximate(&from, Some(&then), &then, &template);
        assert_near(told, from.total, 0.000_01, "the same");
    }

    #[test]
    fn leads_of_which_nothing_is_known_cost_the_average() {
        let then = kinds(20, 20, 0, [0, 0]);
        let from = receipt(&then, "v1", true);
        let next = Kinds {
            unknown: 15,
            ..kinds(30, 0, 15, [0, 0])
        };
        let sum = 15.0 * 0.605 + 15.0 * (0.075 + 0.10 + 0.25);
        let told = approximate(&from, None, &next, &version("v1"));
        assert_near(told, usd(sum * 1.2), 0.001, "half unknown");
    }

    #[test]
    fn a_provider_that_is_new_here_keeps_its_share() {
        let then = kinds(20, 0, 20, [0, 0]);
        let mut from = receipt(&then, "v1", true);
        from.providers.push(ProviderCost {
            provider: "maps".into(),
            leads: 10,
            each: usd(0.40),
            total: usd(4.0),
        });
        from.breakdown[1].amount = from.breakdown[1].amount + usd(4.0);
        from.breakdown[2].amount = usd(-0.05 * (20.0 * 0.605 + 4.0));
        from.breakdown[3].amount = usd(0.25 * (20.0 * 0.605 + 4.0));
        let next = kinds(40, 0, 40, [0, 0]);
        let told = approximate(&from, Some(&then), &next, &version("v1"));
        assert_near(told, usd(40.0 * (0.605 + 0.20) * 1.2), 0.001, "maps");
    }

    #[test]
    fn other_discounts_than_those_known_are_kept() {
        let then = kinds(20, 0, 20, [0, 0]);
        let mut from = receipt(&then, "v1", true);
        from.breakdown[2].amount = usd(-0.50 * 20.0 * 0.605);
        let next = kinds(200, 0, 200, [0, 0]);
        let told = approximate(&from, Some(&then), &next, &version("v1"));
        assert_near(told, usd(200.0 * 0.605 * 0.75), 0.001, "half off");
    }

    #[test]
    fn without_anything_to_go_by_nothing_is_told() {
        let some = kinds(20, 5, 20, [0, 0]);
        let from = receipt(&some, "v1", true);
        let template = version("v1");
        assert_eq!(
            approximate(&from, Some(&some), &Kinds::default(), &template),
            None
        );
        let none = receipt(&Kinds::default(), "v1", true);
        assert_eq!(approximate(&none, None, &some, &template), None);
        let mut bare = Receipt {
            breakdown: Vec::new(),
            providers: Vec::new(),
            ..from.clone()
        };
        // A server that tells only the sum: as much for each lead.
        bare.total = usd(10.0);
        let double = kinds(40, 0, 0, [0, 0]);
        assert_eq!(
            approximate(&bare, None, &double, &template),
            Some(usd(20.0))
        );
        bare.unknown_leads = bare.subject.lead_ids.clone();
        assert_eq!(approximate(&bare, None, &double, &template), None);
        let free = Receipt {
            total: Usd::ZERO,
            ..from
        };
        assert_eq!(approximate(&free, None, &some, &template), None);
    }
}
