//! Tasks that wait for their part, in order.

use super::Task;

/// Tasks that wait for their part, in order.
#[derive(Debug, Default)]
pub(super) struct Waiting(Vec<Task>);

impl Waiting {
    /// Puts a task behind the others.
    pub(super) fn push(&mut self, task: Task) {
        match self.0.last_mut() {
            Some(last) if task.replaces(last) => *last = task,
            _ => self.0.push(task),
        }
    }

    /// A person waits for one of them.
    pub(super) fn is_urgent(&self) -> bool {
        self.0.iter().any(Task::is_urgent)
    }

    /// All of them; none wait any more.
    pub(super) fn take(&mut self) -> Vec<Task> {
        std::mem::take(&mut self.0)
    }
}
