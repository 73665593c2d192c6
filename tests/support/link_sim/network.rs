//! The server and the way from it to a tab.

use batch_runner::domain::batch::{Batch, BatchStatus, Source};
use batch_runner::domain::live::Frame;
use batch_runner::machine::connection::{Channel, Input};
use batch_runner::machine::link::Epoch;
use batch_runner::machine::share;

use super::packet::{Packet, Said};
use super::{LEADS, Sabotage, Server, Sim, news};

impl Sim {
    pub(super) fn progress(&mut self) {
        if self.done >= LEADS {
            return;
        }
        self.done += 1;
        let said = match self.done {
            LEADS => Said::Ended,
            done => Said::News(done),
        };
        for (tab, channel, epoch, asked) in self.served.clone() {
            if asked {
                let packet = Packet::Said(tab, channel, epoch, said);
                self.packets.push_back(packet);
            }
        }
    }

    pub(super) fn cut(&mut self, which: impl Fn(&(usize, Channel, Epoch, bool)) -> bool) {
        let (cut, kept): (Vec<_>, Vec<_>) = self.served.drain(..).partition(which);
        self.served = kept;
        for (tab, channel, epoch, _) in cut {
            let packet = Packet::Said(tab, channel, epoch, Said::Closed);
            self.packets.push_back(packet);
        }
    }

    pub(super) fn deliver(&mut self, packet: Packet) {
        let to = packet.tab();
        if self.tabs[to].closed {
            return;
        }
        match packet {
            Packet::Dial(tab, channel, epoch) => {
                let has = match channel {
                    Channel::Multiplexed => self.server == Server::Multiplexed,
                    Channel::Batch(_) => self.server != Server::NoSockets,
                };
                let said = match has && !self.down && self.online {
                    true => Said::Established,
                    false => Said::Closed,
                };
                let wanted = self.tabs[tab].sockets.contains(&(channel.clone(), epoch));
                if said == Said::Established && wanted {
                    let asked = channel != Channel::Multiplexed;
                    self.served.push((tab, channel.clone(), epoch, asked));
                }
                self.packets
                    .push_back(Packet::Said(tab, channel, epoch, said));
            }
            Packet::Said(tab, channel, epoch, said) => {
                // What a socket says that the page has closed is not heard.
                if !self.tabs[tab].sockets.contains(&(channel.clone(), epoch)) {
                    return;
                }
                if self.tabs[tab].share.relays() && matches!(said, Said::News(_) | Said::Ended) {
                    for other in 0..self.tabs.len() {
                        if other != tab && !self.tabs[other].closed {
                            let packet = Packet::Relayed(other, channel.clone(), said);
                            self.packets.push_back(packet);
                        }
                    }
                }
                self.hear(tab, channel, epoch, said);
            }
            Packet::Relayed(tab, channel, said) => {
                self.hear(tab, channel, Epoch(0), said);
                let now = self.now;
                self.tabs[tab].share.relayed(now);
            }
            Packet::Word(tab, word) => self.share(tab, share::Input::Heard(word)),
            Packet::Ask(tab) => {
                if !self.down && self.online {
                    let answer = Packet::Answer(tab, self.done, self.done == LEADS);
                    self.packets.push_back(answer);
                }
            }
            Packet::Answer(tab, done, _) => self.show(tab, news(done), Source::Rest),
            Packet::Granted(tab, claim) => {
                if self.tabs[tab].claim == claim {
                    self.reasons += 1;
                    self.share(tab, share::Input::Granted);
                }
            }
            Packet::Lost(tab, claim) => {
                if self.tabs[tab].claim == claim {
                    self.share(tab, share::Input::Lost);
                }
            }
        }
    }

    /// As the app does: counts are taken over at once, an end is confirmed by a read.
    fn hear(&mut self, tab: usize, channel: Channel, epoch: Epoch, said: Said) {
        let seq = None;
        let frame = match said {
            Said::Closed => {
                self.tabs[tab]
                    .sockets
                    .retain(|open| *open != (channel.clone(), epoch));
                let eager = self.sabotage == Some(Sabotage::EagerDials);
                let closed = Input::Closed {
                    channel,
                    epoch,
                    code: 1006,
                };
                self.connection(tab, closed);
                if eager {
                    self.connection(tab, Input::RetryNow);
                }
                return;
            }
            Said::Established => Frame::Established,
            Said::Pong => Frame::Pong,
            Said::News(done) => Frame::News {
                news: Box::new(news(done)),
                seq,
            },
            Said::Ended => Frame::Ended {
                news: Box::new(news(LEADS)),
                seq,
            },
        };
        if let Frame::News { news, .. } | Frame::Ended { news, .. } = &frame {
            let mut news = (**news).clone();
            news.status = BatchStatus::Running;
            self.show(tab, news, Source::Live);
        }
        self.connection(
            tab,
            Input::Frame {
                channel,
                epoch,
                frame,
            },
        );
    }

    fn show(&mut self, tab: usize, news: Batch, source: Source) {
        match self.sabotage {
            Some(Sabotage::NewestWins) => self.tabs[tab].batch = news,
            _ => self.tabs[tab].batch.merge(news, source),
        }
        self.sync(tab);
    }
}
