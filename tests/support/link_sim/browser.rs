//! What the app and the browser do with the machines of a tab: sockets, the lock, the channel between tabs, timers.

use batch_runner::domain::live::ClientMessage;
use batch_runner::domain::time::Millis;
use batch_runner::machine::connection::{Action, Channel, Input};
use batch_runner::machine::link::Epoch;
use batch_runner::machine::share;

use super::packet::{Packet, Said};
use super::{Sabotage, Sim, Tab, batch_id};

impl Sim {
    pub(super) fn deadline(&self) -> Option<Millis> {
        if self.sabotage == Some(Sabotage::NoTimers) {
            return None;
        }
        let running = self.tabs.iter().filter(|tab| tab.runs());
        let of = |tab: &Tab| [tab.connection.deadline(), tab.share.deadline()];
        running.flat_map(of).flatten().min()
    }

    pub(super) fn time(&mut self) {
        let Some(at) = self.deadline() else { return };
        self.now = self.now.max(at);
        for tab in 0..self.tabs.len() {
            if self.tabs[tab].runs() {
                self.connection(tab, Input::Tick);
                self.share(tab, share::Input::Tick);
            }
        }
    }

    pub(super) fn connection(&mut self, tab: usize, input: Input) {
        let actions = self.tabs[tab].connection.step(input, self.now, 0.0);
        for action in actions {
            self.act(tab, action);
        }
        self.sync(tab);
    }

    fn act(&mut self, tab: usize, action: Action) {
        match action {
            Action::Open { channel, epoch } => {
                self.dials += 1;
                self.tabs[tab].sockets.push((channel.clone(), epoch));
                self.packets.push_back(Packet::Dial(tab, channel, epoch));
            }
            Action::Close { channel, epoch } => {
                self.tabs[tab]
                    .sockets
                    .retain(|open| *open != (channel.clone(), epoch));
                self.served
                    .retain(|end| (end.0, &end.1, end.2) != (tab, &channel, epoch));
            }
            Action::Send {
                channel,
                epoch,
                message,
            } => {
                let end = |end: &&mut (usize, Channel, Epoch, bool)| {
                    (end.0, &end.1, end.2) == (tab, &channel, epoch)
                };
                if let Some(end) = self.served.iter_mut().find(end) {
                    match message {
                        ClientMessage::Subscribe(_) => end.3 = true,
                        ClientMessage::Unsubscribe(_) => end.3 = false,
                        ClientMessage::Ping => {
                            let pong = Packet::Said(tab, channel, epoch, Said::Pong);
                            self.packets.push_back(pong);
                        }
                        ClientMessage::Auth(_) => {}
                    }
                }
            }
            Action::CatchUp(ids) if !ids.is_empty() => {
                // One read of a batch at a time.
                let ask = Packet::Ask(tab);
                if self.sabotage != Some(Sabotage::NoCatchUp) && !self.packets.contains(&ask) {
                    self.packets.push_back(ask);
                }
            }
            Action::CatchUp(_) | Action::ReadList | Action::RenewToken | Action::Log(_) => {}
        }
    }

    pub(super) fn share(&mut self, tab: usize, input: share::Input) {
        self.share_alone(tab, input);
        self.sync(tab);
    }

    fn share_alone(&mut self, tab: usize, input: share::Input) {
        for action in self.tabs[tab].share.step(input, self.now) {
            match action {
                share::Action::Claim { steal } => self.claim(tab, steal),
                share::Action::Release => self.release(tab),
                share::Action::Say(word) => {
                    for other in 0..self.tabs.len() {
                        let packet = Packet::Word(other, word.clone());
                        // What nobody has heard yet is not worth saying twice.
                        if other != tab
                            && !self.tabs[other].closed
                            && self.packets.back() != Some(&packet)
                        {
                            self.packets.push_back(packet);
                        }
                    }
                }
            }
        }
    }

    fn claim(&mut self, tab: usize, steal: bool) {
        self.release(tab);
        self.tabs[tab].claim += 1;
        let claim = (tab, self.tabs[tab].claim);
        let open = self.sabotage == Some(Sabotage::OpenLock);
        if let (Some(holder), true) = (self.holder, steal) {
            self.packets.push_back(Packet::Lost(holder.0, holder.1));
        }
        if steal || open || self.holder.is_none() {
            self.holder = Some(claim);
            self.packets.push_back(Packet::Granted(claim.0, claim.1));
        } else {
            self.queue.push(claim);
        }
    }

    pub(super) fn release(&mut self, tab: usize) {
        self.tabs[tab].claim += 1;
        self.queue.retain(|(waiting, _)| *waiting != tab);
        if self.holder.is_some_and(|(holder, _)| holder == tab) {
            self.holder = (!self.queue.is_empty()).then(|| self.queue.remove(0));
            self.packets
                .extend(self.holder.map(|(tab, claim)| Packet::Granted(tab, claim)));
        }
    }

    /// As the app does after every fact.
    pub(super) fn sync(&mut self, number: usize) {
        let tab = &self.tabs[number];
        if tab.closed {
            return;
        }
        let wanted = match tab.batch.status.is_terminal() {
            true => Vec::new(),
            false => vec![batch_id()],
        };
        if wanted != *tab.connection.followed() {
            return self.connection(number, Input::Follow(wanted));
        }
        if tab.followed != wanted {
            self.tabs[number].followed.clone_from(&wanted);
            self.share_alone(number, share::Input::Follow(wanted));
        }
        let wants = self.tabs[number].connection.is_wanted();
        self.share_alone(number, share::Input::Want(wants));
        let tab = &self.tabs[number];
        let part = (
            tab.share.leads(),
            tab.share.leader().cloned(),
            tab.share.others(),
        );
        if part != tab.part {
            self.tabs[number].part = part.clone();
            let (leads, leader, others) = part;
            let shared = Input::Shared {
                leads,
                leader,
                others,
            };
            return self.connection(number, shared);
        }
        let link = (tab.connection.health(), tab.connection.transport());
        if tab.share.leads() && tab.link.as_ref() != Some(&link) {
            self.tabs[number].link = Some(link.clone());
            self.share_alone(number, share::Input::Link(link.0, link.1));
        }
    }
}
