//! What a person should know before choosing a template.

use std::cmp::Ordering;

use super::version::{Semantic, compared};
use super::{LastUse, Template, newer_than};
use crate::domain::text::counted;
use crate::domain::time::Millis;

/// What a person should know before choosing this template, as sentences: how it stands to the one that was used last
/// and to the others that are offered. Only versions of one template, by its name, are older or newer than another.
/// `date` writes a day as the page writes it.
pub fn notes(
    chosen: &Template,
    offered: &[Template],
    last: Option<&LastUse>,
    date: &dyn Fn(Millis) -> String,
) -> Vec<String> {
    let mut notes = Vec::new();
    if let Some(last) = last {
        notes.push(since_last_use(chosen, offered, last, date));
    }
    if Semantic::parse(&chosen.version.0).is_some_and(|version| version.is_pre_release()) {
        notes.push("A pre-release: it may change, and its reports may not be finished.".to_owned());
    }
    if let Some(newest) = newer_than(chosen, offered) {
        notes.push(format!(
            "Older than the newest version, {}.",
            newest.version.0
        ));
    }
    notes
}

/// How the chosen template stands to the one that was used last.
fn since_last_use(
    chosen: &Template,
    offered: &[Template],
    last: &LastUse,
    date: &dyn Fn(Millis) -> String,
) -> String {
    let on = date(last.at);
    let leads = counted(last.leads, "lead");
    let version = &last.version.0;
    if last.version == chosen.version {
        // Where one of the marks is missing nobody can tell.
        let changed = chosen
            .mark()
            .zip(last.mark.as_ref())
            .is_some_and(|(now, then)| now != *then);
        return match changed {
            true => format!("Changed since you used it last, on {on} for {leads}."),
            false => format!("You used it last on {on}, for {leads}."),
        };
    }
    match offered.iter().find(|one| one.version == last.version) {
        None => format!(
            "You used version {version} last, on {on} for {leads}; it is not offered any more."
        ),
        Some(used) if used.name != chosen.name => {
            format!(
                "You used {} ({version}) last, on {on} for {leads}.",
                used.display_name
            )
        }
        Some(_) => match compared(&chosen.version, &last.version) {
            Some(Ordering::Greater) => {
                format!("Newer than version {version}, which you used last, on {on} for {leads}.")
            }
            _ => format!("You used version {version} last, on {on} for {leads}."),
        },
    }
}
