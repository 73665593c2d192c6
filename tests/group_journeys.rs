//! Batches that one approval started, followed and cancelled as one, and the receipts of launches, in virtual time.

#[expect(dead_code, reason = "journeys of other kinds use the rest")]
#[path = "support/server.rs"]
mod server;
#[expect(dead_code, reason = "journeys of other kinds use the rest")]
#[path = "support/world.rs"]
mod world;

use batch_runner::app::progress_tracker::groups::Group;
use batch_runner::app::{Effect, Msg, StoreKey, TabEvent};
use batch_runner::domain::batch::{BatchId, Counts};
use batch_runner::domain::live::Word;
use batch_runner::domain::plan::Field;
use batch_runner::machine::connection::Channel;
use batch_runner::machine::launch::Launch;
use batch_runner::wire::rest::Method::{Get, Post};
use serde_json::{Value, json};
use server::{Answer, Server};
use world::World;

const CODE: &str = "0123456789ab";
const PERSON: Option<&str> = Some("olive@example");

fn id(id: &str) -> BatchId {
    BatchId(id.into())
}

/// Batch `number` of `of` that were started together, a minute after one another.
fn part(number: u32, of: u32, status: &str, done: u32) -> Value {
    let mut batch = Server::batch(&format!("part-{number}"), status, 100, done);
    batch["name"] = json!(format!("Summer ({number} of {of})"));
    batch["description"] = json!(format!("For the fair [ref {CODE} {number}/{of} 00000a]"));
    batch["created_at"] = json!(format!("2026-11-23T12:{number:02}:00"));
    batch["estimated_cost_usd"] = json!(50.0);
    batch
}

/// A page that finds these batches, newest first.
fn among(batches: Vec<Value>) -> World {
    let mut world = World::new();
    world.server.batches = batches;
    world.stored.insert(StoreKey::Token, "good".into());
    world.open("view=running");
    world.run(1_000);
    world
}

