//! JSON as the wire needs it: the server's values are read tolerantly (what is missing or has the wrong type is absent,
//! never an error), and shapes of ours are written and read by serde.
//!
//! The server's values are walked instead of read by derived types: a derived reader takes three times the room in the
//! bundle, and one wrong field would lose the rest.

use serde::de::{Deserialize, DeserializeOwned, Deserializer};
use serde::ser::Serialize;
use serde_json::Value;

use crate::domain::money::Usd;
use crate::domain::time::Millis;

/// A text as a value; `None` where it is no JSON, lies too deep within itself, or has too large a number.
pub fn parse(text: &str) -> Option<Value> {
    serde_json::from_str(text).ok()
}

/// A shape of ours as text.
pub fn write<T: Serialize + ?Sized>(value: &T) -> String {
    // Only maps with keys that are no strings and types that refuse themselves fail, and there are none here.
    serde_json::to_string(value).unwrap_or_default()
}

/// A shape of ours; `None` where the value is another.
pub fn fits<T: DeserializeOwned>(value: Value) -> Option<T> {
    // From a borrowed value, which is half a kilobyte smaller than from an owned one.
    T::deserialize(&value).ok()
}

/// Reads [`write`]; `None` where the text is corrupt.
pub fn read<T: DeserializeOwned>(text: &str) -> Option<T> {
    fits(parse(text)?)
}

/// Reads a list that was written by [`write`]; what is corrupt is left out.
pub fn read_each<T: DeserializeOwned>(text: &str) -> impl Iterator<Item = T> {
    let items = match parse(text) {
        Some(Value::Array(items)) => items,
        _ => Vec::new(),
    };
    items.into_iter().filter_map(fits)
}

/// For an optional field of ours: what does not fit is absent, so that it does not take the others with it.
///
/// # Errors
/// None of its own.
pub fn lenient<'de, T: DeserializeOwned, D: Deserializer<'de>>(
    field: D,
) -> Result<Option<T>, D::Error> {
    Value::deserialize(field).map(fits)
}

/// A value of the server's, perhaps absent.
#[derive(Clone, Copy, Debug)]
pub struct Json<'a>(pub &'a Value);

static ABSENT: Value = Value::Null;

impl<'a> Json<'a> {
    /// A field; absent where this is no object or has none of that name.
    pub fn get(self, name: &str) -> Self {
        Self(self.0.get(name).unwrap_or(&ABSENT))
    }

    /// The string itself.
    pub fn as_text(self) -> Option<String> {
        match self.0 {
            Value::String(text) if !text.trim().is_empty() => Some(text.clone()),
            Value::Number(number) => Some(number.to_string()),
            _ => None,
        }
    }

    /// A field's string where it holds more than white space; numbers are taken as their digits.
    pub fn text(self, name: &str) -> Option<String> {
        self.get(name).as_text()
    }

    /// The finite number itself; strings of whole numbers are read.
    pub fn as_number(self) -> Option<f64> {
        match self.0 {
            Value::Number(number) => number.as_f64(),
            Value::String(text) => text.trim().parse::<i64>().ok().map(|number| number as f64),
            _ => None,
        }
        .filter(|number: &f64| number.is_finite())
    }

    /// A field's finite number.
    pub fn number(self, name: &str) -> Option<f64> {
        self.get(name).as_number()
    }

    /// A field's whole number from 0 to `u32::MAX`; fractions are cut off, negatives are absent.
    pub fn count(self, name: &str) -> Option<u32> {
        self.get(name).as_count()
    }

    /// The whole number itself.
    pub fn as_count(self) -> Option<u32> {
        self.as_number()
            .filter(|n| (0.0..=f64::from(u32::MAX)).contains(n))
            .map(|n| n as u32)
    }

    /// A field's truth value.
    pub fn flag(self, name: &str) -> Option<bool> {
        self.get(name).0.as_bool()
    }

    /// A field's amount in dollars.
    pub fn usd(self, name: &str) -> Option<Usd> {
        self.number(name).and_then(Usd::from_dollars)
    }

    /// A field's amount in dollars that may be written in a string, as the budget's amounts are: `"700.0000"`.
    pub fn written_usd(self, name: &str) -> Option<Usd> {
        match self.get(name).0 {
            Value::String(text) => Usd::from_decimal(text),
            _ => self.usd(name),
        }
    }

    /// A field's time.
    pub fn time(self, name: &str) -> Option<Millis> {
        self.get(name).0.as_str().and_then(Millis::parse_utc)
    }

