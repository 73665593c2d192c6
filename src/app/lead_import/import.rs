//! Bringing a list: what was pasted is matched with the server's leads, told line by line, and added to the choice.
//!
//! A few lines are looked up one by one. For more, all leads are read once, in runs of 1,000 in the order of their
//! identifiers, and compared here: that is fewer requests, and the server's search takes `_` for any letter anyway.

use crate::app::notifications::messages::Tone;
use crate::app::requests::{Slot, unexpected};
use crate::app::{Ctx, Model};
use crate::domain::lead::{LeadFilter, LeadId, LeadPage, LeadRun, LeadSort, RUN_MAX};
use crate::domain::list::{Fate, List, likely_column, table};
use crate::domain::selection::Origin;
use crate::domain::text::counted;
use crate::error::{Error, Kind};
use crate::wire::rest::{Reply, Request};

/// So many lines are looked up one by one.
const SEARCHED_UP_TO: usize = 20;

/// A list that is being imported.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Bring {
    pub text: String,
    pub table: Vec<Vec<String>>,
    pub column: usize,
    pub stage: Stage,
}

/// How far it has come.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Stage {
    #[default]
    Editing,
    Reading(Box<Lookup>),
    Done(List),
}

/// Lines that are being looked up.
#[derive(Clone, Debug, PartialEq)]
pub struct Lookup {
    list: List,
    /// What is read next.
    run: LeadRun,
    /// Places of the lines that are still to be searched for one by one; empty where all leads are read.
    searches: Vec<usize>,
    pub done: u32,
    pub total: u32,
    pub error: Option<String>,
}

impl Model {
    pub(crate) fn bring_opened(&mut self, open: bool, ctx: &mut Ctx) {
        self.abort(&Slot::Bring, ctx);
        self.choice.bring = open.then(Bring::default);
    }

    pub(crate) fn list_typed(&mut self, text: String, ctx: &mut Ctx) {
        self.abort(&Slot::Bring, ctx);
        let table = table(&text);
        self.choice.bring = Some(Bring {
            column: likely_column(&table),
            text,
            table,
            stage: Stage::Editing,
        });
    }

    pub(crate) fn column_chosen(&mut self, column: usize, ctx: &mut Ctx) {
        self.abort(&Slot::Bring, ctx);
        if let Some(bring) = &mut self.choice.bring {
            bring.column = column;
            bring.stage = Stage::Editing;
        }
    }

    /// Back to the text, with nothing looked up.
    pub(crate) fn lookup_stopped(&mut self, ctx: &mut Ctx) {
        self.abort(&Slot::Bring, ctx);
        if let Some(bring) = &mut self.choice.bring {
            bring.stage = Stage::Editing;
        }
    }

    pub(crate) fn lookup_asked(&mut self, ctx: &mut Ctx) {
        let Some(bring) = &mut self.choice.bring else {
            return;
        };
        let list = List::new(&bring.table, bring.column);
        let lines = list.lines.iter().enumerate();
        let wanted = lines.filter(|(_, line)| line.wanted().is_some());
        let mut searches: Vec<_> = wanted.map(|(place, _)| place).collect();
        if searches.is_empty() {
            bring.stage = Stage::Done(list);
            return;
        }
        let total = searches.len() as u32;
        let one_by_one = searches.len() <= SEARCHED_UP_TO;
        if !one_by_one {
            searches.clear();
        }
        bring.stage = Stage::Reading(Box::new(Lookup {
            list,
            run: LeadRun {
                filter: LeadFilter::default(),
                sort: LeadSort::Id,
                descending: false,
                skip: 0,
                limit: RUN_MAX,
            },
            searches,
            done: 0,
            total: if one_by_one { total } else { 0 },
            error: None,
        }));
        self.look_up_next(ctx);
    }

    /// Reads the next run; again where it failed.
    pub(crate) fn look_up_next(&mut self, ctx: &mut Ctx) {
        let Some(lookup) = self.lookup() else {
            return;
        };
        lookup.error = None;
        let request = match lookup
            .searches
            .last()
            .map(|place| &lookup.list.lines[*place])
        {
            // The server's search does not look at identifiers.
            Some(line) if line.is_id() => Request::Lead(LeadId(line.text.clone())),
            Some(line) => {
                let search = line.wanted().unwrap_or_default().to_owned();
                lookup.run.filter.search = search;
                Request::Leads(lookup.run.clone())
            }
            None => Request::Leads(lookup.run.clone()),
        };
        self.send(Slot::Bring, request, ctx);
    }

    fn lookup(&mut self) -> Option<&mut Lookup> {
        match &mut self.choice.bring.as_mut()?.stage {
            Stage::Reading(lookup) => Some(lookup),
            _ => None,
        }
    }

    pub(crate) fn lookup_answered(&mut self, result: Result<Reply, Error>, ctx: &mut Ctx) {
        let result = result.and_then(|reply| match reply {
            Reply::Leads(page) => Ok(page),
            _ => Err(unexpected("look the list up")),
        });
        let Some(lookup) = self.lookup() else {
            return;
        };
        let page = match result {
            Ok(page) => page,
            Err(Error {
                kind: Kind::NotFound(_),
                ..
            }) => LeadPage::default(),
            Err(error) => {
                lookup.error = Some(error.to_string());
                return;
            }
        };
        for lead in &page.leads {
            lookup.list.offer(lead);
        }
        lookup.run.skip += RUN_MAX;
        let is_read = lookup.run.skip >= page.total;
        let is_done = if lookup.searches.is_empty() {
            lookup.total = page.total;
            lookup.done = lookup.run.skip.min(page.total);
            is_read
        } else if is_read {
            lookup.searches.pop();
            lookup.done += 1;
            lookup.run.skip = 0;
            lookup.searches.is_empty()
        } else {
            false
        };
        if !is_done {
            return self.look_up_next(ctx);
        }
        let list = std::mem::take(&mut lookup.list);
        let words = format!("{} found.", counted(list.count(Fate::Matched), "line"));
        if let Some(bring) = &mut self.choice.bring {
            bring.stage = Stage::Done(list);
        }
        self.notices.announce(words);
    }

    /// Chooses the leads that were found, also those of lines that several leads have where that is wanted.
    pub(crate) fn list_added(&mut self, also_ambiguous: bool, ctx: &mut Ctx) {
        let Some(Bring {
            stage: Stage::Done(list),
            ..
        }) = self.choice.bring.take()
        else {
            return;
        };
        let mut leads = list.leads(Fate::Matched);
        if also_ambiguous {
            leads.extend(list.leads(Fate::Ambiguous));
        }
        let before = self.choice.selection.len();
        self.choice_added(Origin::List, leads, &[], ctx);
        let added = self.choice.selection.len() - before;
        let words = format!("{} of the list are chosen now.", counted(added, "new lead"));
        self.toast(Tone::Neutral, words, ctx);
    }
}
