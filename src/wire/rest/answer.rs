//! What every answer of the server has in common: its status, its four kinds of error bodies, and how it is read.

use serde_json::Value;

use super::Reply;
use crate::error::{Error, Kind, Reason};
use crate::wire::json::{self, Json};

/// An answer as HTTP has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Answer<'a> {
    pub status: u16,
    /// The header of that name.
    pub retry_after: Option<&'a str>,
    pub body: &'a str,
}

impl Answer<'_> {
    /// Reads the body of a success.
    ///
    /// # Errors
    /// What the status or an unreadable body mean, with the server's own words.
    pub(super) fn read(
        &self,
        task: &'static str,
        reader: &dyn Fn(Json) -> Result<Reply, String>,
    ) -> Result<Reply, Error> {
        self.done(task)?;
        let read = match json::parse(self.body) {
            Some(value) => reader(Json(&value)),
            None => Err("not JSON".to_owned()),
        };
        read.map_err(|what| Error {
            kind: Kind::Unreadable(what),
            task,
        })
    }

    /// Whether it worked; there is nothing to read in the body then.
    ///
    /// # Errors
    /// What the status means, with the server's own words.
    pub(super) fn done(&self, task: &'static str) -> Result<Reply, Error> {
        if (200..300).contains(&self.status) {
            return Ok(Reply::Done);
        }
        let kind = read_failure(self.status, self.retry_after, self.body);
        Err(Error { kind, task })
    }
}

/// The number of all rows of which a page is a part.
pub(super) fn read_total(json: Json) -> Result<u32, String> {
    json.count("total_count")
        .ok_or_else(|| "no field “total_count”".to_owned())
}

/// Reads the four kinds of error bodies that the server has.
fn read_failure(status: u16, retry_after: Option<&str>, body: &str) -> Kind {
    let json = json::parse(body).unwrap_or_default();
    let told = ["detail", "message", "error"]
        .iter()
        .find_map(|name| json[name].as_str());
    let words = told.map_or_else(|| format!("status {status}"), plain_words);
    match status {
        401 => Kind::Unauthorized,
        // The server's answer to a request without any token.
        403 if words == "Not authenticated" => Kind::Unauthorized,
        403 => Kind::Forbidden(words),
        404 => Kind::NotFound(words),
        429 => Kind::RateLimited(retry_after.and_then(|seconds| seconds.trim().parse().ok())),
        502..=504 => Kind::Unavailable {
            status,
            told: told.is_some(),
        },
        500.. => Kind::Server(status, words),
        _ => Kind::Refused(match json["detail"].as_array() {
            Some(reasons) => reasons.iter().map(read_reason).collect(),
            None => vec![Reason {
                field: None,
                text: words,
            }],
        }),
    }
}

/// The server's words, unless they are its internals: a validator's dump says nothing to a person.
fn plain_words(words: &str) -> String {
    if words.contains("[type=") {
        return "It cannot read what it has worked out itself; tell the server’s makers".to_owned();
    }
    words.to_owned()
}

fn read_reason(raw: &Value) -> Reason {
    let place = raw["loc"].as_array().map(Vec::as_slice).unwrap_or_default();
    let field = place
        .iter()
        .filter_map(Value::as_str)
        .find(|name| !matches!(*name, "body" | "query" | "path"));
    let text = raw["msg"].as_str().unwrap_or("no reason given");
    Reason {
        field: field.map(str::to_owned),
        text: text
            .strip_prefix("Value error, ")
            .unwrap_or(text)
            .to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::rest::Request;

    fn failure(status: u16, body: &str) -> Kind {
        Request::Templates
            .read(status, None, body)
            .unwrap_err()
            .kind
    }

    #[test]
    fn all_four_error_bodies_are_read() {
        assert_eq!(
            failure(404, r#"{"detail":"Batch not found"}"#),
            Kind::NotFound("Batch not found".into())
        );
        let array = r#"{"detail":[{"type":"x","loc":["body","lead_ids",0],"msg":"Value error, no","input":1}]}"#;
        let reason = Reason {
            field: Some("lead_ids".into()),
            text: "no".into(),
        };
        assert_eq!(failure(422, array), Kind::Refused(vec![reason]));
        let internal = r#"{"error":"INTERNAL_ERROR","message":"An unexpected error occurred"}"#;
        assert_eq!(
            failure(500, internal),
            Kind::Server(500, "An unexpected error occurred".into())
        );
        assert_eq!(
            failure(429, r#"{"error":"Rate limit exceeded: 10 per 1 second"}"#),
            Kind::RateLimited(None)
        );
    }

    #[test]
    fn a_body_that_is_not_json_is_still_an_answer_in_words() {
        assert_eq!(
            failure(500, "<html>"),
            Kind::Server(500, "status 500".into())
        );
        for (body, told) in [("", false), (r#"{"detail":"busy"}"#, true)] {
            let unavailable = Kind::Unavailable { status: 503, told };
            assert_eq!(failure(503, body), unavailable);
        }
        let read = Request::Templates.read(200, None, "<html>").unwrap_err();
        assert_eq!(
            read.to_string(),
            "Could not load the templates: the server’s answer could not be read (not JSON)."
        );
    }

    #[test]
    fn retry_after_is_honoured_where_it_is_a_number() {
        let read = |header| Request::Templates.read(429, header, "{}").unwrap_err().kind;
        assert_eq!(read(Some("7")), Kind::RateLimited(Some(7)));
        assert_eq!(
            read(Some("Wed, 21 Oct 2026 07:28:00 GMT")),
            Kind::RateLimited(None)
        );
    }
}
