//! JSON: a parsed value, read strictly and written compactly.
//!
//! No more than the page needs: `serde_json` brings 12 KB of the compressed bundle with it, half of them tables for
//! numbers that nobody sends.

use std::fmt::{self, Display, Formatter, Write};
use std::ops::{Index, IndexMut};

/// A value of any kind.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Value {
    #[default]
    Null,
    Bool(bool),
    Number(Number),
    String(String),
    Array(Vec<Value>),
    /// The fields as they were written; of two with one name the last counts.
    Object(Vec<(String, Value)>),
}

/// A number; whole ones stay exact.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Number {
    Whole(i64),
    Fraction(f64),
}

/// The text is no JSON.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotJson;

/// How deep values may lie within each other: a stranger's text must not use up the stack.
const DEPTH_MAX: usize = 128;
/// From here on not every whole number is an `f64`.
const WHOLE_MAX: f64 = 9_007_199_254_740_992.0;

static ABSENT: Value = Value::Null;

/// An object of named values, a list of values, or one value: `json!({ "name": name, "ids": [1, 2] })`.
macro_rules! json {
    ({ $($name:literal : $value:expr),* $(,)? }) => {
        $crate::json::Value::Object(vec![
            $(($name.to_owned(), $crate::json::ToJson::to_json(&$value))),*
        ])
    };
    ([ $($value:expr),* $(,)? ]) => {
        $crate::json::Value::Array(vec![$($crate::json::ToJson::to_json(&$value)),*])
    };
    ($value:expr) => {
        $crate::json::ToJson::to_json(&$value)
    };
}
pub(crate) use json;

impl Value {
    /// A field by its name, or an item by its place.
    pub fn get(&self, key: impl Key) -> Option<&Self> {
        key.find(self)
    }

    /// The words of a string.
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Self::String(text) => Some(text),
            _ => None,
        }
    }

    /// Whether it is true.
    pub fn as_bool(&self) -> Option<bool> {
        match self {
            Self::Bool(so) => Some(*so),
            _ => None,
        }
    }

    /// The whole number that it is written as.
    pub fn as_i64(&self) -> Option<i64> {
        match self {
            Self::Number(Number::Whole(number)) => Some(*number),
            _ => None,
        }
    }

    /// The number.
    pub fn as_f64(&self) -> Option<f64> {
        match self {
            Self::Number(number) => Some(number.as_f64()),
            _ => None,
        }
    }

    /// The items of a list.
    pub fn as_array(&self) -> Option<&Vec<Self>> {
        match self {
            Self::Array(items) => Some(items),
            _ => None,
        }
    }

    /// The fields of an object.
    pub fn as_object(&self) -> Option<&[(String, Self)]> {
        match self {
            Self::Object(fields) => Some(fields),
            _ => None,
        }
    }

    /// Whether it is an object.
    pub fn is_object(&self) -> bool {
        self.as_object().is_some()
    }
}

impl Number {
    /// The nearest number of this kind.
    pub fn as_f64(self) -> f64 {
        match self {
            Self::Whole(number) => number as f64,
            Self::Fraction(number) => number,
        }
    }
}

/// What a value inside another is found by.
pub trait Key {
    /// The value, where it is there.
    fn find(self, value: &Value) -> Option<&Value>;
}

impl Key for &str {
    fn find(self, value: &Value) -> Option<&Value> {
        let mut fields = value.as_object()?.iter().rev();
        fields.find_map(|(name, value)| (name == self).then_some(value))
    }
}

impl Key for usize {
    fn find(self, value: &Value) -> Option<&Value> {
        value.as_array()?.get(self)
    }
}

impl<T: AsRef<str> + ?Sized> Index<&T> for Value {
    type Output = Self;

    /// The field; null where it is not there.
    fn index(&self, name: &T) -> &Self {
        self.get(name.as_ref()).unwrap_or(&ABSENT)
    }
}

