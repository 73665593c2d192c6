//! Batches of one approval stand together.

use super::{CODE, among, code, group, id, part, places, reviewing, reviewing_in, swept};
use crate::server::{Answer, Server};
use crate::world::World;
use batch_runner::app::progress_tracker::groups::Group;
use batch_runner::app::{Effect, Msg};
use batch_runner::domain::batch::Counts;
use batch_runner::domain::live::Word;
use batch_runner::machine::connection::Channel;
use batch_runner::machine::launch::Launch;
use batch_runner::wire::rest::Method::{Get, Post};
use serde_json::{Value, json};

fn cards(world: &World) -> Vec<String> {
    world.model.batches.cards(CODE)
}

/// Prevents: whoever has many batches running adds them up by hand, or looks for their own among those of others.
#[test]
fn one_line_tells_how_far_all_that_runs_is_and_ones_own_stand_first() {
    let batch = |id: &str, minute: u32, by: &str| {
        let mut batch = Server::batch(id, "running", 1_000, 400);
        batch["created_at"] = json!(format!("2026-11-23T12:{minute:02}:00"));
        batch["created_by"] = json!(by);
        batch
    };
    let theirs = batch("theirs", 9, "peter@example");
    let world = among(vec![
        theirs,
        batch("new", 5, "olive@example"),
        batch("old", 1, "olive@example"),
    ]);
    assert_eq!(places(&world), ["new", "old", "theirs"]);
    let words = "3 batches run: 1,200 of 3,000 leads done. 2 of them are yours.";
    assert_eq!(world.model.running_words().as_deref(), Some(words));
    let alone = among(vec![batch("new", 5, "olive@example")]);
    assert_eq!(alone.model.running_words(), None);
}

/// Prevents: batches of one approval stand apart, in another order, or move when one of them ends.
#[test]
fn batches_of_one_approval_stand_together_where_the_newest_of_them_stands() {
    let mut newer = Server::batch("newer", "running", 5, 0);
    newer["created_at"] = json!("2026-11-23T12:30:00");
    let older = Server::batch("older", "running", 5, 0);
    let mut world = among(vec![
        newer,
        part(3, 3, "pending", 0),
        part(2, 3, "running", 30),
        part(1, 3, "running", 60),
        older,
    ]);
    assert_eq!(places(&world), ["newer", CODE, "older"]);
    assert_eq!(cards(&world), ["part-1", "part-2", "part-3"]);
    let found = group(&world);
    assert_eq!(found.title(), "Summer");
    assert_eq!(found.started_words(), "3 batches started together");
    assert_eq!(found.states, "1 waiting to start · 2 running");
    let counts = Counts {
        total: 300,
        processed: 90,
        successful: 90,
        failed: 0,
    };
    assert_eq!(found.counts, counts);
    for ended in ["part-3", "part-1"] {
        world.server.set(ended, "completed", 100);
        swept(&mut world);
        assert_eq!(places(&world), ["newer", CODE, "older"]);
        assert_eq!(cards(&world), ["part-1", "part-2", "part-3"]);
    }
    let found = group(&world);
    assert_eq!(found.states, "1 running · 2 completed");
    assert!(found.can_cancel && !found.is_ended);
}

/// Prevents: two batches that one approval started by accident, or whose words only look like it, pass for a group.
#[test]
fn what_was_not_started_together_stays_apart() {
    let twin = |id: &str, description: &str| {
        let mut batch = Server::batch(id, "running", 5, 0);
        batch["description"] = json!(description);
        batch
    };
    let world = among(vec![
        twin("a", "[ref 0123456789ab]"),
        twin("b", "[ref 0123456789ab]"),
        twin("c", "[ref 0123456789ab 4/3 00000a]"),
        twin("d", "[ref 0123456789ab 1/1 00000a]"),
        twin("e", "ref 0123456789ab 1/2 00000a"),
    ]);
    assert_eq!(places(&world), ["a", "b", "c", "d", "e"]);
    assert_eq!(group(&world), Group::default());
}

