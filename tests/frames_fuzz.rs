//! Whatever comes over a socket or from another tab is read or dropped, and never more than that.
//!
//! `FRAME_INPUTS` says how many inputs are tried; the everyday number only shows that the trying works.

#![cfg(not(target_arch = "wasm32"))]

use batch_runner::domain::batch::BatchId;
use batch_runner::domain::live::Frame;
use batch_runner::wire::tabs::{Told, read_told};
use batch_runner::wire::ws::{Dropped, read_frame};
use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

/// What servers say, one frame a line.
const CORPUS: &str = include_str!("support/frames.jsonl");
/// What frames are made of, and what breaks readers.
const PIECES: &[&str] = &[
    "{",
    "}",
    "[",
    "]",
    ":",
    ",",
    "\"",
    "\\",
    "\\u0000",
    "\\ud800",
    "null",
    "true",
    "-1",
    "1e999",
    "-0",
    "18446744073709551616",
    "0.1",
    "NaN",
    "\n\n",
    "\n",
    "\u{202e}",
    "\u{0}",
    "😀",
    "\"type\"",
    "\"batch_id\"",
    "\"seq\"",
    "\"progress_update\"",
    "\"batch_completed\"",
    "\"batch_error\"",
    "\"lead_update\"",
    "\"leads\"",
    "\"wants\"",
    "\"tab\"",
    "\"processed\"",
    "\"total\"",
    "[[[[[[[[[[[[[[[[",
    "{\"a\":{\"a\":{\"a\":",
];

/// One way to spoil a frame; places are taken modulo its length.
#[derive(Clone, Debug)]
enum Spoil {
    Cut(usize, usize),
    Insert(usize, usize),
    Repeat(usize, usize),
    Byte(usize, u8),
    Splice(usize, usize),
}

fn spoil() -> impl Strategy<Value = Spoil> {
    let place = 0..4_096_usize;
    prop_oneof![
        (place.clone(), 1..64_usize).prop_map(|(at, length)| Spoil::Cut(at, length)),
        (place.clone(), 0..PIECES.len()).prop_map(|(at, piece)| Spoil::Insert(at, piece)),
        (place.clone(), 1..64_usize).prop_map(|(at, length)| Spoil::Repeat(at, length)),
        (place.clone(), any::<u8>()).prop_map(|(at, byte)| Spoil::Byte(at, byte)),
        (place.clone(), place).prop_map(|(at, of)| Spoil::Splice(at, of)),
    ]
}

/// A frame of the corpus, spoilt a few times.
fn spoilt(corpus: &[&str], (of, spoils): (usize, Vec<Spoil>)) -> String {
    let mut bytes = corpus[of % corpus.len()].as_bytes().to_vec();
    for spoil in spoils {
        let place = |at: usize| at % (bytes.len() + 1);
        match spoil {
            Spoil::Cut(at, length) => {
                let at = place(at);
                let end = (at + length).min(bytes.len());
                bytes.drain(at..end);
            }
            Spoil::Insert(at, piece) => {
                let at = place(at);
                bytes.splice(at..at, PIECES[piece].bytes());
            }
            Spoil::Repeat(at, length) => {
                let at = place(at);
                let again = bytes[at..(at + length).min(bytes.len())].to_vec();
                bytes.splice(at..at, again);
            }
            Spoil::Byte(at, byte) => {
                if !bytes.is_empty() {
                    let at = at % bytes.len();
                    bytes[at] = byte;
                }
            }
            Spoil::Splice(at, of) => {
                let other = corpus[of % corpus.len()].as_bytes();
                let at = place(at);
                bytes.truncate(at);
                bytes.extend(&other[at.min(other.len())..]);
            }
        }
    }
    // Browsers hand over nothing but valid text.
    String::from_utf8_lossy(&bytes).into_owned()
}

/// What was read makes sense, whatever it was read from.
fn judge(text: &str, own: Option<&BatchId>) -> Result<(), TestCaseError> {
    match read_frame(text, own) {
        Ok(Frame::News { news, .. } | Frame::Ended { news, .. }) => {
            prop_assert!(news.rate.is_none_or(|rate| rate.is_finite() && rate >= 0.0));
            prop_assert!(news.remaining.is_none_or(|left| left >= 0));
            let mut shown = batch_runner::domain::batch::Batch::unknown(news.id.clone());
            shown.merge(*news, batch_runner::domain::batch::Source::Live);
            let percent = shown.counts.percent();
            prop_assert!((0.0..=100.0).contains(&percent), "{percent} %");
        }
        Err(Dropped::TooLarge) => prop_assert!(text.len() > batch_runner::wire::ws::FRAME_MAX),
        _ => {}
    }
    if let Some(Told::Frame { batch, text }) = read_told(text) {
        let _ = read_frame(&text, batch.as_ref());
    }
    Ok(())
}

/// Prevents: a frame that ends the page, and a number that no server can have meant.
#[test]
fn no_frame_does_harm() {
    let inputs =
        std::env::var("FRAME_INPUTS").map_or(20_000, |text| text.parse().expect("a number"));
    let corpus: Vec<&str> = CORPUS.lines().collect();
    let config = Config {
        cases: inputs,
        failure_persistence: None,
        ..Config::default()
    };
    let rng = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
    let own = BatchId("b-1".into());
    let inputs = (
        any::<usize>(),
        prop::collection::vec(spoil(), 0..8),
        any::<bool>(),
    );
    TestRunner::new_with_rng(config, rng)
        .run(&inputs, |(of, spoils, named)| {
            judge(&spoilt(&corpus, (of, spoils)), named.then_some(&own))
        })
        .unwrap();
}

/// Prevents: a corpus of frames that are dropped before they are read.
#[test]
fn the_corpus_is_what_is_said() {
    for line in CORPUS.lines() {
        let told = read_told(&line.replace("\\n", "\n"));
        let is_word = matches!(told, Some(Told::Word(_)));
        assert!(is_word || read_frame(line, None).is_ok(), "{line}");
    }
}
