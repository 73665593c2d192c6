//! Faults on request: what `POST /dev/faults` plants and the outermost layer of the server applies.

use std::sync::Mutex;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::state::lock;

/// Where a connection is cut.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Cut {
    /// Without acting.
    Before,
    /// After acting and committing, without an answer.
    After,
    /// After half of the answer's body.
    MidBody,
}

/// One planted fault.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fault {
    /// Given by the server.
    #[serde(default)]
    pub id: u64,
    /// Any method when absent.
    pub method: Option<String>,
    /// A glob with `*`, matched against the path without its query.
    pub path: String,
    /// How often it applies; 0 until removed.
    #[serde(default = "once")]
    pub times: u64,
    /// Answers with this status instead of acting.
    pub status: Option<u16>,
    /// Headers added to the answer.
    #[serde(default)]
    pub headers: std::collections::BTreeMap<String, String>,
    /// Answers with this body instead of acting: a string is sent raw, anything else as JSON.
    pub body: Option<Value>,
    /// Milliseconds to wait before acting.
    #[serde(default)]
    pub delay_ms: u64,
    /// Milliseconds to wait between acting and answering.
    #[serde(default)]
    pub delay_after_ms: u64,
    /// Cuts the connection.
    pub cut: Option<Cut>,
}

fn once() -> u64 {
    1
}

/// The planted faults, oldest first.
#[derive(Debug, Default)]
pub struct Faults {
    planted: Mutex<(u64, Vec<Fault>)>,
}

impl Faults {
    /// Plants a fault and returns its id.
    pub fn plant(&self, mut fault: Fault) -> u64 {
        let mut planted = lock(&self.planted);
        planted.0 += 1;
        fault.id = planted.0;
        planted.1.push(fault);
        planted.0
    }

    /// The first fault that matches, counted down.
    pub fn take(&self, method: &str, path: &str) -> Option<Fault> {
        let mut planted = lock(&self.planted);
        let faults = &mut planted.1;
        let index = faults.iter().position(|fault| {
            fault
                .method
                .as_deref()
                .is_none_or(|wanted| wanted.eq_ignore_ascii_case(method))
                && glob_matches(&fault.path, path)
        })?;
        let fault = faults.get(index).cloned();
        match faults.get_mut(index).map(|fault| &mut fault.times) {
            Some(1) => {
                faults.remove(index);
            }
            Some(times) if *times > 1 => *times -= 1,
            _ => {}
        }
        fault
    }

    /// The planted faults.
    pub fn list(&self) -> Vec<Fault> {
        lock(&self.planted).1.clone()
    }

    /// Whether any planted fault cuts connections.
    pub fn any_cut(&self) -> bool {
        lock(&self.planted)
            .1
            .iter()
            .any(|fault| fault.cut.is_some())
    }

    /// Removes one fault, or all without an id. Returns how many were removed.
    pub fn remove(&self, id: Option<u64>) -> usize {
        let mut planted = lock(&self.planted);
        let before = planted.1.len();
        planted
            .1
            .retain(|fault| id.is_some_and(|id| id != fault.id));
        before - planted.1.len()
    }
}

/// Whether `text` matches `pattern`, in which `*` stands for any characters, slashes included.
pub fn glob_matches(pattern: &str, text: &str) -> bool {
    let mut parts = pattern.split('*');
    let Some(mut rest) = parts.next().and_then(|first| text.strip_prefix(first)) else {
        return false;
    };
    let mut parts = parts.peekable();
    if parts.peek().is_none() {
        return rest.is_empty();
    }
    while let Some(part) = parts.next() {
        if parts.peek().is_none() {
            return rest.ends_with(part);
        }
        match rest.find(part) {
            Some(at) => rest = &rest[at + part.len()..],
            None => return false,
        }
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn globs_match_whole_paths() {
        for (pattern, text, expected) in [
            ("/api/batch", "/api/batch", true),
            ("/api/batch", "/api/batch/x", false),
            ("/api/batch/*", "/api/batch/x/status", true),
            ("/api/batch/*/status", "/api/batch/x/status", true),
            ("/api/batch/*/status", "/api/batch/status", false),
            ("*status", "/api/batch/x/status", true),
            ("*", "", true),
            ("/a*a", "/a", false),
        ] {
            assert_eq!(glob_matches(pattern, text), expected, "{pattern} {text}");
        }
    }

    #[test]
    fn a_fault_applies_as_often_as_told() {
        let faults = Faults::default();
        let fault: Fault =
            serde_json::from_str(r#"{"path": "/x", "times": 2, "status": 503}"#).expect("a fault");
        faults.plant(fault.clone());
        assert!(faults.take("GET", "/x").is_some());
        assert!(faults.take("GET", "/y").is_none());
        assert!(faults.take("GET", "/x").is_some());
        assert!(faults.take("GET", "/x").is_none());
        faults.plant(Fault { times: 0, ..fault });
        for _ in 0..5 {
            assert!(faults.take("POST", "/x").is_some());
        }
        assert_eq!(faults.remove(None), 1);
    }
}
