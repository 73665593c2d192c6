//! The last requests, so that a test can ask how often something was really sent.

use std::collections::VecDeque;
use std::sync::Mutex;

use serde_json::{Value, json};

use crate::clock;
use crate::state::lock;

/// How many requests are remembered.
const CAPACITY: usize = 20_000;

#[derive(Debug)]
struct Entry {
    method: String,
    path: String,
    query: Option<String>,
    status: Option<u16>,
    at: i64,
}

/// A bounded log of requests, oldest first.
#[derive(Debug, Default)]
pub struct RequestLog {
    entries: Mutex<VecDeque<Entry>>,
}

impl RequestLog {
    /// Notes a request; `status` is `None` when it was cut instead of answered.
    pub fn note(&self, method: &str, path: &str, query: Option<&str>, status: Option<u16>) {
        let mut entries = lock(&self.entries);
        if entries.len() == CAPACITY {
            entries.pop_front();
        }
        entries.push_back(Entry {
            method: method.to_owned(),
            path: path.to_owned(),
            query: query.map(str::to_owned),
            status,
            at: clock::now(),
        });
    }

    /// The requests with this method and a path that matches the glob.
    pub fn matching(&self, method: Option<&str>, path: Option<&str>) -> Value {
        let entries = lock(&self.entries);
        let found: Vec<Value> = entries
            .iter()
            .filter(|entry| method.is_none_or(|method| method.eq_ignore_ascii_case(&entry.method)))
            .filter(|entry| path.is_none_or(|path| crate::faults::glob_matches(path, &entry.path)))
            .map(|entry| {
                json!({
                    "method": entry.method,
                    "path": entry.path,
                    "query": entry.query,
                    "status": entry.status,
                    "at": clock::zulu(entry.at),
                })
            })
            .collect();
        json!({ "count": found.len(), "requests": found })
    }

    /// Forgets everything.
    pub fn clear(&self) {
        lock(&self.entries).clear();
    }
}
