//! Thousands of clients that lose their server at the same moment, in virtual time: how many dial in each moment.

#[path = "random.rs"]
mod random;

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use batch_runner::domain::batch::BatchId;
use batch_runner::domain::live::{ClientMessage, Frame};
use batch_runner::domain::time::{Duration, Millis, SECOND};
use batch_runner::machine::connection::{Action, Channel, Connection, Input};
use batch_runner::machine::link::Epoch;
use random::Random;

/// The server is away for so long.
pub const OUTAGE: Duration = 20 * SECOND;
/// So long is looked at, from the moment of the loss.
pub const WATCHED: Duration = 60 * SECOND;
/// An answer takes from a fifth to the whole of this.
const ROUND_TRIP: f64 = 100.0;
/// The delays of a client without any randomness.
const PLAIN_LADDER: [Duration; 5] = [SECOND, 2 * SECOND, 4 * SECOND, 8 * SECOND, 16 * SECOND];

/// When the clients dialled, in milliseconds since the loss, in order.
pub struct Dials(Vec<Duration>);

impl Dials {
    /// How many in each second.
    pub fn per_second(&self) -> Vec<usize> {
        let mut seconds = vec![0; (WATCHED / SECOND) as usize];
        for at in &self.0 {
            if let Some(second) = seconds.get_mut((at / SECOND) as usize) {
                *second += 1;
            }
        }
        seconds
    }

    /// The most in any so many milliseconds.
    pub fn peak(&self, window: Duration) -> usize {
        let within = |(place, from): (usize, &Duration)| {
            let later = &self.0[place..];
            later.partition_point(|at| *at < *from + window)
        };
        self.0.iter().enumerate().map(within).max().unwrap_or(0)
    }

    /// All of them.
    pub fn total(&self) -> usize {
        self.0.len()
    }
}

/// What comes to a client, in the order of time.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Event {
    /// The answer to a dial, or to a ping.
    Answer(Epoch, bool),
    Deadline,
}

type Events = BinaryHeap<Reverse<(Duration, usize, Event)>>;

/// Clients of this app, each with the machine that the page runs.
struct Herd {
    machines: Vec<Connection>,
    random: Random,
    dials: Vec<Duration>,
    events: Events,
}

impl Herd {
    const START: Millis = Millis(1_000_000);

    fn take(&mut self, client: usize, input: Input, at: Duration) {
        let machine = &mut self.machines[client];
        for action in machine.step(input, Self::START + at, self.random.next()) {
            let (epoch, is_dial) = match action {
                Action::Open { epoch, .. } => (epoch, true),
                Action::Send {
                    epoch,
                    message: ClientMessage::Ping,
                    ..
                } => (epoch, false),
                _ => continue,
            };
            if is_dial {
                self.dials.push(at);
            }
            let answer = at + (ROUND_TRIP * (0.2 + 0.8 * self.random.next())) as Duration;
            self.events
                .push(Reverse((answer, client, Event::Answer(epoch, is_dial))));
        }
        if let Some(due) = machine.deadline() {
            let due = (due - Self::START).max(at);
            self.events.push(Reverse((due, client, Event::Deadline)));
        }
    }

    fn frame(epoch: Epoch, frame: Frame) -> Input {
        Input::Frame {
            channel: Channel::Multiplexed,
            epoch,
            frame,
        }
    }

    fn closed(epoch: Epoch) -> Input {
        Input::Closed {
            channel: Channel::Multiplexed,
            epoch,
            code: 1006,
        }
    }
}

/// Clients of this app, all of which had been live for a minute.
pub fn ours(clients: usize) -> Dials {
    let mut herd = Herd {
        machines: vec![Connection::default(); clients],
        random: Random(1),
        dials: Vec::new(),
        events: Events::new(),
    };
    for client in 0..clients {
        let began = -60 * SECOND;
        herd.take(client, Input::Start, began);
        herd.take(client, Input::Follow(vec![BatchId("b".into())]), began);
        herd.take(client, Herd::frame(Epoch(1), Frame::Established), began);
    }
    herd.events.clear();
    herd.dials.clear();
    for client in 0..clients {
        herd.take(client, Herd::closed(Epoch(1)), 0);
    }
    while let Some(Reverse((at, client, event))) = herd.events.pop() {
        if at >= WATCHED {
            break;
        }
        let due = herd.machines[client].deadline();
        let input = match event {
            Event::Answer(epoch, true) if at < OUTAGE => Herd::closed(epoch),
            Event::Answer(epoch, true) => Herd::frame(epoch, Frame::Established),
            Event::Answer(epoch, false) => Herd::frame(epoch, Frame::Pong),
            // A deadline that has moved since comes again by itself.
            Event::Deadline if due.is_none_or(|due| due > Herd::START + at) => continue,
            Event::Deadline => Input::Tick,
        };
        herd.take(client, input, at);
    }
    herd.dials.sort_unstable();
    Dials(herd.dials)
}

/// Clients that wait exactly as long as the ladder says.
pub fn plain(clients: usize) -> Dials {
    let mut random = Random(2);
    let mut dials = Vec::new();
    for _ in 0..clients {
        let (mut at, mut rung) = (0, 0);
        while at < WATCHED {
            at += PLAIN_LADDER[rung];
            rung = (rung + 1).min(PLAIN_LADDER.len() - 1);
            dials.push(at);
            at += (ROUND_TRIP * (0.2 + 0.8 * random.next())) as Duration;
            if at >= OUTAGE {
                break;
            }
        }
    }
    dials.sort_unstable();
    Dials(dials)
}
