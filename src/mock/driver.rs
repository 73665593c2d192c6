//! Stands between the driver and the invented server.

use std::cell::RefCell;
use std::rc::Rc;

use gloo_timers::callback::{Interval, Timeout};

use super::server::MockServer;
use crate::app::requests::Ticket;
use crate::app::{Msg, SocketEvent};
use crate::browser::clock;
use crate::machine::connection::Channel;
use crate::machine::link::Epoch;
use crate::wire::rest::Http;

/// How long an answer takes, in milliseconds.
const LATENCY: u32 = 120;
/// How often progress is told, in milliseconds.
const TELLS_EVERY: u32 = 1_000;

/// Answers requests and sockets from built-in data.
pub struct MockDriver {
    server: RefCell<MockServer>,
    socket: RefCell<Option<(Channel, Epoch)>>,
    report: Rc<dyn Fn(Msg)>,
}

impl MockDriver {
    /// `report` is called with every fact.
    pub fn new(report: Rc<dyn Fn(Msg)>) -> Rc<Self> {
        let mock = Rc::new(Self {
            server: RefCell::default(),
            socket: RefCell::default(),
            report,
        });
        let teller = mock.clone();
        Interval::new(TELLS_EVERY, move || {
            let frames = teller.server.borrow().frames(clock::now());
            for text in frames {
                teller.say(text);
            }
        })
        .forget();
        mock
    }

    /// Answers a request a little later.
    pub fn send(self: &Rc<Self>, ticket: Ticket, http: &Http) {
        let (mock, http) = (self.clone(), http.clone());
        Timeout::new(LATENCY, move || {
            let outcome = mock.server.borrow_mut().answer(&http, clock::now());
            (mock.report)(Msg::Answered { ticket, outcome });
        })
        .forget();
    }

    /// Opens the one socket.
    pub fn open(self: &Rc<Self>, channel: Channel, epoch: Epoch) {
        *self.socket.borrow_mut() = Some((channel, epoch));
        let mock = self.clone();
        Timeout::new(LATENCY, move || {
            mock.say(r#"{"type":"connection_established"}"#.to_owned())
        })
        .forget();
    }

    /// Hears a frame; only pings are answered.
    pub fn send_frame(&self, text: &str) {
        if text.contains("ping") {
            self.say(r#"{"type":"pong"}"#.to_owned());
        }
    }

    fn say(&self, text: String) {
        let socket = self.socket.borrow().clone();
        if let Some((channel, epoch)) = socket {
            (self.report)(Msg::Sockets(vec![SocketEvent::Message {
                channel,
                epoch,
                text,
            }]));
        }
    }
}
