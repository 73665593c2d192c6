//! What a person typed into the launch form.

use serde::{Deserialize, Serialize};

use crate::domain::plan::Settings;
use crate::wire::json::{self, lenient};

#[derive(Serialize, Deserialize)]
struct Draft {
    #[serde(default, deserialize_with = "lenient")]
    owner: Option<String>,
    name: String,
    description: String,
    max_concurrent: String,
    retry_count: String,
}

/// What a person typed into the launch form, and who that was, where that is known.
pub fn write_draft(settings: &Settings, owner: Option<&str>) -> String {
    let settings = settings.clone();
    json::write(&Draft {
        owner: owner.map(str::to_owned),
        name: settings.name,
        description: settings.description,
        max_concurrent: settings.max_concurrent,
        retry_count: settings.retry_count,
    })
}

/// Reads [`write_draft`]; `None` where it is corrupt.
pub fn read_draft(text: &str) -> Option<(Settings, Option<String>)> {
    let draft: Draft = json::read(text)?;
    let settings = Settings {
        name: draft.name,
        description: draft.description,
        max_concurrent: draft.max_concurrent,
        retry_count: draft.retry_count,
    };
    Some((settings, draft.owner))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_draft_survives_storage() {
        let draft = Settings {
            name: "x".into(),
            ..Settings::default()
        };
        let text = write_draft(&draft, Some("olive@example"));
        assert_eq!(
            read_draft(&text),
            Some((draft, Some("olive@example".into())))
        );
    }

    /// Prevents: what an earlier version kept, or one spoilt field beside it, empties the form.
    #[test]
    fn a_draft_as_it_lies_in_browsers_is_read() {
        let stored = |owner: &str| {
            format!(
                r#"{{{owner}"name":"x","description":"","max_concurrent":"5","retry_count":"3"}}"#
            )
        };
        let settings = Settings {
            name: "x".into(),
            max_concurrent: "5".into(),
            retry_count: "3".into(),
            ..Settings::default()
        };
        for (owner, read) in [
            (r#""owner":"olive@example","#, Some("olive@example")),
            (r#""owner":null,"#, None),
            (r#""owner":7,"#, None),
            (r#""later":[1],"#, None),
            ("", None),
        ] {
            let read = read.map(str::to_owned);
            assert_eq!(read_draft(&stored(owner)), Some((settings.clone(), read)));
        }
        assert_eq!(write_draft(&settings, None), stored(r#""owner":null,"#));
        for text in ["", "null", "{}", "[]", r#"{"name":7}"#] {
            assert_eq!(read_draft(text), None);
        }
    }
}
