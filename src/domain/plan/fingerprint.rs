//! Numbers by which equal plans are known.

use super::Plan;
use crate::domain::cost::PriceSubject;

impl Plan {
    /// A number by which this plan is told from any other: its leads, template, settings and price.
    pub fn hash(&self) -> u64 {
        let words = |words: &Option<String>| words.clone().unwrap_or_default();
        // A line for each, as in the subject's number.
        let settings = format!(
            "{}\n{}\n{}\n{}\n{}",
            self.price.micros(),
            self.max_concurrent,
            self.retry_count,
            words(&self.name),
            words(&self.description)
        );
        fnv(self.subject.hash(), settings.as_bytes())
    }
}

impl PriceSubject {
    /// A number by which equal leads with an equal template are known, whatever they cost and are called.
    pub fn hash(&self) -> u64 {
        let ids = self.lead_ids.iter().map(|id| &id.0);
        // A line for each, so that no two lists run together into the same text.
        std::iter::once(&self.template.0)
            .chain(ids)
            .fold(FNV_START, |hash, text| {
                fnv(fnv(hash, text.as_bytes()), b"\n")
            })
    }
}

const FNV_START: u64 = 0xcbf2_9ce4_8422_2325;

/// FNV-1a. Source: Fowler, Noll and Vo, <https://datatracker.ietf.org/doc/html/draft-eastlake-fnv>.
fn fnv(start: u64, bytes: &[u8]) -> u64 {
    bytes.iter().fold(start, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3)
    })
}
