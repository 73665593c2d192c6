//! Everything that can happen next.

use super::packet::Packet;
use super::{LEADS, Sim};

/// One thing that happens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// The next deadline of any tab comes.
    Time,
    Deliver(usize),
    Lose(usize),
    Repeat(usize),
    /// A lead of the batch is done; the last one ends it.
    Progress,
    /// The server ends this tab's sockets.
    Cut(usize),
    /// The server refuses and ends everything, or is back.
    Down(bool),
    Online(bool),
    Visible(usize, bool),
    /// The page is put aside, and told so.
    Frozen(usize, bool),
    /// The page does not run, and is not told.
    Hung(usize, bool),
    /// The tab is closed.
    Close(usize),
    RetryNow(usize),
}

impl Step {
    /// Something that a good day does not bring.
    pub fn is_fault(self) -> bool {
        !matches!(self, Self::Time | Self::Deliver(_) | Self::Progress)
    }
}

impl Sim {
    /// Everything that can happen now.
    pub fn steps(&self) -> Vec<Step> {
        let mut steps = Vec::new();
        // The browser's own word of its lock is not late by seconds where the page runs.
        let granted = |packet: &Packet| {
            matches!(packet, Packet::Granted(..) | Packet::Lost(..))
                && self.tabs[packet.tab()].runs()
        };
        if self.deadline().is_some() && !self.packets.iter().any(granted) {
            steps.push(Step::Time);
        }
        for (place, packet) in self.packets.iter().enumerate() {
            let first = !self
                .packets
                .iter()
                .take(place)
                .any(|before| before.precedes(packet));
            let duplicate = self.packets.iter().take(place).any(|other| other == packet);
            let tab = &self.tabs[packet.tab()];
            // What is sent to a page that does not run waits; the server's part goes on.
            let runs =
                tab.runs() || tab.closed || matches!(packet, Packet::Dial(..) | Packet::Ask(_));
            if first && !duplicate && runs {
                steps.push(Step::Deliver(place));
            }
            if packet.is_fragile() && !duplicate {
                steps.extend([Step::Lose(place), Step::Repeat(place)]);
            }
        }
        if self.done < LEADS && !self.down {
            steps.push(Step::Progress);
        }
        steps.push(Step::Down(!self.down));
        steps.push(Step::Online(!self.online));
        for (number, tab) in self.tabs.iter().enumerate().filter(|(_, tab)| !tab.closed) {
            if self.served.iter().any(|socket| socket.0 == number) {
                steps.push(Step::Cut(number));
            }
            if tab.runs() {
                steps.push(Step::Visible(number, !tab.visible));
                steps.push(Step::RetryNow(number));
                if self.tabs.len() > 1 {
                    steps.push(Step::Close(number));
                }
            }
            if !tab.hung {
                steps.push(Step::Frozen(number, !tab.frozen));
            }
            if !tab.frozen {
                steps.push(Step::Hung(number, !tab.hung));
            }
        }
        steps
    }
}
