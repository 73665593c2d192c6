//! How batches are followed: the multiplexed socket, else one socket a batch, else polling.
//!
//! What the rest of the app sees is the same in all three: news of batches, and the request to read a batch's status
//! whenever something may have been missed.

use super::link::{Epoch, Link, LinkAction, LinkInput, LinkState};
use super::share::Leader;
use crate::domain::batch::BatchId;
use crate::domain::live::{ClientMessage, Frame, Health, Transport};
use crate::domain::time::{Duration, Millis, SECOND};

/// Which socket is meant.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Channel {
    Multiplexed,
    Batch(BatchId),
}

impl Channel {
    /// The batch that a per-batch socket is for.
    pub fn batch(&self) -> Option<&BatchId> {
        match self {
            Self::Multiplexed => None,
            Self::Batch(id) => Some(id),
        }
    }
}

/// What happens to the connection.
#[derive(Clone, Debug, PartialEq)]
pub enum Input {
    /// A person is signed in and the app may talk to the server.
    Start,
    /// Signed out.
    Stop,
    /// These batches, and no others, are to be followed.
    Follow(Vec<BatchId>),
    Frame {
        channel: Channel,
        epoch: Epoch,
        frame: Frame,
    },
    /// A message came that was of no use; it still proves that the link lives.
    Noise {
        channel: Channel,
        epoch: Epoch,
    },
    Closed {
        channel: Channel,
        epoch: Epoch,
        code: u16,
    },
    Tick,
    Online(bool),
    Visible(bool),
    RetryNow,
    /// The token that the multiplexed socket may ask for.
    Token(Option<String>),
    /// The browser stops the page, or lets it go on.
    Frozen(bool),
    /// Which tab has the link.
    Shared {
        /// This one.
        leads: bool,
        leader: Option<Leader>,
        /// What other tabs want news of.
        others: Vec<BatchId>,
    },
}

/// What is to be done.
#[derive(Clone, Debug, PartialEq)]
pub enum Action {
    Open {
        channel: Channel,
        epoch: Epoch,
    },
    Close {
        channel: Channel,
        epoch: Epoch,
    },
    Send {
        channel: Channel,
        epoch: Epoch,
        message: ClientMessage,
    },
    /// Read the status of these batches: something may have been missed.
    CatchUp(Vec<BatchId>),
    /// Read the list too: batches may have been started elsewhere.
    ReadList,
    /// The server does not accept the token: get another one, if that is possible without a person.
    RenewToken,
    /// Something for the debug view.
    Log(String),
}

/// While no socket carries a running batch, it is read so often. Source: the product's specification.
pub const POLL_EVERY: Duration = 2 * SECOND;
/// A healthy link is not believed blindly: everything followed is read so often.
pub const SWEEP_EVERY: Duration = 30 * SECOND;
/// The batch list is read so often where no multiplexed socket could tell of other people's batches.
pub const LIST_EVERY: Duration = 15 * SECOND;
/// A better transport that was refused is tried again so often.
pub const UPGRADE_EVERY: Duration = 60 * SECOND;
/// The real server drops a socket that is dialled sooner after the last one of the same batch was closed.
const REDIAL_PAUSE: Duration = 300;

/// The server closed for want of a good token: 3000 is registered with IANA for what 401 is in HTTP, 4401 is what servers
/// send instead.
fn is_unauthorized(code: u16) -> bool {
    matches!(code, 3000 | 4401)
}

/// Why a socket that was closed with this code is not dialled again; `None` where it may be.
fn fatal(code: u16) -> Option<&'static str> {
    match code {
        code if is_unauthorized(code) => {
            Some("the server does not accept your session: sign in again")
        }
        // As above, for 403.
        3003 | 4403 => Some("the server does not allow you to follow batches live"),
        1008 => Some("the server closed the link for a reason of its policy"),
        _ => None,
    }
}

/// The connection of one page.
#[derive(Clone, Debug)]
pub struct Connection {
    started: bool,
    online: bool,
    visible: bool,
    frozen: bool,
    /// Why no socket is dialled any more.
    stopped: Option<String>,
    /// This tab has the link of the browser.
    leads: bool,
    /// What the tab told that has it.
    leader: Option<Leader>,
    /// What other tabs want news of.
    others: Vec<BatchId>,
    transport: Transport,
    multiplexed: Link,
    /// The multiplexed socket has worked since the page was loaded.
    multiplexed_known: bool,
    per_batch: Vec<(BatchId, Link)>,
    per_batch_known: bool,
    followed: Vec<BatchId>,
    /// The last sequence number heard of each followed batch on the multiplexed socket.
    heard: Vec<(BatchId, u64)>,
    next_poll: Option<Millis>,
    next_sweep: Option<Millis>,
    next_list: Option<Millis>,
    next_upgrade: Option<Millis>,
    /// The multiplexed socket is dialled beside the present transport, to see whether the server has it by now.
    probing: bool,
    token: Option<String>,
    /// Another token was asked for since a socket last worked.
    renewed: bool,
}

