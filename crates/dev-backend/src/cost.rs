//! What a batch costs: the rates as the recorded server serves them, and the estimate made of them.
//!
//! Source: the recorded previews (`tests/recordings/repaired/batch-preview.*.json`), which the tests
//! of this file reproduce to the last digit.

use serde_json::{Map, Value, json};

/// The paid services that a report draws on, in the order of the recorded breakdown.
pub const PROVIDERS: [&str; 6] = [
    "hunter",
    "dataaxle",
    "openai",
    "semrush",
    "pagespeed",
    "screenshotone",
];

/// Prices in US dollars.
#[derive(Debug, Clone, PartialEq)]
pub struct Prices {
    /// Per report, before the template's complexity.
    pub base: f64,
    /// Per lead, in the order of [`PROVIDERS`].
    pub providers: [f64; 6],
    /// Applied to everything; 1 unless a developer changed it.
    pub factor: f64,
}

impl Default for Prices {
    fn default() -> Self {
        Self {
            base: 0.05,
            providers: [0.10, 0.15, 0.25, 0.08, 0.03, 0.02],
            factor: 1.0,
        }
    }
}

/// What the price of a lead depends on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LeadFacts {
    /// An email address is known, so that none must be found.
    pub has_email: bool,
    /// A domain is known, so that the website can be examined.
    pub has_domain: bool,
    /// The enrichment is completed, so that it is not paid again.
    pub is_enriched: bool,
}

impl LeadFacts {
    /// Which providers work on the lead, in the order of [`PROVIDERS`].
    fn needs(self, ignore_enrichment: bool) -> [bool; 6] {
        let enrich = ignore_enrichment || !self.is_enriched;
        [
            enrich && !self.has_email,
            enrich && self.has_domain,
            true,
            self.has_domain,
            self.has_domain,
            self.has_domain,
        ]
    }
}

/// The answer to "what would this cost".
#[derive(Debug, Clone, PartialEq)]
pub struct Estimate {
    /// US dollars, with discount and overhead.
    pub total: f64,
    /// The recorded `cost_breakdown`.
    pub breakdown: Value,
    /// The recorded `provider_breakdown`.
    pub providers: Value,
}

/// How much more a template asks of a report than the base price. Unknown ones count as standard.
pub fn complexity(template_version: &str) -> f64 {
    match template_version {
        "simple" => 1.0,
        "comprehensive" => 2.0,
        _ => 1.5,
    }
}

/// The share of the subtotal that a batch of `leads` leads saves.
pub fn discount_rate(leads: usize) -> f64 {
    match leads {
        500.. => 0.20,
        100.. => 0.15,
        50.. => 0.10,
        10.. => 0.05,
        _ => 0.0,
    }
}

/// The share of the undiscounted subtotal that is added as overhead.
const OVERHEAD: f64 = 0.25;

/// Prices a batch. With `ignore_enrichment` it makes the recorded server's mistakes: enriched leads
/// are priced as if they were not, and dataaxle is listed for every lead.
pub fn estimate(
    prices: &Prices,
    leads: &[LeadFacts],
    template_version: &str,
    ignore_enrichment: bool,
) -> Estimate {
    let mut counts = [0_u32; 6];
    for lead in leads {
        for (count, needed) in counts.iter_mut().zip(lead.needs(ignore_enrichment)) {
            *count += u32::from(needed);
        }
    }
    let lead_count = u32::try_from(leads.len()).unwrap_or(u32::MAX);
    let base =
        round(prices.base * prices.factor * complexity(template_version) * f64::from(lead_count));
    let paid: f64 = counts
        .iter()
        .zip(prices.providers)
        .map(|(count, price)| f64::from(*count) * price * prices.factor)
        .sum();
    let paid = round(paid);
    let subtotal = round(base + paid);
    let rate = discount_rate(leads.len());
    let discount = round(subtotal * rate);
    let overhead = round(subtotal * OVERHEAD);
    let total = round(subtotal - discount + overhead);
    if ignore_enrichment {
        counts[1] = lead_count;
    }
    let mut providers = Map::new();
    for ((name, price), count) in PROVIDERS.iter().zip(prices.providers).zip(counts) {
        let price = round(price * prices.factor);
        providers.insert(
            (*name).to_owned(),
            json!({
                "leads_processed": count,
                "cost_per_lead": price,
                "total_cost": round(f64::from(count) * price),
            }),
        );
    }
    Estimate {
        total,
        breakdown: json!({
            "base_cost": base,
            "provider_costs": paid,
            "subtotal": subtotal,
            "volume_discount_rate": rate,
            "volume_discount_amount": discount,
            "discounted_subtotal": round(subtotal - discount),
            "overhead_cost": overhead,
            "total_cost": total,
        }),
        providers: Value::Object(providers),
    }
}

