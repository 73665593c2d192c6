//! The server's figures, read without the app's own reading.

use batch_runner::domain::money::Usd;
use batch_runner::domain::time::Millis;
use serde_json::Value;

pub fn usd(dollars: &Value) -> Option<Usd> {
    dollars.as_f64().and_then(Usd::from_dollars)
}

/// Compares a time with the server's text without using the app's own reading: both must write the same second.
pub fn assert_time(read: Option<Millis>, text: &Value, name: &str) {
    let expected = text.as_str().map(|text| text[..19].to_owned());
    assert_eq!(read.map(Millis::to_utc_text), expected, "{name}");
    if let (Some(read), Some(fraction)) = (read, text.as_str().and_then(|text| text.get(20..23))) {
        let told: i64 = fraction.parse().unwrap();
        assert!(
            (read.0 % 1_000 - told).abs() <= 1,
            "{name}: milliseconds of {text}"
        );
    }
}

pub fn text(value: &Value) -> Option<String> {
    value
        .as_str()
        .filter(|text| !text.trim().is_empty())
        .map(str::to_owned)
}