/// Prevents: a group goes on with a token of which nobody can say whose it is.
#[test]
fn a_group_stops_where_it_cannot_be_told_whose_token_it_is() {
    let mut world = reviewing();
    let late = Answer::Late(5_000, Box::new(Answer::Usual));
    world.server.once(Post, "/batch/start", [late]);
    world.tell(Msg::Approved);
    world.run(1_000);
    // The server has failed to tell it long before the first batch is answered.
    let failures = std::iter::repeat_n(Answer::Http(500, json!({})), 9);
    world.server.once(Get, "/accounts/me", failures);
    world.server.good_token = "newer".into();
    world.tell(Msg::TokenChanged(Some("newer".into())));
    world.run(4_500);
    // Not only when the server has failed to tell it once more.
    assert_eq!(world.model.compose.launch, Launch::Draft);
    world.run(60_000);
    assert_eq!(world.starts(), 1);
    let complaints = &world.model.compose.complaints;
    assert!(
        complaints[0].text.contains("who is signed in"),
        "{complaints:?}"
    );
    assert!(
        complaints[1].text.starts_with("Batch 1 of 3 was started"),
        "{complaints:?}"
    );
    assert_eq!(world.model.choice.selection.len(), 1_300);
}

/// Prevents: batches of a group that have started count twice in other tabs: as bought, and as under review.
#[test]
fn other_tabs_are_told_what_of_a_group_is_still_to_come() {
    let mut world = World::new();
    world.tab = Some(3);
    let mut world = reviewing_in(world);
    let late = || Answer::Late(5_000, Box::new(Answer::Usual));
    world
        .server
        .once(Post, "/batch/start", [Answer::Usual, late()]);
    let told = |world: &World| {
        let told = world.effects.iter().rev().find_map(|effect| match effect {
            Effect::TellTabs(Word::Reviews { review, .. }) => Some(review.as_ref()),
            _ => None,
        });
        let told = told.flatten();
        assert!(told.is_none_or(|review| review.leads.len() == 2_300));
        told.map(|review| review.high.dollars())
    };
    assert_eq!(told(&world), Some(2_300.0));
    world.tell(Msg::Approved);
    world.run(2_000);
    assert_eq!(told(&world), Some(1_300.0));
    world.run(10_000);
    assert_eq!(told(&world), None);
}

/// Prevents: the bar over all jumps back with each batch that starts, or nobody learns how many are still to come.
#[test]
fn leads_that_wait_for_their_batch_are_counted_and_told() {
    let mut world = reviewing();
    let late = |answer| Answer::Late(5_000, Box::new(answer));
    world.server.once(
        Post,
        "/batch/start",
        [Answer::Usual, late(Answer::Usual), late(Answer::Usual)],
    );
    world.tell(Msg::Approved);
    world.run(2_000);
    let code = code(&world);
    let words = |world: &World| world.model.group(&code).started_words();
    let told = "1 of 3 batches started · 1,300 leads still to be started";
    assert_eq!(words(&world), told);
    assert_eq!(world.model.group(&code).counts.total, 2_300);
    world.run(5_000);
    let told = "2 of 3 batches started · 300 leads still to be started";
    assert_eq!(words(&world), told);
    assert_eq!(world.model.group(&code).counts.total, 2_300);
    world.run(10_000);
    let found = world.model.group(&code);
    assert_eq!(found.name.as_deref(), Some("Autumn"));
    assert_eq!(words(&world), "3 batches started together");
    assert_eq!((found.counts.total, found.waiting), (2_300, 0));
    assert_eq!(places(&world).len(), 1);
    assert_eq!(world.model.batches.cards(&code).len(), 3);
    assert_eq!(found.approved.as_deref(), Some("$2,300.00"));
    assert_eq!(found.spent, None, "the server has not told");
}

/// Prevents: a batch stands apart until the server's list tells its description, and jumps then.
#[test]
fn a_batch_belongs_to_its_group_from_the_start_without_a_description() {
    let mut world = reviewing();
    let answer = Answer::Http(
        201,
        json!({"batch_id": "first", "status": "pending", "total_leads": 1_000}),
    );
    let unread = Answer::Late(60_000, Box::new(Answer::Usual));
    world.server.once(Post, "/batch/start", [answer]);
    world.server.always(Get, "/batch?", unread);
    world.tell(Msg::Approved);
    world.run(10_000);
    let places = places(&world);
    assert_eq!(places.len(), 1, "{places:?}");
    assert_eq!(world.model.batches.cards(&places[0]).len(), 3);
}

/// Prevents: a refused batch of several leaves a group that waits for it for ever and does not say why.
#[test]
fn a_batch_that_was_refused_is_told_with_its_group() {
    let mut world = reviewing();
    world.server.once(
        Post,
        "/batch/start",
        [
            Answer::Usual,
            Answer::Http(422, json!({"detail": "no more today"})),
        ],
    );
    world.tell(Msg::Approved);
    world.run(10_000);
    let code = code(&world);
    let found = world.model.group(&code);
    assert_eq!(found.started_words(), "1 of 3 batches started");
    assert_eq!(found.counts.total, 1_000);
    let trouble = found.trouble.unwrap();
    assert!(
        trouble.starts_with("Batch 2 was refused: ") && trouble.contains("no more today"),
        "{trouble}"
    );
}