fn group(world: &World) -> Group {
    world.model.group(CODE)
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

fn places(world: &World) -> Vec<String> {
    world.model.places()
}

fn cards(world: &World) -> Vec<String> {
    world.model.batches.cards(CODE)
}

/// The next read of the server's list.
fn swept(world: &mut World) {
    // One may be under way.
    world.run(500);
    world.tell(Msg::RetryNow);
    world.run(1_000);
}

/// 2,300 leads as three batches under review, ready to be approved.
fn reviewing() -> World {
    reviewing_in(World::new())
}

/// The same on this page.
fn reviewing_in(mut world: World) -> World {
    let lead = |n: u32| json!({"id": format!("lead-{n:05}"), "company_name": format!("Company {n:05}"), "enrichment_status": "completed"});
    world.server.leads = (1..=2_300).map(lead).collect();
    world.stored.insert(StoreKey::Token, "good".into());
    world.open("");
    world.run(1_000);
    world.tell(Msg::AllMatchingAsked);
    world.run(3_000);
    world.tell(Msg::SplitAsked(true));
    world.tell(Msg::SettingTyped(Field::Name, "Autumn".into()));
    world.run(3_000);
    world.tell(Msg::ReviewAsked);
    world.run(3_000);
    let launch = &world.model.compose.launch;
    assert!(matches!(launch, Launch::Reviewing(review) if review.is_ready()));
    world
}

/// The code of the only group.
fn code(world: &World) -> String {
    match &places(world)[..] {
        [code] => code.clone(),
        places => panic!("{places:?}"),
    }
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

/// Prevents: cancelling a group stops what has ended, leaves one running, or asks twice; nobody learns what is saved.
#[test]
fn all_that_still_run_are_cancelled_by_one_question() {
    let mut world = among(vec![
        part(4, 5, "pending", 0),
        part(3, 5, "running", 50),
        part(2, 5, "running", 20),
        part(1, 5, "completed", 100),
    ]);
    world.tell(Msg::CancelConfirmed(id("part-2")));
    world.tell(Msg::GroupCancelAsked(CODE.into()));
    assert_eq!(world.model.cancel_title(), "Summer");
    assert_eq!(
        world.model.cancel_words(),
        "3 of 4 batches still run. Up to 230 leads are not processed yet. Not making them saves about $115.00 of the \
         approved $150.00. About $85.00 for what is processed is billed all the same. Those that have not started yet \
         are held back where this browser starts them; one that is on its way may run all the same."
    );
    world.tell(Msg::CancelDropped);
    world.run(1_000);
    assert_eq!(world.requests(Post, "/cancel").len(), 1, "dropped");
    world.tell(Msg::GroupCancelAsked(CODE.into()));
    world.tell(Msg::GroupCancelConfirmed(CODE.into()));
    world.tell(Msg::GroupCancelConfirmed(CODE.into()));
    assert_eq!(world.model.batches.asking, None);
    assert!(!group(&world).can_cancel, "asked already");
    world.run(5_000);
    let asked: Vec<_> = (world.requests(Post, "/cancel").into_iter())
        .map(|sent| sent.http.path)
        .collect();
    assert_eq!(
        asked,
        ["part-2", "part-3", "part-4"].map(|id| format!("/batch/{id}/cancel"))
    );
    let found = group(&world);
    assert_eq!(found.states, "1 completed · 3 cancelled");
    assert!(found.is_ended);
    world.tell(Msg::GroupCancelAsked(CODE.into()));
    assert_eq!(
        world.model.cancel_words(),
        "These batches have just ended; there is nothing to cancel any more."
    );
}

/// Prevents: batches go on starting in one tab while all of them are cancelled in another.
#[test]
fn what_waits_is_held_back_where_the_group_is_cancelled() {
    let mut world = reviewing();
    let late = Answer::Late(3_000, Box::new(Answer::Usual));
    world.server.once(Post, "/batch/start", [late]);
    world.tell(Msg::Approved);
    world.run(1_000);
    let run = world.model.compose.launch.run().expect("it is being sent");
    let code = run.plan.reference.code().to_owned();
    let held = |code: &str| {
        let code = code.to_owned();
        Msg::Tabs(TabEvent::Heard(Word::Held { code }))
    };
    world.tell(held("0000000000ff"));
    let waits = |world: &World| world.model.compose.launch.run().map(|run| run.rest.len());
    assert_eq!(waits(&world), Some(2), "that was another approval");
    world.tell(held(&code));
    assert_eq!(waits(&world), Some(0));
    world.run(20_000);
    assert_eq!(world.starts(), 1);
    assert_eq!(world.model.choice.selection.len(), 1_300);
    // Also where it is not certain whether the one before has started.
    let mut unsure = reviewing();
    unsure
        .server
        .once(Post, "/batch/start", [Answer::Lost, Answer::Usual]);
    unsure.tell(Msg::Approved);
    unsure.run(30_000);
    let launch = &unsure.model.compose.launch;
    assert!(matches!(launch, Launch::NotConfirmed { .. }), "{launch:?}");
    let run = launch.run().map(|run| run.plan.reference.code().to_owned());
    unsure.tell(held(&run.unwrap_or_default()));
    assert_eq!(waits(&unsure), Some(0));
    world.tell(Msg::GroupCancelConfirmed(code.clone()));
    let told = Effect::TellTabs(Word::Held { code });
    assert!(world.effects.contains(&told));
}

/// Prevents: batches are started with a template that vanished while those before them were.
#[test]
fn what_waits_is_held_back_where_its_template_is_gone() {
    let mut world = reviewing();
    let late = Answer::Late(3_000, Box::new(Answer::Usual));
    world.server.once(Post, "/batch/start", [late]);
    let gone = world.model.compose.template.clone();
    let gone = json!(gone.map(|version| version.0));
    world.server.templates.retain(|it| it["version"] != gone);
    world.tell(Msg::Approved);
    world.run(20_000);
    assert_eq!((world.starts(), world.ledger().len()), (1, 1));
    assert!(
        world.was_told("no further batch is started"),
        "{:?}",
        world.toasts
    );
    assert_eq!(world.model.choice.selection.len(), 1_300);
}

/// Prevents: one refusal hides that the others were stopped, or is told of no batch in particular.
#[test]
fn a_partial_refusal_is_told_of_the_batch_that_was_refused() {
    let mut world = among(vec![part(2, 2, "running", 10), part(1, 2, "running", 10)]);
    let refused = Answer::Http(
        400,
        json!({"detail": "Batch cannot be cancelled in current status"}),
    );
    world.server.always(Post, "/batch/part-1/cancel", refused);
    world
        .server
        .once(Post, "/batch/part-2/cancel", [Answer::Limited(Some(2))]);
    world.tell(Msg::GroupCancelConfirmed(CODE.into()));
    world.run(10_000);
    assert_eq!(group(&world).states, "1 running · 1 cancelled");
    assert!(group(&world).can_cancel, "it can be tried again");
    assert!(
        world.was_told("Summer (1 of 2): The server says that this batch cannot be cancelled"),
        "{:?}",
        world.toasts
    );
    world.server.mend();
    world.tell(Msg::GroupCancelConfirmed(CODE.into()));
    world.run(5_000);
    assert_eq!(group(&world).states, "2 cancelled");
}

/// Prevents: a receipt tells other figures than were approved, or forgets which batches belong together.
#[test]
fn a_receipt_tells_what_was_approved_and_what_it_cost() {
    let mut world = reviewing();
    world.server.once(
        Post,
        "/batch/start",
        [Answer::Usual, Answer::LostAfterActing, Answer::Usual],
    );
    world.tell(Msg::Approved);
    let approved = world.now;
    world.run(20_000);
    let lines = |world: &World, batch: &str| {
        let receipt = world
            .model
            .ledger
            .receipt(&id(batch), PERSON)
            .expect("a receipt");
        let line = |(label, value): &(&str, String)| format!("{label}: {value}");
        receipt.lines.iter().map(line).collect::<Vec<_>>()
    };
    let receipt = world.model.ledger.receipt(&id("batch-1"), PERSON).unwrap();
    assert_eq!(receipt.approved, approved);
    let other = |number: u32| (format!("Batch {number}"), id(&format!("batch-{number}")));
    assert_eq!(receipt.others, [other(2), other(3)]);
    assert_eq!(
        lines(&world, "batch-2"),
        [
            "Price approved: $1,000.00",
            "Actual cost: not known before it ends",
            "Outcome: started; its answer got lost, and it was found on the server",
            "Settings: 5 leads at once, tries again up to 3 times per lead",
            "Batch: 2 of 3, approved together",
        ]
    );
    for (batch, actual) in [
        ("batch-1", json!(960.0)),
        ("batch-2", json!(1_000.0)),
        ("batch-3", json!(null)),
    ] {
        world.server.set(batch, "completed", 1_000);
        for known in &mut world.server.batches {
            if known["id"] == batch {
                known["actual_cost_usd"] = actual.clone();
            }
        }
    }
    swept(&mut world);
    let cost = |world: &World, batch: &str| lines(world, batch).remove(1);
    assert_eq!(
        cost(&world, "batch-1"),
        "Actual cost: $960.00, $40.00 (4\u{a0}%) less than approved"
    );
    assert_eq!(
        cost(&world, "batch-2"),
        "Actual cost: $1,000.00, exactly as approved"
    );
    assert_eq!(
        cost(&world, "batch-3"),
        "Actual cost: not told by the server"
    );
    assert_eq!(world.model.ledger.receipt(&id("foreign"), PERSON), None);
    assert_eq!(world.model.ledger.doubts(PERSON), []);
}

/// Prevents: money that may have been spent is in no list, or what is certain is called doubtful.
#[test]
fn launches_without_a_known_batch_need_a_look() {
    let mut world = World::reviewing();
    let refusal = Answer::Http(422, json!({"detail": "over the daily budget"}));
    world.server.once(Post, "/batch/start", [refusal]);
    world.tell(Msg::Approved);
    world.run(5_000);
    world.tell(Msg::ReviewAsked);
    world.run(2_000);
    world.server.once(Post, "/batch/start", [Answer::Lost]);
    world.tell(Msg::Approved);
    world.run(2_000);
    assert_eq!(
        world.model.ledger.doubts(PERSON).len(),
        1,
        "still looked for"
    );
    world.run(60_000);
    world.tell(Msg::LaunchDismissed);
    let doubts = world.model.ledger.doubts(PERSON);
    let words: Vec<_> = doubts.iter().map(|doubt| &doubt.words[..]).collect();
    assert_eq!(words.len(), 2, "{words:?}");
    assert!(
        words[0].starts_with("3 leads for $3.00: not confirmed."),
        "{words:?}"
    );
    assert!(
        words[1].starts_with("3 leads for $3.00: refused, nothing was started. ")
            && words[1].contains("over the daily budget"),
        "{words:?}"
    );
}

/// Prevents: receipts of launches whose price nobody noted claim one.
#[test]
fn a_launch_of_an_earlier_version_has_a_receipt_without_a_price() {
    let mut world = World::new();
    world.stored.insert(StoreKey::Token, "good".into());
    let earlier = json!([{"batch": "x", "lead_ids": ["a"], "template": "v1", "at": 5}]);
    world.stored.insert(StoreKey::Ledger, earlier.to_string());
    let mut ended = Server::batch("x", "completed", 1, 1);
    ended["actual_cost_usd"] = json!(0.5);
    world.server.batches = vec![ended];
    world.open("");
    world.run(1_000);
    let receipt = world.model.ledger.receipt(&id("x"), PERSON).unwrap();
    assert_eq!(receipt.lines[0].1, "an unknown price");
    assert_eq!(receipt.lines[1].1, "$0.50");
    assert_eq!(receipt.others, []);
}
