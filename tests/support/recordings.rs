//! The recorded exchanges in `tests/recordings`, as data.

use std::fs;
use std::path::PathBuf;

use serde_json::Value;

/// One recorded exchange or socket session.
pub struct Recording {
    /// Folder and name without its ending: `as-is/login.ok`.
    pub name: String,
    pub json: Value,
}

impl Recording {
    /// The name without its folder: `login.ok`.
    pub fn stem(&self) -> &str {
        self.name
            .split_once('/')
            .map_or(self.name.as_str(), |(_, stem)| stem)
    }

    /// Method and path without its query.
    pub fn question(&self) -> (&str, &str) {
        let request = &self.json["request"];
        let path = request["path"].as_str().unwrap_or_default();
        (
            request["method"].as_str().unwrap_or_default(),
            path.split('?').next().unwrap_or_default(),
        )
    }

    /// Status and body as text; `None` where the server never answered.
    pub fn answer(&self) -> Option<(u16, String)> {
        let response = self
            .json
            .get("response")
            .filter(|response| !response.is_null())?;
        let status = u16::try_from(response["status"].as_u64()?).ok()?;
        let body = match &response["body"] {
            Value::String(text) => text.clone(),
            json => json.to_string(),
        };
        Some((status, body))
    }

    /// The sessions of a socket recording, one for each connection.
    pub fn sessions(&self) -> Vec<&Vec<Value>> {
        let several = self.json["sessions"]
            .as_object()
            .into_iter()
            .flat_map(|map| map.values());
        self.json
            .get("session")
            .into_iter()
            .chain(several)
            .filter_map(Value::as_array)
            .collect()
    }

    /// The texts that the server sent, in order.
    pub fn frames(&self) -> Vec<&str> {
        let events = self.sessions().into_iter().flatten();
        events
            .filter(|event| event["dir"] == "in")
            .filter_map(|event| event["text"].as_str())
            .collect()
    }
}

/// Every recording of all three servers, in the order of their names.
pub fn all() -> Vec<Recording> {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/recordings");
    let mut found = Vec::new();
    for folder in ["as-is", "repaired", "repaired-sqlite"] {
        for entry in fs::read_dir(root.join(folder)).unwrap() {
            let path = entry.unwrap().path();
            let stem = path.file_stem().unwrap().to_string_lossy().into_owned();
            let text = fs::read_to_string(&path).unwrap();
            found.push(Recording {
                name: format!("{folder}/{stem}"),
                json: serde_json::from_str(&text).unwrap(),
            });
        }
    }
    found.sort_by(|a, b| a.name.cmp(&b.name));
    found
}
