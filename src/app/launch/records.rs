//! The records behind the ledger: read at the start and after other tabs wrote, and taken over where they are open.

use crate::app::effect::{Effect, StoreKey};
use crate::app::launch::ledger::{Records, note_name, write};
use crate::app::message::StartFacts;
use crate::app::parts::Task;
use crate::app::{Ctx, Model};
use crate::domain::ledger::{Entry, Outcome, prune};
use crate::wire::ledger::{read_earlier, read_entry};

impl Model {
    /// Takes over what earlier versions kept; it is forgotten there once it is among the records.
    pub(crate) fn restore_ledger(&mut self, facts: &StartFacts, ctx: &mut Ctx) {
        self.ledger.earlier = read_earlier(facts.journal.as_deref(), facts.ledger.as_deref());
        for entry in &self.ledger.earlier {
            write(entry, ctx);
        }
        self.read_records(ctx);
    }

    /// The page has just been opened, or another tab has written something.
    pub(crate) fn read_records(&mut self, ctx: &mut Ctx) {
        self.ledger.readings += 1;
        ctx.emit(Effect::ReadRecords);
    }

    /// The records of this browser were read. What is open among them is looked for, once no other tab is at it.
    pub(crate) fn records_read(&mut self, records: Records, ctx: &mut Ctx) {
        let ledger = &mut *self.ledger;
        ledger.readings = ledger.readings.saturating_sub(1);
        let earlier = std::mem::take(&mut ledger.earlier);
        let texts = records.texts.iter();
        let read: Vec<_> = texts.filter_map(|text| read_entry(text)).collect();
        for entry in &read {
            note_name(&mut ledger.read, entry.plan.record());
        }
        let is_known = |name: &String| {
            let mut known = ledger.entries.iter();
            ledger.read.contains(name) || known.any(|entry| entry.plan.record() == *name)
        };
        let unread = records.names.iter().filter(|name| !is_known(name));
        ledger.unread = unread.cloned().collect();
        // Names are not forgotten: a record that is gone by now was told of, too.
        for name in records.names.into_iter().chain(ledger.read.iter().cloned()) {
            note_name(&mut ledger.names, name);
        }
        let is_kept = |entry: &Entry| {
            read.iter()
                .any(|one| one.plan.reference == entry.plan.reference)
        };
        if !earlier.is_empty() && earlier.iter().all(is_kept) {
            for key in [StoreKey::Journal, StoreKey::Ledger] {
                ctx.emit(Effect::Store(key, None));
            }
        }
        for entry in read.into_iter().chain(earlier) {
            match ledger.place_of(&entry.plan.reference) {
                None => ledger.entries.push(entry),
                // Another tab has come further with it; what this tab knows better is newer than its record.
                Some(place) if ledger.entries[place].outcome == Outcome::Open => {
                    ledger.entries[place] = entry;
                }
                Some(_) => {}
            }
        }
        for gone in prune(&mut ledger.entries) {
            ctx.emit(Effect::Record(gone, None));
        }
        self.tell_history(Task::AttemptsChanged, ctx);
        self.await_open_entries(ctx);
    }

    /// It is known who is signed in: what this person has left open or lost is looked for.
    pub(crate) fn launches_of_person(&mut self, is_other: bool, ctx: &mut Ctx) {
        let person = self.session.person();
        let is_lost = |entry: &Entry| entry.outcome == Outcome::NotConfirmed;
        if is_other || self.ledger.entries_of(person).any(is_lost) {
            self.read_batch_list(ctx);
        }
        self.await_open_entries(ctx);
    }

    /// What this person has left open is looked for, once no other tab is at it. What another person left open waits
    /// for that person.
    pub(crate) fn await_open_entries(&mut self, ctx: &mut Ctx) {
        let run = self.compose.launch.run();
        let under_way = run.map(|run| run.plan.record());
        let person = self.session.person();
        let is_open = |entry: &&Entry| entry.outcome == Outcome::Open;
        let open = self.ledger.entries_of(person).filter(is_open);
        let open: Vec<_> = open
            .map(|entry| (entry.plan.lock(), entry.plan.record()))
            .collect();
        for (lock, record) in open.into_iter().rev() {
            let is_new = Some(&record) != under_way.as_ref();
            if is_new && note_name(&mut self.ledger.awaited, record.clone()) {
                ctx.emit(Effect::AwaitLock { lock, record });
            }
        }
    }

    /// The lock of an open entry is this tab's now; `record` is the entry as it stands by now. Where that cannot be read,
    /// or was never written, what this tab knows is all there is; what is gone was taken back by the tab that had it.
    pub(crate) fn lock_granted(
        &mut self,
        record: Result<Option<String>, &str>,
        name: &str,
        lock: String,
        ctx: &mut Ctx,
    ) {
        self.ledger.awaited.retain(|awaited| awaited != name);
        let known = |entry: &&Entry| entry.plan.record() == name;
        let known = self.ledger.entries.iter().find(known).cloned();
        let was_read = self.ledger.read.iter().any(|read| read == name);
        let entry = match record {
            Ok(Some(text)) => read_entry(&text),
            Ok(None) if was_read => {
                known.inspect(|gone| self.forget_entry(&gone.plan));
                None
            }
            Ok(None) | Err(_) => known,
        };
        let is_ours = |entry: &Entry| entry.is_of(self.session.person());
        let Some(entry) = entry.filter(is_ours) else {
            return ctx.emit(Effect::Unlock(lock));
        };
        let (plan, approved, outcome) = (entry.plan.clone(), entry.approved, entry.outcome.clone());
        let ledger = &mut *self.ledger;
        match ledger.place_of(&entry.plan.reference) {
            Some(place) => ledger.entries[place] = entry,
            None => ledger.entries.insert(0, entry),
        }
        if outcome == Outcome::Open {
            self.compose.recovered.push((plan, approved));
            self.resume_launch(ctx);
        } else {
            ctx.emit(Effect::Unlock(lock));
        }
    }
}