impl Default for Connection {
    fn default() -> Self {
        Self::new(Transport::Multiplexed)
    }
}

impl Connection {
    /// Starts with the transport that worked last in this session.
    pub fn new(transport: Transport) -> Self {
        Self {
            started: false,
            online: true,
            visible: true,
            frozen: false,
            stopped: None,
            leads: true,
            leader: None,
            others: Vec::new(),
            transport,
            multiplexed: Link::default(),
            multiplexed_known: false,
            per_batch: Vec::new(),
            per_batch_known: false,
            followed: Vec::new(),
            heard: Vec::new(),
            next_poll: None,
            next_sweep: None,
            next_list: None,
            next_upgrade: None,
            probing: false,
            token: None,
            renewed: false,
        }
    }

    /// The way in which news comes now.
    pub fn transport(&self) -> Transport {
        self.transport
    }

    /// A link is wanted, of this tab or of another one.
    pub fn is_wanted(&self) -> bool {
        self.started && !self.frozen
    }

    /// Every socket that there is or is to be, with its name, for the debug view.
    pub fn links(&self) -> Vec<(String, &Link)> {
        let all = (self.per_batch.iter())
            .map(|(id, link)| (channel_name(&Channel::Batch(id.clone())), link));
        std::iter::once((channel_name(&Channel::Multiplexed), &self.multiplexed))
            .chain(all)
            .collect()
    }

    /// The batches that are followed.
    pub fn followed(&self) -> &[BatchId] {
        &self.followed
    }

    /// What people see of the connection.
    pub fn health(&self) -> Health {
        if let Some(why) = &self.stopped {
            return Health::Stopped(why.clone());
        }
        if !self.online {
            return Health::Offline;
        }
        if !self.leads {
            return (self.leader.as_ref()).map_or(Health::Connecting, |it| it.health.clone());
        }
        let links: Vec<LinkState> = match self.transport {
            Transport::Multiplexed => vec![self.multiplexed.state()],
            Transport::PerBatch if self.per_batch.is_empty() => return Health::Polling(LIST_EVERY),
            Transport::PerBatch => self
                .per_batch
                .iter()
                .map(|(_, link)| link.state())
                .collect(),
            Transport::Polling if self.followed.is_empty() => return Health::Polling(LIST_EVERY),
            Transport::Polling => return Health::Polling(POLL_EVERY),
        };
        let soonest = links.iter().filter_map(|state| match state {
            LinkState::Waiting { until } => Some(*until),
            _ => None,
        });
        if links
            .iter()
            .all(|state| matches!(state, LinkState::Open { .. }))
        {
            Health::Live
        } else if let Some(until) = soonest.min() {
            Health::Waiting(until)
        } else {
            Health::Connecting
        }
    }

    /// When [`Input::Tick`] is due next.
    pub fn deadline(&self) -> Option<Millis> {
        let links =
            std::iter::once(&self.multiplexed).chain(self.per_batch.iter().map(|(_, link)| link));
        let own = [
            self.next_poll,
            self.next_sweep,
            self.next_list,
            self.next_upgrade,
        ];
        // A hidden page dials nothing, so nothing is due of a link that waits.
        links
            .filter(|link| self.visible || !matches!(link.state(), LinkState::Waiting { .. }))
            .filter_map(Link::deadline)
            .chain(own.into_iter().flatten())
            .min()
    }

