//! What must hold at every moment, and what must come about in the end.

use batch_runner::domain::batch::BatchStatus;
use batch_runner::domain::live::Health;
use batch_runner::domain::time::Duration;
use batch_runner::machine::connection::Channel;

use super::packet::Packet;
use super::{LEADS, START, Server, Sim, Step, Tab};

impl Sim {
    pub(super) fn check(&mut self) {
        // A tab that does not run has a socket in name only, and so has one whose loss of the lock is under way.
        let deposed = |tab: usize| {
            let lost = |packet: &Packet| matches!(packet, Packet::Lost(of, _) if *of == tab);
            self.packets.iter().any(lost)
        };
        let live = |number: &usize| self.tabs[*number].runs() && !deposed(*number);
        let mut open: Vec<&Channel> = (0..self.tabs.len())
            .filter(live)
            .flat_map(|tab| self.tabs[tab].sockets.iter().map(|(channel, _)| channel))
            .collect();
        open.sort();
        if self.able && open.windows(2).any(|pair| pair[0] == pair[1]) {
            self.wrong = Some("two live sockets of one browser and kind");
        }
        for (tab, furthest) in self.tabs.iter().zip(&mut self.furthest) {
            if tab.batch.counts.processed < *furthest {
                self.wrong = Some("a count went back");
            }
            *furthest = tab.batch.counts.processed;
        }
        // The first delay is at least half a second, and a refused socket gives way to the other kind at once.
        let delays = (self.now.0 - START.0) / 500;
        let most = (i64::from(self.reasons) + delays + 2) * self.tabs.len() as i64 * 2;
        if i64::from(self.dials) > most {
            self.wrong = Some("more dials than delays allow");
        }
    }

    /// Everything holds from now on: what is wrong when it has held for `within`.
    ///
    /// # Errors
    /// What people would see that is not so, or what never comes to rest.
    pub fn calm(mut self, within: Duration) -> Result<(), String> {
        if self.down {
            self.step(Step::Down(false));
        }
        if !self.online {
            self.step(Step::Online(true));
        }
        for tab in 0..self.tabs.len() {
            if self.tabs[tab].closed {
                continue;
            }
            if self.tabs[tab].hung {
                self.step(Step::Hung(tab, false));
            }
            if self.tabs[tab].frozen {
                self.step(Step::Frozen(tab, false));
            }
            if !self.tabs[tab].visible {
                self.step(Step::Visible(tab, true));
            }
        }
        while self.done < LEADS {
            self.step(Step::Progress);
        }
        let end = self.now + within;
        loop {
            self.settle()?;
            let Err(why) = self.is_right() else {
                return Ok(());
            };
            if self.now >= end || self.deadline().is_none() {
                return Err(why);
            }
            self.step(Step::Time);
        }
    }

    /// The server is away for so long.
    ///
    /// # Errors
    /// What was found wrong meanwhile.
    pub fn outage(&mut self, length: Duration) -> Result<(), String> {
        self.step(Step::Down(true));
        let end = self.now + length;
        for _ in 0..1_000 {
            self.settle()?;
            if self.now >= end || self.deadline().is_none() {
                return Ok(());
            }
            self.step(Step::Time);
        }
        Err("timers come without end".into())
    }

    /// Everything arrives that is under way.
    fn settle(&mut self) -> Result<(), String> {
        let mut hops = 0;
        // What comes to a page that does not run waits there.
        let arrives = |sim: &Self| {
            let runs = |packet: &Packet| {
                let tab = &sim.tabs[packet.tab()];
                tab.runs() || tab.closed
            };
            sim.packets.iter().position(runs)
        };
        while let (Some(place), None) = (arrives(self), self.wrong) {
            self.step(Step::Deliver(place));
            hops += 1;
            if hops > 2_000 {
                return Err("the tabs never stop telling each other".into());
            }
        }
        self.wrong.map_or(Ok(()), |wrong| Err(wrong.into()))
    }

    fn is_right(&self) -> Result<(), String> {
        let open: Vec<&Tab> = self.tabs.iter().filter(|tab| !tab.closed).collect();
        for tab in &open {
            if tab.batch.status != BatchStatus::Completed || tab.batch.counts.processed != LEADS {
                return Err(format!("the end is not shown: {:?}", tab.batch.counts));
            }
            let health = tab.connection.health();
            let good = match self.server {
                Server::Multiplexed => health == Health::Live,
                // Nothing runs, so there is no socket to have.
                _ => matches!(health, Health::Live | Health::Polling(_)),
            };
            if !good {
                return Err(format!("the link is {health:?}"));
            }
        }
        let sockets: usize = open.iter().map(|tab| tab.sockets.len()).sum();
        let wanted = usize::from(!open.is_empty());
        // Where there is none to have, one may just be tried.
        let least = wanted * usize::from(self.server == Server::Multiplexed);
        if self.able && !(least..=wanted).contains(&sockets) {
            return Err(format!("{sockets} sockets at rest"));
        }
        Ok(())
    }
}