/// What one lead of a batch of `batch_size` leads costs by the model, in US dollars.
pub fn lead_price(
    prices: &Prices,
    lead: LeadFacts,
    template_version: &str,
    batch_size: usize,
) -> f64 {
    let paid: f64 = lead
        .needs(false)
        .iter()
        .zip(prices.providers)
        .map(|(needed, price)| if *needed { price } else { 0.0 })
        .sum();
    let subtotal = (prices.base * complexity(template_version) + paid) * prices.factor;
    subtotal * (1.0 - discount_rate(batch_size) + OVERHEAD)
}

/// The recorded server's real charge, whatever the template: the quirk `flat_actual_cost`.
pub fn flat_lead_price(lead: LeadFacts) -> f64 {
    if lead.is_enriched { 0.55 } else { 0.70 }
}

/// Dollars as whole millionths.
pub fn micros(dollars: f64) -> i64 {
    // Amounts are far below the 2^53 millionths that a double holds exactly.
    #[allow(clippy::cast_possible_truncation)]
    let micros = (dollars * 1e6).round() as i64;
    micros
}

/// Whole millionths as dollars.
pub fn dollars(micros: i64) -> f64 {
    #[allow(clippy::cast_precision_loss)]
    let dollars = micros as f64 / 1e6;
    dollars
}

fn round(dollars: f64) -> f64 {
    (dollars * 1e6).round() / 1e6
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Leads of a recorded composition: so many in all, without an email, with a domain.
    fn leads(total: usize, without_email: usize, with_domain: usize) -> Vec<LeadFacts> {
        (0..total)
            .map(|index| LeadFacts {
                has_email: index >= without_email,
                has_domain: index < with_domain,
                is_enriched: index % 2 == 0,
            })
            .collect()
    }

    #[test]
    fn every_recorded_preview_is_reproduced() {
        let folder = concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/../../tests/recordings/repaired"
        );
        let mut seen = 0;
        for entry in std::fs::read_dir(folder).expect("the recordings") {
            let path = entry.expect("an entry").path();
            let name = path
                .file_name()
                .and_then(|name| name.to_str())
                .unwrap_or_default()
                .to_owned();
            if !name.starts_with("batch-preview.") {
                continue;
            }
            let text = std::fs::read_to_string(&path).expect("a recording");
            let recording: Value = serde_json::from_str(&text).expect("JSON");
            let body = &recording["response"]["body"];
            let Some(count) = body["lead_count"].as_u64() else {
                continue;
            };
            let processed = |provider: &str| {
                let leads = &body["provider_breakdown"][provider]["leads_processed"];
                usize::try_from(leads.as_u64().expect("a count")).expect("a small count")
            };
            let leads = leads(
                usize::try_from(count).expect("a small count"),
                processed("hunter"),
                processed("semrush"),
            );
            let template = body["template_version"].as_str().expect("a version");
            let estimate = estimate(&Prices::default(), &leads, template, true);
            close(&body["estimated_cost_usd"], &json!(estimate.total), &name);
            close(&body["cost_breakdown"], &estimate.breakdown, &name);
            close(&body["provider_breakdown"], &estimate.providers, &name);
            seen += 1;
        }
        assert!(seen >= 9, "only {seen} recorded previews were found");
    }

    /// Equal but for the last bits of a double, which the recorded server does not round away.
    fn close(recorded: &Value, ours: &Value, name: &str) {
        match (recorded, ours) {
            (Value::Object(recorded), Value::Object(ours)) => {
                assert_eq!(recorded.len(), ours.len(), "{name}");
                for (key, value) in recorded {
                    close(value, &ours[key], &format!("{name} {key}"));
                }
            }
            _ => {
                let (recorded, ours) = (recorded.as_f64(), ours.as_f64());
                let difference = recorded
                    .zip(ours)
                    .map(|(recorded, ours)| (recorded - ours).abs());
                assert!(
                    difference.is_some_and(|by| by < 1e-9),
                    "{name}: {recorded:?} {ours:?}"
                );
            }
        }
    }

    #[test]
    fn the_estimate_is_the_sum_of_the_lead_prices() {
        let prices = Prices::default();
        for size in [1, 9, 10, 49, 50, 100, 500] {
            let leads = leads(size, size / 3, size / 2);
            let sum: f64 = leads
                .iter()
                .map(|lead| lead_price(&prices, *lead, "simple", size))
                .sum();
            assert!((sum - estimate(&prices, &leads, "simple", false).total).abs() < 1e-4);
        }
    }
}
