//! Batches that one approval started, followed as one.

use crate::app::progress_tracker::batches::{Batches, Tracking};
use crate::app::{Model, Shared};
use crate::domain::batch::{Batch, BatchId, BatchStatus, Counts};
use crate::domain::ledger::Outcome;
use crate::domain::money::Usd;
use crate::domain::plan::{ClientReference, Part, Plan};
use crate::domain::text::{counted, grouped, shortened};

/// What is known of the batches that one approval started, taken together.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Group {
    /// The name that they have in common.
    pub name: Option<String>,
    /// How many have started.
    pub started: u32,
    /// How many one approval was for.
    pub of: u32,
    /// Leads of those that this tab is still going to start.
    pub waiting: u32,
    /// The leads of all, with those that wait.
    pub counts: Counts,
    /// `2 running · 1 completed`.
    pub states: String,
    /// What they have cost so far, where the server tells.
    pub spent: Option<String>,
    /// What was approved for those that have started.
    pub approved: Option<String>,
    /// Why one of them has not started.
    pub trouble: Option<String>,
    pub is_ended: bool,
    pub can_cancel: bool,
}

impl Group {
    /// The common name, or how many they are.
    pub fn title(&self) -> String {
        self.name.clone().unwrap_or_else(|| self.started_words())
    }

    /// `3 batches started together`, or how far the starting has got.
    pub fn started_words(&self) -> String {
        let Self { started, of, .. } = self;
        let mut words = match started < of {
            true => format!("{started} of {of} batches started"),
            false => format!("{of} batches started together"),
        };
        if self.waiting > 0 {
            let leads = counted(self.waiting as usize, "lead");
            words += &format!(" · {leads} still to be started");
        }
        words
    }
}

impl Tracking {
    /// What it has in common with the other batches of its approval, where there are others.
    pub fn group(&self) -> Option<&str> {
        self.reference.as_ref().map(ClientReference::code)
    }

    /// Which one it is of its group, and of how many.
    pub(super) fn part(&self) -> Part {
        let part = self.reference.as_ref().and_then(ClientReference::as_part);
        part.unwrap_or(Part { number: 1, of: 1 })
    }
}

/// The reference of one batch of several, from its description.
pub(crate) fn group_reference(batch: &Batch) -> Option<ClientReference> {
    batch.reference().filter(is_shared)
}

/// One approval was for several batches.
pub(crate) fn is_shared(reference: &ClientReference) -> bool {
    reference.as_part().is_some_and(|part| part.of > 1)
}

impl Batches {
    /// The batches of a group in the order in which they were started, so that a new one pushes none away.
    pub(super) fn members(&self, code: &str) -> Vec<&Shared<Tracking>> {
        let all = self.shown().iter().rev();
        let mut members: Vec<_> = all.filter(|it| it.group() == Some(code)).collect();
        members.sort_by_key(|it| it.part().number);
        members
    }

    /// The batches of a group that have a card.
    pub fn cards(&self, code: &str) -> Vec<String> {
        let members = self.members(code).into_iter();
        members
            .filter(|it| !it.is_dismissed)
            .map(|it| it.batch.id.0.clone())
            .collect()
    }

    /// Dismisses the card of an ended batch. Its group goes on counting it, and goes with the last card.
    pub(crate) fn dismiss_card(&mut self, id: &BatchId) {
        let Some(tracking) = self.get_mut(id).filter(|it| it.batch.status.is_terminal()) else {
            return;
        };
        tracking.is_dismissed = true;
        let code = tracking.group().map(str::to_owned);
        match code {
            Some(code) if !self.cards(&code).is_empty() => {}
            Some(code) => self.forget(|it| it.group() == Some(&code)),
            None => self.forget(|it| it.batch.id == *id),
        }
    }

    /// Dismisses a group that has ended.
    pub(crate) fn dismiss_group(&mut self, code: &str) {
        let has_ended = |it: &&Shared<Tracking>| it.batch.status.is_terminal();
        if self.members(code).iter().all(has_ended) {
            self.forget(|it| it.group() == Some(code));
        }
    }
}

impl Model {
    /// What stands in the list: this person's own, newest first, then those of others as they began, so that what somebody
    /// else starts moves nothing. A batch by its identifier, and a group by its code, once.
    pub fn places(&self) -> Vec<String> {
        let shown = || self.batches.shown().iter();
        let own = shown().filter(|it| self.is_mine(&it.batch));
        let others = shown().rev().filter(|it| !self.is_mine(&it.batch));
        let mut places: Vec<String> = Vec::new();
        for tracking in own.chain(others) {
            let place = tracking.group().unwrap_or(&tracking.batch.id.0);
            if places.iter().all(|known| known != place) {
                places.push(place.to_owned());
            }
        }
        places
    }

    /// How far all that runs is together; nothing where that is one batch or none.
    pub fn running_words(&self) -> Option<String> {
        let (mut sum, mut running, mut own) = (Counts::default(), 0, 0);
        for batch in self.batches.unfinished() {
            running += 1;
            own += usize::from(self.is_mine(batch));
            sum.total += batch.counts.total;
            sum.processed += batch.counts.processed;
            sum.failed += batch.counts.failed;
        }
        let mut words = format!(
            "{running} batches run: {} of {} done",
            grouped(sum.processed.into()),
            counted(sum.total as usize, "lead")
        );
        if sum.failed > 0 {
            words += &format!(", {} failed", grouped(sum.failed.into()));
        }
        if own < running {
            words += &format!(
                ". {own} of them {} yours",
                if own == 1 { "is" } else { "are" }
            );
        }
        (running > 1).then_some(words + ".")
    }

