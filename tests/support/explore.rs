//! Visits everything that can happen in a model.

use std::fmt::Debug;
use std::hash::Hash;

use stateright::{Checker, Model};

/// Visits everything up to a depth and answers the first thing that is wrong, in words; `why` tells more of a state.
pub fn explore<M>(
    model: M,
    name: &str,
    depth: usize,
    why: impl Fn(&M::State) -> Option<String>,
) -> Result<(), String>
where
    M: Model + Send + Sync + 'static,
    M::State: Clone + Debug + Hash + PartialEq + Send + Sync + 'static,
    M::Action: Clone + Debug + PartialEq,
{
    let checker = model
        .checker()
        .threads(2)
        .target_max_depth(depth)
        .spawn_bfs()
        .join();
    println!(
        "{name}: {} states, {} of them different, to depth {}",
        checker.state_count(),
        checker.unique_state_count(),
        checker.max_depth()
    );
    match checker.discoveries().into_iter().next() {
        None => Ok(()),
        Some((what, path)) => {
            let why = why(path.last_state());
            let steps = path.into_actions();
            Err(format!("not so: {what} ({why:?}) after {steps:?}"))
        }
    }
}
