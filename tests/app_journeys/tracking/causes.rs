//! Why leads failed, and what became of each.

use super::{bought, chosen, following, id, results};
use crate::server::Server;
use crate::world::World;
use batch_runner::app::batch_history::rerun::RerunWhat;
use batch_runner::app::launch::ledger::Receipts;
use batch_runner::app::{Effect, Msg, StoreKey};
use batch_runner::domain::batch::Batch;
use batch_runner::domain::causes::{NO_REASON, causes, normalised};
use batch_runner::domain::live::Frame;
use batch_runner::machine::connection::Channel;
use batch_runner::route::View;
use batch_runner::wire::rest::Method::Get;
use batch_runner::wire::rest::{Reply, Request};
use batch_runner::wire::ws::read_frame;
use serde_json::{Value, json};

/// A batch of five: one done, three failed for two reasons, one left untouched by a cancel.
fn looking_back() -> World {
    let mut world = World::new();
    let mut batch = Server::batch("a", "cancelled", 5, 4);
    batch["successful_leads"] = json!(1);
    batch["failed_leads"] = json!(3);
    world.server.batches = vec![batch];
    world.server.results.insert(
        "a".into(),
        results(&[
            ("lead-001", "completed", None),
            ("lead-002", "failed", Some("Timeout after 30s")),
            ("lead-003", "failed", None),
            ("lead-004", "failed", Some("Timeout after 31s")),
            ("lead-005", "skipped", None),
        ]),
    );
    world.stored.insert(StoreKey::Token, "good".into());
    world.open("view=history");
    world.run(500);
    world
}

fn exported(world: &mut World, form: Receipts) -> String {
    world.tell(Msg::OutcomesAsked(id("a"), form));
    match world.effects.last() {
        Some(Effect::Download { text, .. }) => text.clone(),
        other => panic!("{other:?}"),
    }
}

/// Prevents: what the real server says of failures is not understood.
#[test]
fn the_recorded_failures_are_read() {
    let recorded = crate::recordings::all();
    let of = |name: &str| {
        let found = recorded.iter().find(|recording| recording.name == name);
        found.unwrap_or_else(|| panic!("{name}"))
    };
    let sessions = ["as-is", "repaired"].map(|it| of(&format!("{it}/ws-progress.failed-leads")));
    let told: Vec<Batch> = (sessions.iter())
        .flat_map(|session| session.frames())
        .filter_map(|text| match read_frame(text, None) {
            Ok(Frame::News { news, .. } | Frame::Ended { news, .. }) => Some(*news),
            _ => None,
        })
        .collect();
    let errors: Vec<_> = told.iter().filter_map(|news| news.error.clone()).collect();
    assert_eq!(
        errors
            .iter()
            .map(|error| normalised(error))
            .collect::<Vec<_>>(),
        ["property [name] of [name] object has no setter"]
    );
    // Seven of a hundred failed, and the server names none of them.
    assert_eq!(told.last().map(|news| news.counts.failed), Some(7));
    assert!(told.iter().all(|news| causes(&news.recent).is_empty()));
    for (name, readable) in [
        ("as-is/batch-status.with-failed-leads", false),
        ("repaired/batch-status.with-failed-leads", true),
    ] {
        let (status, body) = of(name).answer().unwrap();
        let read = Request::Status(id("x")).read(status, None, &body);
        assert_eq!(read.is_ok(), readable, "{name}");
        if let Ok(Reply::Status(batch)) = read {
            assert_eq!((batch.counts.failed, causes(&batch.recent).len()), (7, 0));
        }
    }
}

/// Prevents: three failures are three riddles; the leads of one cause cannot be run again by themselves.
#[test]
fn failures_are_told_by_cause_and_each_can_be_run_again() {
    let mut world = looking_back();
    world.tell(Msg::BatchOpened(Some(id("a"))));
    world.run(500);
    let (groups, unnamed) = world.model.causes(&id("a"));
    let told: Vec<_> = (groups.iter())
        .map(|cause| (cause.words.as_str(), cause.leads.len()))
        .collect();
    assert_eq!(told, [("Timeout after #s", 2), (NO_REASON, 1)]);
    assert_eq!(unnamed, 0);
    for (what, expected) in [
        (RerunWhat::Cause("Timeout after #s".into()), vec!["2", "4"]),
        (RerunWhat::Failed, vec!["2", "3", "4"]),
        (RerunWhat::NotStarted, vec!["5"]),
        (RerunWhat::All, vec!["1", "2", "3", "4", "5"]),
    ] {
        let known = world.model.rerun_leads(&id("a"), &what);
        assert_eq!(
            known.map(|leads| leads.len()),
            Some(expected.len()),
            "{what:?}"
        );
        world.tell(Msg::RerunAsked(id("a"), what.clone()));
        assert_eq!(chosen(&world), expected, "{what:?}");
        assert_eq!(world.model.choice.rerun(), Some(&id("a")));
        assert_eq!(world.model.route.view, View::New);
        world.tell(Msg::BatchOpened(Some(id("a"))));
        world.run(500);
    }
}

