//! Reading JSON tolerantly: what is missing or has the wrong type is absent, never an error.
//!
//! One walk over a parsed value instead of a derived reader for each shape: that takes a tenth of the code in the
//! bundle.

use crate::json::Value;

use crate::domain::money::Usd;
use crate::domain::time::Millis;

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
            Value::Number(number) => Some(number.as_f64()),
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
            let value = crate::json::from_str(json).unwrap();
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
}
