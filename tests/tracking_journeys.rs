//! Following a batch and looking back at it, in virtual time: its pace, why leads failed, what became of each, and running
//! them again.

#[expect(dead_code, reason = "journeys of other kinds use the rest")]
#[path = "support/recordings.rs"]
mod recordings;
#[expect(dead_code, reason = "journeys of other kinds use the rest")]
#[path = "support/server.rs"]
mod server;
#[expect(dead_code, reason = "journeys of other kinds use the rest")]
#[path = "support/world.rs"]
mod world;

use batch_runner::app::batch_history::rerun::RerunWhat;
use batch_runner::app::launch::ledger::Receipts;
use batch_runner::app::progress_tracker::batches::Tracking;
use batch_runner::app::{Effect, Msg, StoreKey};
use batch_runner::domain::batch::{Batch, BatchId};
use batch_runner::domain::causes::{NO_REASON, causes, normalised};
use batch_runner::domain::lead::LeadId;
use batch_runner::domain::live::Frame;
use batch_runner::domain::outcomes::Standing;
use batch_runner::domain::pace::Pace;
use batch_runner::domain::template::TemplateVersion;
use batch_runner::machine::connection::Channel;
use batch_runner::route::View;
use batch_runner::wire::rest::Method::Get;
use batch_runner::wire::rest::{Reply, Request};
use batch_runner::wire::ws::read_frame;
use serde_json::{Value, json};
use server::{Answer, Server};
use world::World;

fn id(id: &str) -> BatchId {
    BatchId(id.into())
}

/// A server with these batches, looked at where they run.
fn following(batches: &[(&str, &str, u32, u32)]) -> World {
    let mut world = World::new();
    world.server.batches = batches
        .iter()
        .map(|(id, status, total, done)| Server::batch(id, status, *total, *done))
        .collect();
    world.stored.insert(StoreKey::Token, "good".into());
    world.open("view=running");
    world.run(1_000);
    world
}

fn tracking<'a>(world: &'a World, batch: &str) -> &'a Tracking {
    world.model.batches.get(&id(batch)).expect("it is followed")
}

fn pace(world: &World, batch: &str) -> Pace {
    tracking(world, batch).pace(world.now)
}

/// The batch of 300 leads goes on from `done`, two leads every 2 s, for so many reports.
fn goes_on(world: &mut World, done: u32, reports: u32) {
    for report in 1..=reports {
        world.run(2_000);
        let done = done + 2 * report;
        world.server.set("a", "running", done);
        let frame = json!({"type": "progress_update", "batch_id": "a", "total": 300, "processed": done,
            "successful": done, "failed": 0});
        world.hear(&Channel::Multiplexed, &frame);
    }
}

/// The true time left lies in the range, in seconds.
fn assert_holds(pace: Pace, truth: i64) {
    let left = pace.left().unwrap_or_else(|| panic!("{pace:?}"));
    let (low, high) = (left.low / 1_000, left.high / 1_000);
    assert!(
        low <= truth && truth <= high,
        "{truth} s is not in {low} to {high}"
    );
    assert!(high - low <= truth * 3 / 4, "{low} to {high} says little");
}

// How long it takes

/// Prevents: a time left after the first report, or never.
#[test]
fn the_time_left_is_told_once_enough_was_seen() {
    let mut world = following(&[("a", "running", 300, 0)]);
    goes_on(&mut world, 0, 3);
    assert_eq!(pace(&world, "a"), Pace::Early);
    goes_on(&mut world, 6, 27);
    assert_holds(pace(&world, "a"), 240);
    let rate = pace(&world, "a").rate().unwrap();
    assert!((0.9..1.1).contains(&rate), "{rate}");
    let series = tracking(&world, "a").series();
    assert_eq!(series.first(), Some(&(0.0, 0)));
    assert!(
        series.len() <= 60 && series.last().unwrap().1 == 60,
        "{series:?}"
    );
}

/// Prevents: after a link is lost the time left runs down to nothing, or a batch of which nobody knows is called stalled.
#[test]
fn without_news_the_range_stays_as_it_was() {
    let mut world = following(&[("a", "running", 300, 0)]);
    goes_on(&mut world, 0, 30);
    let (heard, before) = (world.now, pace(&world, "a").left());
    world.server.always(Get, "/batch", Answer::Lost);
    world.run(200_000);
    let frozen = pace(&world, "a");
    assert!(
        matches!(frozen, Pace::Frozen { as_of, .. } if as_of == heard),
        "{frozen:?}"
    );
    assert_eq!(frozen.left(), before);
    assert_eq!(tracking(&world, "a").stalled_since(world.now), None);
    world.server.mend();
    goes_on(&mut world, 200, 1);
    assert!(matches!(pace(&world, "a"), Pace::Going { .. }));
}

