//! The undo history: steps of selecting that can be taken back and made again.

use std::rc::Rc;

use crate::app::lead_selector::select_all::Gathering;
use crate::app::lead_selector::selection::Choice;
use crate::app::{Ctx, Model};
use crate::domain::lead::{Lead, LeadId};
use crate::domain::selection::{Origin, Selection};
use crate::wire::stored::Rule;

/// So many steps can be taken back.
const STEPS_KEPT: usize = 100;

/// A choice that can be come back to.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    selection: Selection,
    /// Rules of a choice before a reload whose leads had not all been read.
    unread: Vec<Rule>,
}

/// The choices before the present one, and those that were taken back.
#[derive(Debug, Default)]
pub struct UndoHistory {
    past: Vec<Step>,
    future: Vec<Step>,
}

impl UndoHistory {
    /// The choice before the present one.
    pub fn last(&self) -> Option<&Selection> {
        self.past.last().map(|step| &step.selection)
    }
}

impl Step {
    /// Nothing was chosen.
    pub fn is_empty(&self) -> bool {
        self.selection.is_empty() && self.unread.is_empty()
    }

    /// Adds the leads of one of the rules that had not been read.
    fn restore(&mut self, origin: &Origin, leads: &[Rc<Lead>]) {
        let is_it = |rule: &Rule| *origin == Origin::Matching(rule.filter.clone());
        if let Some(place) = self.unread.iter().position(is_it) {
            let rule = self.unread.remove(place);
            self.selection.add(origin.clone(), leads.to_vec());
            self.selection.remove(&rule.excluded);
        }
    }
}

impl Choice {
    /// The last step can be taken back.
    pub fn can_undo(&self) -> bool {
        !self.undo_history.past.is_empty()
    }

    /// A step that was taken back can be made again.
    pub fn can_redo(&self) -> bool {
        !self.undo_history.future.is_empty()
    }

    /// The present choice as a step.
    pub(crate) fn present(&self) -> Step {
        let read_now = self.gathering.as_ref().filter(|it| it.is_restored());
        let read_now = read_now.and_then(Gathering::rule);
        Step {
            selection: self.selection.clone(),
            unread: self.unread.iter().cloned().chain(read_now).collect(),
        }
    }

    /// Adds leads that were chosen before a reload, to what can be come back to as well.
    pub(crate) fn restore(&mut self, origin: &Origin, leads: &[Rc<Lead>], excluded: &[LeadId]) {
        let steps = self
            .undo_history
            .past
            .iter_mut()
            .chain(&mut self.undo_history.future);
        steps.for_each(|step| step.restore(origin, leads));
        self.selection.add(origin.clone(), leads.to_vec());
        self.selection.remove(excluded);
    }
}

impl Model {
    /// Keeps what was chosen before as a step; what changed nothing is none.
    pub(crate) fn choice_stepped(&mut self, before: Step, ctx: &mut Ctx) {
        if before != self.choice.present() {
            let steps = &mut self.choice.undo_history;
            steps.past.push(before);
            let surplus = steps.past.len().saturating_sub(STEPS_KEPT);
            steps.past.drain(..surplus);
            steps.future.clear();
        }
        self.choice_changed(ctx);
    }

    /// Takes the last step back.
    pub(crate) fn choice_undone(&mut self, ctx: &mut Ctx) {
        // What is being read is the last step; what was chosen before a reload is none.
        if (self.choice.gathering.as_ref()).is_some_and(|gathering| !gathering.is_restored()) {
            return self.select_all_stopped(ctx);
        }
        if let Some(before) = self.choice.undo_history.past.pop() {
            let now = self.choice.present();
            self.choice.undo_history.future.push(now);
            self.notices.toasts.retain(|toast| !toast.undo);
            self.choose_again(before, ctx);
        }
    }

    /// Makes the step again that was taken back last.
    pub(crate) fn choice_redone(&mut self, ctx: &mut Ctx) {
        if let Some(after) = self.choice.undo_history.future.pop() {
            let now = self.choice.present();
            self.choice.undo_history.past.push(now);
            self.choose_again(after, ctx);
        }
    }

    /// Comes back to a choice; what had not been read of it is read now.
    fn choose_again(&mut self, step: Step, ctx: &mut Ctx) {
        self.stop_select_all(ctx);
        self.choice.selection = step.selection;
        self.choice.unread = step.unread;
        self.select_all_unread(ctx);
        self.choice_changed(ctx);
    }
}