    /// Takes one input and returns what is to be done, in order. `random` is from 0 up to 1.
    pub fn step(&mut self, input: Input, now: Millis, random: f64) -> Vec<Action> {
        let mut out = Vec::new();
        match input {
            Input::Start => {
                self.started = true;
                self.stopped = None;
            }
            Input::Stop => {
                self.started = false;
                self.followed.clear();
                self.heard.clear();
            }
            Input::Token(token) => {
                if token.is_some() && token != self.token {
                    self.stopped = None;
                }
                self.token = token;
            }
            Input::Follow(wanted) => {
                let before = self.carried();
                let is_new = |id: &&BatchId| !self.followed.contains(id);
                let new: Vec<_> = wanted.iter().filter(is_new).cloned().collect();
                self.followed = wanted;
                self.subscribe_anew(&before, &mut out);
                if !new.is_empty() {
                    out.push(Action::CatchUp(new));
                }
            }
            Input::Frozen(frozen) => {
                let back = self.frozen && !frozen;
                self.frozen = frozen;
                if back {
                    self.next_sweep = Some(now);
                    self.next_list = Some(now);
                }
            }
            Input::Shared {
                leads,
                leader,
                others,
            } => self.shared(leads, leader, others, &mut out),
            Input::Frame {
                channel,
                epoch,
                frame,
            } => self.frame(&channel, epoch, frame, now, random, &mut out),
            Input::Noise { channel, epoch } => {
                self.drive(&channel, LinkInput::Message(epoch), now, random, &mut out)
            }
            Input::Closed {
                channel,
                epoch,
                code,
            } => {
                out.push(Action::Log(format!(
                    "{} closed with {code}",
                    channel_name(&channel)
                )));
                let is_present = (self.link(&channel)).is_some_and(|link| link.is_at(epoch));
                if let Some(why) = fatal(code).filter(|_| is_present) {
                    self.stopped = Some(why.into());
                    if is_unauthorized(code) && !std::mem::replace(&mut self.renewed, true) {
                        out.push(Action::RenewToken);
                    }
                }
                self.drive(&channel, LinkInput::Closed(epoch), now, random, &mut out);
            }
            Input::Tick => self.tick(now, random, &mut out),
            Input::Online(online) => {
                let back = online && !self.online;
                self.online = online;
                if back {
                    self.retry_waiting(now, random, &mut out);
                    out.push(Action::ReadList);
                }
            }
            Input::Visible(visible) => {
                let back = visible && !self.visible;
                self.visible = visible;
                if back {
                    self.retry_waiting(now, random, &mut out);
                    self.next_sweep = Some(now);
                }
            }
            Input::RetryNow => {
                self.stopped = None;
                self.retry_waiting(now, random, &mut out);
                self.next_poll = Some(now);
            }
        }
        self.settle(now, random, &mut out);
        out
    }

    /// Whether the server may be asked at all.
    fn may_talk(&self) -> bool {
        self.started && self.online && !self.frozen
    }

    /// Whether this tab may have sockets.
    fn may_link(&self) -> bool {
        self.may_talk() && self.leads && self.stopped.is_none()
    }

    /// The batches whose news this tab's sockets carry: its own and those of other tabs.
    fn carried(&self) -> Vec<BatchId> {
        let others = self.others.iter().filter(|id| !self.followed.contains(id));
        self.followed.iter().chain(others).cloned().collect()
    }

    /// Brings links and schedules in line with what is wanted.
    fn settle(&mut self, now: Millis, random: f64, out: &mut Vec<Action>) {
        let link = self.may_link();
        // A hidden page keeps a link that it has, but dials none.
        let dial = link && self.visible;
        let multiplexed = self.transport == Transport::Multiplexed || self.probing;
        self.want(
            &Channel::Multiplexed,
            link && multiplexed,
            dial,
            now,
            random,
            out,
        );
        let per_batch = link && self.transport == Transport::PerBatch;
        let carried = self.carried();
        if per_batch {
            for id in &carried {
                if !self.per_batch.iter().any(|(known, _)| known == id) {
                    self.per_batch.push((id.clone(), Link::default()));
                }
            }
        }
        for id in self
            .per_batch
            .iter()
            .map(|(id, _)| id.clone())
            .collect::<Vec<_>>()
        {
            let wanted = per_batch && carried.contains(&id);
            self.want(&Channel::Batch(id.clone()), wanted, dial, now, random, out);
            if !wanted {
                self.per_batch.retain(|(known, _)| *known != id);
            }
        }
        self.schedule(now);
    }

    fn schedule(&mut self, now: Millis) {
        let talk = self.may_talk();
        let busy = talk && !self.followed.is_empty();
        let plan = |slot: &mut Option<Millis>, wanted: bool, every: Duration| {
            *slot = wanted.then(|| slot.unwrap_or(now + every).min(now + every));
        };
        let uncovered = busy && self.visible && !self.uncovered().is_empty();
        plan(&mut self.next_poll, uncovered, POLL_EVERY);
        plan(&mut self.next_sweep, busy, SWEEP_EVERY);
        plan(&mut self.next_list, talk && self.visible, LIST_EVERY);
        let improvable =
            self.may_link() && self.visible && self.transport != Transport::Multiplexed;
        plan(&mut self.next_upgrade, improvable, UPGRADE_EVERY);
    }

