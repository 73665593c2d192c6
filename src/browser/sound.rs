//! The sound of a batch's end: two short tones, made here, so that the page loads no file for them.

use wasm_bindgen_futures::JsFuture;
use web_sys::HtmlAudioElement;

use super::page;

/// Samples per second.
const RATE: u32 = 8_000;
/// Samples of one tone: 0.18 s.
const LENGTH: u32 = 1_440;
/// In hertz.
const TONES: [u32; 2] = [880, 1_320];

/// Plays it, where the browser lets this page be heard: most want a click in the page first.
pub fn chime() {
    // A file of bytes as the text of Latin-1, which is what `btoa` takes.
    let text: String = wav().into_iter().map(char::from).collect();
    let encoded = page::window().and_then(|window| window.btoa(&text).ok());
    let playing = encoded.and_then(|encoded| {
        let url = format!("data:audio/wav;base64,{encoded}");
        HtmlAudioElement::new_with_src(&url).ok()?.play().ok()
    });
    if let Some(playing) = playing {
        // Where it may not be heard, the words tell it all the same.
        wasm_bindgen_futures::spawn_local(async move { drop(JsFuture::from(playing).await) });
    }
}

/// A WAV file: one channel of eight bits.
fn wav() -> Vec<u8> {
    let size = LENGTH * TONES.len() as u32;
    let mut file = b"RIFF".to_vec();
    file.extend((36 + size).to_le_bytes());
    file.extend(b"WAVEfmt ");
    // So long is what follows; plain samples in one channel.
    file.extend(16_u32.to_le_bytes());
    file.extend([1, 0, 1, 0]);
    file.extend(RATE.to_le_bytes());
    // Bytes per second, bytes per sample, bits per sample.
    file.extend(RATE.to_le_bytes());
    file.extend([1, 0, 8, 0]);
    file.extend(b"data");
    file.extend(size.to_le_bytes());
    for hertz in TONES {
        file.extend((0..LENGTH).map(|place| sample(hertz, place)));
    }
    file
}

/// A triangle that dies away.
fn sample(hertz: u32, place: u32) -> u8 {
    let phase = (place * hertz % RATE * 256 / RATE) as i32;
    let height = (phase - 128).abs() * 2 - 128;
    let loudness = (LENGTH - place) as i32;
    (128 + height * loudness / (LENGTH as i32 * 3)) as u8
}
