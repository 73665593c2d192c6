//! Requests to the server's REST endpoints and the reading of their answers, by what they are about.
//!
//! Each room reads its own answers and knows nothing of the others, so that what only signs in and lists leads does not
//! bring the reading of prices and batches with it.

mod answer;
pub mod batches;
mod http;
pub mod leads;
pub mod pricing;
pub mod session;

use crate::domain::batch::{Batch, BatchId};
use crate::domain::budget::DailyBudget;
use crate::domain::cost::{PriceSubject, Receipt};
use crate::domain::lead::{LeadId, LeadPage, LeadRun};
use crate::domain::plan::Plan;
use crate::domain::template::Template;
use crate::error::{Error, Kind};

pub use answer::Answer;
pub use batches::{BatchLeadPage, BatchPage, BatchQuery, Totals};
pub use http::{Http, Method};
pub use session::{Tokens, User};

/// Everything that the app asks of the server.
#[derive(Clone, Debug, PartialEq)]
pub enum Request {
    Login {
        email: String,
        password: String,
    },
    RefreshToken {
        refresh: String,
    },
    Logout,
    Me,
    Leads(LeadRun),
    /// One lead by its identifier; answered as a run of one.
    Lead(LeadId),
    Templates,
    Preview(PriceSubject),
    /// What may still be spent today, as far as the server's books tell.
    Budget,
    Start(Box<Plan>),
    Batches(BatchQuery),
    /// The server's own totals over so many days, from 1 to 90; today's server fails on it.
    Analytics(u32),
    Status(BatchId),
    Cancel(BatchId),
    /// Per-lead results; today's server has no such route and answers 404.
    BatchLeads {
        id: BatchId,
        skip: u32,
        limit: u32,
    },
}

/// The answer to a [`Request`].
#[derive(Clone, Debug, PartialEq)]
pub enum Reply {
    Session(Tokens),
    Me(User),
    Leads(LeadPage),
    Templates(Vec<Template>),
    Preview(Box<Receipt>),
    Budget(DailyBudget),
    Started(Box<Batch>),
    Batches(BatchPage),
    Analytics(Totals),
    Status(Box<Batch>),
    BatchLeads(BatchLeadPage),
    /// It worked and there is nothing to read.
    Done,
}