    /// Followed batches whose news no open socket carries.
    fn uncovered(&self) -> Vec<BatchId> {
        let open = |link: &Link| matches!(link.state(), LinkState::Open { .. });
        if !self.leads && self.leader_is_live() {
            return Vec::new();
        }
        match self.transport {
            Transport::Multiplexed if open(&self.multiplexed) => Vec::new(),
            Transport::PerBatch => {
                let covered = |id: &BatchId| {
                    self.per_batch
                        .iter()
                        .any(|(known, link)| known == id && open(link))
                };
                self.followed
                    .iter()
                    .filter(|id| !covered(id))
                    .cloned()
                    .collect()
            }
            _ => self.followed.clone(),
        }
    }

    fn leader_is_live(&self) -> bool {
        (self.leader.as_ref()).is_some_and(|leader| leader.health == Health::Live)
    }

    /// Another tab has the link, or this one, or others want something else of it.
    fn shared(
        &mut self,
        leads: bool,
        leader: Option<Leader>,
        others: Vec<BatchId>,
        out: &mut Vec<Action>,
    ) {
        let before = self.carried();
        let who = |leader: &Option<Leader>| leader.as_ref().map(|leader| leader.tab);
        let news = (self.leads, self.leader_is_live(), who(&self.leader))
            != (
                leads,
                leader.as_ref().is_some_and(|it| it.health == Health::Live),
                who(&leader),
            );
        if let Some(leader) = &leader {
            self.transport = leader.transport;
        }
        (self.leads, self.leader, self.others) = (leads, leader, others);
        self.subscribe_anew(&before, out);
        // Something may have been missed while nobody had a link.
        if news && !self.leads && self.leader_is_live() && !self.followed.is_empty() {
            out.push(Action::CatchUp(self.followed.clone()));
        }
    }

    /// Tells the multiplexed socket what it is to carry now.
    fn subscribe_anew(&mut self, before: &[BatchId], out: &mut Vec<Action>) {
        let carried = self.carried();
        let gone: Vec<_> = (before.iter().filter(|id| !carried.contains(id)))
            .cloned()
            .collect();
        let new: Vec<_> = (carried.into_iter().filter(|id| !before.contains(id)))
            .map(|id| (id, None))
            .collect();
        self.heard.retain(|(id, _)| !gone.contains(id));
        if let LinkState::Open { epoch, .. } = self.multiplexed.state() {
            let send = |message| Action::Send {
                channel: Channel::Multiplexed,
                epoch,
                message,
            };
            if !gone.is_empty() {
                out.push(send(ClientMessage::Unsubscribe(gone)));
            }
            if !new.is_empty() {
                out.push(send(ClientMessage::Subscribe(new)));
            }
        }
    }

    fn frame(
        &mut self,
        channel: &Channel,
        epoch: Epoch,
        frame: Frame,
        now: Millis,
        random: f64,
        out: &mut Vec<Action>,
    ) {
        let seq = match &frame {
            Frame::News { news, seq } | Frame::Ended { news, seq } => {
                seq.map(|seq| (news.id.clone(), seq))
            }
            Frame::Lead { batch, seq, .. } | Frame::CancelAnnounced { batch, seq } => {
                seq.map(|seq| (batch.clone(), seq))
            }
            _ => None,
        };
        if let Some((id, seq)) = seq
            && (self.followed.contains(&id) || self.others.contains(&id))
        {
            match self.heard.iter_mut().find(|(known, _)| *known == id) {
                Some((_, last)) => *last = (*last).max(seq),
                None => self.heard.push((id, seq)),
            }
        }
        match frame {
            Frame::Established => {
                return self.drive(channel, LinkInput::Established(epoch), now, random, out);
            }
            Frame::AuthRequired => {
                if let Some(token) = &self.token {
                    let message = ClientMessage::Auth(token.clone());
                    out.push(Action::Send {
                        channel: channel.clone(),
                        epoch,
                        message,
                    });
                }
            }
            Frame::Gap(id) => {
                self.heard.retain(|(known, _)| *known != id);
                out.push(Action::CatchUp(vec![id]));
            }
            // Terminal words of a socket are confirmed by the server's list and status before they are believed.
            Frame::Ended { news, .. } => out.push(Action::CatchUp(vec![news.id.clone()])),
            Frame::CancelAnnounced { batch, .. } => out.push(Action::CatchUp(vec![batch])),
            Frame::Subscribed { unknown } if !unknown.is_empty() => {
                out.push(Action::CatchUp(unknown))
            }
            _ => {}
        }
        self.drive(channel, LinkInput::Message(epoch), now, random, out);
    }

