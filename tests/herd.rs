//! What a server that comes back meets: thousands of clients that all lost it at the same moment.

#![cfg(not(target_arch = "wasm32"))]

#[path = "support/herd.rs"]
mod herd;

const CLIENTS: usize = 10_000;
const WINDOW: i64 = 250;

/// Prevents: a server that is back from trouble and is thrown down again by everybody's first attempt.
#[test]
fn ten_thousand_clients_do_not_dial_together() {
    let (ours, plain) = (herd::ours(CLIENTS), herd::plain(CLIENTS));
    assert_eq!(
        ours.per_second()[0],
        CLIENTS,
        "everybody dials in the first second"
    );
    let share = ours.peak(WINDOW) as f64 / plain.peak(WINDOW) as f64;
    assert!(
        share < 0.55,
        "{} of {}",
        ours.peak(WINDOW),
        plain.peak(WINDOW)
    );
    // Nobody dials more often for it than the shortest delays allow.
    assert!(
        ours.total() <= 2 * plain.total(),
        "{} of {}",
        ours.total(),
        plain.total()
    );
}
