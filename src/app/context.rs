//! What an update may use, and where it leaves what is to be done.

use crate::app::effect::Effect;
use crate::domain::time::Millis;

/// What an update may use and where it leaves its effects.
#[derive(Debug)]
pub struct Ctx {
    pub now: Millis,
    random_state: u64,
    pub(in crate::app) effects: Vec<Effect>,
}

impl Ctx {
    pub(in crate::app) fn new(now: Millis, seed: u64) -> Self {
        Self {
            now,
            random_state: seed,
            effects: Vec::new(),
        }
    }

    /// Asks the driver to do something.
    pub fn emit(&mut self, effect: Effect) {
        self.effects.push(effect);
    }

    /// 64 random bits (SplitMix64 over the seed that was handed in).
    pub fn bits(&mut self) -> u64 {
        self.random_state = self.random_state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.random_state;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// From 0 up to 1.
    pub fn random(&mut self) -> f64 {
        (self.bits() >> 11) as f64 / (1u64 << 53) as f64
    }
}