/// Prevents: a batch whose server was killed goes on telling when it will be done.
#[test]
fn a_stalled_batch_has_no_time_left() {
    let mut world = following(&[("a", "running", 300, 0)]);
    goes_on(&mut world, 0, 30);
    let moved = world.now;
    // The server answers, and nothing moves.
    world.run(60_000);
    assert!(pace(&world, "a").left().is_some());
    world.run(65_000);
    assert_eq!(pace(&world, "a"), Pace::Stalled { since: moved });
    goes_on(&mut world, 60, 2);
    assert!(
        pace(&world, "a").left().is_some(),
        "{:?}",
        pace(&world, "a")
    );
}

#[test]
fn a_batch_that_has_ended_has_no_time_left() {
    let mut world = following(&[("a", "running", 300, 0)]);
    goes_on(&mut world, 0, 30);
    world.server.set("a", "completed", 300);
    world.run(40_000);
    assert_eq!(pace(&world, "a"), Pace::Ended);
}

/// Prevents: after a reload what was done before counts as done in the first seconds, and the batch seems to end at once.
#[test]
fn after_a_reload_only_what_is_seen_then_counts() {
    let mut world = following(&[("a", "running", 300, 0)]);
    goes_on(&mut world, 0, 30);
    let mut world = world.reload();
    world.open("view=running");
    world.run(1_000);
    assert_eq!(pace(&world, "a"), Pace::Early);
    goes_on(&mut world, 60, 30);
    assert_holds(pace(&world, "a"), 180);
    assert_eq!(tracking(&world, "a").series().first(), Some(&(0.0, 60)));
}

// Why leads failed

