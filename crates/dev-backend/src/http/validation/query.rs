//! Reads queries.

use axum::http::Uri;
use serde_json::{Value, json};

use super::complaint;
use crate::http::errors::ApiError;

/// A query, decoded. The last of several values counts, as in FastAPI.
#[derive(Debug)]
pub struct Query {
    pairs: Vec<(String, String)>,
    complaints: Vec<Value>,
}

impl Query {
    /// The query of a request.
    pub fn of(uri: &Uri) -> Self {
        let pairs = uri
            .query()
            .unwrap_or_default()
            .split('&')
            .filter(|pair| !pair.is_empty())
            .map(|pair| {
                let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
                (percent_decode(name, true), percent_decode(value, true))
            })
            .collect();
        Self {
            pairs,
            complaints: Vec::new(),
        }
    }

    /// A text.
    pub fn text(&self, name: &str) -> Option<&str> {
        self.pairs
            .iter()
            .rev()
            .find(|(found, _)| found == name)
            .map(|(_, value)| value.as_str())
    }

    fn complain(&mut self, kind: &str, name: &str, msg: &str, input: &str, ctx: Option<Value>) {
        self.complaints.push(complaint(
            kind,
            &[json!("query"), json!(name)],
            msg,
            json!(input),
            ctx,
        ));
    }

    /// A whole number, or `default`.
    pub fn integer(&mut self, name: &str, default: i64) -> i64 {
        let Some(text) = self.text(name).map(str::to_owned) else {
            return default;
        };
        if let Ok(number) = text.trim().parse() {
            return number;
        }
        let msg = "Input should be a valid integer, unable to parse string as an integer";
        self.complain("int_parsing", name, msg, &text, None);
        default
    }

    /// Yes or no in pydantic's spellings.
    pub fn boolean(&mut self, name: &str) -> Option<bool> {
        let text = self.text(name)?.to_owned();
        match text.to_ascii_lowercase().as_str() {
            "1" | "on" | "t" | "true" | "y" | "yes" => Some(true),
            "0" | "off" | "f" | "false" | "n" | "no" => Some(false),
            _ => {
                let msg = "Input should be a valid boolean, unable to interpret input";
                self.complain("bool_parsing", name, msg, &text, None);
                None
            }
        }
    }

    /// One of `choices`.
    pub fn choice(&mut self, name: &str, choices: &[&str]) -> Option<String> {
        let text = self.text(name)?.to_owned();
        if choices.contains(&text.as_str()) {
            return Some(text);
        }
        let quoted: Vec<String> = choices.iter().map(|choice| format!("'{choice}'")).collect();
        let expected = match quoted.split_last() {
            Some((last, others)) if !others.is_empty() => {
                format!("{} or {last}", others.join(", "))
            }
            _ => quoted.join(""),
        };
        // The recorded complaint about an enumeration has no link.
        self.complaints.push(json!({
            "type": "enum",
            "loc": ["query", name],
            "msg": format!("Input should be {expected}"),
            "input": text,
            "ctx": { "expected": expected },
        }));
        None
    }

    /// An instant, in microseconds since the epoch.
    pub fn instant(&mut self, name: &str) -> Option<i64> {
        let text = self.text(name)?.to_owned();
        match crate::clock::parse_datetime(&text) {
            Ok(instant) => Some(instant),
            Err(error) => {
                let msg = format!("Input should be a valid datetime, {error}");
                self.complain(
                    "datetime_parsing",
                    name,
                    &msg,
                    &text,
                    Some(json!({ "error": error })),
                );
                None
            }
        }
    }

    /// A whole number within bounds that are checked before anything else.
    pub fn bounded(&mut self, name: &str, default: i64, least: i64, most: i64) -> i64 {
        let number = self.integer(name, default);
        let text = self.text(name).unwrap_or_default().to_owned();
        if number < least {
            let msg = format!("Input should be greater than or equal to {least}");
            self.complain(
                "greater_than_equal",
                name,
                &msg,
                &text,
                Some(json!({ "ge": least })),
            );
        } else if number > most {
            let msg = format!("Input should be less than or equal to {most}");
            self.complain(
                "less_than_equal",
                name,
                &msg,
                &text,
                Some(json!({ "le": most })),
            );
        }
        number
    }

    /// Ends the reading.
    ///
    /// # Errors
    /// 422 with every complaint.
    pub fn finish(self) -> Result<(), ApiError> {
        if self.complaints.is_empty() {
            Ok(())
        } else {
            Err(ApiError::Validation(self.complaints))
        }
    }
}

/// Decodes `%41`, and `+` as a space where `plus_is_space`. Bytes that are not UTF-8 are replaced.
pub fn percent_decode(text: &str, plus_is_space: bool) -> String {
    let bytes = text.as_bytes();
    let mut decoded = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        let hex = (*byte == b'%')
            .then(|| text.get(at + 1..at + 3))
            .flatten()
            .and_then(|digits| u8::from_str_radix(digits, 16).ok());
        match (byte, hex) {
            (_, Some(value)) => {
                decoded.push(value);
                at += 2;
            }
            (b'+', None) if plus_is_space => decoded.push(b' '),
            (other, None) => decoded.push(*other),
        }
        at += 1;
    }
    String::from_utf8_lossy(&decoded).into_owned()
}
