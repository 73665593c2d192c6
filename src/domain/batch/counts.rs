//! How many leads of a batch are done.

/// How many leads are done. Of one batch these never decrease, see [`Counts::merge`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    pub total: u32,
    pub processed: u32,
    pub successful: u32,
    pub failed: u32,
}

impl Counts {
    /// Takes the further of both in every field; late, repeated and reordered messages are harmless thereby.
    pub fn merge(self, other: Self) -> Self {
        let total = self.total.max(other.total);
        Self {
            total,
            processed: self.processed.max(other.processed).min(total),
            successful: self.successful.max(other.successful).min(total),
            failed: self.failed.max(other.failed).min(total),
        }
    }

    /// Processed leads in percent of all, not rounded; nothing where there are none.
    pub fn percent(self) -> f64 {
        if self.total == 0 {
            0.0
        } else {
            f64::from(self.processed) * 100.0 / f64::from(self.total)
        }
    }

    /// Leads not yet processed.
    pub fn remaining(self) -> u32 {
        self.total.saturating_sub(self.processed)
    }
}