impl<T: AsRef<str> + ?Sized> IndexMut<&T> for Value {
    /// The field, which is made where it is not there; what was no object becomes one.
    fn index_mut(&mut self, name: &T) -> &mut Self {
        field_of(self, name.as_ref())
    }
}

fn field_of<'value>(value: &'value mut Value, name: &str) -> &'value mut Value {
    if !value.is_object() {
        *value = Value::Object(Vec::new());
    }
    let Value::Object(fields) = value else {
        return value;
    };
    let place = fields.iter().rposition(|(other, _)| other == name);
    let place = place.unwrap_or_else(|| {
        fields.push((name.to_owned(), Value::Null));
        fields.len() - 1
    });
    &mut fields[place].1
}

/// What can be told in JSON.
pub trait ToJson {
    /// The value.
    fn to_json(&self) -> Value;
}

macro_rules! told_as {
    ($($kind:ty: $value:ident => $told:expr;)*) => {$(
        impl ToJson for $kind {
            fn to_json(&self) -> Value {
                let $value = self;
                $told
            }
        }
    )*};
}

told_as! {
    Value: value => value.clone();
    bool: so => Value::Bool(*so);
    str: text => Value::String(text.to_owned());
    String: text => Value::String(text.clone());
    i64: number => Value::Number(Number::Whole(*number));
    u32: number => i64::from(*number).to_json();
    u8: number => i64::from(*number).to_json();
    f64: number => Value::Number(Number::Fraction(*number));
    u64: number => i64::try_from(*number).map_or_else(|_| (*number as f64).to_json(), |number| number.to_json());
}

impl<T: ToJson + ?Sized> ToJson for &T {
    fn to_json(&self) -> Value {
        T::to_json(self)
    }
}

impl<T: ToJson> ToJson for Option<T> {
    fn to_json(&self) -> Value {
        self.as_ref().map_or(Value::Null, T::to_json)
    }
}

impl<T: ToJson> ToJson for Vec<T> {
    fn to_json(&self) -> Value {
        self.iter().collect()
    }
}

impl<T: ToJson, const COUNT: usize> ToJson for [T; COUNT] {
    fn to_json(&self) -> Value {
        self.iter().collect()
    }
}

impl<T: ToJson> FromIterator<T> for Value {
    fn from_iter<I: IntoIterator<Item = T>>(items: I) -> Self {
        Self::Array(items.into_iter().map(|item| item.to_json()).collect())
    }
}

impl From<&str> for Value {
    fn from(value: &str) -> Self {
        value.to_json()
    }
}

impl Display for Number {
    fn fmt(&self, formatter: &mut Formatter) -> fmt::Result {
        match self {
            Self::Whole(number) => number.fmt(formatter),
            Self::Fraction(number) => formatter.write_str(&fraction_text(*number)),
        }
    }
}

/// A number with as few digits as lead back to it, as far as 15 or 16 digits can; with a point, so that it is read as
/// what it was. The standard library's own writing takes five times the room in the bundle.
fn fraction_text(number: f64) -> String {
    if !number.is_finite() {
        return "null".to_owned();
    }
    let sign = if number < 0.0 { "-" } else { "" };
    let (mut size, mut exponent) = (number.abs(), 0);
    while size >= WHOLE_MAX {
        size /= 10.0;
        exponent += 1;
    }
    while size != 0.0 && size < 1e-6 {
        size *= 10.0;
        exponent -= 1;
    }
    let (mut places, mut unit) = (1, 10.0);
    while (size * unit).round() / unit != size && size * unit * 10.0 < WHOLE_MAX {
        places += 1;
        unit *= 10.0;
    }
    let digits = format!(
        "{:0>width$}",
        (size * unit).round() as u64,
        width = places + 1
    );
    let (whole, rest) = digits.split_at(digits.len() - places);
    let end = match exponent {
        0 => String::new(),
        _ => format!("e{exponent}"),
    };
    format!("{sign}{whole}.{rest}{end}")
}

impl Display for Value {
    fn fmt(&self, formatter: &mut Formatter) -> fmt::Result {
        let mut text = String::new();
        write(self, &mut text);
        formatter.write_str(&text)
    }
}