    /// This person started it, as far as anybody can tell: what nobody claims stands among one's own.
    pub fn is_mine(&self, batch: &Batch) -> bool {
        match (&batch.created_by, self.session.person()) {
            (Some(starter), Some(person)) => starter == person,
            _ => true,
        }
    }

    /// Who started it, where that is somebody else.
    pub fn starter(&self, batch: &Batch) -> Option<String> {
        let starter = batch.created_by.clone();
        starter.filter(|_| !self.is_mine(batch))
    }

    /// The leads of a group together; every frame paints them.
    pub fn group_counts(&self, code: &str) -> Counts {
        let waiting = Counts {
            total: self.waiting(code),
            ..Counts::default()
        };
        let members = self.batches.shown().iter();
        members
            .filter(|it| it.group() == Some(code))
            .fold(waiting, |sum, it| {
                let counts = it.batch.counts;
                Counts {
                    total: sum.total + counts.total,
                    processed: sum.processed + counts.processed,
                    successful: sum.successful + counts.successful,
                    failed: sum.failed + counts.failed,
                }
            })
    }

    /// Leads of a group that this tab is still going to start batches of.
    fn waiting(&self, code: &str) -> u32 {
        let launch = &self.compose.launch;
        let run = launch.run().filter(|_| launch.is_busy());
        let plans = run.into_iter().flat_map(|run| {
            let all = std::iter::once(&run.plan).chain(&run.rest);
            all.filter(|plan| plan.reference.code() == code)
        });
        // The list may have one before its answer comes.
        let is_listed = |plan: &&Plan| {
            let shown = self.batches.shown().iter();
            let mut references = shown.map(|it| it.reference.as_ref());
            references.any(|reference| reference == Some(&plan.reference))
        };
        let plans = plans.filter(|plan| !is_listed(plan));
        plans.map(|plan| plan.subject.lead_ids.len() as u32).sum()
    }

    /// What is known of a group; nothing where none of its batches is under watch.
    pub fn group(&self, code: &str) -> Group {
        let members = self.batches.members(code);
        let Some(last) = members
            .iter()
            .map(|it| it.part())
            .max_by_key(|part| part.number)
        else {
            return Group::default();
        };
        let launches = || {
            let entries = self.ledger.entries_of(self.session.person());
            entries.filter(|entry| entry.plan.reference.code() == code)
        };
        // They are started one after the other, so the last one tells how many have.
        let launched = launches()
            .filter(|entry| entry.batch().is_some())
            .filter_map(|entry| entry.plan.reference.as_part());
        let last = launched.fold(last, |last, part| {
            if part.number > last.number {
                part
            } else {
                last
            }
        });
        let trouble = launches().find_map(|entry| {
            let number = entry.plan.reference.as_part()?.number;
            let words = match &entry.outcome {
                Outcome::Refused(why) => format!("was refused: {}", shortened(why, 240)),
                Outcome::NotConfirmed | Outcome::Several(_) => {
                    "could not be confirmed: it may run all the same.".to_owned()
                }
                _ => return None,
            };
            (number > last.number).then(|| format!("Batch {number} {words}"))
        });
        let spent: Vec<_> = members.iter().map(|it| it.batch.actual).collect();
        let approved: Vec<_> = members
            .iter()
            .map(|it| self.approved_price(&it.batch))
            .collect();
        Group {
            name: common_name(&members),
            started: last.number,
            of: last.of,
            waiting: self.waiting(code),
            counts: self.group_counts(code),
            states: states_words(&members),
            spent: sum_words(&spent),
            approved: sum_words(&approved),
            trouble,
            is_ended: members.iter().all(|it| it.batch.status.is_terminal()),
            can_cancel: members.iter().any(|it| it.can_cancel()),
        }
    }

    /// What was approved for a batch: the server's estimate, or what this browser noted.
    pub(super) fn approved_price(&self, batch: &Batch) -> Option<Usd> {
        let noted = || self.own_entry(&batch.id)?.price();
        batch.estimated.or_else(noted)
    }
}

/// The name of all that have one, without which one of how many each is.
fn common_name(members: &[&Shared<Tracking>]) -> Option<String> {
    let name = |it: &&Shared<Tracking>| {
        let Part { number, of } = it.part();
        let name = it.batch.name.as_deref()?.trim();
        let common = name.strip_suffix(&format!(" ({number} of {of})"));
        let common = common.unwrap_or(name);
        (!common.is_empty()).then(|| common.to_owned())
    };
    let mut names = members.iter().filter_map(name);
    let first = names.next()?;
    names.all(|name| name == first).then_some(first)
}

/// `2 running · 1 completed`.
fn states_words(members: &[&Shared<Tracking>]) -> String {
    let mut words = Vec::new();
    let mut tell = |status: &BatchStatus| {
        let count = members
            .iter()
            .filter(|it| it.batch.status == *status)
            .count();
        if count > 0 {
            words.push(format!("{count} {}", status.label().to_ascii_lowercase()));
        }
    };
    BatchStatus::KNOWN.iter().for_each(&mut tell);
    words.join(" · ")
}

/// `$5.00`, or how many batches the sum is of; nothing where nothing is known.
fn sum_words(amounts: &[Option<Usd>]) -> Option<String> {
    let known = amounts.iter().flatten().count();
    let sum = (amounts.iter().flatten()).fold(Usd::ZERO, |sum, amount| sum + *amount);
    match known {
        0 => None,
        _ if known == amounts.len() => Some(sum.to_string()),
        _ => Some(format!("{sum} in {known} of {} batches", amounts.len())),
    }
}
