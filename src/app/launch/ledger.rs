//! The ledger of launches: written with every step of a launch, held against what the server lists, handed out as
//! receipts.

use crate::app::effect::Effect;
use crate::app::notifications::messages::Tone;
use crate::app::{Ctx, Model};
use crate::domain::batch::{Batch, BatchId};
use crate::domain::ledger::{Entry, Outcome, Told, prune};
use crate::domain::plan::{ClientReference, Plan};
use crate::domain::template::{LastUse, Template};
use crate::domain::text::counted;
use crate::wire::ledger::{self, write_entry};

/// Launches of this browser.
#[derive(Debug, Default)]
pub struct Ledger {
    /// Newest first.
    pub(super) entries: Vec<Entry>,
    /// What earlier versions kept, until the records have been read.
    pub(super) earlier: Vec<Entry>,
    /// The names of all records that this tab knows of, those among them that it cannot read.
    pub(super) names: Vec<String>,
    /// The names of those among them that it has read.
    pub(super) read: Vec<String>,
    /// Records that were there at the last reading, and could not be read.
    pub(super) unread: Vec<String>,
    /// Those that it knew of when a person approved last.
    names_at_approval: Vec<String>,
    /// Open entries whose locks are waited for.
    pub(super) awaited: Vec<String>,
    /// So many readings are under way.
    pub(super) readings: u32,
}

/// What the browser's database has of the ledger.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Records {
    /// Read before the texts.
    pub names: Vec<String>,
    pub texts: Vec<String>,
}

/// A form in which receipts are handed out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Receipts {
    Csv,
    Json,
}

impl Ledger {
    /// What is written there is being read.
    pub(crate) fn is_behind(&self) -> bool {
        self.readings > 0
    }

    /// An approval of these leads with this template is among the records, and cannot be read.
    pub(crate) fn has_unread(&self, plan: &Plan) -> bool {
        let alike = plan.records();
        self.unread.iter().any(|name| name.starts_with(&alike))
    }

    /// Of everybody who signed in at this browser, newest first.
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// Those of this person, newest first.
    pub fn entries_of(&self, person: Option<&str>) -> impl Iterator<Item = &Entry> {
        self.entries.iter().filter(move |entry| entry.is_of(person))
    }

    /// The launch of this batch.
    pub fn of_batch(&self, id: &BatchId) -> Option<&Entry> {
        self.entries.iter().find(|entry| entry.batch() == Some(id))
    }

    /// What this person approved last.
    pub fn last_use(&self, person: Option<&str>) -> Option<LastUse> {
        let entry = self.entries_of(person).find(|entry| entry.may_cost())?;
        Some(LastUse {
            version: entry.plan.subject.template.clone(),
            mark: entry.template_mark.clone(),
            at: entry.approved,
            leads: entry.plan.subject.lead_ids.len(),
        })
    }

    /// This batch came of an approval in this browser, whether or not that is certain yet.
    pub(crate) fn has_approved(&self, batch: &Batch) -> bool {
        self.of_batch(&batch.id).is_some()
            || batch
                .reference()
                .is_some_and(|it| self.place_of(&it).is_some())
    }

    pub(super) fn place_of(&self, reference: &ClientReference) -> Option<usize> {
        (self.entries.iter()).position(|entry| entry.plan.reference == *reference)
    }
}

impl Model {
    /// The launch of this batch, where the person who is signed in launched it here.
    pub(crate) fn own_entry(&self, id: &BatchId) -> Option<&Entry> {
        let person = self.session.person();
        self.ledger.of_batch(id).filter(|entry| entry.is_of(person))
    }

    /// A person approves what is under review: what others have bought by now is known, and was told where it mattered.
    pub(crate) fn note_knowledge(&mut self) {
        let ledger = &mut *self.ledger;
        ledger.names_at_approval.clone_from(&ledger.names);
    }

    /// An approval, before it is sent: its entry, to be written down under its lock.
    pub(crate) fn note_approval(&mut self, plan: &Plan, ctx: &mut Ctx) {
        let told = self.compose.quote.as_ref().map(|quote| {
            let receipt = quote
                .0
                .iter()
                .find(|receipt| receipt.subject == plan.subject);
            let expected = receipt.and_then(|receipt| self.expected_of(receipt));
            Told {
                expected: expected.map(|expected| (expected.low, expected.high)),
                warning: receipt.and_then(|receipt| receipt.budget_warning.clone()),
            }
        });
        let entry = Entry {
            enriched: self.enriched_among(&plan.subject.lead_ids),
            plan: plan.clone(),
            approved: ctx.now,
            told: Some(told.unwrap_or_default()),
            template_mark: self.compose.chosen_template().and_then(Template::mark),
            outcome: Outcome::Open,
            end: None,
            rerun_of: self.choice.rerun_of(&plan.subject.lead_ids),
        };
        let alike = plan.records();
        let known = self.ledger.names_at_approval.iter();
        let known = known.filter(|name| name.starts_with(&alike));
        ctx.emit(Effect::Secure {
            lock: plan.lock(),
            record: plan.record(),
            text: write_entry(&entry),
            known: known.cloned().collect(),
            alike,
        });
        note_name(&mut self.ledger.names, plan.record());
        self.ledger.entries.insert(0, entry);
        for gone in prune(&mut self.ledger.entries) {
            ctx.emit(Effect::Record(gone, None));
        }
    }

