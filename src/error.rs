//! What can go wrong between the app and the server, and how people are told.

use std::fmt;

/// A failed exchange with the server.
#[derive(Clone, Debug, PartialEq)]
pub struct Error {
    pub kind: Kind,
    /// What was being done, to be read behind "Could not": `load the leads`.
    pub task: &'static str,
}

/// Every way in which an exchange fails.
#[derive(Clone, Debug, PartialEq)]
pub enum Kind {
    /// No answer: refused, cut or blocked. Whether the server acted is not known.
    Network,
    /// No answer within the time limit, in seconds.
    Timeout(u32),
    /// The browser says that it has no network.
    Offline,
    /// 401: the token is missing, bad or expired.
    Unauthorized,
    /// 403 with the server's words.
    Forbidden(String),
    /// 404 with the server's words.
    NotFound(String),
    /// 400, 409, 422 and the like: the server understood and refused.
    Refused(Vec<Reason>),
    /// 429, with the seconds to wait where the server said.
    RateLimited(Option<u32>),
    /// 502, 503, 504: a server is there, the right one is not. `told` where the right one itself says so.
    Unavailable { status: u16, told: bool },
    /// Any other 5xx, with its words.
    Server(u16, String),
    /// An answer that cannot be read; what was wrong with it.
    Unreadable(String),
}

/// One of the reasons of a refusal, with the field's name in the server's words where it named one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reason {
    pub field: Option<String>,
    pub text: String,
}

impl Error {
    /// Trying the same again later may help.
    pub fn is_retryable(&self) -> bool {
        matches!(
            self.kind,
            Kind::Network
                | Kind::Timeout(_)
                | Kind::Offline
                | Kind::RateLimited(_)
                | Kind::Unavailable { .. }
        ) || matches!(self.kind, Kind::Server(..))
    }

    /// A person can mend it: by signing in or by changing the input.
    pub fn is_user_fixable(&self) -> bool {
        matches!(self.kind, Kind::Unauthorized | Kind::Refused(_))
    }

    /// After this the server may or may not have acted.
    pub fn leaves_doubt(&self) -> bool {
        match self.kind {
            Kind::Network | Kind::Timeout(_) | Kind::Server(..) | Kind::Unreadable(_) => true,
            // What stands before the server may have handed the request on.
            Kind::Unavailable { status, told } => status != 503 || !told,
            Kind::Offline
            | Kind::Unauthorized
            | Kind::Forbidden(_)
            | Kind::NotFound(_)
            | Kind::Refused(_)
            | Kind::RateLimited(_) => false,
        }
    }
}

/// What happened and what to do, in one or two sentences.
impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Could not {}: ", self.task)?;
        match &self.kind {
            Kind::Network => f.write_str(
                "the connection to the server was lost. Check your network, then try again.",
            ),
            Kind::Timeout(seconds) => write!(
                f,
                "the server gave no answer within {seconds} s. Try again."
            ),
            Kind::Offline => f.write_str(
                "this device is offline. It goes on by itself when the network is back.",
            ),
            Kind::Unauthorized => f.write_str("your session has ended. Sign in again to go on."),
            Kind::Forbidden(words) => {
                write!(
                    f,
                    "your account has no access to this ({}). Ask an administrator.",
                    bare(words)
                )
            }
            Kind::NotFound(words) => write!(f, "the server does not have it ({}).", bare(words)),
            Kind::Refused(reasons) => {
                f.write_str("the server refused it.")?;
                for reason in reasons {
                    match &reason.field {
                        Some(field) => write!(f, " {}: {}.", field, bare(&reason.text))?,
                        None => write!(f, " {}.", bare(&reason.text))?,
                    }
                }
                Ok(())
            }
            Kind::RateLimited(_) => {
                f.write_str("the server asks for fewer requests. Wait a little, then try again.")
            }
            Kind::Unavailable { status, .. } => write!(
                f,
                "the server is not available now ({status}). Try again soon."
            ),
            Kind::Server(status, words) => {
                write!(
                    f,
                    "the server failed ({status}, {}). Try again; if it stays, tell the server’s makers.",
                    bare(words)
                )
            }
            Kind::Unreadable(what) => write!(f, "the server’s answer could not be read ({what})."),
        }
    }
}

/// The server's words on one line, without a full stop, and short enough for a sentence.
fn bare(words: &str) -> String {
    let line: Vec<_> = words.split_whitespace().collect();
    let line = line.join(" ");
    let short: String = line.chars().take(240).collect();
    let cut = if short.len() < line.len() { "…" } else { "" };
    format!("{}{cut}", short.trim_end_matches('.'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(kind: Kind) -> Error {
        Error {
            kind,
            task: "load the leads",
        }
    }

    fn unavailable(status: u16, told: bool) -> Kind {
        Kind::Unavailable { status, told }
    }

    #[test]
    fn every_kind_says_what_happened_in_words() {
        let reason = Reason {
            field: Some("limit".into()),
            text: "Input should be a valid integer".into(),
        };
        let kinds = [
            Kind::Network,
            Kind::Timeout(3),
            Kind::Offline,
            Kind::Unauthorized,
            Kind::Forbidden("Organization access required".into()),
            Kind::NotFound("Batch not found".into()),
            Kind::Refused(vec![reason]),
            Kind::RateLimited(Some(3)),
            unavailable(503, true),
            Kind::Server(500, "INTERNAL_ERROR".into()),
            Kind::Unreadable("no field “leads”".into()),
        ];
        for kind in kinds {
            let text = error(kind).to_string();
            assert!(text.starts_with("Could not load the leads: "), "{text}");
            assert!(text.ends_with('.'), "{text}");
            for word in ["oops", "please", "invalid", "Sorry"] {
                assert!(
                    !text.to_lowercase().contains(&word.to_lowercase()),
                    "{text}"
                );
            }
        }
    }

    #[test]
    fn only_what_the_server_surely_did_not_do_leaves_no_doubt() {
        for kind in [
            Kind::Network,
            Kind::Timeout(30),
            unavailable(502, true),
            unavailable(504, false),
            unavailable(503, false),
            Kind::Server(500, String::new()),
        ] {
            assert!(error(kind).leaves_doubt());
        }
        for kind in [
            unavailable(503, true),
            Kind::RateLimited(None),
            Kind::Refused(vec![]),
            Kind::Offline,
        ] {
            assert!(!error(kind).leaves_doubt());
        }
    }

    #[test]
    fn long_server_words_are_cut_and_kept_on_one_line() {
        let text = error(Kind::Server(500, format!("a\n{}", "b".repeat(5_000)))).to_string();
        assert!(text.chars().count() < 400 && !text.contains('\n'));
    }
}
