//! What the app sends.

use std::collections::BTreeSet;

use batch_runner::domain::batch::BatchId;
use batch_runner::domain::lead::LeadQuery;
use batch_runner::domain::plan::ClientReference;
use batch_runner::wire::rest::{BatchQuery, Request};
use serde_json::Value;

use crate::recordings;
use crate::requests::{plan_of, recorded, subject_of};

fn field_names(body: &Value) -> BTreeSet<&str> {
    body.as_object()
        .into_iter()
        .flat_map(|map| map.keys())
        .map(String::as_str)
        .collect()
}

/// Prevents: a field of ours is misspelt, the server ignores it, and a batch runs with other settings than approved.
#[test]
fn what_the_app_sends_has_the_recorded_fields_and_types() {
    let mut compared = 0;
    for name in [
        "repaired/batch-start.ok",
        "repaired/batch-preview.ok",
        "as-is/batch-start.ok",
    ] {
        let all = recordings::all();
        let recording = all.iter().find(|recording| recording.name == name).unwrap();
        let (request, ..) = recorded(name);
        let http = request.to_http();
        let sent: Value = serde_json::from_str(http.body.as_deref().unwrap()).unwrap();
        let expected = &recording.json["request"]["body"];
        assert_eq!(field_names(&sent), field_names(expected), "{name}");
        for (field, value) in expected.as_object().unwrap() {
            let (sent, told) = (&sent[field], value);
            assert_eq!(
                std::mem::discriminant(sent),
                std::mem::discriminant(told),
                "{name}: {field}"
            );
            if field == "description" {
                let (words, reference) = ClientReference::detach(sent.as_str().unwrap());
                assert_eq!(words.as_deref(), told.as_str());
                assert!(reference.is_some(), "{name}: the launch can be found again");
            } else {
                assert_eq!(sent, told, "{name}: {field}");
            }
        }
        assert_eq!(format!("/api{}", http.path), recording.question().1);
        compared += 1;
    }
    assert_eq!(compared, 3);
}

/// Prevents: `websocket_url` or a slip in a path sends a request to a route that the server does not have.
#[test]
fn every_path_that_the_app_uses_is_a_recorded_one() {
    let bare = |path: &str| {
        let path = path.split('?').next().unwrap_or_default();
        let parts: Vec<_> = path
            .split('/')
            .map(|part| if part.len() == 36 { "id" } else { part })
            .collect();
        parts.join("/")
    };
    let known: BTreeSet<_> = recordings::all()
        .iter()
        .map(|recording| {
            let (method, path) = recording.question();
            (method.to_uppercase(), bare(path))
        })
        .collect();
    let id = BatchId("0032d71d-7a92-468b-b2d3-8c90e870f44f".into());
    for request in [
        Request::Login {
            email: String::new(),
            password: String::new(),
        },
        Request::RefreshToken {
            refresh: String::new(),
        },
        Request::Logout,
        Request::Me,
        Request::Leads(LeadQuery::default().run(0, 50)),
        Request::Templates,
        Request::Preview(subject_of(&Value::Null)),
        Request::Budget,
        Request::Start(Box::new(plan_of(&Value::Null))),
        Request::Batches(BatchQuery::default()),
        Request::Status(id.clone()),
        Request::Cancel(id),
    ] {
        let http = request.to_http();
        let method = format!("{:?}", http.method).to_uppercase();
        let path = bare(&format!("/api{}", http.path));
        assert!(
            known.contains(&(method.clone(), path.clone())),
            "{method} {path}"
        );
        assert!(
            !http.path.contains("/v1/batch"),
            "the server's websocket_url is wrong and never followed"
        );
    }
}
