//! Batches that ran the same leads again: which belong together, and the best that came of each lead.

use super::batch::BatchId;
use super::lead::LeadId;
use super::ledger::Entry;
use super::outcomes::LeadOutcome;

/// One of several batches that ran the same leads.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Attempt<'a> {
    pub batch: &'a BatchId,
    /// Nothing where the first batch was started elsewhere.
    pub entry: Option<&'a Entry>,
}

/// The batch, what it was a rerun of, and the reruns of all of these, oldest first.
pub fn attempts<'a>(entries: &[&'a Entry], batch: &'a BatchId) -> Vec<Attempt<'a>> {
    let of_batch = |id: &BatchId| {
        let mut all = entries.iter().copied();
        all.find(|entry| entry.batch() == Some(id))
    };
    let mut first = batch;
    // No chain is longer than the ledger, even where spoilt records go round in a circle.
    for _ in 0..entries.len() {
        match of_batch(first).and_then(|entry| entry.rerun_of.as_ref()) {
            Some(before) => first = before,
            None => break,
        }
    }
    let mut all = vec![Attempt {
        batch: first,
        entry: of_batch(first),
    }];
    let mut later: Vec<_> = (entries.iter().copied())
        .filter(|entry| entry.rerun_of.is_some())
        .collect();
    later.sort_by_key(|entry| entry.approved);
    for entry in later {
        let is_of_them = |id: &BatchId| all.iter().any(|attempt| attempt.batch == id);
        if let (Some(id), Some(before)) = (entry.batch(), &entry.rerun_of)
            && is_of_them(before)
            && !is_of_them(id)
        {
            all.push(Attempt {
                batch: id,
                entry: Some(entry),
            });
        }
    }
    all
}

/// The best that came of one lead, and in which batch.
#[derive(Clone, Debug, PartialEq)]
pub struct BestOutcome {
    pub outcome: LeadOutcome,
    pub batch: BatchId,
}

/// The best outcome of each lead over several attempts, oldest first; of equals the newest. Leads are in the order in
/// which they come up.
pub fn best_outcomes(attempts: Vec<(BatchId, Vec<LeadOutcome>)>) -> Vec<BestOutcome> {
    let mut best: Vec<BestOutcome> = Vec::new();
    // Places in `best`, in ascending order of the leads.
    let mut places: Vec<usize> = Vec::new();
    for (batch, outcomes) in attempts {
        for outcome in outcomes {
            let lead: &LeadId = &outcome.lead;
            let found = places.binary_search_by(|place| best[*place].outcome.lead.cmp(lead));
            let new = BestOutcome {
                outcome,
                batch: batch.clone(),
            };
            match found {
                Ok(found) => {
                    let known = &mut best[places[found]];
                    if new.outcome.standing >= known.outcome.standing {
                        *known = new;
                    }
                }
                Err(found) => {
                    places.insert(found, best.len());
                    best.push(new);
                }
            }
        }
    }
    best
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::cost::PriceSubject;
    use crate::domain::ledger::Outcome;
    use crate::domain::money::Usd;
    use crate::domain::outcomes::Standing;
    use crate::domain::plan::{ClientReference, Plan};
    use crate::domain::template::TemplateVersion;
    use crate::domain::time::Millis;

    fn id(name: &str) -> BatchId {
        BatchId(name.into())
    }

    fn entry(batch: &str, rerun_of: Option<&str>, approved: i64) -> Entry {
        Entry {
            plan: Plan {
                subject: PriceSubject::new([LeadId("a".into())], TemplateVersion("v1".into())),
                price: Usd::ZERO,
                name: None,
                description: None,
                max_concurrent: 5,
                retry_count: 3,
                created_by: None,
                reference: ClientReference(batch.into()),
            },
            approved: Millis(approved),
            told: None,
            enriched: None,
            template_mark: None,
            outcome: Outcome::Started {
                batch: id(batch),
                adopted: false,
            },
            end: None,
            rerun_of: rerun_of.map(id),
        }
    }

    /// Prevents: attempts that do not belong together, or a page that hangs in a circle of spoilt records.
    #[test]
    fn attempts_are_found_from_each_of_them_oldest_first() {
        let entries = [
            entry("fourth", Some("second"), 4),
            entry("third", Some("first"), 3),
            entry("other", None, 2),
            entry("second", Some("first"), 1),
            entry("first", None, 0),
            entry("x", Some("y"), 5),
            entry("y", Some("x"), 6),
            entry("again", Some("elsewhere"), 7),
        ];
        let found = |batch: &str| -> Vec<String> {
            let batch = id(batch);
            let all = attempts(&entries.each_ref(), &batch);
            all.iter().map(|attempt| attempt.batch.0.clone()).collect()
        };
        for batch in ["first", "second", "third", "fourth"] {
            assert_eq!(
                found(batch),
                ["first", "second", "third", "fourth"],
                "{batch}"
            );
        }
        assert_eq!(found("other"), ["other"]);
        assert_eq!(found("again"), ["elsewhere", "again"]);
        assert_eq!(found("never seen"), ["never seen"]);
        assert_eq!(found("x").len(), 2);
    }

    /// Prevents: a lead that was done at the first attempt counts as failed because of a later one, or as unknown.
    #[test]
    fn the_best_of_each_lead_stands() {
        let outcome = |lead: &str, standing| LeadOutcome {
            lead: LeadId(lead.into()),
            standing,
            error: None,
            cost: None,
            report_url: None,
        };
        let best = best_outcomes(vec![
            (
                id("1"),
                vec![
                    outcome("d", Standing::Completed),
                    outcome("b", Standing::Failed),
                    outcome("a", Standing::Failed),
                    outcome("c", Standing::NotStarted),
                ],
            ),
            (
                id("2"),
                vec![
                    outcome("a", Standing::Failed),
                    outcome("b", Standing::Completed),
                    outcome("c", Standing::Unknown),
                    outcome("d", Standing::Failed),
                    outcome("e", Standing::Waiting),
                ],
            ),
        ]);
        let told: Vec<_> = (best.iter())
            .map(|it| {
                (
                    it.outcome.lead.0.as_str(),
                    it.outcome.standing,
                    it.batch.0.as_str(),
                )
            })
            .collect();
        assert_eq!(
            told,
            [
                ("d", Standing::Completed, "1"),
                ("b", Standing::Completed, "2"),
                ("a", Standing::Failed, "2"),
                ("c", Standing::NotStarted, "1"),
                ("e", Standing::Waiting, "2"),
            ]
        );
    }
}
