//! Reads the fields of a body.

use serde_json::{Map, Value, json};

use super::complaint;
use crate::http::errors::ApiError;

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
