//! What is known of the live link, as text to send to whoever helps.

use std::collections::BTreeMap;

use serde::Serialize;

use super::json;
use crate::domain::time::Millis;

#[derive(Serialize)]
struct Report<'a> {
    link: BTreeMap<&'static str, Vec<&'a str>>,
    /// When, and what.
    events: Vec<(String, &'a str)>,
}

/// One JSON object: the facts by name, each a list where a name comes more than once, and the events, oldest first.
pub fn write<'a>(
    facts: &[(&'static str, String)],
    events: impl Iterator<Item = &'a (Millis, String)>,
) -> String {
    let mut link: BTreeMap<_, Vec<&str>> = BTreeMap::new();
    for (name, value) in facts {
        link.entry(*name).or_default().push(value);
    }
    let events = events.map(|(at, text)| (at.to_utc_text(), text.as_str()));
    json::write(&Report {
        link,
        events: events.collect(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_helps_reads_states_and_events() {
        let facts = [("state", "live".to_owned()), ("socket", "a \"b\"".into())];
        let events = [(Millis(0), "← {\"type\":\"pong\"}".to_owned())];
        let report = json::parse(&write(&facts, events.iter())).unwrap();
        assert_eq!(report["link"]["socket"], serde_json::json!(["a \"b\""]));
        assert_eq!(
            report["events"][0][1].as_str(),
            Some("← {\"type\":\"pong\"}")
        );
    }
}