fn write(value: &Value, out: &mut String) {
    match value {
        Value::Null => out.push_str("null"),
        Value::Bool(true) => out.push_str("true"),
        Value::Bool(false) => out.push_str("false"),
        Value::Number(number) => out.push_str(&number.to_string()),
        Value::String(text) => write_text(text, out),
        Value::Array(items) => {
            out.push('[');
            for (place, item) in items.iter().enumerate() {
                if place > 0 {
                    out.push(',');
                }
                write(item, out);
            }
            out.push(']');
        }
        Value::Object(fields) => {
            out.push('{');
            for (place, (name, value)) in fields.iter().enumerate() {
                if place > 0 {
                    out.push(',');
                }
                write_text(name, out);
                out.push(':');
                write(value, out);
            }
            out.push('}');
        }
    }
}

fn write_text(text: &str, out: &mut String) {
    out.push('"');
    for letter in text.chars() {
        match letter {
            '"' | '\\' => out.extend(['\\', letter]),
            '\n' => out.push_str("\\n"),
            // Writing to a string never fails.
            '\0'..='\x1f' => drop(write!(out, "\\u{:04x}", letter as u32)),
            _ => out.push(letter),
        }
    }
    out.push('"');
}

/// Reads a text that is one value.
///
/// # Errors
/// Anything that is no JSON, lies too deep, or is too large a number.
pub fn from_str(text: &str) -> Result<Value, NotJson> {
    let mut reader = Reader { text, at: 0 };
    let value = reader.value(DEPTH_MAX)?;
    reader.skip_space();
    match reader.peek() {
        None => Ok(value),
        Some(_) => Err(NotJson),
    }
}

struct Reader<'text> {
    text: &'text str,
    at: usize,
}

