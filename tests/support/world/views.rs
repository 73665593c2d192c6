//! What can be seen of a journey from outside: requests, records, sockets, timers, announcements.

use batch_runner::app::Timer;
use batch_runner::domain::ledger::{Entry, Outcome as LedgerOutcome};
use batch_runner::domain::time::Millis;
use batch_runner::machine::connection::Channel;
use batch_runner::wire::ledger::read_entry;
use batch_runner::wire::rest::Method;

use super::{Sent, Socket, World};

impl World {
    /// Requests of this kind that were sent.
    pub fn requests(&self, method: Method, part: &str) -> Vec<Sent> {
        let wanted = |sent: &&Sent| sent.http.method == method && sent.http.path.contains(part);
        self.sent.iter().filter(wanted).cloned().collect()
    }

    /// The ledger as it is kept, newest first.
    pub fn ledger(&self) -> Vec<Entry> {
        let read =
            |text: &String| read_entry(text).expect("the app writes records that it can read");
        let mut entries: Vec<_> = self.records.values().map(read).collect();
        entries.sort_by_key(|entry| std::cmp::Reverse(entry.approved));
        entries
    }

    /// A launch whose outcome is not known is written down.
    pub fn has_open_entry(&self) -> bool {
        self.ledger()
            .iter()
            .any(|entry| entry.outcome == LedgerOutcome::Open)
    }

    /// How many POSTs to start a batch were sent.
    pub fn starts(&self) -> usize {
        self.requests(Method::Post, "/batch/start").len()
    }

    /// The socket that is open on this channel.
    pub fn socket(&self, channel: &Channel) -> Option<&Socket> {
        self.sockets
            .iter()
            .rev()
            .find(|socket| socket.open && socket.channel == *channel)
    }

    /// A timer that is set now.
    pub fn timer(&self, timer: &Timer) -> Option<Millis> {
        self.timers.get(timer).copied()
    }

    /// Timers that are set now.
    pub fn timers(&self) -> Vec<Timer> {
        let mut all: Vec<_> = self.timers.keys().cloned().collect();
        all.sort_by_key(|timer| format!("{timer:?}"));
        all
    }

    /// A toast with these words was shown.
    pub fn was_told(&self, words: &str) -> bool {
        self.toasts.iter().any(|toast| toast.contains(words))
    }

    /// Everything that is announced or shown as a short message now.
    pub fn announced(&self) -> String {
        let notices = &self.model.notices;
        format!(
            "{} {} {:?}",
            notices.polite.1, notices.urgent.1, self.toasts
        )
    }
}
