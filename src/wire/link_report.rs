//! What is known of the live link, as text to send to whoever helps.

use serde_json::{Map, Value, json};

use crate::domain::time::Millis;

/// One JSON object: the facts by name, each a list where a name comes more than once, and the events, oldest first.
pub fn write<'a>(
    facts: &[(&'static str, String)],
    events: impl Iterator<Item = &'a (Millis, String)>,
) -> String {
    let mut named = Map::new();
    for (name, value) in facts {
        let values = named
            .entry(*name)
            .or_insert_with(|| Value::Array(Vec::new()));
        if let Value::Array(values) = values {
            values.push(Value::from(value.as_str()));
        }
    }
    let events: Vec<Value> = events
        .map(|(at, text)| json!([at.to_utc_text(), text]))
        .collect();
    json!({ "link": named, "events": events }).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_helps_reads_states_and_events() {
        let facts = [("state", "live".to_owned()), ("socket", "a \"b\"".into())];
        let events = [(Millis(0), "← {\"type\":\"pong\"}".to_owned())];
        let report: Value = serde_json::from_str(&write(&facts, events.iter())).unwrap();
        assert_eq!(report["link"]["socket"][0], "a \"b\"");
        assert_eq!(report["events"][0][1], "← {\"type\":\"pong\"}");
    }
}