    /// The elements of a list; `None` where this is none.
    pub fn items(self) -> Option<impl Iterator<Item = Self> + 'a> {
        self.0.as_array().map(|items| items.iter().map(Self))
    }

    /// The elements of a field's list.
    ///
    /// # Errors
    /// Names the list that is missing.
    pub fn list(self, name: &str) -> Result<impl Iterator<Item = Self> + 'a, String> {
        self.get(name)
            .items()
            .ok_or_else(|| format!("no list “{name}”"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wrong_types_are_absent_and_do_not_lose_the_rest() {
        for (json, name, count, done) in [
            (
                r#"{"name":"a","count":3,"done":true}"#,
                Some("a"),
                Some(3),
                Some(true),
            ),
            (
                r#"{"name":null,"count":null,"done":null}"#,
                None,
                None,
                None,
            ),
            (
                r#"{"name":[1,[2]],"count":{"a":1},"done":"yes"}"#,
                None,
                None,
                None,
            ),
            (
                r#"{"name":7,"count":"12","done":0}"#,
                Some("7"),
                Some(12),
                None,
            ),
            (r#"{"name":"  ","count":-1}"#, None, None, None),
            (r#"{"count":1e300}"#, None, None, None),
            ("{}", None, None, None),
            ("[]", None, None, None),
        ] {
            let value = parse(json).unwrap();
            let row = Json(&value);
            assert_eq!(
                (
                    row.text("name").as_deref(),
                    row.count("count"),
                    row.flag("done")
                ),
                (name, count, done),
                "{json}"
            );
        }
    }

    /// Prevents: a stranger's text uses up the stack, or half a letter or half a number is taken for a whole one.
    #[test]
    fn what_is_no_json_is_refused() {
        let deep = "[".repeat(100_000);
        let closed = format!("{}{}", "[".repeat(200), "]".repeat(200));
        let deep_object = "{\"a\":".repeat(100_000);
        for text in [
            "",
            " ",
            "nul",
            "True",
            "01",
            "-",
            "1.",
            ".5",
            "1e",
            "+1",
            "1e999",
            "-1e999",
            "NaN",
            "\"",
            "\"\\x\"",
            "\"\\u12\"",
            "\"\\ud800\"",
            "\"\\udc00\"",
            "\"\\ud800\\u0041\"",
            "\"\n\"",
            "[",
            "[1,]",
            "[1 2]",
            "{\"a\"}",
            "{\"a\":}",
            "{a:1}",
            "{\"a\":1,}",
            "1 1",
            "\u{0}",
            &deep,
            &closed,
            &deep_object,
        ] {
            assert_eq!(parse(text), None, "{text:.20}");
        }
    }

    #[test]
    fn of_two_fields_with_one_name_the_last_counts() {
        let value = parse(r#"{"count":1,"count":{"x":1},"count":2}"#).unwrap();
        assert_eq!(Json(&value).count("count"), Some(2));
    }

    /// Prevents: an identifier that is a number is cut, or a number without end is taken for a count or for money.
    #[test]
    fn huge_numbers_are_whole_texts_and_no_counts() {
        for (json, text, number) in [
            (
                "9007199254740993",
                "9007199254740993",
                9_007_199_254_740_992.0,
            ),
            (
                "-9223372036854775807",
                "-9223372036854775807",
                -9_223_372_036_854_775_807.0,
            ),
            (
                "18446744073709551615",
                "18446744073709551615",
                18_446_744_073_709_551_615.0,
            ),
            ("1e300", "1e300", 1e300),
            (
                "123456789012345678901234567890",
                "1.2345678901234568e29",
                123_456_789_012_345_678_901_234_567_890.0,
            ),
        ] {
            let value = parse(json).unwrap();
            let read = Json(&value);
            let told = read.as_text().unwrap().replace("e+", "e");
            assert_eq!((told.as_str(), read.as_number()), (text, Some(number)));
            assert_eq!(read.as_count(), None, "{json}");
            let held = parse(&format!("{{\"cost\":{json}}}")).unwrap();
            assert_eq!(Json(&held).usd("cost"), None, "{json}");
        }
        let small = parse("1e-400").unwrap();
        assert_eq!(Json(&small).as_number(), Some(0.0));
    }

    #[test]
    fn texts_are_written_so_that_they_are_read_again() {
        for text in [
            "",
            "a\n\t\"\\/\u{8}\u{c}\r\u{1}\u{7f}",
            "é 😀 שלום",
            "\u{2028}</script>",
        ] {
            assert_eq!(read::<String>(&write(text)).as_deref(), Some(text));
        }
        let escaped = parse(r#""\u00e9 \ud83d\ude00 \/""#).unwrap();
        assert_eq!(escaped.as_str(), Some("é 😀 /"));
    }

    /// Prevents: an amount that was kept or sent comes back as another one.
    #[test]
    fn every_amount_of_money_is_written_exactly() {
        for micros in
            (0..2_000_000_i64)
                .step_by(7)
                .chain([123_456_789_012, 99_999_999_990_001, -50_000])
        {
            let dollars = micros as f64 / 1e6;
            let text = write(&dollars);
            assert_eq!(text.parse::<f64>(), Ok(dollars), "{text}");
            let value = parse(&format!("{{\"price\":{text}}}")).unwrap();
            let price = Json(&value).usd("price").unwrap();
            assert_eq!(price.micros(), micros, "{text}");
            assert!(text.len() < 20, "{text}");
        }
        assert_eq!(write(&[2.0, 0.5, -1.25, 0.0]), "[2.0,0.5,-1.25,0.0]");
        assert_eq!(write(&f64::NAN), "null");
    }

    #[test]
    fn of_a_list_of_ours_what_does_not_fit_is_left_out() {
        let each = |text: &str| read_each::<(String, u8)>(text).collect::<Vec<_>>();
        assert_eq!(
            each(r#"[["a",1],7,["b"],["c",256],["d","1"],["e",2]]"#),
            [("a".to_owned(), 1), ("e".to_owned(), 2)]
        );
        for text in ["", "{", "null", "{\"a\":[]}", "7"] {
            assert_eq!(each(text), [], "{text}");
        }
    }
}
