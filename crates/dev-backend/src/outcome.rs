//! What becomes of one lead: how long it takes, what it costs, and whether and why it fails.
//!
//! Drawn from a generator that depends on the seed, the batch and the lead only, so that a batch
//! which a killed server takes up again ends as it would have.

use crate::cost::{self, LeadFacts, Prices};
use crate::random::Random;

/// The circumstances that all leads of a batch share.
#[derive(Debug, Clone, Copy)]
pub struct Plan<'a> {
    /// The server's seed.
    pub seed: u64,
    /// The batch.
    pub batch_id: &'a str,
    /// Decides the complexity.
    pub template_version: &'a str,
    /// Decides the discount.
    pub batch_size: usize,
    /// Further attempts after a first failure that may pass; 0 when failed leads are not retried.
    pub retries: i64,
}

/// The recorded server's ways, where they differ.
#[derive(Debug, Clone, Copy)]
pub struct Rules {
    /// Quirk `flat_actual_cost`.
    pub flat_cost: bool,
    /// Quirk `instant_reports`.
    pub instant: bool,
    /// Quirk `only_deleted_leads_fail`.
    pub never_fails: bool,
}

/// What became of a lead.
#[derive(Debug, Clone, PartialEq)]
pub struct Outcome {
    /// Attempts made, the last one included.
    pub attempts: i64,
    /// Milliseconds of all attempts at speed 1.
    pub duration_ms: i64,
    /// Millionths of a dollar. Failures cost what was bought before they happened.
    pub cost: i64,
    /// Code and message of the failure, if it failed.
    pub failure: Option<(&'static str, String)>,
}

/// Decides the outcome of a lead.
pub fn draw(
    plan: &Plan<'_>,
    prices: &Prices,
    lead_id: &str,
    lead: LeadFacts,
    rules: Rules,
) -> Outcome {
    let mut random = Random::for_parts(plan.seed, &[plan.batch_id, lead_id]);
    let price = if rules.flat_cost {
        cost::flat_lead_price(lead)
    } else {
        // Real bills differ a little from the price list, and are a little lower on average.
        let noise = (0.98 + 0.07 * random.normal()).clamp(0.75, 1.25);
        cost::lead_price(prices, lead, plan.template_version, plan.batch_size) * noise
    };
    // Whole hundredths of a cent.
    let price = cost::micros(price) / 100 * 100;
    let took = |random: &mut Random| -> i64 {
        if rules.instant {
            100 + i64::try_from(random.below(10)).unwrap_or(0)
        } else {
            // Log-normal around 0.85 s.
            let seconds = (0.85 * (0.5 * random.normal()).exp()).clamp(0.3, 3.0);
            // Between 300 and 3000.
            #[allow(clippy::cast_possible_truncation)]
            let millis = (seconds * 1000.0) as i64;
            millis
        }
    };
    let mut duration_ms = took(&mut random);
    let success = |attempts, duration_ms| Outcome {
        attempts,
        duration_ms,
        cost: price,
        failure: None,
    };
    if rules.never_fails {
        return success(1, duration_ms);
    }
    let share = |part: f64| -> i64 {
        #[allow(clippy::cast_precision_loss)]
        let micros = price as f64 * part;
        cost::micros(micros / 1e6) / 100 * 100
    };
    if let Some((failure, bought)) = permanent_failure(&mut random, lead_id, lead) {
        return Outcome {
            attempts: 1,
            duration_ms,
            cost: share(bought),
            failure: Some(failure),
        };
    }
    // Some providers are down for the whole batch, others only for a moment.
    let lasting = random.chance(0.012);
    let stumbles = lasting || random.chance(0.05);
    if !stumbles {
        return success(1, duration_ms);
    }
    let mut attempts = 1;
    while attempts <= plan.retries {
        attempts += 1;
        duration_ms += took(&mut random);
        if !lasting && random.chance(0.8) {
            return success(attempts, duration_ms);
        }
    }
    let failure = passing_failure(&mut random, lead_id, attempts);
    Outcome {
        attempts,
        duration_ms,
        cost: share(0.35),
        failure: Some(failure),
    }
}

/// Where the finished report of a lead can be read.
pub fn report_url(batch_id: &str, lead_id: &str) -> String {
    format!("/reports/{batch_id}/{lead_id}.pdf")
}

/// A failure that no retry mends, and the share of the price that was spent before it.
fn permanent_failure(
    random: &mut Random,
    lead_id: &str,
    lead: LeadFacts,
) -> Option<((&'static str, String), f64)> {
    let short = lead_id.get(..8).unwrap_or(lead_id);
    let roll = random.unit();
    if !lead.has_domain && roll < 0.10 {
        let message = format!(
            "No website found for lead {short} after {} searches",
            2 + random.below(4)
        );
        return Some((("NO_WEBSITE", message), 0.2));
    }
    if lead.has_domain && roll < 0.009 {
        let message = format!(
            "Domain of lead {short} does not resolve (NXDOMAIN, {} ms)",
            20 + random.below(900)
        );
        return Some((("BAD_DOMAIN", message), 0.15));
    }
    if roll > 0.992 {
        let message = format!(
            "The language model refused the report of lead {short} (request req_{:08x})",
            random.bits() >> 32
        );
        return Some((("LLM_REFUSED", message), 0.8));
    }
    None
}

/// A failure that might have passed with more retries.
fn passing_failure(random: &mut Random, lead_id: &str, attempts: i64) -> (&'static str, String) {
    let short = lead_id.get(..8).unwrap_or(lead_id);
    let provider = random.pick(&["openai", "semrush", "pagespeed", "dataaxle", "hunter"]);
    if random.chance(0.6) {
        let seconds = random.pick(&[10, 15, 30]);
        (
            "PROVIDER_TIMEOUT",
            format!(
                "{provider} did not answer for lead {short} within {seconds}s (attempt {attempts})"
            ),
        )
    } else {
        let wait = 1 + random.below(60);
        (
            "RATE_LIMITED",
            format!(
                "{provider} rate limit reached for lead {short}, retry after {wait}s (attempt {attempts})"
            ),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RULES: Rules = Rules {
        flat_cost: false,
        instant: false,
        never_fails: false,
    };

    fn plan(retries: i64) -> Plan<'static> {
        Plan {
            seed: 1,
            batch_id: "batch",
            template_version: "v1",
            batch_size: 100,
            retries,
        }
    }

    fn outcomes(retries: i64) -> Vec<Outcome> {
        let mut random = Random::seeded(3);
        (0..4000)
            .map(|index| {
                let lead = LeadFacts {
                    has_email: true,
                    has_domain: index % 12 != 0,
                    is_enriched: index % 2 == 0,
                };
                draw(
                    &plan(retries),
                    &Prices::default(),
                    &random.uuid(),
                    lead,
                    RULES,
                )
            })
            .collect()
    }

    #[test]
    fn about_four_percent_fail_of_every_cause_and_more_without_retries() {
        let failures: Vec<_> = outcomes(3)
            .into_iter()
            .filter_map(|outcome| outcome.failure)
            .collect();
        assert!((100..240).contains(&failures.len()), "{}", failures.len());
        for code in [
            "PROVIDER_TIMEOUT",
            "RATE_LIMITED",
            "NO_WEBSITE",
            "BAD_DOMAIN",
            "LLM_REFUSED",
        ] {
            assert!(failures.iter().any(|(found, _)| *found == code), "{code}");
        }
        let without = outcomes(0)
            .iter()
            .filter(|outcome| outcome.failure.is_some())
            .count();
        assert!(without > failures.len() + 80);
    }

    #[test]
    fn durations_and_costs_stay_in_their_bounds() {
        for outcome in outcomes(3) {
            assert!((300..=12_000).contains(&outcome.duration_ms));
            assert!(outcome.cost > 0 && outcome.cost % 100 == 0);
            assert!(outcome.attempts == 1 || outcome.duration_ms >= 600);
        }
    }
}
