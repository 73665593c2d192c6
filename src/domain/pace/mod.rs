//! How fast a batch goes, and how long the rest of it takes, as a range.
//!
//! Method: what has been processed is cut into steps of equally many leads, because a pause then makes one step long
//! instead of leaving many empty. The time per lead is fitted over those steps as a straight line: Bayesian linear
//! regression (Bishop, *Pattern Recognition and Machine Learning*, section 3.3), with a prior that draws the slope to
//! none, and with older steps counting less (exponential forgetting; Haykin, *Adaptive Filter Theory*, chapter 10), so
//! that a change of speed is followed. The line is continued through what is left. The range is that of the prediction:
//! uncertainty of the line, unevenness of the steps still to come, and a drift of the speed that grows with the share
//! left. `cargo run --release --example eta_bench` judges it, also as a group of `cargo xtask bench`.

mod forecast;
mod line;
mod samples;

pub use samples::{SAMPLES_KEPT, Samples};

use super::time::{Duration, Millis};

/// How a batch goes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Pace {
    /// Too little was seen to say how long the rest takes.
    Early,
    /// News are fresh.
    Going { rate: f64, left: Left },
    /// No news since `as_of`; rate and time left are those of then.
    Frozen {
        rate: f64,
        left: Left,
        as_of: Millis,
    },
    /// News come, and nothing has moved since then.
    Stalled { since: Millis },
    /// Nothing is left to wait for.
    Ended,
}

/// The time that is left, from and to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Left {
    pub low: Duration,
    pub high: Duration,
}

impl Pace {
    /// Leads per second, lately.
    pub fn rate(&self) -> Option<f64> {
        match self {
            Self::Going { rate, .. } | Self::Frozen { rate, .. } => Some(*rate),
            _ => None,
        }
    }

    /// The time left, where it can be told.
    pub fn left(&self) -> Option<Left> {
        match self {
            Self::Going { left, .. } | Self::Frozen { left, .. } => Some(*left),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests;