impl Reader<'_> {
    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn skip_space(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\n' | b'\r' | b'\t')) {
            self.at += 1;
        }
    }

    /// Goes on if that comes next.
    fn has(&mut self, next: &str) -> bool {
        let so = self.text.as_bytes()[self.at..].starts_with(next.as_bytes());
        if so {
            self.at += next.len();
        }
        so
    }

    fn must(&mut self, next: &str) -> Result<(), NotJson> {
        if self.has(next) { Ok(()) } else { Err(NotJson) }
    }

    fn value(&mut self, depth: usize) -> Result<Value, NotJson> {
        let depth = depth.checked_sub(1).ok_or(NotJson)?;
        self.skip_space();
        match self.peek() {
            Some(b'"') => self.string().map(Value::String),
            Some(b'{') => {
                let mut fields = Vec::new();
                self.items("{", "}", |reader| {
                    let name = reader.string()?;
                    reader.skip_space();
                    reader.must(":")?;
                    fields.push((name, reader.value(depth)?));
                    Ok(())
                })?;
                Ok(Value::Object(fields))
            }
            Some(b'[') => {
                let mut items = Vec::new();
                self.items("[", "]", |reader| {
                    items.push(reader.value(depth)?);
                    Ok(())
                })?;
                Ok(Value::Array(items))
            }
            Some(b'-' | b'0'..=b'9') => self.number().map(Value::Number),
            _ if self.has("null") => Ok(Value::Null),
            _ if self.has("true") => Ok(Value::Bool(true)),
            _ if self.has("false") => Ok(Value::Bool(false)),
            _ => Err(NotJson),
        }
    }

    fn items(
        &mut self,
        begin: &str,
        end: &str,
        mut item: impl FnMut(&mut Self) -> Result<(), NotJson>,
    ) -> Result<(), NotJson> {
        self.must(begin)?;
        self.skip_space();
        if self.has(end) {
            return Ok(());
        }
        loop {
            self.skip_space();
            item(self)?;
            self.skip_space();
            if self.has(end) {
                return Ok(());
            }
            self.must(",")?;
        }
    }

    fn string(&mut self) -> Result<String, NotJson> {
        self.must("\"")?;
        let mut read = String::new();
        loop {
            let start = self.at;
            while !matches!(self.peek(), None | Some(b'"' | b'\\' | 0..=0x1f)) {
                self.at += 1;
            }
            // Only ASCII ends a stretch, so it ends between letters.
            read.push_str(&self.text[start..self.at]);
            if self.has("\"") {
                return Ok(read);
            }
            self.must("\\")?;
            let letter = match self.peek().ok_or(NotJson)? {
                b'u' => {
                    read.push(self.escaped()?);
                    continue;
                }
                b'n' => '\n',
                b't' => '\t',
                b'r' => '\r',
                b'b' => '\x08',
                b'f' => '\x0c',
                same @ (b'"' | b'\\' | b'/') => char::from(same),
                _ => return Err(NotJson),
            };
            self.at += 1;
            read.push(letter);
        }
    }

    /// A letter by its number, of which UTF-16 writes the high ones as two.
    fn escaped(&mut self) -> Result<char, NotJson> {
        let first = self.unit()?;
        let code = match first {
            0xd800..=0xdbff => {
                self.must("\\")?;
                let second = self.unit()?;
                if !(0xdc00..=0xdfff).contains(&second) {
                    return Err(NotJson);
                }
                0x10000 + ((first - 0xd800) << 10) + (second - 0xdc00)
            }
            _ => first,
        };
        char::from_u32(code).ok_or(NotJson)
    }

    fn unit(&mut self) -> Result<u32, NotJson> {
        self.must("u")?;
        let mut code = 0;
        for _ in 0..4 {
            let digit = self.peek().and_then(|digit| char::from(digit).to_digit(16));
            code = code * 16 + digit.ok_or(NotJson)?;
            self.at += 1;
        }
        Ok(code)
    }

    fn number(&mut self) -> Result<Number, NotJson> {
        let is_negative = self.has("-");
        let mut digits = Digits::default();
        let leads_with_zero = self.peek() == Some(b'0');
        let count = self.digits(&mut digits, 0)?;
        if leads_with_zero && count > 1 {
            return Err(NotJson);
        }
        let mut is_whole = digits.lost == 0;
        if self.has(".") {
            is_whole = false;
            self.digits(&mut digits, -1)?;
        }
        if matches!(self.peek(), Some(b'e' | b'E')) {
            self.at += 1;
            is_whole = false;
            let is_small = !self.has("+") && self.has("-");
            let mut exponent = Digits::default();
            self.digits(&mut exponent, 0)?;
            // Beyond this every number is nothing or too large, however long its digits are.
            let exponent = exponent.kept.min(100_000) as i64;
            digits.lost = (digits.lost).saturating_add(if is_small { -exponent } else { exponent });
        }
        if let (true, Ok(whole)) = (is_whole, i64::try_from(digits.kept)) {
            return Ok(Number::Whole(if is_negative { -whole } else { whole }));
        }
        let size = scaled(digits.kept as f64, digits.lost);
        if !size.is_finite() {
            return Err(NotJson);
        }
        Ok(Number::Fraction(if is_negative { -size } else { size }))
    }

    /// Reads one digit or more; `shift` is what each does to the place of the point.
    fn digits(&mut self, digits: &mut Digits, shift: i64) -> Result<usize, NotJson> {
        let start = self.at;
        while let Some(digit @ b'0'..=b'9') = self.peek() {
            self.at += 1;
            let with = digits.kept.checked_mul(10);
            match with.and_then(|kept| kept.checked_add(u64::from(digit - b'0'))) {
                Some(kept) if !digits.is_full => {
                    digits.kept = kept;
                    digits.lost += shift;
                }
                // What no longer fits only moves the point.
                _ => {
                    digits.is_full = true;
                    digits.lost += shift + 1;
                }
            }
        }
        match self.at - start {
            0 => Err(NotJson),
            count => Ok(count),
        }
    }
}

/// The digits of a number: the first 19, and by how many powers of ten the number differs from them.
#[derive(Default)]
struct Digits {
    kept: u64,
    lost: i64,
    is_full: bool,
}

