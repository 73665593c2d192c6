//! Reading queries and bodies as the recorded server does, with its complaints (pydantic 2.5).

use axum::body::Bytes;
use axum::http::Uri;
use serde_json::{Map, Value, json};

use crate::http::errors::ApiError;
use crate::quirks::Quirk;
use crate::state::State;

/// A complaint with a link to its explanation.
pub fn complaint(kind: &str, loc: &[Value], msg: &str, input: Value, ctx: Option<Value>) -> Value {
    let mut complaint = json!({ "type": kind, "loc": loc, "msg": msg, "input": input });
    if let Some(ctx) = ctx {
        complaint["ctx"] = ctx;
    }
    complaint["url"] = json!(format!("https://errors.pydantic.dev/2.5/v/{kind}"));
    complaint
}

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

/// Reads the body of a POST.
///
/// # Errors
/// 422 for no body and for a body that is not JSON; silence for the latter under the quirk.
pub fn posted(state: &State, body: &Bytes) -> Result<Map<String, Value>, ApiError> {
    match optional_json(body) {
        Ok(None) => {
            let missing = complaint(
                "missing",
                &[json!("body")],
                "Field required",
                Value::Null,
                None,
            );
            Err(ApiError::Validation(vec![missing]))
        }
        Ok(Some(Value::Object(object))) => Ok(object),
        Ok(Some(other)) => {
            let msg = "Input should be a valid dictionary or object to extract fields from";
            Err(ApiError::Validation(vec![complaint(
                "model_attributes_type",
                &[json!("body")],
                msg,
                other,
                None,
            )]))
        }
        Err(_) if state.has(Quirk::MalformedJsonHangs) => Err(ApiError::Silence),
        Err(error) => Err(error),
    }
}

/// Reads a body that may be absent.
///
/// # Errors
/// 422 in the recorded form for a body that is not JSON.
pub fn optional_json(body: &Bytes) -> Result<Option<Value>, ApiError> {
    if body.is_empty() {
        return Ok(None);
    }
    serde_json::from_slice(body).map(Some).map_err(|error| {
        let line_start = body
            .split(|byte| *byte == b'\n')
            .take(error.line().saturating_sub(1))
            .map(|line| line.len() + 1)
            .sum::<usize>();
        let reason = if error.to_string().starts_with("key must be a string") {
            "Expecting property name enclosed in double quotes"
        } else if error.to_string().starts_with("expected `,`") {
            "Expecting ',' delimiter"
        } else if error.to_string().starts_with("expected `:`") {
            "Expecting ':' delimiter"
        } else {
            "Expecting value"
        };
        ApiError::Validation(vec![json!({
            "type": "json_invalid",
            "loc": ["body", line_start + error.column().saturating_sub(1)],
            "msg": "JSON decode error",
            "input": {},
            "ctx": { "error": reason },
        })])
    })
}

/// Reads the fields of a body and collects what is wrong with them, in the order of reading.
#[derive(Debug)]
pub struct Fields<'a> {
    body: &'a Map<String, Value>,
    complaints: Vec<Value>,
}

impl<'a> Fields<'a> {
    /// The fields of a body.
    pub fn of(body: &'a Map<String, Value>) -> Self {
        Self {
            body,
            complaints: Vec::new(),
        }
    }

    fn complain(&mut self, kind: &str, name: &str, msg: &str, ctx: Option<Value>) {
        let input = self.body.get(name).cloned().unwrap_or(Value::Null);
        self.complaints.push(complaint(
            kind,
            &[json!("body"), json!(name)],
            msg,
            input,
            ctx,
        ));
    }

    fn missing(&mut self, name: &str) {
        let input = Value::Object(self.body.clone());
        self.complaints.push(complaint(
            "missing",
            &[json!("body"), json!(name)],
            "Field required",
            input,
            None,
        ));
    }

    /// A required text.
    pub fn required_text(&mut self, name: &str) -> String {
        match self.body.get(name) {
            None => self.missing(name),
            Some(Value::String(text)) => return text.clone(),
            Some(_) => self.complain("string_type", name, "Input should be a valid string", None),
        }
        String::new()
    }

    /// A text that may be absent or null, of at most so many characters.
    pub fn optional_text(&mut self, name: &str, longest: Option<usize>) -> Option<String> {
        match self.body.get(name) {
            None | Some(Value::Null) => None,
            Some(Value::String(text)) => {
                if let Some(longest) = longest.filter(|longest| text.chars().count() > *longest) {
                    let msg = format!("String should have at most {longest} characters");
                    self.complain(
                        "string_too_long",
                        name,
                        &msg,
                        Some(json!({ "max_length": longest })),
                    );
                }
                Some(text.clone())
            }
            Some(_) => {
                self.complain("string_type", name, "Input should be a valid string", None);
                None
            }
        }
    }

    /// A text with a default.
    pub fn text_or(&mut self, name: &str, default: &str) -> String {
        match self.body.get(name) {
            None => default.to_owned(),
            Some(Value::String(text)) => text.clone(),
            Some(_) => {
                self.complain("string_type", name, "Input should be a valid string", None);
                String::new()
            }
        }
    }

