//! A group is cancelled as one.

use super::{CODE, among, group, id, part, reviewing};
use crate::server::Answer;
use crate::world::World;
use batch_runner::app::{Effect, Msg, TabEvent};
use batch_runner::domain::live::Word;
use batch_runner::machine::launch::Launch;
use batch_runner::wire::rest::Method::Post;
use serde_json::json;

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
