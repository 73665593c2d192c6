//! Limits, cuts, and a network that is gone.

use super::{following, processed};
use crate::server::Answer;
use crate::world::World;
use batch_runner::app::Msg;
use batch_runner::domain::live::Health;
use batch_runner::error::Kind;
use batch_runner::machine::connection::Channel;
use batch_runner::route::View;
use batch_runner::wire::rest::Method::Get;
use serde_json::json;

/// Prevents: the server's own waiting time is ignored, and the limit is hit again.
#[test]
fn a_limited_request_waits_exactly_as_long_as_told() {
    let mut world = World::signed_in();
    world
        .server
        .once(Get, "/v1/leads", [Answer::Limited(Some(7))]);
    world.tell(Msg::PageChosen(1));
    world.run(20_000);
    let sent = world.requests(Get, "skip=50");
    assert_eq!(sent.len(), 2);
    assert_eq!(
        sent[1].at - sent[0].at,
        7_020,
        "20 ms for the answer, then 7 s"
    );
    assert!(world.model.leads.page.error().is_none());
}

/// Prevents: 429 without a time is repeated at once, or given up at once.
#[test]
fn a_limited_request_without_a_time_backs_off() {
    let mut world = World::signed_in();
    world
        .server
        .once(Get, "/v1/leads", vec![Answer::Limited(None); 3]);
    world.tell(Msg::PageChosen(1));
    world.run(30_000);
    let sent = world.requests(Get, "skip=50");
    let pauses: Vec<_> = sent
        .windows(2)
        .map(|pair| pair[1].at - pair[0].at - 20)
        .collect();
    assert_eq!(pauses.len(), 3);
    for (pause, rung) in pauses.iter().zip([1_000, 2_000, 4_000]) {
        assert!((rung / 2..=rung).contains(pause), "{pauses:?}");
    }
}

/// Prevents: a restart of the server empties the page; or the page asks for ever.
#[test]
fn an_absent_server_is_tried_three_more_times_two_seconds_apart_and_then_told() {
    let mut world = World::signed_in();
    world
        .server
        .always(Get, "/v1/leads", Answer::Http(503, json!({})));
    world.tell(Msg::PageChosen(1));
    world.run(60_000);
    let sent = world.requests(Get, "skip=50");
    let pauses: Vec<_> = sent
        .windows(2)
        .map(|pair| pair[1].at - pair[0].at)
        .collect();
    assert_eq!(pauses, [2_020, 2_020, 2_020]);
    assert!(
        world
            .model
            .leads
            .page
            .error()
            .is_some_and(|error| matches!(error.kind, Kind::Unavailable { status: 503, .. }))
    );
    assert!(
        world.model.leads.page.value().is_some(),
        "the old rows stay"
    );
}

/// Prevents: the connection that the server drops after an error fails the next read as well.
#[test]
fn a_dropped_connection_is_repeated_at_once() {
    let mut world = World::signed_in();
    world.server.once(Get, "/v1/leads", [Answer::Lost]);
    world.tell(Msg::PageChosen(1));
    world.run(100);
    assert_eq!(world.requests(Get, "skip=50").len(), 2);
    assert!(world.model.leads.page.error().is_none() && !world.model.leads.page.is_loading());
}

/// Prevents: a tunnel or a closed lid leaves failed panels behind that must be reloaded by hand.
#[test]
fn offline_waits_and_goes_on_by_itself() {
    let mut world = following(&[("a", "running", 10, 4)]);
    world.tell(Msg::ViewOpened(View::New));
    world.run(1_000);
    world.server.always(Get, "/", Answer::Offline);
    world.tell(Msg::Online(false));
    assert_eq!(world.model.link.health(), Health::Offline);
    world.tell(Msg::PageChosen(1));
    world.run(1_000);
    assert!(world.model.leads.page.is_loading() && world.model.leads.page.error().is_none());
    let (sent, dialled) = (world.sent.len(), world.sockets.len());
    world.run(600_000);
    assert_eq!(
        (world.sent.len(), world.sockets.len()),
        (sent, dialled),
        "nothing is tried without a network"
    );
    world.server.mend();
    world.server.set("a", "running", 9);
    world.tell(Msg::Online(true));
    world.run(1_000);
    assert_eq!(
        world
            .model
            .leads
            .page
            .value()
            .map(|page| page.leads[0].id.0.as_str()),
        Some("lead-051")
    );
    assert_eq!(
        (world.model.link.health(), processed(&world, "a")),
        (Health::Live, 9)
    );
}

/// Prevents: a hidden page dials and polls for nobody.
#[test]
fn a_hidden_page_dials_nothing_and_is_up_to_date_when_it_is_seen_again() {
    let mut world = following(&[("a", "running", 10, 4)]);
    world.tell(Msg::Visible(false));
    world.cut(&Channel::Multiplexed);
    let dialled = world.sockets.len();
    world.run(120_000);
    assert_eq!(world.sockets.len(), dialled);
    world.server.set("a", "running", 8);
    world.tell(Msg::Visible(true));
    world.run(500);
    assert_eq!(
        (world.model.link.health(), processed(&world, "a")),
        (Health::Live, 8)
    );
}