/// A number times a power of ten. Exact for up to 15 digits and 22 powers, which is all that money needs.
fn scaled(mut number: f64, mut powers: i64) -> f64 {
    while powers != 0 && number != 0.0 && number.is_finite() {
        let step = powers.clamp(-22, 22);
        let factor = (0..step.abs()).fold(1.0, |factor, _| factor * 10.0);
        if step > 0 {
            number *= factor;
        } else {
            number /= factor;
        }
        powers -= step;
    }
    number
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_read_is_what_serde_json_reads() {
        for text in [
            "null",
            " true ",
            "false",
            "0",
            "-0.0",
            "-1",
            "12.5",
            "0.1",
            "1e3",
            "1E-2",
            "3.0",
            "1.25e+2",
            "9007199254740993",
            "-9223372036854775807",
            "9223372036854775807",
            "18446744073709551615",
            "123456789012345678901234567890",
            "0.000001",
            "4.35",
            "1e22",
            "1e300",
            "\"\"",
            "\"a\\n\\t\\\"\\\\\\/\\b\\f\\r\"",
            "\"\\u00e9 \\ud83d\\ude00 é 😀\"",
            "[]",
            "[ 1 , [ ] , {} ]",
            "{}",
            "{ \"a\" : 1 , \"b\" : { \"c\" : [ null ] } }",
            "{\"a\":1,\"a\":2}",
        ] {
            let theirs: serde_json::Value = serde_json::from_str(text).unwrap();
            let ours = from_str(text).unwrap();
            let again: serde_json::Value = serde_json::from_str(&ours.to_string()).unwrap();
            // Very large numbers are fractions here, with 15 or 16 digits.
            let near = again.as_f64().zip(theirs.as_f64());
            let same = again == theirs || near.is_some_and(|(a, b)| (a / b - 1.0).abs() < 1e-15);
            assert!(same, "{text}: {ours}");
        }
    }

    #[test]
    fn what_is_no_json_is_refused_as_serde_json_refuses_it() {
        let deep = "[".repeat(100_000);
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
            "\"",
            "\"\\x\"",
            "\"\\u12\"",
            "\"\\ud800\"",
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
        ] {
            assert_eq!(from_str(text), Err(NotJson), "{text:.20}");
            assert!(
                serde_json::from_str::<serde_json::Value>(text).is_err(),
                "{text:.20}"
            );
        }
    }

    #[test]
    fn every_amount_of_money_is_written_exactly() {
        for micros in
            (0..2_000_000_i64)
                .step_by(7)
                .chain([123_456_789_012, 99_999_999_990_001, -50_000])
        {
            let dollars = micros as f64 / 1e6;
            let text = json!(dollars).to_string();
            assert_eq!(text.parse::<f64>(), Ok(dollars), "{text}");
            assert_eq!(from_str(&text).unwrap().as_f64(), Some(dollars), "{text}");
            assert!(text.len() < 20, "{text}");
        }
        assert_eq!(
            json!([2.0, 0.5, -1.25, 0.0]).to_string(),
            "[2.0,0.5,-1.25,0.0]"
        );
        assert_eq!(json!(f64::NAN).to_string(), "null");
    }

    #[test]
    fn values_are_made_and_changed_in_place() {
        let mut value = json!({ "name": "é \"\u{1}", "none": None::<bool>, "ids": ["a", "b"] });
        value["since"]["b"] = json!(7_u64);
        value["name"] = json!("x");
        assert_eq!(
            value.to_string(),
            r#"{"name":"x","none":null,"ids":["a","b"],"since":{"b":7}}"#
        );
        assert_eq!(value["ids"].get(1).and_then(Value::as_str), Some("b"));
        assert_eq!(
            (&value["absent"]["deep"], value["since"]["b"].as_i64()),
            (&Value::Null, Some(7))
        );
        assert_eq!(json!("é\"\\\n\u{1}").to_string(), "\"é\\\"\\\\\\n\\u0001\"");
    }
}
