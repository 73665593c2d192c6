use super::*;
use crate::domain::cost::{PriceSubject, ProviderCost};
use crate::domain::lead::{Enrichment, Lead, LeadId};

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
