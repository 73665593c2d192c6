//! Every answer that says that it did not work.

use batch_runner::error::Kind;
use serde_json::Value;

use crate::requests::{exchanges, recorded};

/// The first field that a reason names, and its words, by the server's own conventions.
fn reasons_of(body: &Value, status: u16) -> Vec<(Option<String>, String)> {
    match &body["detail"] {
        Value::Array(reasons) => {
            let read = |reason: &Value| {
                let place: Vec<_> = reason["loc"].as_array().unwrap().iter().skip(1).collect();
                let field = place
                    .iter()
                    .find_map(|part| part.as_str())
                    .map(str::to_owned);
                let words = reason["msg"].as_str().unwrap();
                (
                    field,
                    words
                        .strip_prefix("Value error, ")
                        .unwrap_or(words)
                        .to_owned(),
                )
            };
            reasons.iter().map(read).collect()
        }
        // A validator's dump says nothing to a person; what is said instead has a test of its own.
        Value::String(words) if words.contains("[type=") => {
            let told = "It cannot read what it has worked out itself; tell the server’s makers";
            vec![(None, told.to_owned())]
        }
        Value::String(words) => vec![(None, words.clone())],
        _ => vec![(None, format!("status {status}"))],
    }
}

/// Prevents: a refusal is shown as a broken connection, or as a code that says nothing.
#[test]
fn every_recorded_error_has_its_kind_and_a_readable_sentence() {
    let mut read = 0;
    for (recording, request, status, body) in
        exchanges().into_iter().filter(|exchange| exchange.2 >= 300)
    {
        let name = recording.name.as_str();
        let json: Value = serde_json::from_str(&body).unwrap_or(Value::Null);
        let Err(error) = request.read(status, None, &body) else {
            panic!("{name}: {status} is no success")
        };
        read += 1;
        let words = json["detail"].as_str().unwrap_or_default();
        match (&error.kind, status) {
            (Kind::Unauthorized, 401) => {}
            (Kind::Unauthorized, 403) => assert_eq!(words, "Not authenticated", "{name}"),
            (Kind::Forbidden(told), 403) => assert_eq!(told, words, "{name}"),
            (Kind::NotFound(told), 404) => assert_eq!(told, words, "{name}"),
            (Kind::RateLimited(None), 429) => {}
            (Kind::Server(500, told), 500) => {
                assert!(
                    [words, json["message"].as_str().unwrap_or_default()].contains(&told.as_str()),
                    "{name}"
                );
            }
            (Kind::Refused(reasons), 400 | 405 | 422) => {
                let told: Vec<_> = reasons
                    .iter()
                    .map(|reason| (reason.field.clone(), reason.text.clone()))
                    .collect();
                assert_eq!(told, reasons_of(&json, status), "{name}");
            }
            (kind, status) => panic!("{name}: {status} was read as {kind:?}"),
        }
        let sentence = error.to_string();
        assert!(
            sentence.starts_with(&format!("Could not {}: ", request.task())),
            "{name}: {sentence}"
        );
        assert!(
            sentence.ends_with('.') && !sentence.contains('\n'),
            "{name}: {sentence}"
        );
        assert!(sentence.chars().count() <= 420, "{name}: {sentence}");
        assert!(!sentence.contains("INTERNAL_ERROR"), "{name}: {sentence}");
        assert!(
            !sentence.contains("  ") && !sentence.ends_with(".."),
            "{name}: {sentence}"
        );
    }
    assert!(read >= 75, "only {read} errors were read");
}

/// Prevents: today's server refuses every price with its own stack of types, and a person reads `[type=int_type,
/// input_value={…` as the reason why nothing can be started.
#[test]
fn todays_refusal_to_price_is_told_in_words_not_in_types() {
    for (recording, request, status, body) in exchanges() {
        if !body.contains("1 validation error for BatchPreviewSchema") {
            continue;
        }
        let sentence = request.read(status, None, &body).unwrap_err().to_string();
        for internal in [
            "[type=",
            "input_value",
            "errors.pydantic.dev",
            "{",
            "BatchPreviewSchema",
        ] {
            assert!(
                !sentence.contains(internal),
                "{}: “{internal}” in: {sentence}",
                recording.name
            );
        }
    }
}

/// Prevents: what a person typed is refused, and the reason is not shown at the field where it was typed.
#[test]
fn refusals_of_a_start_name_the_field() {
    for (name, field) in [
        ("as-is/batch-start.name-256", "name"),
        ("as-is/batch-start.max-concurrent-21", "max_concurrent"),
        ("as-is/batch-start.retry-count-6", "retry_count"),
        ("as-is/batch-start.estimate-negative", "estimated_cost_usd"),
        ("as-is/batch-start.no-cost-approved", "cost_approved"),
        ("as-is/batch-start.duplicate-ids", "lead_ids"),
    ] {
        let (request, status, body) = recorded(name);
        let Err(error) = request.read(status, None, &body) else {
            panic!("{name}")
        };
        let Kind::Refused(reasons) = error.kind else {
            panic!("{name}: {:?}", error.kind)
        };
        assert_eq!(reasons[0].field.as_deref(), Some(field), "{name}");
        assert!(
            batch_runner::domain::plan::Field::from_server(field).is_some(),
            "{field} has a place in the form"
        );
    }
}
