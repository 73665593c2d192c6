//! What a person, the server and the clock do in a journey, and how far journeys usually begin.

use std::rc::Rc;

use batch_runner::app::{Msg, SocketEvent, StoreKey, Timer};
use batch_runner::domain::lead::{Enrichment, Lead, LeadId};
use batch_runner::machine::connection::Channel;
use batch_runner::machine::launch::Launch;
use batch_runner::wire::rest::Method;
use serde_json::Value;

use super::World;
use crate::server::Answer;

impl World {
    /// Signed in, with everything loaded, a second later.
    pub fn signed_in() -> Self {
        Self::signed_in_at("")
    }

    /// The same, at another address.
    pub fn signed_in_at(query: &str) -> Self {
        let mut world = Self::new();
        world.stored.insert(StoreKey::Token, "good".into());
        world.open(query);
        world.run(1_000);
        world
    }

    /// Signed in with three leads chosen and priced.
    pub fn priced() -> Self {
        let mut world = Self::signed_in();
        world.choose(1..=3, true);
        world.run(1_000);
        assert!(
            world.model.price_view().fresh().is_some(),
            "{:?}",
            world.model.price_view()
        );
        world
    }

    /// The same, under review and ready to be approved.
    pub fn reviewing() -> Self {
        let mut world = Self::priced();
        world.tell(Msg::ReviewAsked);
        world.run(200);
        assert!(
            matches!(&world.model.compose.launch, Launch::Reviewing(review) if review.is_ready())
        );
        world
    }

    /// The same, approved: the server has started the batch, and its answer is lost.
    pub fn answer_lost() -> Self {
        let mut world = Self::reviewing();
        let lost = [Answer::LostAfterActing];
        world.server.once(Method::Post, "/batch/start", lost);
        world.tell(Msg::Approved);
        world.run(10);
        world
    }

    /// A lead as the table shows it.
    pub fn lead(n: u32) -> Rc<Lead> {
        Rc::new(Lead {
            id: LeadId(format!("lead-{n:03}")),
            company: Some(format!("Company {n}")),
            contact: None,
            email: None,
            domain: None,
            enrichment: Enrichment::Completed,
            is_manual: false,
            source: None,
            created: None,
        })
    }

    /// Chooses leads, or takes them out of the choice.
    pub fn choose(&mut self, numbers: impl IntoIterator<Item = u32>, chosen: bool) {
        for n in numbers {
            self.tell(Msg::LeadToggled {
                lead: Self::lead(n),
                chosen,
                range: false,
            });
        }
    }

    /// This person signs in.
    pub fn sign_in(&mut self, person: &str) {
        self.server.person = person.into();
        self.tell(Msg::SignInSubmitted {
            email: person.into(),
            password: "x".into(),
        });
    }

    /// The server says something on the open socket of this channel.
    pub fn hear(&mut self, channel: &Channel, frame: &Value) {
        let epoch = self
            .socket(channel)
            .unwrap_or_else(|| panic!("no open socket on {channel:?}"))
            .epoch;
        let event = SocketEvent::Message {
            channel: channel.clone(),
            epoch,
            text: frame.to_string(),
        };
        self.tell(Msg::Sockets(vec![event]));
    }

    /// The open socket of this channel is cut.
    pub fn cut(&mut self, channel: &Channel) {
        self.close(channel, 1006);
    }

    /// The open socket of this channel is closed with this code.
    pub fn close(&mut self, channel: &Channel, code: u16) {
        let epoch = self
            .socket(channel)
            .unwrap_or_else(|| panic!("no open socket on {channel:?}"))
            .epoch;
        self.shut(channel, epoch);
        self.tell(Msg::Sockets(vec![SocketEvent::Closed {
            channel: channel.clone(),
            epoch,
            code,
        }]));
    }

    /// Lets a timer fire before or at its time.
    pub fn fire(&mut self, timer: Timer) {
        if self.timers.remove(&timer).is_some() {
            self.tell(Msg::TimerFired(timer));
        }
    }
}
