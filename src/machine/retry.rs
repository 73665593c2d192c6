//! When something that failed is tried again.

use crate::domain::time::{Duration, SECOND};
use crate::error::{Error, Kind};

/// Delays after successive failures in seconds; the last one stays. Source: the product's specification.
const LADDER: [Duration; 5] = [1, 2, 4, 8, 16];

/// The delay before attempt number `attempt` (the first failure is 1) with equal jitter: the rung times 0.5 to 1.0,
/// never above it. `random` is from 0 up to 1.
pub fn ladder_delay(attempt: u32, random: f64) -> Duration {
    let rung = (attempt.max(1) as usize - 1).min(LADDER.len() - 1);
    let nominal = LADDER[rung] * SECOND;
    (nominal as f64 * (0.5 + 0.5 * random.clamp(0.0, 1.0))) as Duration
}

/// How many times a rate-limited request is sent again.
const RATE_LIMIT_RETRIES: u32 = 5;
/// 503 is tried three more times, two seconds apart. Source: the product's specification.
const UNAVAILABLE_RETRIES: u32 = 3;
const UNAVAILABLE_DELAY: Duration = 2 * SECOND;
/// A lost connection is repeated at once (the server drops a connection after some errors), then twice with pauses.
const NETWORK_RETRIES: u32 = 3;

/// How long to wait before a request that can be repeated is sent again after its failure number `failures` (counted
/// from 1); `None` where it is given up and told.
pub fn retry_delay(error: &Error, failures: u32, random: f64) -> Option<Duration> {
    match error.kind {
        Kind::RateLimited(told) => (failures <= RATE_LIMIT_RETRIES).then(|| {
            told.map_or_else(
                || ladder_delay(failures, random),
                |s| i64::from(s.max(1)) * SECOND,
            )
        }),
        Kind::Unavailable { .. } => (failures <= UNAVAILABLE_RETRIES).then_some(UNAVAILABLE_DELAY),
        Kind::Network | Kind::Timeout(_) => match failures {
            1 => Some(0),
            n if n <= NETWORK_RETRIES => Some(ladder_delay(n - 1, random)),
            _ => None,
        },
        Kind::Offline
        | Kind::Unauthorized
        | Kind::Forbidden(_)
        | Kind::NotFound(_)
        | Kind::Refused(_)
        | Kind::Server(..)
        | Kind::Unreadable(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(kind: Kind) -> Error {
        Error {
            kind,
            task: "load the leads",
        }
    }

    #[test]
    fn the_ladder_is_1_2_4_8_16_16_and_jitter_never_exceeds_it() {
        let nominal = [1_000, 2_000, 4_000, 8_000, 16_000, 16_000, 16_000];
        for (at, rung) in nominal.into_iter().enumerate() {
            let attempt = at as u32 + 1;
            assert_eq!(ladder_delay(attempt, 1.0), rung);
            assert_eq!(ladder_delay(attempt, 0.0), rung / 2);
            assert!((rung / 2..=rung).contains(&ladder_delay(attempt, 0.37)));
        }
        assert_eq!(ladder_delay(0, 1.0), 1_000);
        assert_eq!(ladder_delay(u32::MAX, 9.0), 16_000);
    }

    #[test]
    fn the_servers_own_waiting_time_is_honoured() {
        assert_eq!(
            retry_delay(&error(Kind::RateLimited(Some(7))), 1, 0.0),
            Some(7_000)
        );
        assert_eq!(
            retry_delay(&error(Kind::RateLimited(Some(0))), 1, 0.0),
            Some(1_000)
        );
        assert_eq!(
            retry_delay(&error(Kind::RateLimited(None)), 3, 1.0),
            Some(4_000)
        );
        assert_eq!(retry_delay(&error(Kind::RateLimited(None)), 6, 1.0), None);
    }

    fn busy() -> Kind {
        Kind::Unavailable {
            status: 503,
            told: false,
        }
    }

    #[test]
    fn unavailable_is_tried_three_more_times_two_seconds_apart() {
        let delays: Vec<_> = (1..=4)
            .map(|n| retry_delay(&error(busy()), n, 0.5))
            .collect();
        assert_eq!(delays, [Some(2_000), Some(2_000), Some(2_000), None]);
    }

    #[test]
    fn a_dropped_connection_is_repeated_at_once() {
        assert_eq!(retry_delay(&error(Kind::Network), 1, 0.5), Some(0));
        assert_eq!(retry_delay(&error(Kind::Network), 4, 0.5), None);
    }

    #[test]
    fn what_a_person_must_mend_is_not_repeated() {
        for kind in [
            Kind::Refused(vec![]),
            Kind::Unauthorized,
            Kind::Server(500, String::new()),
        ] {
            assert_eq!(retry_delay(&error(kind), 1, 0.5), None);
        }
    }
}
