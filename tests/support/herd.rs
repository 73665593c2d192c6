//! Thousands of clients that lose their server at the same moment, in virtual time: how many dial in each moment.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use batch_runner::domain::batch::BatchId;
use batch_runner::domain::live::Frame;
use batch_runner::domain::time::{Duration, Millis, SECOND};
use batch_runner::machine::connection::{Action, Channel, Connection, Input};
use batch_runner::machine::link::Epoch;

/// The server is away for so long.
pub const OUTAGE: Duration = 20 * SECOND;
/// So long is looked at, from the moment of the loss.
pub const WATCHED: Duration = 60 * SECOND;
/// An answer takes from a fifth to the whole of this.
const ROUND_TRIP: f64 = 100.0;
/// The delays of a client without any randomness.
const PLAIN_LADDER: [Duration; 5] = [SECOND, 2 * SECOND, 4 * SECOND, 8 * SECOND, 16 * SECOND];

/// A sequence that looks random and is the same every time (SplitMix64, by Steele, Lea and Flood).
struct Random(u64);

impl Random {
    /// From 0 up to 1.
    fn next(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((mixed ^ (mixed >> 31)) >> 11) as f64 / (1_u64 << 53) as f64
    }
}

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

/// Clients of this app: the machine that the page runs.
pub fn ours(clients: usize) -> Dials {
    const START: Millis = Millis(1_000_000);
    let mut random = Random(1);
    let mut dials = Vec::new();
    let mut events: BinaryHeap<Reverse<(Duration, usize, Option<Epoch>)>> = BinaryHeap::new();
    let mut herd: Vec<Connection> = Vec::with_capacity(clients);
    let mut take =
        |client: usize,
         machine: &mut Connection,
         input: Input,
         at: Duration,
         events: &mut BinaryHeap<Reverse<(Duration, usize, Option<Epoch>)>>| {
            let actions = machine.step(input, START + at, random.next());
            for action in actions {
                if let Action::Open { epoch, .. } = action {
                    dials.push(at);
                    let answer = at + (ROUND_TRIP * (0.2 + 0.8 * random.next())) as Duration;
                    events.push(Reverse((answer, client, Some(epoch))));
                }
            }
            if let Some(deadline) = machine.deadline() {
                events.push(Reverse(((deadline - START).max(at), client, None)));
            }
        };
    let multiplexed = |frame| Input::Frame {
        channel: Channel::Multiplexed,
        epoch: Epoch(1),
        frame,
    };
    let closed = |epoch| Input::Closed {
        channel: Channel::Multiplexed,
        epoch,
        code: 1006,
    };
    for client in 0..clients {
        let mut machine = Connection::default();
        // All are live for a minute, as on any day.
        let began = -60 * SECOND;
        let mut ignored = BinaryHeap::new();
        for input in [
            Input::Start,
            Input::Follow(vec![BatchId("b".into())]),
            multiplexed(Frame::Established),
        ] {
            take(client, &mut machine, input, began, &mut ignored);
        }
        take(client, &mut machine, closed(Epoch(1)), 0, &mut events);
        herd.push(machine);
    }
    while let Some(Reverse((at, client, answered))) = events.pop() {
        if at >= WATCHED {
            break;
        }
        let machine = &mut herd[client];
        let input = match answered {
            Some(epoch) if at < OUTAGE => closed(epoch),
            Some(epoch) => Input::Frame {
                channel: Channel::Multiplexed,
                epoch,
                frame: Frame::Established,
            },
            // A deadline that has moved since comes again by itself.
            None if machine.deadline().is_none_or(|due| due > START + at) => continue,
            None => Input::Tick,
        };
        take(client, machine, input, at, &mut events);
    }
    dials.retain(|at| *at >= 0);
    dials.sort_unstable();
    Dials(dials)
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
