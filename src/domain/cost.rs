//! What the server says a batch will cost.

use std::rc::Rc;

use super::lead::LeadId;
use super::money::Usd;
use super::template::TemplateVersion;

/// The server's answer to a preview, bound to the question that was asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Receipt {
    /// What was asked about; a receipt for anything else than the present choice is stale.
    pub subject: PriceSubject,
    pub total: Usd,
    pub per_lead: Option<Usd>,
    /// The steps of the calculation, in the server's own order.
    pub breakdown: Vec<CostLine>,
    pub providers: Vec<ProviderCost>,
    /// The server's guess, in whole minutes.
    pub duration_minutes: Option<u32>,
    /// `None` where the server did not say.
    pub within_budget: Option<bool>,
    /// The server's own words.
    pub budget_warning: Option<String>,
    pub accuracy_note: Option<String>,
    /// Chosen leads that the server does not know any more.
    pub unknown_leads: Vec<LeadId>,
}

/// What everything that is chosen costs: one receipt for each batch that it makes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Quote(pub Vec<Rc<Receipt>>);

impl Quote {
    /// All batches together.
    pub fn total(&self) -> Usd {
        self.0.iter().fold(Usd::ZERO, |sum, one| sum + one.total)
    }

    /// Leads that were asked about.
    pub fn leads(&self) -> usize {
        self.0.iter().map(|one| one.subject.lead_ids.len()).sum()
    }

    /// Leads that the server does not know any more.
    pub fn unknown_leads(&self) -> impl Iterator<Item = &LeadId> {
        self.0.iter().flat_map(|one| &one.unknown_leads)
    }

    /// Leads that will be reported on.
    pub fn known_leads(&self) -> usize {
        self.0.iter().map(|one| one.leads()).sum()
    }

    /// The server says that a batch does not fit into the budget.
    pub fn is_over_budget(&self) -> bool {
        self.0.iter().any(|one| one.within_budget == Some(false))
    }

    /// The server's own words on the budget, each once.
    pub fn warnings(&self) -> Vec<&str> {
        let mut warnings = Vec::new();
        for words in self
            .0
            .iter()
            .filter_map(|one| one.budget_warning.as_deref())
        {
            if !warnings.contains(&words) {
                warnings.push(words);
            }
        }
        warnings
    }
}

/// What a price was asked for: sorted lead identifiers and the template version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PriceSubject {
    pub lead_ids: Vec<LeadId>,
    pub template: TemplateVersion,
}

impl PriceSubject {
    /// Sorts and removes repeats, so that equal choices are equal subjects.
    pub fn new(ids: impl IntoIterator<Item = LeadId>, template: TemplateVersion) -> Self {
        let mut lead_ids: Vec<LeadId> = Vec::new();
        for id in ids {
            // Choices come in order, so this is an append almost always.
            if lead_ids.last().is_none_or(|last| *last < id) {
                lead_ids.push(id);
            } else if let Err(place) = lead_ids.binary_search(&id) {
                lead_ids.insert(place, id);
            }
        }
        Self { lead_ids, template }
    }
}

/// One step of the calculation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CostLine {
    pub label: &'static str,
    pub amount: Usd,
}

impl CostLine {
    /// The label of the reports themselves.
    pub const REPORTS: &'static str = "Reports";
    /// The label of what the data providers take.
    pub const PROVIDERS: &'static str = "Data providers";
    /// The label of what is taken off for many leads; the amount is negative.
    pub const DISCOUNT: &'static str = "Volume discount";
    /// The label of what is added to the undiscounted sum of the two first.
    pub const OVERHEAD: &'static str = "Overhead";
    /// The label of the sum.
    pub const TOTAL: &'static str = "Total";
}

impl Receipt {
    /// How many leads the price is for: those that the server knows.
    pub fn leads(&self) -> usize {
        let asked = self.subject.lead_ids.len();
        asked.saturating_sub(self.unknown_leads.len())
    }

    /// One step of the calculation by its label; `None` where the server did not tell it.
    pub fn step(&self, label: &str) -> Option<Usd> {
        let line = self.breakdown.iter().find(|line| line.label == label);
        line.map(|line| line.amount)
    }
}

/// What one data provider takes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProviderCost {
    pub provider: String,
    pub leads: u32,
    pub each: Usd,
    pub total: Usd,
}

/// The largest number of leads that the server takes in one batch.
pub const MAX_LEADS: usize = 1_000;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_choice_in_another_order_is_the_same_subject() {
        let id = |id: &str| LeadId(id.into());
        let version = || TemplateVersion("v1".into());
        let a = PriceSubject::new([id("b"), id("a"), id("b")], version());
        assert_eq!(a, PriceSubject::new([id("a"), id("b")], version()));
    }
}
