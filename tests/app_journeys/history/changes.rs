//! Batches that change while the list is shown, and whose they are.

use super::{ask, history, past, running, runs, shown, words};
use crate::server::{Answer, Server};
use crate::world::{NOON, World};
use batch_runner::app::batch_history::list::PastRow;
use batch_runner::app::{Msg, StoreKey};
use batch_runner::domain::batch::BatchStatus;
use batch_runner::domain::template::TemplateVersion;
use batch_runner::domain::time::Millis;
use batch_runner::wire::rest::Method::Get;
use serde_json::json;

/// Prevents: rows move under the pointer because a figure that they are sorted by has changed.
#[test]
fn news_change_rows_in_place_and_the_order_only_when_asked() {
    let mut world = history(300, "");
    let mut running = Server::batch("run", "running", 10, 1);
    running["created_at"] = json!(Millis(NOON.0 - 3_900_000).to_utc_text());
    world.server.batches.insert(0, running);
    let mut world = world.reload();
    world.open("view=history&hsort=status&hdir=asc");
    world.run(2_000);
    assert_eq!(shown(&world)[..2], ["run", "b00001"]);
    let before = shown(&world);
    world.server.set("run", "completed", 10);
    world.server.batches.insert(0, past(0));
    world.server.batches[0]["id"] = json!("newer");
    world.run(40_000);
    let row = world.model.past_rows().remove(0);
    assert!(matches!(row, PastRow::Batch(batch) if batch.status == BatchStatus::Completed));
    assert_eq!(shown(&world), before);
    assert!(world.model.history.is_outdated);
    world.tell(Msg::HistoryRetried);
    assert!(!world.model.history.is_outdated);
    assert_ne!(shown(&world), before);
    assert!(
        words(&world).contains("302 found among 302"),
        "{}",
        words(&world)
    );
}

/// The same where the server's own page is shown.
#[test]
fn a_batch_that_ends_moves_no_row_of_the_servers_page() {
    let mut world = history(40, "");
    world
        .server
        .batches
        .insert(0, Server::batch("run", "running", 10, 1));
    let mut world = world.reload();
    world.open("view=history");
    world.run(1_000);
    let before = shown(&world);
    assert_eq!(before[0], "run");
    world.server.set("run", "completed", 10);
    world
        .server
        .batches
        .insert(0, Server::batch("other", "completed", 1, 1));
    world.run(40_000);
    assert_eq!(shown(&world), before);
    assert!(world.model.history.is_outdated);
    world.tell(Msg::HistoryRetried);
    world.run(100);
    assert_eq!(shown(&world)[..2], ["other", "run"]);
}

/// Prevents: rows of the page or the filter before stand under the new one, because a batch ended while that was read.
#[test]
fn a_batch_that_ends_while_a_page_is_read_keeps_no_rows_of_the_page_before() {
    let mut world = running(60, "");
    let late = Answer::Late(60_000, Box::new(Answer::Usual));
    world.server.once(Get, "skip=25&limit=25", [late]);
    ask(&mut world, |query| query.page = 1);
    world.server.set("run", "completed", 10);
    world.run(40_000);
    assert_eq!(shown(&world)[0], "b00024");
    assert!(!world.model.history.is_outdated);
    // A page that was read again by itself and failed stays where it is.
    assert_eq!(world.model.past_error(), None);
}

/// Prevents: the rows of the filter before pass for those of a filter that could not be read.
#[test]
fn a_filter_that_cannot_be_read_shows_no_rows_of_the_filter_before() {
    let mut world = running(60, "");
    let failure = Answer::Http(500, json!({"message": "boom"}));
    world.server.once(Get, "template_version=v1", [failure]);
    ask(&mut world, |query| {
        query.template = Some(TemplateVersion("v1".into()))
    });
    assert_eq!(
        shown(&world).len(),
        25,
        "dimmed while the new ones are read"
    );
    world.run(500);
    assert!(world.model.past_error().is_some());
    assert_eq!(
        (shown(&world).len(), world.model.past_count()),
        (0, None),
        "nothing is known of it"
    );
    world.server.set("run", "completed", 10);
    world.run(40_000);
    assert_eq!((shown(&world).len(), world.model.past_error()), (25, None));
    assert!(!world.model.history.is_outdated);
}

