//! The one error of the task runner: a sentence for the person at the terminal.

use std::fmt;

/// What could not be had and what to do about it, as a readable sentence.
#[derive(Debug)]
pub struct Problem(String);

/// A result whose error is a sentence.
pub type Result<T> = std::result::Result<T, Problem>;

impl Problem {
    /// Wraps a sentence.
    pub fn new(sentence: impl Into<String>) -> Self {
        Self(sentence.into())
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// Says what was being tried when something failed.
pub trait Explain<T> {
    /// Puts `sentence` before the cause.
    fn explain(self, sentence: impl FnOnce() -> String) -> Result<T>;
}

impl<T, E: fmt::Display> Explain<T> for std::result::Result<T, E> {
    fn explain(self, sentence: impl FnOnce() -> String) -> Result<T> {
        self.map_err(|cause| Problem(format!("{}: {cause}", sentence())))
    }
}

impl<T> Explain<T> for Option<T> {
    fn explain(self, sentence: impl FnOnce() -> String) -> Result<T> {
        self.ok_or_else(|| Problem(sentence()))
    }
}
