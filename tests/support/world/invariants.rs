//! What must hold after every message, whatever a journey is about.

use std::collections::BTreeMap;

use batch_runner::app::Effect;
use batch_runner::app::requests::Slot;
use batch_runner::domain::ledger::Outcome as LedgerOutcome;
use batch_runner::domain::plan::ClientReference;
use batch_runner::wire::ledger::read_entry;
use serde_json::Value;

use super::World;
use crate::server::Told;

impl World {
    /// INVARIANT: one POST per approved batch, its intent written down before it, and only for a price that was told
    /// for it.
    pub(super) fn check_starts(&self, effects: &[Effect]) {
        let is_start = |effect: &&Effect| matches!(effect, Effect::Send { ticket, .. } if ticket.slot == Slot::Start);
        let starts: Vec<_> = effects.iter().filter(is_start).collect();
        assert!(
            self.starts() + starts.len() <= self.approvals,
            "{} start requests after {}, approved: {}",
            starts.len(),
            self.starts(),
            self.approvals
        );
        let Some(Effect::Send { http, .. }) = starts.first() else {
            return;
        };
        let body: Value = http
            .body
            .as_deref()
            .and_then(|body| serde_json::from_str(body).ok())
            .unwrap_or_default();
        let description = body["description"].as_str().unwrap_or_default();
        let (_, reference) = ClientReference::detach(description);
        let name = |(name, _): &(&String, &String)| {
            let reference = reference.as_ref();
            reference.is_some_and(|reference| name.ends_with(&reference.0))
        };
        let entry = self.records.iter().find(name);
        assert_eq!(
            entry
                .and_then(|(_, text)| read_entry(text))
                .map(|entry| entry.outcome),
            Some(LedgerOutcome::Open),
            "the intent is written down before the POST"
        );
        let bought = Told {
            leads: serde_json::from_value(body["lead_ids"].clone()).unwrap_or_default(),
            template: body["template_version"].as_str().unwrap_or_default().into(),
            dollars: body["estimated_cost_usd"].as_f64().unwrap_or_default(),
        };
        assert!(
            self.server.told.contains(&bought),
            "approved {} leads with {} for ${}, a price that was never told for them",
            bought.leads.len(),
            bought.template,
            bought.dollars
        );
    }

    /// INVARIANT: counts of a batch never decrease.
    pub(super) fn check_counts(&mut self) {
        let shown: BTreeMap<_, _> = self
            .model
            .batches
            .shown()
            .iter()
            .map(|tracking| (tracking.batch.id.clone(), tracking.batch.counts))
            .collect();
        for (id, counts) in &shown {
            if let Some(before) = self.highest.get(id) {
                let kept = counts.processed >= before.processed
                    && counts.successful >= before.successful
                    && counts.failed >= before.failed;
                assert!(kept, "{id:?} went back from {before:?} to {counts:?}");
            }
        }
        self.highest = shown;
    }

    /// INVARIANT: a price is fresh only for exactly the present choice.
    pub(super) fn check_price(&self) {
        let view = self.model.price_view();
        let Some(quote) = view.fresh() else { return };
        let priced: Vec<_> = (quote.0.iter())
            .map(|receipt| receipt.subject.lead_ids.clone())
            .collect();
        assert_eq!(
            self.model.choice.batches(),
            priced,
            "a price of other leads"
        );
        for receipt in &quote.0 {
            assert_eq!(
                Some(&receipt.subject.template),
                self.model.compose.template.as_ref(),
                "a price of another template"
            );
        }
    }
}