    fn tick(&mut self, now: Millis, random: f64, out: &mut Vec<Action>) {
        let channels: Vec<_> = std::iter::once(Channel::Multiplexed)
            .chain(
                self.per_batch
                    .iter()
                    .map(|(id, _)| Channel::Batch(id.clone())),
            )
            .collect();
        for channel in channels {
            // A hidden page dials nothing; its waiting links are dialled when it is seen again.
            let waiting = self
                .link(&channel)
                .is_some_and(|link| matches!(link.state(), LinkState::Waiting { .. }));
            if self.visible || !waiting {
                self.drive(&channel, LinkInput::Tick, now, random, out);
            }
        }
        let due = |slot: &mut Option<Millis>| slot.take_if(|at| *at <= now).is_some();
        if due(&mut self.next_sweep) {
            out.push(Action::CatchUp(self.followed.clone()));
            self.next_poll = None;
        } else if due(&mut self.next_poll) {
            out.push(Action::CatchUp(self.uncovered()));
        }
        if due(&mut self.next_list) {
            out.push(Action::ReadList);
        }
        if due(&mut self.next_upgrade) {
            out.push(Action::Log("trying the multiplexed socket again".into()));
            self.probing = true;
            if self.transport == Transport::Polling {
                self.transport = Transport::PerBatch;
            }
        }
    }

    fn retry_waiting(&mut self, now: Millis, random: f64, out: &mut Vec<Action>) {
        let channels: Vec<_> = std::iter::once(Channel::Multiplexed)
            .chain(
                self.per_batch
                    .iter()
                    .map(|(id, _)| Channel::Batch(id.clone())),
            )
            .collect();
        for channel in channels {
            if self.may_link() && self.visible {
                self.drive(&channel, LinkInput::RetryNow, now, random, out);
            }
        }
    }

    fn want(
        &mut self,
        channel: &Channel,
        wanted: bool,
        dial: bool,
        now: Millis,
        random: f64,
        out: &mut Vec<Action>,
    ) {
        let idle = self
            .link(channel)
            .is_some_and(|link| link.state() == LinkState::Idle);
        match (wanted, idle) {
            (true, true) if dial => self.drive(channel, LinkInput::Want, now, random, out),
            (false, false) => self.drive(channel, LinkInput::Unwant, now, random, out),
            _ => {}
        }
    }

    fn link(&mut self, channel: &Channel) -> Option<&mut Link> {
        match channel {
            Channel::Multiplexed => Some(&mut self.multiplexed),
            Channel::Batch(id) => self
                .per_batch
                .iter_mut()
                .find(|(known, _)| known == id)
                .map(|(_, link)| link),
        }
    }

    /// Feeds one link and turns its wishes into actions.
    fn drive(
        &mut self,
        channel: &Channel,
        input: LinkInput,
        now: Millis,
        random: f64,
        out: &mut Vec<Action>,
    ) {
        let Some(link) = self.link(channel) else {
            return;
        };
        let actions = link.step(input, now, random);
        let failures = link.failures();
        for action in actions {
            let channel = channel.clone();
            match action {
                LinkAction::Open(epoch) => out.push(Action::Open { channel, epoch }),
                LinkAction::Close(epoch) => out.push(Action::Close { channel, epoch }),
                LinkAction::Ping(epoch) => out.push(Action::Send {
                    channel,
                    epoch,
                    message: ClientMessage::Ping,
                }),
                LinkAction::Ready(epoch) => self.ready(channel, epoch, out),
                LinkAction::Lost { was_open } => self.lost(&channel, was_open, failures, out),
            }
        }
    }

    fn ready(&mut self, channel: Channel, epoch: Epoch, out: &mut Vec<Action>) {
        out.push(Action::Log(format!("{} is ready", channel_name(&channel))));
        self.renewed = false;
        let missed = match &channel {
            Channel::Multiplexed => {
                self.multiplexed_known = true;
                self.transport = Transport::Multiplexed;
                self.probing = false;
                self.followed.clone()
            }
            Channel::Batch(id) => {
                self.per_batch_known = true;
                vec![id.clone()]
            }
        };
        let carried = self.carried();
        if channel == Channel::Multiplexed && !carried.is_empty() {
            let heard = |id: &BatchId| {
                self.heard
                    .iter()
                    .find(|(known, _)| known == id)
                    .map(|(_, seq)| *seq)
            };
            let since = carried.iter().map(|id| (id.clone(), heard(id))).collect();
            out.push(Action::Send {
                channel,
                epoch,
                message: ClientMessage::Subscribe(since),
            });
        }
        if !missed.is_empty() {
            out.push(Action::CatchUp(missed));
        }
    }

