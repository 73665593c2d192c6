//! How a selection is told: how much of what is shown it has, where it comes from, and what is announced.

use crate::app::lead_selector::exclude::reason;
use crate::app::parts::{Part, PartState, Task};
use crate::app::{Ctx, Model};
use crate::domain::selection::{Origin, TriState};
use crate::domain::text::{counted, grouped};

/// How many leads are hidden by a filter is counted up to so many chosen ones.
const COUNTED_UP_TO: usize = 2_000;

impl Model {
    /// Announces how many leads are chosen, with their price where that can be told.
    pub(crate) fn selection_rests(&mut self, ctx: &mut Ctx) {
        match self.parts.state(Part::Live) {
            PartState::Loaded => self.ask(Part::Live, Task::SelectionRests, ctx),
            _ => self.announce_count(),
        }
    }

    /// Announces how many leads are chosen.
    pub(crate) fn announce_count(&mut self) {
        let words = match self.choice.gathering {
            Some(_) => format!("{}.", self.choice_words()),
            None => format!("{} chosen.", counted(self.choice.selection.len(), "lead")),
        };
        self.notices.announce(words);
    }

    /// How much of what is shown is chosen: of the page, or, without pages, of everything that matches.
    pub fn page_state(&self) -> TriState {
        let mut loaded = self.leads.loaded();
        if !self.leads.is_scrolled() {
            let out = self.left_out();
            let loaded = loaded.filter(|lead| reason(&out, &lead.id).is_none());
            let chosen: Vec<_> = loaded.map(|lead| self.is_chosen(&lead.id)).collect();
            return match (chosen.contains(&true), chosen.contains(&false)) {
                (false, _) => TriState::None,
                (true, false) => TriState::All,
                (true, true) => TriState::Some,
            };
        }
        if self.choice.gathering.is_some() {
            let all = loaded.all(|lead| self.is_chosen(&lead.id));
            return if all { TriState::All } else { TriState::Some };
        }
        let total = self.leads.total().unwrap_or(0) as usize;
        let shown = match self.hidden() {
            Some(hidden) => self.choice.selection.len() - hidden,
            None => {
                let of_rule = Origin::Matching(self.route.leads.filter.clone());
                self.choice.selection.of_origin(&of_rule).count()
            }
        };
        match shown {
            count if total > 0 && count >= total => TriState::All,
            0 if !loaded.any(|lead| self.choice.selection.contains(&lead.id)) => TriState::None,
            _ => TriState::Some,
        }
    }

    /// How many chosen leads the present filter hides; `None` where nobody can tell.
    pub fn hidden(&self) -> Option<usize> {
        let (filter, selection) = (&self.route.leads.filter, &self.choice.selection);
        if filter.is_empty() {
            return Some(0);
        }
        if selection.len() > COUNTED_UP_TO {
            return None;
        }
        selection.iter().try_fold(0, |hidden, lead| {
            Some(hidden + usize::from(!filter.matches(lead)?))
        })
    }

    /// `37 leads chosen, 12 hidden by this filter`.
    pub fn choice_words(&self) -> String {
        let selection = &self.choice.selection;
        if let Some(gathering) = &self.choice.gathering {
            let all = gathering.total.map_or(0, |total| total as usize);
            return match (selection.len(), all) {
                (_, 0) => "Choosing…".to_owned(),
                (0, all) => format!("{} chosen", counted(all, "lead")),
                (some, all) => format!(
                    "{} chosen, {} being added",
                    counted(some, "lead"),
                    grouped(all as u64)
                ),
            };
        }
        match (selection.len(), self.hidden()) {
            (0, _) => "No leads chosen".to_owned(),
            (all, Some(hidden)) if hidden > 0 && !self.route.leads.only_chosen => format!(
                "{} chosen, {} hidden by this filter",
                counted(all, "lead"),
                grouped(hidden as u64)
            ),
            (all, _) => format!("{} chosen", counted(all, "lead")),
        }
    }

    /// Where the chosen leads come from: `320 by filter “fair”, 40 by hand, 3 taken out`. Empty where all were picked by hand.
    pub fn provenance_words(&self) -> String {
        let selection = &self.choice.selection;
        let parts = selection.provenance();
        if parts.iter().all(|(origin, _)| **origin == Origin::Hand) {
            return String::new();
        }
        let mut words: Vec<String> = parts
            .into_iter()
            .map(|(origin, count)| {
                let count = grouped(count as u64);
                match origin {
                    Origin::Hand => format!("{count} by hand"),
                    Origin::List => format!("{count} from a list"),
                    Origin::Matching(filter) if filter.is_empty() => {
                        format!("{count} from all leads")
                    }
                    Origin::Matching(filter) => format!("{count} by filter {}", filter.words()),
                }
            })
            .collect();
        let out = selection.excluded();
        words.extend((out > 0).then(|| format!("{} taken out", grouped(out as u64))));
        words.join(", ")
    }
}
