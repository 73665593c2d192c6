//! Reproducible randomness for seeded data and outcomes, and unpredictable identifiers.

use std::hash::{BuildHasher, Hasher, RandomState};

/// A small generator of pseudo-random numbers (SplitMix64). The same seed gives the same numbers on
/// every machine, which is what seeded leads and outcomes need; it is not for secrets.
#[derive(Debug, Clone)]
pub struct Random {
    state: u64,
}

impl Random {
    /// A generator that repeats itself for the same `seed`.
    pub fn seeded(seed: u64) -> Self {
        Self { state: seed }
    }

    /// A generator for one thing among many: the same `seed` and `parts` give the same numbers.
    pub fn for_parts(seed: u64, parts: &[&str]) -> Self {
        // FNV-1a with a separator, so that ("ab", "c") and ("a", "bc") differ.
        let mut hash = 0xcbf2_9ce4_8422_2325_u64 ^ seed;
        for part in parts {
            for byte in part.bytes().chain([0xff]) {
                hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
            }
        }
        Self { state: hash }
    }

    /// A generator that nobody can predict: seeded by the process's random hash keys.
    pub fn unpredictable() -> Self {
        Self {
            state: RandomState::new().build_hasher().finish() ^ crate::clock::now().unsigned_abs(),
        }
    }

    /// The next 64 bits.
    pub fn bits(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.state;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number in `0.0..1.0`.
    pub fn unit(&mut self) -> f64 {
        // 53 bits fit a double's mantissa exactly.
        #[allow(clippy::cast_precision_loss)]
        let numerator = (self.bits() >> 11) as f64;
        numerator / 9_007_199_254_740_992.0
    }

    /// Whether an event of the given probability (0–1) happens.
    pub fn chance(&mut self, probability: f64) -> bool {
        self.unit() < probability
    }

    /// A whole number in `0..bound`; 0 when `bound` is 0.
    pub fn below(&mut self, bound: usize) -> usize {
        if bound == 0 {
            0
        } else {
            usize::try_from(self.bits() % bound as u64).unwrap_or(0)
        }
    }

    /// One of `choices`; `T::default()` when there are none.
    pub fn pick<T: Copy + Default>(&mut self, choices: &[T]) -> T {
        choices
            .get(self.below(choices.len()))
            .copied()
            .unwrap_or_default()
    }

    /// A sample of the standard normal distribution (Box–Muller).
    pub fn normal(&mut self) -> f64 {
        let radius = (-2.0 * (1.0 - self.unit()).ln()).sqrt();
        radius * (std::f64::consts::TAU * self.unit()).cos()
    }

    /// A version-4 UUID in lower case.
    pub fn uuid(&mut self) -> String {
        let high = (self.bits() & !0xf000) | 0x4000;
        let low = (self.bits() & !(0b11 << 62)) | (0b10 << 62);
        format!(
            "{:08x}-{:04x}-{:04x}-{:04x}-{:012x}",
            high >> 32,
            (high >> 16) & 0xffff,
            high & 0xffff,
            low >> 48,
            low & 0xffff_ffff_ffff
        )
    }
}

/// A fresh, unpredictable UUID.
pub fn new_id() -> String {
    Random::unpredictable().uuid()
}

/// A fresh opaque token of 256 bits that looks like the product's three-part tokens.
pub fn new_token() -> String {
    let mut random = Random::unpredictable();
    let mut other = Random::unpredictable();
    format!(
        "dev.{:016x}{:016x}.{:016x}{:016x}",
        random.bits(),
        other.bits(),
        random.bits(),
        other.bits()
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_repeats_and_another_does_not() {
        let draw = |seed| {
            (0..4)
                .map(|_| Random::seeded(seed).uuid())
                .collect::<Vec<_>>()
        };
        assert_eq!(draw(7), draw(7));
        assert_ne!(draw(7), draw(8));
        assert_ne!(new_token(), new_token());
    }

    #[test]
    fn a_uuid_has_its_version_and_variant() {
        let mut random = Random::seeded(1);
        for _ in 0..100 {
            let id = random.uuid();
            assert_eq!(id.len(), 36);
            assert_eq!(&id[14..15], "4");
            assert!(matches!(&id[19..20], "8" | "9" | "a" | "b"));
        }
    }
}
