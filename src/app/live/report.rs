//! What is known of the live link, for the debug panel and for a copy of it.

use crate::app::effect::{Copied, Effect};
use crate::app::live::link::LinkSlice;
use crate::app::{Ctx, Model};
use crate::machine::link::LinkState;
use crate::machine::share::Role;
use crate::wire::link_report;

impl LinkSlice {
    /// Names and values, for people who look for the cause of trouble.
    pub fn facts(&self) -> Vec<(&'static str, String)> {
        let dropped: Vec<_> = (self.dropped.iter())
            .map(|(why, count)| format!("{why}: {count}"))
            .collect();
        let batches = |count: usize| format!("{count} of this tab");
        let mut facts = vec![
            ("state", self.health().code().to_owned()),
            ("transport", self.connection.transport().words().to_owned()),
            ("part", part(self.share.role()).to_owned()),
            (
                "follows",
                format!(
                    "{}, {} of others",
                    batches(self.connection.followed().len()),
                    self.share.others().len()
                ),
            ),
            ("frames merged", self.merged.to_string()),
            ("frames from another tab", self.relayed.to_string()),
            (
                "frames dropped",
                match dropped.is_empty() {
                    true => "none".to_owned(),
                    false => dropped.join(", "),
                },
            ),
            ("dials", self.dials.to_string()),
        ];
        for (name, link) in self.connection.links() {
            let state = match link.state() {
                LinkState::Idle => "not wanted",
                LinkState::Connecting { .. } => "connecting",
                LinkState::Open { pong_due: None, .. } => "open",
                LinkState::Open { .. } => "open, waiting for a pong",
                LinkState::Waiting { .. } => "waiting to dial again",
            };
            let failures = link.failures();
            facts.push(("socket", format!("{name}: {state}, {failures} failures")));
        }
        facts
    }
}

/// This tab's part in the browser's one link.
pub(crate) fn part(role: Role) -> &'static str {
    match role {
        Role::Idle => "no link is wanted",
        Role::Alone => "this tab has a link of its own",
        Role::Following => "another tab may have the link",
        Role::Leading => "this tab has the link",
    }
}

impl Model {
    /// Puts everything known of the link where it can be pasted from, for whoever is asked for help.
    pub(crate) fn link_report_asked(&mut self, ctx: &mut Ctx) {
        let report = link_report::write(&self.link.facts(), self.link.log.iter());
        ctx.emit(Effect::Copy(Copied::LinkReport, report));
    }
}
