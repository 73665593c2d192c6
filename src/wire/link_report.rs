//! What is known of the live link, as text to send to whoever helps.

use crate::json::{Value, json};

use crate::domain::time::Millis;

/// One JSON object: the facts by name, each a list where a name comes more than once, and the events, oldest first.
pub fn write<'a>(
    facts: &[(&'static str, String)],
    events: impl Iterator<Item = &'a (Millis, String)>,
) -> String {
    let mut named = json!({});
    for (name, value) in facts {
        match &mut named[name] {
            Value::Array(values) => values.push(json!(value)),
            first => *first = json!([value]),
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
        let report = crate::json::from_str(&write(&facts, events.iter())).unwrap();
        assert_eq!(report["link"]["socket"], json!(["a \"b\""]));
        assert_eq!(
            report["events"].get(0).unwrap().get(1).unwrap().as_str(),
            Some("← {\"type\":\"pong\"}")
        );
    }
}
