//! An order of a module's functions that compresses well.
//!
//! gzip finds what repeats only within the last 32 KB, so functions that are alike must stand close together. Each next
//! function is the one that shares the most with those just before it, counted in short stretches of code; a stretch
//! counts the more the fewer functions have it.

use std::collections::HashMap;

use crate::wasm::Function;

/// The length of a stretch of code.
const STRETCH: usize = 6;
/// How many bytes back something is still close: less than gzip's window, where near things cost less than far ones.
const WINDOW: usize = 20_000;
/// What so many functions have stands close anyway, wherever they are.
const COMMON: usize = 500;
/// How fast a stretch's worth falls with the number of functions that have it.
const RARITY: f64 = 0.6;
/// How a function's worth is weighed against its length: by 1 the best packed would win, by 0 the longest.
const LENGTH: f64 = 0.7;
/// What is added to each length, lest the shortest functions win by two or three stretches.
const SHORTEST: f64 = 8.0;

/// The present places of the functions, in their new order.
pub fn by_likeness(functions: &[Function]) -> Vec<usize> {
    let mut nearby = Nearby::new(functions);
    let mut left: Vec<usize> = (0..functions.len()).collect();
    let mut order = Vec::with_capacity(functions.len());
    let mut oldest = 0;
    let mut bytes = 0;
    while let Some(best) = nearby.best(functions, &left) {
        let chosen = left.remove(best);
        order.push(chosen);
        nearby.enter(chosen);
        bytes += functions[chosen].code.len();
        while bytes > WINDOW && oldest + 1 < order.len() {
            nearby.leave(order[oldest]);
            bytes -= functions[order[oldest]].code.len();
            oldest += 1;
        }
    }
    order
}

/// What each function shares with those that stand close.
struct Nearby {
    /// The stretches of each function, each once.
    stretches_of: Vec<Vec<usize>>,
    /// The functions that have a stretch.
    having: Vec<Vec<usize>>,
    /// How many of the close functions have a stretch.
    close: Vec<u32>,
    /// What each function's stretches that are close are worth together.
    shared: Vec<f64>,
}

impl Nearby {
    fn new(functions: &[Function]) -> Self {
        let mut ids: HashMap<&[u8], usize> = HashMap::new();
        let mut having: Vec<Vec<usize>> = Vec::new();
        for (place, function) in functions.iter().enumerate() {
            for stretch in function.code.windows(STRETCH) {
                let id = *ids.entry(stretch).or_insert(having.len());
                if id == having.len() {
                    having.push(Vec::new());
                }
                if having[id].last() != Some(&place) {
                    having[id].push(place);
                }
            }
        }
        having.retain(|places| (2..=COMMON).contains(&places.len()));
        let mut stretches_of = vec![Vec::new(); functions.len()];
        for (id, places) in having.iter().enumerate() {
            for place in places {
                stretches_of[*place].push(id);
            }
        }
        Self {
            close: vec![0; having.len()],
            shared: vec![0.0; functions.len()],
            stretches_of,
            having,
        }
    }

    /// The place in `left` of the function to come next; the first of equals, so that every machine builds the same.
    fn best(&self, functions: &[Function], left: &[usize]) -> Option<usize> {
        let mut best = None;
        let mut highest = f64::NEG_INFINITY;
        for (at, place) in left.iter().enumerate() {
            let length = functions[*place].code.len() as f64 + SHORTEST;
            // A little for nothing shared: the shortest comes first then.
            let worth = self.shared[*place].max(1e-9) / length.powf(LENGTH);
            if worth > highest {
                highest = worth;
                best = Some(at);
            }
        }
        best
    }

    fn enter(&mut self, place: usize) {
        for &id in &self.stretches_of[place] {
            self.close[id] += 1;
            if self.close[id] == 1 {
                let worth = worth(self.having[id].len());
                self.having[id]
                    .iter()
                    .for_each(|it| self.shared[*it] += worth);
            }
        }
    }

    fn leave(&mut self, place: usize) {
        for &id in &self.stretches_of[place] {
            self.close[id] -= 1;
            if self.close[id] == 0 {
                let worth = worth(self.having[id].len());
                self.having[id]
                    .iter()
                    .for_each(|it| self.shared[*it] -= worth);
            }
        }
    }
}

/// What a stretch is worth that so many functions have.
fn worth(functions: usize) -> f64 {
    (functions as f64).powf(-RARITY)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn functions_that_are_alike_come_one_after_the_other() {
        let code = |letters: &str| Function::of(letters.repeat(3).as_bytes());
        let functions: Vec<Function> = ["abcdefgh", "12345678", "abcdefgi", "12345679", "abcdefgj"]
            .map(code)
            .into();
        let order = by_likeness(&functions);
        let families: Vec<usize> = order.iter().map(|place| place % 2).collect();
        assert!(
            families.is_sorted() || families.iter().rev().is_sorted(),
            "{order:?}"
        );
        assert_eq!(order, by_likeness(&functions));
        assert!(by_likeness(&[]).is_empty());
    }
}
