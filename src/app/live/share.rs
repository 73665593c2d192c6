//! The one link of all tabs as this tab takes part in it: the way between [`Share`], the connection and the browser.

use crate::app::effect::Effect;
use crate::app::live::report::part;
use crate::app::message::{StartFacts, TabEvent};
use crate::app::{Ctx, Model};
use crate::domain::batch::BatchId;
use crate::domain::live::{Health, Transport, Word};
use crate::domain::time::Millis;
use crate::machine::connection;
use crate::machine::share::{Action, Input, Leader, Share};

/// What the one was last told of the other.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Shared {
    /// The connection, of who has the link.
    part: (bool, Option<Leader>, Vec<BatchId>),
    /// The sharing, of what became of the link.
    link: (Health, Transport),
    /// The sharing, of what this tab follows.
    followed: Vec<BatchId>,
    /// The browser, of passing on what the server says.
    relays: bool,
}

impl Model {
    pub(crate) fn restore_share(&mut self, facts: &StartFacts) {
        self.link.share = Share::new(facts.tab);
        self.link.shared = Shared::default();
        // Nothing comes of these: no link is wanted yet.
        self.link
            .share
            .step(Input::Visible(facts.visible), Millis(0));
        let nobody = connection::Input::Shared {
            leads: false,
            leader: None,
            others: Vec::new(),
        };
        self.link.connection.step(nobody, Millis(0), 0.0);
    }

    pub(crate) fn tab_event(&mut self, event: TabEvent, ctx: &mut Ctx) {
        match &event {
            TabEvent::Heard(Word::Started) if self.session.is_signed_in() => {
                // What another tab has bought must be known here before the same is bought again.
                self.read_records(ctx);
                self.read_batch_list(ctx);
            }
            TabEvent::Heard(Word::Held { code }) => return self.rest_held(code, ctx),
            TabEvent::Heard(Word::Reviews { tab, review }) => {
                return self.other_reviews(*tab, review.clone(), ctx);
            }
            _ => {}
        }
        self.share_input(
            match event {
                TabEvent::Granted => Input::Granted,
                TabEvent::Lost => Input::Lost,
                TabEvent::Unable => Input::Unable,
                TabEvent::Heard(word) => Input::Heard(word),
            },
            ctx,
        );
    }

    pub(crate) fn share_input(&mut self, input: Input, ctx: &mut Ctx) {
        let role = self.link.share.role();
        for action in self.link.share.step(input, ctx.now) {
            ctx.emit(match action {
                Action::Claim { steal } => Effect::ClaimLink { steal },
                Action::Release => Effect::ReleaseLink,
                Action::Say(word) => Effect::TellTabs(word),
            });
        }
        let now = self.link.share.role();
        if now != role {
            self.log_event(|| part(now).to_owned(), ctx);
        }
    }

    /// Tells the connection who has the link, and the sharing what became of it.
    pub(crate) fn sync_share(&mut self, ctx: &mut Ctx) {
        let followed = self.link.connection.followed();
        if self.link.shared.followed != followed {
            self.link.shared.followed = followed.to_vec();
            self.share_input(Input::Follow(self.link.shared.followed.clone()), ctx);
        }
        self.share_input(Input::Want(self.link.connection.is_wanted()), ctx);
        let share = &self.link.share;
        let part = (share.leads(), share.leader().cloned(), share.others());
        if self.link.shared.part != part {
            let (leads, leader, others) = part.clone();
            self.link.shared.part = part;
            self.link_input(
                connection::Input::Shared {
                    leads,
                    leader,
                    others,
                },
                ctx,
            );
        }
        let connection = &self.link.connection;
        let link = (connection.health(), connection.transport());
        if self.link.share.leads() && self.link.shared.link != link {
            self.link.shared.link = link.clone();
            self.share_input(Input::Link(link.0, link.1), ctx);
        }
        let relays = self.link.share.relays();
        if self.link.shared.relays != relays {
            self.link.shared.relays = relays;
            ctx.emit(Effect::Relay(relays));
        }
    }
}