/// Prevents: what the real server says of failures is not understood.
#[test]
fn the_recorded_failures_are_read() {
    let recorded = recordings::all();
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

fn results(told: &[(&str, &str, Option<&str>)]) -> Value {
    let leads: Vec<_> = (told.iter())
        .map(|(lead, status, error)| json!({"lead_id": lead, "status": status, "error_message": error}))
        .collect();
    json!({"leads": leads, "total_count": told.len()})
}

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

fn chosen(world: &World) -> Vec<String> {
    let ids = world.model.choice.selection.ids().into_iter();
    ids.map(|id| id.0.trim_start_matches("lead-00").to_owned())
        .collect()
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

// What became of each lead

fn exported(world: &mut World, form: Receipts) -> String {
    world.tell(Msg::OutcomesAsked(id("a"), form));
    match world.effects.last() {
        Some(Effect::Download { text, .. }) => text.clone(),
        other => panic!("{other:?}"),
    }
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

// Running them again

/// Three leads were bought; the batch runs.
fn bought() -> World {
    let mut world = World::reviewing();
    world.tell(Msg::Approved);
    world.run(1_000);
    world
}

/// Runs what is chosen.
fn buys(world: &mut World) {
    world.run(1_000);
    world.tell(Msg::ReviewAsked);
    world.run(1_000);
    world.tell(Msg::Approved);
    world.run(1_000);
}

fn ends(world: &mut World, batch: &str, told: &[(&str, &str, Option<&str>)]) {
    let count = |status: &str| told.iter().filter(|lead| lead.1 == status).count();
    for known in world
        .server
        .batches
        .iter_mut()
        .filter(|it| it["id"] == batch)
    {
        known["status"] = json!("completed");
        known["processed_leads"] = json!(told.len());
        known["successful_leads"] = json!(count("completed"));
        known["failed_leads"] = json!(count("failed"));
    }
    world.server.results.insert(batch.into(), results(told));
    world.run(40_000);
}

fn attempts(world: &World, batch: &str) -> Vec<String> {
    let batch = id(batch);
    let all = world.model.attempts(&batch).into_iter();
    all.map(|attempt| attempt.batch.0.clone()).collect()
}

/// Prevents: after a rerun nobody can say what has become of a lead in the end.
#[test]
fn attempts_are_linked_and_the_best_outcome_of_each_lead_stands() {
    let mut world = bought();
    ends(
        &mut world,
        "batch-1",
        &[
            ("lead-001", "completed", None),
            ("lead-002", "failed", Some("Timeout")),
            ("lead-003", "failed", Some("Timeout")),
        ],
    );
    world.tell(Msg::RerunAsked(id("batch-1"), RerunWhat::Failed));
    world.run(500);
    assert_eq!(chosen(&world), ["2", "3"]);
    // Narrowed, it still is a rerun.
    world.choose([3], false);
    buys(&mut world);
    assert_eq!(world.ledger()[0].rerun_of, Some(id("batch-1")));
    assert_eq!(world.model.choice.rerun(), None);
    ends(&mut world, "batch-2", &[("lead-002", "completed", None)]);
    for batch in ["batch-1", "batch-2"] {
        assert_eq!(attempts(&world, batch), ["batch-1", "batch-2"]);
    }
    // It is known after a reload, and what came of each attempt is read, also where it takes long to tell whose they are.
    let mut world = world.reload();
    let late = Answer::Late(1_000, Box::new(Answer::Usual));
    world.server.once(Get, "/accounts/me", [late]);
    world.open("view=history&batch=batch-1");
    world.run(3_000);
    assert_eq!(world.requests(Get, "/batch/batch-2/leads").len(), 1);
    let best = world.model.best_outcomes(&id("batch-1"));
    let told: Vec<_> = (best.iter())
        .map(|it| {
            (
                it.outcome.lead.0.as_str(),
                it.outcome.standing,
                it.batch.0.as_str(),
            )
        })
        .collect();
    assert_eq!(
        told,
        [
            ("lead-001", Standing::Completed, "batch-1"),
            ("lead-002", Standing::Completed, "batch-2"),
            ("lead-003", Standing::Failed, "batch-1"),
        ]
    );
}

/// Prevents: a batch with other leads among them is taken for a rerun.
#[test]
fn a_choice_with_other_leads_is_no_rerun() {
    let mut world = bought();
    ends(&mut world, "batch-1", &[("lead-001", "completed", None); 3]);
    world.tell(Msg::RerunAsked(id("batch-1"), RerunWhat::All));
    world.choose([7], true);
    assert_eq!(world.model.choice.rerun(), None);
    buys(&mut world);
    assert_eq!(world.ledger()[0].rerun_of, None);
    assert_eq!(attempts(&world, "batch-1"), ["batch-1"]);
}

/// Prevents: the same leads are bought again without a word about another template, leads that are gone, or the price.
#[test]
fn what_has_changed_since_is_said() {
    let mut world = World::new();
    let template = |version: &str, sha: &str| json!({"name": "audit", "display_name": version, "version": version, "git_sha": sha, "is_active": true});
    world.server.templates = vec![template("1.0.0", "abc")];
    world.stored.insert(StoreKey::Token, "good".into());
    world.open("");
    world.run(1_000);
    world.choose(1..=3, true);
    buys(&mut world);
    assert_eq!(world.model.template_notes(&id("batch-1")), [""; 0]);
    assert_eq!(world.model.rerun_comparison(), None);
    world.server.templates = vec![template("1.0.0", "def"), template("1.1.0", "ghi")];
    world.server.price_each = 0.75;
    world.server.gone = vec!["lead-002".into()];
    world.tell(Msg::TemplatesRetried);
    world.run(500);
    let of_template = [
        "Its template, 1.0.0, was changed since.",
        "Its template is 1.0.0; there is a newer version, 1.1.0.",
    ];
    assert_eq!(world.model.template_notes(&id("batch-1")), of_template);
    world.tell(Msg::RerunAsked(id("batch-1"), RerunWhat::All));
    world.run(1_000);
    let comparison = world.model.rerun_comparison().unwrap();
    assert_eq!(comparison.notes, of_template);
    let told = |world: &World| -> Vec<String> {
        let comparison = world.model.rerun_comparison().unwrap();
        let lines = comparison.lines.iter();
        lines
            .map(|(label, words)| format!("{label}: {words}"))
            .collect()
    };
    assert_eq!(
        told(&world),
        [
            "Leads: all 3",
            "Gone since: 1, cannot be reported on any more",
            "Template: 1.0.0, as then",
            "Price per lead: $0.50 then, $0.75 now (+50\u{a0}%)",
        ]
    );
    // Some of them, with another template, after a reload.
    world.server.gone.clear();
    world.server.price_each = 0.5;
    world.choose([1], false);
    world.tell(Msg::TemplateChosen(TemplateVersion("1.1.0".into())));
    let mut world = world.reload();
    world.open("template=1.1.0");
    world.run(2_000);
    assert_eq!(
        told(&world),
        [
            "Leads: 2 of 3 leads",
            "Template: 1.0.0 then, 1.1.0 now",
            "Price per lead: $0.50, as then",
        ]
    );
    world.server.templates = vec![template("1.1.0", "ghi")];
    world.tell(Msg::TemplatesRetried);
    world.run(1_000);
    assert_eq!(
        world.model.template_notes(&id("batch-1")),
        ["Its template, 1.0.0, is not offered any more."]
    );
}

/// Prevents: a lead whose batch this browser started is left out of the file because the server does not tell of it.
#[test]
fn leads_of_the_plan_are_known_without_the_server() {
    let mut world = bought();
    world.server.set("batch-1", "completed", 2);
    world.run(40_000);
    let outcomes = world.model.outcomes(&id("batch-1"));
    let told: Vec<(&LeadId, Standing)> = (outcomes.iter())
        .map(|outcome| (&outcome.lead, outcome.standing))
        .collect();
    assert_eq!(told.len(), 3);
    assert!(
        told.iter()
            .all(|(_, standing)| *standing == Standing::Unknown),
        "two of three were done, and nobody says which"
    );
}

/// Prevents: what ended while nobody looked is a row of messages that had gone before they could be read.
#[test]
fn what_ends_while_nobody_looks_is_told_by_the_browser_and_summed_up() {
    let mut world = World::signed_in();
    for id in ["a", "b"] {
        world
            .server
            .batches
            .push(Server::batch(id, "running", 4, 1));
    }
    world.run(40_000);
    let icons = |world: &World| -> Vec<Option<u32>> {
        let icon = |effect: &Effect| match effect {
            Effect::SetIcon(percent) => Some(*percent),
            _ => None,
        };
        world.effects.iter().filter_map(icon).collect()
    };
    assert_eq!(icons(&world).last(), Some(&Some(25)));
    let told = world.toasts.len();
    let chimes = |world: &World| {
        let chimes = world.effects.iter().filter(|it| **it == Effect::Chime);
        chimes.count()
    };
    world.tell(Msg::SoundSwitched(true));
    assert_eq!(chimes(&world), 1, "so that a person knows it");
    world.tell(Msg::Visible(false));
    world.server.set("a", "completed", 4);
    world.server.set("b", "completed", 4);
    world.run(70_000);
    assert_eq!(world.toasts.len(), told, "nobody would read them");
    let notices = world
        .effects
        .iter()
        .filter(|effect| matches!(effect, Effect::Notify(_)));
    assert_eq!(notices.count(), 2);
    assert_eq!(chimes(&world), 3);
    assert!(
        world
            .effects
            .contains(&Effect::SetTitle("(2) Batch Runner".into()))
    );
    world.tell(Msg::Visible(true));
    assert!(
        world.was_told("While you were away: Batch "),
        "{:?}",
        world.toasts
    );
    assert_eq!(icons(&world).last(), Some(&None));
    assert!(
        world
            .effects
            .contains(&Effect::SetTitle("Batch Runner".into()))
    );
}

// A reload

/// Prevents: a batch that ends while the page is loaded anew is gone from the list, and nobody is told how it ended.
#[test]
fn what_ends_during_a_reload_is_told_and_what_had_ended_is_still_there() {
    let mut world = following(&[("one", "running", 10, 4), ("two", "running", 10, 4)]);
    world.server.set("two", "completed", 10);
    world.run(40_000);
    assert!(tracking(&world, "two").batch.status.is_terminal());
    let mut world = world.reload();
    world.server.set("one", "completed", 10);
    world.open("view=running");
    world.run(1_000);
    assert_eq!(world.model.places().len(), 2);
    let told = world
        .toasts
        .iter()
        .filter(|words| words.contains("completed"));
    assert_eq!(told.count(), 1, "{:?}", world.toasts);
    // What was put away stays away.
    world.tell(Msg::BatchDismissed(id("one")));
    world.tell(Msg::BatchDismissed(id("two")));
    let mut world = world.reload();
    world.open("view=running");
    world.run(1_000);
    assert_eq!(world.model.places(), Vec::<String>::new());
}

/// Prevents: what somebody else starts moves the card away that somebody is about to press.
#[test]
fn what_others_start_moves_nothing() {
    let mut world = World::signed_in();
    let batch = |id: &str, minute: u32, by: &str| {
        let mut batch = Server::batch(id, "running", 4, 1);
        batch["created_at"] = json!(format!("2026-11-23T12:{minute:02}:00"));
        batch["created_by"] = json!(by);
        batch
    };
    let start = |world: &mut World, id: &str, minute: u32, by: &str| {
        world.server.batches.insert(0, batch(id, minute, by));
        world.tell(Msg::RetryNow);
        world.run(40_000);
        world.model.places()
    };
    start(&mut world, "theirs", 1, "zoe@example");
    start(&mut world, "own", 2, "olive@example");
    assert_eq!(
        start(&mut world, "theirs too", 3, "zoe@example"),
        ["own", "theirs", "theirs too"]
    );
    assert_eq!(
        start(&mut world, "newest", 4, "olive@example"),
        ["newest", "own", "theirs", "theirs too"]
    );
}
