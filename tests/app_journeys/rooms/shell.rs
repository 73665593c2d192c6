//! The address, what the browser keeps, and what is told in passing.

use super::{following, id, processed, version};
use crate::world::World;
use batch_runner::app::batch_history::rerun::RerunWhat;
use batch_runner::app::requests::Slot;
use batch_runner::app::session::account::Phase;
use batch_runner::app::{Effect, Msg, SocketEvent, StoreKey, Timer};
use batch_runner::domain::live::Health;
use batch_runner::machine::connection::Channel;
use batch_runner::machine::launch::Launch;
use batch_runner::route::View;

/// Prevents: what a person looks at is lost by a refresh, and "back" does nothing.
#[test]
fn the_address_follows_the_page_and_the_page_follows_the_address() {
    let mut world = World::signed_in();
    world.tell(Msg::SearchTyped("Company 7".into()));
    world.run(500);
    world.tell(Msg::TemplateChosen(version("v1")));
    world.tell(Msg::ViewOpened(View::History));
    world.run(500);
    let navigations: Vec<_> = world
        .effects
        .iter()
        .filter_map(|effect| match effect {
            Effect::Navigate { query, replace } => Some((query.as_str(), *replace)),
            _ => None,
        })
        .collect();
    assert_eq!(
        navigations,
        [
            ("q=Company%207", true),
            ("q=Company%207&template=v1", true),
            ("view=history&q=Company%207&template=v1", false)
        ]
    );
    let query = navigations[2].0.to_owned();
    world.tell(Msg::Navigated("q=Company%2077".into()));
    world.run(500);
    assert_eq!(
        (world.model.route.view, world.model.leads.typed.as_str()),
        (View::New, "Company 77")
    );
    assert_eq!(world.model.leads.total(), Some(1));

    let mut world = world.reload();
    world.open(&query);
    world.run(500);
    assert_eq!(
        (world.model.route.view, world.model.leads.typed.as_str()),
        (View::History, "Company 7")
    );
    assert_eq!(world.model.compose.template, Some(version("v1")));
}

/// Prevents: one damaged value in the storage keeps the page from opening.
#[test]
fn corrupt_storage_is_as_good_as_none() {
    for rubbish in [
        "",
        "null",
        "{",
        "[]",
        "[[1]]",
        "{\"lead_ids\":[null]}",
        "\u{0}\u{ffff}",
        "9e999",
    ] {
        let mut world = World::new();
        for key in [
            StoreKey::Selection,
            StoreKey::Draft,
            StoreKey::Journal,
            StoreKey::Ledger,
            StoreKey::Transport,
            StoreKey::Refresh,
        ] {
            world.stored.insert(key, rubbish.into());
        }
        world.stored.insert(StoreKey::Token, "good".into());
        world.open("");
        world.run(2_000);
        assert_eq!(world.model.session.phase, Phase::SignedIn, "{rubbish}");
        assert!(
            world.model.choice.selection.is_empty() && world.model.leads.page.value().is_some(),
            "{rubbish}"
        );
        assert_eq!(world.model.compose.launch, Launch::Draft, "{rubbish}");
    }
}

/// Prevents: a full or blocked storage stops the work, or is kept from the person.
#[test]
fn a_storage_that_keeps_nothing_is_told_once_and_the_app_works() {
    let mut world = World::reviewing();
    world.tell(Msg::StorageFailed("the storage is full".into()));
    world.tell(Msg::StorageFailed("again".into()));
    assert_eq!(
        world.model.notices.storage.as_deref(),
        Some("the storage is full")
    );
    world.tell(Msg::Approved);
    world.run(1_000);
    assert_eq!((world.starts(), world.model.route.view), (1, View::Running));
}

/// Prevents: a socket of before, or rubbish from the present one, is taken for news.
#[test]
fn stale_sockets_and_rubbish_change_nothing() {
    let mut world = following(&[("a", "running", 10, 4)]);
    let epoch = world.socket(&Channel::Multiplexed).unwrap().epoch;
    let channel = Channel::Multiplexed;
    for text in [
        "",
        "{",
        "[]",
        "null",
        "\"x\"",
        r#"{"type":"weather"}"#,
        r#"{"type":"progress_update"}"#,
    ] {
        let event = SocketEvent::Message {
            channel: channel.clone(),
            epoch,
            text: text.into(),
        };
        world.tell(Msg::Sockets(vec![event]));
    }
    world.tell(Msg::Sockets(vec![SocketEvent::Binary {
        channel: channel.clone(),
        epoch,
    }]));
    assert_eq!(
        (processed(&world, "a"), world.model.link.health()),
        (4, Health::Live)
    );
    assert_eq!(
        world
            .model
            .link
            .dropped
            .iter()
            .map(|(_, count)| *count)
            .sum::<u32>(),
        8
    );
    world.cut(&channel);
    world.run(3_000);
    world.tell(Msg::Sockets(vec![SocketEvent::Closed {
        channel,
        epoch,
        code: 1006,
    }]));
    assert_eq!(
        world.model.link.health(),
        Health::Live,
        "the close of the old socket does not end the new one"
    );
}

/// Prevents: a toast stays for ever, or bad news goes away before it was read.
#[test]
fn good_news_goes_away_and_bad_news_stays() {
    let mut world = following(&[("a", "completed", 2, 2)]);
    world.choose([1], true);
    world.tell(Msg::ChoiceCleared);
    world.tell(Msg::RerunAsked(id("a"), RerunWhat::All));
    world.run(500);
    assert_eq!(world.model.notices.toasts.len(), 2);
    world.run(10_000);
    assert_eq!(world.model.notices.toasts.len(), 1);
    let toast = world.model.notices.toasts[0].id;
    world.tell(Msg::ToastDismissed(toast));
    assert!(world.model.notices.toasts.is_empty());
    assert_eq!(world.timer(&Timer::Toast(toast)), None);
    assert!(!world.model.net.is_busy(&Slot::Rerun(id("a"))));
}