impl Request {
    /// What is being done, to be read behind "Could not".
    pub fn task(&self) -> &'static str {
        match self {
            Self::Login { .. } => "sign in",
            Self::RefreshToken { .. } => "renew your session",
            Self::Logout => "sign out",
            Self::Me => "load your account",
            Self::Leads(_) | Self::Lead(_) => "load the leads",
            Self::Templates => "load the templates",
            Self::Preview(_) => "price this choice",
            Self::Budget => "load the budget",
            Self::Start(_) => "start the batch",
            Self::Batches(_) => "load the batches",
            Self::Analytics(_) => "load the server’s totals",
            Self::Status(_) => "load the state of the batch",
            Self::Cancel(_) => "cancel the batch",
            Self::BatchLeads { .. } => "load the results of the batch",
        }
    }

    /// Repeating it does no harm: everything but what spends money or signs in.
    pub fn is_repeatable(&self) -> bool {
        !matches!(
            self,
            Self::Start(_) | Self::Login { .. } | Self::RefreshToken { .. }
        )
    }

    /// Goes out with the bearer token, and is refused without a good one.
    pub fn needs_token(&self) -> bool {
        !matches!(self, Self::Login { .. } | Self::RefreshToken { .. })
    }

    /// As HTTP, where it signs in or lists leads: what the first screen asks.
    pub fn to_first_http(&self) -> Option<Http> {
        Some(match self {
            Self::Login { email, password } => session::login(email, password),
            Self::RefreshToken { refresh } => session::refresh(refresh),
            Self::Logout => session::logout(),
            Self::Me => session::me(),
            Self::Leads(run) => leads::run(run),
            Self::Lead(id) => leads::one(id),
            _ => return None,
        })
    }

    /// As HTTP.
    pub fn to_http(&self) -> Http {
        let later = || {
            Some(match self {
                Self::Templates => pricing::templates(),
                Self::Preview(subject) => pricing::preview(subject),
                Self::Budget => pricing::budget(),
                Self::Start(plan) => batches::start(plan),
                Self::Batches(query) => batches::list(query),
                Self::Analytics(days) => batches::analytics(*days),
                Self::Status(id) => batches::status(id),
                Self::Cancel(id) => batches::cancel(id),
                Self::BatchLeads { id, skip, limit } => batches::results(id, *skip, *limit),
                _ => return None,
            })
        };
        self.to_first_http()
            .or_else(later)
            .unwrap_or_else(Http::none)
    }

    /// Reads an answer to what the first screen asks.
    ///
    /// # Errors
    /// What the status or an unreadable body mean, with the server's own words.
    pub fn read_first(&self, answer: &Answer) -> Result<Reply, Error> {
        session::read(self, answer)
            .or_else(|| leads::read(self, answer))
            .unwrap_or_else(|| Err(self.unread()))
    }

    /// Reads an answer, whatever it is about.
    ///
    /// # Errors
    /// What the status or an unreadable body mean, with the server's own words.
    pub fn read(&self, status: u16, retry_after: Option<&str>, body: &str) -> Result<Reply, Error> {
        self.read_any(&Answer {
            status,
            retry_after,
            body,
        })
    }

    /// The same, of an answer as HTTP has it.
    ///
    /// # Errors
    /// As [`Self::read`].
    pub fn read_any(&self, answer: &Answer) -> Result<Reply, Error> {
        // INVARIANT: every request is read by one room (`every_request_is_read_by_one_room`).
        pricing::read(self, answer)
            .or_else(|| batches::read(self, answer))
            .unwrap_or_else(|| self.read_first(answer))
    }

    fn unread(&self) -> Error {
        Error {
            kind: Kind::Unreadable("nobody reads it".to_owned()),
            task: self.task(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::lead::LeadQuery;
    use crate::domain::plan::ClientReference;
    use crate::domain::template::TemplateVersion;

    /// One of each kind, and the room that is to read it. A new kind does not compile until it has its place here.
    fn requests() -> Vec<(Request, &'static str)> {
        let id = BatchId("b".into());
        let subject = PriceSubject::new([LeadId("a".into())], TemplateVersion("v1".into()));
        let plan = Plan {
            subject: subject.clone(),
            price: Default::default(),
            name: None,
            description: None,
            max_concurrent: 5,
            retry_count: 3,
            created_by: None,
            reference: ClientReference::from_random(7),
        };
        let requests = vec![
            Request::Login {
                email: "o@example".into(),
                password: "secret".into(),
            },
            Request::RefreshToken {
                refresh: "r".into(),
            },
            Request::Logout,
            Request::Me,
            Request::Leads(LeadQuery::default().run(0, 10)),
            Request::Lead(LeadId("a".into())),
            Request::Templates,
            Request::Preview(subject),
            Request::Budget,
            Request::Start(Box::new(plan)),
            Request::Batches(BatchQuery::default()),
            Request::Analytics(7),
            Request::Status(id.clone()),
            Request::Cancel(id.clone()),
            Request::BatchLeads {
                id,
                skip: 0,
                limit: 10,
            },
        ];
        let room = |request: &Request| match request {
            Request::Login { .. }
            | Request::RefreshToken { .. }
            | Request::Logout
            | Request::Me => "session",
            Request::Leads(_) | Request::Lead(_) => "leads",
            Request::Templates | Request::Preview(_) | Request::Budget => "pricing",
            Request::Start(_)
            | Request::Batches(_)
            | Request::Analytics(_)
            | Request::Status(_)
            | Request::Cancel(_)
            | Request::BatchLeads { .. } => "batches",
        };
        let rooms: Vec<_> = requests.iter().map(room).collect();
        requests.into_iter().zip(rooms).collect()
    }

    /// Prevents: an answer that came and that no room reads, or two rooms that read it differently.
    #[test]
    fn every_request_is_read_by_one_room() {
        let answer = Answer {
            status: 200,
            retry_after: None,
            body: "{}",
        };
        for (request, room) in requests() {
            let read = [
                ("session", session::read(&request, &answer)),
                ("leads", leads::read(&request, &answer)),
                ("pricing", pricing::read(&request, &answer)),
                ("batches", batches::read(&request, &answer)),
            ];
            let mut by = read
                .into_iter()
                .filter_map(|(name, read)| Some((name, read?)));
            let (name, told) = by.next().unwrap();
            assert_eq!((name, by.next()), (room, None), "{request:?}");
            assert_eq!(request.read(200, None, "{}"), told, "{request:?}");
        }
    }

    /// Prevents: a password is sent along with a spent token, or what is asked for signed-in people is sent without.
    #[test]
    fn only_signing_in_goes_without_the_token() {
        for (request, _) in requests() {
            let signs_in = matches!(
                request,
                Request::Login { .. } | Request::RefreshToken { .. }
            );
            let http = request.to_http();
            assert_eq!(http.auth, !signs_in, "{request:?}");
            assert!(http.path.starts_with('/'), "{}", http.path);
            assert!(http.method == Method::Post || http.body.is_none());
        }
    }

    #[test]
    fn what_is_sent_is_written_as_the_server_reads_it() {
        let bodies: Vec<_> = requests()
            .iter()
            .filter_map(|(request, _)| request.to_http().body)
            .collect();
        let start = concat!(
            r#"{"lead_ids":["a"],"template_version":"v1","name":null,"description":"[ref 000000000007]","#,
            r#""estimated_cost_usd":0.0,"cost_approved":true,"max_concurrent":5,"retry_failed":true,"#,
            r#""retry_count":3,"created_by":null}"#,
        );
        assert_eq!(
            bodies,
            [
                r#"{"email":"o@example","password":"secret"}"#,
                r#"{"refresh_token":"r"}"#,
                r#"{"lead_ids":["a"],"template_version":"v1"}"#,
                start,
            ]
        );
    }
}
