//! What is under way between tabs, browser and server.

use batch_runner::domain::live::Word;
use batch_runner::machine::connection::Channel;
use batch_runner::machine::link::Epoch;

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Packet {
    Dial(usize, Channel, Epoch),
    Said(usize, Channel, Epoch, Said),
    Word(usize, Word),
    Relayed(usize, Channel, Said),
    Ask(usize),
    Answer(usize, u32, bool),
    Granted(usize, u32),
    Lost(usize, u32),
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Said {
    Established,
    News(u32),
    Ended,
    Pong,
    Closed,
}

impl Packet {
    pub(super) fn tab(&self) -> usize {
        match self {
            Self::Dial(tab, ..)
            | Self::Said(tab, ..)
            | Self::Word(tab, _)
            | Self::Relayed(tab, ..)
            | Self::Ask(tab)
            | Self::Answer(tab, ..)
            | Self::Granted(tab, _)
            | Self::Lost(tab, _) => *tab,
        }
    }

    /// It may be lost or come twice: messages of sockets, and reads.
    pub(super) fn is_fragile(&self) -> bool {
        matches!(
            self,
            Self::Said(.., Said::News(_) | Said::Ended | Said::Pong)
                | Self::Relayed(..)
                | Self::Ask(_)
                | Self::Answer(..)
        )
    }

    /// These come in the order in which they were sent.
    pub(super) fn precedes(&self, later: &Self) -> bool {
        match (self, later) {
            (Self::Said(tab, channel, epoch, said), Self::Said(other, of, at, next)) => {
                let ordered = *said == Said::Established || *next == Said::Closed;
                ordered && (tab, channel, epoch) == (other, of, at)
            }
            (Self::Dial(tab, ..), Self::Dial(other, ..))
            | (Self::Word(tab, _), Self::Word(other, _)) => tab == other,
            (
                Self::Granted(tab, _) | Self::Lost(tab, _),
                Self::Granted(other, _) | Self::Lost(other, _),
            ) => tab == other,
            _ => false,
        }
    }
}