/// Prevents: everybody’s batches stand under “Only mine” because it is not known yet whose those are.
#[test]
fn only_mine_never_shows_everybodys_batches() {
    let mut world = World::new();
    world.server.batches = (0..60).map(past).collect();
    world.stored.insert(StoreKey::Token, "good".into());
    let failure = Answer::Http(500, json!({"message": "boom"}));
    world.server.always(Get, "/v1/accounts/me", failure);
    let late = Answer::Late(500, Box::new(Answer::Usual));
    world.server.once(Get, "limit=25", [late]);
    world.open("view=history");
    world.run(100);
    ask(&mut world, |query| query.mine = true);
    assert!(world.model.is_past_busy());
    world.run(1_000);
    assert!(shown(&world).is_empty(), "asked for before, told after");
    assert!(world.model.past_error().is_some());
    ask(&mut world, |query| query.mine = false);
    world.run(100);
    ask(&mut world, |query| {
        query.status = Some(BatchStatus::Completed)
    });
    world.run(500);
    assert_eq!(shown(&world).len(), 25);
    ask(&mut world, |query| query.mine = true);
    world.run(500);
    assert_eq!((shown(&world).len(), world.model.past_count()), (0, None));
    assert!(world.model.past_error().is_some());
    world.server.mend();
    world.run(120_000);
    assert!(
        words(&world).starts_with("36 found among"),
        "{}",
        words(&world)
    );
}

/// Prevents: a batch that ends has everybody’s batches read as mine while it is not known who is signed in.
#[test]
fn the_end_of_a_batch_reads_nobody_elses_batches_as_mine() {
    let mut world = running(60, "mine=1");
    let failure = Answer::Http(500, json!({"message": "boom"}));
    world.server.always(Get, "/v1/accounts/me", failure);
    world.server.good_token = "other".into();
    world.tell(Msg::TokenChanged(Some("other".into())));
    world.run(100);
    assert_eq!(world.model.session.user, None);
    world.server.set("run", "completed", 10);
    world.run(40_000);
    let pages = world.requests(Get, "limit=25");
    let is_mine = |path: &str| path.contains("created_by=olive");
    assert!(pages.iter().all(|page| is_mine(&page.http.path)));
    world.server.mend();
    world.run(120_000);
    assert_eq!(world.model.past_error(), None);
    assert_eq!(shown(&world).len(), 25);
}

/// Prevents: a reading of one's own batches that a failed answer about the person has stopped is never gone on with, and
/// the list says that there are none.
#[test]
fn my_batches_are_read_to_the_end_once_the_person_is_told() {
    let mut world = World::new();
    world.server.batches = (0..2_000).map(past).collect();
    world.stored.insert(StoreKey::Token, "good".into());
    world.open("view=history&mine=1&hstatus=completed");
    world.run(100);
    assert!(runs(&world) > 1, "the reading is under way");
    let failure = Answer::Http(500, json!({"message": "boom"}));
    world.server.always(Get, "/v1/accounts/me", failure);
    world.server.good_token = "other".into();
    world.tell(Msg::TokenChanged(Some("other".into())));
    world.run(1_000);
    assert_eq!(world.model.past_count(), None);
    assert!(world.model.past_error().is_some());
    world.server.mend();
    world.run(120_000);
    assert_eq!(world.model.past_error(), None);
    let found = "1,200 found among";
    assert!(words(&world).starts_with(found), "{}", words(&world));
}

/// Prevents: the sum of a group is older than the rows below it, and nothing says so.
#[test]
fn what_a_group_comes_to_is_as_new_as_its_rows() {
    let mut world = running(30, "hgroup=creator");
    let before = world.model.past_rows();
    world.server.set("run", "completed", 10);
    world.server.batches[0]["actual_cost_usd"] = json!(2.5);
    world.run(40_000);
    let after = world.model.past_rows();
    assert_ne!(after[0], before[0]);
    assert!(!world.model.history.is_outdated);
    world.tell(Msg::HistoryRetried);
    world.run(100);
    assert_eq!(world.model.past_rows(), after);
}
