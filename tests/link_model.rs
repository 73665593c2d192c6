//! The link of all tabs under every fault: exhaustively up to a depth, and in random schedules.
//!
//! `LINK_DEPTH`, `LINK_FAULTS` and `LINK_SCHEDULES` make them longer than the everyday test needs.

#![cfg(not(target_arch = "wasm32"))]

#[path = "support/explore.rs"]
mod explore;
#[path = "support/link_sim/mod.rs"]
mod link_sim;

use std::hash::{Hash, Hasher};

use explore::explore;
use link_sim::{Sabotage, Server, Sim, Step};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use stateright::{Model, Property};

/// So long after the last fault everything is right, in milliseconds.
const HEALED_WITHIN: i64 = 120_000;

/// The server is away for so long after each schedule.
const OUTAGE: i64 = 60_000;

fn number(name: &str, usual: usize) -> usize {
    let given = std::env::var(name).ok();
    given.map_or(usual, |text| text.parse().expect("a number"))
}

/// All that can happen to a browser, with at most so many faults.
struct World {
    tabs: usize,
    server: Server,
    sabotage: Option<Sabotage>,
    faults: u32,
}

#[derive(Clone, Debug)]
struct State {
    sim: Sim,
    faults: u32,
    key: u64,
}

impl State {
    fn new(sim: Sim, faults: u32) -> Self {
        let key = sim.key();
        Self { sim, faults, key }
    }
}

impl PartialEq for State {
    fn eq(&self, other: &Self) -> bool {
        (self.key, self.faults) == (other.key, other.faults)
    }
}

impl Eq for State {}

impl Hash for State {
    fn hash<H: Hasher>(&self, state: &mut H) {
        (self.key, self.faults).hash(state);
    }
}

impl Model for World {
    type State = State;
    type Action = Step;

    fn init_states(&self) -> Vec<State> {
        let sim = Sim::new(self.tabs, true, self.server, self.sabotage);
        vec![State::new(sim, self.faults)]
    }

    fn actions(&self, state: &State, actions: &mut Vec<Step>) {
        let may = |step: &Step| state.faults > 0 || !step.is_fault();
        actions.extend(state.sim.steps().into_iter().filter(may));
    }

    fn next_state(&self, state: &State, step: Step) -> Option<State> {
        let mut sim = state.sim.clone();
        sim.step(step);
        Some(State::new(sim, state.faults - u32::from(step.is_fault())))
    }

    fn properties(&self) -> Vec<Property<Self>> {
        vec![
            Property::always("nothing is wrong", |_, state: &State| {
                state.sim.wrong().is_none()
            }),
            Property::always("everything heals", |_, state: &State| {
                state.sim.clone().calm(HEALED_WITHIN).is_ok()
            }),
        ]
    }

    fn within_boundary(&self, state: &State) -> bool {
        state.sim.under_way() <= 12
    }
}

fn visit(world: World, depth: usize) -> Result<(), String> {
    let name = format!("{} tabs, {:?}", world.tabs, world.server);
    explore(world, &name, depth, |state| {
        let wrong = state.sim.wrong().map(str::to_owned);
        wrong.or(state.sim.clone().calm(HEALED_WITHIN).err())
    })
}

/// Prevents: two sockets at once, an end that is never shown, counts that go back, a state without a way out.
#[test]
fn nothing_that_can_happen_leaves_the_link_wrong() {
    let depth = number("LINK_DEPTH", 5);
    let faults = number("LINK_FAULTS", 2) as u32;
    for (tabs, server) in [
        (1, Server::Multiplexed),
        (2, Server::Multiplexed),
        (2, Server::PerBatch),
        (2, Server::NoSockets),
    ] {
        let world = World {
            tabs,
            server,
            sabotage: None,
            faults,
        };
        visit(world, depth + 4 * usize::from(tabs == 1)).unwrap();
    }
}

/// Prevents: a check that finds nothing because it looks at nothing.
#[test]
fn every_kind_of_sabotage_is_found() {
    for (sabotage, word) in [
        (Sabotage::OpenLock, "two live sockets"),
        (Sabotage::NoCatchUp, "the end is not shown"),
        (Sabotage::NewestWins, "a count went back"),
        (Sabotage::EagerDials, "dials"),
        (Sabotage::NoTimers, "the end is not shown"),
    ] {
        let why = find(sabotage);
        println!("{sabotage:?}: {why}");
        assert!(why.contains(word), "{sabotage:?}: {why}");
    }
}

/// What goes wrong with this sabotage in random schedules.
fn find(sabotage: Sabotage) -> String {
    let config = Config {
        cases: 20_000,
        failure_persistence: None,
        ..Config::default()
    };
    let found = TestRunner::new_with_rng(config, seeded())
        .run(&schedule(), |schedule| judge(&schedule, Some(sabotage)));
    found.expect_err("sabotage is found").to_string()
}

fn seeded() -> proptest::test_runner::TestRng {
    proptest::test_runner::TestRng::deterministic_rng(proptest::test_runner::RngAlgorithm::ChaCha)
}

/// Tabs, what the server has, and which of the possible steps comes next.
type Schedule = (usize, u8, bool, Vec<u16>);

fn schedule() -> impl Strategy<Value = Schedule> {
    let steps = prop::collection::vec(any::<u16>(), 0..60);
    (1..=3_usize, 0..3_u8, prop::bool::weighted(0.9), steps)
}

fn judge(
    (tabs, server, able, steps): &Schedule,
    sabotage: Option<Sabotage>,
) -> Result<(), TestCaseError> {
    let server = match server {
        0 => Server::Multiplexed,
        1 => Server::PerBatch,
        _ => Server::NoSockets,
    };
    let mut sim = Sim::new(*tabs, *able, server, sabotage);
    let mut taken = Vec::new();
    for choice in steps {
        let all = sim.steps();
        // Faults are rarer than what always happens.
        let (faults, usual): (Vec<Step>, Vec<Step>) = all.into_iter().partition(|it| it.is_fault());
        let from = if choice % 4 == 0 || usual.is_empty() {
            faults
        } else {
            usual
        };
        let step = from[usize::from(choice / 4) % from.len()];
        taken.push(step);
        sim.step(step);
        if let Some(wrong) = sim.wrong() {
            return Err(TestCaseError::fail(format!("{wrong} after {taken:?}")));
        }
    }
    let healed = sim.outage(OUTAGE).and_then(|()| sim.calm(HEALED_WITHIN));
    healed.map_err(|why| TestCaseError::fail(format!("never heals: {why} after {taken:?}")))
}

/// Prevents: some order of faults from which the link does not recover by itself.
#[test]
fn every_schedule_of_faults_ends_well() {
    let cases = number("LINK_SCHEDULES", 2_000);
    let config = Config {
        cases: cases as u32,
        failure_persistence: None,
        max_shrink_iters: 20_000,
        ..Config::default()
    };
    let mut runner = TestRunner::new_with_rng(config, seeded());
    let result = runner.run(&schedule(), |schedule| judge(&schedule, None));
    println!("{cases} schedules");
    result.unwrap();
}
