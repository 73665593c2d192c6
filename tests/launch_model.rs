//! The launch under every order of clicks, lost answers, reloads and crashes, in two tabs of one browser: one batch per
//! approved batch, and none without.
//!
//! `LAUNCH_DEPTH` makes it longer than the everyday test needs, `LAUNCH_SCHEDULES` the random runs.

#![cfg(not(target_arch = "wasm32"))]

#[path = "support/explore.rs"]
mod explore;
#[path = "support/launch_sim/mod.rs"]
mod launch_sim;
#[path = "support/random.rs"]
mod random;

use explore::explore;
use launch_sim::{Bounds, Sabotage, State, World};
use stateright::Model;

const TABS: usize = 2;

fn visit(bounds: Bounds, sabotage: Option<Sabotage>, depth: usize) -> Result<(), String> {
    let name = format!("{bounds:?} {sabotage:?}");
    let wrong = |state: &State| state.wrong.map(str::to_owned);
    explore(World { bounds, sabotage }, &name, depth, wrong)
}

/// From a variable of the environment, else what the everyday test takes.
fn setting(name: &str, everyday: usize) -> usize {
    std::env::var(name).map_or(everyday, |text| text.parse().expect("a number"))
}

const ALONE: Bounds = Bounds {
    tabs: 1,
    batches: 1,
    reviews: 2,
    faults: 3,
};
const TOGETHER: Bounds = Bounds {
    tabs: TABS,
    batches: 1,
    reviews: 2,
    faults: 2,
};
const SEVERAL: Bounds = Bounds {
    tabs: 1,
    batches: 3,
    reviews: 2,
    faults: 2,
};

/// Prevents: money that is spent twice, or without an approval, or behind a person's back.
#[test]
fn one_approval_is_one_batch_and_everything_is_told_as_it_is() {
    let deeper = setting("LAUNCH_DEPTH", 0);
    for (bounds, depth) in [(ALONE, 22), (TOGETHER, 16), (SEVERAL, 20)] {
        visit(bounds, None, depth + deeper).unwrap();
    }
}

/// Prevents: the same beyond the depth that can be visited whole.
#[test]
fn random_schedules_spend_nothing_twice() {
    for number in 0..setting("LAUNCH_SCHEDULES", 5_000) {
        let mut random = random::Random(number as u64);
        let bounds = Bounds {
            tabs: TABS,
            batches: 1 + (number % 3) as u32,
            reviews: 4,
            faults: 6,
        };
        let world = World {
            bounds,
            sabotage: None,
        };
        let mut state = State::new(bounds);
        let mut taken = Vec::new();
        for _ in 0..80 {
            let mut actions = Vec::new();
            world.actions(&state, &mut actions);
            let Some(action) = actions.get((random.next() * actions.len() as f64) as usize) else {
                break;
            };
            taken.push(*action);
            state.step(action.0, action.1, &world);
            assert_eq!(state.wrong, None, "schedule {number}: {taken:?}");
        }
        assert!(
            state.comes_to_the_truth(&world),
            "schedule {number}: {taken:?}"
        );
    }
}

/// Prevents: a check that finds nothing because it looks at nothing.
#[test]
fn every_kind_of_sabotage_is_found() {
    for (bounds, sabotage, word) in [
        (ALONE, Sabotage::SendsAgain, "two batches of one approval"),
        (
            ALONE,
            Sabotage::LateJournal,
            "sent before it was written down",
        ),
        (ALONE, Sabotage::HastyClick, "nobody approved"),
        (TOGETHER, Sabotage::NoLock, "while another tab was at it"),
        (ALONE, Sabotage::ForgetsOpen, "the ledger does not know"),
        (
            TOGETHER,
            Sabotage::IgnoresOthers,
            "bought again without a word",
        ),
    ] {
        let why = visit(bounds, Some(sabotage), 11).expect_err("sabotage is found");
        assert!(why.contains(word), "{sabotage:?}: {why}");
    }
}