    /// A socket that was refused before it ever worked means that the server does not have it: the next best way is
    /// taken. One that has worked is waited for.
    fn lost(&mut self, channel: &Channel, was_open: bool, failures: u32, out: &mut Vec<Action>) {
        let (known, next) = match channel {
            Channel::Multiplexed => (self.multiplexed_known, Transport::PerBatch),
            Channel::Batch(_) => (self.per_batch_known, Transport::Polling),
        };
        let patience = if *channel == Channel::Multiplexed {
            1
        } else {
            2
        };
        if was_open || known || failures < patience {
            return;
        }
        out.push(Action::Log(format!("{} is refused", channel_name(channel))));
        if *channel == Channel::Multiplexed {
            self.probing = false;
        }
        if *channel != Channel::Multiplexed || self.transport == Transport::Multiplexed {
            self.transport = next;
        }
    }
}

/// How long to wait before the driver opens a socket of one batch after it closed one of the same.
pub fn redial_pause(channel: &Channel) -> Duration {
    match channel {
        Channel::Multiplexed => 0,
        Channel::Batch(_) => REDIAL_PAUSE,
    }
}

fn channel_name(channel: &Channel) -> String {
    match channel {
        Channel::Multiplexed => "the multiplexed socket".into(),
        Channel::Batch(id) => format!("the socket of batch {}", id.short()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Millis = Millis(1_000_000);

    fn ids(names: &[&str]) -> Vec<BatchId> {
        names.iter().map(|name| BatchId((*name).into())).collect()
    }

    fn established(channel: Channel, epoch: u32) -> Input {
        Input::Frame {
            channel,
            epoch: Epoch(epoch),
            frame: Frame::Established,
        }
    }

    fn closed(channel: Channel, epoch: u32) -> Input {
        Input::Closed {
            channel,
            epoch: Epoch(epoch),
            code: 1006,
        }
    }

    fn live() -> Connection {
        let mut connection = Connection::default();
        connection.step(Input::Start, NOW, 1.0);
        connection.step(established(Channel::Multiplexed, 1), NOW, 1.0);
        connection
    }

    fn sent(actions: &[Action]) -> Vec<ClientMessage> {
        let message = |action: &Action| match action {
            Action::Send { message, .. } => Some(message.clone()),
            _ => None,
        };
        actions.iter().filter_map(message).collect()
    }

    fn opened(actions: &[Action]) -> Vec<Channel> {
        let channel = |action: &Action| match action {
            Action::Open { channel, .. } => Some(channel.clone()),
            _ => None,
        };
        actions.iter().filter_map(channel).collect()
    }

    #[test]
    fn nothing_is_dialled_before_sign_in() {
        let mut connection = Connection::default();
        assert_eq!(connection.step(Input::Tick, NOW, 1.0), []);
        assert_eq!(
            opened(&connection.step(Input::Start, NOW, 1.0)),
            [Channel::Multiplexed]
        );
        assert_eq!(connection.health(), Health::Connecting);
    }

    #[test]
    fn after_a_reconnect_every_followed_batch_is_subscribed_once_and_read() {
        let mut connection = live();
        connection.step(Input::Follow(ids(&["a", "b"])), NOW, 1.0);
        let seq = Frame::Gap(BatchId("zz".into()));
        connection.step(
            Input::Frame {
                channel: Channel::Multiplexed,
                epoch: Epoch(1),
                frame: seq,
            },
            NOW,
            1.0,
        );
        connection.step(closed(Channel::Multiplexed, 1), NOW + 6_000, 1.0);
        assert_eq!(connection.health(), Health::Waiting(NOW + 7_000));
        connection.step(Input::Follow(ids(&["b"])), NOW + 6_500, 1.0);
        assert_eq!(
            opened(&connection.step(Input::Tick, NOW + 7_000, 1.0)),
            [Channel::Multiplexed]
        );
        let actions = connection.step(established(Channel::Multiplexed, 2), NOW + 7_100, 1.0);
        assert_eq!(
            sent(&actions),
            [ClientMessage::Subscribe(vec![(BatchId("b".into()), None)])]
        );
        assert!(actions.contains(&Action::CatchUp(vec![BatchId("b".into())])));
    }

    #[test]
    fn missed_messages_are_asked_for_by_number() {
        let mut connection = live();
        connection.step(Input::Follow(ids(&["a"])), NOW, 1.0);
        let news = |seq| Frame::CancelAnnounced {
            batch: BatchId("a".into()),
            seq: Some(seq),
        };
        for seq in [4, 9, 5] {
            connection.step(
                Input::Frame {
                    channel: Channel::Multiplexed,
                    epoch: Epoch(1),
                    frame: news(seq),
                },
                NOW,
                1.0,
            );
        }
        connection.step(closed(Channel::Multiplexed, 1), NOW + 6_000, 1.0);
        connection.step(Input::Tick, NOW + 7_000, 1.0);
        let actions = connection.step(established(Channel::Multiplexed, 2), NOW + 7_100, 1.0);
        assert_eq!(
            sent(&actions),
            [ClientMessage::Subscribe(vec![(
                BatchId("a".into()),
                Some(9)
            )])]
        );
    }

    #[test]
    fn a_refused_multiplexed_socket_leads_to_one_socket_a_batch() {
        let mut connection = Connection::default();
        connection.step(Input::Start, NOW, 1.0);
        connection.step(Input::Follow(ids(&["a", "b"])), NOW, 1.0);
        let actions = connection.step(closed(Channel::Multiplexed, 1), NOW + 10, 1.0);
        assert_eq!(connection.transport(), Transport::PerBatch);
        assert_eq!(
            opened(&actions),
            [
                Channel::Batch(BatchId("a".into())),
                Channel::Batch(BatchId("b".into()))
            ]
        );
        for name in ["a", "b"] {
            connection.step(
                established(Channel::Batch(BatchId(name.into())), 1),
                NOW + 20,
                1.0,
            );
        }
        assert_eq!(connection.health(), Health::Live);
    }

    #[test]
    fn without_any_socket_running_batches_are_read_every_two_seconds() {
        let mut connection = Connection::default();
        connection.step(Input::Start, NOW, 1.0);
        connection.step(Input::Follow(ids(&["a"])), NOW, 1.0);
        connection.step(closed(Channel::Multiplexed, 1), NOW, 1.0);
        let batch = || Channel::Batch(BatchId("a".into()));
        connection.step(closed(batch(), 1), NOW, 1.0);
        connection.step(Input::Tick, NOW + 1_000, 1.0);
        connection.step(closed(batch(), 2), NOW + 1_000, 1.0);
        assert_eq!(connection.health(), Health::Polling(POLL_EVERY));
        let mut reads = 0;
        for ms in (1_000..21_000).step_by(100) {
            let actions = connection.step(Input::Tick, NOW + ms, 1.0);
            reads += actions
                .iter()
                .filter(|action| matches!(action, Action::CatchUp(_)))
                .count();
        }
        assert!((9..=11).contains(&reads), "{reads} reads in 20 s");
    }

    #[test]
    fn a_better_way_is_tried_again_later() {
        let mut connection = Connection::new(Transport::Polling);
        connection.step(Input::Start, NOW, 1.0);
        let actions = connection.step(Input::Tick, NOW + UPGRADE_EVERY, 1.0);
        assert_eq!(opened(&actions), [Channel::Multiplexed]);
    }

    #[test]
    fn looking_for_a_better_way_leaves_the_present_one_alone() {
        let mut connection = Connection::new(Transport::PerBatch);
        connection.step(Input::Start, NOW, 1.0);
        connection.step(Input::Follow(ids(&["a"])), NOW, 1.0);
        let batch = || Channel::Batch(BatchId("a".into()));
        connection.step(established(batch(), 1), NOW, 1.0);
        let later = NOW + UPGRADE_EVERY;
        connection.step(
            Input::Noise {
                channel: batch(),
                epoch: Epoch(1),
            },
            later,
            1.0,
        );
        let closes = |actions: &[Action]| {
            actions
                .iter()
                .any(|action| matches!(action, Action::Close { .. }))
        };
        let actions = connection.step(Input::Tick, later, 1.0);
        assert_eq!(opened(&actions), [Channel::Multiplexed]);
        assert!(!closes(&actions));
        assert!(
            !closes(&connection.step(closed(Channel::Multiplexed, 1), later, 1.0)),
            "refused again"
        );
        assert_eq!(
            (connection.transport(), connection.health()),
            (Transport::PerBatch, Health::Live)
        );
        connection.step(Input::Tick, later + UPGRADE_EVERY, 1.0);
        let actions = connection.step(
            established(Channel::Multiplexed, 2),
            later + UPGRADE_EVERY,
            1.0,
        );
        assert!(closes(&actions), "now the batch's own socket is not needed");
        assert_eq!(connection.transport(), Transport::Multiplexed);
    }

    #[test]
    fn a_socket_that_has_worked_is_waited_for_and_polling_bridges_the_gap() {
        let mut connection = live();
        connection.step(Input::Follow(ids(&["a"])), NOW, 1.0);
        connection.step(closed(Channel::Multiplexed, 1), NOW + 6_000, 1.0);
        for epoch in 2..6 {
            let until = connection.deadline().unwrap();
            connection.step(Input::Tick, until, 1.0);
            connection.step(closed(Channel::Multiplexed, epoch), until, 1.0);
        }
        assert_eq!(connection.transport(), Transport::Multiplexed);
    }

    #[test]
    fn hidden_or_offline_nothing_is_dialled_and_coming_back_dials_at_once() {
        let mut connection = live();
        connection.step(Input::Visible(false), NOW, 1.0);
        connection.step(closed(Channel::Multiplexed, 1), NOW + 6_000, 1.0);
        assert_eq!(opened(&connection.step(Input::Tick, NOW + 60_000, 1.0)), []);
        assert_eq!(
            opened(&connection.step(Input::Visible(true), NOW + 60_001, 1.0)),
            [Channel::Multiplexed]
        );
        connection.step(Input::Online(false), NOW + 60_002, 1.0);
        assert_eq!(connection.health(), Health::Offline);
        assert_eq!(
            opened(&connection.step(Input::Tick, NOW + 120_000, 1.0)),
            []
        );
        assert_eq!(
            opened(&connection.step(Input::Online(true), NOW + 120_001, 1.0)),
            [Channel::Multiplexed]
        );
    }

    #[test]
    fn online_after_a_deliberate_stop_does_nothing() {
        let mut connection = live();
        connection.step(Input::Stop, NOW, 1.0);
        connection.step(Input::Online(false), NOW, 1.0);
        assert_eq!(opened(&connection.step(Input::Online(true), NOW, 1.0)), []);
    }

    #[test]
    fn a_bad_token_stops_and_says_why_until_a_new_one_comes() {
        let mut connection = live();
        let refused = Input::Closed {
            channel: Channel::Multiplexed,
            epoch: Epoch(1),
            code: 4401,
        };
        let actions = connection.step(refused, NOW, 1.0);
        assert!(actions.contains(&Action::RenewToken));
        assert!(matches!(connection.health(), Health::Stopped(_)));
        assert_eq!(opened(&connection.step(Input::Tick, NOW + 60_000, 1.0)), []);
        let actions = connection.step(Input::Token(Some("new".into())), NOW + 60_000, 1.0);
        assert_eq!(opened(&actions), [Channel::Multiplexed]);
    }

    #[test]
    fn a_server_that_likes_no_token_is_not_asked_for_one_after_another() {
        let mut connection = live();
        let refused = |epoch| Input::Closed {
            channel: Channel::Multiplexed,
            epoch: Epoch(epoch),
            code: 4401,
        };
        connection.step(refused(1), NOW, 1.0);
        connection.step(Input::Token(Some("new".into())), NOW, 1.0);
        let actions = connection.step(refused(2), NOW, 1.0);
        assert!(!actions.contains(&Action::RenewToken));
        assert!(matches!(connection.health(), Health::Stopped(_)));
    }

    #[test]
    fn a_no_for_good_is_not_dialled_again_but_for_a_person() {
        for code in [1008, 3003, 4403] {
            let mut connection = live();
            let closed = Input::Closed {
                channel: Channel::Multiplexed,
                epoch: Epoch(1),
                code,
            };
            let actions = connection.step(closed, NOW, 1.0);
            assert!(!actions.contains(&Action::RenewToken), "{code}");
            assert!(matches!(connection.health(), Health::Stopped(_)), "{code}");
            let later = NOW + 10 * UPGRADE_EVERY;
            assert_eq!(opened(&connection.step(Input::Tick, later, 1.0)), []);
            let wanted = connection.step(Input::RetryNow, later, 1.0);
            assert_eq!(opened(&wanted), [Channel::Multiplexed]);
        }
    }

    #[test]
    fn a_healthy_link_is_checked_by_a_slow_sweep() {
        let mut connection = live();
        connection.step(Input::Follow(ids(&["a"])), NOW, 1.0);
        let mut sweeps = 0;
        for second in 1..=60 {
            let now = NOW + second * SECOND;
            connection.step(
                Input::Noise {
                    channel: Channel::Multiplexed,
                    epoch: Epoch(1),
                },
                now,
                1.0,
            );
            let actions = connection.step(Input::Tick, now, 1.0);
            sweeps += actions
                .iter()
                .filter(|action| matches!(action, Action::CatchUp(_)))
                .count();
        }
        assert_eq!(sweeps, 2);
    }
}