/// Prevents: from the list, without details, a part of a batch is run again by guess.
#[test]
fn what_is_not_known_yet_is_asked_for() {
    let mut world = looking_back();
    assert_eq!(world.model.rerun_leads(&id("a"), &RerunWhat::Failed), None);
    world.tell(Msg::RerunAsked(id("a"), RerunWhat::Failed));
    world.run(500);
    assert_eq!(chosen(&world), ["2", "3", "4"]);
}

/// Prevents: on today's server "run the failed ones again" runs all, or none, in silence.
#[test]
fn a_server_that_does_not_tell_which_leads_failed_is_said_to() {
    let mut world = looking_back();
    world.server.results.clear();
    world.choose([9], true);
    for what in [
        RerunWhat::Failed,
        RerunWhat::NotStarted,
        RerunWhat::Cause("Timeout after #s".into()),
    ] {
        world.tell(Msg::RerunAsked(id("a"), what));
        world.run(500);
    }
    assert!(world.was_told("does not tell which leads of this batch failed"));
    assert!(world.was_told("does not tell which leads of this batch did not start"));
    assert_eq!(chosen(&world), ["9"], "the choice stays");
    world.tell(Msg::OutcomesAsked(id("a"), Receipts::Csv));
    assert!(world.was_told("nothing to export"));
}

/// Prevents: where nothing failed, "run the failed ones again" chooses nothing and takes the present choice away.
#[test]
fn where_nothing_failed_nothing_is_offered() {
    let mut world = bought();
    world.server.set("batch-1", "failed", 3);
    world.run(40_000);
    world.choose([9], true);
    assert_eq!(
        world.model.rerun_leads(&id("batch-1"), &RerunWhat::Failed),
        Some(Vec::new())
    );
    world.tell(Msg::RerunAsked(id("batch-1"), RerunWhat::Failed));
    assert_eq!(chosen(&world), ["9"]);
    assert!(world.was_told("No lead of that batch failed"));
}

/// Prevents: on a socket that names failed leads one by one, all but the newest eight are forgotten.
#[test]
fn leads_that_fail_while_somebody_watches_are_remembered() {
    let mut world = following(&[("a", "running", 300, 0)]);
    for n in 0..30 {
        world.hear(
            &Channel::Multiplexed,
            &json!({"type": "lead_update", "batch_id": "a", "lead_id": format!("lead-{n:03}"), "status": "failed",
                "error_code": "TIMEOUT", "error_message": format!("No answer in {n} s")}),
        );
    }
    let (groups, _) = world.model.causes(&id("a"));
    assert_eq!(groups.len(), 1);
    assert_eq!(
        (groups[0].words.as_str(), groups[0].leads.len()),
        ("TIMEOUT: No answer in # s", 30)
    );
}

/// Prevents: every batch that is opened asks anew for a list that the server does not have.
#[test]
fn a_list_of_leads_that_the_server_does_not_have_is_asked_for_once() {
    let mut world = following(&[("a", "completed", 3, 3), ("b", "completed", 3, 3)]);
    for batch in ["a", "b", "a"] {
        world.tell(Msg::BatchOpened(Some(id(batch))));
        world.run(500);
        let details = world.model.history.details.as_ref().unwrap();
        assert!(details.results.error().is_some(), "it is said of {batch}");
    }
    world.tell(Msg::RerunAsked(id("b"), RerunWhat::All));
    world.run(500);
    assert_eq!(
        world.requests(Get, "/leads?").len(),
        1,
        "{:?}",
        world.requests(Get, "/leads?")
    );
    assert!(world.was_told("the server does not tell which leads it had"));
}

/// Prevents: leads that a cancel left untouched are missing from the file, or called failed.
#[test]
fn the_outcomes_are_handed_out_lead_by_lead() {
    let mut world = looking_back();
    world.tell(Msg::BatchOpened(Some(id("a"))));
    world.run(500);
    let csv = exported(&mut world, Receipts::Csv);
    let lines: Vec<_> = csv.lines().collect();
    assert_eq!(lines.len(), 6, "{csv}");
    assert!(
        lines[2].contains("\"lead-002\",\"failed\",\"Timeout after 30s\""),
        "{csv}"
    );
    assert!(
        lines[5].contains("\"lead-005\",\"not started\",\"\""),
        "{csv}"
    );
    let json: Value = serde_json::from_str(&exported(&mut world, Receipts::Json)).unwrap();
    assert_eq!(json[0]["status"], "completed");
}