    /// A required amount that is not negative.
    pub fn required_amount(&mut self, name: &str) -> f64 {
        match self.body.get(name) {
            None => self.missing(name),
            Some(value) => match value
                .as_f64()
                .or_else(|| value.as_str()?.trim().parse().ok())
            {
                Some(amount) if amount >= 0.0 => return amount,
                Some(_) => {
                    let msg = "Input should be greater than or equal to 0";
                    self.complain("greater_than_equal", name, msg, Some(json!({ "ge": 0.0 })));
                }
                None => self.complain(
                    "decimal_type",
                    name,
                    "Decimal input should be an integer, float, string or Decimal object",
                    None,
                ),
            },
        }
        0.0
    }

    /// A required yes or no.
    pub fn required_boolean(&mut self, name: &str) -> bool {
        if self.body.contains_key(name) {
            self.boolean_or(name, false)
        } else {
            self.missing(name);
            false
        }
    }

    /// A yes or no with a default.
    pub fn boolean_or(&mut self, name: &str, default: bool) -> bool {
        match self.body.get(name) {
            None => default,
            Some(Value::Bool(value)) => *value,
            Some(_) => {
                self.complain("bool_type", name, "Input should be a valid boolean", None);
                default
            }
        }
    }

    /// A whole number within bounds, with a default for absent and null.
    pub fn integer_or(&mut self, name: &str, default: i64, least: i64, most: i64) -> i64 {
        let number = match self.body.get(name) {
            None | Some(Value::Null) => return default,
            Some(value) => value.as_i64(),
        };
        match number {
            None => self.complain("int_type", name, "Input should be a valid integer", None),
            Some(number) if number < least => {
                let msg = format!("Input should be greater than or equal to {least}");
                self.complain(
                    "greater_than_equal",
                    name,
                    &msg,
                    Some(json!({ "ge": least })),
                );
            }
            Some(number) if number > most => {
                let msg = format!("Input should be less than or equal to {most}");
                self.complain("less_than_equal", name, &msg, Some(json!({ "le": most })));
            }
            Some(number) => return number,
        }
        default
    }

    /// 1 to 1000 different texts under `lead_ids`.
    pub fn lead_ids(&mut self) -> Vec<String> {
        const NAME: &str = "lead_ids";
        let list = match self.body.get(NAME) {
            None => {
                self.missing(NAME);
                return Vec::new();
            }
            Some(Value::Array(list)) => list,
            Some(_) => {
                self.complain("list_type", NAME, "Input should be a valid list", None);
                return Vec::new();
            }
        };
        let mut ids = Vec::with_capacity(list.len());
        for (index, id) in list.iter().enumerate() {
            match id {
                Value::String(id) => ids.push(id.clone()),
                other => self.complaints.push(complaint(
                    "string_type",
                    &[json!("body"), json!(NAME), json!(index)],
                    "Input should be a valid string",
                    other.clone(),
                    None,
                )),
            }
        }
        if ids.len() < list.len() {
            return ids;
        }
        let (length, bound) = (
            list.len(),
            |name: &str, bound: usize| json!({ "field_type": "List", name: bound, "actual_length": list.len() }),
        );
        if length > 1000 {
            let msg = format!("List should have at most 1000 items after validation, not {length}");
            self.complain("too_long", NAME, &msg, Some(bound("max_length", 1000)));
        } else if length == 0 {
            let msg = "List should have at least 1 item after validation, not 0";
            self.complain("too_short", NAME, msg, Some(bound("min_length", 1)));
        } else if ids.iter().collect::<std::collections::HashSet<_>>().len() < length {
            let msg = "Value error, Duplicate lead IDs are not allowed";
            self.complain("value_error", NAME, msg, Some(json!({ "error": {} })));
        }
        ids
    }

    /// Adds a complaint that is not about the form of a field.
    pub fn refuse(&mut self, name: &str, reason: &str) {
        self.complain(
            "value_error",
            name,
            &format!("Value error, {reason}"),
            Some(json!({ "error": {} })),
        );
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

/// The recorded `page_info`.
pub fn page_info(skip: i64, limit: i64, total: i64) -> Value {
    let limit = limit.max(1);
    let pages = (total + limit - 1) / limit;
    json!({
        "current_page": skip / limit + 1,
        "total_pages": pages,
        "page_size": limit,
        "has_next": skip + limit < total,
        "has_previous": skip > 0,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn malformed_json_is_placed_as_recorded() {
        let Err(ApiError::Validation(complaints)) = optional_json(&Bytes::from_static(b"{oops"))
        else {
            panic!("the body must be refused");
        };
        assert_eq!(complaints[0]["loc"], json!(["body", 1]));
        assert_eq!(
            complaints[0]["ctx"]["error"],
            "Expecting property name enclosed in double quotes"
        );
    }

    #[test]
    fn pages_count_as_recorded() {
        for (skip, limit, total, expected) in [
            (9000, 2, 15, (4501, 8, false, true)),
            (0, 50, 0, (1, 0, false, false)),
            (3, 2, 15, (2, 8, true, true)),
            (2450, 100, 2500, (25, 25, false, true)),
        ] {
            let info = page_info(skip, limit, total);
            let found = (
                info["current_page"].as_i64().expect("a number"),
                info["total_pages"].as_i64().expect("a number"),
                info["has_next"] == true,
                info["has_previous"] == true,
            );
            assert_eq!(found, expected);
        }
    }

    #[test]
    fn percent_decoding_survives_anything() {
        assert_eq!(percent_decode("a+b%20c%zz%", true), "a b c%zz%");
        assert_eq!(percent_decode("%c3%a9+", false), "é+");
        assert_eq!(percent_decode("%é", true), "%é");
    }
}
