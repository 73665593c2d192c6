//! Something that is read from the server.

use crate::domain::time::Millis;
use crate::error::Error;

/// Something that is read from the server. A failed or repeated read keeps what was there.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Remote<T> {
    /// Not asked for yet.
    #[default]
    Idle,
    Loading {
        since: Millis,
        old: Option<T>,
    },
    Loaded {
        value: T,
        at: Millis,
    },
    Failed {
        error: Error,
        old: Option<T>,
    },
}

impl<T> Remote<T> {
    /// Not asked for yet.
    pub fn is_idle(&self) -> bool {
        matches!(self, Self::Idle)
    }

    /// Being read.
    pub fn is_loading(&self) -> bool {
        matches!(self, Self::Loading { .. })
    }

    /// The value, old or new.
    pub fn value(&self) -> Option<&T> {
        match self {
            Self::Idle => None,
            Self::Loading { old, .. } | Self::Failed { old, .. } => old.as_ref(),
            Self::Loaded { value, .. } => Some(value),
        }
    }

    /// Why the last read failed.
    pub fn error(&self) -> Option<&Error> {
        match self {
            Self::Failed { error, .. } => Some(error),
            _ => None,
        }
    }

    /// A read begins; what was there stays.
    pub fn load(&mut self, since: Millis) {
        *self = Self::Loading {
            since,
            old: self.take_value(),
        };
    }

    /// A read has ended.
    pub fn settle(&mut self, outcome: Result<T, Error>, at: Millis) {
        *self = match outcome {
            Ok(value) => Self::Loaded { value, at },
            Err(error) => Self::Failed {
                error,
                old: self.take_value(),
            },
        };
    }

    /// Something more was learnt about the value; whether its own read waits or has failed stays as it is.
    pub fn amend(&mut self, new: T) {
        match self {
            Self::Idle => {}
            Self::Loading { old, .. } | Self::Failed { old, .. } => *old = Some(new),
            Self::Loaded { value, .. } => *value = new,
        }
    }

    fn take_value(&mut self) -> Option<T> {
        match std::mem::take(self) {
            Self::Idle => None,
            Self::Loading { old, .. } | Self::Failed { old, .. } => old,
            Self::Loaded { value, .. } => Some(value),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Kind;

    #[test]
    fn a_failed_read_is_not_an_empty_list() {
        let mut remote = Remote::default();
        remote.load(Millis(1));
        remote.settle(Ok(vec![1, 2]), Millis(2));
        remote.load(Millis(3));
        assert_eq!(remote.value(), Some(&vec![1, 2]));
        remote.settle(
            Err(Error {
                kind: Kind::Network,
                task: "load",
            }),
            Millis(4),
        );
        assert_eq!(remote.value(), Some(&vec![1, 2]));
        assert!(remote.error().is_some());
        remote.amend(vec![3]);
        assert_eq!(remote.value(), Some(&vec![3]));
        assert!(remote.error().is_some());
    }
}
