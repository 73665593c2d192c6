//! Leads that are left out when many are chosen at once: those that this browser's ledger of launches knows to have been
//! reported with the chosen template, and those in a batch that runs now.

use crate::app::Model;
use crate::domain::lead::LeadId;

/// Leads that are left out, in ascending order of their identifiers, each with the reason.
pub type Marks = Vec<(LeadId, &'static str)>;

/// The reason of a lead, if it is left out.
pub fn reason(marks: &Marks, id: &LeadId) -> Option<&'static str> {
    let found = marks.binary_search_by(|(known, _)| known.cmp(id)).ok()?;
    marks.get(found).map(|(_, reason)| *reason)
}

impl Model {
    /// The leads that the present filters leave out.
    pub fn left_out(&self) -> Marks {
        let query = &self.route.leads;
        let template = self.compose.template.as_ref();
        let mut marks = Marks::new();
        for entry in self.ledger.entries() {
            let Some(batch) = entry.batch() else { continue };
            let tracked = self.batches.get(batch);
            let runs = tracked.is_some_and(|tracked| !tracked.batch.status.is_terminal());
            let reason = if query.not_running && runs {
                "In a running batch"
            } else if query.not_reported && Some(&entry.plan.subject.template) == template {
                "Reported already"
            } else {
                continue;
            };
            marks.extend(
                entry
                    .plan
                    .subject
                    .lead_ids
                    .iter()
                    .map(|id| (id.clone(), reason)),
            );
        }
        marks.sort_unstable();
        marks.dedup_by(|one, other| one.0 == other.0);
        marks
    }
}