    /// What was approved is not sent after all: it leaves no trace.
    pub(crate) fn take_back(&mut self, plan: &Plan, ctx: &mut Ctx) {
        self.forget_entry(plan);
        ctx.emit(Effect::Record(plan.record(), None));
        self.unlock(plan, ctx);
    }

    /// Gives the lock of a plan back, unless an open entry of the same leads waits here to be looked for under it.
    fn unlock(&self, plan: &Plan, ctx: &mut Ctx) {
        let lock = plan.lock();
        let waiting = &self.compose.recovered;
        if waiting.iter().all(|(other, _)| other.lock() != lock) {
            ctx.emit(Effect::Unlock(lock));
        }
    }

    /// The newest entry of a plan that came to nothing.
    pub(crate) fn forget_entry(&mut self, plan: &Plan) {
        if let Some(place) = self.ledger.place_of(&plan.reference) {
            self.ledger.entries.remove(place);
        }
    }

    /// What became of a plan.
    pub(crate) fn settle(&mut self, plan: &Plan, outcome: Outcome, ctx: &mut Ctx) {
        if let Some(place) = self.ledger.place_of(&plan.reference) {
            let entry = &mut self.ledger.entries[place];
            entry.outcome = outcome;
            write(entry, ctx);
        }
        self.unlock(plan, ctx);
    }

    /// The newest batches: one that was not confirmed may be among them after all.
    pub(crate) fn ledger_listed(&mut self, batches: &[Batch], ctx: &mut Ctx) {
        for batch in batches {
            let place = batch
                .reference()
                .and_then(|reference| self.ledger.place_of(&reference));
            // What another person lost waits for that person.
            let person = self.session.person();
            let lost = |place: &usize| {
                let entry = &self.ledger.entries[*place];
                // Who told that it was refused may have told it of a request that was handed on.
                let is_lost = matches!(entry.outcome, Outcome::NotConfirmed | Outcome::Refused(_));
                is_lost && entry.is_of(person)
            };
            if let Some(place) = place.filter(lost) {
                let entry = &mut self.ledger.entries[place];
                entry.outcome = Outcome::Started {
                    batch: batch.id.clone(),
                    adopted: true,
                };
                write(entry, ctx);
                let leads = counted(entry.plan.subject.lead_ids.len(), "lead");
                let words = format!(
                    "The batch with {leads} that seemed not to have started did start after all: it is batch {}.",
                    batch.id.short()
                );
                self.toast(Tone::Bad, words, ctx);
            }
            self.note_end(batch, ctx);
        }
    }

    /// A batch may have ended.
    pub(crate) fn note_end(&mut self, batch: &Batch, ctx: &mut Ctx) {
        let of_batch = |entry: &Entry| entry.batch() == Some(&batch.id);
        let place = self.ledger.entries.iter().position(of_batch);
        let Some(place) = place.filter(|_| batch.status.is_terminal()) else {
            return;
        };
        // Copied, because looking at it must not count as a change.
        let mut entry = self.ledger.entries[place].clone();
        if entry.note_end(batch) {
            write(&entry, ctx);
            self.ledger.entries[place] = entry;
        }
    }

    /// All receipts of this person as a file.
    pub(crate) fn receipts_asked(&self, form: Receipts, ctx: &mut Ctx) {
        let entries = self.ledger.entries_of(self.session.person());
        let entries: Vec<_> = entries.cloned().collect();
        let (name, mime, text) = match form {
            Receipts::Csv => ("receipts.csv", "text/csv", ledger::receipts_csv(&entries)),
            Receipts::Json => (
                "receipts.json",
                "application/json",
                ledger::receipts_json(&entries),
            ),
        };
        ctx.emit(Effect::Download { name, mime, text });
    }
}

/// Adds a name that is not there yet; says whether it was not.
pub(super) fn note_name(names: &mut Vec<String>, name: String) -> bool {
    let is_new = !names.contains(&name);
    if is_new {
        names.push(name);
    }
    is_new
}

pub(super) fn write(entry: &Entry, ctx: &mut Ctx) {
    ctx.emit(Effect::Record(
        entry.plan.record(),
        Some(write_entry(entry)),
    ));
}
