//! Report templates and which of them is the newest.

mod notes;
mod version;

pub use notes::notes;
pub use version::{newer_than, newest};

use super::time::Millis;

/// The free string by which a batch names its template.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TemplateVersion(pub String);

/// One version of one report template.
#[derive(Clone, Debug, PartialEq)]
pub struct Template {
    pub name: String,
    pub display_name: String,
    pub description: Option<String>,
    pub version: TemplateVersion,
    /// The revision that its text has in the makers' repository, where the server tells it.
    pub git_sha: Option<String>,
    /// When its text was changed last, where the server tells it.
    pub modified: Option<Millis>,
}

impl Template {
    /// What is another one once the text was changed under the same version: the revision, else the time of the last
    /// change. `None` where the server tells neither; then no change can be seen.
    pub fn mark(&self) -> Option<String> {
        let modified = || self.modified.map(Millis::to_utc_text);
        self.git_sha.clone().or_else(modified)
    }
}

/// The last batch of this browser, as far as its template goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LastUse {
    pub version: TemplateVersion,
    /// [`Template::mark`] as it was then.
    pub mark: Option<String>,
    pub at: Millis,
    pub leads: usize,
}

#[cfg(test)]
mod tests;
