//! Dials in each second after 10,000 clients have lost their server for 20 s: a plain ladder of delays and ours.
//!
//! `cargo run --release --example herd`

#[path = "../tests/support/herd.rs"]
mod herd;

const CLIENTS: usize = 10_000;
const WINDOW: i64 = 250;

fn main() {
    let (plain, ours) = (herd::plain(CLIENTS), herd::ours(CLIENTS));
    println!(
        "{CLIENTS} clients, the server is away for {} s",
        herd::OUTAGE / 1_000
    );
    println!("second    plain     ours");
    for (second, (plain, ours)) in plain.per_second().iter().zip(ours.per_second()).enumerate() {
        if plain + ours > 0 {
            println!("{second:>6} {plain:>8} {ours:>8}");
        }
    }
    println!("   all {:>8} {:>8}", plain.total(), ours.total());
    let (most, least) = (plain.peak(WINDOW), ours.peak(WINDOW));
    println!(
        "most in {WINDOW} ms: {most} and {least}, {:.1} %",
        least as f64 * 100.0 / most as f64
    );
}