/// Prevents: after a reload a group is told without the batches that ended before, which looks like progress lost; or
/// everything that ended long ago is told as news.
#[test]
fn a_reload_finds_the_whole_group_and_tells_old_ends_to_nobody() {
    let mut other = part(1, 2, "completed", 100);
    other["id"] = json!("long-ago");
    other["description"] = json!("[ref ffffffffffff 1/2 00000a]");
    let world = among(vec![
        part(3, 3, "running", 10),
        part(2, 3, "cancelled", 50),
        part(1, 3, "completed", 100),
        other,
    ]);
    assert_eq!(places(&world), [CODE]);
    assert_eq!(cards(&world), ["part-1", "part-2", "part-3"]);
    assert_eq!(group(&world).counts.processed, 160);
    assert_eq!(
        group(&world).states,
        "1 running · 1 completed · 1 cancelled"
    );
    assert_eq!(world.toasts, [""; 0]);
    let frames: Vec<_> = (world.socket(&Channel::Multiplexed).unwrap().frames.iter())
        .map(Value::to_string)
        .collect();
    let asks = |id: &str| frames.iter().any(|frame| frame.contains(id));
    assert!(asks("part-3") && !asks("part-2"), "{frames:?}");
}

/// Prevents: putting one card away makes the bar over all jump; or what was put away comes back with the next read.
#[test]
fn a_card_put_away_still_counts_and_the_last_one_takes_the_group_along() {
    let mut world = among(vec![
        part(2, 2, "running", 10),
        part(1, 2, "completed", 100),
    ]);
    world.tell(Msg::BatchDismissed(id("part-2")));
    assert_eq!(cards(&world).len(), 2, "what runs cannot be put away");
    world.tell(Msg::BatchDismissed(id("part-1")));
    world.tell(Msg::GroupDismissed(CODE.into()));
    swept(&mut world);
    assert_eq!(cards(&world), ["part-2"]);
    assert_eq!(group(&world).counts.processed, 110);
    world.server.set("part-2", "completed", 100);
    swept(&mut world);
    assert!(group(&world).is_ended && !group(&world).can_cancel);
    world.tell(Msg::BatchDismissed(id("part-2")));
    swept(&mut world);
    assert_eq!(places(&world), [""; 0]);

    let mut world = among(vec![part(2, 2, "running", 10), part(1, 2, "running", 10)]);
    for ended in ["part-1", "part-2"] {
        world.server.set(ended, "completed", 100);
    }
    swept(&mut world);
    world.tell(Msg::GroupDismissed(CODE.into()));
    swept(&mut world);
    assert_eq!(places(&world), [""; 0]);
}

/// Prevents: a sum passes for the whole where the server told only a part of it, or an unknown cost for none.
#[test]
fn costs_are_summed_where_they_are_known() {
    let mut batches = vec![part(2, 2, "running", 10), part(1, 2, "running", 10)];
    batches[0]["actual_cost_usd"] = json!(1.5);
    batches[1]["estimated_cost_usd"] = json!(null);
    let mut world = among(batches);
    let found = group(&world);
    assert_eq!(found.approved.as_deref(), Some("$50.00 in 1 of 2 batches"));
    assert_eq!(found.spent.as_deref(), Some("$1.50 in 1 of 2 batches"));
    world.server.batches[1]["actual_cost_usd"] = json!(2.0);
    swept(&mut world);
    assert_eq!(group(&world).spent.as_deref(), Some("$3.50"));
}

/// Prevents: one name is shown for batches that have several, or a number that is true of one of them only.
#[test]
fn a_group_without_a_common_name_says_how_many_they_are() {
    let mut batches = vec![part(2, 2, "running", 10), part(1, 2, "running", 10)];
    batches[0]["name"] = json!("Winter (2 of 2)");
    assert_eq!(
        group(&among(batches.clone())).title(),
        "2 batches started together"
    );
    batches[0]["name"] = json!(null);
    assert_eq!(
        group(&among(batches.clone())).title(),
        "Summer",
        "one has none"
    );
    batches[1]["name"] = json!("  ");
    assert_eq!(group(&among(batches)).name, None);
}
